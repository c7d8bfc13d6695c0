"""The playground's own JSON, read back. Strict: what is not as documented is refused as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from playground.conversation import Conversation, Run, Turn
from playground.growth import MAX_SAMPLES
from playground.left_out import Branches
from playground.messages import Role
from playground.records import Record, reply_from, run_from
from playground.reply import Phase, Status
from playground.store.copies import checked
from playground.transfer.errors import TransferError, damaged, too_much_left_out
from playground.transfer.fields import (
    MAX_COUNT,
    MAX_TIME,
    Wrong,
    each,
    identifier,
    number,
    one_of,
    table,
    text,
    truth,
    whole,
)
from playground.transfer.json_export import FORMAT, VERSION
from playground.transfer.limits import MAX_LEFT_OUT

_count = whole(0)
_time = number(0, MAX_TIME)
_seconds = number(0, MAX_TIME)
_setting = number(-1000, 1000)
_samples = table({"seconds": each(_seconds), "characters": each(whole(1))})


def _place(value: Any) -> Any:
    """Check for first and last place on a branch, or the id of a turn that is not on it."""
    if isinstance(value, str):
        return identifier(value)
    if not isinstance(value, list) or len(value) != 2:
        raise Wrong("an id, or a first and a last place")
    return each(_count)(value)


def _growth(value: Any) -> Any:
    """Check for as many times as counts of characters, in order."""
    checked = _samples(value)
    seconds, characters = checked["seconds"], checked["characters"]
    if not 0 < len(seconds) == len(characters) <= MAX_SAMPLES:
        raise Wrong(f"as many times as counts, 1 to {MAX_SAMPLES} of them")
    if sorted(seconds) != seconds or sorted(set(characters)) != characters:
        raise Wrong("in the order of time, with more characters each time")
    return checked


PARAMETERS = table(
    {
        "temperature": _setting,
        "max_tokens": _count,
        "top_p": _setting,
        "presence_penalty": _setting,
        "frequency_penalty": _setting,
        "stop": each(text),
    },
    {"seed": whole(-MAX_COUNT)},
)
_RUN = table(
    {
        "model": text,
        "deployment": text,
        "connection": text,
        "connection_label": text,
        "parameters": PARAMETERS,
        "system_message": text,
        "scripted": truth,
    },
    {"folded": truth, "left_out": each(_place)},
)
_ERROR = table(
    {"name": text, "happened": text, "detail": text, "advice": text},
    {"status": _count, "code": text, "request_id": text, "retry_after": _seconds},
)
_REPLY = table(
    {
        "status": one_of(Status, Status.RUNNING),
        "phase": one_of(Phase),
        "text": text,
        "started_at": _time,
        "elapsed": _seconds,
        "pieces": _count,
        "skipped": _count,
    },
    {
        "first_token_after": _seconds,
        "usage": table({"prompt_tokens": _count, "completion_tokens": _count}),
        "model_reported": text,
        "fingerprint": text,
        "request_id": text,
        "error": _ERROR,
        "retry_at": _seconds,
        "growth": _growth,
    },
)
_TURN = table(
    {"id": identifier, "role": one_of(Role), "text": text, "created_at": _time},
    {"parent": identifier, "run": _count, "reply": _REPLY},
)
CONVERSATION = table(
    {
        "id": identifier,
        "title": text,
        "title_edited": truth,
        "pinned": truth,
        "created_at": _time,
        "updated_at": _time,
        "runs": each(_RUN),
        "turns": each(_TURN),
    },
    {"leaf": identifier},
)
_DOCUMENT = table(
    {"format": text, "version": _count, "app": text, "conversations": each(CONVERSATION)}
)


def is_playground(document: Any) -> bool:
    """Whether this is meant to be our own format, of whatever version."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def conversations_from(document: Any) -> tuple[Conversation, ...]:
    """Return the conversations of a document of our own format, under the ids they have there.

    Raises:
        TransferError: the version is not known, or anything is not as documented.
    """
    version = document.get("version")
    if isinstance(version, int) and version > VERSION:
        raise TransferError(
            "A newer version of the playground wrote this file, and this one cannot read it.",
            advice="Nothing was changed. Import it with the newer version.",
        )
    if version != VERSION or isinstance(version, bool):
        raise damaged("The file does not say which version of the export format it has.")
    try:
        read = _DOCUMENT(document)
    except Wrong as wrong:
        raise damaged(wrong.sentence()) from None
    room = [MAX_LEFT_OUT]
    return tuple(conversation_from(record, room) for record in read["conversations"])


def conversation_from(record: Record, room: list[int]) -> Conversation:
    """Return the conversation of a checked record; `room` counts down what runs left out.

    Raises:
        TransferError: its messages make no tree, or a reply names no run of it.
    """
    name = record["id"]
    left_out = [run.pop("left_out") or [] for run in record["runs"]]
    runs = [run_from(run) for run in record.pop("runs")]
    turns = tuple(_turn(turn, runs, name) for turn in record["turns"])
    try:
        made = checked(Conversation(**record | {"turns": turns}))
    except ValueError:
        raise damaged(
            f"In this file, the messages of the conversation {name} make no tree: an id is there "
            "twice, or a message does not stand after the one it follows."
        ) from None
    if not any(left_out):
        return made
    asked = [turn["run"] for turn in record["turns"]]
    return replace(made, turns=_with_left_out(made, asked, left_out, room))


def _with_left_out(
    conversation: Conversation, asked: list[int | None], left_out: list[Any], room: list[int]
) -> tuple[Turn, ...]:
    """Return the turns with what their runs left out, which is told by places on the branch."""
    branches = Branches((turn.id, turn.parent) for turn in conversation.turns)
    found: list[Turn] = []
    for turn, run in zip(conversation.turns, asked, strict=True):
        places = [] if run is None else left_out[run]
        room[0] -= sum(1 if isinstance(p, str) else max(0, p[1] - p[0] + 1) for p in places)
        if room[0] < 0:
            raise too_much_left_out()
        try:
            ids = branches.ids(turn.id, places)
        except ValueError:
            raise damaged(
                f"In this file, a reply of the conversation {conversation.id} leaves out messages "
                "that do not stand before it."
            ) from None
        found.append(replace(turn, run=turn.run and replace(turn.run, left_out=ids)))
    return tuple(found)


def _turn(record: Record, runs: list[Run], name: str) -> Turn:
    run, reply, role = record["run"], record["reply"], Role(record["role"])
    if run is not None and run >= len(runs):
        raise damaged(f"In this file, a message of the conversation {name} names no run of it.")
    if role is not Role.ASSISTANT and (run is not None or reply is not None):
        raise damaged(
            f"In this file, a message of the conversation {name} is no reply and has a run or one."
        )
    return Turn(
        id=record["id"],
        parent=record["parent"],
        role=role,
        text=record["text"],
        created_at=record["created_at"],
        run=None if run is None else runs[run],
        reply=None if reply is None else reply_from(reply),
    )
