"""What the server adds to Streamlit's: headers, the browser's id, our script, health."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
import uvicorn
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import Runtime

import components.resources
from components.middleware import (
    BROWSER_COOKIE,
    CONTENT_SECURITY_POLICY,
    MIDDLEWARE,
    SCRIPT_FILES,
    SCRIPT_TAG,
    SECURITY_HEADERS,
    STYLE_FILES,
    STYLE_TAG,
    BrowserId,
    OwnScript,
    SecurityHeaders,
    inline_script_hashes,
)
from components.resources import resources
from components.web import ROUTES, lifespan
from playground import __version__
from playground.settings import load_settings
from tests.support.environment import ROOT
from tests.support.sources import PATIENCE, Tap

CANARY = "sk-canary-51ce"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"  # what a browser asks a page with
INDEX = Path(st.__file__).parent / "static" / "index.html"


@dataclass(frozen=True)
class Answer:
    """A response, as it came over the socket."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key.lower() == name]

    def get(self, name: str) -> str | None:
        """Return the value of a header that may come once at most."""
        values = self.all(name)
        assert len(values) <= 1
        return values[0] if values else None

    @property
    def cookie(self) -> str | None:
        """The browser's id that was set."""
        found = [v for v in self.all("set-cookie") if v.startswith(f"{BROWSER_COOKIE}=")]
        assert len(found) <= 1
        return found[0].partition(";")[0].partition("=")[2] if found else None


@dataclass(frozen=True)
class Server:
    """A running server, to be asked over plain sockets."""

    port: int

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Send one request; in names of headers `_` stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, headers=sent)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    def page(self, path: str = "/", **headers: str) -> Answer:
        """Ask for a page, as a browser does."""
        return self.ask(path, **({"Accept": HTML} | headers))


async def fail(_: Request) -> None:
    """Answer nothing."""
    raise RuntimeError(f"a bug, with {CANARY}")


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as `app.py` builds it, with one route more, which fails."""
    folder = tmp_path_factory.mktemp("web")
    (folder / ".env").write_text(
        "AZURE_INFERENCE_ENDPOINT=http://192.0.2.7/v1\n"
        f"AZURE_INFERENCE_CREDENTIAL={CANARY}\n"
        f"PLAYGROUND_DATABASE_URL=sqlite:///{(folder / 'data.db').as_posix()}\n",
        encoding="utf-8",
    )
    resources.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(components.resources, "load_settings", lambda _: load_settings(folder))
        patch.setattr(config, "_main_script_path", config._main_script_path)
        patch.setattr(config, "_server_mode", config._server_mode)
        patch.setattr(Runtime, "_instance", None)
        app = st.App(
            str(ROOT / "components" / "frame.py"),
            lifespan=lifespan,
            middleware=MIDDLEWARE,
            routes=[*ROUTES, Route("/boom", fail)],
        )
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        with socket.create_server(("127.0.0.1", 0)) as listening:
            ready = threading.Event()
            thread = threading.Thread(
                target=lambda: asyncio.run(_serve(server, listening, ready)), name="web"
            )
            thread.start()
            assert ready.wait(PATIENCE)
            yield Server(listening.getsockname()[1])
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


async def _serve(server: uvicorn.Server, listening: socket.socket, ready: threading.Event) -> None:
    startup = server.startup

    async def started(sockets: list[socket.socket] | None = None) -> None:
        await startup(sockets)
        ready.set()

    server.startup = started  # type: ignore[method-assign] # its only hook
    await server.serve([listening])


def calling(app: ASGIApp, **scope: Any) -> list[Message]:
    """Call an ASGI app once, and return all that it sent."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    full = {"type": "http", "method": "GET", "path": "/", "scheme": "http", "headers": []}
    asyncio.run(_call(app, full | scope, receive, send))
    return sent


