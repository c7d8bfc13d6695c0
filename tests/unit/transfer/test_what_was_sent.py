"""What a run folded or left out goes along in a file, and files of before have neither."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from playground.conversation import Run
from playground.transfer import TransferError, read_conversations
from playground.transfer.json_export import json_document
from tests.support.conversations import mapped
from tests.unit.transfer.samples import FULL

FIELDS = {"folded", "left_out"}


def exported(**changes: object) -> bytes:
    """Return an export of the sample with all its runs changed."""
    return json_document(
        mapped(FULL, lambda t: replace(t, run=t.run and replace(t.run, **changes)))  # type: ignore[arg-type] # fields of a run
    )


def runs(data: bytes) -> list[Run]:
    """Return the runs in a file."""
    return [t.run for c in read_conversations(data).conversations for t in c.turns if t.run]


def test_runs_of_before_neither_fold_nor_leave_out() -> None:
    data = exported()
    (written,) = json.loads(data)["conversations"]
    assert not any(FIELDS & run.keys() for run in written["runs"])
    assert {(run.folded, run.left_out) for run in runs(data)} == {(False, ())}


def test_what_was_folded_and_left_out_is_read_back() -> None:
    data = exported(folded=True, left_out=("q1", "a1"))
    (written,) = json.loads(data)["conversations"]
    assert all(run["folded"] is True for run in written["runs"])
    assert all(run["left_out"] == ["q1", "a1"] for run in written["runs"])
    assert {(run.folded, run.left_out) for run in runs(data)} == {(True, ("q1", "a1"))}


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'"folded": true', b'"folded": 1'),
        (b'"left_out": ["q1"]', b'"left_out": "q1"'),
        (b'"left_out": ["q1"]', b'"left_out": ["../q1"]'),
    ],
)
def test_what_is_neither_is_refused(good: bytes, bad: bytes) -> None:
    data = exported(folded=True, left_out=("q1",))
    assert good in data
    with pytest.raises(TransferError, match="is not"):
        read_conversations(data.replace(good, bad))
