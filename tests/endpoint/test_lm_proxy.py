"""The endpoint against LM-Proxy, a second gateway that no one here wrote, in front of llama.cpp."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from playground import errors
from playground.checkup import checkup
from playground.checkup_steps import Mark, Step
from playground.connections import Connection, Credential, Kind
from playground.discovery import FoundServer, discover
from playground.parameters import Parameters
from playground.reply import Status
from tests.endpoint.asking import Asker
from tests.support.peers import (
    ENDLESS_THROUGH_LITELLM,
    KEY,
    THROUGH_LITELLM,
    LlamaCpp,
    LmProxy,
)
from tests.support.tiny_phi3 import (
    COUNT,
    COUNTED,
    FRANCE,
    GREET,
    GREETED,
    PARIS,
    STORY_BEGINS,
    TOO_LONG,
    TOO_LONG_TOKENS,
    question,
    story_without_end,
)


@pytest.fixture
def ask(lm_proxy: LmProxy) -> Iterator[Asker]:
    with Asker(lm_proxy.endpoint, credential=Credential(KEY), kind=Kind.GATEWAY) as asker:
        yield asker


def test_the_network_guard_stands_in_its_process_too(lm_proxy: LmProxy) -> None:
    look = "import sys; sys.exit('network_guard' not in sys.modules)"
    command = [lm_proxy._command[0], "-c", look]
    assert subprocess.run(command, env=lm_proxy._env, timeout=60, check=False).returncode == 0


def test_it_is_found_as_a_server_that_wants_a_key(lm_proxy: LmProxy) -> None:
    assert discover([lm_proxy.port], seconds=30) == (
        FoundServer(Kind.CHAT_COMPLETIONS, lm_proxy.endpoint, wants_key=True),
    )


def test_its_test_passes_but_for_the_usage_that_it_drops(lm_proxy: LmProxy) -> None:
    connection = Connection("p", "P", lm_proxy.endpoint, Credential(KEY), kind=Kind.GATEWAY)
    results = {result.step: result for result in checkup(connection)}
    failed = [step for step, result in results.items() if result.mark is Mark.FAILED]
    assert failed == [Step.USAGE]
    assert [m.name for m in results[Step.MODELS].models] == [
        THROUGH_LITELLM,
        ENDLESS_THROUGH_LITELLM,
    ]


def test_a_reply_is_complete_and_characters_arrive_whole(ask: Asker) -> None:
    reply = ask(question(FRANCE, model=THROUGH_LITELLM)).reply
    assert (reply.text, reply.status, reply.skipped) == (PARIS, Status.COMPLETED, 0)
    assert ask(question(GREET, model=THROUGH_LITELLM)).reply.text == GREETED
    second = ask(question(FRANCE, PARIS, COUNT, model=THROUGH_LITELLM)).reply
    assert second.text == COUNTED


def test_an_answer_that_is_cut_at_max_tokens_is_called_complete_by_it(ask: Asker) -> None:
    """It sends a finish reason of its own, whatever the server behind it said."""
    asked = question(COUNT, model=THROUGH_LITELLM, parameters=Parameters(max_tokens=5))
    reply = ask(asked).reply
    assert COUNTED.startswith(reply.text)
    assert reply.status is Status.COMPLETED


def test_a_wrong_key_is_told_although_its_status_is_403(ask: Asker) -> None:
    ask.connect(credential=Credential("sk-wrong"), kind=Kind.GATEWAY)
    error = ask(question(FRANCE, model=THROUGH_LITELLM)).raised()
    assert isinstance(error, errors.AuthenticationFailed)
    assert (error.status, error.code) == (403, "invalid_api_key")
    assert "Incorrect API key" in error.detail


def test_an_unknown_model_is_a_failure_of_its_own_and_the_test_tells_the_name(
    ask: Asker, lm_proxy: LmProxy
) -> None:
    assert isinstance(ask(question(FRANCE, model="Phi-3-nano")).raised(), errors.ServerFailed)
    connection = Connection(
        "p",
        "P",
        lm_proxy.endpoint,
        Credential(KEY),
        kind=Kind.GATEWAY,
        deployments={THROUGH_LITELLM: "Phi-3-nano"},
    )
    results = {result.step: result for result in checkup(connection)}
    assert "not served: Phi-3-nano" in results[Step.MODELS].said


def test_a_prompt_over_the_window_is_told_with_the_numbers(ask: Asker) -> None:
    """It begins a stream and tells the refusal of the server behind it in there, as text."""
    error = ask(question(TOO_LONG, model=THROUGH_LITELLM)).raised()
    assert isinstance(error, errors.ContextTooLong)
    assert error.status is None
    assert f"{TOO_LONG_TOKENS} tokens is longer than the server's window of 4096" in error.happened


def test_a_server_that_dies_behind_it_in_mid_answer_leaves_what_had_come(
    ask: Asker, endless_llama_cpp: LlamaCpp
) -> None:
    with story_without_end(ask.endpoint, ENDLESS_THROUGH_LITELLM) as generation:
        endless_llama_cpp.kill()
        try:
            assert generation.join(20)
        finally:
            endless_llama_cpp.start()
        reply = generation.snapshot()
    assert reply.status is Status.INTERRUPTED
    assert reply.text.startswith(STORY_BEGINS)
