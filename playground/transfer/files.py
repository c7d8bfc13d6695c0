"""Files to download: their names, and their contents in each format."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from playground.conversation import Conversation
from playground.store.columns import storable
from playground.transfer.archive import written_archive
from playground.transfer.facts import datetime_of
from playground.transfer.html_export import html_document
from playground.transfer.json_export import json_parts
from playground.transfer.limits import MAX_FILE
from playground.transfer.markdown_export import markdown_document

#: Characters of a title in a file's name, and bytes of them: some systems count these.
_NAME_CHARACTERS = 60
_NAME_BYTES = 150

# What one of the three systems does not take in a name.
_FORBIDDEN = frozenset('<>:"/\\|?*')
# Controls, directions and joiners, halves of pairs, private use.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_SPACES = frozenset({"Zs", "Zl", "Zp"})


class Format(StrEnum):
    """What a conversation can be exported as; the value is the file's ending."""

    JSON = "json"
    MARKDOWN = "md"
    HTML = "html"


_TYPES = {
    Format.JSON: "application/json",
    Format.MARKDOWN: "text/markdown",
    Format.HTML: "text/html",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file to download."""

    name: str
    media_type: str
    data: bytes


def export(
    conversations: Iterable[Conversation],
    form: Format,
    *,
    at: float,
    zone: dt.tzinfo = dt.UTC,
) -> File:
    """Return conversations as one file.

    As JSON all are one document, packed in an archive if it is large, in several parts if need be,
    so that it can be imported again. As Markdown or HTML one is a document, and several are an
    archive with a document each.

    Args:
        conversations: one or many; they are asked for one at a time.
        form: the format.
        at: the time of the export, in seconds since the epoch.
        zone: the time zone in which times are written.
    """
    made = documents(conversations, form, at=at, zone=zone)
    if len(made) == 1 and (form is not Format.JSON or len(made[0].data) <= MAX_FILE):
        return made[0]
    name = file_name("Phi-3 playground conversations", at, zone)
    packed = written_archive((file.name, file.data) for file in made)
    return File(f"{name}.zip", "application/zip", packed)


def documents(
    conversations: Iterable[Conversation], form: Format, *, at: float, zone: dt.tzinfo = dt.UTC
) -> list[File]:
    """Return conversations as files that are not packed, no two of one name; see `export`."""
    if form is Format.JSON:
        return _as_json(list(conversations), at, zone)
    document: Callable[..., bytes] = markdown_document if form is Format.MARKDOWN else html_document
    made: list[File] = []
    taken: Counter[str] = Counter()
    for conversation in conversations:
        name = free_name(file_name(conversation.title, conversation.created_at, zone), taken)
        data = document(conversation, at=at, zone=zone)
        made.append(File(f"{name}.{form}", _TYPES[form], data))
    return made


def file_name(title: str, at: float, zone: dt.tzinfo = dt.UTC) -> str:
    """Return a name (without an ending) that Linux, macOS and Windows take: "2026-11-24 Title".

    The date at its beginning keeps it from being a name that Windows reserves, a hidden file or an
    option of a program.
    """
    kept = []
    for character in unicodedata.normalize("NFC", storable(title)):
        category = unicodedata.category(character)
        if character in _FORBIDDEN or category in _SPACES or character in "\t\r\n":
            kept.append(" ")
        elif category not in _UNSEEN:
            kept.append(character)
    words = " ".join("".join(kept).split())[:_NAME_CHARACTERS]
    words = words.encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .")
    when = datetime_of(at, zone)
    date = f"{when:%Y-%m-%d}" if when is not None else "undated"
    return f"{date} {words or 'Conversation'}"


def _as_json(conversations: list[Conversation], at: float, zone: dt.tzinfo) -> list[File]:
    parts = list(json_parts(conversations))
    if len(conversations) == 1:
        only = conversations[0]
        name = file_name(only.title, only.created_at, zone)
    else:
        name = file_name("Phi-3 playground conversations", at, zone)
    names = [name]
    if len(parts) > 1:
        names = [f"conversations-{n:03}" for n in range(1, len(parts) + 1)]
    return [
        File(f"{name}.{Format.JSON}", _TYPES[Format.JSON], part)
        for name, part in zip(names, parts, strict=True)
    ]


def free_name(name: str, taken: Counter[str]) -> str:
    """Return the name, numbered where one is taken that some system takes for the same."""
    free = name
    while free.casefold() in taken:
        taken[name.casefold()] += 1
        free = f"{name} ({taken[name.casefold()]})"
    taken[free.casefold()] = 1
    return free
