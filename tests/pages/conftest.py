"""A fresh app in this process for each test."""

from tests.support.parts import configure, parts, strangers, tab, unwatched

__all__ = ["configure", "parts", "strangers", "tab", "unwatched"]
