"""The table `error_guide.toml`: from what a server said to what it means and what to do."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground import errors
from playground.connections import Connection, Kind
from playground.errors import ChatError
from playground.kinds import facts

GUIDE_FILE = Path(__file__).with_name("error_guide.toml")

_ERRORS: Mapping[str, type[ChatError]] = {
    name: kind
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, ChatError)
}
_FIELDS = frozenset(
    {
        "name",
        "kinds",
        "status",
        "codes",
        "message",
        "error",
        "key",
        "typed",
        "becomes",
        "happened",
        "advice",
        "guide",
        "source",
    }
)


class GuideError(ValueError):
    """The table contradicts itself; the message names the row."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row, as the head of the file describes it. What is left out is None or empty."""

    name: str
    kinds: frozenset[Kind]
    status: frozenset[int]
    codes: frozenset[str]
    message: re.Pattern[str] | None
    error: frozenset[str]
    key: bool | None
    typed: bool | None
    becomes: type[ChatError] | None
    happened: str
    advice: str
    guide: str
    source: str

    def found(self, case: Case) -> Mapping[str, str] | None:
        """Return what the named groups of `message` found in `case`; None if the row is not for it."""
        fits = (
            (not self.kinds or case.kind in self.kinds)
            and (not self.status or case.status in self.status)
            and (not self.codes or case.code.casefold() in self.codes)
            and (not self.error or case.error in self.error)
            and (self.key is None or self.key is case.has_key)
            and (self.typed is None or self.typed is case.typed)
        )
        if not fits:
            return None
        if self.message is None:
            return {}
        match = self.message.search(case.message)
        return None if match is None else match.groupdict(default="")


@dataclass(frozen=True, slots=True)
class Case:
    """What is looked up: an error, as far as status and code tell what it is.

    Attributes:
        kind: that of the connection; None where it is not known any more.
        error: the name of the error's class.
        message: what the server said, as plain text, or what happened where it said nothing.
        has_key: whether a key or a token goes along.
        typed: whether the connection was typed on the page.
    """

    kind: Kind | None
    error: str
    status: int | None = None
    code: str = ""
    message: str = ""
    has_key: bool = True
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the table says of a case; empty where the error's own words are good enough."""

    becomes: type[ChatError] | None = None
    happened: str = ""
    advice: str = ""
    guide: str = ""


def lesson(case: Case) -> Lesson:
    """Return what the first row that fits says of `case`."""
    row = row_for(case)
    found = None if row is None else row.found(case)
    if row is None or found is None:
        return Lesson()
    return Lesson(row.becomes, _filled(row.happened, found), _filled(row.advice, found), row.guide)


def row_for(case: Case) -> Row | None:
    """Return the first row that fits `case`, or None."""
    return next((row for row in load_guide() if row.found(case) is not None), None)


def taught(error: ChatError, connection: Connection) -> ChatError:
    """Return `error`, which no answer of a server told of, in the words of the table."""
    said = lesson(_case(error, connection))
    error.happened = said.happened or error.happened
    error.advice = said.advice or error.advice
    return error


def guide_section(error: ChatError, connection: Connection | None) -> str:
    """Return the anchor of the section of docs/connections.md that helps; empty if none does.

    It can be asked of an error that was stored, too; `connection` is None if it is gone.
    """
    if connection is not None and connection.scripted:
        return ""
    row = lesson(_case(error, connection))
    return row.guide or (facts(connection.kind).guide if connection else "")


@functools.cache
def load_guide(path: Path = GUIDE_FILE) -> tuple[Row, ...]:
    """Read and check the table. Raises GuideError."""
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["row"]
    return tuple(_row(number, entry) for number, entry in enumerate(rows, 1))


def _case(error: ChatError, connection: Connection | None) -> Case:
    told = (error.name, error.status, error.code or "", error.detail or error.happened)
    if connection is None:
        return Case(None, *told)
    return Case(connection.kind, *told, connection.authenticates, connection.typed)


def _row(number: int, entry: Mapping[str, Any]) -> Row:
    where = f"row {number} ({entry.get('name', 'without a name')})"
    unknown = entry.keys() - _FIELDS
    if unknown:
        raise GuideError(f"{where}: unknown: {', '.join(sorted(unknown))}")
    if not entry.get("name") or not entry.keys() & {"happened", "advice", "becomes"}:
        raise GuideError(f"{where} says nothing")
    pattern = entry.get("message")
    message = re.compile(pattern, re.IGNORECASE) if pattern else None
    known = set(message.groupindex) if message else set()
    sentences = entry.get("happened", ""), entry.get("advice", "")
    wanted = {name for text in sentences for name in re.findall(r"{(\w+)}", text)}
    if wanted - known:
        raise GuideError(f"{where}: its message finds no {', '.join(sorted(wanted - known))}")
    try:
        kinds = frozenset(map(Kind, entry.get("kinds", ())))
        classes = [_ERRORS[name] for name in entry.get("error", ())]
        becomes = _ERRORS[entry["becomes"]] if "becomes" in entry else None
    except (ValueError, KeyError) as error:
        raise GuideError(f"{where}: {error} is unknown") from None
    return Row(
        name=entry["name"],
        kinds=kinds,
        status=frozenset(entry.get("status", ())),
        codes=frozenset(entry.get("codes", ())),
        message=message,
        error=frozenset(kind.__name__ for kind in classes),
        key=entry.get("key"),
        typed=entry.get("typed"),
        becomes=becomes,
        happened=sentences[0],
        advice=sentences[1],
        guide=entry.get("guide", ""),
        source=entry.get("source", ""),
    )


def _filled(text: str, found: Mapping[str, str]) -> str:
    for name, value in found.items():
        text = text.replace(f"{{{name}}}", value)
    return text
