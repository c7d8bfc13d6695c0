"""A conversation given to others by a link: to read only, nothing else, until it is taken back."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Locator, Page, expect

from playground.store import Wanted
from tests.browser.conftest import Browse, StartApp
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.history import LOCAL, HistoryPage, store_of

PUBLIC = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}  # noqa: S104 - reached from here only


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Share this conversation")


def make_link(page: Page) -> str:
    """Make a link in the open dialog, and return it."""
    dialog(page).get_by_role("button", name="Make a link").click()
    link = dialog(page).locator("code")
    expect(link).to_have_text(re.compile(r"^http://127\.0\.0\.1:\d+/shared\?t=\S{30,}$"))
    return link.inner_text()


def test_a_link_lets_others_read_one_conversation_until_it_is_taken_back(
    start_app: StartApp, browse: Browse
) -> None:
    app = start_app(**PUBLIC)
    mine = ChatPage(browse())
    mine.open(app.url)
    mine.ask("A secret plan, for me alone")
    mine.button("new_chat").click()
    expect(mine.messages).to_have_count(0)
    mine.ask("What is the capital of France?")
    address = mine.page.url
    mine.button("share").click()
    expect(dialog(mine.page)).to_be_visible()
    expect(dialog(mine.page)).not_to_contain_text("colleagues cannot open a link")
    link = make_link(mine.page)

    theirs = ChatPage(browse())
    response = theirs.page.goto(link)
    assert response is not None
    assert "noindex" in response.headers["x-robots-tag"]
    expect(theirs.messages).to_have_count(2)
    expect(theirs.last).to_contain_text("Paris")
    expect(theirs.page.get_by_text("Shared with you, to read")).to_be_visible()
    expect(theirs.box).to_have_count(0)
    expect(theirs.messages.get_by_role("button")).to_have_count(0)
    assert "secret plan" not in theirs.page.locator("body").inner_text()
    expect(theirs.page.locator(".st-key-recent")).to_have_count(0)

    theirs.page.get_by_role("button", name="Continue from here").click()
    expect(theirs.box).to_be_editable()
    expect(theirs.page).to_have_url(re.compile(r"/\?c="))
    copy = theirs.page.url
    assert copy != address
    theirs.ask("What about Spain?")
    expect(theirs.messages).to_have_count(4)

    mine.page.keyboard.press("Escape")
    mine.open(address)
    expect(mine.messages).to_have_count(2)
    mine.button("share").click()
    dialog(mine.page).get_by_role("button", name="Take back").click()
    expect(dialog(mine.page).get_by_role("button", name="Take back")).to_have_count(0)
    theirs.page.goto(link)
    expect(theirs.page.get_by_role("heading", name="This link does not work")).to_be_visible()
    expect(theirs.messages).to_have_count(0)
    theirs.open(copy)
    expect(theirs.messages).to_have_count(4)


def test_on_this_machine_alone_a_file_is_offered_and_an_expired_link_says_so(
    app: App, page: Page
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of Norway?")
    chat.button("share").click()
    expect(dialog(page)).to_contain_text("colleagues cannot open a link")
    expect(dialog(page).get_by_role("button", name="HTML")).to_be_visible()
    expect(dialog(page)).not_to_contain_text("until")
    assert make_link(page)
    expect(dialog(page)).to_contain_text(re.compile(r"Made .*, until \d"))
    with store_of(app) as store:
        (hit,) = store.find(LOCAL, Wanted(query="Norway")).hits
        ended = store.share(LOCAL, hit.summary.id, expires_at=time.time() - 1)
    assert ended is not None
    for token in (ended.token, "made-up", ""):
        page.goto(f"{app.url}/shared?t={token}")
        expect(page.get_by_role("heading", name="This link does not work")).to_be_visible()
        expect(page.get_by_text("it has expired")).to_be_visible()
        expect(chat.messages).to_have_count(0)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_history_shares_too(app: App, browse: Browse, width: int) -> None:
    page = browse(viewport={"width": width, "height": 800})
    chat, history = ChatPage(page), HistoryPage(page)
    chat.open(app.url)
    chat.ask(f"What is the capital of Japan, in {width} ways?")
    history.open(app.url)
    history.act(f"in {width} ways", "Share")
    page.goto(make_link(page))
    expect(chat.messages).to_have_count(2)
