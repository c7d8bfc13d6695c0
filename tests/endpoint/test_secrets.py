"""A canary key is never seen again, whatever a server and the libraries do with it."""

from __future__ import annotations

import logging
import pickle
import traceback
from collections.abc import Iterator

import pytest

from playground.connections import Credential
from playground.errors import ChatError
from playground.events import ModelReported, Opened
from tests.endpoint.asking import KEY, Asker
from tests.endpoint.fault_server import (
    CLEAN,
    DONE,
    HELLO,
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


def _echo(status: str, content_type: str = "application/json", template: str = "%s") -> Script:
    return answering(template % KEY, content_type, status, [f"x-request-id: {KEY}"])


def _garbled(peer: Peer) -> None:
    peer.send(f"{KEY} is not HTTP\r\n\r\n".encode())
    peer.close()


def _cut(peer: Peer) -> None:
    peer.send(head() + chunked(HELLO) + f"{KEY}\r\n".encode())
    peer.close()


ECHOES: dict[str, Script] = {
    "message": _echo("401 No", template='{"error": {"code": "%s", "message": "bad"}}'),
    "code": _echo("401 No", template='{"error": {"message": "key %s is wrong"}}'),
    "detail": _echo("422 No", template='{"detail": [{"loc": ["body", "%s"], "msg": "bad"}]}'),
    "text": _echo("500 No", "text/plain", "the key was >%s<"),
    "html": _echo("403 No", "text/html", "<p>%s</p><!-- x"),
    "at-the-cut": _echo("500 No", "text/plain", "x" * 290 + " %s"),
    "in-many-places": answering(KEY * 1_000, "text/plain", "500 No"),
    "with-controls": answering(KEY[:5] + "\x00" + KEY[5:], "text/plain", "500 No"),
    "as-entities": answering("".join(f"&#{ord(c)};" for c in KEY), "text/html", "500 No"),
    "reason": answering("", status=f"500 {KEY}"),
    "redirect": answering("", status="307 Go", headers=[f"Location: http://{KEY}/"]),
    "no-stream": _echo("200 OK", "text/plain"),
    "no-stream-type": answering("OK", f"text/{KEY}"),
    "json": _echo("200 OK", template='{"you": "%s"}'),
    "in-band": streaming(HELLO + event({"error": {"message": f"{KEY} expired", "code": KEY}})),
    "in-band-text": streaming(HELLO + f"event: error\ndata: {KEY}\n\n".encode()),
    "bad-chunk": streaming(HELLO + f"data: {KEY}\n\n".encode() * 5),
    "finish-reason": streaming(HELLO + event(delta("", finish_reason=KEY))),
    "garbled": _garbled,
    "cut": _cut,
    "closed": Peer.close,
}


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that any library logs, at the most talkative level."""
    loggers = [logging.getLogger(n) for n in ("", "azure", "urllib3", "httpx", "playground")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    caplog.set_level(logging.DEBUG)
    yield caplog
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize("script", ECHOES.values(), ids=ECHOES)
def test_the_key_shows_up_nowhere(
    ask: Asker, server: FaultServer, logged: pytest.LogCaptureFixture, script: Script
) -> None:
    server.script(script)
    got = ask()
    seen = [repr(got.events), repr(got.reply), logged.text, repr(ask.endpoint), str(vars(ask))]
    if got.error is not None:
        seen += [
            "".join(traceback.TracebackException.from_exception(e, capture_locals=True).format())
            for e in _chain(got.error)
        ]
        seen += [str(got.error), repr(got.error), str(vars(got.error))]
    else:
        assert got.text == "Hello"
    assert KEY in str(server.requests), "the key went out"
    for text in seen:
        assert KEY not in text
        assert KEY[:12] not in text


@pytest.mark.parametrize("script", ECHOES.values(), ids=ECHOES)
def test_nothing_foreign_hangs_on_an_error(ask: Asker, server: FaultServer, script: Script) -> None:
    server.script(script)
    error = ask().error
    if error is not None:
        assert _chain(error) == [error]


def test_an_error_can_be_pickled_without_the_key(ask: Asker, server: FaultServer) -> None:
    server.script(ECHOES["message"])
    data = pickle.dumps(vars(ask().raised()))
    assert KEY.encode() not in data


def test_names_that_servers_report_lose_the_key(ask: Asker, server: FaultServer) -> None:
    named = {**delta("Hello"), "model": f"phi-{KEY}", "system_fingerprint": KEY}

    def script(peer: Peer) -> None:
        peer.send(head("200 OK", "text/event-stream", f"x-request-id: id {KEY}"))
        peer.send(chunked(event(named) + DONE) + chunked(b""))

    server.script(script)
    got = ask()
    assert got.events[:2] == [Opened("id •••"), ModelReported("phi-•••", "•••")]


@pytest.mark.parametrize("word", ["none", "EMPTY", "sk-x"])
def test_a_key_that_is_a_word_goes_only_where_it_stands_alone(
    ask: Asker, server: FaultServer, word: str
) -> None:
    ask.connect(credential=Credential(word))
    server.script(answering(f"key {word}, nonetheless {word}s", "text/plain", "500 No"))
    assert ask().raised().detail == f"key •••, nonetheless {word}s"


def test_the_log_is_heard(
    ask: Asker, server: FaultServer, logged: pytest.LogCaptureFixture
) -> None:
    """Else the tests above would prove nothing."""
    server.script(answering("no", status="500 No"), streaming(CLEAN))
    ask()
    logging.getLogger("azure.core").debug("heard")
    assert "HttpResponseError" in logged.text
    assert "heard" in logged.text


def _chain(error: BaseException) -> list[BaseException]:
    """Return the error, and everything that hangs on it."""
    found: list[BaseException] = []
    rest: list[BaseException | None] = [error]
    while rest:
        one = rest.pop()
        if one is not None and one not in found:
            found.append(one)
            rest += [one.__cause__, one.__context__]
    return found


def test_the_chain_is_followed() -> None:
    """Else the tests above would prove nothing."""
    first, second = ChatError(), ValueError(KEY)
    first.__context__ = second
    assert _chain(first) == [first, second]
