"""What a script has to say about a topic, and how it finds out that it was asked."""

from __future__ import annotations

import functools
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
        question: the last prompt, or the part of it that is looked at.
        plain: the same in plain lower-case words, see `plain_words`.
        last: the same of its last paragraph.
    """

    asked: Asked
    question: str
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


def views(asked: Asked) -> tuple[Said, ...]:
    """Return the views of `asked` that the topics look at, one after the other."""
    prompt = asked.prompt.strip()
    views = [prompt]
    if not asked.model.takes_system_message and len(asked.prompts) == 1:
        # Above the first prompt may stand a system message, which is no question.
        views.insert(0, _last_paragraph(prompt))
    return tuple(map(functools.partial(_view, asked), dict.fromkeys(views)))


def _view(asked: Asked, question: str) -> Said:
    shown = question
    if len(question) > 2 * _END:
        shown = f"{question[:_END]}\n\n{question[-_END:]}"
    return Said(asked, question, plain_words(shown), plain_words(_last_paragraph(shown)))


def _last_paragraph(text: str) -> str:
    return text.rpartition("\n\n")[2]


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
