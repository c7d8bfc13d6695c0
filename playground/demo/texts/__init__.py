"""Longer texts of the demo: Markdown, where a line of `=====` parts a file in pieces, and tables."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path

_FOLDER = Path(__file__).parent
_BETWEEN = "\n=====\n"


@functools.cache
def pieces(name: str) -> tuple[str, ...]:
    """Return the pieces of the text `name`, without the blank lines around them."""
    whole = (_FOLDER / f"{name}.md").read_text(encoding="utf-8")
    return tuple(piece.strip("\n") for piece in whole.split(_BETWEEN))


def text(name: str) -> str:
    """Return the text `name`, which is in one piece."""
    (only,) = pieces(name)
    return only


@functools.cache
def table(name: str) -> dict[str, str]:
    """Return the table of strings in `name`.toml."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
