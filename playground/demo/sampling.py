"""What the sampling parameters do to a script, in a way that can be explained in a sentence each."""

from __future__ import annotations

import math
import random

from playground.demo.asked import Sampling
from playground.demo.tokens import split
from playground.events import FinishReason


def pick(wordings: list[str], sampling: Sampling, salt: str) -> str:
    """Return one of `wordings`, which come likeliest first.

    At temperature t the k-th of them (counted from 0) has the weight e^(-k/t); top_p keeps the
    likeliest that together make up that share; the seed, with `salt`, makes the draw repeatable.
    """
    if sampling.temperature == 0 or len(wordings) == 1:
        return wordings[0]
    weights = [math.exp(-k / sampling.temperature) for k in range(len(wordings))]
    weights = _nucleus(weights, sampling.top_p)
    seed = None if sampling.seed is None else f"{sampling.seed}:{salt}"
    draw = random.Random(seed)  # noqa: S311 - a choice of words, and no matter of security
    return draw.choices(wordings[: len(weights)], weights)[0]


def _nucleus(weights: list[float], top_p: float) -> list[float]:
    wanted = top_p * sum(weights)
    kept: list[float] = []
    for weight in weights:
        kept.append(weight)
        if sum(kept) >= wanted:
            break
    return kept


def penalised(text: str, sampling: Sampling, other_subjects: tuple[str, ...]) -> str:
    """Return `text` with the penalties' effect on it.

    A frequency penalty above 0 leaves out lines that were said before; a presence penalty above 0
    adds a sentence on one of `other_subjects`.
    """
    if sampling.frequency_penalty > 0:
        text = _without_repeated_lines(text)
    if sampling.presence_penalty > 0:
        subject = other_subjects[len(text) % len(other_subjects)]
        text = f"{text}\n\nOn another subject: you could ask me “{subject}”"
    return text


def _without_repeated_lines(text: str) -> str:
    kept: list[str] = []
    seen: set[str] = set()
    in_code = False
    for line in text.split("\n"):
        fence = line.lstrip().startswith("```")
        in_code ^= fence
        if in_code or fence or not line.strip() or line not in seen:
            kept.append(line)
            seen.add(line)
    return "\n".join(kept)


def limited(text: str, sampling: Sampling) -> tuple[list[str], FinishReason]:
    """Return the tokens of `text` up to the first stop string or max_tokens, and why it ends."""
    ends = [at for string in sampling.stop if (at := text.find(string)) >= 0]
    tokens = split(text[: min(ends)] if ends else text)
    if sampling.max_tokens is not None and len(tokens) > sampling.max_tokens:
        return tokens[: sampling.max_tokens], FinishReason.LENGTH
    return tokens, FinishReason.STOP
