"""The page of the models: cards, charts, details, and the way from a card to a chat."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.support.app import App
from tests.support.axe import barriers
from tests.support.chat import ChatPage

PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_page(browse: Browse, app: App, scheme: str) -> None:
    """Charts are drawn under our own content policy; figures stand in a table as well."""
    page = browse(color_scheme=scheme, viewport=PHONE)
    page.goto(f"{app.url}/models")
    chart = page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").locator("visible=true")
    expect(chart).to_have_count(1)
    assert barriers(page) == []
    page.get_by_role("tab", name="Quality and size").click()
    expect(chart).to_have_count(1)
    page.get_by_role("tab", name="Table").click()
    expect(page.get_by_role("cell", name="MMLU (5-shot)")).to_be_visible()
    assert barriers(page) == []
    page.locator(".st-key-details_Phi-3-medium-4k-instruct button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Dropped by the published template")
    expect(dialog).to_contain_text("Phi-3-medium-4k-instruct-Q4_K_M.gguf")
    expect(dialog.get_by_role("link", name="The official model card")).to_have_attribute(
        "href", "https://huggingface.co/microsoft/Phi-3-medium-4k-instruct"
    )
    assert barriers(page) == []


def test_a_card_leads_to_a_chat_with_its_model(app: App, page: Page) -> None:
    page.goto(f"{app.url}/models")
    page.locator(".st-key-chat_Phi-3-small-128k-instruct button").click()
    chat = ChatPage(page)
    expect(chat.box).to_have_attribute("placeholder", "Ask the scripted demo of Phi-3 small 128k")
    expect(chat.ask("Hello")).to_contain_text("Phi-3 small 128k")
