"""Values as plain data (what JSON can hold) and back, without loss.

The store and the export format are both made of these, so what a run or a reply consists of is
written down once. Reading trusts its input: what comes from outside is checked before it gets here.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

from playground.conversation import Run
from playground.errors import ChatError
from playground.events import Usage
from playground.growth import Growth
from playground.parameters import PARAMETER_NAMES, Parameters
from playground.reply import Phase, Reply, Status

Record = dict[str, Any]

RUN_FIELDS = tuple(f.name for f in fields(Run))
#: What is only so while a reply waits in line is not kept.
REPLY_FIELDS = tuple(f.name for f in fields(Reply) if f.name != "ahead")
ERROR_FIELDS = ("happened", "detail", "advice", "status", "code", "request_id", "retry_after")

#: A list of numbers as `indent` writes it. No text holds one: in JSON a text has no line breaks.
_NUMBERS = re.compile(r"\[\n[-+\d.eE,\s]+\]")
_PARAMETER_FIELDS = tuple(f.name for f in fields(Parameters))


def run_record(run: Run) -> Record:
    """Return the run as plain data."""
    record = {name: getattr(run, name) for name in RUN_FIELDS}
    record["parameters"] = parameters_record(run.parameters)
    record["left_out"] = list(run.left_out)
    return record


def run_from(record: Record) -> Run:
    """Return the run of a record; one of before there was something to fold or leave out, too."""
    return Run(
        **record
        | {
            "parameters": parameters_from(record["parameters"]),
            "folded": bool(record.get("folded")),
            "left_out": tuple(record.get("left_out") or ()),
        }
    )


def parameters_record(parameters: Parameters) -> Record:
    """Return the parameters as plain data."""
    record = {name: getattr(parameters, name) for name in _PARAMETER_FIELDS}
    record["stop"] = list(parameters.stop)
    return record


def parameters_from(record: Record) -> Parameters:
    """Return the parameters of a record; those that are not known (any more) are left out."""
    values = {name: value for name, value in record.items() if name in PARAMETER_NAMES}
    values["stop"] = tuple(values.get("stop", ()))
    return Parameters(**values)


def reply_record(reply: Reply) -> Record:
    """Return the reply as plain data."""
    record = {name: getattr(reply, name) for name in REPLY_FIELDS}
    record["status"], record["phase"] = reply.status.value, reply.phase.value
    if reply.usage is not None:
        record["usage"] = {
            "prompt_tokens": reply.usage.prompt_tokens,
            "completion_tokens": reply.usage.completion_tokens,
        }
    record["error"] = None if reply.error is None else error_record(reply.error)
    if reply.growth is not None:
        record["growth"] = {
            "seconds": list(reply.growth.seconds),
            "characters": list(reply.growth.characters),
        }
    return record


def reply_from(record: Record) -> Reply:
    """Return the reply of a record."""
    usage, error, growth = record["usage"], record["error"], record["growth"]
    return Reply(
        **record
        | {
            "status": Status(record["status"]),
            "phase": Phase(record["phase"]),
            "usage": None if usage is None else Usage(**usage),
            "error": None if error is None else error_from(error),
            "growth": None if growth is None else _growth_from(growth),
        }
    )


def _growth_from(record: Record) -> Growth:
    return Growth(tuple(record["seconds"]), tuple(record["characters"]))


def readable(record: Record) -> str:
    """Return the record as JSON for people: indented, and lists of numbers on one line."""
    text = json.dumps(record, indent=2, ensure_ascii=False)
    return _NUMBERS.sub(lambda found: f"[{' '.join(found[0][1:-1].split())}]", text)


def error_record(error: ChatError) -> Record:
    """Return the error as plain data: the name of its class, and its fields."""
    return {"name": error.name} | {field: getattr(error, field) for field in ERROR_FIELDS}


def error_from(record: Record) -> ChatError:
    """Return the error of a record; of a class that is not known (any more), a plain ChatError."""
    kind = _error_classes().get(record["name"], ChatError)
    return kind(**{field: record[field] for field in ERROR_FIELDS})


def _error_classes() -> dict[str, type[ChatError]]:
    found: dict[str, type[ChatError]] = {}
    waiting: list[type[ChatError]] = [ChatError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.__name__, kind)
        waiting += kind.__subclasses__()
    return found
