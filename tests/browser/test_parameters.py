"""Each parameter that is set on the page reaches the wire, or says why it cannot."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.app import App
from tests.support.chat import ChatPage


def test_the_defaults_are_sent_and_nothing_that_was_not_set(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    sent = chat.echoed()
    assert sent["temperature"] == 1.0
    assert sent["max_tokens"] == 1000
    assert sent["top_p"] == 1.0
    assert not sent.keys() & {"presence_penalty", "frequency_penalty", "stop", "seed"}
    assert sent["messages"][0] == {"role": "system", "content": "You are a helpful assistant."}


@pytest.mark.parametrize(
    ("label", "name", "key", "value"),
    [
        ("Temperature", "temperature", "ArrowLeft", 0.95),
        ("Top P", "top_p", "ArrowLeft", 0.95),
        ("Presence penalty", "presence_penalty", "ArrowRight", 0.1),
        ("Frequency penalty", "frequency_penalty", "ArrowRight", 0.1),
    ],
)
def test_a_pulled_slider_reaches_the_wire(
    app: App, page: Page, label: str, name: str, key: str, value: float
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.more_parameters()
    page.get_by_role("slider", name=label).press(key)
    expect(chat.button(f"reset_{name}")).to_be_visible()
    assert chat.echoed()[name] == pytest.approx(value)


@pytest.mark.parametrize(
    ("label", "name", "value"), [("Max tokens", "max_tokens", 77), ("Seed", "seed", 42)]
)
def test_a_typed_number_reaches_the_wire(
    app: App, page: Page, label: str, name: str, value: int
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.more_parameters()
    page.get_by_role("spinbutton", name=label).fill(str(value))
    page.get_by_role("spinbutton", name=label).press("Enter")
    expect(chat.button(f"reset_{name}")).to_be_visible()
    assert chat.echoed()[name] == value


def test_stop_strings_and_the_system_message_reach_the_wire(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.more_parameters()
    stop = page.get_by_role("textbox", name="Stop strings")
    stop.fill("###\n\\n\\n")
    stop.press("Control+Enter")
    system = page.get_by_role("textbox", name="System message")
    system.fill("Answer like a pirate.")
    system.press("Control+Enter")
    expect(chat.button("reset_all")).to_be_visible()
    chat.settled()
    sent = chat.echoed()
    assert sent["stop"] == ["###", "\n\n"]
    assert sent["messages"][0]["content"] == "Answer like a pirate."


def test_a_number_out_of_range_is_not_sent_and_says_why(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    box = page.get_by_role("spinbutton", name="Max tokens")
    box.fill("5000")
    box.press("Enter")
    expect(page.get_by_text("Max tokens must be from 1 to 4096.").first).to_be_visible()
    chat.box.fill("please answer")
    chat.box.press("Enter")
    expect(page.locator(".st-key-notice")).to_contain_text("Max tokens must be from 1 to 4096.")
    expect(chat.box).to_have_value("please answer")
    expect(chat.messages).to_have_count(0)
    chat.button("reset_max_tokens").click()
    expect(page.get_by_test_id("stSidebar").get_by_text("Max tokens must be")).to_have_count(0)
    chat.box.press("Enter")
    chat.ended(1)


def test_one_is_reset_or_all_are(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    for label in ("Temperature", "Top P"):
        page.get_by_role("slider", name=label).press("ArrowLeft")
    expect(chat.button("reset_top_p")).to_be_visible()
    chat.button("reset_temperature").click()
    expect(chat.button("reset_temperature")).to_have_count(0)
    expect(page.get_by_role("slider", name="Temperature")).to_have_value("1")
    chat.button("reset_all").click()
    expect(chat.button("reset_top_p")).to_have_count(0)
    expect(chat.button("reset_all")).to_have_count(0)


def test_what_was_set_is_there_after_another_page(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    page.get_by_role("slider", name="Temperature").press("ArrowLeft")
    expect(chat.button("reset_temperature")).to_be_visible()
    chat.pick("Model", "Phi-3 small 8k")
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", name="The six Phi-3 models")).to_be_visible()
    page.get_by_role("link", name="Chat", exact=True).click()
    expect(chat.button("reset_temperature")).to_be_visible()
    sent = chat.echoed()
    assert sent["temperature"] == 0.95
    assert sent["model"] == "Phi-3-small-8k-instruct"
