"""Replies react to the system message, the parameters, the window and what was begun."""

from __future__ import annotations

from playground.demo.answers import Refusal
from tests.unit.demo.asking import FALLBACK, MEDIUM, SMALL, answer, reply


def test_a_wish_for_brevity_in_the_system_message_is_followed() -> None:
    said = reply("What is the capital of France?", model=SMALL, system="Answer in one sentence.")
    assert said == "The capital of France is **Paris**."
    assert reply("Show me a table", system="Be brief.") == "How long does a stone fall?"
    assert reply("Sing me a song", system="Be brief.") == "A song for two voices and a kettle."
    assert "\n" not in reply("Tell me a long story", system="Keep it short.")


def test_a_pirate_in_the_system_message_is_heard_outside_code() -> None:
    said = reply("Hello!", system="Talk like a pirate.")
    assert said.startswith("Arr! Ahoy! I am a scripted demo")
    code = reply("Write some code", system="You are a pirate.")
    assert code.startswith("Arr! The script has one program")
    assert "return a\n" in code
    assert reply("Write a haiku", system="You are a pirate.").startswith("Arr!\n\n> Old prompt")
    assert "Ye be welcome!" in reply("Thanks", system="You are a pirate.")


def test_medium_does_not_see_the_system_message_but_what_stands_above_the_prompt() -> None:
    assert not reply("Hello!", model=MEDIUM, system="Talk like a pirate.").startswith("Arr!")
    assert reply("Talk like a pirate.\n\nHello!", model=MEDIUM).startswith("Arr! Ahoy!")


def test_a_system_message_above_the_prompt_is_no_question() -> None:
    prompt = "Write code in Python only.\n\nWhat is 2 + 2?"
    assert reply(prompt, model=MEDIUM).startswith("2 + 2 = **4**")


def test_penalties_reach_the_reply() -> None:
    plain = reply("Sing me a song")
    assert plain.count("Round and round") == 3
    assert reply("Sing me a song", frequency_penalty=1).count("Round and round") == 1
    assert "On another subject" in reply("Sing me a song", presence_penalty=1)


def test_a_reply_that_was_begun_is_continued_where_it_broke_off() -> None:
    whole = reply("Tell me a long story.")
    begun = whole[:700]
    rest = reply("Tell me a long story.", begun)
    assert begun + rest == whole


def test_a_begun_reply_in_another_wording_is_continued_too() -> None:
    assert reply("Hello!", "Hi there! No model is", temperature=1).startswith(" connected yet")


def test_a_begun_reply_with_nothing_left_says_so() -> None:
    assert "no more to say" in reply("Hello!", reply("Hello!"))


def test_a_begun_reply_that_is_not_the_scripts_is_not_continued() -> None:
    assert "what it began itself" in reply("Hello!", "It was a dark and stormy")


def test_asked_to_go_on_it_goes_on() -> None:
    story = "Tell me a long story."
    whole = reply(story)
    first, second = whole[:500], whole[500:900]
    assert reply(story, first, "Continue") == whole[500:]
    assert reply(story, first, "please go on!", second, "more") == whole[900:]


def test_go_on_is_an_ordinary_prompt_where_nothing_came_before() -> None:
    assert FALLBACK in reply("Continue")


def test_the_window_of_the_model_bounds_prompt_and_reply_together() -> None:
    prompt = "word " * 3000
    refusal = answer(prompt, max_tokens=1100)
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code) == (400, "context_length_exceeded")
    assert refusal.message.startswith("This model's maximum context length is 4096 tokens. However")
    assert "1100 in the completion" in refusal.message
    assert reply(prompt, max_tokens=900)
    assert reply(prompt, max_tokens=4096, model=SMALL)


def test_without_max_tokens_only_the_prompt_must_fit() -> None:
    assert reply("word " * 4000)
    assert isinstance(answer("word " * 4200), Refusal)


def test_a_huge_prompt_fits_the_128k_models() -> None:
    assert reply("word " * 100_000, model="Phi-3-mini-128k-instruct")


def test_the_same_request_at_a_seed_gets_the_same_reply() -> None:
    said = {reply("Hello!", temperature=1, seed=seed) for seed in range(30)}
    assert len(said) > 1
    for seed in range(5):
        assert len({reply("Hello!", temperature=1, seed=seed) for _ in range(5)}) == 1
