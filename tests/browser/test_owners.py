"""Whose conversations a browser gets: its own on an address that others reach."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Browse, StartApp
from tests.support.chat import ChatPage


def test_two_browsers_on_a_public_address_find_nothing_of_each_other(
    start_app: StartApp, browse: Browse
) -> None:
    app = start_app(STREAMLIT_SERVER_ADDRESS="0.0.0.0")  # noqa: S104 - reached from here only
    mine, theirs = ChatPage(browse()), ChatPage(browse())
    mine.open(app.url)
    mine.ask("What is the capital of France?")
    theirs.open(mine.page.url)
    expect(theirs.page.get_by_text("This conversation is not here")).to_be_visible()
    expect(theirs.messages).to_have_count(0)
    expect(theirs.page.locator(".st-key-recent")).to_have_count(0)
    theirs.page.goto(f"{app.url}/history")
    expect(theirs.page.get_by_text("Nothing here yet")).to_be_visible()
    mine.page.reload()
    expect(mine.messages).to_have_count(2)


def test_on_this_machine_alone_every_browser_is_the_local_user(
    start_app: StartApp, browse: Browse
) -> None:
    app = start_app()
    one, two = ChatPage(browse()), ChatPage(browse())
    one.open(app.url)
    one.ask("What is the capital of France?")
    two.open(one.page.url)
    expect(two.last).to_contain_text("Paris")
