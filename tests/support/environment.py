"""The environment in which tests, and the processes that they start, run."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUARD = Path(__file__).resolve().parent / "guard"
GUARD_REPORT = "NETWORK_GUARD_REPORT"

_PREFIXES = ("AZURE_", "GITHUB_", "PLAYGROUND_", "STREAMLIT_")
_SUFFIXES = ("_PROXY",)


def is_settings_variable(name: str) -> bool:
    """Whether the environment variable `name` could change what the app does."""
    upper = name.upper()
    return upper.startswith(_PREFIXES) or upper.endswith(_SUFFIXES)


def isolate(home: Path, report: Path) -> None:
    """Give this process, and all it starts, a fresh home, no settings and the network guard."""
    for name in filter(is_settings_variable, list(os.environ)):
        del os.environ[name]
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(home)
    os.environ[GUARD_REPORT] = str(report)
    paths = [str(GUARD), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
