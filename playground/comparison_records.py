"""A comparison as plain data (what JSON can hold) and back, without loss.

Reading trusts its input: what comes from outside is checked before it gets here. What it does not
know (any more) it leaves out.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from playground.comparison import Comparison, Pane
from playground.records import Record, parameters_from, parameters_record
from playground.votes import Blind, Vote

_PANE_FIELDS = tuple(f.name for f in fields(Pane))
_BLIND_FIELDS = tuple(f.name for f in fields(Blind))
_VOTE_FIELDS = tuple(f.name for f in fields(Vote))


def content_record(comparison: Comparison) -> Record:
    """Return what a comparison holds besides its id, title, times and pin."""
    blind = comparison.blind
    return {
        "panes": [pane_record(pane) for pane in comparison.panes],
        "repeat": comparison.repeat,
        "blind": None if blind is None else _plain(blind, _BLIND_FIELDS),
        "votes": [_plain(vote, _VOTE_FIELDS) for vote in comparison.votes],
        "prompts": list(comparison.prompts),
    }


def comparison_from(record: Record, **head: Any) -> Comparison:
    """Return the comparison of a record; `head` are the fields that it does not hold."""
    blind = record.get("blind")
    return Comparison(
        tuple(pane_from(pane) for pane in record["panes"]),
        repeat=record.get("repeat", 1),
        blind=None if blind is None else Blind(**_known(blind, _BLIND_FIELDS)),
        votes=tuple(Vote(**_known(vote, _VOTE_FIELDS)) for vote in record.get("votes", ())),
        prompts=tuple(record.get("prompts", ())),
        **head,
    )


def pane_record(pane: Pane) -> Record:
    """Return the pane as plain data."""
    return _plain(pane, _PANE_FIELDS) | {"parameters": parameters_record(pane.parameters)}


def pane_from(record: Record) -> Pane:
    """Return the pane of a record."""
    known = _known(record, _PANE_FIELDS)
    return Pane(**known | {"parameters": parameters_from(record["parameters"])})


def _plain(value: object, names: tuple[str, ...]) -> Record:
    return {name: _as_list(getattr(value, name)) for name in names}


def _known(record: Record, names: tuple[str, ...]) -> Record:
    return {name: _as_tuple(value) for name, value in record.items() if name in names}


def _as_list(value: Any) -> Any:
    return [_as_list(v) for v in value] if isinstance(value, tuple) else value


def _as_tuple(value: Any) -> Any:
    return tuple(_as_tuple(v) for v in value) if isinstance(value, list) else value
