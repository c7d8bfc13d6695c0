"""The chat page, as a test uses it."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect


class ChatPage:
    """What a person does on the chat page, and what they then see."""

    def __init__(self, page: Page) -> None:
        """Use the tab `page`."""
        self.page = page

    @property
    def box(self) -> Locator:
        """The chat box."""
        return self.page.get_by_test_id("stChatInput").locator("textarea")

    @property
    def messages(self) -> Locator:
        """Every message on the page, prompts and replies."""
        return self.page.get_by_test_id("stChatMessage")

    @property
    def last(self) -> Locator:
        """The last message."""
        return self.messages.last

    @property
    def stop_button(self) -> Locator:
        """Stop generating."""
        return self.button("stop")

    def button(self, key: str) -> Locator:
        """The button with this key."""
        return self.page.locator(f".st-key-{key} button")

    @property
    def footers(self) -> Locator:
        """The lines under the replies that have ended."""
        return self.page.locator("[class*='st-key-footer_']")

    def open(self, url: str) -> None:
        """Open `url` and wait until one can write."""
        self.page.goto(url)
        expect(self.box).to_be_editable()

    def send(self, text: str) -> None:
        """Write and send, and see the prompt on the page."""
        before = self.messages.count()
        self.box.fill(text)
        self.box.press("Enter")
        expect(self.messages).not_to_have_count(before)
        said = self.page.get_by_test_id("stChatMessage").get_by_text(text, exact=True)
        expect(said.last).to_be_visible()

    def ask(self, text: str) -> Locator:
        """Send, wait for the end of the reply, and return the reply."""
        before = self.footers.count()
        self.send(text)
        return self.ended(before + 1)

    def ended(self, count: int) -> Locator:
        """Wait until `count` replies have ended, and return the last message."""
        expect(self.footers).to_have_count(count)
        expect(self.stop_button).to_have_count(0)
        return self.last

    def pick(self, label: str, option: str) -> None:
        """Choose `option` in the select box called `label`."""
        self.page.get_by_test_id("stSelectbox").filter(has_text=label).get_by_role(
            "combobox"
        ).click()
        self.page.get_by_role("option").filter(has_text=option).click()
        self.settled()

    def more_parameters(self) -> None:
        """Open the part of the form that is folded away."""
        self.page.locator(".st-key-more_parameters summary").click()
        expect(self.page.get_by_role("spinbutton", name="Seed")).to_be_visible()

    def settled(self) -> None:
        """Wait until the server has drawn everything."""
        expect(self.page.locator("[data-test-script-state='running']")).to_have_count(0)

    def echoed(self) -> Any:
        """Ask the demo what reached it, and return that."""
        reply = self.ask("/scenario echo-parameters")
        return json.loads(reply.locator("code").first.inner_text())
