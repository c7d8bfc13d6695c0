"""What was chatted about is found again: listed, searched, filtered, put in order, deleted."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from playground.conversation import Conversation
from tests.browser.conftest import StartApp
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.history import MEDIUM, MINI, HistoryPage, said, seed

LONG = "How do I reverse a list in Python? I have tried several ways, all of which change the list"


def library() -> list[Conversation]:
    """Return conversations of several days, newest first."""
    return [
        said("What is the capital of France?", "It is **Paris**, on the Seine.", model=MINI),
        said(LONG, "Use `reversed(x)`: it does not change the list.", days=0.001, model=MEDIUM),
        said("Schreibe über Müller", "Die Donaudampfschifffahrt war groß.", days=1, model=MINI),
        said("東京はどんな都市ですか", "東京は日本の首都です。", days=1.001, model=MINI),
        said("<b>Bold</b> :red[claims]", "No *markup* here.", days=9, model=MINI),
    ]


TITLES = (
    "What is the capital of France?",
    "How do I reverse a list in Python?",
    "Schreibe über Müller",
    "東京はどんな都市ですか",
    "<b>Bold</b> :\u2060red[claims]",
)
FRANCE, PYTHON, MUELLER, TOKYO, BOLD = TITLES


@pytest.fixture(scope="module")
def shared_app(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app with a library of conversations, for the tests that only look."""
    with App(checkout, tmp_path_factory.mktemp("library"), {}) as app:
        seed(app, *library())
        yield app


def test_all_are_listed_newest_first_by_day(app: App, page: Page) -> None:
    """With their titles, models, lengths and the rest of their first lines, as plain text."""
    history = HistoryPage(page)
    history.open(app.url)
    history.lists(*TITLES)
    earlier = dt.datetime.now().astimezone() - dt.timedelta(days=9)
    expect(history.days).to_have_text(
        ["Today", "Yesterday", f"{earlier:%A}, {earlier.day} {earlier:%B %Y}"]
    )
    expect(history.row(FRANCE)).to_contain_text("Phi-3 mini 4k · 2 messages")
    expect(history.row(PYTHON)).to_contain_text("Phi-3 medium 4k")
    expect(history.row(PYTHON)).to_contain_text("…ways, all of which change the list")
    expect(history.rows.locator("b, img, a")).to_have_count(0)


#: What is typed, which conversation is found, and what is marked in it.
SEARCHES = [
    ("paris", FRANCE, ["Paris"]),
    ("donaud muller", None, []),
    ("DONAUD", MUELLER, ["Donaudampfschifffahrt"]),
    ("muller", MUELLER, ["Müller"]),
    ("gross", MUELLER, ["groß"]),
    ('"change the list"', PYTHON, ["change the list", "change the list"]),
    ('"the change list"', None, []),
    ("首都", TOKYO, ["首都"]),
    ("zzz", None, []),
]


def test_what_is_typed_is_searched_at_once_and_hits_are_marked(app: App, page: Page) -> None:
    """Words, their beginnings, phrases, umlauts and Japanese; without a press of Enter."""
    history = HistoryPage(page)
    history.open(app.url)
    for words, title, marks in SEARCHES:
        history.search(words)
        if title is None:
            expect(page.get_by_text("Nothing was found.")).to_be_visible()
            expect(history.rows).to_have_count(0)
        else:
            history.lists(title)
            expect(history.marks).to_have_text(marks)
    history.box.fill("")
    history.lists(*TITLES)
    expect(history.marks).to_have_count(0)


def test_filters_by_model_and_date_add_up_and_can_be_cleared(app: App, page: Page) -> None:
    history = HistoryPage(page)
    history.open(app.url)
    history.button("filter").click()
    ChatPage(page).pick("Model", "Phi-3 medium 4k")
    history.lists(PYTHON)
    expect(history.button("filter")).to_contain_text("●")
    history.button("clear_filter").click()
    history.lists(*TITLES)
    yesterday = dt.datetime.now().astimezone().date() - dt.timedelta(days=1)
    history.pick_days(yesterday, yesterday)
    history.lists(MUELLER, TOKYO)
    page.keyboard.press("Escape")
    history.search("donau")
    history.lists(MUELLER)


