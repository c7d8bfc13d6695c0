"""The six models, as published."""

import streamlit as st

from components.model_table import model_table
from components.texts import _

st.title(_("The six Phi-3 models"), anchor=False)
model_table()
