"""What a store tells about conversations, and what can be asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground.messages import Role

#: Characters of the first prompt that a summary shows.
PREVIEW_LENGTH = 160


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation or a comparison in a list. Times are seconds since the epoch.

    Attributes:
        updated_at: when the last turn was added.
        preview: the beginning of the first prompt, on one line.
        models: catalog names of the models that were asked, in alphabetical order.
        messages: how many turns there are, on all branches.
        panes: how many panes a comparison has; 0 for a conversation.
    """

    id: str
    title: str
    updated_at: float
    created_at: float = 0.0
    pinned: bool = False
    preview: str = ""
    models: tuple[str, ...] = ()
    messages: int = 0
    panes: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which conversations to find: all conditions together.

    Attributes:
        query: words that a message or title must hold; empty for no search. See
            `playground.store.words` for what is found.
        model: catalog name of a model that was asked.
        since, until: `updated_at` is at or after the first and before the second.
        pinned: only pinned ones.
    """

    query: str = ""
    model: str | None = None
    since: float | None = None
    until: float | None = None
    pinned: bool = False


#: All conversations there are.
ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some text of an excerpt, and whether it is what was searched for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A place where the query was found, as data to draw and never as markup.

    Attributes:
        turn_id: the turn it stands in; None for the title.
    """

    turn_id: str | None
    role: Role | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation that was found, with the newest places; none where nothing was searched."""

    summary: Summary
    excerpts: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, newest first.

    Attributes:
        more: what to pass as `after` to get the next page; None if this is the last.
    """

    hits: tuple[Hit, ...] = ()
    more: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A link by which others can read one branch of a conversation.

    The token in the link is known to whoever made it and is not kept: only its hash is.

    Attributes:
        id: names the link to its owner, and opens nothing.
        leaf: the last turn that the link shows; what is said later is not shared.
        expires_at: when it stops working; None for never.
        token: the secret part of the link; only in the answer to its making.
    """

    id: str
    conversation_id: str
    created_at: float
    leaf: str
    expires_at: float | None = None
    revoked_at: float | None = None
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class StoredPreset:
    """A named set of settings. Times are seconds since the epoch.

    Attributes:
        name: on one line; no other preset of the owner has it, in whatever capitals.
        content: what JSON can hold; the store looks at nothing in it.
    """

    id: str
    name: str
    content: dict[str, Any]
    created_at: float
    updated_at: float


def offset_of(more: str | None) -> int:
    """Return how many hits come before a page that is numbered; 0 for what is malformed."""
    return int(more) if more and more.isascii() and more.isdigit() and len(more) < 10 else 0


def preview_of(prompt: str) -> str:
    """Return the beginning of `prompt` on one line."""
    return " ".join(prompt[: 4 * PREVIEW_LENGTH].split())[:PREVIEW_LENGTH]
