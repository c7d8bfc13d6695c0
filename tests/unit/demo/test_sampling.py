"""Each parameter does what docs/demo.md says it does."""

from __future__ import annotations

import pytest

from playground.demo.asked import Sampling
from playground.demo.sampling import limited, penalised, pick
from playground.events import FinishReason

WORDINGS = ["first", "second", "third", "fourth"]


def picks(sampling: Sampling, draws: int = 300) -> list[str]:
    return [pick(WORDINGS, sampling, "salt") for _ in range(draws)]


def test_temperature_0_always_takes_the_first_wording() -> None:
    assert set(picks(Sampling(temperature=0))) == {"first"}


def test_a_higher_temperature_takes_the_others_more_often() -> None:
    cold = picks(Sampling(temperature=0.2)).count("first")
    hot = picks(Sampling(temperature=2)).count("first")
    # Expected 298 and 135 of 300; the bound lies many standard deviations from both.
    assert hot < 220 < cold


def test_at_temperature_1_all_wordings_come_up() -> None:
    assert set(picks(Sampling(temperature=1), draws=1000)) == set(WORDINGS)


@pytest.mark.parametrize(
    ("top_p", "left"),
    [
        (0.0, {"first"}),
        (0.6, {"first"}),
        (0.7, {"first", "second"}),
        (0.9, {"first", "second", "third"}),
        (1.0, set(WORDINGS)),
    ],
)
def test_top_p_narrows_the_choice(top_p: float, left: set[str]) -> None:
    # At temperature 1 the four have 64, 24, 9 and 3 per cent.
    assert set(picks(Sampling(top_p=top_p), draws=1000)) == left


def test_the_same_seed_draws_the_same() -> None:
    for seed in range(20):
        assert len(set(picks(Sampling(seed=seed), draws=10))) == 1


def test_another_seed_may_draw_another() -> None:
    assert len({pick(WORDINGS, Sampling(seed=seed), "salt") for seed in range(50)}) > 1


def test_a_stop_string_cuts_before_itself() -> None:
    tokens, reason = limited("one, two, three, four", Sampling(stop=("four", ", three")))
    assert ("".join(tokens), reason) == ("one, two", FinishReason.STOP)


def test_max_tokens_cuts_and_says_so() -> None:
    tokens, reason = limited("one two three", Sampling(max_tokens=2))
    assert (tokens, reason) == (["one", " two"], FinishReason.LENGTH)


def test_a_reply_that_just_fits_is_whole() -> None:
    assert limited("one two three", Sampling(max_tokens=3))[1] is FinishReason.STOP


def test_what_comes_first_decides_between_stop_and_length() -> None:
    stopped = limited("one two three", Sampling(stop=("two",), max_tokens=2))
    assert stopped == (["one", " "], FinishReason.STOP)
    assert limited("one two three", Sampling(stop=("three",), max_tokens=1))[1] == "length"


def test_a_frequency_penalty_leaves_out_what_was_said_but_not_in_code() -> None:
    text = "a line\nrefrain\n\nanother\nrefrain\n\n```\nx\nx\n```"
    kept = penalised(text, Sampling(frequency_penalty=0.1), ("-",))
    assert kept == "a line\nrefrain\n\nanother\n\n```\nx\nx\n```"
    assert penalised(text, Sampling(frequency_penalty=-1), ("-",)) == text


def test_a_presence_penalty_brings_up_another_subject() -> None:
    said = penalised("text", Sampling(presence_penalty=0.5), ("Tell me a joke.",))
    assert said == "text\n\nOn another subject: you could ask me “Tell me a joke.”"
    assert penalised("text", Sampling(presence_penalty=-0.5), ("-",)) == "text"
