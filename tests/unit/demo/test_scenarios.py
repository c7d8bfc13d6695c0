"""Every scenario is what its name says, can be found, and is documented."""

from __future__ import annotations

import re

import pytest

from playground.demo.answers import (
    FOREVER,
    Answer,
    Dialect,
    Drop,
    Fail,
    Garbage,
    HangUp,
    Page,
    Pause,
    Refusal,
    Script,
    Silence,
    Step,
)
from playground.demo.attempts import MOST_REMEMBERED, Attempts
from playground.demo.director import Director
from playground.demo.scenarios import SCENARIOS, scenario_list
from playground.demo.scenarios.scenario import called_for
from playground.demo.tokens import count
from tests.support.environment import ROOT
from tests.unit.demo.asking import MEDIUM, answer, asked, finish_of, reply, scenario, text_of

NAMES = [scenario.name for scenario in SCENARIOS]


def steps(name: str) -> list[Step]:
    return list(scenario(name).steps)


def refusal(name: str) -> Refusal:
    given = answer(f"/scenario {name}")
    assert isinstance(given, Refusal)
    return given


def test_names_are_unique_and_easy_to_type() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", name) for name in NAMES)


def test_summaries_are_sentences() -> None:
    for s in SCENARIOS:
        assert s.summary[0].isupper(), s.name
        assert s.summary.endswith("."), s.name


@pytest.mark.parametrize(
    ("prompt", "called"),
    [
        ("/scenario cut", ("cut", "")),
        ("  /Scenario   CUT  ", ("cut", "")),
        ("/scenario tokens 4000 at 400", ("tokens", "4000 at 400")),
        ("/scenario", ("", "")),
        ("You are a helpful assistant.\n\n/scenario cut", ("cut", "")),
        ("/scenarios", None),
        ("What does /scenario cut do?", None),
        ("/scenario cut\nand then?", None),
        ("", None),
    ],
)
def test_a_scenario_is_called_by_a_line_of_its_own(
    prompt: str, called: tuple[str, str] | None
) -> None:
    assert called_for(prompt) == called


def test_the_list_names_all_of_them() -> None:
    listed = reply("/scenario")
    assert listed == f"Type `/scenario NAME` as the whole prompt:\n\n{scenario_list()}"
    assert re.findall(r"^\| `([a-z-]+)", listed, re.MULTILINE) == NAMES


def test_an_unknown_name_gets_the_list() -> None:
    said = reply("/scenario `![x](y)`")
    assert said.startswith("There is no scenario `` `![x](y)` ``. Type `/scenario NAME`")


def test_the_guide_has_the_same_table() -> None:
    guide = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    assert scenario_list() in guide


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_answers_whatever_the_parameters(name: str) -> None:
    given = answer(f"/scenario {name}", max_tokens=4096, stop=["e"], temperature=2)
    assert isinstance(given, (Script, Refusal, Page, HangUp, Silence))


def test_plain_is_an_ordinary_reply_that_names_itself() -> None:
    given = scenario("plain")
    assert finish_of(given) == "stop"
    assert text_of(given).startswith("This is scenario `plain`. An ordinary reply")


@pytest.mark.parametrize(
    ("name", "reason"), [("truncated", "length"), ("filtered", "content_filter")]
)
def test_half_the_text_and_a_reason(name: str, reason: str) -> None:
    given = scenario(name)
    assert finish_of(given) == reason
    assert 20 < count(text_of(given)) < 60


def test_cut_breaks_off_without_a_reason() -> None:
    assert isinstance(steps("cut")[-1], Drop)
    assert finish_of(scenario("cut")) is None


def test_no_finish_ends_without_a_reason_and_no_done_with_one() -> None:
    assert finish_of(scenario("no-finish")) is None
    assert finish_of(scenario("no-done")) == "stop"
    assert scenario("no-finish").dialect is scenario("no-done").dialect is Dialect.BARE


def test_the_in_band_error_comes_after_half_the_text() -> None:
    assert isinstance(steps("in-band-error")[-1], Fail)
    assert finish_of(scenario("in-band-error")) is None


def test_empty_is_a_good_end_without_text() -> None:
    assert finish_of(scenario("empty")) == "stop"
    assert text_of(scenario("empty")) == ""


def test_stall_pauses_for_ever_and_slow_start_for_8_seconds() -> None:
    assert steps("stall")[-1] == Pause(FOREVER)
    assert steps("slow-start")[0] == Pause(8, keep_alive=2)
    assert finish_of(scenario("slow-start")) == "stop"


