"""Whether a request fits before it is sent, and that each remedy does what it promises."""

from __future__ import annotations

from typing import TypeVar

import pytest

from playground.catalog import Model, load_catalog
from playground.context_fit import (
    LEAST_ANSWER,
    Fit,
    LeaveOutOldest,
    LowerMaxTokens,
    Remedy,
    UseLargerModel,
    Verdict,
    fit,
    remedies,
)
from playground.conversation import Conversation, Run, Turn
from playground.messages import Message, Role
from playground.reply import Reply, Status
from playground.token_count import Calibration, Count

R = TypeVar("R", LowerMaxTokens, UseLargerModel, LeaveOutOldest)
CATALOG = load_catalog()
RUN = Run("Phi-3-mini-4k-instruct", "phi3", "local", "Local")
SYSTEM = "You are a helpful assistant."


def model(name: str) -> Model:
    found = CATALOG.get(f"Phi-3-{name}-instruct")
    assert found is not None
    return found


MINI, SMALL, LARGE = model("mini-4k"), model("small-8k"), model("mini-128k")


def talk(exchanges: int, words: int = 200) -> Conversation:
    """Return a conversation of exchanges of twice `words` tokens or so: u0 a0 u1 a1 …"""
    conversation = Conversation()
    for number in range(exchanges):
        asked = Turn(f"u{number}", conversation.leaf, Role.USER, "word " * words)
        reply = Reply(status=Status.COMPLETED, text="word " * words)
        conversation = conversation.with_turn(asked).with_turn(
            Turn(f"a{number}", asked.id, Role.ASSISTANT, run=RUN, reply=reply)
        )
    return conversation


def measure(
    conversation: Conversation,
    prompt: str = "And now?",
    *,
    max_tokens: int = 1000,
    at: Model = MINI,
    left_out: tuple[str, ...] = (),
    limit: int | None = None,
) -> Fit:
    asked = conversation.with_turn(Turn("now", conversation.leaf, Role.USER, prompt))
    messages = asked.messages("now", SYSTEM, leave_out=left_out)
    return fit(messages, at, max_tokens, limit=limit)


def the(kind: type[R], found: tuple[Remedy, ...]) -> R:
    return next(remedy for remedy in found if isinstance(remedy, kind))


def test_a_short_conversation_fits_and_needs_no_remedy() -> None:
    conversation = talk(1)
    measured = measure(conversation)
    assert measured.verdict is Verdict.FITS
    assert (measured.over_by, measured.to_bring) == (0, 0)
    assert 0 < measured.share < 1
    assert measured.free == MINI.context_tokens - measured.needed
    assert remedies(measured, MINI, CATALOG, conversation.path()) == ()


@pytest.mark.parametrize(
    ("tokens", "verdict", "over"),
    [
        (3000, Verdict.FITS, 0),
        (3076, Verdict.FITS, 0),
        (3077, Verdict.CLOSE, 0),
        (3116, Verdict.CLOSE, 20),
        (3117, Verdict.OVER, 21),
    ],
)
def test_within_the_margin_it_is_too_close_to_tell(
    tokens: int, verdict: Verdict, over: int
) -> None:
    measured = Fit(Count(tokens, 20, counted=True), 1000, 4096)
    assert (measured.verdict, measured.over_by) == (verdict, over)


def test_the_margin_of_the_count_is_part_of_the_fit() -> None:
    assert measure(talk(1), at=MINI).prompt.counted
    assert not measure(talk(1), at=SMALL).prompt.counted


def test_the_connections_own_limit_counts_where_it_is_the_smaller() -> None:
    assert measure(talk(1), limit=2000).window == 2000
    assert measure(talk(1), limit=2000).limited_by_connection
    assert measure(talk(1), limit=8000).window == 4096
    assert not measure(talk(1), limit=8000).limited_by_connection


def test_what_the_server_counted_is_taken_into_account() -> None:
    messages = (Message(Role.USER, "word " * 3000),)
    assert fit(messages, MINI, 500).verdict is Verdict.FITS
    counted_more = Calibration().after(3000, 4200)
    assert fit(messages, MINI, 500, calibration=counted_more).verdict is Verdict.OVER


def test_lowered_max_tokens_fit_for_sure_and_bring_what_they_say() -> None:
    conversation = talk(8)
    measured = measure(conversation)
    assert measured.verdict is Verdict.OVER
    lower = the(LowerMaxTokens, remedies(measured, MINI, CATALOG, conversation.path()))
    assert measure(conversation, max_tokens=lower.max_tokens).verdict is Verdict.FITS
    assert lower.max_tokens >= LEAST_ANSWER
    assert lower.brings == 1000 - lower.max_tokens


