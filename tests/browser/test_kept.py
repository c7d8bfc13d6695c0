"""Nothing is lost: not by a closed tab, not by a killed server, not by a second tab."""

from __future__ import annotations

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import StartApp
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.history import LOCAL, store_of

#: A few seconds of text, in numbered pieces.
SHORT = "/scenario tokens 250 at 50"
LONG = "/scenario tokens 2000 at 50"


def words(text: str) -> list[str]:
    """The words of a text, without its Markdown."""
    return re.findall(r"\w+", text)


def test_a_tab_closed_in_mid_answer_finds_it_whole(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send(SHORT)
    expect(chat.last).to_contain_text("Answering")
    address = page.url
    another = page.context.new_page()  # a browser without a tab would end
    page.close()
    chat = ChatPage(another)
    chat.open(address)
    expect(chat.messages.first).to_contain_text(SHORT)
    reply = chat.ended(1)
    expect(reply).to_contain_text("250 out")
    expect(reply).to_contain_text("Complete")


def test_a_server_killed_in_mid_answer_has_the_text_so_far(start_app: StartApp, page: Page) -> None:
    """After its restart: the prompt, the beginning, marked as incomplete, and the way on."""
    app = start_app()
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send(LONG)
    expect(chat.last).to_contain_text("Answering")
    expect(page).to_have_url(re.compile(r"\?c="))
    address = page.url
    saved = _saved(app, address.partition("?c=")[2])
    page.goto("about:blank")  # a page without a server complains
    app.kill()
    app.start()
    chat.open(address)
    expect(chat.messages).to_have_count(2)
    expect(chat.messages.first).to_contain_text(LONG)
    expect(chat.last).to_contain_text("Incomplete")
    kept = words(saved)
    assert len(kept) > 5
    assert words(chat.last.inner_text())[: len(kept)] == kept
    expect(chat.button("retry")).to_be_visible()
    chat.button("continue").click()
    expect(chat.last).to_contain_text("Answering")
    # What the part before said of its end is not true any more.
    expect(page.locator(".st-key-actions")).to_be_hidden()
    expect(chat.footers.first).to_be_hidden()
    chat.stop_button.click()
    chat.ended(2)
    expect(chat.messages).to_have_count(2)
    assert words(chat.last.inner_text())[: len(kept)] == kept


def _saved(app: App, conversation_id: str) -> str:
    """Return what the database has of the running reply, once it has some."""
    with store_of(app) as store:
        for _ in range(100):
            found = store.get(LOCAL, conversation_id)
            text = found.turns[-1].content if found else ""
            if text:
                return text
            time.sleep(0.1)  # the app says to nobody when it saves
    raise AssertionError("the text is not saved while it comes")


def test_two_tabs_on_one_conversation_overwrite_nothing(app: App, page: Page) -> None:
    one = ChatPage(page)
    one.open(app.url)
    one.ask("What is the capital of France?")
    two = ChatPage(page.context.new_page())
    two.open(page.url)
    expect(two.messages).to_have_count(2)
    two.ask("What about Spain?")
    # The first tab has not seen that yet.
    one.send("What about Italy?")
    one.ended(3)
    expect(one.messages).to_have_count(6)
    two.send("And Portugal?")
    two.ended(4)
    one.page.reload()
    for tab in (one, two):
        expect(tab.messages).to_have_count(8)
        expect(tab.messages).to_contain_text(
            [
                "What is the capital of France?", "Paris",
                "What about Spain?", "Madrid",
                "What about Italy?", "Rome",
                "And Portugal?", "Lisbon",
            ]
        )  # fmt: skip
