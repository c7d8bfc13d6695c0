"""What a run folded or left out goes along in a file, and files of before have neither."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from playground.conversation import Conversation, Run, Turn
from playground.messages import Role
from playground.transfer import TransferError, read_conversations
from playground.transfer.json_export import json_document
from tests.support.conversations import mapped
from tests.unit.transfer.samples import AT, FULL, RUN

FIELDS = {"folded", "left_out"}


def exported(*, folded: bool = False, left_out: tuple[str, ...] = ()) -> bytes:
    """Return an export of the sample, of which all runs folded and left out these."""

    def changed(turn: Turn) -> Turn:
        run = turn.run and replace(turn.run, folded=folded, left_out=left_out)
        return replace(turn, run=run)

    return json_document(mapped(FULL, changed))


def runs(data: bytes) -> list[Run]:
    """Return the runs in a file."""
    return [t.run for c in read_conversations(data).conversations for t in c.turns if t.run]


def test_runs_of_before_neither_fold_nor_leave_out() -> None:
    data = exported()
    (written,) = json.loads(data)["conversations"]
    assert not any(FIELDS & run.keys() for run in written["runs"])
    assert {(run.folded, run.left_out) for run in runs(data)} == {(False, ())}


def test_what_was_folded_and_left_out_is_read_back() -> None:
    data = exported(folded=True, left_out=("q1", "elsewhere"))
    (written,) = json.loads(data)["conversations"]
    assert all(run["folded"] is True for run in written["runs"])
    assert all(run["left_out"] == [[0, 0], "elsewhere"] for run in written["runs"])
    assert {(run.folded, run.left_out) for run in runs(data)} == {(True, ("q1", "elsewhere"))}


def test_the_same_left_out_on_two_branches_is_told_apart() -> None:
    """Both runs are written once: where it is their branch that differs."""
    first = [Turn("q1", None, Role.USER, "1", AT), Turn("q2", None, Role.USER, "2", AT)]
    run = replace(RUN, left_out=("q1",))
    made = Conversation(
        turns=(
            *first,
            Turn("a1", "q1", Role.ASSISTANT, created_at=AT, run=run),
            Turn("a2", "q2", Role.ASSISTANT, created_at=AT, run=replace(run, left_out=("q2",))),
        )
    )
    data = json_document(made)
    assert len(json.loads(data)["conversations"][0]["runs"]) == 1
    assert [run.left_out for run in runs(data)] == [("q1",), ("q2",)]


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ('"folded": true', '"folded": 1', "folded is not true or false"),
        ("[[0, 0]]", '"q1"', "left_out is not a list"),
        ("[[0, 0]]", '["../q1"]', r"left_out\[0\] is not an id"),
        ("[[0, 0]]", "[[0]]", r"left_out\[0\] is not an id, or a first and a last place"),
        ("[[0, 0]]", "[[0, -1]]", "is not a whole number"),
        ("[[0, 0]]", "[[0, 99]]", "leaves out messages that do not stand before it"),
        ("[[0, 0]]", "[[1, 0]]", "leaves out messages that do not stand before it"),
    ],
)
def test_what_is_neither_is_refused(good: str, bad: str, said: str) -> None:
    data = exported(folded=True, left_out=("q1",)).decode()
    assert good in data
    with pytest.raises(TransferError, match=said):
        read_conversations(data.replace(good, bad).encode())


def test_a_small_file_cannot_leave_out_more_than_fits_in_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = exported(left_out=("q1",)).replace(b"[[0, 0]]", b"[[0, 0], [0, 0], [0, 0]]")
    replies = len(runs(data))
    for limit, fits in ((3 * replies, True), (3 * replies - 1, False)):
        for module in ("json_import", "reading"):
            monkeypatch.setattr(f"playground.transfer.{module}.MAX_LEFT_OUT", limit)
            if not fits:
                with pytest.raises(TransferError, match="more messages than can be read"):
                    read_conversations(data)
        if fits:
            assert len(runs(data)) == replies


def test_a_thousand_replies_that_leave_out_nearly_all_make_no_large_file() -> None:
    turns: list[Turn] = []
    for number in range(500):
        left_out = tuple(turn.id for turn in turns[:-6])
        parent = turns[-1].id if turns else None
        turns.append(Turn(f"q{number}", parent, Role.USER, "?", AT))
        run = replace(RUN, left_out=left_out)
        turns.append(Turn(f"a{number}", f"q{number}", Role.ASSISTANT, created_at=AT, run=run))
    made = Conversation(turns=tuple(turns), leaf=turns[-1].id)
    data = json_document(made)
    assert len(data) < 400_000
    assert read_conversations(data).conversations[0].turns == made.turns