def test_max_tokens_are_not_lowered_to_an_answer_of_no_use() -> None:
    conversation = talk(10)
    found = remedies(measure(conversation), MINI, CATALOG, conversation.path())
    assert not any(isinstance(remedy, LowerMaxTokens) for remedy in found)


@pytest.mark.parametrize("size", ["mini", "small", "medium"])
def test_the_larger_model_is_of_the_same_size(size: str) -> None:
    at = model(f"{size}-{'8k' if size == 'small' else '4k'}")
    conversation = talk(30)
    found = remedies(measure(conversation, at=at), at, CATALOG, conversation.path())
    larger = the(UseLargerModel, found)
    assert larger.model == f"Phi-3-{size}-128k-instruct"
    assert (larger.window, larger.enough) == (131_072, True)
    assert larger.brings == 131_072 - at.context_tokens


def test_no_larger_model_is_named_where_there_is_none_or_it_cannot_help() -> None:
    conversation = talk(10)
    limited = remedies(measure(conversation, limit=4000), MINI, CATALOG, conversation.path())
    at_large = remedies(Fit(Count(131_000, 9, counted=True), 1000, 131_072), LARGE, CATALOG, ())
    assert not any(isinstance(remedy, UseLargerModel) for remedy in (*limited, *at_large))


def test_a_text_beyond_all_models_is_not_said_to_fit_the_larger_one() -> None:
    found = remedies(Fit(Count(200_000, 9, counted=True), 1000, 4096), MINI, CATALOG, ())
    assert [remedy.enough for remedy in found] == [False]


def test_the_oldest_exchanges_are_left_out_whole_and_no_more_than_needed() -> None:
    conversation = talk(9)
    measured = measure(conversation)
    oldest = the(LeaveOutOldest, remedies(measured, MINI, CATALOG, conversation.path()))
    assert oldest.turns == tuple(f"{who}{n}" for n in range(oldest.exchanges) for who in "ua")
    assert oldest.enough
    without = measure(conversation, left_out=oldest.turns)
    assert without.verdict is Verdict.FITS
    assert oldest.brings == measured.prompt.tokens - without.prompt.tokens
    one_less = measure(conversation, left_out=oldest.turns[:-2])
    assert one_less.verdict is not Verdict.FITS


def test_what_is_left_out_already_is_not_offered_again() -> None:
    conversation = talk(12)
    left_out = ("u0", "a0")
    measured = measure(conversation, left_out=left_out)
    found = remedies(measured, MINI, CATALOG, conversation.path(), left_out=left_out)
    assert the(LeaveOutOldest, found).turns[0] == "u1"


def test_the_prompt_that_is_answered_anew_is_kept() -> None:
    conversation = talk(2, words=2000)
    measured = fit(conversation.messages("u1", SYSTEM), MINI, 1000)
    found = remedies(measured, MINI, CATALOG, conversation.path("u1"), keep_last=True)
    assert the(LeaveOutOldest, found).turns == ("u0", "a0")
    only = talk(1, words=4000)
    measured = fit(only.messages("u0", SYSTEM), MINI, 1000)
    found = remedies(measured, MINI, CATALOG, only.path("u0"), keep_last=True)
    assert not any(isinstance(remedy, LeaveOutOldest) for remedy in found)


def test_a_prompt_too_long_by_itself_says_that_leaving_out_is_not_enough() -> None:
    conversation = talk(2)
    measured = measure(conversation, "word " * 5000)
    oldest = the(LeaveOutOldest, remedies(measured, MINI, CATALOG, conversation.path()))
    assert (oldest.exchanges, oldest.enough) == (2, False)


def test_a_continued_reply_goes_with_its_prompt_and_a_failed_one_brings_nothing() -> None:
    conversation = talk(1, words=1800)
    more = Reply(status=Status.COMPLETED, text="word " * 1800)
    conversation = conversation.with_turn(
        Turn("a0b", "a0", Role.ASSISTANT, run=RUN, reply=more)
    ).with_turn(Turn("u1", "a0b", Role.USER, "Go on"))
    failed = Turn("a1", "u1", Role.ASSISTANT, run=RUN, reply=Reply(status=Status.FAILED))
    conversation = conversation.with_turn(failed)
    found = remedies(measure(conversation), MINI, CATALOG, conversation.path())
    assert the(LeaveOutOldest, found).turns == ("u0", "a0", "a0b")
    failed_only = Conversation().with_turn(Turn("a", None, Role.ASSISTANT, reply=failed.reply))
    measured = measure(failed_only, "word " * 5000)
    found = remedies(measured, MINI, CATALOG, failed_only.path())
    assert not any(isinstance(remedy, LeaveOutOldest) for remedy in found)
