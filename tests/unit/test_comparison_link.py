"""A link to a comparison's panes: what comes back, what does not fit, and what is wrong in one."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs

from playground.catalog import load_catalog
from playground.comparison import MAX_PANES, Pane
from playground.comparison_link import PANE, comparison_link, read_comparison_link
from playground.parameters import Parameters
from playground.setup_link import MAX_URL, Setup

NAMES = load_catalog().names()
PANES = (
    Pane(NAMES[0], "secret-place", parameters=Parameters(temperature=0.2, stop=("a&b", "\n"))),
    Pane(NAMES[1], "secret-place", system_message="Answer in verse & rhyme; 100 %."),
)


def read(query: str) -> tuple[tuple[Setup, ...], str, tuple[str, ...]]:
    """Return what a browser's query says."""
    values = parse_qs(query, keep_blank_values=True)
    rest = {name: found[0] for name, found in values.items() if name != PANE}
    return read_comparison_link(values.get(PANE, []), rest)


def test_a_link_brings_back_panes_and_prompt_and_names_no_connection() -> None:
    link = comparison_link(PANES, "What & why?")
    setups, prompt, problems = read(link.query)
    assert [(s.model, s.parameters, s.system_message) for s in setups] == [
        (pane.model, pane.parameters, pane.system_message) for pane in PANES
    ]
    assert (prompt, problems, link.problems) == ("What & why?", (), ())
    assert "secret-place" not in link.query


def test_a_link_that_is_too_long_loses_the_prompt_then_system_messages_and_says_so() -> None:
    base = len("http://127.0.0.1:8501/compare?")
    link = comparison_link(PANES, "why " * 900, base_length=base)
    assert len(link.query) + base <= MAX_URL
    assert ["prompt" in problem for problem in link.problems] == [True]
    assert read(link.query)[0][1].system_message == PANES[1].system_message
    long = tuple(replace(PANES[0], id=str(n), system_message="x " * 900) for n in range(MAX_PANES))
    link = comparison_link(long, "Hi", base_length=base)
    assert len(link.query) + base <= MAX_URL
    assert any("system messages" in problem for problem in link.problems)
    assert [s.parameters for s in read(link.query)[0]] == [PANES[0].parameters] * MAX_PANES


def test_what_is_wrong_in_a_link_is_left_out_and_told_by_pane() -> None:
    query = "pane=m%3Dgpt-9%26temp%3D0.5&pane=temp%3Dhot&" + "pane=&" * MAX_PANES
    setups, prompt, problems = read(query)
    assert len(setups) == MAX_PANES
    assert setups[0].model is None
    assert setups[0].parameters.temperature == 0.5
    assert prompt == ""
    assert any(problem.startswith("Pane 1: ") for problem in problems)
    assert any(problem.startswith("Pane 2: ") for problem in problems)
    assert any("the first 6" in problem for problem in problems)


def test_one_pane_is_no_comparison() -> None:
    setups, _, problems = read("pane=temp%3D0.5")
    assert setups == ()
    assert "fewer than 2" in problems[0]
