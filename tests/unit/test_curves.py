"""How an answer grew over its parts: what stands in a chart of it, and when how much was there."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from playground.curves import Point, curve, reached
from playground.growth import Growth
from playground.messages import Role
from playground.reply import Reply, Status
from playground.rounds import Answer
from tests.support.conversations import answer, prompt
from tests.unit.transfer.samples import growths

ASKED = prompt("Why?")


def answered(*replies: Reply) -> Answer:
    """Return an answer whose parts are these replies."""
    turn = answer("", ASKED.id)
    parts = tuple(replace(turn, id=str(n), reply=reply) for n, reply in enumerate(replies))
    assert all(part.role is Role.ASSISTANT for part in parts)
    return Answer("pane", ASKED, parts, parts[:1])


ONE = Reply(Status.STOPPED, text="One two", elapsed=3.0, growth=Growth((0.5, 1.25), (4, 7)))


def test_a_curve_begins_with_the_request_and_ends_with_the_reply() -> None:
    assert curve(answered(ONE)) == (Point(0, 0), Point(0.5, 4), Point(1.25, 7), Point(3.0, 7))


def test_what_continues_an_answer_counts_on_from_where_it_ended() -> None:
    failed = Reply(Status.FAILED, elapsed=0.5)
    more = Reply(Status.COMPLETED, text=" three", elapsed=1.0, growth=Growth((0.25,), (6,)))
    points = curve(answered(ONE, failed, more))
    assert points[3:] == (Point(3.0, 7), Point(3.5, 7), Point(3.75, 13), Point(4.5, 13))


def test_a_last_sample_that_was_rounded_up_does_not_lie_after_the_end() -> None:
    points = curve(answered(replace(ONE, elapsed=1.2496)))
    assert points[-1] == points[-2] == Point(1.25, 7)


def test_what_was_not_recorded_has_no_curve_nor_has_what_has_no_text() -> None:
    old = replace(ONE, growth=None)
    assert curve(answered(old)) == curve(answered(ONE, old)) == curve(answered(old, ONE)) == ()
    assert curve(answered(Reply(Status.FAILED, elapsed=0.5))) == ()


def test_how_much_was_there_is_told_by_the_piece_that_brought_it() -> None:
    points = curve(answered(ONE))
    assert [reached(points, share) for share in (0, 0.25, 0.5, 0.75, 1)] == [
        *[0.5] * 3,
        *[1.25] * 2,
    ]


@given(st.lists(st.builds(Reply, text=st.just("x"), growth=growths()), min_size=1, max_size=3))
def test_a_curve_never_runs_back_nor_falls(replies: list[Reply]) -> None:
    points = curve(answered(*replies))
    assert sorted(points, key=lambda p: (p.seconds, p.characters)) == list(points)
    times = [reached(points, share) for share in (0, 0.25, 0.5, 0.75, 1)]
    assert sorted(times) == times
