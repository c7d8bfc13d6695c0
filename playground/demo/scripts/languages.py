"""Hello in other languages."""

from __future__ import annotations

import re

from playground.demo.scripts.topic import Draft, Said, Topic, plain_words
from playground.demo.texts import table

HELLO = table("hello")

_BY_PLAIN_NAME = {plain_words(name): name for name in HELLO}
_LANGUAGE = re.compile(rf"\b(?:in|into|to) ({'|'.join(_BY_PLAIN_NAME)})\b")
_GREETING = re.compile(r"\b(hello|hi|hallo|greet\w*|good (?:morning|day))\b")


def _hello(said: Said) -> Draft | None:
    found = _LANGUAGE.search(said.plain)
    if not found or not _GREETING.search(said.plain):
        return None
    language = _BY_PLAIN_NAME[found[1]]
    word = HELLO[language]
    return Draft(
        (
            f"In {language}: **{word}**.",
            f"**{word}**, that is hello in {language}.",
            f"A friendly **{word}**, as one says in {language}.",
        ),
        (
            (
                f"The script can greet you in {len(HELLO)} languages; most of them need no more than "
                "one word for it."
            ),
            (
                "Phi-3 was trained on English first. For other languages, small is the best of the "
                "six by its card."
            ),
        ),
    )


TOPICS = (Topic("Say hello in German.", _hello),)
