"""A link to a setup: what it carries comes back the same, and a hostile one does no harm."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.catalog import load_catalog
from playground.parameters import NUMERIC_PARAMETERS, Parameters
from playground.setup_link import KEYS, MODEL, PROMPT, SYSTEM, Setup, read_setup, setup_link

MINI = "Phi-3-mini-4k-instruct"


def opened(query: str) -> Setup:
    """Return what the page is set to after opening the link, as a browser decodes it."""
    return read_setup(dict(parse_qsl(query, keep_blank_values=True)))


def numbers(name: str) -> st.SearchStrategy[Any]:
    spec = next(s for s in NUMERIC_PARAMETERS if s.name == name)
    if spec.step == 1:
        return st.integers(int(spec.minimum), int(spec.maximum))
    return st.floats(spec.minimum, 2.0 if name == "temperature" else spec.maximum)


honest = st.characters(
    exclude_categories=["Cc", "Cs"],
    exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
)
texts = st.text(honest | st.sampled_from("\n\t\r&=+%#?"), max_size=60)
parameters = st.builds(
    Parameters,
    **{s.name: numbers(s.name) for s in NUMERIC_PARAMETERS if s.name != "seed"},
    seed=st.none() | numbers("seed"),
    stop=st.lists(texts.filter(bool), max_size=4).map(tuple),
)
setups = st.builds(
    Setup, st.none() | st.sampled_from(load_catalog().names()), parameters, texts, texts
)


@given(setups)
def test_a_link_opens_the_page_as_it_was(setup: Setup) -> None:
    link = setup_link(setup)
    if not link.problems:  # four stop strings and two texts can be too long in some alphabets
        assert opened(link.query) == setup
    assert len(link.query) <= 4000


@given(setups, st.integers(0, 3000))
def test_what_does_not_fit_is_left_out_with_a_sentence_and_nothing_else_changes(
    setup: Setup, base: int
) -> None:
    setup = replace(setup, prompt=setup.prompt + "x" * 3000)
    link = setup_link(setup, base)
    assert base + len(link.query) <= 4000
    back = opened(link.query)
    if base > 1000:
        assert back.prompt == ""
        assert any(p.startswith("The prompt is not part of the link") for p in link.problems)
    assert back.problems == ()
    for field in fields(Parameters):
        # Each parameter is as it was, or the link said that the stop strings are not in it.
        same = getattr(back.parameters, field.name) == getattr(setup.parameters, field.name)
        assert same or any("stop strings" in problem for problem in link.problems)


@given(st.dictionaries(st.sampled_from([MODEL, SYSTEM, PROMPT, *KEYS.values(), "c"]), st.text()))
def test_no_link_whatsoever_raises_or_sets_what_could_not_be_sent(query: dict[str, str]) -> None:
    setup = read_setup(query)
    assert setup.parameters.problems(temperature_max=2.0) == {}
    assert setup.model is None or load_catalog().get(setup.model)


@given(st.dictionaries(st.text(), st.none() | st.integers() | st.lists(st.text())))
def test_not_even_one_that_is_no_text(query: dict[str, Any]) -> None:
    read_setup(query | {"m": ["a"], "temp": 3})


def test_only_what_differs_from_the_defaults_is_in_the_link() -> None:
    assert setup_link(Setup()).query == ""
    assert setup_link(Setup(MINI)).query == f"m={MINI}"
    short = Setup(MINI, Parameters(temperature=0.2), "", "Hi there & co?")
    assert setup_link(short).query == f"m={MINI}&temp=0.2&sys=&q=Hi%20there%20%26%20co%3F"


def test_its_names_never_mean_anything_else_on_the_page() -> None:
    names = [MODEL, SYSTEM, PROMPT, *KEYS.values()]
    assert len(set(names)) == len(names)
    # A conversation, a share token, and two that Streamlit keeps for itself.
    assert not {"c", "t", "embed", "embed_options"} & set(names)
    assert KEYS.keys() == {field.name for field in fields(Parameters)}


def test_nothing_of_a_connection_can_be_set() -> None:
    foreign = {"endpoint": "http://evil.example", "key": "k", "connection": "x", "c": "1", "t": "2"}
    assert read_setup(foreign).empty
    assert read_setup(foreign | {"temp": "0"}) == Setup(parameters=Parameters(temperature=0.0))


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("m", "gpt-4", "The model in this link was ignored: no model here has this name."),
        ("temp", "2.01", "The temperature in this link was ignored: it must be from 0 to 2."),
        ("temp", "nan", "The temperature in this link was ignored: it is not a number."),
        ("temp", "\u0661", "The temperature in this link was ignored: it is not a number."),
        ("temp", "1e9", "The temperature in this link was ignored: it is not a number."),
        ("max", "0", "The max tokens in this link was ignored: it must be from 1 to 4096."),
        ("max", "1.5", "The max tokens in this link was ignored: it is not a whole number."),
        ("max", "9" * 999, "The max tokens in this link was ignored: it is not a whole number."),
        ("seed", "-1", "The seed in this link was ignored: it must be from 0 to 2147483647."),
        ("stop", "[" * 3999, "it is not a list of at most 4 texts."),
        ("stop", '["a","b","c","d","e"]', "it is not a list of at most 4 texts."),
        ("stop", '[""]', "each must be a plain text of 1 to 200 characters."),
        ("stop", '["\\u0000"]', "each must be a plain text of 1 to 200 characters."),
        ("sys", "x" * 4001, "it is longer than 4,000 characters."),
        ("q", "a\x00b", "it holds control characters, or some that reorder what is read."),
        ("q", "a\u202eb", "it holds control characters, or some that reorder what is read."),
        ("q", "\ud800", "it holds control characters, or some that reorder what is read."),
    ],
)
def test_what_is_wrong_is_ignored_with_a_sentence(key: str, value: str, sentence: str) -> None:
    setup = read_setup({key: value, "top": "0.5"})
    assert len(setup.problems) == 1
    assert setup.problems[0].endswith(sentence)
    assert replace(setup, problems=()) == Setup(parameters=Parameters(top_p=0.5))


def test_a_sentence_never_quotes_what_the_link_says() -> None:
    hostile = "![x](http://evil.example)"
    setup = read_setup(dict.fromkeys([MODEL, *KEYS.values()], hostile))
    assert len(setup.problems) == 1 + len(KEYS)
    assert not any("evil" in problem for problem in setup.problems)


def test_a_prompt_that_cannot_be_read_back_is_not_put_in() -> None:
    link = setup_link(Setup(MINI, prompt="a\x07b"))
    assert link.query == f"m={MINI}"
    assert len(link.problems) == 1
    assert link.problems[0].startswith("The prompt is not part of the link: it holds control")


def test_a_short_prompt_is_not_sacrificed_for_a_system_message_that_is_too_long_anyway() -> None:
    link = setup_link(Setup(MINI, system_message="é" * 1000, prompt="Hello"))
    assert link.query == f"m={MINI}&q=Hello"
    assert len(link.problems) == 1
    assert link.problems[0].startswith("The system message is not part of the link: with it, the")
