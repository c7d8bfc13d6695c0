"""The core, one piece at a time."""
