"""The endpoint, with the real SDK, over sockets."""
