"""Conversations as JSON, without loss. The format is described in docs/export-format.md."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import playground
from playground.conversation import Conversation, Run, Turn
from playground.left_out import Branches
from playground.records import Record, reply_record, run_record
from playground.reply import Reply
from playground.store.columns import storable
from playground.store.copies import interrupted
from playground.transfer.fields import MAX_COUNT
from playground.transfer.limits import PART

FORMAT = "phi3-playground"
VERSION = 1

#: The fields in the order in which they are written; the runs and the turns come last.
CONVERSATION_FIELDS = (
    "id", "title", "title_edited", "pinned", "created_at", "updated_at", "leaf",
)  # fmt: skip


def json_document(*conversations: Conversation) -> bytes:
    """Return one document with all conversations, as UTF-8: a turn a line.

    The same conversations give the same bytes. A reply that is still running is written as
    interrupted, since nothing more of it will come in a file.
    """
    return b"".join(_document([written(c) for c in conversations]))


def json_parts(conversations: Iterable[Conversation], size: int = PART) -> Iterator[bytes]:
    """Yield documents of about `size` bytes at most, each of which can be imported by itself.

    A conversation is never parted, so one that is larger makes a larger document. At least one
    document comes, if an empty one.
    """
    part: list[bytes] = []
    held = 0
    for conversation in conversations:
        one = written(conversation)
        if part and held + len(one) > size:
            yield b"".join(_document(part))
            part, held = [], 0
        part.append(one)
        held += len(one)
    if part or not held:
        yield b"".join(_document(part))


def _document(conversations: list[bytes]) -> Iterator[bytes]:
    head = {"format": FORMAT, "version": VERSION, "app": playground.__version__}
    yield json_line(head)[:-1] + b', "conversations": ['
    yield b"\n" + b",\n".join(conversations) if conversations else b""
    yield b"\n]}\n"


def written(conversation: Conversation) -> bytes:
    """Return a conversation as it stands in a document."""
    head = json_line({name: getattr(conversation, name) for name in CONVERSATION_FIELDS})
    runs: dict[bytes, int] = {}
    branches = Branches((turn.id, turn.parent) for turn in conversation.turns)
    turns = b",\n".join([_turn(turn, runs, branches) for turn in conversation.turns])
    lines = turns and b"\n" + turns + b"\n"
    return head[:-1] + b', "runs": [\n' + b",\n".join(runs) + b'\n], "turns": [' + lines + b"]}"


def _turn(turn: Turn, runs: dict[bytes, int], branches: Branches) -> bytes:
    """Return the turn; its run is put among the runs if it is not there yet."""
    run, reply = turn.run, turn.reply
    place = None
    if run is not None:
        asked = json_line(_run(run, branches.places(turn.id, run.left_out)))
        place = runs.setdefault(asked, len(runs))
    record: Record = {
        "id": turn.id,
        "parent": turn.parent,
        "role": turn.role.value,
        "text": turn.text,
        "created_at": turn.created_at,
        "run": place,
        "reply": None if reply is None else _reply(reply),
    }
    return json_line(record)


def _run(run: Run, left_out: list[Any]) -> Record:
    record = run_record(run) | {"left_out": left_out}
    for name in ("folded", "left_out"):
        # Said only of the runs it is true of: files of all others are as they always were.
        if not record[name]:
            del record[name]
    return record | {"parameters": _said(record["parameters"])}


def _reply(reply: Reply) -> Record:
    record = reply_record(interrupted(reply) if reply.running else reply)
    usage, error = record["usage"], record["error"]
    if usage is not None:
        # A server can claim any number of tokens; a database, and so an import, takes 64 bits.
        record["usage"] = {name: min(count, MAX_COUNT) for name, count in usage.items()}
    if error is not None:
        record["error"] = _said(error)
    return _said(record)


def _said(record: Record) -> Record:
    """Return the record without the fields that have nothing to say."""
    return {name: value for name, value in record.items() if value is not None}


def json_line(record: Record) -> bytes:
    """Return the record as JSON without what has nothing to say, as every database can hold it."""
    record = _said(record)
    written = json.dumps(record, ensure_ascii=False, allow_nan=False)
    if "\\u0000" not in written:
        try:
            return written.encode()
        except UnicodeEncodeError:
            pass
    return json.dumps(_storable(record), ensure_ascii=False, allow_nan=False).encode()


def _storable(value: Any) -> Any:
    """Return plain data with every text as a database and UTF-8 can hold it."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, dict):
        return {name: _storable(item) for name, item in value.items()}
    return value
