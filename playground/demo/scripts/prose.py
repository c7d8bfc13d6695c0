"""Texts to read: a story, a haiku, a song, a summary."""

from __future__ import annotations

import re

from playground.demo.scripts.topic import Draft, Said, Topic, asks
from playground.demo.texts import pieces, text


def _story() -> Draft:
    chapters = pieces("story")
    beginning = "\n\n".join(chapters[:3])
    return Draft(
        (
            beginning,
            f"Make yourself comfortable.\n\n{beginning}",
            f"This one is best read by candlelight.\n\n{beginning}",
        ),
        (chapters[3], "\n\n".join(chapters[4:])),
    )


def _haiku() -> Draft:
    return Draft(pieces("haiku"))


def _song() -> Draft:
    song = text("song")
    return Draft((song, f"Clear your throat, please.\n\n{song}"))


def _summary(said: Said) -> Draft | None:
    if not re.search(r"\b(summar(y|i[sz]e)|tl ?dr|zusammenfass\w*|fass\w*)\b", said.plain):
        return None
    given = re.split(r"[:\n]", said.question, maxsplit=1)[1:]
    words = len(given[0].split()) if given else 0
    if words:
        sentences = max(1, len(re.findall(r"[.!?]+(?:\s|$)", given[0])))
        return Draft(
            (
                (
                    f"I can count your text, but not understand it: it has **{words:,} words** in "
                    f"about {sentences:,} sentence{'' if sentences == 1 else 's'}. For a summary you "
                    "need a model, and this is a script."
                ),
                (
                    f"That makes **{words:,} words** in about {sentences:,} "
                    f"sentence{'' if sentences == 1 else 's'}, and that is all a script can say of "
                    "it. A model would know what they mean."
                ),
            )
        )
    return Draft(
        (
            (
                "This playground in three lines:\n\n"
                "- You chat with Microsoft's six Phi-3 models, wherever they are served.\n"
                "- You see how fast they answer, how they ended, and what went wrong if it did.\n"
                "- Until you connect one, this script answers, and it never claims to be a model."
            ),
            (
                "In one breath: six small models, one page to try them, and a script that stands in "
                "until you have connected one."
            ),
        )
    )


TOPICS = (
    Topic("Tell me a long story.", asks(r"\b(story|tale|geschichte|marchen)\b", _story)),
    Topic("Write a haiku.", asks(r"\b(haiku|poem|gedicht)\b", _haiku)),
    Topic("Sing me a song.", asks(r"\b(sing|song|lied)\b", _song)),
    Topic("", _summary),
)
