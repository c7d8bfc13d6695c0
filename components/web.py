"""What the server does besides drawing pages: health, our script, start and end."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from components.middleware import SCRIPT_FILES, SCRIPT_PATH, STYLE_FILES, STYLE_PATH
from components.resources import close_resources, resources
from playground import __version__


def health(_: Request) -> JSONResponse:
    """Answer /api/health: what runs, and nothing secret."""
    # Not async, so in a thread of its own: a slow database must not hold up every page.
    parts = resources()
    return JSONResponse(
        {
            "status": "ok",
            "version": __version__,
            "store": parts.store.health(),
            "generations_running": parts.generations.running,
        }
    )


@contextlib.asynccontextmanager
async def lifespan(_: Any) -> AsyncIterator[None]:
    """Build everything before the first request; end every run when the server ends."""
    resources()
    # What stands now stays to the end. Looking through it again and again for garbage would hold
    # up all replies at once, for 70 to 90 ms each time.
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        close_resources()


def page_script(_: Request) -> Response:
    """Answer with the playground's scripts, as one."""
    return Response(_joined(SCRIPT_FILES), media_type="text/javascript")


def page_style(_: Request) -> Response:
    """Answer with the playground's stylesheets, as one."""
    return Response(_joined(STYLE_FILES), media_type="text/css")


def _joined(files: Iterable[Path]) -> bytes:
    return b"\n".join(file.read_bytes() for file in files)


ROUTES = [
    Route("/api/health", health),
    Route(f"/{SCRIPT_PATH}", page_script),
    Route(f"/{STYLE_PATH}", page_style),
]
