"""Six panes that answer one prompt at once, beside as many threads of the raw SDK.

Alone: `python -m benchmarks.panes`, about two minutes.
"""

from __future__ import annotations

import contextlib

from playwright.sync_api import Browser

from benchmarks.browser import Tab, chromium
from benchmarks.report import panes_table
from benchmarks.servers import SIDE_BY_SIDE_PAGE, Server, app_server, page_server, token_server
from benchmarks.streams import Panes, Streams, middle_panes, run_streams
from benchmarks.targets import judge_panes
from benchmarks.workload import SIDE_BY_SIDE, WARM_UP, Workload
from playground.catalog import load_catalog
from playground.comparison import Pane
from playground.comparison_link import comparison_link
from playground.parameters import Parameters

#: Panes at once, and the fewest there can be: what one of these needs is what a pane needs.
COUNT, FEWEST = 6, 2
#: Pixels of a window in which all of them are in view.
WIDTH, HEIGHT = 1920, 1080
RAW, COLUMNS, APP = "raw SDK", "`st.columns`, a thread each", "this app"
APP_FEWEST = f"this app, {FEWEST} panes"

#: Where each answer stands.
_BODY = '.st-key-panes [class*="st-key-body_"]'
_COLUMN = '[data-testid="stColumn"]'
#: Enough for the whole answer, and little enough for the smallest window.
_MAX_TOKENS = 2048


def measure_panes(browser: Browser, endpoint: str, rounds: int) -> dict[str, Panes]:
    """Return the medians of each contestant, the raw SDK first."""
    with app_server(endpoint) as app, page_server(SIDE_BY_SIDE_PAGE, endpoint) as columns:
        contestants = {
            COLUMNS: _Contestant(browser, columns, "/", _COLUMN, COUNT),
            APP: _Contestant(browser, app, _comparison(COUNT), _BODY, COUNT),
        }
        warm_up = _raw(endpoint, WARM_UP, 1).streams[0].text
        text = ""  # the same in every round
        for contestant in contestants.values():
            contestant.measure(WARM_UP, warm_up)
        found: dict[str, list[Panes]] = {name: [] for name in (RAW, *contestants)}
        for _ in range(rounds):
            threads = _raw(endpoint, SIDE_BY_SIDE, COUNT)
            text = threads.streams[0].text
            found[RAW].append(threads.panes)
            for name, contestant in contestants.items():
                found[name].append(contestant.measure(SIDE_BY_SIDE, text))
        # Its bytes hardly differ from run to run, so that one is enough.
        fewest = _Contestant(browser, app, _comparison(FEWEST), _BODY, FEWEST)
        found[APP_FEWEST] = [fewest.measure(SIDE_BY_SIDE, text)]
    return {name: middle_panes(panes) for name, panes in found.items()}


class _Contestant:
    """A page in the browser with so many answers to one prompt beside each other."""

    def __init__(
        self, browser: Browser, server: Server, path: str, places: str, count: int
    ) -> None:
        self._tab = Tab(browser, server, width=WIDTH, height=HEIGHT)
        self._path = path
        self._places = places
        self._count = count

    def measure(self, workload: Workload, text: str) -> Panes:
        self._tab.open(self._path)
        return self._tab.measure_each(workload, text, self._places, self._count).panes


def _comparison(count: int) -> str:
    """Return the path that sets up so many panes, each with a model of its own."""
    parameters = Parameters(max_tokens=_MAX_TOKENS)
    panes = [Pane(name, "", parameters=parameters) for name in load_catalog().names()[:count]]
    return f"/compare?{comparison_link(panes).query}"


def _raw(endpoint: str, workload: Workload, count: int) -> Streams:
    return run_streams("benchmarks.raw_sdk", endpoint, workload.prompt, str(count), "0")


def main() -> None:
    """Measure and print."""
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        endpoint = stack.enter_context(token_server())
        found = measure_panes(browser, endpoint, 3)
    print(panes_table(found))
    for verdict in judge_panes(found[APP], found[RAW], found[APP_FEWEST]):
        print(f"{verdict.target}: {verdict.measured}, {'' if verdict.reached else 'not '}reached")


if __name__ == "__main__":
    main()
