"""The server starts, stops, keeps its tempo and notices who leaves."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
import time
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

import httpx
import pytest
from starlette.types import Receive

from playground.demo import DemoServer, responses
from tests.unit.demo.wire import PATH, body, chunks, client, connect, request


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    with client() as connected:
        yield connected


def test_it_starts_at_a_free_port_and_answers_at_once(http: httpx.Client) -> None:
    with DemoServer(pace=0) as one, DemoServer(pace=0) as other:
        assert one.url != other.url
        for server in (one, other):
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/v1", server.url)
            assert http.get(f"{server.url}/models").status_code == 200


def test_it_can_be_started_and_stopped_again_and_again(http: httpx.Client) -> None:
    server = DemoServer(pace=0)
    for _ in range(2):
        server.start()
        server.start()
        url = server.url
        assert http.get(f"{url}/models").status_code == 200
        server.stop()
        server.stop()
        with pytest.raises(httpx.ConnectError):
            http.get(f"{url}/models")
    with pytest.raises(RuntimeError, match="not running"):
        _ = server.url


def test_a_taken_port_is_told_by_start() -> None:
    with DemoServer() as first:
        port = urlsplit(first.url).port
        assert port
        with pytest.raises(OSError, match="in use"):
            DemoServer(port=port).start()


def test_what_fails_in_the_thread_is_told_by_start(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise ValueError("no loop today")

    monkeypatch.setattr("playground.demo.server._Run.startup", fail)
    with pytest.raises(RuntimeError, match="did not start") as caught:
        DemoServer().start()
    assert str(caught.value.__cause__) == "no loop today"


@pytest.mark.parametrize("pace", [-1, 1001, float("nan")])
def test_a_senseless_pace_is_refused(pace: float) -> None:
    with pytest.raises(ValueError, match="pace"):
        DemoServer(pace=pace)


def test_it_serves_ipv6_too(http: httpx.Client) -> None:
    with DemoServer(host="::1") as server:
        assert server.url.startswith("http://[::1]:")
        assert http.get(f"{server.url}/models").status_code == 200


def test_it_stops_within_a_second_with_streams_open(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    before = threading.active_count()
    server = DemoServer()
    server.start()
    prompts = ["stall", "silent", "keep-alive-only", "long", "slow-start", "tokens 100000"] * 2
    sockets = [connect(server, body(f"/scenario {p}", stream=True)) for p in prompts]
    for prompt, one in zip(prompts, sockets, strict=True):
        if prompt != "silent":
            assert one.recv(1000).startswith(b"HTTP/1.1 200 OK")
    start = time.monotonic()
    server.stop()
    assert time.monotonic() - start < 1
    for one in sockets:
        # It closes, in whatever way; a connection left open would time out here.
        with contextlib.suppress(ConnectionResetError):
            while one.recv(2**20):
                pass
        one.close()
    assert threading.active_count() == before
    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == []
    assert capfd.readouterr().err == ""


def test_a_client_that_leaves_ends_its_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    left, departure = threading.Event(), responses._departure

    async def noticed(receive: Receive) -> None:
        await departure(receive)
        left.set()

    monkeypatch.setattr(responses, "_departure", noticed)
    with DemoServer() as server:
        one = connect(server, body("/scenario stall", stream=True))
        assert one.recv(1000)
        one.close()
        assert left.wait(1)


def test_the_pace_of_a_model_is_kept(http: httpx.Client) -> None:
    with DemoServer(pace=0.5) as server:
        start = time.monotonic()
        stream = http.post(
            f"{server.url}{PATH}", json=body("Who are you?", stream=True, max_tokens=31)
        )
    # Half of 0.15 s until the first token, and half of 1/60 s for each of the 30 after it.
    assert 0.075 + 30 / 120 < time.monotonic() - start < 1.5
    assert len(chunks(stream.text)) == 31 + 2


def test_sixty_streams_keep_their_tempo() -> None:
    async def read_all(server: DemoServer) -> float:
        start = time.monotonic()
        texts = await asyncio.gather(*(read_one(urlsplit(server.url)) for _ in range(60)))
        assert all(text.count(b'"content":') == 51 for text in texts)
        return time.monotonic() - start

    async def read_one(url: SplitResult) -> bytes:
        reader, writer = await asyncio.open_connection(url.hostname, url.port)
        writer.write(request(body("/scenario tokens 50 at 50", stream=True)))
        read = await reader.readuntil(b"[DONE]")
        writer.close()
        await writer.wait_closed()
        return read

    with DemoServer() as server:
        assert 0.98 <= asyncio.run(read_all(server)) < 2
