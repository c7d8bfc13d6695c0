"""Sampling parameters: their ranges, their defaults, and what each of them does.

The defaults are those of the samples in the GitHub Models playground (temperature 1.0, top_p 1.0,
max_tokens 1000); the ranges are those of the chat-completions protocol as `azure-ai-inference`
1.0.0b9 documents them.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

DEFAULT_SYSTEM_MESSAGE = "You are a helpful assistant."

#: The protocol takes at most four stop strings.
MAX_STOP_STRINGS = 4


@dataclass(frozen=True, slots=True)
class Parameters:
    """One setting of the sampler. The defaults are the playground's."""

    temperature: float = 1.0
    max_tokens: int = 1000
    top_p: float = 1.0
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    stop: tuple[str, ...] = ()
    seed: int | None = None

    def changed(self) -> tuple[str, ...]:
        """Return the names of the parameters that differ from their defaults."""
        default = Parameters()
        return tuple(
            f.name for f in fields(self) if getattr(self, f.name) != getattr(default, f.name)
        )

    def problems(self, *, temperature_max: float = 1.0) -> dict[str, str]:
        """Return a sentence for each parameter that cannot be sent, keyed by its name."""
        found: dict[str, str] = {}
        for spec in NUMERIC_PARAMETERS:
            value = getattr(self, spec.name)
            high = temperature_max if spec.name == "temperature" else spec.maximum
            if value is None and spec.optional:
                continue
            if value is None or not spec.minimum <= value <= high:
                found[spec.name] = f"{spec.label} must be from {spec.minimum:.10g} to {high:.10g}."
        if len(self.stop) > MAX_STOP_STRINGS:
            found["stop"] = f"At most {MAX_STOP_STRINGS} stop strings can be sent."
        if any(not text for text in self.stop):
            found["stop"] = "A stop string cannot be empty."
        return found

    def to_wire(self) -> dict[str, Any]:
        """Return the arguments to send: the three main ones always, the others when they are set.

        Servers differ in what they take, so a parameter at its neutral value is left out.
        """
        wire: dict[str, Any] = {
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "top_p": self.top_p,
        }
        if self.presence_penalty:
            wire["presence_penalty"] = self.presence_penalty
        if self.frequency_penalty:
            wire["frequency_penalty"] = self.frequency_penalty
        if self.stop:
            wire["stop"] = list(self.stop)
        if self.seed is not None:
            wire["seed"] = self.seed
        return wire


@dataclass(frozen=True, slots=True)
class NumericParameter:
    """How one numeric parameter is shown and bounded (both bounds are included)."""

    name: str
    label: str
    hint: str
    minimum: float
    maximum: float
    step: float
    optional: bool = False


NUMERIC_PARAMETERS: tuple[NumericParameter, ...] = (
    NumericParameter(
        "temperature",
        "Temperature",
        "How much chance there is in each word. 0 picks the likeliest word every time; "
        "1 follows the model's own odds.",
        0.0,
        1.0,
        0.05,
    ),
    NumericParameter(
        "max_tokens",
        "Max tokens",
        "The longest answer allowed, in tokens (a token is about three quarters of an English "
        "word). A longer answer is cut there, and says so.",
        1,
        4096,
        1,
    ),
    NumericParameter(
        "top_p",
        "Top P",
        "Only the likeliest words that together make up this share of the odds are considered. "
        "Change this or the temperature, seldom both.",
        0.0,
        1.0,
        0.05,
    ),
    NumericParameter(
        "presence_penalty",
        "Presence penalty",
        "Above 0, words that already occurred become less likely, so new topics come up. "
        "Below 0, the answer stays with what it has.",
        -2.0,
        2.0,
        0.1,
    ),
    NumericParameter(
        "frequency_penalty",
        "Frequency penalty",
        "Above 0, a word becomes less likely each time it occurs, so there is less repetition.",
        -2.0,
        2.0,
        0.1,
    ),
    NumericParameter(
        "seed",
        "Seed",
        "The same seed with the same settings gives the same answer, where the server keeps "
        "that promise. Empty: a new draw each time.",
        0,
        2**31 - 1,
        1,
        optional=True,
    ),
)

PARAMETER_NAMES: frozenset[str] = frozenset(f.name for f in fields(Parameters))
