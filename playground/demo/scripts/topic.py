"""What a script has to say about a topic, and how it finds out that it was asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from playground.demo.asked import Asked

#: Of a long prompt only the two ends are matched: what is pasted between is not a question.
_END = 300


@dataclass(frozen=True, slots=True)
class Draft:
    """What can be said.

    Attributes:
        wordings: the same said in several ways, the likeliest first.
        more: what longer-winded models add, in this order.
        joint: what stands between the parts.
    """

    wordings: tuple[str, ...]
    more: tuple[str, ...] = ()
    joint: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Said:
    """A request as the scripts see it.

    Attributes:
        plain: the last prompt in plain lower-case words, see `plain_words`.
        last: the same of its last paragraph: before it may stand a system message.
    """

    asked: Asked
    plain: str
    last: str


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing the demo can talk about.

    Attributes:
        example: a prompt that leads to it, to be shown to people; empty to show none.
        draft: returns what to say, or None where the topic was not asked for.
    """

    example: str
    draft: Callable[[Said], Draft | None]


def said(asked: Asked) -> Said:
    """Return the view of `asked` that the topics look at."""
    prompt = asked.prompt.strip()
    if len(prompt) > 2 * _END:
        prompt = f"{prompt[:_END]}\n\n{prompt[-_END:]}"
    return Said(asked, plain_words(prompt), plain_words(prompt.rpartition("\n\n")[2]))


def plain_words(text: str) -> str:
    """Return the words of `text` in lower case, without accents, parted by single spaces."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c))
    return " ".join(bare.replace("_", " ").split())


def asks(
    pattern: str, draft: Draft | Callable[[], Draft], *, whole: bool = False
) -> Callable[[Said], Draft | None]:
    """Return a topic's function that gives `draft` where the plain prompt matches `pattern`.

    With `whole`, the last paragraph must match from its first word to its last.
    """
    compiled = re.compile(pattern)

    def look(said: Said) -> Draft | None:
        found = compiled.fullmatch(said.last) if whole else compiled.search(said.plain)
        if not found:
            return None
        return draft if isinstance(draft, Draft) else draft()

    return look
