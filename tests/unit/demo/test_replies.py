"""What the demo says to people."""

from __future__ import annotations

import re

import pytest

from playground.catalog import load_catalog
from playground.demo.answers import Refusal
from playground.demo.scripts import EXAMPLES
from playground.demo.scripts.capitals import CAPITALS
from playground.demo.tokens import count
from playground.events import FinishReason
from tests.unit.demo.asking import MEDIUM, MINI, SMALL, answer, finish_of, reply

FALLBACK = "None is connected yet: this reply is scripted"


@pytest.mark.parametrize(
    "prompt",
    [
        "What is the capital of France?",
        "what's the CAPITAL of france",
        "Capital city of France, please!",
        "Was ist die Hauptstadt von Frankreich?",
        "You are a helpful assistant.\n\nWhat is the capital of France?",
    ],
)
def test_the_usual_first_question(prompt: str) -> None:
    assert reply(prompt) == "The capital of France is **Paris**."


@pytest.mark.parametrize(
    ("follow_up", "capital"),
    [
        ("What about Spain?", "Madrid"),
        ("And Germany?", "Berlin"),
        ("italy", "Rome"),
        ("How about Portugal", "Lisbon"),
        ("what about japan??", "Tokyo"),
        ("Und Österreich?", "Vienna"),
        ("And the USA?", "Washington, D.C."),
        ("What about the Netherlands?", "Amsterdam"),
    ],
)
def test_a_second_turn_goes_by_the_first(follow_up: str, capital: str) -> None:
    said = reply("What is the capital of France?", "Paris.", follow_up)
    assert f"**{capital}**" in said


def test_a_third_turn_goes_by_the_ones_before() -> None:
    turns = ("What is the capital of France?", "Paris.", "What about Spain?", "Madrid.")
    assert "**Rome**" in reply(*turns, "And Italy?")


@pytest.mark.parametrize("before", [(), ("Hello!", "Hello.")])
def test_what_about_spain_alone_is_not_about_capitals(before: tuple[str, ...]) -> None:
    assert "Madrid" not in reply(*before, "What about Spain?")


def test_a_long_sentence_with_a_country_is_no_follow_up() -> None:
    said = reply("Capital of France?", "Paris.", "I would love to travel through Spain one day.")
    assert "Madrid" not in said


def test_a_country_that_is_not_in_the_script_is_named() -> None:
    assert reply("What is the capital of Atlantis?").startswith(
        "I do not know the capital of Atlantis"
    )


@pytest.mark.parametrize("country", CAPITALS)
def test_every_capital_can_be_asked_for(country: str) -> None:
    assert f"**{CAPITALS[country][0]}**" in reply(f"What is the capital of {country}?")


@pytest.mark.parametrize(
    ("prompt", "start"),
    [
        ("Hello!", "Hello! I am a scripted demo"),
        ("hey there", "Hello! I am a scripted demo"),
        ("Grüß dich", "Grüß dich! Hier antwortet ein Drehbuch"),
        ("GRÜSS DICH!", "Grüß dich!"),
        ("How are you?", "Very well"),
        ("Thank you", "You are welcome"),
        ("Goodbye", "Goodbye!"),
        ("Tell me a joke", "Why did the language model"),
        ("Who are you?", "I am the scripted demo of this playground: **no model runs here**"),
        ("Are you a real model?", "I am the scripted demo"),
        ("help", "I am the scripted demo"),
        ("Count to ten", "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."),
        ("count up to 3", "1, 2, 3."),
        ("Say hello in Japanese", "In Japanese: **こんにちは**."),
        ("Good morning in polish", "In Polish: **Cześć**."),
        ("17 * 23", "17 * 23 = **391**"),
        ("What is 2 + 2?", "2 + 2 = **4**"),
        ("What is 12 \u00d7 12?", "12 \u00d7 12 = **144**"),
        ("7 - 10 =", "7 - 10 = **-3**"),
        ("1/3", "1 / 3 = **0.333333**"),
        ("1 / 0", "Nothing can be divided by zero"),
        ("Tell me a long story.", "**The Lamp at Skarrow Point**"),
        ("Write a haiku", "> Old prompt"),
        ("Sing me a song", "A song for two voices"),
        ("Summarise this: One two. Three four five.", "I can count your text"),
        ("Summarise this playground", "This playground in three lines"),
        ("Write some code", "The script has one program in stock"),
        ("Show me some maths", "The quadratic equation $ax^2"),
        ("Show me a table, some code and a formula.", "How long does a stone fall?"),
        ("Explain it to me step by step", "There is one thing this script can explain"),
        ("Compare the six Phi-3 models", "The six models in figures"),
        ("What does temperature do?", "**Temperature**: "),
    ],
)
def test_each_subject_has_its_reply(prompt: str, start: str) -> None:
    assert reply(prompt).startswith(start)


