"""Sends an answer over HTTP."""

from __future__ import annotations

import asyncio
import secrets

from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from playground.demo.answers import (
    Answer,
    Drop,
    Fail,
    Finish,
    HangUp,
    Page,
    Refusal,
    Say,
    Script,
    Silence,
    Tempo,
)
from playground.demo.asked import Asked
from playground.demo.chunks import (
    StreamWriter,
    Tally,
    completion,
    encode,
    error_body,
    refusal_body,
    reported_name,
)
from playground.demo.playing import play
from playground.demo.tokens import count_messages
from playground.demo.wire import hang_up
from playground.events import FinishReason

LABEL = {"x-playground-demo": "scripted"}


def respond(answer: Answer, asked: Asked, tempo: Tempo, pace: float) -> Response:
    """Return what sends `answer` to whoever sent `asked`."""
    match answer:
        case Refusal():
            return refused(answer)
        case Page(body, content_type):
            return Response(body, media_type=content_type, headers=_headers())
        case HangUp():
            return _HangUp()
        case Silence():
            return _Staged()
        case Script():
            kind = _Stream if asked.stream else _Whole
            return kind(answer, asked, tempo, pace)


def refused(refusal: Refusal) -> Response:
    """Return the response to a request that is refused."""
    return JSONResponse(
        refusal_body(refusal), refusal.status, headers={**_headers(), **refusal.headers}
    )


def _headers() -> dict[str, str]:
    return {**LABEL, "x-request-id": f"demo-{secrets.token_hex(8)}"}


class _Staged(Response):
    """A response that takes its time and ends at once when the client leaves."""

    media_type = "application/json"

    def __init__(self) -> None:
        super().__init__(headers=_headers())
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        performance = asyncio.ensure_future(self.perform(scope, send))
        departure = asyncio.ensure_future(_departure(receive))
        both = {performance, departure}
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if performance.done():
                performance.result()
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def perform(self, scope: Scope, send: Send) -> None:
        """Send everything; this one has nothing to send, and waits for the client to leave."""
        await asyncio.Event().wait()

    async def begin(self, send: Send) -> None:
        """Send the status line and the headers."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})


class _HangUp(_Staged):
    async def perform(self, scope: Scope, send: Send) -> None:
        await drop(scope)


class _Played(_Staged):
    def __init__(self, script: Script, asked: Asked, tempo: Tempo, pace: float) -> None:
        super().__init__()
        self.script = script
        self.asked = asked
        self.model = reported_name(script.model or asked.name)
        self.tally = Tally(count_messages(asked.messages))
        self.steps = play(script, tempo, pace)


class _Stream(_Played):
    media_type = "text/event-stream"

    async def perform(self, scope: Scope, send: Send) -> None:
        self.headers["cache-control"] = "no-cache"
        await self.begin(send)
        writer = StreamWriter(self.model, self.tally, include_usage=self.asked.include_usage)
        async for step in self.steps:
            if isinstance(step, Drop):
                await drop(scope)
            else:
                await _send(send, writer.write(step))
        await _send(send, writer.end(), more=False)


class _Whole(_Played):
    async def perform(self, scope: Scope, send: Send) -> None:
        pieces: list[str] = []
        finish = FinishReason.STOP
        async for step in self.steps:
            match step:
                case Say(tokens):
                    pieces += tokens
                    self.tally.completion_tokens += len(tokens)
                case Finish(reason):
                    finish = reason
                case Fail(code, message):
                    self.status_code = 500
                    await self._finish(send, encode(error_body(code, message)))
                    return
                case Drop():
                    body = encode(completion(self.model, "".join(pieces), finish, self.tally))
                    await self.begin(send)
                    await _send(send, body[: len(body) // 2])
                    await drop(scope)
                case _:
                    pass
        await self._finish(
            send, encode(completion(self.model, "".join(pieces), finish, self.tally))
        )

    async def _finish(self, send: Send, body: bytes) -> None:
        self.headers["content-length"] = str(len(body))
        await self.begin(send)
        await _send(send, body, more=False)


async def drop(scope: Scope) -> None:
    """Close the connection and wait for that to be noticed, which ends the response."""
    hang_up(scope)
    await asyncio.Event().wait()


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
