"""Compare: one prompt, several models side by side."""

from components.compare_page import compare_page

compare_page()
