"""The app as a user starts it, and a real Chromium to use it with.

`page` is a tab of a fresh browser; `app` is the app on its demo endpoint, shared by all tests that
only chat; `start_app(NAME="value")` starts one of the test's own. A test fails when the browser
sees a console error, a script error or a request to another server, and when the app logs a
traceback, unless the test allows it with a reason (`watch.allow`). Screenshots and traces of a
failed test lie in `test-results/`.

With `CI` in the environment a test that fails is tried once more, and only then recorded: machines
that many share may stand still for longer than a step may take. What fails twice is broken; what
passed at the second try is told in the summary.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.app import App, copy_checkout
from tests.support.environment import ROOT
from tests.support.watch import Watch
from tools.chromium import find_chromium, launch_arguments

RESULTS = ROOT / "test-results"
CI = bool(os.environ.get("CI"))
PATIENCE = 15_000  # ms; how long a step may take before it counts as failed

expect.set_options(timeout=PATIENCE)

_failed = pytest.StashKey[bool]()
_apps = pytest.StashKey[list[tuple[App, int]]]()


class StartApp(Protocol):
    """Starts an app with `settings` in its environment."""

    def __call__(self, **settings: str) -> App: ...


class Browse(Protocol):
    """Opens a tab in a fresh browser; the options are those of Playwright's `new_context`."""

    def __call__(self, **options: Any) -> Page: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that `-m "not browser"` leaves them out."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)
            if CI:
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note that a test failed, and show the log of its apps."""
    report = yield
    if report.failed:
        item.stash[_failed] = True
        for app, start in item.stash.get(_apps, []):
            report.sections.append((f"log of the app at {app.url}", app.text(start)))
    return report


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The executable of the browser."""
    found = find_chromium()
    if found is None:
        pytest.fail("There is no Chromium here; `make test` brings one.", pytrace=False)
    return found


@pytest.fixture(scope="package")
def browser(chromium: Path) -> Iterator[Browser]:
    """One browser for all tests of this folder; it ends before tests with loops of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=launch_arguments(), timeout=60_000
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What runs of this checkout, copied."""
    return copy_checkout(tmp_path_factory.mktemp("checkout") / "playground")


@pytest.fixture(scope="package")
def shared_app(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on its demo endpoint, for all tests of this folder."""
    with App(checkout, tmp_path_factory.mktemp("app"), {}) as app:
        yield app


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """What no browser and no app may do; see Watch.allow for a test that makes one do so."""

    def origins() -> set[str]:
        return {app.url for app, _ in request.node.stash.get(_apps, [])}

    watch = Watch(origins)
    yield watch
    if watch.problems:
        pytest.fail("\n".join(watch.problems), pytrace=False)


@pytest.fixture
def app(shared_app: App, watch: Watch, request: pytest.FixtureRequest) -> Iterator[App]:
    """The app on its demo endpoint. Others use it too: do not end it, count nothing in it."""
    start = shared_app.log.stat().st_size
    request.node.stash.setdefault(_apps, []).append((shared_app, start))
    yield shared_app
    assert shared_app.running, "the app has ended"
    watch.read_log(shared_app.text(start))


@pytest.fixture
def start_app(
    checkout: Path, watch: Watch, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[StartApp]:
    """Starts apps of the test's own: `start_app(AZURE_INFERENCE_ENDPOINT=url)`."""
    started: list[App] = []

    def start(**settings: str) -> App:
        app = App(checkout, tmp_path / f"app-{len(started)}", settings)
        started.append(app)
        request.node.stash.setdefault(_apps, []).append((app, 0))
        app.start()
        return app

    yield start
    for app in started:
        app.stop()
        watch.read_log(app.text())


@pytest.fixture
def browse(
    browser: Browser,
    watch: Watch,
    start_app: StartApp,  # asked for so that apps end after the browsers that use them
    request: pytest.FixtureRequest,
) -> Iterator[Browse]:
    """Opens fresh browsers: `browse(color_scheme="dark")`, `browse(viewport=...)`."""
    contexts: list[BrowserContext] = []
    recorded = not CI or request.node.stash.get(_failed, False)

    def open_tab(**options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | options)
        context.set_default_timeout(PATIENCE)
        if recorded:
            context.tracing.start(snapshots=True)
        watch.attach(context)
        contexts.append(context)
        # A test may close its browser itself. Playwright takes no method of a list as a handler.
        context.on("close", lambda closed: contexts.remove(closed))  # noqa: PLW0108 - as said
        return context.new_page()

    yield open_tab
    wrong = request.node.stash.get(_failed, False) or watch.problems
    folder = RESULTS / re.sub(r"\W+", "-", request.node.nodeid)[-150:].strip("-")
    for number, context in enumerate(list(contexts)):
        if wrong:
            for tab, open_page in enumerate(context.pages):
                open_page.screenshot(path=folder / f"browser-{number}-tab-{tab}.png")
        if recorded:
            # Stopped in any case: a trace that is not leaves a folder behind.
            context.tracing.stop(path=folder / f"browser-{number}-trace.zip" if wrong else None)
        context.close()


@pytest.fixture
def page(browse: Browse) -> Page:
    """A tab in a fresh browser of 1280 x 800."""
    return browse()
