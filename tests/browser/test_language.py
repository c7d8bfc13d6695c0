"""The interface in the language of the browser, and in the one that was picked."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Browse
from tests.support.app import App
from tests.support.chat import ChatPage


def test_dutch_by_the_browser_then_english_by_choice_on_every_page_and_after_a_refresh(
    app: App, browse: Browse
) -> None:
    page = browse(locale="nl-NL")
    chat = ChatPage(page)
    chat.open(app.url)
    html = page.locator("html")
    expect(page.get_by_role("heading", name="Wat zullen we proberen?")).to_be_visible()
    expect(html).to_have_attribute("lang", "nl")
    # A fragment, which runs without the rest of the page, speaks Dutch too.
    tokens = page.locator(".st-key-parameter_max_tokens input")
    tokens.fill("500")
    tokens.press("Enter")
    expect(chat.button("reset_max_tokens")).to_have_text("Terugzetten")
    status = page.locator("[role=status][aria-live=polite]").last
    chat.ask("What is the capital of France?")
    expect(chat.footers).to_contain_text("Compleet")
    expect(status).to_have_text("Antwoord beëindigd: Compleet")

    page.get_by_role("button", name="NL").click()
    page.get_by_text("English", exact=True).click()
    expect(chat.footers).to_contain_text("Complete")
    expect(html).to_have_attribute("lang", "en")
    # What was picked in one language is not taken for something else in the other.
    tokens.fill("400")
    tokens.press("Enter")
    chat.button("shortcuts").click()  # the whole page is drawn once more
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Model")).to_have_value(
        "Phi-3 mini 4k · 3.8B, 4k context"
    )
    expect(page.get_by_text("Not one of the six")).to_have_count(0)
    page.get_by_role("link", name="History").first.click()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="History")).to_be_visible()
    expect(html).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Chat").first.click()
    expect(page.get_by_role("heading", name="What shall we try?")).to_be_visible()
