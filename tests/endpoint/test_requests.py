"""What goes over the wire, and over which connection."""

from __future__ import annotations

import dataclasses
import socket
import threading
from pathlib import Path

import pytest

from playground.azure_endpoint import AzureEndpoint
from playground.connections import Connection
from playground.endpoint import Endpoint
from playground.errors import ConnectionLost, EndpointUnreachable, ProtocolError
from playground.events import StreamEvent, TextDelta
from playground.messages import Message, Role
from playground.parameters import PARAMETER_NAMES, Parameters
from playground.request import ChatRequest
from playground.stop import StopSignal
from tests.endpoint.asking import KEY, Asker, chat
from tests.endpoint.fault_server import (
    CERTIFICATE,
    CLEAN,
    HELLO,
    PATIENCE,
    FaultServer,
    Peer,
    answering,
    chunked,
    head,
    silent_listener,
    streaming,
)


def test_it_is_an_endpoint(ask: Asker) -> None:
    endpoint: Endpoint = ask.endpoint
    assert isinstance(endpoint, AzureEndpoint)


def test_the_key_goes_in_both_headers(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(CLEAN))
    ask()
    headers = server.requests[0].headers
    assert headers["authorization"] == [f"Bearer {KEY}"]
    assert headers["api-key"] == [KEY]


def test_without_a_credential_no_key_is_sent(ask: Asker, server: FaultServer) -> None:
    ask.connect(credential=None)
    server.script(streaming(CLEAN))
    assert ask().text == "Hello"
    assert not {"authorization", "api-key"} & server.requests[0].headers.keys()


def test_the_address_model_messages_and_defaults(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(CLEAN))
    said = (
        Message(Role.SYSTEM, "Be brief."),
        Message(Role.USER, "Grüße 😀"),
        Message(Role.ASSISTANT, "Hello"),
        Message(Role.USER, "And?"),
    )
    ask(ChatRequest("phi3:mini", said))
    request = server.requests[0]
    assert request.target.startswith("/v1/chat/completions?")
    assert request.method == "POST"
    assert request.json == {
        "model": "phi3:mini",
        "stream": True,
        "stream_options": {"include_usage": True},
        "messages": [{"role": str(m.role), "content": m.content} for m in said],
        "temperature": 1.0,
        "max_tokens": 1000,
        "top_p": 1.0,
    }


def test_every_parameter_that_is_set_reaches_the_wire(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(CLEAN))
    wanted = Parameters(0.2, 7, 0.5, 1.5, -1.5, ("END", "é"), 42)
    ask(chat(parameters=wanted))
    sent = server.requests[0].json
    assert {name: sent[name] for name in PARAMETER_NAMES} == {
        **dataclasses.asdict(wanted),
        "stop": ["END", "é"],
    }


@pytest.mark.parametrize("name", sorted(PARAMETER_NAMES))
def test_a_parameter_that_the_connection_does_not_take_is_not_sent(
    ask: Asker, server: FaultServer, name: str
) -> None:
    ask.connect(parameters=PARAMETER_NAMES - {name})
    server.script(streaming(CLEAN))
    ask(chat(parameters=Parameters(0.2, 7, 0.5, 1.5, -1.5, ("END",), 42)))
    assert PARAMETER_NAMES - server.requests[0].json.keys() == {name}


@pytest.mark.parametrize(
    "name",
    ["x-request-id", "apim-request-id", "x-ms-request-id", "request-id", "x-github-request-id"],
)
def test_the_servers_request_id_is_reported(ask: Asker, server: FaultServer, name: str) -> None:
    def script(peer: Peer) -> None:
        peer.send(head("200 OK", "text/event-stream", f"{name}: abc-1"))
        peer.send(chunked(CLEAN) + chunked(b""))

    server.script(script)
    assert ask().reply.request_id == "abc-1"


def test_ten_requests_use_one_connection(ask: Asker, server: FaultServer) -> None:
    server.script(*[streaming(CLEAN)] * 10)
    for _ in range(10):
        assert ask().text == "Hello"
    assert len(server.requests) == 10
    assert len(server.peers) == 1


def test_a_refusal_keeps_the_connection(ask: Asker, server: FaultServer) -> None:
    server.script(answering("no", status="400 Bad"), streaming(CLEAN))
    ask()
    assert ask().text == "Hello"
    assert len(server.peers) == 1


def test_an_end_of_body_that_comes_late_costs_the_connection_not_the_time(
    ask: Asker, server: FaultServer
) -> None:
    def script(peer: Peer) -> None:
        peer.send(head() + chunked(CLEAN))
        peer.wait_gone()

    server.script(script, streaming(CLEAN))
    assert ask().text == "Hello"
    assert server.peers[0].gone.wait(PATIENCE)
    assert ask().text == "Hello"
    assert len(server.peers) == 2


def test_a_response_that_closes_is_not_kept(ask: Asker, server: FaultServer) -> None:
    server.script(answering(CLEAN, headers=["Connection: close"]), streaming(CLEAN))
    assert ask().text == ask().text == "Hello"
    assert len(server.peers) == 2