async def _call(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def answering(*parts: bytes, kind: bytes = b"text/html", **extra: bytes) -> ASGIApp:
    """Return an ASGI app that answers with `parts`."""

    async def app(_: Scope, __: Receive, send: Send) -> None:
        headers = [(b"content-type", kind), (b"content-length", b"%d" % sum(map(len, parts)))]
        headers += [(k.replace("_", "-").encode(), v) for k, v in extra.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, part in enumerate(parts, 1):
            more = number < len(parts)
            await send({"type": "http.response.body", "body": part, "more_body": more})

    return app


EVERYWHERE = [
    ("GET", "/", 200),
    ("GET", "/models", 200),
    ("GET", "/some/deep/link?c=x", 200),
    ("HEAD", "/", 200),
    ("GET", "/favicon.png", 200),
    ("GET", "/app/static/inter-latin-wght-normal.woff2", 200),
    ("GET", "/app/static/nothing.woff2", 404),
    ("GET", "/models/", 301),
    ("GET", "/api/health", 200),
    ("GET", "/api/page.js", 200),
    ("GET", "/_stcore/health", 200),
    ("GET", "/_stcore/host-config", 200),
    ("GET", "/_stcore/agent/nothing", 404),
    ("GET", "/media/nothing.png", 404),
    ("GET", "//192.0.2.1/x", 400),
    ("POST", "/api/health", 405),
    ("GET", "/boom", 500),
]


@pytest.mark.parametrize("accept", [HTML, "*/*"], ids=["page", "file"])
@pytest.mark.parametrize(("method", "path", "status"), EVERYWHERE)
def test_every_response_has_the_security_headers(
    web: Server, method: str, path: str, status: int, accept: str
) -> None:
    answer = web.ask(path, method, Accept=accept)
    assert answer.status == status
    for name, value in SECURITY_HEADERS:
        assert answer.all(name.decode()) == [value.decode()]


def test_the_policy_lets_nothing_in_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    allowed = {source for sources in policy.values() for source in sources.split()}
    hashes = {source for source in allowed if source.startswith("'sha256-")}
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["object-src"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    words = {"'self'", "'none'", "'unsafe-inline'", "'wasm-unsafe-eval'"}
    assert allowed - hashes <= words | {"data:", "blob:", "ws:", "wss:"}


class Scripts(HTMLParser):
    """Collects the scripts of a page: where they are from, or what they say."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.inline: list[str] = []
        self._within = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = dict(attrs).get("src")
        if tag == "script" and source is not None:
            self.sources.append(source)
        self._within = tag == "script" and source is None

    def handle_data(self, data: str) -> None:
        if self._within:
            self.inline.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._within = False


def test_exactly_the_inline_scripts_of_the_served_page_may_run(web: Server) -> None:
    """Computed from the page as a browser reads it, not as the middleware does."""
    answer = web.page()
    scripts = Scripts(answer.body.decode())
    assert scripts.inline, "Streamlit's page has one"
    wanted = {inline_script_hashes(f"<script>{text}</script>") for text in scripts.inline}
    policy = answer.get("content-security-policy") or ""
    assert set(re.findall(r"'sha256-[^']+'", policy)) == wanted
    assert not re.search(rb"<[a-z][^>]*\son[a-z]+=", answer.body), "no handler in an attribute"


@pytest.mark.parametrize("path", ["/", "/models", "/some/deep/link"])
def test_a_page_is_streamlits_with_our_script_once_and_first(web: Server, path: str) -> None:
    answer = web.page(path)
    assert answer.body.count(SCRIPT_TAG) == 1
    assert answer.body.count(STYLE_TAG) == 1
    assert answer.body.replace(SCRIPT_TAG, b"").replace(STYLE_TAG, b"") == INDEX.read_bytes()
    assert Scripts(answer.body.decode()).sources[0] == "./api/page.js"
    assert answer.get("content-length") == str(len(answer.body))


def test_a_page_is_sent_whole_whatever_the_browser_has(web: Server) -> None:
    """A part, or "not modified", would come without our script."""
    raw = web.ask("/", Accept="*/*")
    answer = web.page(
        "/",
        Accept_Encoding="gzip, br",
        If_None_Match=raw.get("etag") or "",
        If_Modified_Since=raw.get("last-modified") or "",
        Range="bytes=0-99",
    )
    assert answer.status == 200
    assert answer.get("content-encoding") is None
    assert answer.get("content-length") == str(len(answer.body))
    assert answer.body.count(SCRIPT_TAG) == 1
    for stale in ("etag", "last-modified", "accept-ranges"):
        assert answer.get(stale) is None


def test_files_are_what_they_are(web: Server) -> None:
    """What no browser asks as a page passes as it is, with its own caching."""
    whole = web.ask("/favicon.png")
    assert whole.body == (INDEX.parent / "favicon.png").read_bytes()
    assert web.ask("/favicon.png", If_None_Match=whole.get("etag") or "").status == 304
    assert web.ask("/favicon.png", Range="bytes=0-9").body == whole.body[:10]
    assert web.page("/favicon.png").body == whole.body


def test_head_has_no_body(web: Server) -> None:
    answer = web.ask("/", "HEAD", Accept=HTML)
    assert (answer.status, answer.body) == (200, b"")


def test_the_script_is_javascript(web: Server) -> None:
    answer = web.ask("/api/page.js")
    assert answer.status == 200
    assert (answer.get("content-type") or "").startswith("text/javascript")
    assert answer.body == b"\n".join(file.read_bytes() for file in SCRIPT_FILES)
    assert answer.cookie is None


def test_every_script_and_stylesheet_is_served_and_none_is_long(web: Server) -> None:
    folder = SCRIPT_FILES[0].parent
    assert set(SCRIPT_FILES) == set(folder.glob("*.js"))
    assert set(STYLE_FILES) == set(folder.glob("*.css"))
    for path, files in (("/api/page.js", SCRIPT_FILES), ("/api/page.css", STYLE_FILES)):
        served = web.ask(path).body
        for file in files:
            text = file.read_bytes()
            assert text in served
            assert text.count(b"\n") <= 300, file.name


def test_health_tells_what_runs_and_nothing_secret(web: Server) -> None:
    answer = web.ask("/api/health")
    assert answer.get("content-type") == "application/json"
    told = json.loads(answer.body)
    assert told.keys() == {"status", "version", "store", "generations_running"}
    assert (told["status"], told["version"]) == ("ok", __version__)
    assert told["store"]
    assert told["generations_running"] == 0
    tap = Tap()
    run = resources().generations.start("somebody", "turn", tap, lambda _: None)
    assert json.loads(web.ask("/api/health").body)["generations_running"] == 1
    tap.done()
    assert run.join(PATIENCE)
    assert json.loads(web.ask("/api/health").body)["generations_running"] == 0
    for secret in (CANARY, "192.0.2.7", "data.db", str(ROOT)):
        assert secret.encode() not in answer.body


def test_a_database_that_hangs_does_not_hold_up_the_pages(
    web: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answered = threading.Event(), threading.Event()

    class Hanging:
        def health(self) -> dict[str, Any]:
            asked.set()
            assert answered.wait(PATIENCE)
            return {}

    monkeypatch.setattr(resources(), "store", Hanging())
    waiting = threading.Thread(target=web.ask, args=("/api/health",))
    waiting.start()
    assert asked.wait(PATIENCE)
    assert web.page().status == 200
    answered.set()
    waiting.join(PATIENCE)


def test_a_bug_of_ours_tells_nothing(web: Server) -> None:
    assert web.page("/boom").body == b"Internal Server Error"


def test_an_answer_that_breaks_off_is_not_followed_by_another() -> None:
    async def app(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    with pytest.raises(RuntimeError):
        asyncio.run(_call(SecurityHeaders(app), {"type": "http"}, receive, send))
    assert [m["type"] for m in sent] == ["http.response.start"]


def test_headers_of_the_app_do_not_weaken_ours() -> None:
    app = SecurityHeaders(answering(b"x", content_security_policy=b"default-src *"))
    headers = calling(app)[0]["headers"]
    policies = [value for name, value in headers if name == b"content-security-policy"]
    assert policies == [CONTENT_SECURITY_POLICY.encode()]


def test_a_refused_websocket_has_the_headers_too() -> None:
    async def refuse(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "websocket.http.response.start", "status": 403, "headers": []})

    sent = calling(SecurityHeaders(refuse), type="websocket")
    assert set(SECURITY_HEADERS) <= set(sent[0]["headers"])


def test_the_cookie_is_for_the_server_alone(web: Server) -> None:
    (written,) = web.page().all("set-cookie")
    value, *flags = written.split("; ")
    assert value.startswith(f"{BROWSER_COOKIE}=")
    assert set(flags) >= {"HttpOnly", "SameSite=Lax", "Path=/"}
    assert "Secure" not in flags, "over http the browser would drop it"
    assert not any(flag.startswith("Domain") for flag in flags)


@pytest.mark.parametrize(("scheme", "secure"), [("http", False), ("https", True)])
def test_over_https_the_cookie_stays_there(scheme: str, secure: bool) -> None:  # noqa: FBT001 - a case
    headers = dict(calling(BrowserId(answering(b"x")), scheme=scheme)[0]["headers"])
    assert (b"; Secure" in headers[b"set-cookie"]) == secure


def test_every_browser_gets_an_id_that_cannot_be_guessed(web: Server) -> None:
    ids = {web.page().cookie or "" for _ in range(20)}
    assert len(ids) == 20
    assert all(re.fullmatch(r"[\w-]{43}", found) for found in ids), "256 bits"


def test_only_pages_set_the_cookie(web: Server) -> None:
    for path in ("/favicon.png", "/api/health", "/api/page.js", "/_stcore/health"):
        assert web.page(path).cookie is None


def test_a_browser_keeps_its_id(web: Server) -> None:
    first = web.page().cookie
    assert web.page(Cookie=f"{BROWSER_COOKIE}={first}").cookie is None
    assert web.page("/models", Cookie=f"a=b; {BROWSER_COOKIE}={first}; c=d").cookie is None


@pytest.mark.parametrize("other", ['{"a": "b"}', "a b c", "x=[1, 2]", "==", '"', "x=\xff", "@=1"])
def test_odd_cookies_of_other_servers_do_not_hide_it(web: Server, other: str) -> None:
    """Cookies know no ports: every server of this machine gets those of all."""
    assert web.page(Cookie=f"{other}; {BROWSER_COOKIE}=abc").cookie is None
    assert web.page(Cookie=f"{BROWSER_COOKIE}=abc; {other}").cookie is None


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        ";;;",
        "=",
        f"{BROWSER_COOKIE}",
        f"{BROWSER_COOKIE}=",
        f"x{BROWSER_COOKIE}=abc",
        "\xff" * 9,
    ],
)
def test_garbage_is_no_id_and_does_no_harm(web: Server, garbage: str) -> None:
    answer = web.page(Cookie=garbage)
    assert answer.status == 200
    assert answer.cookie


@pytest.mark.parametrize("forged", ["x" * 4000, "%00%0d%0aSet-Cookie: a=b", "../../x", "\xe9"])
def test_a_forged_id_is_not_sent_back(web: Server, forged: str) -> None:
    answer = web.page(Cookie=f"{BROWSER_COOKIE}={forged}")
    assert answer.status == 200
    assert answer.all("set-cookie") == []
    assert forged.encode("latin-1") not in answer.body


def test_a_page_in_many_parts_is_put_together() -> None:
    parts = (b"<html><he", b"ad></head>", b"", b"<head></html>")
    sent = calling(OwnScript(answering(*parts, etag=b'"x"')), headers=[(b"accept", b"text/html")])
    start, body = sent
    assert body["body"] == b"<html><head>" + SCRIPT_TAG + b"</head><head></html>"
    assert not body.get("more_body")
    headers = [name for name, _ in start["headers"]]
    assert dict(start["headers"])[b"content-length"] == b"%d" % len(body["body"])
    assert headers.count(b"content-length") == 1
    assert b"etag" not in headers


@pytest.mark.parametrize(
    ("method", "accept", "kind"),
    [
        ("GET", b"*/*", b"text/html"),
        ("HEAD", b"text/html", b"text/html"),
        ("POST", b"text/html", b"text/html"),
        ("GET", b"text/html", b"application/json"),
    ],
)
def test_what_is_no_page_passes_untouched(method: str, accept: bytes, kind: bytes) -> None:
    app = answering(b"<head>", b"</head>", kind=kind, etag=b'"x"')
    scope = {"method": method, "headers": [(b"accept", accept)]}
    assert calling(OwnScript(app), **scope) == calling(app, **scope)
