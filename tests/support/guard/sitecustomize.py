"""Python imports this at its start where its folder is on PYTHONPATH: it guards the child.

Attempts are told on stderr, and in the file that NETWORK_GUARD_REPORT names, where the test that
started the child looks for them.
"""

from __future__ import annotations

import importlib
import os
import sys


def _report(message: str) -> None:
    sys.stderr.write(message + "\n")
    if path := os.environ.get("NETWORK_GUARD_REPORT"):
        with open(path, "a", encoding="utf-8") as file:  # noqa: PTH123 - imports nothing slow
            file.write(f"{message}; in the process {' '.join(sys.orig_argv)}\n")


importlib.import_module("network_guard").install(_report)
