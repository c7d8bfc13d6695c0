"""Tests of the demo endpoint's parts, without a server."""
