"""Nothing foreign passes: every exception of the SDK, and of what lies below it, is mapped."""

from __future__ import annotations

import http.client
import inspect
import socket
import ssl
from collections.abc import Iterator
from types import ModuleType

import azure.core.exceptions
import pytest
import requests.exceptions
import urllib3.exceptions

from playground import errors
from playground.connections import Connection
from playground.errors import ChatError
from playground.foreign_errors import from_exception

CONNECTION = Connection("c", "C", "http://127.0.0.1:8080/v1")


#: Where the classes come from that the walk looks at; other libraries derive from them too.
PLACES = ("azure", "builtins", "http", "requests", "socket", "ssl", "urllib3")


def _exceptions(*modules: ModuleType) -> Iterator[type[Exception]]:
    """Yield every exception class these modules define, and all their subclasses known by now."""
    found: set[type[Exception]] = set()
    waiting = [
        kind
        for module in modules
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and not issubclass(kind, Warning)
    ]
    while waiting:
        kind = waiting.pop()
        if kind not in found and kind.__module__.partition(".")[0] in PLACES:
            found.add(kind)
            waiting += kind.__subclasses__()
    yield from sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


FOREIGN = list(
    _exceptions(
        azure.core.exceptions, requests.exceptions, urllib3.exceptions, http.client, socket, ssl
    )
)


def _instance(kind: type[Exception]) -> Exception:
    """Return an exception of `kind`, whatever its constructor wants."""
    error = kind.__new__(kind)
    if isinstance(error, azure.core.exceptions.HttpResponseError):
        error.status_code = None
        error.response = None
    return error


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_is_mapped(kind: type[Exception]) -> None:
    error = from_exception(_instance(kind), CONNECTION)
    assert isinstance(error, ChatError)
    assert error.happened
    assert error.advice
    if issubclass(kind, (azure.core.exceptions.AzureError, OSError, http.client.HTTPException)):
        assert type(error) is not ChatError, "what can be foreseen has a class of its own"


def test_there_are_many() -> None:
    """Else the walk would prove nothing."""
    assert len(FOREIGN) > 100
    assert {azure.core.exceptions.IncompleteReadError, ssl.SSLCertVerificationError} <= {*FOREIGN}


@pytest.mark.parametrize(
    ("error", "kind", "said"),
    [
        (ConnectionRefusedError(), errors.EndpointUnreachable, "Nothing listens at 127.0.0.1:8080"),
        (socket.gaierror(), errors.EndpointUnreachable, "name 127.0.0.1:8080 cannot be found"),
        (OSError(101, "unreachable"), errors.EndpointUnreachable, "cannot be reached"),
        (TimeoutError(), errors.EndpointUnreachable, "cannot be reached"),
        (ConnectionResetError(), errors.ConnectionLost, "broke"),
        (BrokenPipeError(), errors.ConnectionLost, "broke"),
        (http.client.RemoteDisconnected(""), errors.ConnectionLost, "broke"),
        (http.client.IncompleteRead(b""), errors.ConnectionLost, "broke"),
        (http.client.BadStatusLine("x"), errors.ProtocolError, "does not answer in HTTP"),
        (http.client.LineTooLong("x"), errors.ProtocolError, "does not answer in HTTP"),
        (ssl.SSLError(), errors.EndpointUnreachable, "No secure connection"),
        (ssl.SSLCertVerificationError(), errors.EndpointUnreachable, "no reason given"),
        (azure.core.exceptions.ServiceRequestError("x"), errors.EndpointUnreachable, "reached"),
        (azure.core.exceptions.ServiceResponseError("x"), errors.ConnectionLost, "broke"),
        (azure.core.exceptions.HttpResponseError("x"), errors.ConnectionLost, "broke"),
        (azure.core.exceptions.IncompleteReadError("x"), errors.ConnectionLost, "broke"),
        (azure.core.exceptions.DecodeError("x"), errors.ProtocolError, "not a chat-completions"),
        (UnicodeDecodeError("x", b"", 0, 1, "x"), errors.ProtocolError, "not a chat-completions"),
        (UnicodeError(), errors.EndpointUnreachable, "characters that cannot be sent"),
        (http.client.InvalidURL(), errors.EndpointUnreachable, "characters that cannot be sent"),
        (ValueError(), errors.ProtocolError, "not a chat-completions"),
        (KeyError("secret"), ChatError, "unforeseen happened on the way to 127.0.0.1:8080 (KeyE"),
    ],
)
def test_what_they_mean(error: Exception, kind: type[ChatError], said: str) -> None:
    found = from_exception(error, CONNECTION)
    assert type(found) is kind
    assert said in found.happened


def test_an_error_of_our_own_passes_as_it_is() -> None:
    error = errors.RateLimited()
    assert from_exception(error, CONNECTION) is error


def test_a_status_counts_even_where_the_body_was_not_read() -> None:
    class Unread:
        reason, status_code, headers = "Too Many", 429, {"retry-after": "3"}

        def text(self) -> str:
            raise azure.core.exceptions.ResponseNotReadError(self)

        request = None

    error = azure.core.exceptions.HttpResponseError("x")
    error.status_code, error.response = 429, Unread()
    found = from_exception(error, CONNECTION)
    assert type(found) is errors.RateLimited
    assert found.retry_after == 3


def test_a_status_counts_even_without_a_response() -> None:
    error = azure.core.exceptions.HttpResponseError("x")
    error.status_code = 503
    assert type(from_exception(error, CONNECTION)) is errors.ServerFailed
