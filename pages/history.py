"""Earlier conversations."""

from components.history_page import history_page

history_page()
