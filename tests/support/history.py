"""The history page, as a test uses it, and conversations to find there."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from playground.conversation import Conversation
from playground.store.sql import SqlStore, open_store
from tests.support.app import App
from tests.support.conversations import exchange

LOCAL = "local"
DAY = 24 * 3600

MINI, MEDIUM = "Phi-3-mini-4k-instruct", "Phi-3-medium-4k-instruct"


@contextmanager
def store_of(app: App) -> Iterator[SqlStore]:
    """Open the app's database beside the app."""
    store = open_store(f"sqlite:///{app.database.as_posix()}", app.database.parent)
    try:
        yield store
    finally:
        store.close()


def seed(app: App, *conversations: Conversation) -> tuple[str, ...]:
    """Put conversations of the local user into the app's database, and return their ids."""
    with store_of(app) as store:
        return store.add(LOCAL, *conversations)


def said(question: str, reply: str, *, days: float = 0, model: str = MINI) -> Conversation:
    """Return a conversation of one question, asked so many days ago."""
    return exchange(question, reply, at=time.time() - days * DAY, model=model)


class HistoryPage:
    """What a person does on the history page, and what they then see."""

    def __init__(self, page: Page) -> None:
        """Use the tab `page`."""
        self.page = page

    @property
    def rows(self) -> Locator:
        """The conversations on the page."""
        return self.page.locator("[class*='st-key-row_']")

    @property
    def titles(self) -> Locator:
        """The titles on the page, in order; a click opens the conversation."""
        return self.page.locator("[class*='st-key-open_'] button")

    @property
    def box(self) -> Locator:
        """What is searched for."""
        return self.page.locator(".st-key-history_query input")

    @property
    def marks(self) -> Locator:
        """What was found, marked."""
        return self.rows.locator(".stMarkdownColoredBackground")

    def open(self, url: str) -> None:
        """Open the page of the app at `url`."""
        self.page.goto(f"{url}/history")
        expect(self.page.get_by_role("heading", name="History")).to_be_visible()

    def button(self, key: str) -> Locator:
        """The button with this key."""
        return self.page.locator(f".st-key-{key} button").first

    def row(self, title: str) -> Locator:
        """The conversation with this title."""
        return self.rows.filter(has_text=title)

    def lists(self, *titles: str) -> None:
        """See exactly these conversations, in this order; titles may be given by their parts."""
        expect(self.titles).to_have_text([re.compile(re.escape(title)) for title in titles])

    def search(self, words: str) -> None:
        """Type into the search, without Enter."""
        self.box.fill("")
        self.box.press_sequentially(words)

    def act(self, title: str, action: str) -> None:
        """Choose something in the menu of a conversation."""
        self.row(title).locator("[class*='st-key-menu_'] button").click()
        self.page.get_by_role("menuitem", name=action, exact=True).or_(
            self.page.get_by_role("option", name=action, exact=True)
        ).click()

    @property
    def days(self) -> Locator:
        """The headings above the conversations of a day."""
        return self.page.get_by_role("heading", level=2)

    def pick_days(self, first: dt.date, last: dt.date) -> None:
        """Type two days into the open filter."""
        for name, day in (("start", first), ("end", last)):
            group = self.page.get_by_role("group", name=f"Between {name} date")
            group.get_by_role("spinbutton").first.click()
            for part in (f"{day.year:04}", f"{day.month:02}", f"{day.day:02}"):
                self.page.keyboard.type(part)
        # The days count once one goes on to what comes next.
        self.page.get_by_role("switch", name="Pinned only").focus()

    @property
    def panel(self) -> Locator:
        """The open panel of import and export."""
        return self.page.get_by_test_id("stPopoverBody")

    @property
    def report(self) -> Locator:
        """What the last import brought."""
        return self.panel.get_by_test_id("stAlert")

    def import_file(self, name: str, data: bytes) -> None:
        """Import a file in the open panel, opening it if need be."""
        if not self.panel.is_visible():
            self.button("transfer").click()
        self.panel.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": data}
        )
        self.button("import").click()

    def forget_file(self) -> None:
        """Take the file out of the panel again."""
        self.panel.get_by_test_id("stFileChipDeleteBtn").get_by_role("button").click()
