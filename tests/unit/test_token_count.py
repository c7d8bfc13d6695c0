"""Counts before sending: their margins are honest, and the server's own counts correct them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from playground.catalog import Model, load_catalog
from playground.messages import Message, Role
from playground.token_count import (
    Calibration,
    Count,
    calibrated,
    count_message,
    count_messages,
)


def model(name: str) -> Model:
    found = load_catalog().get(f"Phi-3-{name}-instruct")
    assert found is not None
    return found


MINI, SMALL, MEDIUM = model("mini-4k"), model("small-8k"), model("medium-4k")
ASKED = (Message(Role.SYSTEM, "You are a helpful assistant."), Message(Role.USER, "Hello world"))


def test_a_request_is_its_texts_and_the_markers_of_the_template() -> None:
    # <s> <|system|> 6 words and signs <|end|> <|user|> 2 words <|end|> <|assistant|>
    assert count_messages(ASKED, MINI).tokens == 1 + (1 + 6 + 1) + (1 + 2 + 1) + 1
    assert count_messages(ASKED, MEDIUM) == count_messages(ASKED, MINI)


def test_the_margin_takes_in_a_server_that_keeps_line_breaks_and_one_without_a_start() -> None:
    count = count_messages(ASKED, MINI)
    kept = count.tokens + 2 * len(ASKED) + 1  # a line break after each marker
    assert count.low <= count.tokens - 1 < count.tokens < kept <= count.high


def test_only_text_in_a_vocabulary_that_is_here_is_called_counted() -> None:
    assert count_messages(ASKED, MINI).counted
    assert not count_messages(ASKED, SMALL).counted


def test_no_count_claims_to_be_exact() -> None:
    for asked in ((), ASKED, ASKED * 100):
        for at in (MINI, SMALL):
            for known in (Calibration(), Calibration().after(10_000, 10_000)):
                count = count_messages(asked, at, known)
                assert count.margin > 0
                assert "about" in count.words()
                assert "±" in count.words()


def test_an_estimate_has_the_wider_margin_until_the_server_has_counted() -> None:
    long = (Message(Role.USER, "A sentence of some words, said again and again. " * 300),)
    before = count_messages(long, SMALL)
    after = count_messages(long, SMALL, Calibration().after(before.tokens, before.tokens))
    assert 0.15 * before.tokens <= before.margin < 0.16 * before.tokens
    assert 0.05 * after.tokens <= after.margin < 0.07 * after.tokens
    assert (before.corrected, after.corrected) == (False, True)


def test_a_count_never_goes_below_nothing() -> None:
    assert Count(3, 10, counted=True).low == 0


def test_the_servers_count_corrects_those_that_follow() -> None:
    factor = Calibration().after(4000, 5000).factor
    assert 1.2 < factor < 1.25
    plain = count_messages(ASKED * 200, MINI).tokens
    corrected = count_messages(ASKED * 200, MINI, Calibration().after(4000, 5000))
    assert corrected.tokens == round(plain * factor)
    # Another vocabulary than ours is in use there, so this is an estimate.
    assert not corrected.counted


def test_a_short_prompt_says_little_about_a_long_one() -> None:
    # The line breaks that this server keeps are half as much again of 11 tokens.
    assert Calibration().after(11, 16).factor < 1.03


def test_what_cannot_be_the_count_of_these_messages_is_ignored() -> None:
    known = Calibration().after(1000, 1100)
    for reported in (0, -5, 3, 10**9):  # 3: only what was not in the server's cache
        assert known.after(1000, reported) is known


def test_the_latest_count_weighs_most() -> None:
    factor = Calibration().after(2000, 4000).after(2000, 2000).after(2000, 2000).factor
    assert 1 < factor < 1.2


@given(st.lists(st.tuples(st.integers(-10, 10**7), st.integers(-10, 10**7))))
def test_whatever_a_server_reports_the_factor_stays_within_bounds(
    counted: list[tuple[int, int]],
) -> None:
    known = Calibration()
    for estimated, reported in counted:
        known = known.after(estimated, reported)
    assert 0.5 <= known.factor <= 2
    assert 0.05 <= known.error() <= 0.15


def test_the_replies_of_a_conversation_calibrate_it() -> None:
    asked = ASKED * 50
    plain = count_messages(asked, MINI).tokens
    known = calibrated([(asked, round(plain * 1.1)), (asked, round(plain * 1.1))], MINI)
    assert known == Calibration().after(plain, round(plain * 1.1)).after(plain, round(plain * 1.1))


def test_messages_counted_one_by_one_come_to_the_whole() -> None:
    one_by_one = sum(count_message(m.content, SMALL) for m in ASKED)
    assert one_by_one + 3 == count_messages(ASKED, SMALL).tokens
