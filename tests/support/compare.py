"""The compare page, as a test uses it, and comparisons to open there."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from playground.comparison import Comparison
from tests.support.app import App
from tests.support.history import LOCAL, store_of


def keep(app: App, comparison: Comparison) -> str:
    """Put a comparison of the local user into the app's database; return where it opens."""
    with store_of(app) as store:
        assert store.save_comparison(LOCAL, comparison) is not None
    return f"{app.url}/compare?comparison={comparison.id}"


class ComparePage:
    """What a person does on the compare page, and what they then see."""

    def __init__(self, page: Page) -> None:
        """Use the tab `page`."""
        self.page = page

    @property
    def box(self) -> Locator:
        """The box whose prompt goes to all panes."""
        return self.page.get_by_test_id("stBottom").locator("textarea")

    @property
    def panes(self) -> Locator:
        """The panes that are open."""
        return self.page.locator(".st-key-panes > * > [class*='st-key-pane_']")

    @property
    def folded(self) -> Locator:
        """The panes of which only the head is shown."""
        return self.page.locator(".st-key-panes_folded > * > [class*='st-key-pane_']")

    @property
    def heads(self) -> Locator:
        """The heads of all panes."""
        return self.page.locator("[class*='st-key-head_']")

    @property
    def footers(self) -> Locator:
        """The lines under the answers that have ended."""
        return self.page.locator("[class*='st-key-footer_']")

    @property
    def stop_all(self) -> Locator:
        """Stop everything that runs."""
        return self.button("stop")

    def button(self, key: str) -> Locator:
        """The button with this key."""
        return self.page.locator(f".st-key-{key} button").first

    def of(self, number: int, what: str) -> Locator:
        """The button called `what` (stop, retry, settings, pane_menu) of a pane, from 0."""
        return self.panes.nth(number).locator(f"[class*='st-key-{what}_'] button").first

    def open(self, url: str) -> None:
        """Open the page at `url`, or that of the app at `url`."""
        self.page.goto(url if "/compare" in url else f"{url}/compare")
        expect(self.box).to_be_visible()
        self.settled()

    def send(self, text: str) -> None:
        """Ask all panes."""
        self.box.fill(text)
        self.box.press("Enter")

    def act(self, number: int, action: str) -> None:
        """Choose something in the menu of an open pane, from 0."""
        self.of(number, "pane_menu").click()
        self.page.get_by_role("menuitem").filter(has_text=action).click()
        self.settled()

    def ended(self, count: int) -> None:
        """Wait until so many answers have ended, and nothing runs."""
        expect(self.footers).to_have_count(count)
        expect(self.stop_all).to_have_count(0)
        self.settled()

    def settled(self) -> None:
        """Wait until the server has drawn everything."""
        expect(self.page.locator("[data-test-script-state='running']")).to_have_count(0)

    def kept(self) -> None:
        """Wait until the address names the comparison."""
        expect(self.page).to_have_url(re.compile(r"/compare\?comparison="))
