"""Values to rows and back, without loss."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Sequence
from typing import Any

from playground import records
from playground.conversation import Run, Turn
from playground.left_out import Branches
from playground.messages import Role
from playground.parameters import Parameters
from playground.reply import Reply

Row = dict[str, Any]

#: The columns of a turn, its run and its reply, in the order in which `turns_from` takes them.
TURN_COLUMNS = ("id", "parent", "role", "text", "created_at")
RUN_COLUMNS = records.RUN_FIELDS
_OWN_REPLY_COLUMNS = tuple(f for f in records.REPLY_FIELDS if f not in {"usage", "error"})
REPLY_COLUMNS = (*_OWN_REPLY_COLUMNS, "prompt_tokens", "completion_tokens", "error")


def run_row(run: Run, left_out: list[Any]) -> Row:
    """Return the columns of a run; what it left out as places on the branch."""
    row = records.run_record(run)
    row["parameters"] = json.dumps(row["parameters"])
    row["left_out"] = json.dumps(left_out)
    return row


def reply_row(reply: Reply, process: str) -> Row:
    """Return the columns of a reply; `process` is who makes it."""
    row = records.reply_record(reply)
    usage, error = row.pop("usage"), row.pop("error")
    row["prompt_tokens"] = usage and usage["prompt_tokens"]
    row["completion_tokens"] = usage and usage["completion_tokens"]
    row["error"] = error and json.dumps(error)
    row["growth"] = row["growth"] and json.dumps(row["growth"], separators=(",", ":"))
    row["process"] = process if reply.running else None
    return row


def turns_from(rows: Iterable[Sequence[Any]]) -> tuple[Turn, ...]:
    """Return the turns that TURN_COLUMNS, RUN_COLUMNS and REPLY_COLUMNS hold, in this order."""
    branches = Branches()
    return tuple(_turn_from(row, branches) for row in rows)


def _turn_from(values: Sequence[Any], branches: Branches) -> Turn:
    turn_id, parent, role, text, created_at = values[: len(TURN_COLUMNS)]
    end = len(TURN_COLUMNS) + len(RUN_COLUMNS)
    run = values[len(TURN_COLUMNS) : end]
    reply = values[end:]
    branches.add(turn_id, parent)
    return Turn(
        id=turn_id,
        parent=parent,
        role=Role(role),
        text=text,
        created_at=created_at,
        run=None if run[0] is None else _run_from(run, turn_id, branches),
        reply=None if reply[0] is None else reply_from(reply),
    )


def reply_from(values: Sequence[Any]) -> Reply:
    """Return the reply that REPLY_COLUMNS hold."""
    row = dict(zip(REPLY_COLUMNS, values, strict=True))
    prompt, completion = row.pop("prompt_tokens"), row.pop("completion_tokens")
    counted = prompt is not None and completion is not None
    row["usage"] = {"prompt_tokens": prompt, "completion_tokens": completion} if counted else None
    row["error"] = row["error"] and json.loads(row["error"])
    row["growth"] = row["growth"] and json.loads(row["growth"])
    return records.reply_from(row)


def _run_from(values: Sequence[Any], turn_id: str, branches: Branches) -> Run:
    row = dict(zip(RUN_COLUMNS, values, strict=True))
    row["parameters"] = _parameters_from(row["parameters"])
    row["left_out"] = branches.ids(turn_id, json.loads(row["left_out"]))
    return Run(**row)


@functools.lru_cache(maxsize=1000)
def _parameters_from(text: str) -> Parameters:
    return records.parameters_from(json.loads(text))
