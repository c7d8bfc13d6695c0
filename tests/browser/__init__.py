"""The app as a user starts it, in a real Chromium."""
