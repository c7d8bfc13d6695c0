"""Talks HTTP to a demo server."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx

from playground.demo import DemoServer
from tests.unit.demo.asking import MINI

PATH = "/chat/completions"


def client(base_url: str = "") -> httpx.Client:
    """Return a client that looks at no proxy and loads no certificates, which takes a while."""
    return httpx.Client(
        base_url=base_url,
        trust_env=False,
        verify=False,  # noqa: S501 - plain HTTP on this machine
        timeout=5,
    )


def body(prompt: str = "Hello!", **fields: Any) -> dict[str, Any]:
    """Return a request body; at temperature 0, so that the reply is known."""
    messages = [{"role": "user", "content": prompt}]
    return {"model": MINI, "messages": messages, "temperature": 0, **fields}


def chunks(text: str) -> list[Any]:
    """Return the parsed chunks of a stream in the usual dialect; the last must be `[DONE]`."""
    *events, done, rest = text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    return [json.loads(event.removeprefix("data: ")) for event in events if event[:1] != ":"]


def read_raw(http: httpx.Client, fields: dict[str, Any]) -> tuple[bytes, httpx.HTTPError | None]:
    """Return what arrived, and the error that ended it, if one did."""
    received = b""
    try:
        with http.stream("POST", PATH, json=fields) as response:
            for part in response.iter_raw():
                received += part
    except httpx.HTTPError as error:
        return received, error
    return received, None


def request(fields: dict[str, Any]) -> bytes:
    """Return the bytes of a request."""
    content = json.dumps(fields).encode()
    head = f"POST /v1{PATH} HTTP/1.1\r\nHost: demo\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


def connect(server: DemoServer, fields: dict[str, Any]) -> socket.socket:
    """Open a connection and send a request over it."""
    parts = urlsplit(server.url)
    one = socket.create_connection((parts.hostname, parts.port), timeout=5)
    one.sendall(request(fields))
    return one
