"""Which sampling parameters a server takes: all at once, and one by one if it refuses."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from playground.checkup_steps import Mark, Step, StepResult, failed
from playground.errors import ChatError
from playground.parameters import PARAMETER_NAMES, Parameters

#: Settings that differ from each default by as little as matters, for an answer of one token.
_EACH = {
    "temperature": Parameters(max_tokens=1, temperature=0.9),
    "max_tokens": Parameters(max_tokens=1),
    "top_p": Parameters(max_tokens=1, top_p=0.9),
    "presence_penalty": Parameters(max_tokens=1, presence_penalty=0.1),
    "frequency_penalty": Parameters(max_tokens=1, frequency_penalty=0.1),
    "stop": Parameters(max_tokens=1, stop=("###",)),
    "seed": Parameters(max_tokens=1, seed=7),
}
_ALL = replace(
    Parameters(),
    **{name: getattr(setting, name) for name, setting in _EACH.items()},
)


def parameters_taken(takes: Callable[[Parameters], ChatError | None]) -> StepResult:
    """Return which parameters a server takes.

    Args:
        takes: asks for one token with these parameters; returns the refusal, or None if there was
            none, and raises ChatError for what has nothing to do with them.
    """
    started = time.perf_counter()
    refused: dict[str, ChatError] = {}
    try:
        if takes(_ALL) is not None:
            told = {name: takes(setting) for name, setting in _EACH.items()}
            refused = {name: error for name, error in told.items() if error is not None}
    except ChatError as error:
        return failed(Step.PARAMETERS, error, (time.perf_counter() - started) * 1000)
    took = (time.perf_counter() - started) * 1000
    taken = PARAMETER_NAMES - refused.keys()
    if not refused:
        said = "Each of them is taken. Whether it has an effect is up to the server."
        return StepResult(Step.PARAMETERS, Mark.OK, took, said, taken=taken)
    good = ", ".join(f'"{name}"' for name in _EACH if name in taken)
    return StepResult(
        Step.PARAMETERS,
        Mark.FAILED,
        took,
        f"Refused: {', '.join(refused)}.",
        f"Write parameters = [{good}] for this connection, and the others are not sent.",
        next(iter(refused.values())),
        taken=taken,
    )
