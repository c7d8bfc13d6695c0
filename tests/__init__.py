"""The tests: they mirror the source, and each says what it proves."""
