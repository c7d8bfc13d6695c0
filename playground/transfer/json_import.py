"""The playground's own JSON, read back. Strict: what is not as documented is refused as a whole."""

from __future__ import annotations

from typing import Any

from playground.conversation import Conversation, Run, Turn
from playground.messages import Role
from playground.records import Record, reply_from, run_from
from playground.reply import Phase, Status
from playground.store.copies import checked
from playground.transfer.errors import TransferError, damaged
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

_count = whole(0)
_time = number(0, MAX_TIME)
_seconds = number(0, MAX_TIME)
_setting = number(-1000, 1000)

_RUN = table(
    {
        "model": text,
        "deployment": text,
        "connection": text,
        "connection_label": text,
        "parameters": table(
            {
                "temperature": _setting,
                "max_tokens": _count,
                "top_p": _setting,
                "presence_penalty": _setting,
                "frequency_penalty": _setting,
                "stop": each(text),
            },
            {"seed": whole(-MAX_COUNT)},
        ),
        "system_message": text,
        "scripted": truth,
    },
    {"folded": truth, "left_out": each(identifier)},
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
    },
)
_TURN = table(
    {"id": identifier, "role": one_of(Role), "text": text, "created_at": _time},
    {"parent": identifier, "run": _count, "reply": _REPLY},
)
_CONVERSATION = table(
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
    {"format": text, "version": _count, "app": text, "conversations": each(_CONVERSATION)}
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
    return tuple(_conversation(record) for record in read["conversations"])


def _conversation(record: Record) -> Conversation:
    name = record["id"]
    runs = [run_from(run) for run in record.pop("runs")]
    turns = tuple(_turn(turn, runs, name) for turn in record["turns"])
    try:
        return checked(Conversation(**record | {"turns": turns}))
    except ValueError:
        raise damaged(
            f"In this file, the messages of the conversation {name} make no tree: an id is there "
            "twice, or a message does not stand after the one it follows."
        ) from None


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
