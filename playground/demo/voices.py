"""How the six models differ in the demo: in length and in pace."""

from __future__ import annotations

from dataclasses import dataclass

from playground.catalog import Model
from playground.demo.answers import Tempo


@dataclass(frozen=True, slots=True)
class Voice:
    """How a model's replies sound.

    Attributes:
        breath: how many of a draft's additions it makes.
    """

    breath: int
    tempo: Tempo


MINI = Voice(0, Tempo(first_token=0.15, rate=60))
SMALL = Voice(1, Tempo(first_token=0.3, rate=40))
MEDIUM = Voice(2, Tempo(first_token=0.5, rate=25))


def voice_of(model: Model) -> Voice:
    """Return the voice of `model`: the larger, the slower and the more to say."""
    if model.parameters_billions < 5:
        return MINI
    return SMALL if model.parameters_billions < 10 else MEDIUM
