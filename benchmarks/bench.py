"""The order of a benchmark: who measures what, and when."""

from __future__ import annotations

import contextlib
import sys

from playwright.sync_api import Browser

from benchmarks.browser import Tab
from benchmarks.measures import Measure, middle
from benchmarks.servers import (
    SHARED,
    WRITE_STREAM_PAGE,
    Server,
    app_server,
    page_server,
    token_server,
)
from benchmarks.streams import Crowd, Streams, run_streams
from benchmarks.workload import FILLERS, LONG, SHORT, WARM_UP, Workload

#: Sessions at once, and messages above a reply.
CROWD = 50
ABOVE = 100

RAW, WRITE_STREAM, APP = "raw SDK", "`st.write_stream`", "this app"
#: A place where none can be made.
NO_DATABASE = f"sqlite:///{__file__}/none.db"
#: The same, where no database can be opened: it goes on in memory.
APP_UNKEPT = "this app, nothing kept"
APP_BELOW = f"this app, {ABOVE} messages above"


class Bench:
    """The servers of a benchmark, warmed up, and what they are to stream."""

    def __init__(self, stack: contextlib.ExitStack, browser: Browser) -> None:
        self._browser = browser
        self.endpoint = stack.enter_context(token_server())
        self._servers: dict[str, Server] = {
            WRITE_STREAM: stack.enter_context(page_server(WRITE_STREAM_PAGE, self.endpoint)),
            APP: stack.enter_context(app_server(self.endpoint)),
            APP_UNKEPT: stack.enter_context(app_server(self.endpoint, database=NO_DATABASE)),
        }
        workloads = (WARM_UP, *FILLERS, SHORT, LONG)
        self._texts = {w: self._raw(w).streams[0].text for w in workloads}
        self._tabs = {name: Tab(browser, server) for name, server in self._servers.items()}
        for tab in self._tabs.values():
            self._reply(tab, WARM_UP)

    def replies(self, rounds: int) -> dict[Workload, dict[str, Measure]]:
        """Measure every reply in each round; return the medians."""
        _say(f"preparing {rounds} conversations of {ABOVE} messages")
        below = self._conversations(rounds)
        long, short = [], []
        for number, tab in enumerate(below, 1):
            _say(f"round {number} of {rounds}")
            long.append(self._round(LONG))
            # It stands below the conversation, so this tab is not opened anew.
            long[-1][APP_BELOW] = tab.measure(LONG, self._texts[LONG])
            short.append(self._round(SHORT))
        return {LONG: _middle(long), SHORT: _middle(short)}

    def crowds(self, spread: float) -> dict[str, Crowd]:
        """Measure many sessions at once, which send their prompts within `spread` seconds."""
        _say(f"{CROWD} at once, sent within {spread} s")
        found = {RAW: self._raw(SHORT, CROWD, spread).together}
        with app_server(self.endpoint, SHARED) as shared:
            crowded = {WRITE_STREAM: self._servers[WRITE_STREAM], APP: shared}
            for name, server in crowded.items():
                self._crowd(server, WARM_UP, 1, 0.0)
                found[name] = self._crowd(server, SHORT, CROWD, spread)
        return found

    def _crowd(self, server: Server, workload: Workload, count: int, spread: float) -> Crowd:
        page = (server.url, str(server.process.pid))
        asked = (workload.prompt, self._texts[workload], str(count), str(spread))
        return run_streams("benchmarks.crowd", *page, *asked).together

    def _round(self, workload: Workload) -> dict[str, Measure]:
        found = {RAW: self._raw(workload).single}
        for name, tab in self._tabs.items():
            found[name] = self._reply(tab, workload)
        return found

    def _raw(self, workload: Workload, count: int = 1, spread: float = 0.0) -> Streams:
        asked = (workload.prompt, str(count), str(spread))
        return run_streams("benchmarks.raw_sdk", self.endpoint, *asked)

    def _reply(self, tab: Tab, workload: Workload) -> Measure:
        tab.open()
        return tab.measure(workload, self._texts[workload])

    def _conversations(self, count: int) -> list[Tab]:
        """Return tabs of the app that show a conversation of ABOVE messages each."""
        tabs = [Tab(self._browser, self._servers[APP]) for _ in range(count)]
        for tab in tabs:
            tab.open()
        for turn in range(ABOVE // 2):
            filler = FILLERS[turn % len(FILLERS)]
            for tab in tabs:
                tab.ask(filler, self._texts[filler])
            for tab in tabs:
                tab.await_reply()
        return tabs


def _middle(rounds: list[dict[str, Measure]]) -> dict[str, Measure]:
    return {name: middle([found[name] for found in rounds]) for name in rounds[0]}


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
