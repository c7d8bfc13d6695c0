"""The endpoint against a LiteLLM proxy in front of llama.cpp, as companies put one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest

from playground import errors
from playground.connections import Credential
from playground.events import Usage
from playground.parameters import Parameters
from playground.reply import Status
from tests.endpoint.asking import Asker
from tests.support.peers import (
    ENDLESS_THROUGH_LITELLM,
    KEY,
    THROUGH_LITELLM,
    LiteLLM,
    LlamaCpp,
    within,
)
from tests.support.tiny_phi3 import (
    COUNT,
    COUNTED,
    FRANCE,
    GREET,
    GREETED,
    PARIS,
    STORY,
    STORY_BEGINS,
    TOO_LONG,
    TOO_LONG_TOKENS,
    question,
    story_without_end,
)


@pytest.fixture
def ask(litellm: LiteLLM) -> Iterator[Asker]:
    with Asker(litellm.endpoint, credential=Credential(KEY)) as asker:
        yield asker


def test_the_network_guard_stands_in_its_process_too(litellm: LiteLLM) -> None:
    look = "import sys; sys.exit('network_guard' not in sys.modules)"
    command = [litellm._command[0], "-c", look]
    assert subprocess.run(command, env=litellm._env, timeout=60, check=False).returncode == 0


def test_a_reply_is_complete_with_usage_and_model(ask: Asker) -> None:
    reply = ask(question(FRANCE, model=THROUGH_LITELLM)).reply
    assert reply.text == PARIS
    assert reply.status is Status.COMPLETED
    assert reply.usage == Usage(prompt_tokens=20, completion_tokens=17)
    assert reply.model_reported == THROUGH_LITELLM
    assert reply.skipped == 0


def test_a_second_turn_carries_the_first(ask: Asker) -> None:
    reply = ask(question(FRANCE, PARIS, COUNT, model=THROUGH_LITELLM)).reply
    assert reply.text == COUNTED
    assert reply.usage is not None
    assert reply.usage.prompt_tokens > 40


def test_characters_of_several_bytes_arrive_whole(ask: Asker) -> None:
    assert ask(question(GREET, model=THROUGH_LITELLM)).reply.text == GREETED


def test_every_parameter_is_taken_and_reaches_the_model(ask: Asker) -> None:
    every = Parameters(
        temperature=2.0,
        max_tokens=20,
        top_p=0.9,
        presence_penalty=0.1,
        frequency_penalty=-0.1,
        stop=("day",),
        seed=7,
    )
    reply = ask(question(STORY, model=THROUGH_LITELLM, parameters=every)).reply
    assert reply.status is Status.TRUNCATED
    assert STORY_BEGINS.startswith(reply.text)
    counted = ask(question(COUNT, model=THROUGH_LITELLM, parameters=Parameters(stop=("7",))))
    assert counted.reply.text == COUNTED.partition("7")[0]


def test_an_unknown_model_is_told_as_such(ask: Asker) -> None:
    error = ask(question(FRANCE, model="Phi-3-nano")).raised()
    assert isinstance(error, errors.ModelNotServed)
    assert "Invalid model name passed in model=Phi-3-nano" in error.detail
    assert "deployments" in error.advice


def test_a_wrong_key_is_told_whatever_litellm_calls_it(ask: Asker) -> None:
    ask.connect(credential=Credential("sk-wrong"))
    error = ask(question(FRANCE, model=THROUGH_LITELLM)).raised()
    assert isinstance(error, errors.AuthenticationFailed)
    assert error.detail == "No connected db."
    assert "master key" in error.advice


def test_a_missing_key_is_told_although_litellm_only_fails(ask: Asker) -> None:
    ask.connect(credential=None)
    error = ask(question(FRANCE, model=THROUGH_LITELLM)).raised()
    assert isinstance(error, errors.ServerFailed)
    assert error.detail == "Internal Server Error"
    assert "has no key" in error.advice


def test_a_prompt_over_the_window_is_told_with_the_numbers(ask: Asker) -> None:
    error = ask(question(TOO_LONG, model=THROUGH_LITELLM)).raised()
    assert isinstance(error, errors.ContextTooLong)
    assert f"{TOO_LONG_TOKENS} tokens" in error.detail
    assert "4096 tokens" in error.detail


def test_stop_in_mid_answer_frees_the_server_behind_it(
    ask: Asker, endless_llama_cpp: LlamaCpp
) -> None:
    with story_without_end(ask.endpoint, ENDLESS_THROUGH_LITELLM) as generation:
        assert endless_llama_cpp.busy
        generation.stop()
        assert generation.join(1)
        # LiteLLM takes a second to notice on a machine at rest, and many times that on a busy one.
        assert within(60, lambda: not endless_llama_cpp.busy)


def test_a_server_that_dies_behind_it_in_mid_answer_leaves_what_had_come(
    ask: Asker, endless_llama_cpp: LlamaCpp
) -> None:
    with story_without_end(ask.endpoint, ENDLESS_THROUGH_LITELLM) as generation:
        endless_llama_cpp.kill()
        try:
            assert generation.join(10)
        finally:
            endless_llama_cpp.start()
        reply = generation.snapshot()
    assert reply.status is Status.INTERRUPTED
    assert isinstance(reply.error, errors.ServerFailed)
    assert "not completed" in reply.error.detail
    assert reply.text.startswith(STORY_BEGINS)
    again = ask(
        question(FRANCE, model=ENDLESS_THROUGH_LITELLM, parameters=Parameters(max_tokens=9))
    )
    assert again.reply.status is Status.TRUNCATED, "the proxy finds it again"


def test_its_root_serves_as_the_base_url_too(ask: Asker, litellm: LiteLLM) -> None:
    ask.connect(endpoint=litellm.url, credential=Credential(KEY))
    assert ask(question(FRANCE, model=THROUGH_LITELLM)).reply.text == PARIS
