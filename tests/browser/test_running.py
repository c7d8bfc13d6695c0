"""What happens while a reply runs: stop, a click, another page, a refresh, a second tab, scrolling."""

from __future__ import annotations

import json
import re
import urllib.request

from playwright.sync_api import Page, expect

from tests.support.app import App
from tests.support.chat import ChatPage

#: Half a minute of text, in numbered pieces: it still runs when a slow machine comes to stop it.
LONG = "/scenario tokens 3000 at 100"
#: Seven seconds, short enough to be waited for.
SHORTER = "/scenario tokens 350 at 50"

#: Where an element is scrolled to, once that has not changed for twenty frames.
STANDS_STILL = """m => new Promise(done => {
    let last = m.scrollTop, still = 0;
    const look = () => {
        still = m.scrollTop === last ? still + 1 : 0;
        last = m.scrollTop;
        still > 20 ? done(last) : requestAnimationFrame(look);
    };
    look();
})"""


def running(app: App) -> int:
    with urllib.request.urlopen(f"{app.url}/api/health", timeout=10) as response:  # noqa: S310 - ours
        return int(json.load(response)["generations_running"])


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_stop_keeps_the_text_and_it_does_not_grow_back(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send(LONG)
    expect(chat.last).to_contain_text("Answering")
    chat.stop_button.click()
    reply = chat.ended(1)
    expect(reply).to_contain_text("Stopped by you")
    expect(chat.button("regenerate")).to_be_visible()
    kept = reply.inner_text()
    assert len(words(kept)) > 10
    assert running(app) == 0
    page.reload()
    chat.ended(1)
    expect(chat.button("regenerate")).to_be_visible()
    assert chat.last.inner_text() == kept


def test_the_stop_button_stands_where_sending_was(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    send = page.get_by_test_id("stChatInputSubmitButton")
    expect(send).to_be_visible()
    chat.send(LONG)
    expect(chat.stop_button).to_be_visible()
    expect(send).to_be_hidden()
    chat.stop_button.click()
    expect(send).to_be_visible()
    expect(chat.stop_button).to_have_count(0)


def test_a_widget_clicked_in_mid_answer_changes_nothing_of_it(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send(SHORTER)
    expect(chat.last).to_contain_text("Answering")
    slider = page.get_by_role("slider", name="Temperature")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".st-key-reset_temperature")).to_be_visible()
    expect(chat.messages).to_have_count(2)
    reply = chat.ended(1)
    expect(reply).to_contain_text("350 out")
    expect(reply).to_contain_text("Complete")
    assert chat.echoed()["temperature"] == 0.95


def test_the_answer_is_whole_after_another_page_and_back(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send(SHORTER)
    expect(chat.last).to_contain_text("Answering")
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="The six Phi-3 models")).to_be_visible()
    page.get_by_role("link", name="Chat", exact=True).click()
    expect(chat.messages).to_have_count(2)
    expect(chat.ended(1)).to_contain_text("350 out")


def test_a_refresh_and_a_second_tab_show_the_same_running_reply(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send(SHORTER)
    expect(page).to_have_url(re.compile(r"\?c="))
    expect(chat.last).to_contain_text("Answering")
    page.reload()
    expect(chat.messages).to_have_count(2)
    second = ChatPage(page.context.new_page())
    second.open(page.url)
    expect(second.messages).to_have_count(2)
    for tab in (chat, second):
        expect(tab.ended(1)).to_contain_text("350 out")
        expect(tab.button("regenerate")).to_be_visible()
    assert chat.last.inner_text() == second.last.inner_text()


def test_nothing_typed_while_an_answer_runs_is_lost(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send(LONG)
    expect(chat.stop_button).to_be_visible()
    chat.box.fill("my next question")
    chat.box.press("Enter")
    expect(page.get_by_text("The answer above is still running.")).to_be_visible()
    expect(chat.box).to_have_value("my next question")
    chat.stop_button.click()
    chat.ended(1)
    expect(chat.box).to_have_value("my next question")


def test_the_view_follows_at_the_bottom_and_stays_where_the_reader_scrolled(
    app: App, page: Page
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("/scenario tokens 600 at 100000")
    chat.send("/scenario tokens 3000 at 100")
    main = page.locator("#stMain")
    at_end = "m => m.scrollHeight - m.clientHeight - m.scrollTop < 60"
    page.wait_for_function(
        "() => { const m = document.querySelector('#stMain');"
        f"return ({at_end})(m) && m.scrollTop > 300 }}"
    )
    main.hover()
    page.mouse.wheel(0, -600)
    page.wait_for_function(f"() => !({at_end})(document.querySelector('#stMain'))")
    place = main.evaluate(STANDS_STILL)
    height = main.evaluate("m => m.scrollHeight")
    page.wait_for_function(f"() => document.querySelector('#stMain').scrollHeight > {height} + 200")
    assert abs(main.evaluate("m => m.scrollTop") - place) < 5
    chat.stop_button.click()
    chat.ended(2)
    assert abs(main.evaluate("m => m.scrollTop") - place) < 5
