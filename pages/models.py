"""The six models, as published."""

import streamlit as st

from components.model_table import model_table

st.title("The six Phi-3 models", anchor=False)
model_table()
