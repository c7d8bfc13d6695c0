"""A comparison as JSON, without loss, and back. See docs/export-format.md.

The conversations of its panes stand in it as in the export of conversations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import playground
from playground.comparison import MAX_PANES, MAX_REPEAT, Comparison, Pane
from playground.conversation import Conversation, new_id
from playground.errors import SettingsError
from playground.parameters import Parameters
from playground.records import Record, parameters_record
from playground.store.copies import checked
from playground.transfer.comparison_view import ComparisonView
from playground.transfer.errors import damaged
from playground.transfer.fields import (
    MAX_TIME,
    Wrong,
    each,
    identifier,
    number,
    table,
    text,
    truth,
    whole,
)
from playground.transfer.json_export import json_line, written
from playground.transfer.json_import import CONVERSATION, PARAMETERS, conversation_from
from playground.transfer.limits import MAX_LEFT_OUT
from playground.votes import Blind, Vote

FORMAT = "phi3-playground-comparison"
VERSION = 1

_time = number(0, MAX_TIME)
_PANE = table(
    {
        "id": identifier,
        "model": text,
        "connection": text,
        "parameters": PARAMETERS,
        "system_message": text,
        "linked": truth,
        "own_prompt": truth,
        "collapsed": truth,
    },
    # For people and other programs; what is read back is made anew.
    {"label": text, "differs": each(text), "endpoint": text},
)
_VOTE = table(
    {
        "prompt_id": identifier,
        "order": each(identifier),
        "ranks": each(whole(1, MAX_PANES)),
        "bad": truth,
        "voter": text,
        "at": _time,
    }
)
_COMPARISON = table(
    {
        "id": identifier,
        "title": text,
        "title_edited": truth,
        "pinned": truth,
        "created_at": _time,
        "updated_at": _time,
        "repeat": whole(1, MAX_REPEAT),
        "panes": each(_PANE),
        "prompts": each(text),
        "votes": each(_VOTE),
    },
    {"blind": table({"seed": text, "wait": truth})},
)
_DOCUMENT = table(
    {
        "format": text,
        "version": whole(0),
        "app": text,
        "exported_at": _time,
        "comparison": _COMPARISON,
        "conversations": each(CONVERSATION),
    }
)


@dataclass(frozen=True, slots=True)
class ReadComparison:
    """A comparison from a file, with the conversations of its panes in their order."""

    comparison: Comparison
    conversations: tuple[Conversation, ...]

    def renewed(self) -> ReadComparison:
        """Return the same under ids that nobody has; those of its turns stay."""
        ids = {pane.id: new_id() for pane in self.comparison.panes}
        comparison = self.comparison
        votes = (
            replace(v, order=tuple(ids.get(pane_id, pane_id) for pane_id in v.order))
            for v in comparison.votes
        )
        panes = tuple(replace(pane, id=ids[pane.id]) for pane in comparison.panes)
        return ReadComparison(
            replace(comparison, id=new_id(), panes=panes, votes=tuple(votes)),
            tuple(replace(c, id=ids[c.id]) for c in self.conversations),
        )


def json_comparison(view: ComparisonView, *, at: float) -> bytes:
    """Return the document as UTF-8; `at` is the time of the export, seconds since the epoch."""
    comparison = view.comparison
    panes = [
        {
            **_pane_record(pane),
            "label": label,
            "differs": list(differs),
            "endpoint": view.endpoints.get(pane.id),
        }
        for pane, label, differs in zip(view.panes, view.labels, view.differs, strict=True)
    ]
    head: Record = {
        "format": FORMAT,
        "version": VERSION,
        "app": playground.__version__,
        "exported_at": at,
        "comparison": _said(
            {
                "id": comparison.id,
                "title": comparison.title,
                "title_edited": comparison.title_edited,
                "pinned": comparison.pinned,
                "created_at": comparison.created_at,
                "updated_at": comparison.updated_at,
                "repeat": comparison.repeat,
                "panes": list(map(_said, panes)),
                "prompts": list(comparison.prompts),
                "votes": [_vote_record(vote) for vote in comparison.votes],
                "blind": _blind_record(comparison.blind),
            }
        ),
    }
    kept = [view.conversations.get(pane.id) for pane in view.panes]
    lines = b",\n".join(written(c) for c in kept if c is not None)
    return json_line(head)[:-1] + b', "conversations": [\n' + lines + b"\n]}\n"


def is_comparison(document: Any) -> bool:
    """Whether this is meant to be a comparison, of whatever version."""
    return isinstance(document, dict) and document.get("format") == FORMAT


def comparison_from_document(document: Any) -> ReadComparison:
    """Return the comparison of a document, under the ids it has there.

    Raises:
        TransferError: the version is not known, or anything is not as documented.
    """
    if document.get("version") != VERSION or isinstance(document["version"], bool):
        raise damaged(
            "The file holds a comparison of a version of the export format that is not known here."
        )
    try:
        read = _DOCUMENT(document)
    except Wrong as wrong:
        raise damaged(wrong.sentence()) from None
    room = [MAX_LEFT_OUT]
    found = {c.id: c for c in (conversation_from(r, room) for r in read["conversations"])}
    record = read["comparison"]
    try:
        comparison = Comparison(
            panes=tuple(map(_pane, record.pop("panes"))),
            votes=tuple(map(_vote, record.pop("votes"))),
            prompts=tuple(record.pop("prompts")),
            blind=None if record["blind"] is None else Blind(**record["blind"]),
            **{name: value for name, value in record.items() if name != "blind"},
        )
    except (SettingsError, ValueError) as error:
        raise damaged(f"In this file, the comparison is none: {error}") from None
    if not found.keys() <= {pane.id for pane in comparison.panes}:
        raise damaged("In this file, a conversation belongs to no pane of the comparison.")
    made = (found.get(pane.id) or Conversation(id=pane.id) for pane in comparison.panes)
    return ReadComparison(comparison, tuple(map(checked, made)))


def _pane_record(pane: Pane) -> Record:
    return {
        "id": pane.id,
        "model": pane.model,
        "connection": pane.connection,
        "parameters": _said(parameters_record(pane.parameters)),
        "system_message": pane.system_message,
        "linked": pane.linked,
        "own_prompt": pane.own_prompt,
        "collapsed": pane.collapsed,
    }


def _pane(record: Record) -> Pane:
    told = ("label", "differs", "endpoint", "parameters")
    parameters = record["parameters"]
    return Pane(
        **{name: value for name, value in record.items() if name not in told},
        parameters=Parameters(**parameters | {"stop": tuple(parameters["stop"])}),
    )


def _vote_record(vote: Vote) -> Record:
    return {
        "prompt_id": vote.prompt_id,
        "order": list(vote.order),
        "ranks": list(vote.ranks),
        "bad": vote.bad,
        "voter": vote.voter,
        "at": vote.at,
    }


def _vote(record: Record) -> Vote:
    return Vote(**record | {"order": tuple(record["order"]), "ranks": tuple(record["ranks"])})


def _blind_record(blind: Blind | None) -> Record | None:
    return None if blind is None else {"seed": blind.seed, "wait": blind.wait}


def _said(record: Record) -> Record:
    return {name: value for name, value in record.items() if value is not None}
