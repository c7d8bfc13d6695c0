"""The embedded demo endpoint: a real chat-completions server whose replies are scripted.

It serves people who have no model yet, and tests: every reply, every ending and every error can be
had on demand. No model runs here, and every reply says so in its metadata.
"""

from __future__ import annotations

from playground.demo.server import DemoServer

__all__ = ["DemoServer"]
