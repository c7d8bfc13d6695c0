"""What a scenario is, and how one is called for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playground.demo.answers import Answer, Say
from playground.demo.asked import Asked
from playground.demo.texts import text
from playground.demo.tokens import split

#: A prompt that is this line, or ends with it (before it may stand a system message).
_CALL = re.compile(r"/scenario(?:[ \t]+(?P<name>\S+)(?:[ \t]+(?P<argument>.*))?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """An answer that can be had by name.

    Attributes:
        summary: what happens, in one sentence for people.
        run: makes the answer.
        failures: how often the same request is answered so before it gets an ordinary reply;
            None for always.
        argument: what may follow the name, as shown to people.
    """

    name: str
    summary: str
    run: Callable[[Call], Answer]
    failures: int | None = None
    argument: str = ""

    @property
    def usage(self) -> str:
        """The name and what may follow it."""
        return f"{self.name} {self.argument}".strip()


@dataclass(frozen=True, slots=True)
class Call:
    """A scenario as it was called for."""

    scenario: Scenario
    asked: Asked
    argument: str = ""

    @property
    def text(self) -> str:
        """A text of two paragraphs, after a sentence that names the scenario."""
        return (
            f"This is scenario `{self.scenario.name}`. {self.scenario.summary}\n\n{text('sample')}"
        )

    def halves(self) -> tuple[Say, Say]:
        """Return the text in two halves: for what happens in mid-answer."""
        tokens = split(self.text)
        half = len(tokens) // 2
        return Say(tokens[:half]), Say(tokens[half:])


def called_for(prompt: str) -> tuple[str, str] | None:
    """Return the name and the argument if `prompt` calls for a scenario, else None.

    The name is empty where only the list of scenarios was called for.
    """
    lines = prompt.strip().splitlines()
    found = _CALL.fullmatch(lines[-1].strip()) if lines else None
    if found is None:
        return None
    return (found["name"] or "").lower(), (found["argument"] or "").strip()
