"""How fast a reply reaches the screen: the raw SDK, `st.write_stream` and this app, side by side."""
