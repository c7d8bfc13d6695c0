"""The test of a connection: against real servers, and against every way one can fail."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from playground import errors
from playground.checkup import COST, checkup
from playground.checkup_steps import Mark, Step, StepResult
from playground.connections import Connection, Credential, Kind
from playground.demo import DemoServer
from playground.parameters import PARAMETER_NAMES
from playground.settings import demo_connection
from playground.stop import StopSignal
from tests.endpoint.fault_server import (
    CLEAN,
    DONE,
    FINISH,
    FaultServer,
    Peer,
    Script,
    answering,
    chunked,
    delta,
    event,
    head,
    streaming,
)
from tests.support.peers import ALIAS, KEY, THROUGH_LITELLM, LiteLLM, LlamaCpp
from tests.support.processes import free_port

MINI = "Phi-3-mini-4k-instruct"
LISTED = answering(json.dumps({"object": "list", "data": [{"id": "phi3:mini"}, {"id": "qwen"}]}))
ONE_TOKEN = streaming(event(delta("Hi") | {"model": "phi3:mini"}), FINISH, DONE)
USAGE = event({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 3}})


def counting(peer: Peer) -> None:
    """Send three pieces that arrive apart, each only after the one before was read."""
    peer.send(head())
    for word in ("one ", "two ", "three"):
        peer.send(chunked(event(delta(word))))
        time.sleep(0.1)  # the gap is what is tested
    peer.send(chunked(FINISH + USAGE + DONE) + chunked(b""))


def held_back(peer: Peer) -> None:
    """Send the same at once, late, as a proxy does that buffers."""
    pieces = [event(delta(word)) for word in ("one ", "two ", "three")]
    time.sleep(0.4)  # longer than what counts as too quick to tell
    peer.send(head() + b"".join(map(chunked, [*pieces, FINISH, DONE])) + chunked(b""))


def refusing(status: int, message: str) -> Script:
    body = json.dumps({"error": {"message": message}})
    return answering(body, status=f"{status} No")


@pytest.fixture
def connection(server: FaultServer) -> Connection:
    return Connection(
        "c",
        "C",
        server.url,
        Credential(KEY),
        kind=Kind.OLLAMA,
        deployments={MINI: "phi3:mini"},
        connect_timeout=2,
        first_token_timeout=5,
    )


def check(connection: Connection, deployment: str = "") -> dict[Step, StepResult]:
    results = list(checkup(connection, deployment=deployment))
    assert [result.step for result in results] == list(Step), "each step once, in order"
    for result in results:
        assert result.said
        assert bool(result.advice) is (result.mark is Mark.FAILED)
    return {result.step: result for result in results}


def marks(results: dict[Step, StepResult]) -> str:
    """Return the marks as one word: "+" for ok, "x" for failed, "." for skipped."""
    signs = {Mark.OK: "+", Mark.FAILED: "x", Mark.SKIPPED: "."}
    return "".join(signs[results[step].mark] for step in Step)


def test_a_llama_cpp_server_passes_every_step(llama_cpp: LlamaCpp) -> None:
    results = check(Connection("l", "L", llama_cpp.endpoint, Credential(KEY)))
    assert marks(results) == "+.++++++"
    assert results[Step.MODELS].said == f"1 model is served: {ALIAS}."
    assert results[Step.ANSWER].said == f"Asked for {ALIAS}, and {ALIAS} answered."
    assert results[Step.STREAMS].said.startswith(("Yes: 16 pieces", "It was whole after"))
    assert results[Step.USAGE].said.endswith("16 out.")
    assert results[Step.PARAMETERS].taken == PARAMETER_NAMES
    assert all(
        result.milliseconds is not None
        for step, result in results.items()
        if step not in (Step.TLS, Step.USAGE)
    )


@pytest.mark.parametrize("credential", [None, Credential("sk-wrong")], ids=["none", "wrong"])
def test_a_llama_cpp_server_refuses_a_wrong_key_before_a_token_is_spent(
    llama_cpp: LlamaCpp, credential: Credential | None
) -> None:
    results = check(Connection("l", "L", llama_cpp.endpoint, credential, kind=Kind.LLAMA_CPP))
    assert marks(results) == "+.x....."
    assert isinstance(results[Step.AUTHENTICATED].error, errors.AuthenticationFailed)


def test_a_litellm_proxy_passes_every_step(litellm: LiteLLM) -> None:
    results = check(Connection("l", "L", litellm.endpoint, Credential(KEY), kind=Kind.GATEWAY))
    assert marks(results) == "+.++++++"
    assert THROUGH_LITELLM in results[Step.MODELS].said
    assert results[Step.MODELS].models[0].model == THROUGH_LITELLM


def test_a_litellm_proxy_tells_a_wrong_alias_and_a_wrong_key(litellm: LiteLLM) -> None:
    right = Connection("l", "L", litellm.endpoint, Credential(KEY), kind=Kind.GATEWAY)
    alias = check(replace(right, deployments={MINI: "phi3"}))
    assert marks(alias) == "+.+xx..." or marks(alias) == "+..xx..."
    assert "not served: phi3" in alias[Step.MODELS].said
    assert "no alias phi3" in alias[Step.ANSWER].said
    key = check(replace(right, credential=Credential("sk-wrong")))
    assert marks(key)[2] == "x"
    assert "master key" in key[Step.AUTHENTICATED].advice


def test_the_demo_passes_every_step(demo_url: str) -> None:
    results = check(demo_connection(demo_url))
    assert marks(results) == "+.++++++"
    assert len(results[Step.MODELS].models) == 6


def test_what_is_sent_is_as_little_as_was_said(server: FaultServer, connection: Connection) -> None:
    server.script(LISTED, ONE_TOKEN, counting, ONE_TOKEN)
    results = check(connection)
    assert marks(results) == "+.++++++"
    asked = [request.json for request in server.requests if request.method == "POST"]
    assert [body["max_tokens"] for body in asked] == [1, 16, 1]
    assert sum(body["max_tokens"] for body in asked) == 18
    assert "18 tokens" in COST
    assert {body["model"] for body in asked} == {"phi3:mini"}
    assert asked[-1].keys() >= PARAMETER_NAMES


def test_pieces_that_arrive_apart_stream_and_those_held_back_do_not(
    server: FaultServer, connection: Connection
) -> None:
    server.script(LISTED, ONE_TOKEN, held_back, ONE_TOKEN)
    results = check(connection)
    assert marks(results) == "+.+++xx+"
    assert "came at once" in results[Step.STREAMS].said
    assert "buffering" in results[Step.STREAMS].advice
    assert "marks that with ~" in results[Step.USAGE].said


def test_parameters_that_are_refused_are_named_with_the_line_to_write(
    server: FaultServer, connection: Connection
) -> None:
    refused = refusing(400, "unknown parameter")
    fine = [ONE_TOKEN] * 3
    server.script(LISTED, ONE_TOKEN, counting, refused)
    # temperature, max_tokens, top_p; then presence_penalty, frequency_penalty; stop; seed
    server.script(*fine, refused, refused, ONE_TOKEN, refused)
    results = check(connection)
    assert marks(results) == "+.+++++x"
    parameters = results[Step.PARAMETERS]
    assert parameters.said == "Refused: presence_penalty, frequency_penalty, seed."
    assert 'parameters = ["temperature", "max_tokens", "top_p", "stop"]' in parameters.advice
    assert parameters.taken == {"temperature", "max_tokens", "top_p", "stop"}


def test_all_parameters_are_tried_whatever_the_connection_names(
    server: FaultServer, connection: Connection
) -> None:
    server.script(LISTED, ONE_TOKEN, counting, ONE_TOKEN)
    check(replace(connection, parameters=frozenset({"temperature", "max_tokens"})))
    first, *_, last = [request.json for request in server.requests if request.method == "POST"]
    assert "top_p" not in first
    assert last.keys() >= PARAMETER_NAMES


def test_a_server_that_is_not_there_ends_it_with_what_to_do() -> None:
    endpoint = f"http://127.0.0.1:{free_port()}/v1"
    results = check(Connection("o", "O", endpoint, kind=Kind.OLLAMA))
    assert marks(results) == "x......."
    assert "ollama serve" in results[Step.HOST].advice
    assert "Not tried" in results[Step.ANSWER].said


def test_a_metadata_address_is_not_even_connected_to() -> None:
    results = check(Connection("m", "M", "http://169.254.169.254/v1"))
    assert marks(results) == "x......."
    assert isinstance(results[Step.HOST].error, errors.AddressForbidden)


def test_a_certificate_that_is_not_trusted_ends_it_there() -> None:
    with FaultServer(tls=True) as server:
        results = check(Connection("t", "T", server.url))
    assert marks(results) == "+x......"
    assert "SSL_CERT_FILE" in results[Step.TLS].advice


def test_plain_http_to_another_machine_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Socket:
        def close(self) -> None:
            pass

    monkeypatch.setattr("playground.checkup.open_socket", lambda *_: Socket())
    steps = checkup(Connection("h", "H", "http://lab.example/v1"))
    assert next(steps).mark is Mark.OK
    assert "readable" in next(steps).said


def test_a_list_that_is_not_told_is_no_failure(server: FaultServer, connection: Connection) -> None:
    server.script(answering("no", status="404 No"), ONE_TOKEN, counting, ONE_TOKEN)
    results = check(connection)
    assert marks(results) == "+.+.++++"
    assert "does not tell" in results[Step.MODELS].said


def test_a_server_without_a_model_is_told(server: FaultServer, connection: Connection) -> None:
    server.script(answering('{"object": "list", "data": []}'))
    server.script(refusing(404, 'model "phi3:mini" not found, try pulling it first'))
    results = check(connection)
    assert marks(results) == "+..xx..."
    assert "ollama pull phi3:mini" in results[Step.ANSWER].advice


def test_a_name_that_is_not_served_is_told_although_the_server_answers(
    server: FaultServer, connection: Connection
) -> None:
    server.script(LISTED, ONE_TOKEN, counting, ONE_TOKEN)
    results = check(replace(connection, deployments={MINI: "phi3:big"}))
    assert marks(results) == "+.+x++++"
    assert results[Step.MODELS].said == (
        "2 models are served: phi3:mini, qwen. Named by this connection, and not served: phi3:big."
    )


def test_the_latest_tag_goes_without_saying(server: FaultServer, connection: Connection) -> None:
    listed = answering(json.dumps({"data": [{"id": "phi3:latest"}]}))
    server.script(listed, ONE_TOKEN, counting, ONE_TOKEN)
    assert marks(check(replace(connection, deployments={MINI: "phi3"}))) == "+.++++++"


@pytest.mark.parametrize(
    ("given", "deployments", "asked"),
    [
        ("mine", {MINI: "named"}, "mine"),
        ("", {MINI: "named"}, "named"),
        ("", {}, "phi3:mini"),
    ],
)
def test_the_model_that_is_asked(
    server: FaultServer,
    connection: Connection,
    given: str,
    deployments: dict[str, str],
    asked: str,
) -> None:
    server.script(LISTED, ONE_TOKEN, counting, ONE_TOKEN)
    check(replace(connection, deployments=deployments), deployment=given)
    assert server.requests[1].json["model"] == asked


def test_a_chat_that_is_refused_after_an_open_list_is_a_matter_of_the_key(
    server: FaultServer, connection: Connection
) -> None:
    server.script(LISTED, refusing(401, "Invalid API Key"))
    results = check(connection)
    assert marks(results) == "+.x+...."


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (streaming(FINISH, DONE), "No text came."),
        (streaming(event(delta("one"))), "without a finish reason"),
        (refusing(500, "it broke"), "an error of its own"),
    ],
)
def test_a_stream_that_fails_is_told(
    server: FaultServer, connection: Connection, script: Script, said: str
) -> None:
    server.script(LISTED, ONE_TOKEN, script, ONE_TOKEN)
    results = check(connection)
    assert results[Step.STREAMS].mark is Mark.FAILED
    assert said in results[Step.STREAMS].said


def test_a_failure_that_has_nothing_to_do_with_parameters_is_told_as_what_it_is(
    server: FaultServer, connection: Connection
) -> None:
    server.script(LISTED, ONE_TOKEN, counting, refusing(429, "Too many requests"))
    results = check(connection)
    assert marks(results) == "+.+++++x"
    assert isinstance(results[Step.PARAMETERS].error, errors.RateLimited)


def test_a_stop_ends_it_at_once_and_closes_the_connection(
    server: FaultServer, connection: Connection
) -> None:
    stop = StopSignal()

    def hang(peer: Peer) -> None:
        stop.stop()
        peer.wait_gone()

    server.script(LISTED, hang)
    results = list(checkup(connection, stop))
    assert Step.ANSWER not in [result.step for result in results]
    assert all(peer.gone.wait(10) for peer in server.peers)


def test_steps_are_told_as_they_end(server: FaultServer, connection: Connection) -> None:
    server.script(LISTED, ONE_TOKEN, streaming(CLEAN), ONE_TOKEN)
    steps = checkup(connection)
    assert next(steps).step is Step.HOST
    assert server.requests == [], "nothing was asked yet"
    assert next(steps).step is Step.TLS
    assert server.requests == []
    assert [result.step for result in steps] == list(Step)[2:]


def test_each_step_has_words() -> None:
    assert len({step.words for step in Step}) == len(Step)


@pytest.fixture
def demo_url() -> Iterator[str]:
    with DemoServer(pace=0) as running:
        yield running.url
