"""Servers on this machine are found: real ones, and those whose documented answers are replayed."""

from __future__ import annotations

import json
import threading
import time
from contextlib import ExitStack

import pytest

from playground.connections import Connection, Credential, Kind
from playground.discovery import (
    USUAL_PORTS,
    Finder,
    FoundServer,
    discover,
    not_connected,
)
from playground.errors import ProtocolError, ServerFailed
from playground.model_names import ServedModel
from playground.served import Listing, list_models, read_listing
from playground.stop import StopSignal
from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import FaultServer, Peer, answering
from tests.endpoint.replies import LISTS
from tests.support.peers import (
    ALIAS,
    ENDLESS_THROUGH_LITELLM,
    KEY,
    THROUGH_LITELLM,
    LiteLLM,
    LlamaCpp,
    StartLlamaCpp,
)
from tests.support.processes import free_port
from tests.support.tiny_phi3 import FRANCE, PARIS, question

MINI = "Phi-3-mini-4k-instruct"


def one(server: FaultServer) -> FoundServer | None:
    found = discover([server.port])
    return found[0] if found else None


def test_a_llama_cpp_server_is_found_with_its_model_and_window_and_answers(
    start_llama_cpp: StartLlamaCpp,
) -> None:
    server = start_llama_cpp()
    [found] = discover([server.port, free_port()])
    assert found == FoundServer(
        Kind.LLAMA_CPP,
        server.endpoint,
        (ServedModel(ALIAS, None),),
        wants_key=False,
        context_limit=4096,
    )
    connection = found.connection()
    assert (connection.others, connection.context_limit) == ((ALIAS,), 4096)
    assert connection.label == "llama.cpp on this machine"
    with Asker(connection.endpoint, credential=None) as ask:
        assert ask(question(FRANCE, model=ALIAS)).reply.text == PARIS


def test_a_llama_cpp_server_that_wants_a_key_is_found_as_such(llama_cpp: LlamaCpp) -> None:
    assert discover([llama_cpp.port]) == (
        FoundServer(Kind.LLAMA_CPP, llama_cpp.endpoint, wants_key=True),
    )


def test_a_litellm_proxy_is_found_and_tells_its_aliases_to_who_has_the_key(
    litellm: LiteLLM,
) -> None:
    [found] = discover([litellm.port], seconds=30)  # it takes its time over the first question
    assert found == FoundServer(Kind.GATEWAY, litellm.endpoint, wants_key=True)
    connection = Connection("lite", "LiteLLM", litellm.endpoint, Credential(KEY))
    listing = list_models(connection, StopSignal(), seconds=30)
    assert listing.models == (
        ServedModel(THROUGH_LITELLM, THROUGH_LITELLM),
        ServedModel(ENDLESS_THROUGH_LITELLM, ENDLESS_THROUGH_LITELLM),
    )
    assert listing.owners == {"openai"}


def test_a_litellm_proxy_that_wants_no_key_is_known_too(server: FaultServer) -> None:
    """As LiteLLM 1.106.2 answers without a master key."""
    listed = {"object": "list", "data": [{"id": MINI, "object": "model", "owned_by": "openai"}]}
    server.script(answering(json.dumps(listed)), answering('"I\'m alive!"'))
    found = one(server)
    assert found is not None
    assert (found.kind, found.connection().deployments) == (Kind.GATEWAY, {MINI: MINI})
    assert server.requests[1].target == "/health/liveliness"


@pytest.mark.parametrize("name", LISTS)
def test_a_server_is_known_by_its_documented_list(server: FaultServer, name: str) -> None:
    recorded = LISTS[name]
    server.script(answering(json.dumps(recorded.body), headers=recorded.headers))
    if recorded.kind is Kind.LLAMA_CPP:
        server.script(answering("{}"))
    found = one(server)
    assert found is not None
    assert found.kind is recorded.kind
    assert found.connection().deployments == recorded.deployments
    assert found.context_limit == recorded.context_limit
    asked = server.requests[0]
    assert (asked.method, asked.target) == ("GET", "/v1/models")
    assert "authorization" not in asked.headers


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        ("401 No", {"error": "Unauthorized"}, True),  # vLLM
        ("401 No", {"error": {"message": "Authentication Error, No api key passed in."}}, True),
        ("401 No", {"detail": "Not authenticated"}, False),
        ("401 No", "<html>Sign in</html>", False),
        ("403 No", {"error": "Unauthorized"}, False),
        ("404 No", {"detail": "Not Found"}, False),
        ("200 OK", "<html>Hello</html>", False),
        ("200 OK", {"data": "none"}, False),
        ("200 OK", {"data": [{"name": ""}, 3]}, False),
        ("200 OK", [], True),
        ("200 OK", {"data": [{"id": "phi3", "owned_by": "me"}]}, True),
    ],
)
def test_what_runs_at_a_port_besides_model_servers_is_left_alone(
    server: FaultServer,
    status: str,
    body: object,
    found: bool,  # noqa: FBT001 - a column of the table
) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    server.script(answering(text, status=status))
    assert (one(server) is not None) is found


