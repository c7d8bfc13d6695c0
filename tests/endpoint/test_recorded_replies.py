"""Streams in the documented shapes of servers that cannot run in a test, through the real SDK."""

from __future__ import annotations

import pytest

from playground.errors import ContentFiltered
from playground.events import Usage
from playground.reply import Status
from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import DONE, FaultServer, delta, event, streaming
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


def test_an_answer_that_the_filter_ends_says_what_it_found(ask: Asker, server: FaultServer) -> None:
    """As Azure's documentation of content streaming shows it."""
    found = {
        "hate": {"filtered": False, "severity": "safe"},
        "violence": {"filtered": True, "severity": "high"},
    }
    last = delta("", finish_reason="content_filter", content_filter_results=found)
    server.script(streaming(event(delta("Once upon")), event(last), DONE))
    reply = ask().reply
    assert reply.status is Status.FILTERED
    assert reply.text == "Once upon"
    assert isinstance(reply.error, ContentFiltered)
    assert reply.error.happened == "The host's content filter ended the answer: violence (high)."


def test_an_answer_that_a_filter_ends_without_a_word_is_filtered_all_the_same(
    ask: Asker, server: FaultServer
) -> None:
    last = delta("", finish_reason="content_filter", content_filter_results={"hate": 3})
    server.script(streaming(event(last), DONE))
    reply = ask().reply
    assert (reply.status, reply.error) == (Status.FILTERED, None)
