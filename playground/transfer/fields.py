"""Checks of plain data, put together like the data itself.

A check takes a value and returns it, or raises Wrong, to which each list and object on the way out
adds where it stood.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from playground.markdown.characters import make_visible
from playground.store.columns import storable

Check = Callable[[Any], Any]

#: What a 64-bit database can hold.
MAX_COUNT = 2**63 - 1
#: The end of the year 9999, in seconds since the epoch.
MAX_TIME = 253_402_300_799.0

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SHOWN = 60


class Wrong(Exception):
    """A value is not what it should be.

    Attributes:
        what: what it should be, after "is not".
        place: where it stands, outermost last.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self.place: list[str] = []
        super().__init__(what)

    def within(self, place: str) -> Wrong:
        """Add what it stands in."""
        self.place.append(place)
        return self

    def sentence(self) -> str:
        """Say where the value is and what it is not."""
        where = "".join(reversed(self.place)).lstrip(".") or "what it holds"
        return f"In this file, {where} is not {self.what}."


def text(value: Any) -> Any:
    """Check for text; what no database can hold becomes U+FFFD."""
    if not isinstance(value, str):
        raise Wrong("text")
    return storable(value)


def identifier(value: Any) -> Any:
    """Check for an id: 1 to 64 letters, digits, `_` and `-`."""
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise Wrong("an id")
    return value


def truth(value: Any) -> Any:
    """Check for true or false."""
    if not isinstance(value, bool):
        raise Wrong("true or false")
    return value


def whole(low: int, high: int = MAX_COUNT) -> Check:
    """Return a check for a whole number, bounds included."""

    def check(value: Any) -> Any:
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise Wrong(f"a whole number from {low} to {high}")
        return value

    return check


def number(low: float, high: float) -> Check:
    """Return a check for a finite number, bounds included."""

    def check(value: Any) -> Any:
        if not is_number(value) or not low <= value <= high:
            raise Wrong(f"a number from {low:.15g} to {high:.15g}")
        return value

    return check


def one_of(names: type[StrEnum], *but: StrEnum) -> Check:
    """Return a check for a name of the enumeration."""
    allowed = {str(name) for name in names if name not in but}

    def check(value: Any) -> Any:
        if not isinstance(value, str) or value not in allowed:
            raise Wrong("one of " + ", ".join(sorted(allowed)))
        return value

    return check


def each(inner: Check) -> Check:
    """Return a check for a list of what `inner` checks for."""

    def check(value: Any) -> Any:
        if not isinstance(value, list):
            raise Wrong("a list")
        checked = []
        for place, item in enumerate(value):
            try:
                checked.append(inner(item))
            except Wrong as wrong:
                raise wrong.within(f"[{place}]") from None
        return checked

    return check


def table(checks: Mapping[str, Check], may: Mapping[str, Check] | None = None) -> Check:
    """Return a check for an object with the fields in `checks`, and perhaps those in `may`.

    What it returns has them all: None for those that are not there.
    """
    optional = may or {}
    known = checks.keys() | optional.keys()

    def check(value: Any) -> Any:
        if not isinstance(value, dict):
            raise Wrong("an object")
        missing = checks.keys() - value.keys()
        if missing:
            raise Wrong("there").within(f".{min(missing)}")
        if not value.keys() <= known:
            unknown = min(value.keys() - known)
            shown = make_visible(storable(unknown)[:_SHOWN])
            raise Wrong("a field of this version of the format").within(f".{shown}")
        checked: dict[str, Any] = dict.fromkeys(optional)
        for name, item in value.items():
            inner = checks.get(name) or optional[name]
            try:
                checked[name] = inner(item)
            except Wrong as wrong:
                raise wrong.within(f".{name}") from None
        return checked

    return check


def is_number(value: Any) -> bool:
    """Whether `value` is a finite number."""
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) and not isinstance(value, bool)
