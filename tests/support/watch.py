"""Watches browsers and apps: what must never happen, whatever a test is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, WebError

_TRACEBACK = re.compile(r".*Traceback \(most recent call last\)(?:.*\n){0,60}")
_LOCAL_SCHEMES = {"about", "blob", "data"}


class Watch:
    """Collects console errors, script errors, requests to other servers, and logged tracebacks.

    Attributes:
        problems: what was seen and not allowed, in the order of its appearance.
        requests: the URL of every request, in order.
    """

    def __init__(self, origins: Callable[[], set[str]]) -> None:
        """Watch for requests to anything but `origins()`, such as `http://127.0.0.1:8501`."""
        self.requests: list[str] = []
        self._seen: list[str] = []
        self._allowed: list[re.Pattern[str]] = []
        self._origins = origins

    @property
    def problems(self) -> list[str]:
        """See the class."""
        return [text for text in self._seen if not any(rule.search(text) for rule in self._allowed)]

    def allow(self, pattern: str, *, reason: str) -> None:
        """Let problems pass that `pattern` matches, because of `reason`."""
        assert reason, "say why"
        self._allowed.append(re.compile(pattern))

    def attach(self, context: BrowserContext) -> None:
        """Watch every page of `context`."""
        context.on("console", self._console)
        context.on("weberror", self._web_error)
        context.on("request", self._request)
        context.on("page", self._page)

    def read_log(self, log: str) -> None:
        """Look for tracebacks in what an app logged."""
        self._seen += [f"the app logged: {found}" for found in _TRACEBACK.findall(log)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._seen.append(f"console error: {message.text} ({message.location['url']})")

    def _web_error(self, error: WebError) -> None:
        self._seen.append(f"script error: {error.error}")

    def _request(self, request: Request) -> None:
        self._check(request.url)

    def _page(self, page: Page) -> None:
        page.on("websocket", lambda socket: self._check(socket.url))

    def _check(self, url: str) -> None:
        self.requests.append(url)
        parts = urlsplit(url)
        origin = f"{parts.scheme.replace('ws', 'http')}://{parts.netloc}"
        if parts.scheme not in _LOCAL_SCHEMES and origin not in self._origins():
            self._seen.append(f"foreign request: {url}")