def test_every_example_that_is_offered_is_answered() -> None:
    for example in EXAMPLES:
        assert FALLBACK not in reply(example), example


def test_anything_else_is_quoted_back_with_what_can_be_asked_and_how_to_connect() -> None:
    said = reply("Explain photosynthesis")
    assert said.startswith("You wrote `Explain photosynthesis`")
    assert FALLBACK in said
    assert "- `What is the capital of France?`" in said
    assert "AZURE_INFERENCE_ENDPOINT=http" in said


def test_what_is_quoted_back_is_short_and_no_markdown() -> None:
    said = reply(f"![pixel](https://x.example.invalid/a.png) ``` <b> {'word ' * 500}")
    assert "```` ![pixel]" not in said
    quote = re.match(r"You wrote (````)(.+?)\1,", said)
    assert quote
    assert len(quote[2]) <= 161
    assert "![pixel]" not in said.replace(quote[0], "")


def test_an_empty_prompt_is_answered() -> None:
    assert reply(" ").startswith("There is no prompt in this request")


@pytest.mark.parametrize("example", [*EXAMPLES, "Explain photosynthesis"])
def test_the_larger_the_model_the_more_it_says(example: str) -> None:
    lengths = [count(reply(example, model=model)) for model in (MINI, SMALL, MEDIUM)]
    assert lengths == sorted(lengths)


def test_the_story_is_long_and_mini_ends_it_within_the_default_limit() -> None:
    mini = answer("Tell me a long story.", max_tokens=1000)
    assert finish_of(mini) is FinishReason.STOP
    assert 600 < count(reply("Tell me a long story.")) < 1000
    assert 1300 < count(reply("Tell me a long story.", model=MEDIUM)) < 1700


def test_the_comparison_has_the_catalogs_figures_and_their_source() -> None:
    said = reply("Compare the six Phi-3 models.")
    for model in load_catalog():
        row = next(line for line in said.splitlines() if model.label in line)
        assert f"{model.scores['MMLU']:.1f}" in row
        assert f"{model.context_tokens:,}" in row
        assert model.size_label in row
    assert load_catalog().sources["benchmarks"] in said


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("Write Rust code", "rust"),
        ("a javascript function please", "javascript"),
        ("write a program in Go", "go"),
        ("C code, please", "c"),
        ("Write an SQL script", "sql"),
    ],
)
def test_code_comes_in_the_language_asked_for(prompt: str, language: str) -> None:
    assert re.findall(r"^```(\w+)$", reply(prompt), re.MULTILINE) == [language]


def test_the_python_in_the_replies_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for prompt, printed in (
        ("Write Python code", "21\n"),
        ("Show me a table, some code and a formula.", " 100 m  4.52 s  44.3 m/s\n"),
    ):
        (block,) = re.findall(r"```python\n(.*?)```", reply(prompt), re.DOTALL)
        exec(compile(block, "reply", "exec"), {})  # noqa: S102 - our own text
        assert capsys.readouterr().out.endswith(printed)


def test_the_maths_shows_every_notation_and_money() -> None:
    said = reply("Show me some maths")
    for part in ("$ax^2", "$$\n", r"\(e^", "\\[\n", "$5 and a slice of cake for $6", r"`\(x\)`"):
        assert part in said


def test_it_can_tell_how_many_messages_came() -> None:
    prompt = "How many messages did I send you?"
    assert reply(prompt) == (
        "You have sent me **1 message**, this one included. The request came to 11 tokens."
    )
    assert "**2 messages**" in reply("Hello", "Hello!", prompt)
    assert ", with 1 reply of mine and 1 system message." in reply(
        "Hello", "Hello!", prompt, system="Be kind."
    )


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


def test_no_reply_claims_to_be_a_models() -> None:
    for example in EXAMPLES:
        for model in (MINI, MEDIUM):
            said = reply(example, model=model).lower()
            for claim in (
                "i am phi",
                "i'm phi",
                "as an ai",
                "as a language model",
                "i was trained",
            ):
                assert claim not in said


def test_the_same_request_at_a_seed_gets_the_same_reply() -> None:
    said = {reply("Hello!", temperature=1, seed=seed) for seed in range(30)}
    assert len(said) > 1
    for seed in range(5):
        assert len({reply("Hello!", temperature=1, seed=seed) for _ in range(5)}) == 1
