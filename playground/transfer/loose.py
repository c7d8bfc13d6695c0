"""Reading of data whose form nobody promises: what has the wrong type counts as not there."""

from __future__ import annotations

import time
from typing import Any

from playground.conversation import Conversation
from playground.store.columns import storable
from playground.transfer.fields import MAX_COUNT, MAX_TIME, is_number
from playground.transfer.result import Note, Notes

#: Characters of a title or of a model's name.
MAX_NAME = 200

# A time in seconds that is over this is one in milliseconds: as seconds, it would be the year 5138.
_MILLISECONDS = 100_000_000_000


def dict_of(value: Any) -> dict[str, Any]:
    """Return the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """Return the list, or an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """Return the text as a database can hold it, or nothing."""
    return storable(value) if isinstance(value, str) else ""


def name_of(*values: Any) -> str:
    """Return the first of the values that is a text with something in it, on one short line."""
    for value in values:
        name = " ".join(text_of(value)[: 4 * MAX_NAME].split())[:MAX_NAME].strip()
        if name:
            return name
    return ""


def count_of(value: Any) -> int | None:
    """Return the count, or None."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return value if whole and 0 <= value <= MAX_COUNT else None


def time_of(value: Any) -> float | None:
    """Return the time in seconds since the epoch, or None; milliseconds are understood."""
    if not is_number(value) or not value > 0:
        return None
    seconds = value / 1000 if value > _MILLISECONDS and value < MAX_TIME * 1000 else value
    return float(seconds) if seconds <= MAX_TIME else None


def empty_conversation(
    title: str, created: Any, updated: Any, notes: Notes, *, pinned: bool = False
) -> Conversation:
    """Return a conversation under a new id with these facts about it, and no turns yet."""
    created_at, updated_at = time_of(created), time_of(updated)
    if created_at is None:
        notes.note(Note.DATES)
        created_at = updated_at or time.time()
    return Conversation(
        title=title,
        title_edited=bool(title),
        pinned=pinned,
        created_at=created_at,
        updated_at=updated_at or created_at,
    )
