"""What the demo says to people."""

from __future__ import annotations

import re

import pytest

from playground.catalog import load_catalog
from playground.demo.scripts import EXAMPLES
from playground.demo.scripts.capitals import CAPITALS
from playground.demo.tokens import count
from playground.events import FinishReason
from tests.unit.demo.asking import FALLBACK, MEDIUM, MINI, SMALL, answer, finish_of, reply


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
        ("How do I reverse a list in Python?", "The script has one program in stock"),
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
