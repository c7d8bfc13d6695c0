"""A person chats: the first answer, several turns, every model, the keyboard, the phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from playground.catalog import Model, load_catalog
from tests.browser.conftest import Browse, StartApp
from tests.support.app import App
from tests.support.chat import ChatPage

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}


def test_the_first_question_is_answered_and_marked_as_scripted(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    reply = chat.ask("What is the capital of France?")
    expect(reply).to_contain_text("Paris")
    expect(reply).to_contain_text("Scripted demo, no model")
    expect(reply).to_contain_text("Phi-3 mini 4k")
    expect(reply).to_contain_text("Complete")
    expect(reply).to_contain_text("tokens/s")


def test_the_second_turn_carries_the_first(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    expect(chat.ask("What about Spain?")).to_contain_text("Madrid")
    said = chat.echoed()["messages"]
    assert [m["role"] for m in said] == ["system", *["user", "assistant"] * 2, "user"]
    assert said[1]["content"] == "What is the capital of France?"
    assert "Paris" in said[2]["content"]


@pytest.mark.parametrize("model", load_catalog().models, ids=lambda m: m.name)
def test_each_of_the_six_models_is_asked_by_its_name(app: App, page: Page, model: Model) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.pick("Model", model.label)
    assert chat.echoed()["model"] == model.name
    expect(chat.last).to_contain_text(model.label)


def test_a_new_chat_is_empty_and_forgets_nothing(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    first = page.url
    chat.button("new_chat").click()
    expect(chat.messages).to_have_count(0)
    chat.ask("Hello")
    assert page.url != first
    chat.open(first)
    expect(chat.messages.first).to_contain_text("What is the capital of France?")
    expect(chat.messages).to_have_count(2)


def test_regenerating_gives_another_answer_to_the_same_prompt(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    chat.pick("Model", "Phi-3 medium 4k")
    chat.button("regenerate").click()
    expect(chat.last).to_contain_text("Phi-3 medium 4k")
    chat.ended(1)
    expect(chat.messages).to_have_count(2)


def test_the_keyboard_is_enough(app: App, page: Page) -> None:
    """Enter sends, Shift+Enter breaks the line, and the focus is back in the box after it."""
    chat = ChatPage(page)
    chat.open(app.url)
    chat.box.focus()
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    expect(chat.box).to_have_value("one\ntwo")
    page.keyboard.press("Enter")
    expect(chat.messages.first).to_contain_text("one\ntwo")
    chat.ended(1)
    expect(chat.box).to_be_focused()
    expect(chat.box).to_have_value("")


def test_a_starter_is_sent_with_one_click(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.button("starter_0").click()
    expect(chat.ended(1)).to_contain_text("Paris")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it_without_scrolling_sideways(
    app: App, browse: Browse, scheme: str
) -> None:
    page = browse(color_scheme=scheme, **PHONE)
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("Show me a table, some code and a formula.")
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    buttons = page.locator(".st-key-actions button")
    expect(buttons).to_have_count(7)
    tops = [round(box["y"]) for box in map(Locator.bounding_box, buttons.all()) if box]
    assert len(set(tops)) == 1, "what can be done with the reply stands in one row"
    dark = page.evaluate(
        "getComputedStyle(document.querySelector('.stApp')).backgroundColor"
        ".match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + +part, 0) < 200"
    )
    assert dark == (scheme == "dark")


def test_a_github_token_alone_gives_the_demo_and_says_why(start_app: StartApp, page: Page) -> None:
    app = start_app(GITHUB_TOKEN="ghp_canary")
    chat = ChatPage(page)
    chat.open(app.url)
    expect(page.get_by_text("GitHub Models was retired on 30 July 2026").first).to_be_visible()
    expect(chat.ask("Hello")).to_contain_text("Scripted demo, no model")
    assert "ghp_canary" not in page.content() + app.text()


def test_a_malformed_endpoint_is_named_with_the_mend(start_app: StartApp, page: Page) -> None:
    app = start_app(AZURE_INFERENCE_ENDPOINT="localhost:8080")
    ChatPage(page).open(app.url)
    expect(
        page.get_by_text("AZURE_INFERENCE_ENDPOINT is not the URL of a server").first
    ).to_be_visible()