def test_opening_one_and_going_back_and_forward(app: App, page: Page) -> None:
    chat, history = ChatPage(page), HistoryPage(page)
    history.open(app.url)
    history.titles.filter(has_text=MUELLER).click()
    expect(chat.messages.last).to_contain_text("Donaudampfschifffahrt")
    expect(page).to_have_url(re.compile(r"/\?c="))
    page.locator(".st-key-recent").get_by_role("button", name=FRANCE).click()
    expect(chat.messages.last).to_contain_text("Paris")
    expect(chat.messages).to_have_count(2)
    page.go_back()
    expect(chat.messages.last).to_contain_text("Donaudampfschifffahrt")
    page.go_back()
    history.lists(*TITLES)
    page.go_forward()
    expect(chat.messages.last).to_contain_text("Donaudampfschifffahrt")
    page.go_forward()
    expect(chat.messages.last).to_contain_text("Paris")


def test_an_address_of_no_conversation_says_so_and_offers_a_new_chat(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(f"{app.url}/?c=nobody-has-this-id")
    expect(page.get_by_text("This conversation is not here")).to_be_visible()
    expect(page).to_have_url(re.compile(r"^[^?]+$"))
    expect(chat.messages).to_have_count(0)
    expect(page.locator("[class*='st-key-starter_']").first).to_be_visible()


def test_renaming_pinning_deleting_and_bringing_back(start_app: StartApp, page: Page) -> None:
    app = start_app()
    seed(app, *library())
    history = HistoryPage(page)
    history.open(app.url)

    history.act(FRANCE, "Rename")
    title = page.get_by_role("textbox", name="Title")
    expect(title).to_have_value(FRANCE)
    title.fill("Capitals, :red[all] of them")
    title.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    renamed = "Capitals, :\u2060red[all] of them"
    history.lists(renamed, *TITLES[1:])

    history.act(TOKYO, "Pin")
    expect(
        history.row(TOKYO).get_by_test_id("stIconMaterial").filter(has_text="keep")
    ).to_have_count(1)
    history.lists(TOKYO, renamed, PYTHON, MUELLER, BOLD)
    history.button("filter").click()
    page.get_by_text("Pinned only").click()
    history.lists(TOKYO)
    history.button("clear_filter").click()
    history.lists(TOKYO, renamed, PYTHON, MUELLER, BOLD)
    page.keyboard.press("Escape")
    history.act(TOKYO, "Unpin")
    history.lists(renamed, *TITLES[1:])

    history.act(MUELLER, "Delete")
    history.lists(renamed, PYTHON, TOKYO, BOLD)
    expect(page.locator(".st-key-recent")).not_to_contain_text("Müller")
    history.button("undo").click()
    history.lists(renamed, *TITLES[1:])

    history.button("select_mode").click()
    for one in (PYTHON, BOLD):
        history.row(one).get_by_test_id("stCheckbox").locator("label").click()
    expect(page.locator(".st-key-bulk")).to_contain_text("2 selected")
    history.button("delete_selected").click()
    history.lists(renamed, MUELLER, TOKYO)
    expect(page.get_by_text("2 conversations deleted")).to_be_visible()
    page.reload()
    history.lists(renamed, MUELLER, TOKYO)


def test_what_is_deleted_for_good_is_in_no_file_any_more(start_app: StartApp, page: Page) -> None:
    app = start_app()
    seed(app, *library())
    chat, history = ChatPage(page), HistoryPage(page)
    chat.open(app.url)
    chat.ask("/scenario plain quicksilver")
    history.open(app.url)
    history.button("transfer").click()
    history.button("delete_all").click()
    expect(page.locator(".st-key-export_all")).to_be_hidden()  # nothing hides the question
    now = history.button("delete_all_now")
    expect(now).to_be_disabled()
    words = page.get_by_role("textbox", name='Type "delete" to go on')
    words.fill("yes")
    words.press("Enter")
    expect(now).to_be_disabled()
    words.fill("delete")
    words.press("Enter")
    expect(now).to_be_enabled()
    now.click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    page.goto("about:blank")  # a page without a server complains
    app.restart()
    history.open(app.url)
    expect(page.get_by_text("Nothing here yet")).to_be_visible()
    page.goto("about:blank")
    app.stop()
    for file in app.database.parent.glob("conversations.db*"):
        if file.is_file():
            data = file.read_bytes()
            assert b"Donaudampf" not in data, file.name
            assert b"quicksilver" not in data, file.name


def test_more_than_a_page_is_shown_on_request(start_app: StartApp, page: Page) -> None:
    app = start_app()
    seed(app, *[said(f"Question {n:03}", "Yes.", days=n / 1000) for n in range(103)])
    history = HistoryPage(page)
    history.open(app.url)
    expect(history.rows).to_have_count(50)
    history.button("show_more").click()
    expect(history.rows).to_have_count(100)
    history.button("show_more").click()
    history.lists(*[f"Question {n:03}" for n in range(103)])
    expect(history.button("show_more")).to_have_count(0)
    history.search("102")
    history.lists("Question 102")
