"""Where the models are served."""

import streamlit as st

from components.connection_list import connection_list

st.title("Connections", anchor=False)
connection_list()
