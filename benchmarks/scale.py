"""What a conversation of 1,000 messages costs more than one of 20, step by step on the chat page.

Alone: `python -m benchmarks.scale`, about a minute.
"""

from __future__ import annotations

import contextlib
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from benchmarks.browser import chromium
from benchmarks.servers import app_server, token_server
from benchmarks.targets import Verdict
from playground.conversation import Conversation, Run, Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store.sql import open_store

#: Messages.
LARGE, SMALL = 1_000, 20
#: Seconds: how much more a step may take in the large one, and how long opening it may take.
MORE = 0.150
OPENING = 1.5

#: Steps by what is done, with the seconds each took.
Steps = dict[str, float]

_OWNER = "local"
_RUN = Run("Phi-3-mini-128k-instruct", "Phi-3-mini-128k-instruct", "endpoint", "Your endpoint")
_OPEN, _SLIDER, _MODEL, _SEND = "opened", "a slider moved", "a model changed", "a message sent"


def measure_scale(browser: Browser, endpoint: str, rounds: int) -> dict[int, Steps]:
    """Return the median seconds of each step, by the size of the conversation in messages."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        url = f"sqlite:///{(Path(folder) / 'playground.db').as_posix()}"
        with app_server(endpoint, database=url) as server:
            ids = _seed(url, Path(folder), rounds)
            _steps(browser, f"{server.url}/?c={_seed(url, Path(folder), 1)[SMALL][0]}")
            found: dict[int, list[Steps]] = {SMALL: [], LARGE: []}
            for number in range(rounds):
                for size in (SMALL, LARGE):
                    address = f"{server.url}/?c={ids[size][number]}"
                    found[size].append(_steps(browser, address))
    return {
        size: {step: statistics.median(s[step] for s in all_of) for step in all_of[0]}
        for size, all_of in found.items()
    }


def judge_scale(found: dict[int, Steps]) -> list[Verdict]:
    """Judge the large conversation against the small one."""
    small, large = found[SMALL], found[LARGE]
    verdicts = [
        Verdict(
            f"{LARGE:,} messages: {step} ≤ with {SMALL} + {MORE * 1000:.0f} ms",
            f"{(large[step] - small[step]) * 1000:+.0f} ms, "
            f"{large[step] / small[step]:.2f} times {small[step] * 1000:.0f} ms",
            large[step] <= small[step] + MORE,
        )
        for step in (_SLIDER, _MODEL, _SEND)
    ]
    opening = Verdict(
        f"{LARGE:,} messages: {_OPEN} ≤ {OPENING} s",
        f"{large[_OPEN]:.2f} s, {large[_OPEN] / small[_OPEN]:.2f} times {small[_OPEN]:.2f} s",
        large[_OPEN] <= OPENING,
    )
    return [*verdicts, opening]


def _seed(url: str, folder: Path, rounds: int) -> dict[int, list[str]]:
    store = open_store(url, folder)
    try:
        return {
            size: [store.add(_OWNER, _conversation(size))[0] for _ in range(rounds)]
            for size in (SMALL, LARGE)
        }
    finally:
        store.close()


def _conversation(messages: int) -> Conversation:
    turns: list[Turn] = []
    for number in range(messages // 2):
        parent = turns[-1].id if turns else None
        asked = Turn(new_id(), parent, Role.USER, f"Question {number}: what is a token?")
        text = f"Answer {number}: a **token** is a piece of a word.\n\n- one\n- two\n"
        reply = Reply(status=Status.COMPLETED, text=text, elapsed=1.0)
        turns += [asked, Turn(new_id(), asked.id, Role.ASSISTANT, run=_RUN, reply=reply)]
    return Conversation(turns=tuple(turns), leaf=turns[-1].id, title=f"{messages} messages")


def _steps(browser: Browser, address: str) -> Steps:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = context.new_page()
        messages = page.get_by_test_id("stChatMessage")
        box = page.get_by_test_id("stChatInputTextArea")

        def opened() -> None:
            page.goto(address)
            messages.nth(SMALL - 1).wait_for()
            page.locator(".st-key-regenerate button").wait_for()
            expect(box).to_be_editable()

        def moved() -> None:
            page.get_by_role("slider", name="Temperature").press("ArrowLeft")
            page.locator(".st-key-reset_temperature button").wait_for()

        def changed() -> None:
            page.get_by_role("option").filter(has_text="Phi-3 small 128k").click()
            expect(box).to_have_attribute("placeholder", "Ask Phi-3 small 128k")

        def sent() -> None:
            box.fill("Hello")
            box.press("Enter")
            page.get_by_text("Hello", exact=True).last.wait_for()
            page.get_by_role("status").filter(has_text="Answer started").wait_for(state="attached")

        steps = {_OPEN: _timed(opened)}
        _rest(page)
        steps[_SLIDER] = _timed(moved)
        _rest(page)
        page.get_by_test_id("stSelectbox").filter(has_text="Model").get_by_role("combobox").click()
        steps[_MODEL] = _timed(changed)
        _rest(page)
        steps[_SEND] = _timed(sent)
        return steps
    finally:
        context.close()


def _rest(page: Page) -> None:
    expect(page.locator("[data-test-script-state='running']")).to_have_count(0)


def _timed(step: Callable[[], None]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        endpoint = stack.enter_context(token_server())
        for verdict in judge_scale(measure_scale(browser, endpoint, 3)):
            print(
                f"{verdict.target}: {verdict.measured}, {'' if verdict.reached else 'not '}reached"
            )


if __name__ == "__main__":
    main()
