"""Everybody can use it: axe finds nothing serious, phones show all of it, the keyboard's place is seen.

axe-core knows its rules as minor, moderate, serious and critical. No exception is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.conftest import Browse, StartApp
from tests.support.app import App
from tests.support.axe import barriers, sideways
from tests.support.chat import ChatPage
from tests.support.history import LOCAL, MEDIUM, HistoryPage, said, seed, store_of

WINDOW: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 640, "height": 400}
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])
MARKDOWN = "Show me a table, some code and a formula."
LONG = "How do I reverse a list in Python? I have tried several ways, all of which change the list"


@pytest.fixture(scope="module")
def shared_app(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with some conversations, for the tests that only look."""
    with App(checkout, tmp_path_factory.mktemp("accessible"), {}) as app:
        seed(
            app,
            said("What is the capital of France?", "It is **Paris**."),
            said(LONG, "Use `reversed(x)`.", days=1, model=MEDIUM),
            said("A long word: " + "x" * 150, "y" * 300, days=3),
        )
        yield app


class Tour:
    """Looks at one state of the app after another, and remembers what was wrong with each."""

    def __init__(self, page: Page, url: str) -> None:
        self.chat = ChatPage(page)
        self.history = HistoryPage(page)
        self.page = page
        self.url = url
        self.wrong: dict[str, list[str]] = {}

    def look(self, name: str, *, running: bool = False) -> None:
        """Look at what is on the page now."""
        if not running:
            self.chat.settled()
        found = barriers(self.page)
        if found:
            self.wrong[name] = found

    def visit(self, path: str, heading: str | None = None) -> None:
        """Open a page, and look at it."""
        self.page.goto(f"{self.url}/{path}")
        if heading is None:
            expect(self.chat.box).to_be_editable()
        else:
            expect(self.page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        self.look(f"/{path}")

    def history_with(self, name: str, act: Callable[[], None], seen: str) -> None:
        """Do something on the history page, and look at what comes of it."""
        self.history.open(self.url)
        expect(self.history.rows).to_have_count(3)
        act()
        expect(self.page.get_by_text(seen).first).to_be_visible()
        self.look(name)


#: Every page, and the heading that shows it is there; a page with a chat box has none to wait for.
PAGES = {
    "": None,
    "compare": "Compare models side by side",
    "models": "The six Phi-3 models",
    "history": "History",
    "connections": "Connections",
    "shared": "This link does not work",
}


@SCHEMES
def test_every_page_with_nothing_on_it(start_app: StartApp, browse: Browse, scheme: str) -> None:
    """On a phone as well, and at 200 % zoom, where a window of 1280 pixels is 640 wide."""
    page = browse(color_scheme=scheme)
    tour = Tour(page, start_app().url)
    for path, heading in PAGES.items():
        page.set_viewport_size(WINDOW)
        tour.visit(path, heading)
        page.set_viewport_size(PHONE)
        tour.look(f"/{path} on a phone")
        page.set_viewport_size(ZOOMED)
        page.wait_for_function("() => innerWidth === 640")
        if sideways(page):
            tour.wrong[f"/{path} at 200 %"] = ["scrolls sideways"]
    assert tour.wrong == {}


@SCHEMES
def test_a_chat_in_all_its_states(start_app: StartApp, browse: Browse, scheme: str) -> None:
    page = browse(color_scheme=scheme)
    tour = Tour(page, start_app().url)
    chat = tour.chat
    chat.open(tour.url)
    chat.ask(MARKDOWN)
    tour.look("a reply")
    chat.send("/scenario tokens 3000 at 100")
    expect(chat.last).to_contain_text("Answering")
    tour.look("while it answers", running=True)
    chat.stop_button.click()
    chat.ended(2)
    tour.look("stopped")
    chat.button("regenerate").click()
    chat.stop_button.click()
    expect(page.get_by_text("2/2")).to_be_visible()
    tour.look("two versions")
    chat.button("new_chat").click()
    expect(chat.messages).to_have_count(0)
    chat.ask("/scenario unauthorized")
    page.get_by_text("What the server said").click()
    tour.look("an error")
    chat.more_parameters()
    tour.look("more parameters")
    for key in ("raw_last", "title", "share", "shortcuts"):
        chat.button(key).first.click()
        expect(page.get_by_role("dialog")).to_be_visible()
        tour.look(f"the dialog of {key}")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
    chat.button("presets").first.click()
    expect(page.get_by_text("From the playground")).to_be_visible()
    tour.look("presets")
    assert tour.wrong == {}


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_a_full_history_and_what_opens_there(
    app: App, browse: Browse, scheme: str, width: int
) -> None:
    page = browse(color_scheme=scheme, viewport=PHONE | {"width": width})
    tour = Tour(page, app.url)
    history = tour.history
    tour.history_with("the list", lambda: None, "Yesterday")
    tour.history_with("a search", lambda: history.search("paris"), "Paris")
    tour.history_with("nothing found", lambda: history.search("zzz"), "Nothing was found")
    tour.history_with("the filter", history.button("filter").click, "Pinned only")
    tour.history_with("selecting", history.button("select_mode").click, "0 selected")
    tour.history_with("the panel", history.button("transfer").click, "Export all conversations")
    history.button("delete_all").click()
    expect(page.get_by_role("dialog", name="Delete all")).to_be_visible()
    tour.look("deleting all")
    tour.history_with("renaming", lambda: history.act("France", "Rename"), "Save")
    tour.history_with("sharing", lambda: history.act("France", "Share"), "Make a link")
    page.get_by_role("dialog").get_by_role("button", name="Make a link").click()
    expect(page.get_by_text("Copy it now")).to_be_visible()
    tour.look("a link")
    history.open(app.url)
    history.row("France").locator("[class*='st-key-menu_'] button").click()
    tour.look("a menu")
    history.open(app.url)
    history.titles.last.click()
    expect(tour.chat.messages).to_have_count(2)
    tour.look("a conversation")
    with store_of(app) as store:
        (hit,) = [h for h in store.find(LOCAL).hits if "long word" in h.summary.title]
        share = store.share(LOCAL, hit.summary.id)
    assert share is not None
    tour.visit(f"shared?t={share.token}", "A long word")
    assert tour.wrong == {}


@pytest.mark.parametrize("path", ["", "history", "connections"])
def test_where_the_keyboard_is_can_be_seen(app: App, page: Page, path: str) -> None:
    """Each thing that Tab reaches looks different while it has the focus."""
    chat = ChatPage(page)
    page.goto(f"{app.url}/{path}")
    expect(page.get_by_role("link", name="History", exact=True)).to_be_visible()
    chat.settled()
    same, reached = [], 0
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate(
            "document.activeElement === document.body ? '' :"
            "document.activeElement.tagName + ' ' + (document.activeElement.ariaLabel"
            " || document.activeElement.innerText).slice(0, 40)"
        )
        if not name:
            break
        reached += 1
        focused = page.screenshot(animations="disabled", caret="hide")
        page.evaluate("document.activeElement.blur()")
        if page.screenshot(animations="disabled", caret="hide") == focused:
            same.append(name)
    assert reached > 8
    assert same == []


def test_who_wants_no_motion_gets_none(app: App, browse: Browse) -> None:
    """Nothing moves for longer than a frame, not even while an answer is awaited."""
    page = browse(reduced_motion="reduce")
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send("/scenario tokens 3000 at 100")
    expect(chat.last).to_contain_text("Answering")
    moving = (
        "document.getAnimations().filter(a => a.playState === 'running'"
        " && a.effect.getComputedTiming().endTime > 17).map(a => a.animationName)"
    )
    assert page.evaluate(moving) == []
    chat.stop_button.click()
    chat.ended(1)