def test_a_kept_connection_that_the_server_closed_is_replaced(
    ask: Asker, server: FaultServer
) -> None:
    def closing(peer: Peer) -> None:
        streaming(CLEAN)(peer)
        peer.close()

    server.script(closing, streaming(CLEAN))
    assert ask().text == "Hello"
    assert ask().text == "Hello"
    assert len(server.requests) == 2


def test_a_kept_connection_closed_under_the_request_is_replaced(
    ask: Asker, server: FaultServer
) -> None:
    server.script(streaming(CLEAN), Peer.close, streaming(CLEAN))
    assert ask().text == "Hello"
    assert ask().text == "Hello"
    assert [r.connection for r in server.requests] == [0, 0, 1]


def test_a_new_connection_closed_under_the_request_is_an_error(
    ask: Asker, server: FaultServer
) -> None:
    server.script(Peer.close)
    assert type(ask().raised()) is ConnectionLost
    assert len(server.requests) == 1


def test_a_kept_connection_that_breaks_after_the_first_byte_is_an_error(
    ask: Asker, server: FaultServer
) -> None:
    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 200")
        peer.reset()

    server.script(streaming(CLEAN), script)
    ask()
    assert ask().error is not None
    assert len(server.requests) == 2


def test_a_connection_idle_for_long_is_not_trusted(
    ask: Asker, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.wire.IDLE_SECONDS", 0.0)
    server.script(streaming(CLEAN), streaming(CLEAN))
    ask()
    ask()
    assert len(server.peers) == 2
    assert server.peers[0].gone.wait(PATIENCE)


def test_close_closes_what_is_kept(ask: Asker, server: FaultServer) -> None:
    server.script(streaming(CLEAN))
    ask()
    ask.endpoint.close()
    assert server.peers[0].gone.wait(PATIENCE)


def test_an_answer_that_ends_after_close_is_complete_and_its_connection_closed(
    ask: Asker, server: FaultServer
) -> None:
    server.script(streaming(CLEAN))

    def seen(event: StreamEvent) -> None:
        if isinstance(event, TextDelta):
            ask.endpoint.close()

    assert ask(seen=seen).text == "Hello"
    assert server.peers[0].gone.wait(PATIENCE)


def test_no_more_connections_are_kept_than_agreed(
    ask: Asker, server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("playground.wire.MAX_IDLE", 0)
    server.script(streaming(CLEAN))
    ask()
    assert server.peers[0].gone.wait(PATIENCE)


def test_threads_share_an_endpoint(ask: Asker, server: FaultServer) -> None:
    together = threading.Barrier(8, timeout=PATIENCE)

    def script(peer: Peer) -> None:
        together.wait()
        streaming(CLEAN)(peer)

    server.script(*[script] * 8)
    texts: list[str] = []
    threads = [threading.Thread(target=lambda: texts.append(ask().text)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert texts == ["Hello"] * 8


def test_an_answer_left_alone_by_the_caller_closes_its_connection(
    ask: Asker, server: FaultServer
) -> None:
    def script(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO))
        peer.wait_gone()

    server.script(script)
    events = ask.endpoint.stream(chat(), StopSignal())
    next(events)
    del events
    assert server.peers[0].gone.wait(PATIENCE)


@pytest.mark.parametrize("proxy", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_proxy_variables_do_not_capture_the_request(
    ask: Asker, server: FaultServer, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    with FaultServer() as other:
        monkeypatch.setenv(proxy, f"http://127.0.0.1:{other.port}")
        ask.connect()
        server.script(streaming(CLEAN))
        assert ask().text == "Hello"
        assert other.peers == []


def test_netrc_does_not_replace_the_key(
    ask: Asker, server: FaultServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    ask.connect()
    server.script(streaming(CLEAN))
    ask()
    assert server.requests[0].headers["authorization"] == [f"Bearer {KEY}"]


def test_cookies_are_not_kept(ask: Asker, server: FaultServer) -> None:
    server.script(answering(CLEAN, headers=["Set-Cookie: a=b"]), streaming(CLEAN))
    ask()
    ask()
    assert "cookie" not in server.requests[1].headers


def test_a_name_with_an_address_where_nothing_listens_uses_the_next(server: FaultServer) -> None:
    # localhost is ::1 and 127.0.0.1 on most machines, and the server has only the latter.
    server.script(streaming(CLEAN))
    with Asker(server.url.replace("127.0.0.1", "localhost")) as ask:
        assert ask().text == "Hello"


def test_an_address_that_does_not_answer_does_not_take_all_the_time(
    server: FaultServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script(streaming(CLEAN))
    with silent_listener() as silent:
        there = ("127.0.0.1", server.port)
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", at) for at in (silent, there)]
        monkeypatch.setattr("playground.dial._addresses", lambda *_: found)
        with Asker(server.url, connect_timeout=0.6) as ask:
            assert ask().text == "Hello"


def test_no_address_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    with silent_listener() as silent:
        url = f"http://127.0.0.1:{silent[1]}/v1"
        with Asker(url, connect_timeout=0.2) as ask:
            error = ask().raised()
    assert type(error) is EndpointUnreachable
    assert "0.2 seconds" in error.happened


def test_nothing_listens_there() -> None:
    with FaultServer() as gone:
        url = gone.url
    with Asker(url) as ask:
        error = ask().raised()
    assert type(error) is EndpointUnreachable
    assert "Nothing listens" in error.happened


def test_a_name_that_does_not_exist() -> None:
    with Asker("http://nowhere.invalid/v1") as ask:
        error = ask().raised()
    assert type(error) is EndpointUnreachable
    assert "nowhere.invalid cannot be found" in error.happened


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/a b",
        "http://127.0.0.1:1/\x7f",
        "http://127.0.0.1:1/é",
        f"http://{'x' * 70}.localhost",
    ],
)
def test_an_address_that_cannot_be_sent(server: FaultServer, url: str) -> None:
    with Asker(url.replace(":1/", f":{server.port}/")) as ask:
        error = ask().raised()
    assert type(error) is EndpointUnreachable
    assert "cannot be sent" in error.happened


def test_an_ipv6_address() -> None:
    with FaultServer(host="::1") as server, Asker(server.url) as ask:
        server.script(streaming(CLEAN))
        assert ask().text == "Hello"
        assert server.requests[0].headers["host"] == [f"[::1]:{server.port}"]


def test_a_lookup_that_hangs_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: release.wait(PATIENCE) and [])
    with Asker("http://localhost:1/v1", connect_timeout=0.15) as ask:
        error = ask().raised()
    release.set()
    assert type(error) is EndpointUnreachable
    assert "0.15 seconds" in error.happened


def test_a_name_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [])
    with Asker("http://localhost:1/v1") as ask:
        assert type(ask().raised()) is EndpointUnreachable


@pytest.mark.parametrize(
    "said",
    [
        b"\x15\x03\x01\x00\x02\x02\x46",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 " + b"x" * 70_000,
    ],
    ids=["tls-alert", "ssh", "bad-status", "many-headers", "long-line"],
)
def test_a_server_that_speaks_something_else(ask: Asker, server: FaultServer, said: bytes) -> None:
    def script(peer: Peer) -> None:
        peer.send(said)
        peer.close()

    server.script(script)
    error = ask().raised()
    assert type(error) is ProtocolError
    assert "HTTP" in error.happened


def test_a_chunk_length_that_is_no_number(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.send(head() + chunked(HELLO) + b"zz\r\n")
        peer.close()

    server.script(script)
    got = ask()
    assert got.text == "Hello"
    assert type(got.raised()) is ConnectionLost


def test_interim_responses_are_passed_over(ask: Asker, server: FaultServer) -> None:
    def script(peer: Peer) -> None:
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        streaming(CLEAN)(peer)

    server.script(script)
    assert ask().text == "Hello"


# TLS.


def test_tls_with_a_certificate_that_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with FaultServer(tls=True) as server, Asker(server.url) as ask:
        server.script(streaming(CLEAN), streaming(CLEAN))
        assert ask().text == ask().text == "Hello"
        assert len(server.peers) == 1
        assert server.requests[0].headers["host"] == [f"127.0.0.1:{server.port}"]


def test_tls_with_a_certificate_that_is_not_trusted() -> None:
    with FaultServer(tls=True) as server, Asker(server.url) as ask:
        error = ask().raised()
        assert server.requests == [], "the key never left"
    assert type(error) is EndpointUnreachable
    assert "cannot be trusted" in error.happened


def test_tls_for_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with FaultServer(tls=True) as server:
        url = server.url.replace("127.0.0.1", "other.localhost")
        monkeypatch.setattr(
            "playground.dial._addresses",
            lambda _, port, __: [(2, 1, 6, "", ("127.0.0.1", port))],
        )
        with Asker(url) as ask:
            error = ask().raised()
    assert "cannot be trusted" in error.happened
    assert "other.localhost" in error.happened


def test_https_to_a_server_without_tls() -> None:
    def answer_in_http(listener: socket.socket) -> None:
        sock, _ = listener.accept()
        with sock:
            sock.recv(65_536)
            sock.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=answer_in_http, args=[listener])
        thread.start()
        with Asker(f"https://127.0.0.1:{listener.getsockname()[1]}") as ask:
            error = ask().raised()
        thread.join(PATIENCE)
    assert type(error) is EndpointUnreachable
    assert "http://" in error.advice


def test_a_handshake_that_hangs_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with Asker(url, connect_timeout=0.2) as ask:
            error = ask().raised()
    assert type(error) is EndpointUnreachable
    assert "0.2 seconds" in error.happened


def test_the_label_of_the_host_has_no_default_port() -> None:
    assert Connection("a", "A", "https://example.test/v1").host == "example.test"
