"""Chat with one model."""

from components.chat_page import chat_page

chat_page()
