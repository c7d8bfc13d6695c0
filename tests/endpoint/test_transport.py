"""The response that the SDK gets keeps the SDK's contract."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from azure.core.exceptions import HttpResponseError
from azure.core.rest import HttpRequest, HttpResponse

from playground.connections import Connection
from playground.exchange import Exchange
from playground.stop import StopSignal
from playground.transport import WireTransport
from tests.endpoint.fault_server import PATIENCE, FaultServer, answering


@pytest.fixture
def transport(server: FaultServer) -> Iterator[WireTransport]:
    with WireTransport(Connection("c", "C", server.url)) as running:
        running.open()
        yield running


def _get(transport: WireTransport, server: FaultServer, url: str = "") -> HttpResponse:
    connection = Connection("c", "C", server.url)
    request = HttpRequest("POST", url or server.url, content="x")
    return transport.send(request, exchange=Exchange(connection, StopSignal()))


def test_a_response(transport: WireTransport, server: FaultServer) -> None:
    server.script(answering('{"a": "\u00e9"}', status="201 Made", headers=["X-One: 1"]))
    with _get(transport, server) as response:
        assert (response.status_code, response.reason) == (201, "Made")
        assert response.headers["x-ONE"] == "1"
        assert response.content_type == "application/json"
        assert response.url == response.request.url == server.url
        before = (response.is_closed, response.is_stream_consumed)
        assert response.content == b""
        assert response.read() == response.read() == response.content
        assert response.json() == {"a": "\u00e9"}
        assert response.text() == '{"a": "\u00e9"}'
        response.raise_for_status()
        assert repr(response) == "<WireResponse 201>"
    assert before == (False, False)
    assert (response.is_closed, response.is_stream_consumed) == (True, True)


def test_the_encoding_of_text_can_be_set(transport: WireTransport, server: FaultServer) -> None:
    server.script(answering("\u00e9".encode("latin-1"), "text/plain"))
    response = _get(transport, server)
    response.read()
    assert response.text() == "\ufffd"
    assert response.text("latin-1") == "\u00e9"
    response.encoding = "latin-1"
    assert response.encoding == "latin-1"
    assert response.text() == "\u00e9"


def test_an_error_status_can_be_raised(transport: WireTransport, server: FaultServer) -> None:
    server.script(answering("no", status="500 No"))
    response = _get(transport, server)
    response.read()
    with pytest.raises(HttpResponseError):
        response.raise_for_status()


def test_what_is_left_unread_closes_the_connection(
    transport: WireTransport, server: FaultServer
) -> None:
    server.script(answering("x" * 1_000))
    response = _get(transport, server)
    response.close()
    response.close()
    assert server.peers[0].gone.wait(PATIENCE)


@pytest.mark.parametrize(
    ("path", "target"), [("", "/"), ("/a?b=c", "/a?b=c"), ("?b=c", "/?b=c"), ("/a", "/a")]
)
def test_the_target_of_a_request(
    transport: WireTransport, server: FaultServer, path: str, target: str
) -> None:
    server.script(answering("x"))
    _get(transport, server, f"http://127.0.0.1:{server.port}{path}").read()
    assert server.requests[0].target == target
