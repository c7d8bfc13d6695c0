"""What is said in scenarios that differ in their text."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest

from playground.demo.answers import Script
from playground.demo.scenarios.contents import filler
from tests.unit.demo.asking import answer, finish_of, reply, scenario, text_of


def test_leaked_markers_stand_at_the_end() -> None:
    assert text_of(scenario("leak-tokens")).endswith("<|end|>\n<|assistant|>")


def test_long_is_4000_tokens_in_the_models_tempo() -> None:
    assert count_said(scenario("long")) == 4000
    assert scenario("long").tempo is None


def count_said(given: Script) -> int:
    return sum(len(step.tokens) for step in given.steps if hasattr(step, "tokens"))


@pytest.mark.parametrize(
    ("called", "tokens", "rate"),
    [
        ("tokens 4000 at 400", 4000, 400),
        ("tokens 250 @ 50", 250, 50),
        ("tokens 10", 10, float("inf")),
        ("tokens 7 at 0", 7, float("inf")),
        ("tokens 999999999 at 999999999", 100_000, 10_000),
        ("tokens 0 at 5", 0, 5),
    ],
)
def test_tokens_are_exactly_as_many_as_asked_for(called: str, tokens: int, rate: float) -> None:
    given = scenario(called)
    assert count_said(given) == tokens
    assert given.tempo is not None
    assert (given.tempo.rate, given.tempo.scaled) == (rate, False)


@pytest.mark.parametrize("argument", ["", "many", "10 per second", "-3"])
def test_tokens_without_a_number_explains_itself(argument: str) -> None:
    assert "`/scenario tokens 4000 at 400`" in text_of(scenario(f"tokens {argument}"))


def test_the_filler_is_varied_markdown() -> None:
    text = "".join(filler(1000))
    for part in ("### ", "\n- ", "\n1. ", "```python", "\n| ", "\n> "):
        assert part in text


def test_the_echo_is_the_request_as_it_came() -> None:
    said = reply(
        "Hi", "```x```", "/scenario echo-parameters", system="Be kind.", top_p=0.5, odd=[1]
    )
    fence, _, rest = said.partition("\n")
    assert fence == "````json"
    echoed = json.loads(rest.removesuffix("````"))
    assert echoed["top_p"] == 0.5
    assert echoed["odd"] == [1]
    assert [m["content"] for m in echoed["messages"]] == [
        "Be kind.", "Hi", "```x```", "/scenario echo-parameters",
    ]  # fmt: skip


def test_an_echo_of_long_messages_stays_bounded() -> None:
    turns = ("x" * 10_000, "y", "/scenario echo-parameters")
    echoed = json.loads(reply(*turns).strip("`").removeprefix("json"))
    assert echoed["messages"][0]["content"] == "x" * 4000 + "… (10000 characters)"


def test_hostile_addresses_belong_to_nobody() -> None:
    text = text_of(scenario("hostile"))
    hosts = re.findall(r"(?<!/)//([a-z0-9.-]+)", text)
    assert len(hosts) > 15
    assert [host for host in hosts if not host.endswith(".example.invalid")] == []


@pytest.mark.parametrize("name", ["cut", "truncated", "filtered", "stall", "no-finish"])
def test_a_reply_that_was_cut_short_can_be_continued(name: str) -> None:
    begun = "".join("".join(s.tokens) for s in scenario(name).steps if hasattr(s, "tokens"))
    rest = answer(f"/scenario {name}", begun)
    assert finish_of(rest) == "stop"
    assert text_of(rest).endswith("in a way that you can see.")
    assert (begun + text_of(rest)).count("A lighthouse does one thing") == 1


def test_the_texts_have_no_two_blank_lines_in_a_row() -> None:
    for name in ("plain", "markdown", "hostile"):
        lines = text_of(scenario(name)).split("\n")
        in_code = False
        for before, after in pairwise(lines):
            in_code ^= before.startswith(("```", "~~~"))
            assert in_code or before or after, name
