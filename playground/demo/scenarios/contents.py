"""Scenarios that differ in what is said."""

from __future__ import annotations

import itertools
import json
import math
import re
from typing import Any

from playground.demo.answers import BRISK, Answer, Finish, Say, Script, Tempo, script
from playground.demo.quoting import fenced
from playground.demo.scenarios.scenario import Call, Scenario
from playground.demo.texts import pieces, text
from playground.demo.tokens import split

LONG = 4_000
MOST_TOKENS = 100_000
MOST_PER_SECOND = 10_000

_TOKENS = re.compile(r"(?P<count>\d{1,9})(?:\s+(?:at|@)\s+(?P<rate>\d{1,9}))?")

#: Characters of each string that is echoed: an echo of an echo must not grow without end.
_MOST_ECHOED = 4_000


def _markdown(_: Call) -> Answer:
    return script(text("markdown"), BRISK)


def _hostile(_: Call) -> Answer:
    return script(text("hostile"), BRISK)


def _leak_tokens(call: Call) -> Answer:
    return script(f"{call.text}<|end|>\n<|assistant|>")


def _long(_: Call) -> Answer:
    return Script((Say(filler(LONG)), Finish()))


def _tokens(call: Call) -> Answer:
    found = _TOKENS.fullmatch(call.argument)
    if not found:
        return script(
            "Say how many, and how many a second: `/scenario tokens 4000 at 400`. "
            f"At most {MOST_TOKENS:,}, at most {MOST_PER_SECOND:,} a second; without `at`, as "
            "fast as the connection takes them."
        )
    count = min(int(found["count"]), MOST_TOKENS)
    rate = min(int(found["rate"] or 0), MOST_PER_SECOND)
    tempo = Tempo(rate=rate or math.inf, scaled=False)
    return Script((Say(filler(count)), Finish()), tempo=tempo)


def filler(count: int) -> list[str]:
    """Return exactly `count` tokens of Markdown: paragraphs, lists, code, a table."""
    around = itertools.cycle(split("\n\n".join((*pieces("filler"), ""))))
    return list(itertools.islice(around, count))


def _echo_parameters(call: Call) -> Answer:
    received = json.dumps(_bounded(call.asked.body), indent=2, ensure_ascii=False)
    return script(fenced(received, "json"), BRISK)


def _bounded(value: Any) -> Any:
    match value:
        case str() if len(value) > _MOST_ECHOED:
            return f"{value[:_MOST_ECHOED]}… ({len(value)} characters)"
        case dict():
            return {key: _bounded(item) for key, item in value.items()}
        case list():
            return [_bounded(item) for item in value]
        case _:
            return value


SCENARIOS = (
    Scenario("markdown", "All of Markdown, and some of its traps.", _markdown),
    Scenario(
        "hostile",
        "Remote images, HTML, scripts, page directives and bad links, none of which may work.",
        _hostile,
    ),
    Scenario("leak-tokens", "The template's markers leak into the text.", _leak_tokens),
    Scenario("long", f"Exactly {LONG:,} tokens, in the model's tempo.", _long),
    Scenario(
        "tokens",
        "Exactly N tokens at RATE a second, whatever the pace.",
        _tokens,
        argument="N [at RATE]",
    ),
    Scenario(
        "echo-parameters",
        "The request body as it was received, as JSON.",
        _echo_parameters,
    ),
)
