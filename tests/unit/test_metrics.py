"""Rounds, figures, what is best, and how alike answers are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from playground.connections import Price
from playground.events import Usage
from playground.likeness import likeness, likeness_of_all, spread
from playground.metrics import Figure, best, figures, figures_of_versions
from playground.reply import Reply, Status
from playground.rounds import Round, rounds
from tests.support.comparisons import full, held, said

IDS = ("pane_a", "pane_b")


def round_of(**second: object) -> Round:
    """Return a round of two answers, the second as told."""
    one = held("pane_a", *said("pane_a", 1, "one two", usage=Usage(3, 21)))
    settings: dict[str, object] = {"usage": Usage(3, 81), "first": 0.2, **second}
    two = held("pane_b", *said("pane_b", 1, "one two three", **settings))  # type: ignore[arg-type]  # the settings of `said`
    (only,) = rounds(IDS, {"pane_a": one, "pane_b": two})
    return only


def test_rounds_pair_the_answers_to_each_prompt() -> None:
    view = full()
    first, second = view.rounds
    assert [a.pane_id for a in first.answers] == list(IDS)
    assert (first.prompt, second.prompt) == ("Why is the sky blue?", "+And at night?")
    assert len(first.answers[0].versions) == 2
    assert first.answers[0].text.startswith("@Because"), "the version on the page"


def test_a_round_stands_for_its_answers_whatever_the_order_of_the_panes() -> None:
    view = full()
    turned = rounds(IDS[::-1], view.conversations)
    assert [one.id for one in turned] == [one.id for one in view.rounds]
    assert len({one.id for one in view.rounds}) == 2


def test_figures_tell_what_was_measured() -> None:
    row = figures(round_of().answers[0], Price(1.0, 2.0, "EUR"))
    assert (row.first_token, row.total, row.speed) == (0.5, 2.5, 10.0)
    assert (row.tokens_in, row.tokens_out, row.counted) == (3, 21, True)
    assert (row.words, row.characters, row.status) == (2, 7, Status.COMPLETED)
    assert row.cost == pytest.approx((3 + 2 * 21) / 1e6)


def test_what_the_server_did_not_count_is_an_estimate_without_a_price() -> None:
    row = figures(round_of(usage=None).answers[1], Price(1.0, 2.0))
    assert (row.tokens_in, row.tokens_out, row.counted, row.cost) == (None, 3, False, None)


def test_a_continued_answer_is_the_sum_of_its_parts() -> None:
    first, part = said("pane_a", 1, "one two", usage=Usage(3, 11), status=Status.TRUNCATED)
    _, more = said("pane_a", 2, " three", usage=Usage(5, 21))
    conversation = held("pane_a", first, part, replace(more, parent=part.id))
    (answer,) = rounds(["pane_a"], {"pane_a": conversation})[0].answers
    row = figures(answer)
    assert (row.total, row.tokens_in, row.tokens_out, row.words) == (5.0, 8, 32, 3)
    assert (row.first_token, row.status, row.speed) == (0.5, Status.COMPLETED, 7.5)


def test_the_best_is_told_of_each_figure() -> None:
    only = round_of(total=2.6)
    price = Price(1.0, 2.0)
    winners = best(only, [figures(a, price) for a in only.answers])
    assert winners == {
        Figure.FIRST_TOKEN: "pane_b",
        Figure.TOTAL: "pane_a",
        Figure.SPEED: "pane_b",
        Figure.COST: "pane_a",
    }


@pytest.mark.parametrize(
    "unfair",
    [{"prompt": "Another"}, {"status": Status.TRUNCATED}, {"status": Status.RUNNING}, {"text": ""}],
    ids=str,
)
def test_nothing_is_best_where_it_would_not_be_fair(unfair: dict[str, object]) -> None:
    text = unfair.pop("text", None)
    only = round_of(**unfair)
    if text is not None:
        failed = replace(only.answers[1].last, reply=Reply(Status.FAILED))
        only = replace(only, answers=(only.answers[0], replace(only.answers[1], parts=(failed,))))
    assert best(only, [figures(a) for a in only.answers]) == {}


def test_estimates_are_not_ranked_against_counts_and_equals_not_at_all() -> None:
    only = round_of(usage=None, first=0.5)
    winners = best(only, [figures(a) for a in only.answers])
    assert Figure.SPEED not in winners
    assert Figure.FIRST_TOKEN not in winners
    alike = round_of(first=0.501)
    assert Figure.FIRST_TOKEN not in best(alike, [figures(a) for a in alike.answers])


def test_each_time_a_prompt_was_run_has_figures() -> None:
    answer = full().rounds[0].answers[0]
    assert [row.words for row in figures_of_versions(answer)] == [4, 2]


def test_likeness_is_of_words_in_order() -> None:
    assert likeness("a b c d", "a b c d") == likeness("", "") == 1.0
    assert likeness("a b", "c d") == 0.0
    assert likeness("a b c d", "a x c") == pytest.approx(2 * 2 / 7)
    assert likeness("a  b\n", "a b") == 1.0
    alike = likeness_of_all(["a b", "a b", "a c"])
    assert alike is not None
    assert (alike.low, alike.median, alike.high, alike.n) == (0.5, 0.5, 1.0, 3)
    assert likeness_of_all(["alone"]) is None


def test_a_spread_leaves_out_what_is_not_known() -> None:
    known = spread([3.0, None, 1.0])
    assert known is not None
    assert (known.low, known.median, known.high, known.mean, known.n) == (1.0, 2.0, 3.0, 2.0, 2)
    assert spread([None]) is None
