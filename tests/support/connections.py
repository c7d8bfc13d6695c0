"""The page of the connections, as a test uses it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.support.chat import ChatPage


class ConnectionsPage:
    """What a person does on the page of the connections."""

    def __init__(self, page: Page, url: str) -> None:
        """Use the tab `page` of the app at `url`."""
        self.page = page
        self.url = url
        self.chat = ChatPage(page)

    def open(self, query: str = "") -> None:
        """Open the page and wait until all of it stands there."""
        self.page.goto(f"{self.url}/connections{query}")
        expect(self.page.get_by_role("heading", name="Set up a server")).to_be_visible()
        self.chat.settled()

    @property
    def typed(self) -> Locator:
        """The card of the connection that was added."""
        return self.page.locator("[class*='st-key-connection_typed-']")

    def press(self, label: str, place: Locator | None = None) -> None:
        """Press a button, and wait until the page stands again."""
        (place or self.page).get_by_role("button", name=label, exact=True).first.click()
        self.chat.settled()

    def test(self, state: str) -> Locator:
        """Test the connection that was added, until it is in `state`; return the table."""
        self.press("Test connection", self.typed)
        expect(self.typed).to_contain_text(state)
        return self.typed.get_by_test_id("stTable")

    def key(self) -> Locator:
        """The field of the key."""
        return self.page.locator("[class*='st-key-form_credential'] input")

    def type_in(self, kind: str, address: str, key: str = "") -> None:
        """Fill in the form, which is folded away, and add the server."""
        self.page.get_by_text("Add a server").first.click()
        # What still unfolds moves from under the mouse.
        self.page.wait_for_function(
            "() => [...document.querySelectorAll('[class*=st-key-add_server_]')]"
            ".every(form => form.getAnimations({subtree: true}).length === 0)"
        )
        self.chat.pick("Kind of server", kind)
        self.page.locator("[class*='st-key-form_endpoint'] input").fill(address)
        if key:
            self.key().fill(key)
            self.key().press("Tab")  # to the button in the field, which is no leaving it
        self.press("Add")
        expect(self.typed).to_be_visible()

    def change_key(self, key: str) -> None:
        """Give the connection that was added another key."""
        self.press("Key", self.typed)
        field = self.page.locator("[class*='st-key-new_key_'] input")
        field.fill(key)
        field.press("Tab")
        self.page.get_by_role("button", name="Use this key").click()
        expect(self.typed).to_contain_text("Not tested yet")

    def go_chat(self) -> ChatPage:
        """Chat with the connection that was added."""
        self.press("Chat", self.typed)
        expect(self.chat.box).to_be_editable()
        return self.chat

    def come_back(self) -> None:
        """Come from another page by the menu."""
        self.page.get_by_role("link", name="Connections").first.click()
        expect(self.typed).to_be_visible()
