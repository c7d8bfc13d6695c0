"""A link that opens the page as it stands here: model, parameters, system message, prompt.

Never a key, a connection or an endpoint: a link may come from anybody, so it can choose only among
what the playground offers anyway, and opening it sends nothing. What is wrong in it is left out,
with a sentence for each; nothing in it can fail.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

from playground.catalog import load_catalog
from playground.parameters import (
    DEFAULT_SYSTEM_MESSAGE,
    MAX_STOP_STRINGS,
    NUMERIC_PARAMETERS,
    NumericParameter,
    Parameters,
)
from playground.plain_text import is_honest
from playground.presets import MAX_STOP, MAX_TEMPERATURE

#: Characters of a whole URL that every browser and proxy passes on.
MAX_URL = 4_000

MODEL, SYSTEM, PROMPT = "m", "sys", "q"
#: What each parameter is called in a link. `c` (conversation) and `t` (share) have other meanings.
KEYS = {
    "temperature": "temp",
    "max_tokens": "max",
    "top_p": "top",
    "presence_penalty": "pres",
    "frequency_penalty": "freq",
    "seed": "seed",
    "stop": "stop",
}

_WHOLE = re.compile(r"-?[0-9]{1,12}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,20})?(e-[0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class Setup:
    """What a link sets.

    Attributes:
        model: a name of the catalog, or None if the link names none.
        problems: a sentence for each thing in the link that was left out.
    """

    model: str | None = None
    parameters: Parameters = field(default_factory=Parameters)
    system_message: str = DEFAULT_SYSTEM_MESSAGE
    prompt: str = ""
    problems: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether it sets nothing, so that the page should stay as it is."""
        return self == Setup(problems=self.problems)


@dataclass(frozen=True, slots=True)
class Link:
    """A query string without the `?`, and a sentence for each thing that is not in it."""

    query: str
    problems: tuple[str, ...] = ()


def setup_link(setup: Setup, base_length: int = 0) -> Link:
    """Return the query that `read_setup` reads as `setup`.

    Args:
        setup: what the page is set to; its problems are not part of the link.
        base_length: characters of the address in front of the query, its `?` included. The whole
            is kept within 4,000: by leaving out the prompt where that is enough, else the longest.
    """
    values, problems = dict[str, str](), list[str]()
    for key, text in _values(setup).items():
        try:
            # What could not be read back does not go in.
            _FIELDS[key].read(setup, _bounded(text))
        except _UnusableError as unusable:
            problems.append(f"The {_FIELDS[key].label} is not part of the link: {unusable}.")
        else:
            values[key] = text
    room = MAX_URL - base_length
    while values and len(_query(values)) > room:
        without_prompt = {key: text for key, text in values.items() if key != PROMPT}
        prompt_is_enough = PROMPT in values and len(_query(without_prompt)) <= room
        left_out = PROMPT if prompt_is_enough else max(values, key=lambda k: len(quote(values[k])))
        del values[left_out]
        problems.append(
            f"The {_FIELDS[left_out].label} is not part of the link: with it, the link would be "
            f"longer than {MAX_URL:,} characters, which not every browser and proxy takes."
        )
    return Link(_query(values), tuple(problems))


def read_setup(query: Mapping[str, str]) -> Setup:
    """Return what a link sets. Whatever is wrong in it is left out; this never raises.

    Args:
        query: the parameters of the page's address, decoded. Those of other meanings are ignored.
    """
    setup, problems = Setup(), list[str]()
    for key, field_ in _FIELDS.items():
        value = query.get(key)
        if value is None:
            continue
        try:
            setup = field_.read(setup, _bounded(value))
        except _UnusableError as unusable:
            problems.append(f"The {field_.label} in this link was ignored: {unusable}.")
    return replace(setup, problems=tuple(problems))


class _UnusableError(ValueError):
    """Why something has no place in a link: the end of a sentence."""


@dataclass(frozen=True, slots=True)
class _Field:
    label: str
    #: Takes the setup so far and the text in the link; raises _UnusableError.
    read: Callable[[Setup, str], Setup]


def _query(values: Mapping[str, str]) -> str:
    return urlencode(values, quote_via=quote)


def _bounded(value: Any) -> str:
    if not isinstance(value, str):
        raise _UnusableError("it is no text")
    if len(value) > MAX_URL:
        raise _UnusableError(f"it is longer than {MAX_URL:,} characters")
    if not is_honest(value):
        raise _UnusableError("it holds control characters, or some that reorder what is read")
    return value


def _values(setup: Setup) -> dict[str, str]:
    values = {} if setup.model is None else {MODEL: setup.model}
    for name in setup.parameters.changed():
        value = getattr(setup.parameters, name)
        values[KEYS[name]] = json.dumps(value, ensure_ascii=False) if name == "stop" else f"{value}"
    if setup.system_message != DEFAULT_SYSTEM_MESSAGE:
        values[SYSTEM] = setup.system_message
    if setup.prompt:
        values[PROMPT] = setup.prompt
    return values


def _read_model(setup: Setup, text: str) -> Setup:
    model = load_catalog().get(text)
    if model is None:
        raise _UnusableError("no model here has this name")
    return replace(setup, model=model.name)


def _read_number(spec: NumericParameter) -> Callable[[Setup, str], Setup]:
    high = MAX_TEMPERATURE if spec.name == "temperature" else spec.maximum
    whole = spec.step == 1

    def read(setup: Setup, text: str) -> Setup:
        if not (_WHOLE if whole else _NUMBER).fullmatch(text):
            raise _UnusableError(f"it is not a {'whole ' if whole else ''}number")
        value: Any = int(text) if whole else float(text)
        if not spec.minimum <= value <= high:
            raise _UnusableError(f"it must be from {spec.minimum:.10g} to {high:.10g}")
        return replace(setup, parameters=replace(setup.parameters, **{spec.name: value}))

    return read


def _read_stop(setup: Setup, text: str) -> Setup:
    try:
        stop = json.loads(text)
    except (ValueError, RecursionError):
        stop = None
    if not isinstance(stop, list) or len(stop) > MAX_STOP_STRINGS:
        raise _UnusableError(f"it is not a list of at most {MAX_STOP_STRINGS} texts")
    for entry in stop:
        if not isinstance(entry, str) or not 1 <= len(entry) <= MAX_STOP or not is_honest(entry):
            raise _UnusableError(f"each must be a plain text of 1 to {MAX_STOP} characters")
    return replace(setup, parameters=replace(setup.parameters, stop=tuple(stop)))


_FIELDS = {
    MODEL: _Field("model", _read_model),
    **{
        KEYS[s.name]: _Field(s.label[0].lower() + s.label[1:], _read_number(s))
        for s in NUMERIC_PARAMETERS
    },
    KEYS["stop"]: _Field("list of stop strings", _read_stop),
    SYSTEM: _Field("system message", lambda setup, text: replace(setup, system_message=text)),
    PROMPT: _Field("prompt", lambda setup, text: replace(setup, prompt=text)),
}
