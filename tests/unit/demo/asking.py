"""Asks the demo without HTTP, and reads what it would play."""

from __future__ import annotations

import json
from typing import Any

from playground.demo.answers import Answer, Finish, Say, Script
from playground.demo.asked import Asked, read_asked
from playground.demo.director import Director
from playground.events import FinishReason

#: Part of the reply to what the script knows nothing about.
FALLBACK = "None is connected yet: this reply is scripted"

MINI = "Phi-3-mini-4k-instruct"
SMALL = "Phi-3-small-8k-instruct"
MEDIUM = "Phi-3-medium-4k-instruct"


def asked(*turns: str, model: str = MINI, system: str = "", **body: Any) -> Asked:
    """Return the request with these turns, the user's and the assistant's by turns."""
    messages = [{"role": "system", "content": system}] if system else []
    roles = ("user", "assistant")
    messages += [{"role": roles[i % 2], "content": turn} for i, turn in enumerate(turns)]
    whole = {"model": model, "messages": messages, "temperature": 0, **body}
    return read_asked(json.dumps(whole).encode())


def answer(*turns: str, **options: Any) -> Answer:
    """Return the answer of a demo that was just started."""
    return Director().answer(asked(*turns, **options))


def text_of(given: Answer) -> str:
    """Return all that a script says."""
    assert isinstance(given, Script), given
    return "".join("".join(step.tokens) for step in given.steps if isinstance(step, Say))


def reply(*turns: str, **options: Any) -> str:
    """Return the text of the reply to `turns`; at temperature 0, so always the same."""
    return text_of(answer(*turns, **options))


def finish_of(given: Answer) -> FinishReason | None:
    """Return why a script ends; None if it does not say so."""
    assert isinstance(given, Script), given
    return next((step.reason for step in given.steps if isinstance(step, Finish)), None)


def scenario(name: str) -> Script:
    """Return the script of a scenario that has one."""
    given = answer(f"/scenario {name}")
    assert isinstance(given, Script)
    return given
