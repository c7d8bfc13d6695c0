"""What a request asks for, read from its body and checked as a real server checks it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from playground.catalog import Model, load_catalog
from playground.messages import Message, Role
from playground.parameters import MAX_STOP_STRINGS

#: Asked when the body names no model, as endpoints with a single model allow.
DEFAULT_MODEL = "Phi-3-mini-4k-instruct"

#: Names of the old GitHub catalog are the same behind the publisher's.
_PUBLISHER = "microsoft/"

_ROLES = {
    "system": Role.SYSTEM,
    "developer": Role.SYSTEM,
    "user": Role.USER,
    "assistant": Role.ASSISTANT,
}


class Invalid(Exception):
    """The request is refused with this status, code and message."""

    def __init__(self, message: str, *, code: str = "invalid_request", status: int = 400) -> None:
        self.status = status
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Sampling:
    """The sampling parameters; the defaults are the protocol's."""

    temperature: float = 1.0
    top_p: float = 1.0
    max_tokens: int | None = None
    presence_penalty: float = 0.0
    frequency_penalty: float = 0.0
    stop: tuple[str, ...] = ()
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that passed all checks.

    Attributes:
        name: the model's name exactly as it was asked for.
        body: the request body as received.
    """

    model: Model
    name: str
    messages: tuple[Message, ...]
    sampling: Sampling
    stream: bool
    include_usage: bool
    body: Mapping[str, Any]

    @property
    def begun(self) -> str:
        """The reply so far, where the request ends with one that is to be continued."""
        last = self.messages[-1]
        return last.content if last.role is Role.ASSISTANT else ""

    @property
    def prompts(self) -> tuple[str, ...]:
        """What the user said, oldest first."""
        return tuple(m.content for m in self.messages if m.role is Role.USER)

    @property
    def prompt(self) -> str:
        """What the user said last."""
        return self.prompts[-1] if self.prompts else ""


def read_asked(raw: bytes) -> Asked:
    """Return what the body `raw` asks for. Raises Invalid."""
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Invalid("The request body is not valid JSON.", code="invalid_json") from None
    if not isinstance(body, dict):
        raise Invalid("The request body must be a JSON object.", code="invalid_json")
    name = _typed(body, "model", str, "a string") or DEFAULT_MODEL
    model = load_catalog().get(name.casefold().removeprefix(_PUBLISHER))
    if model is None:
        raise Invalid(f"Unknown model: {name}", code="unknown_model", status=404)
    stream = bool(_typed(body, "stream", bool, "true or false"))
    return Asked(
        model=model,
        name=name,
        messages=_messages(body.get("messages")),
        sampling=_sampling(body),
        stream=stream,
        include_usage=_include_usage(body, stream=stream),
        body=body,
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _typed(body: Mapping[str, Any], key: str, kind: type, described: str) -> Any:
    value = body.get(key)
    if value is not None and not isinstance(value, kind):
        raise Invalid(f"'{key}' must be {described}.")
    return value


def _messages(value: Any) -> tuple[Message, ...]:
    if not isinstance(value, list) or not value:
        raise Invalid("'messages' must be a list with at least one message.")
    return tuple(_message(entry, f"messages[{i}]") for i, entry in enumerate(value))


def _message(entry: Any, where: str) -> Message:
    if not isinstance(entry, dict):
        raise Invalid(f"'{where}' must be an object.")
    role = entry.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        raise Invalid(f"'{where}.role' must be one of {', '.join(_ROLES)}.")
    return Message(_ROLES[role], _content(entry.get("content"), f"{where}.content"))


def _content(value: Any, where: str) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_text_part(part, where) for part in value)
    raise Invalid(f"'{where}' must be a string or a list of text parts.")


def _text_part(part: Any, where: str) -> str:
    text = part.get("text") if isinstance(part, dict) and part.get("type") == "text" else None
    if not isinstance(text, str):
        raise Invalid(f"'{where}' may hold text parts only.")
    return text


def _sampling(body: Mapping[str, Any]) -> Sampling:
    default = Sampling()
    max_tokens = _integer(body, "max_tokens")
    if max_tokens is None:
        max_tokens = _integer(body, "max_completion_tokens")
    if max_tokens is not None and max_tokens < 1:
        raise Invalid("'max_tokens' must be at least 1.")
    return Sampling(
        temperature=_number(body, "temperature", 0, 2, default.temperature),
        top_p=_number(body, "top_p", 0, 1, default.top_p),
        max_tokens=max_tokens,
        presence_penalty=_number(body, "presence_penalty", -2, 2, default.presence_penalty),
        frequency_penalty=_number(body, "frequency_penalty", -2, 2, default.frequency_penalty),
        stop=_stop(body.get("stop")),
        seed=_integer(body, "seed"),
    )


def _number(body: Mapping[str, Any], key: str, low: float, high: float, default: float) -> float:
    value = body.get(key)
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise Invalid(f"'{key}' must be a number.")
    if not low <= value <= high:
        raise Invalid(f"'{key}' must be from {low} to {high}; it was {value}.")
    return float(value)


def _integer(body: Mapping[str, Any], key: str) -> int | None:
    value = body.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Invalid(f"'{key}' must be a whole number.")
    return value


def _stop(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    strings = [value] if isinstance(value, str) else value
    if not isinstance(strings, list) or not all(isinstance(s, str) and s for s in strings):
        raise Invalid("'stop' must be a string or a list of strings, none of them empty.")
    if len(strings) > MAX_STOP_STRINGS:
        raise Invalid(f"'stop' may hold at most {MAX_STOP_STRINGS} strings.")
    return tuple(strings)


def _include_usage(body: Mapping[str, Any], *, stream: bool) -> bool:
    options = body.get("stream_options")
    if options is None:
        return False
    if not stream:
        raise Invalid("'stream_options' is only allowed when 'stream' is true.")
    if not isinstance(options, dict):
        raise Invalid("'stream_options' must be an object.")
    return bool(_typed(options, "include_usage", bool, "true or false"))
