"""A comparison becomes plain data and comes back the same, through JSON."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from playground.comparison import Comparison, Pane
from playground.comparison_records import comparison_from, content_record
from playground.parameters import Parameters
from playground.votes import Blind, Vote

TEXT = st.text(max_size=20)
PANES = st.builds(
    Pane,
    model=TEXT,
    connection=TEXT,
    parameters=st.builds(
        Parameters,
        temperature=st.floats(0, 1),
        stop=st.lists(TEXT, max_size=4).map(tuple),
        seed=st.none() | st.integers(0, 2**31 - 1),
    ),
    system_message=TEXT,
    linked=st.booleans(),
    own_prompt=st.booleans(),
    collapsed=st.booleans(),
)
VOTES = st.builds(
    Vote,
    prompt_id=TEXT,
    order=st.just(("a", "b")),
    ranks=st.sampled_from([(1, 2), (2, 1), (1, 1)]),
    bad=st.booleans(),
    voter=TEXT,
    at=st.floats(0, 2e9),
)


@given(
    st.builds(
        Comparison,
        panes=st.lists(PANES, max_size=6).map(tuple),
        repeat=st.integers(1, 10),
        blind=st.none() | st.builds(Blind, seed=TEXT, wait=st.booleans()),
        votes=st.lists(VOTES, max_size=3).map(tuple),
        prompts=st.lists(TEXT, max_size=3).map(tuple),
    )
)
def test_nothing_is_lost_on_the_way(made: Comparison) -> None:
    record = json.loads(json.dumps(content_record(made)))
    assert (
        comparison_from(record, id=made.id, created_at=made.created_at, updated_at=made.updated_at)
        == made
    )


def test_what_a_later_version_added_is_left_out() -> None:
    record = content_record(Comparison((Pane("m", "c", "p"), Pane("m", "c", "q"))))
    record["mood"] = "fine"
    record["panes"][0]["mood"] = "fine"
    assert [pane.id for pane in comparison_from(record).panes] == ["p", "q"]
