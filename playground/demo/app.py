"""The routes of the demo endpoint."""

from __future__ import annotations

from http import HTTPStatus

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from playground.catalog import load_catalog
from playground.demo.answers import Refusal
from playground.demo.asked import Invalid, read_asked
from playground.demo.chunks import FINGERPRINT
from playground.demo.director import Director
from playground.demo.responses import LABEL, refused, respond
from playground.demo.voices import voice_of

#: Bytes. The largest window is 131,072 tokens, about half a million bytes of English.
MAX_BODY = 4 * 2**20

#: When the six were first published, in seconds since the epoch (23 April 2024).
_CREATED = 1_713_830_400


def demo_app(pace: float) -> Starlette:
    """Return the demo endpoint as an ASGI app; `pace` multiplies every delay."""
    director = Director()

    async def chat(request: Request) -> Response:
        try:
            asked = read_asked(await _body(request))
        except Invalid as error:
            return refused(Refusal(error.status, error.code, error.message))
        return respond(director.answer(asked), asked, voice_of(asked.model).tempo, pace)

    routes = [
        Route("/chat/completions", chat, methods=["POST"]),
        Route("/info", _info, methods=["GET"]),
        Route("/models", _models, methods=["GET"]),
    ]
    return Starlette(
        routes=[*routes, Mount("/v1", routes=routes)],
        exception_handlers={HTTPException: _not_here},
    )


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise Invalid(
                f"The request body is over {MAX_BODY} bytes.", code="request_too_large", status=413
            )
    return bytes(body)


async def _info(_: Request) -> Response:
    return JSONResponse(
        {
            "model_name": FINGERPRINT,
            "model_type": "chat_completion",
            "model_provider_name": "Phi-3 playground (scripted, no model)",
        },
        headers=LABEL,
    )


async def _models(_: Request) -> Response:
    models = [
        {"id": m.name, "object": "model", "created": _CREATED, "owned_by": FINGERPRINT}
        for m in load_catalog()
    ]
    return JSONResponse({"object": "list", "data": models}, headers=LABEL)


async def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    phrase = HTTPStatus(status).phrase
    message = f"{phrase}: {request.method} {request.url.path}"
    return refused(Refusal(status, phrase.lower().replace(" ", "_"), message))
