"""Where the models are served."""

from components.connections_page import connections_page

connections_page()
