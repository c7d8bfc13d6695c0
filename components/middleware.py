"""What is done to every response: security headers, the browser's id, the one script of ours."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import secrets
import socket
from pathlib import Path

import streamlit
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Tells browsers apart, so that a conversation is only given to the browser that made it.
BROWSER_COOKIE = "playground_browser"
_COOKIE_SECONDS = 400 * 24 * 3600  # the longest that browsers keep one


def inline_script_hashes(html: str) -> str:
    """Return the CSP sources that admit the inline scripts of `html`, and no others."""
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = (hashlib.sha256(text.encode()).digest() for text in scripts)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def _streamlit_page() -> str:
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    return page.read_text(encoding="utf-8")


_ASSETS = Path(__file__).with_name("assets")
# Served as one, in this order: what comes first is used by the rest, or gives way to it.
SCRIPT_FILES = tuple(_ASSETS / name for name in ("page.js", "scrolling.js"))
STYLE_FILES = tuple(
    _ASSETS / f"{name}.css"
    for name in ("page", "history", "contrast", "compare", "cards", "judging", "reading", "touch")
)
# Relative, as Streamlit's own scripts are, so that a base path in front makes no difference.
SCRIPT_PATH = "api/page.js"
STYLE_PATH = "api/page.css"
SCRIPT_TAG = f'<script src="./{SCRIPT_PATH}"></script>'.encode()
# At the very end: Streamlit adds its own styles to the head, and those that come later win.
STYLE_TAG = f'<link rel="stylesheet" href="./{STYLE_PATH}">'.encode()

#: What a page may load: the playground's own files and nothing else, so that a reply cannot make
#: the browser call another host. `wasm-unsafe-eval`, inline styles and the one inline script of
#: its page are Streamlit's own needs.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        f"script-src 'self' 'wasm-unsafe-eval' {inline_script_hashes(_streamlit_page())}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "frame-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    # Conversations, shared ones above all, are nobody's search result.
    (b"x-robots-tag", b"noindex, nofollow"),
)


class SendAtOnce:
    """Makes every frame of a websocket leave at once.

    The socket that Streamlit listens on leaves Nagle's algorithm on: a frame then waits up to 40 ms
    for the browser to acknowledge the one before.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the option on the connection, and pass the request on."""
        if scope["type"] == "websocket":
            # ASGI does not offer the connection; uvicorn's `send` is a method of what has it.
            transport = getattr(getattr(send, "__self__", None), "transport", None)
            connection = transport.get_extra_info("socket") if transport else None
            if connection is not None:
                with contextlib.suppress(OSError):  # no TCP: a Unix socket, which never waits
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self.app(scope, receive, send)


class SecurityHeaders:
    """Adds the security headers to every response, error responses included."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its response."""
        names = {name for name, _ in SECURITY_HEADERS}
        started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                started = True
                kept = [(k, v) for k, v in message.get("headers", []) if k.lower() not in names]
                message = {**message, "headers": [*kept, *SECURITY_HEADERS]}
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception:
            # Starlette would answer outside of every middleware, so without these headers.
            if scope["type"] == "http" and not started:
                failure = PlainTextResponse("Internal Server Error", status_code=500)
                await failure(scope, receive, send_with_headers)
            raise


class OwnScript:
    """Adds the playground's stylesheet and its one script, see assets/, to Streamlit's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; if a page comes back, add the script."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        # A page that is not modified would come back without a body to add to, or with a part.
        dropped = (b"accept-encoding", b"range")
        plain = [
            (k, v) for k, v in scope["headers"] if not k.startswith(b"if-") and k not in dropped
        ]
        wants_page = any(k == b"accept" and b"text/html" in v for k, v in scope["headers"])
        if not wants_page:
            await self.app(scope, receive, send)
            return
        start: Message = {}
        body = b""

        async def send_with_script(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                if not _is_page(message):
                    await send(message)
                return
            if not _is_page(start):
                await send(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            body = body.replace(b"<head>", b"<head>" + SCRIPT_TAG, 1)
            body = body.replace(b"</body>", STYLE_TAG + b"</body>", 1)
            outdated = (b"content-length", b"etag", b"last-modified", b"accept-ranges")
            headers = [(k, v) for k, v in start["headers"] if k.lower() not in outdated]
            headers.append((b"content-length", str(len(body)).encode()))
            await send({**start, "headers": headers})
            await send({"type": "http.response.body", "body": body})

        await self.app({**scope, "headers": plain}, receive, send_with_script)


class BrowserId:
    """Gives each browser an unguessable id in a cookie that no script can read."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Set the cookie on a page's response if the browser has none."""
        if scope["type"] != "http" or HTTPConnection(scope).cookies.get(BROWSER_COOKIE):
            await self.app(scope, receive, send)
            return
        secure = "; Secure" if scope.get("scheme") == "https" else ""
        cookie = (
            f"{BROWSER_COOKIE}={secrets.token_urlsafe(32)}; Path=/; HttpOnly; SameSite=Lax; "
            f"Max-Age={_COOKIE_SECONDS}{secure}"
        ).encode()

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_page(message):
                message = {**message, "headers": [*message["headers"], (b"set-cookie", cookie)]}
            await send(message)

        await self.app(scope, receive, send_with_cookie)


def _is_page(message: Message) -> bool:
    # Only the HTML document sets the cookie: its many files are fetched in parallel, and each
    # would set another id.
    return any(
        k.lower() == b"content-type" and v.startswith(b"text/html") for k, v in message["headers"]
    )


MIDDLEWARE = [
    Middleware(SendAtOnce),
    Middleware(SecurityHeaders),
    Middleware(BrowserId),
    Middleware(OwnScript),
]
