"""The entry point: `streamlit run app.py`. What happens is in components/ and pages/."""

import streamlit as st

from components.middleware import MIDDLEWARE
from components.web import ROUTES, lifespan

app = st.App("components/frame.py", lifespan=lifespan, middleware=MIDDLEWARE, routes=ROUTES)