def test_flaky_breaks_before_the_first_token_and_hang_up_before_any_answer() -> None:
    assert steps("flaky") == [Drop()]
    assert answer("/scenario hang-up") == HangUp()


def test_silent_is_silence_and_keep_alive_only_nothing_else() -> None:
    assert answer("/scenario silent") == Silence()
    assert steps("keep-alive-only") == [Pause(FOREVER, keep_alive=2)]


@pytest.mark.parametrize(
    ("name", "status", "code", "message"),
    [
        ("unauthorized", 401, "unauthorized", "Bad credentials"),
        ("no-access", 403, "no_access", "No access to model: Phi-3-mini-4k-instruct"),
        ("budget", 403, None, "budget"),
        ("unknown-model", 404, "unknown_model", "Unknown model: Phi-3-mini-4k-instruct"),
        ("retired", 410, "github_models_retirement_brownout", "temporarily unavailable"),
        ("too-large", 413, "tokens_limit_reached", "Max size: 8000 tokens."),
        ("context-length", 400, "context_length_exceeded", "context length is 4096 tokens"),
        ("filtered-prompt", 400, "content_filter", "was filtered"),
        ("rate-limit", 429, "RateLimitReached", "15 per 60s"),
        ("rate-limit-day", 429, "RateLimitReached", "150 per 86400s"),
        ("server-error", 500, "internal_server_error", "error"),
        ("overloaded", 503, "overloaded", "overloaded"),
    ],
)
def test_refusals_in_the_words_of_real_servers(
    name: str, status: int, code: str | None, message: str
) -> None:
    given = refusal(name)
    assert (given.status, given.code) == (status, code)
    assert message in given.message


def test_the_filtered_prompt_says_which_category() -> None:
    inner = refusal("filtered-prompt").extra["innererror"]
    assert inner["code"] == "ResponsibleAIPolicyViolation"
    assert inner["content_filter_result"]["violence"]["filtered"] is True


def test_rate_limits_say_how_long_to_wait() -> None:
    assert refusal("rate-limit").headers["retry-after"] == "2"
    day = refusal("rate-limit-day")
    assert day.headers["retry-after"] == "52220"
    assert day.headers["x-ratelimit-timeremaining"] == "52220"
    assert "Please wait 52220 seconds" in day.message
    assert refusal("overloaded").headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("called", "failures"),
    [("rate-limit", 1), ("overloaded", 2), ("flaky", 1), ("flaky 3", 3), ("overloaded 0", 0)],
)
def test_what_fails_first_succeeds_when_sent_again_and_then_begins_anew(
    called: str, failures: int
) -> None:
    director = Director()
    request = asked(f"/scenario {called}")
    for _ in range(2):
        for _ in range(failures):
            assert finish_of_failure(director.answer(request)) is None
        assert finish_of(director.answer(request)) == "stop"


def finish_of_failure(given: Answer) -> str | None:
    return None if isinstance(given, Refusal) else finish_of(given)


def test_failures_are_counted_per_model_and_conversation() -> None:
    director = Director()
    for request in (
        asked("/scenario flaky"),
        asked("/scenario flaky", model=MEDIUM),
        asked("Hi", "Hello", "/scenario flaky"),
    ):
        assert finish_of(director.answer(request)) is None
    assert finish_of(director.answer(asked("/scenario flaky"))) == "stop"


def test_no_more_failures_are_remembered_than_fit() -> None:
    attempts = Attempts()
    for i in range(MOST_REMEMBERED + 10):
        assert attempts.fails(asked(f"{i}"), 1)
    assert len(attempts) == MOST_REMEMBERED
    assert attempts.fails(asked("0"), 1), "the oldest was forgotten"
    assert not attempts.fails(asked(f"{MOST_REMEMBERED}"), 1)


def test_pages_that_are_no_completion() -> None:
    assert answer("/scenario not-a-stream") == Page("OK", "text/plain")
    page = answer("/scenario html-page")
    assert isinstance(page, Page)
    assert page.body.startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(("called", "bad"), [("garbled", 3), ("garbled 10", 10), ("garbled x", 3)])
def test_garbled_has_as_many_bad_lines_and_the_whole_text(called: str, bad: int) -> None:
    given = scenario(called)
    assert sum(isinstance(step, Garbage) for step in given.steps) == bad
    assert text_of(given).endswith("in a way that you can see.")


def test_crlf_says_the_same_in_another_dialect() -> None:
    assert scenario("crlf").dialect is Dialect.ORNATE
    assert text_of(scenario("crlf")).endswith("in a way that you can see.")


def test_another_model_is_reported() -> None:
    assert scenario("other-model").model == "Phi-4-mini-instruct"
