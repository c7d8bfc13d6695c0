"""Streams in the documented shapes of servers that cannot run in a test, through the real SDK."""

from __future__ import annotations

import pytest

from playground.events import Usage
from playground.reply import Status
from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import DONE, FaultServer, event, streaming
from tests.endpoint.replies import LISTS, STREAMS


@pytest.mark.parametrize("name", STREAMS)
def test_a_documented_stream_is_read_whole(ask: Asker, server: FaultServer, name: str) -> None:
    recorded = STREAMS[name]
    ask.connect(kind=recorded.kind)
    server.script(streaming(*map(event, recorded.chunks), DONE))
    reply = ask().reply
    assert reply.text == "Hello"
    assert reply.status is Status.COMPLETED
    assert reply.model_reported == recorded.model
    assert reply.usage == (Usage(*recorded.usage) if recorded.usage else None)
    assert reply.skipped == 0


def test_each_shape_names_its_source() -> None:
    sources = [r.source for r in LISTS.values()] + [r.source for r in STREAMS.values()]
    assert all("/" in source for source in sources)