def test_a_redirect_is_not_followed(server: FaultServer) -> None:
    with FaultServer() as other:
        server.script(answering("", status="307 Go", headers=[f"Location: {other.url}/models"]))
        assert one(server) is None
        assert other.requests == []


def test_a_look_ends_in_time_whatever_hangs_and_lets_go_of_it() -> None:
    """Eight servers that take the question and say nothing, and one that answers."""

    def hang(peer: Peer) -> None:
        peer.wait_gone()

    with ExitStack() as stack:
        silent = [stack.enter_context(FaultServer()) for _ in range(8)]
        for hanging in silent:
            hanging.script(hang)
        answers = stack.enter_context(FaultServer()).script(
            answering(json.dumps({"object": "list", "data": [{"id": "phi3:mini"}]}))
        )
        started = time.monotonic()
        found = discover([server.port for server in (*silent, answers)], seconds=0.5)
        took = time.monotonic() - started
        assert [server.endpoint for server in found] == [answers.url]
        assert all(peer.gone.wait(10) for hanging in silent for peer in hanging.peers)
    assert took < 5, "in parallel, not one after the other"


def test_only_loopback_is_asked(network_attempts: list[str]) -> None:
    """The guard of the tests would report a host elsewhere."""
    discover([free_port() for _ in range(3)], seconds=0.5)
    assert network_attempts == []


def test_nothing_is_asked_where_no_port_is_named() -> None:
    assert discover([]) == ()
    finder = Finder()
    finder.look()
    assert not finder.enabled
    assert finder.found() == ()
    assert not [t for t in threading.enumerate() if t.name == "finder"]


def test_the_usual_ports_are_those_of_the_servers_own_documentation() -> None:
    assert USUAL_PORTS == {
        11434: Kind.OLLAMA,
        1234: Kind.LM_STUDIO,
        8080: Kind.LLAMA_CPP,
        8000: Kind.VLLM,
        5273: Kind.FOUNDRY_LOCAL,
        4000: Kind.GATEWAY,
    }


def test_the_finder_looks_by_itself_and_again_when_asked(server: FaultServer) -> None:
    listed = json.dumps({"object": "list", "data": [{"id": "phi3:mini", "owned_by": "library"}]})
    server.script(answering(listed), answering(listed.replace("mini", "medium")))
    finder = Finder([server.port])
    assert finder.enabled
    assert [f.models[0].name for f in finder.found(10)] == ["phi3:mini"]
    assert [f.models[0].name for f in finder.found(10)] == ["phi3:mini"], "remembered"
    finder.look()
    assert [f.models[0].name for f in finder.found(10)] == ["phi3:medium"]


def test_what_is_connected_already_is_not_offered() -> None:
    found = [FoundServer(Kind.OLLAMA, f"http://127.0.0.1:{port}/v1") for port in (11434, 8080)]
    connected = Connection("mine", "Mine", "http://localhost:11434/v1")
    assert not_connected(found, [connected]) == (found[1],)


def test_a_list_without_a_model_is_a_list(server: FaultServer) -> None:
    server.script(answering('{"object":"list","data":null}'))  # Ollama, with nothing pulled
    connection = Connection("c", "C", server.url)
    assert list_models(connection, StopSignal()) == Listing(())


def test_a_question_carries_the_key_and_goes_below_the_base_url(server: FaultServer) -> None:
    server.script(answering('[{"name": "Phi-3-mini-4k-instruct"}]'))
    connection = Connection("c", "C", server.url, Credential("sk-1"))
    assert list_models(connection, StopSignal()).models == (ServedModel(MINI, MINI),)
    asked = server.requests[0]
    assert asked.target == "/v1/models"
    assert asked.headers["authorization"] == ["Bearer sk-1"]
    assert asked.headers["api-key"] == ["sk-1"]


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ("OK", "200 OK", ProtocolError),
        ("{}", "200 OK", ProtocolError),
        ('{"data": [' + "[" * 9_000, "200 OK", ProtocolError),
        ('"' + "x" * (1024 * 1024 + 1), "200 OK", ProtocolError),
        ("it broke", "500 No", ServerFailed),
    ],
)
def test_what_is_no_list_is_told(
    server: FaultServer, body: str, status: str, kind: type[Exception]
) -> None:
    server.script(answering(body, status=status))
    with pytest.raises(kind):
        list_models(Connection("c", "C", server.url), StopSignal())


def test_names_in_a_list_lose_the_key_and_markup() -> None:
    connection = Connection("c", "C", "http://127.0.0.1:1/v1", Credential("canary-0123456789"))
    data = {"data": [{"id": "phi-canary-0123456789"}, {"id": "<b>bold</b>"}]}
    listing = read_listing(data, {}, connection)
    assert listing is not None
    assert [m.name for m in listing.models] == ["phi-•••", "bold"]
