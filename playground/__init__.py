"""The core of the Phi-3 playground: models, requests, replies and where they come from.

Nothing in this package imports Streamlit, so all of it can be used and tested without a browser.
"""

__version__ = "0.1.0"
