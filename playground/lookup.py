"""One short question to a server beside the chat: what it serves, who it is.

It goes over the same wire as a chat: no redirects, no proxies, no forbidden addresses, a deadline
that keep-alives do not extend, and a stop that works.
"""

from __future__ import annotations

import contextlib
import http.client
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from playground import __version__, entra
from playground.connections import Connection
from playground.error_mapping import from_response
from playground.error_text import parse_json
from playground.errors import ChatError, ProtocolError
from playground.exchange import Exchange
from playground.foreign_errors import from_exception
from playground.stop import StopSignal
from playground.wire import Wire

#: Bytes of an answer that are read; a list of models is far smaller.
MAX_BODY = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Found:
    """An answer of status 200: its headers, names in lower case, and its JSON."""

    headers: dict[str, str]
    json: Any


def look_up(connection: Connection, path: str, stop: StopSignal, *, seconds: float = 10.0) -> Found:
    """Ask `connection` for `path` (from its base URL, or from its root if it begins with "/").

    Args:
        connection: whom to ask, with its key if it has one.
        path: such as "models" or "/props".
        stop: ends the question at once.
        seconds: until the answer has to be there, the connecting not counted.

    Raises:
        Stopped: once `stop` is set.
        ChatError: for everything else that goes wrong.
    """
    patient = replace(
        connection,
        connect_timeout=min(connection.connect_timeout, seconds),
        first_token_timeout=seconds,
    )
    base = urlsplit(connection.endpoint).path.rstrip("/")
    target = path if path.startswith("/") else f"{base}/{path}"
    try:
        return _ask(patient, target, stop)
    except (ChatError, OSError, http.client.HTTPException, ValueError) as error:
        problem = from_exception(error, connection)
    # Outside the except block, and with a traceback of its own: no frame that holds the key.
    problem.__context__ = None
    raise problem.with_traceback(None) from None


def _ask(connection: Connection, target: str, stop: StopSignal) -> Found:
    headers = {"Accept": "application/json", "User-Agent": f"phi3-playground/{__version__}"}
    headers |= _authorization(connection)
    exchange = Exchange(connection, stop)
    with (
        contextlib.closing(Wire(connection.endpoint)) as wire,
        stop.woken_by(exchange.wake),
        contextlib.closing(wire.get(exchange, target, headers)) as answer,
    ):
        body = bytearray()
        for block in answer.blocks():
            body += block
            if len(body) > MAX_BODY:
                raise ProtocolError("The server's answer is over 1 MiB, which is the cap.")
        told = {name.lower(): value for name, value in answer.headers.items()}
    if answer.status != 200:
        raise from_response(answer.status, told, bytes(body).decode("utf-8", "replace"), connection)
    try:
        return Found(told, parse_json(bytes(body)))
    except ValueError:
        raise ProtocolError("The server's answer is not JSON.") from None


def _authorization(connection: Connection) -> dict[str, str]:
    if connection.entra_scope:
        return {"Authorization": f"Bearer {entra.token(connection.entra_scope)}"}
    if connection.credential is None:
        return {}
    key = connection.credential.key
    return {"Authorization": f"Bearer {key}", "api-key": key}
