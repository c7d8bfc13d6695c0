"""A conversation that somebody shared."""

from components.shared_page import shared_page

shared_page()
