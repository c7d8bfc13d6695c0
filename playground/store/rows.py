"""Values to rows and back, without loss."""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any

from playground.conversation import Run, Turn
from playground.errors import ChatError
from playground.events import Usage
from playground.messages import Role
from playground.parameters import PARAMETER_NAMES, Parameters
from playground.reply import Phase, Reply, Status

Row = dict[str, Any]

#: The columns of a turn, its run and its reply, in the order in which `turn_from` takes them.
TURN_COLUMNS = ("id", "parent", "role", "text", "created_at")
RUN_COLUMNS = tuple(f.name for f in fields(Run))
_OWN_REPLY_COLUMNS = tuple(f.name for f in fields(Reply) if f.name not in {"usage", "error"})
REPLY_COLUMNS = (*_OWN_REPLY_COLUMNS, "prompt_tokens", "completion_tokens", "error")

_ERROR_FIELDS = ("happened", "detail", "advice", "status", "code", "request_id", "retry_after")


def run_row(run: Run) -> Row:
    """Return the columns of a run."""
    row = {name: getattr(run, name) for name in RUN_COLUMNS}
    row["parameters"] = json.dumps(asdict(run.parameters))
    return row


def reply_row(reply: Reply, process: str) -> Row:
    """Return the columns of a reply; `process` is who makes it."""
    row = {name: getattr(reply, name) for name in _OWN_REPLY_COLUMNS}
    row["status"], row["phase"] = reply.status.value, reply.phase.value
    row["prompt_tokens"] = reply.usage.prompt_tokens if reply.usage else None
    row["completion_tokens"] = reply.usage.completion_tokens if reply.usage else None
    row["error"] = error_json(reply.error)
    row["process"] = process if reply.running else None
    return row


def turn_from(values: Sequence[Any]) -> Turn:
    """Return the turn that TURN_COLUMNS, RUN_COLUMNS and REPLY_COLUMNS hold, in this order."""
    turn_id, parent, role, text, created_at = values[: len(TURN_COLUMNS)]
    end = len(TURN_COLUMNS) + len(RUN_COLUMNS)
    run = values[len(TURN_COLUMNS) : end]
    reply = values[end:]
    return Turn(
        id=turn_id,
        parent=parent,
        role=Role(role),
        text=text,
        created_at=created_at,
        run=None if run[0] is None else _run_from(run),
        reply=None if reply[0] is None else reply_from(reply),
    )


def reply_from(values: Sequence[Any]) -> Reply:
    """Return the reply that REPLY_COLUMNS hold."""
    row = dict(zip(REPLY_COLUMNS, values, strict=True))
    prompt, completion = row.pop("prompt_tokens"), row.pop("completion_tokens")
    row["usage"] = None if prompt is None or completion is None else Usage(prompt, completion)
    row["error"] = error_from(row["error"])
    row["status"], row["phase"] = Status(row["status"]), Phase(row["phase"])
    return Reply(**row)


def error_json(error: ChatError | None) -> str | None:
    """Return the error as JSON: the name of its class, and its fields."""
    if error is None:
        return None
    return json.dumps({"name": error.name} | {f: getattr(error, f) for f in _ERROR_FIELDS})


def error_from(text: str | None) -> ChatError | None:
    """Return the error; of a class that is not known (any more), a plain ChatError."""
    if text is None:
        return None
    values = json.loads(text)
    kind = _error_classes().get(values["name"], ChatError)
    return kind(**{f: values[f] for f in _ERROR_FIELDS})


def _run_from(values: Sequence[Any]) -> Run:
    row = dict(zip(RUN_COLUMNS, values, strict=True))
    row["parameters"] = _parameters_from(row["parameters"])
    return Run(**row)


@functools.lru_cache(maxsize=1000)
def _parameters_from(text: str) -> Parameters:
    values = {k: v for k, v in json.loads(text).items() if k in PARAMETER_NAMES}
    values["stop"] = tuple(values.get("stop", ()))
    return Parameters(**values)


def _error_classes() -> dict[str, type[ChatError]]:
    found: dict[str, type[ChatError]] = {}
    waiting: list[type[ChatError]] = [ChatError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.__name__, kind)
        waiting += kind.__subclasses__()
    return found
