"""The endpoint against llama.cpp's own server and a real, if tiny, Phi-3."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from playground import errors
from playground.connections import Credential
from playground.events import Usage
from playground.generation import Generation
from playground.parameters import PARAMETER_NAMES, Parameters
from playground.reply import Status
from tests.endpoint.asking import Asker
from tests.support.peers import ALIAS, KEY, LlamaCpp, StartLlamaCpp, within
from tests.support.processes import free_port
from tests.support.tiny_phi3 import (
    COUNT,
    COUNTED,
    FOR_HOURS,
    FRANCE,
    GREET,
    GREETED,
    JUST_FITS,
    PARIS,
    STORY,
    STORY_BEGINS,
    STORY_ENDS,
    TOO_LONG,
    TOO_LONG_TOKENS,
    question,
    story_without_end,
)


@pytest.fixture
def ask(llama_cpp: LlamaCpp) -> Iterator[Asker]:
    with Asker(llama_cpp.endpoint, credential=Credential(KEY)) as asker:
        yield asker


@pytest.fixture
def ask_endless(endless_llama_cpp: LlamaCpp) -> Iterator[Asker]:
    with Asker(endless_llama_cpp.endpoint, credential=Credential(KEY)) as asker:
        yield asker


def test_a_reply_is_complete_with_usage_and_model(ask: Asker) -> None:
    reply = ask(question(FRANCE)).reply
    assert reply.text == PARIS
    assert reply.status is Status.COMPLETED
    assert reply.usage == Usage(prompt_tokens=20, completion_tokens=17)
    assert reply.model_reported == ALIAS
    assert reply.fingerprint
    assert reply.skipped == 0


def test_a_second_turn_carries_the_first(ask: Asker) -> None:
    alone = ask(question(COUNT)).reply
    second = ask(question(FRANCE, PARIS, COUNT)).reply
    assert alone.text == second.text == COUNTED
    assert second.status is Status.COMPLETED
    assert alone.usage is not None
    assert second.usage is not None
    assert second.usage.prompt_tokens > alone.usage.prompt_tokens + 30


def test_characters_of_several_bytes_arrive_whole(ask: Asker) -> None:
    assert ask(question(GREET)).reply.text == GREETED


def test_max_tokens_cuts_the_reply_and_it_says_so(ask: Asker) -> None:
    reply = ask(question(STORY, parameters=Parameters(max_tokens=10))).reply
    assert reply.status is Status.TRUNCATED
    assert reply.usage is not None
    assert reply.usage.completion_tokens == 10
    assert STORY_BEGINS.startswith(reply.text)


def test_a_stop_string_ends_the_reply_before_it(ask: Asker) -> None:
    reply = ask(question(COUNT, parameters=Parameters(stop=("7", "9")))).reply
    assert reply.status is Status.COMPLETED
    assert reply.text == COUNTED.partition("7")[0]


def test_every_parameter_is_taken(ask: Asker) -> None:
    every = Parameters(
        temperature=2.0,
        max_tokens=50,
        top_p=0.9,
        presence_penalty=0.1,
        frequency_penalty=-0.1,
        stop=("#",),
        seed=7,
    )
    assert every.to_wire().keys() == PARAMETER_NAMES
    assert ask(question(FRANCE, parameters=every)).reply.text == PARIS


def test_stop_in_mid_answer_frees_the_server(
    ask_endless: Asker, endless_llama_cpp: LlamaCpp
) -> None:
    with story_without_end(ask_endless.endpoint) as generation:
        assert endless_llama_cpp.busy
        generation.stop()
        reply = generation.snapshot()
        assert within(1, lambda: not endless_llama_cpp.busy)
    assert reply.status is Status.STOPPED
    assert reply.text.startswith(STORY_BEGINS)
    assert generation.snapshot() == reply, "nothing grows after the stop"


def test_stop_while_waiting_in_the_servers_queue(
    ask_endless: Asker, endless_llama_cpp: LlamaCpp
) -> None:
    with story_without_end(ask_endless.endpoint) as first:
        request = question(STORY, parameters=FOR_HOURS)
        second = Generation(
            lambda stop: ask_endless.endpoint.stream(request, stop), lambda _reply: None
        )
        second.start()
        assert within(5, lambda: endless_llama_cpp.queued == 1)
        second.stop()
        assert second.join(1), "a server that says nothing does not hold the run"
        assert second.snapshot().status is Status.STOPPED
        assert first.running
    assert within(1, lambda: not endless_llama_cpp.busy), "the second is not answered either"


def test_questions_asked_at_once_are_answered_one_after_the_other(ask: Asker) -> None:
    with ThreadPoolExecutor() as pool:
        replies = [outcome.reply for outcome in pool.map(ask, map(question, [FRANCE, STORY] * 4))]
    assert {reply.status for reply in replies} == {Status.COMPLETED}
    assert [reply.text for reply in replies[::2]] == [PARIS] * 4
    assert all(reply.text.endswith(STORY_ENDS) for reply in replies[1::2])


def test_a_prompt_over_the_window_is_told_with_the_numbers(ask: Asker) -> None:
    error = ask(question(TOO_LONG)).raised()
    assert isinstance(error, errors.ContextTooLong)
    assert error.status == 400
    assert error.code == "exceed_context_size_error"
    assert f"{TOO_LONG_TOKENS} tokens" in error.detail
    assert "4096 tokens" in error.detail
    assert ask(question(FRANCE)).reply.text == PARIS, "the endpoint goes on"


def test_an_answer_that_fills_the_window_is_cut_there(ask: Asker) -> None:
    reply = ask(question(JUST_FITS, parameters=Parameters(max_tokens=1000))).reply
    assert reply.status is Status.TRUNCATED
    assert reply.usage == Usage(prompt_tokens=4055, completion_tokens=41)


@pytest.mark.parametrize(
    ("credential", "happened"),
    [
        (Credential("sk-wrong"), "The server did not accept the key of this connection."),
        (None, "The server wants a key, and this connection has none."),
    ],
    ids=["wrong", "none"],
)
def test_a_wrong_key_is_told_and_so_is_a_missing_one(
    ask: Asker, credential: Credential | None, happened: str
) -> None:
    ask.connect(credential=credential)
    error = ask(question(FRANCE)).raised()
    assert isinstance(error, errors.AuthenticationFailed)
    assert error.happened == happened
    assert error.detail == "Invalid API Key"


def test_a_server_that_wants_no_key_gets_none(start_llama_cpp: StartLlamaCpp) -> None:
    with Asker(start_llama_cpp().endpoint, credential=None) as ask:
        assert ask(question(FRANCE)).reply.text == PARIS


def test_a_wrong_path_is_told_as_such(ask: Asker, llama_cpp: LlamaCpp) -> None:
    ask.connect(endpoint=f"{llama_cpp.url}/openai", credential=Credential(KEY))
    error = ask(question(FRANCE)).raised()
    assert isinstance(error, errors.ModelNotServed)
    assert error.status == 404
    assert "nothing at this address" in error.happened
    assert "/v1" in error.advice


def test_a_server_killed_in_mid_answer_leaves_what_had_come(
    start_llama_cpp: StartLlamaCpp,
) -> None:
    server = start_llama_cpp(endless=True)
    with Asker(server.endpoint) as ask, story_without_end(ask.endpoint) as generation:
        server.kill()
        assert generation.join(5)
        reply = generation.snapshot()
    assert reply.status is Status.INTERRUPTED
    assert isinstance(reply.error, errors.ConnectionLost)
    assert reply.text.startswith(STORY_BEGINS)


def test_a_restarted_server_is_found_again(start_llama_cpp: StartLlamaCpp) -> None:
    server = start_llama_cpp()
    with Asker(server.endpoint) as ask:
        assert ask(question(FRANCE)).reply.text == PARIS
        server.kill()
        assert isinstance(ask(question(FRANCE)).raised(), errors.EndpointUnreachable)
        server.start()
        assert ask(question(FRANCE)).reply.text == PARIS


def test_a_server_that_is_not_there_cannot_be_reached() -> None:
    port = free_port()
    with Asker(f"http://127.0.0.1:{port}/v1") as ask:
        error = ask(question(FRANCE)).raised()
    assert isinstance(error, errors.EndpointUnreachable)
    assert error.happened == f"Nothing listens at 127.0.0.1:{port}."
