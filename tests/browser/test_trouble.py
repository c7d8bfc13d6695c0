"""Trouble is told, never hidden: each ending has its label, each error its way on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartApp
from tests.support.app import App
from tests.support.chat import ChatPage

ENDINGS = [
    ("truncated", "Cut off below max tokens"),
    ("filtered", "Ended by the content filter"),
    ("cut", "Incomplete: the connection was lost"),
    ("in-band-error", "Incomplete"),
    ("empty", "The answer is empty"),
]

REFUSALS = [
    ("unauthorized", "The key was not accepted"),
    ("no-access", "No access to this model"),
    ("unknown-model", "This model is not served here"),
    ("retired", "This model or service is retired"),
    ("context-length", "Too long for this model"),
    ("filtered-prompt", "Refused by the host's content filter"),
    ("rate-limit-day", "14 hours 30 minutes"),
    ("server-error", "The server failed"),
    ("not-a-stream", "not a chat endpoint's answer"),
    ("html-page", "not a chat endpoint's answer"),
]


@pytest.mark.parametrize(("scenario", "words"), ENDINGS, ids=[s for s, _ in ENDINGS])
def test_each_ending_keeps_its_text_and_says_what_it_is(
    app: App, page: Page, scenario: str, words: str
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    expect(chat.ask(f"/scenario {scenario}")).to_contain_text(words)


@pytest.mark.parametrize(("scenario", "words"), REFUSALS, ids=[s for s, _ in REFUSALS])
def test_each_refusal_says_what_happened_and_offers_retry(
    app: App, page: Page, scenario: str, words: str
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    reply = chat.ask(f"/scenario {scenario}")
    expect(reply).to_contain_text(words)
    expect(chat.button("retry")).to_be_visible()
    expect(chat.messages.first).to_contain_text(f"/scenario {scenario}")
    assert "<html" not in reply.inner_text().lower()


def test_retry_after_an_error_succeeds_and_the_prompt_was_not_lost(
    start_app: StartApp, page: Page
) -> None:
    app = start_app()  # of its own: the scenario fails the first time only
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("/scenario flaky")
    expect(chat.messages.first).to_contain_text("/scenario flaky")
    chat.button("retry").click()
    expect(chat.button("retry")).to_have_count(0)
    reply = chat.ended(1)
    expect(reply).to_contain_text("Complete")
    expect(chat.messages).to_have_count(2)


def test_a_short_limit_is_waited_for_in_the_open(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send("/scenario rate-limit")
    expect(chat.last).to_contain_text("trying again in")
    expect(chat.ended(1)).to_contain_text("Complete")


def test_waiting_is_counted_up_and_can_be_stopped(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send("/scenario silent")
    expect(chat.last).to_contain_text("Connecting")
    expect(chat.last).to_contain_text("may still be loading")
    chat.stop_button.click()
    expect(chat.ended(1)).to_contain_text("Stopped by you")


def test_hostile_text_stays_text_and_calls_no_one(app: App, page: Page) -> None:
    """Images, HTML, scripts, directives and bad links in a reply do nothing; see Watch."""
    chat = ChatPage(page)
    chat.open(app.url)
    reply = chat.ask("/scenario hostile")
    content = reply.locator("[data-testid=stMarkdown]")
    expect(reply.locator("img:not([data-testid*=Avatar]):not([alt*=avatar])")).to_have_count(0)
    expect(reply.locator("script, iframe, object, embed, form")).to_have_count(0)
    links = content.locator("a").evaluate_all("all => all.map(a => a.protocol)")
    assert set(links) <= {"http:", "https:", "mailto:"}
    expect(reply).to_contain_text(":red-badge[ADMIN]")
    expect(reply).to_contain_text("<script>")


def test_maths_is_drawn_money_is_left_alone_and_code_is_kept(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    reply = chat.ask("/scenario markdown")
    expect(reply.locator(".katex").first).to_be_visible()
    expect(reply.locator("table").first).to_be_visible()
    expect(reply.locator("pre code").first).to_be_visible()
    chat.ask("Show me maths")
    expect(chat.last.locator(".katex").first).to_be_visible()
    expect(chat.last).to_contain_text("$5")


@pytest.mark.parametrize("ending", ["truncated", "cut"])
def test_a_broken_reply_goes_on_in_the_same_bubble(app: App, page: Page, ending: str) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask(f"/scenario {ending}")
    before = chat.last.get_by_test_id("stMarkdown").first.inner_text()
    chat.button("continue").click()
    reply = chat.ended(2)
    expect(chat.messages).to_have_count(2)
    expect(reply).to_contain_text("Complete")
    assert reply.get_by_test_id("stMarkdown").first.inner_text().startswith(before[:40])
