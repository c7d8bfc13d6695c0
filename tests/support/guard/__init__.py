"""Keeps every test, and every Python that a test starts, on this machine."""
