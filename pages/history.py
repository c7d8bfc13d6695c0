"""Earlier conversations."""

import streamlit as st

from components.recent import recent_list

st.title("History", anchor=False)
recent_list()
