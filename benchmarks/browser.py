"""A tab of a real browser that sends prompts and notes when the reply is on the screen."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.measures import Measure
from benchmarks.servers import Server
from benchmarks.streams import Stream, Streams
from benchmarks.workload import MAX_TOKENS, MODEL, Workload
from playground.parameters import Parameters
from playground.setup_link import Setup, setup_link
from tools.chromium import find_chromium, launch_arguments

RECORDER = Path(__file__).with_name("recorder.js")

#: Seconds for a reply to be there, and milliseconds between two looks for it.
_PATIENCE = 60.0
_LOOK = 100
#: Milliseconds without a word from the server after which it has nothing more to do.
_QUIET = 400
_AT_REST = f"""performance.now() - bench.heard > {_QUIET}
    && document.querySelector('[data-test-script-state="notRunning"]') !== null"""


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Run a Chromium without a window."""
    found = find_chromium()
    if found is None:
        raise RuntimeError("there is no Chromium; `python -m tools.chromium` brings one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=launch_arguments())
        try:
            yield browser
        finally:
            browser.close()


class Tab:
    """A page with a chat box, in a window of its own, with cookies of its own.

    `width` and `height` are those of the window, in pixels.
    """

    def __init__(
        self, browser: Browser, server: Server, *, width: int = 1280, height: int = 900
    ) -> None:
        self._server = server
        self._context = browser.new_context(viewport={"width": width, "height": height})
        self._context.add_init_script(path=RECORDER)
        self._page: Page = self._context.new_page()

    def open(self, path: str | None = None) -> None:
        """Show `path`, or a new chat: in the app, with what fits the longest reply."""
        if path is None:
            path = f"/?{setup_link(Setup(MODEL, Parameters(max_tokens=MAX_TOKENS))).query}"
        self._page.goto(self._server.url + path)
        self._box.wait_for()
        self._await(_AT_REST)

    def ask(self, workload: Workload, text: str) -> None:
        """Send the prompt of `workload`; `text` is the reply that is to come."""
        self._expect("([prompt, text]) => bench.expect(prompt, text)", [workload.prompt, text])
        self._send(workload)

    def await_reply(self) -> None:
        """Wait until the whole reply is on the screen and the server has nothing more to do."""
        self._await("bench.ended")
        self._await(_AT_REST)

    def measure(self, workload: Workload, text: str) -> Measure:
        """Send the prompt of `workload` and return the figures of its reply `text`."""
        used = self._server.cpu()
        self.ask(workload, text)
        return self._found(text, used).single

    def measure_each(self, workload: Workload, text: str, places: str, count: int) -> Streams:
        """Send the prompt of `workload` once; return its `count` replies `text`.

        `places` is a CSS selector of the elements they are going to stand in.
        """
        used = self._server.cpu()
        self._expect("(asked) => bench.expectEach(...asked)", [places, count, text])
        self._send(workload)
        return self._found(text, used)

    def close(self) -> None:
        """Close the window."""
        self._context.close()

    @property
    def _box(self) -> Locator:
        return self._page.get_by_test_id("stChatInputTextArea")

    def _expect(self, script: str, asked: Sequence[object]) -> None:
        self._page.bring_to_front()
        self._page.evaluate(script, asked)

    def _send(self, workload: Workload) -> None:
        self._box.fill(workload.prompt)
        self._box.press("Enter")

    def _found(self, text: str, used: float) -> Streams:
        """Wait for the replies; the server had used so many seconds of its processor before."""
        self.await_reply()
        used = self._server.cpu() - used
        seen = self._page.evaluate("bench")
        streams = (
            Stream(tuple((moment - seen["sent"]) / 1000 for moment in updates), text)
            for updates in seen["replies"]
        )
        return Streams(tuple(streams), used, seen["bytes"])

    def _await(self, condition: str) -> None:
        # Playwright's own waiting evaluates text in the page, which the app's headers forbid.
        end = time.monotonic() + _PATIENCE
        while not self._page.evaluate(condition):
            if time.monotonic() > end:
                seen = self._page.locator("body").inner_text()
                raise TimeoutError(f"{condition} did not come true; the page says:\n{seen}")
            self._page.wait_for_timeout(_LOOK)
