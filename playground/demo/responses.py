"""Sends an answer over HTTP."""

from __future__ import annotations

import asyncio
import secrets
from abc import abstractmethod

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
    WRITERS,
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
            return _Silence()
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


class _Line:
    """The line to the client, while one request is answered."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send

    async def begin(self, response: Response) -> None:
        await self._send(
            {
                "type": "http.response.start",
                "status": response.status_code,
                "headers": response.raw_headers,
            }
        )

    async def send(self, body: bytes, *, more: bool = True) -> None:
        await self._send({"type": "http.response.body", "body": body, "more_body": more})

    async def drop(self) -> None:
        hang_up(self._scope)
        await self.stay_silent()

    async def stay_silent(self) -> None:
        """Wait; the response ends when the connection does."""
        await asyncio.Event().wait()


class _Staged(Response):
    """A response that takes its time, and ends at once when the client leaves."""

    media_type = "application/json"

    def __init__(self) -> None:
        super().__init__(headers=_headers())
        del self.headers["content-length"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        performance = asyncio.ensure_future(self.perform(_Line(scope, send)))
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

    @abstractmethod
    async def perform(self, line: _Line) -> None:
        """Send everything."""


class _Silence(_Staged):
    async def perform(self, line: _Line) -> None:
        await line.stay_silent()


class _HangUp(_Staged):
    async def perform(self, line: _Line) -> None:
        await line.drop()


class _Played(_Staged):
    def __init__(self, script: Script, asked: Asked, tempo: Tempo, pace: float) -> None:
        super().__init__()
        self.script = script
        self.include_usage = asked.include_usage
        self.model = reported_name(script.model or asked.name)
        self.tally = Tally(count_messages(asked.messages))
        self.steps = play(script, tempo, pace)


class _Stream(_Played):
    media_type = "text/event-stream"

    async def perform(self, line: _Line) -> None:
        self.headers["cache-control"] = "no-cache"
        await line.begin(self)
        write = WRITERS[self.script.dialect]
        writer = write(self.model, self.tally, include_usage=self.include_usage)
        async for step in self.steps:
            if isinstance(step, Drop):
                await line.drop()
            else:
                await line.send(writer.write(step))
        await line.send(writer.end(), more=False)


class _Whole(_Played):
    async def perform(self, line: _Line) -> None:
        pieces: list[str] = []
        finish: FinishReason | None = None
        async for step in self.steps:
            match step:
                case Say(tokens):
                    pieces += tokens
                    self.tally.completion_tokens += len(tokens)
                case Finish(reason):
                    finish = reason
                case Fail(code, message):
                    self.status_code = 500
                    await self._send(line, encode(error_body(code, message)))
                    return
                case Drop():
                    body = self._body(pieces, finish)
                    await line.begin(self)
                    await line.send(body[: len(body) // 2])
                    await line.drop()
                case _:
                    # Comments and bad lines exist in streams only.
                    pass
        await self._send(line, self._body(pieces, finish))

    def _body(self, pieces: list[str], finish: FinishReason | None) -> bytes:
        return encode(completion(self.model, "".join(pieces), finish, self.tally))

    async def _send(self, line: _Line, body: bytes) -> None:
        self.headers["content-length"] = str(len(body))
        await line.begin(self)
        await line.send(body, more=False)


async def _departure(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
