"""What one can do with a message, and what the page says about it."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse
from tests.support.app import App
from tests.support.chat import ChatPage


def choose(chat: ChatPage, message: int, action: str) -> None:
    """Choose `action` in the menu of a message."""
    chat.messages.nth(message).hover()
    chat.messages.nth(message).locator("[class*='st-key-message_'] button").first.click()
    chat.page.get_by_role("menuitem").filter(has_text=action).click()


def test_copy_gives_the_markdown_source(app: App, browse: Browse) -> None:
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("/scenario markdown")
    chat.button("copy_last").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    page.wait_for_function("() => navigator.clipboard.readText().then(t => t.includes('**'))")


def test_an_edited_prompt_is_a_branch_and_both_versions_stay(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    chat.ask("What about Spain?")
    choose(chat, 0, "Edit")
    expect(chat.box).to_have_value("What is the capital of France?")
    page.keyboard.press("Escape")
    expect(chat.box).to_have_value("")
    expect(page.locator(".st-key-cancel_edit")).to_have_count(0)
    choose(chat, 0, "Edit")
    expect(chat.box).to_have_value("What is the capital of France?")
    chat.box.fill("/scenario tokens 3000 at 100")
    chat.box.press("Enter")
    # At once, not when the answer has ended: what followed the earlier version is not shown greyed.
    expect(chat.messages).to_have_count(2)
    expect(chat.last).to_contain_text("Answering")
    expect(page.get_by_test_id("stProgress")).to_have_count(1)
    expect(page.locator(".st-key-cancel_edit")).to_have_count(0)
    chat.stop_button.click()
    expect(chat.ended(1)).to_contain_text("Stopped by you")
    expect(chat.messages.first).to_contain_text("2/2")
    page.locator("[class*='st-key-previous_'] button:visible").first.click()
    expect(chat.messages).to_have_count(4)
    expect(chat.last).to_contain_text("Madrid")


def test_another_model_answers_the_same_prompt_beside_the_first(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    page.locator(".st-key-regenerate_with button").click()
    page.get_by_role("menuitem").filter(has_text="Phi-3 medium 128k").click()
    expect(chat.last).to_contain_text("2/2 · Phi-3 medium 128k")
    chat.ended(1)
    page.keyboard.press("Escape")
    # Icons, and read out by their words.
    page.get_by_role("button", name="Previous version", exact=True).click()
    expect(chat.last).to_contain_text("1/2 · Phi-3 mini 4k")
    menu = chat.messages.first.get_by_role(
        "button", name="What to do with this message", exact=True
    )
    expect(menu).to_have_count(1)


def test_the_keys_turn_the_versions_of_the_latest_message_and_of_no_other(
    app: App, page: Page
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    for replies, question in enumerate(("What is the capital of France?", "What about Spain?"), 1):
        chat.ask(question)
        chat.button("regenerate").click()
        expect(chat.last).to_contain_text("2/2")
        chat.ended(replies)
    chat.box.blur()
    for key, version in (("[", "1/2"), ("[", "1/2"), ("]", "2/2"), ("]", "2/2")):
        page.keyboard.press(key)
        expect(chat.last).to_contain_text(version)
        chat.settled()
        expect(chat.messages.nth(1)).to_contain_text("2/2")
        expect(chat.messages).to_have_count(4)


def test_raw_shows_what_was_sent_and_received(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("/scenario leak-tokens")
    expect(chat.last).to_contain_text("2 leaked template markers cut")
    expect(chat.last).not_to_contain_text("<|end|>")
    chat.button("raw_last").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("<|end|>")
    dialog.get_by_role("tab", name="Request").click()
    request = dialog.locator("code").filter(has_text='"messages"').first
    assert json.loads(request.inner_text())["messages"][-1]["content"] == "/scenario leak-tokens"


def test_delete_takes_the_message_and_what_follows(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    chat.ask("What about Spain?")
    choose(chat, 2, "Delete")
    expect(chat.messages).to_have_count(2)
    page.reload()
    expect(chat.messages).to_have_count(2)


def test_the_keys_do_what_their_list_says(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send("/scenario tokens 3000 at 100")
    expect(chat.last).to_contain_text("Answering")
    spoken = page.locator("[role=status][aria-live=polite]").last
    expect(spoken).to_have_text("Answer started")
    page.keyboard.press("Escape")
    expect(chat.ended(1)).to_contain_text("Stopped by you")
    expect(spoken).to_have_text("Answer ended: Stopped by you")
    spoken.evaluate("region => { region.textContent = '' }")
    page.get_by_test_id("stSidebar").click(position={"x": 5, "y": 300})
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Stop generating")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    chat.settled()
    expect(spoken, "the page was drawn anew, and it is not told twice").to_be_empty()
    page.reload()
    chat.ended(1)
    expect(chat.box).to_be_editable()
    chat.settled()
    expect(spoken, "nothing is told of the past").to_be_empty()
    page.keyboard.press("/")
    expect(chat.box).to_be_focused()
    chat.box.blur()
    page.keyboard.press("n")
    expect(chat.messages).to_have_count(0)


def test_a_model_that_drops_the_system_message_gets_it_in_the_first_prompt(
    app: App, page: Page
) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.pick("Model", "Phi-3 medium 4k")
    expect(page.get_by_text("drops system messages without a word")).to_be_visible()
    chat.ask("What is the capital of France?")
    expect(chat.last).to_contain_text("system message in the first prompt")
    said = chat.echoed()["messages"]
    assert said[0]["role"] == "user"
    assert said[0]["content"].startswith("You are a helpful assistant.\n\n")


def test_what_does_not_fit_is_not_sent_and_can_be_made_to_fit(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    long = "word " * 3600
    chat.box.fill(long)
    chat.box.press("Enter")
    over = page.locator(".st-key-context_over")
    expect(over).to_contain_text("Over by about")
    expect(chat.box).to_have_value(long)
    expect(chat.messages).to_have_count(2)
    over.get_by_role("button", name="Use Phi-3 mini 128k").click()
    expect(over).to_have_count(0)
    chat.box.press("Enter")
    expect(chat.messages).to_have_count(4)
    expect(chat.ended(2)).to_contain_text("Phi-3 mini 128k")


def test_the_gauge_follows_the_settings_and_a_slider_does_not_draw_the_transcript(
    app: App, page: Page
) -> None:
    frames: list[bytes] = []

    def note(frame: bytes | str) -> None:
        frames.append(frame if isinstance(frame, bytes) else frame.encode())

    page.on("websocket", lambda socket: socket.on("framereceived", note))
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    gauge = page.get_by_test_id("stProgress")
    expect(gauge).to_contain_text("room for 1,000 in the answer")
    before = gauge.inner_text()
    # The settings that stood beside a running answer draw the page once more.
    page.get_by_role("slider", name="Temperature").press("ArrowLeft")
    expect(chat.button("reset_temperature")).to_be_visible()
    chat.settled()
    frames.clear()
    page.get_by_role("slider", name="Top P").press("ArrowLeft")
    expect(chat.button("reset_top_p")).to_be_visible()
    chat.settled()
    assert frames, "something was drawn"
    assert not any(b"Paris" in frame for frame in frames)
    tokens = page.get_by_role("spinbutton", name="Max tokens")
    tokens.fill("77")
    tokens.press("Enter")
    expect(gauge).to_contain_text("room for 77 in the answer")
    system = page.get_by_role("textbox", name="System message")
    system.fill("Answer like a pirate. " * 20)
    system.press("Control+Enter")
    expect(gauge).not_to_contain_text(before.partition(" and room")[0])


def test_turns_are_left_out_only_when_the_user_says_so(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("/scenario tokens 3000 at 100000")
    chat.box.fill("And now?")
    chat.box.press("Enter")
    over = page.locator(".st-key-context_over")
    expect(over).to_be_visible()
    over.get_by_role("button", name="Leave out the oldest 1 question").click()
    expect(page.get_by_text("Not sent any more").first).to_be_visible()
    chat.box.press("Enter")
    expect(chat.ended(1)).to_contain_text("2 earlier messages not sent")


def test_a_link_sets_the_page_up_and_sends_nothing(app: App, page: Page) -> None:
    chat = ChatPage(page)
    query = {"m": "Phi-3-small-8k-instruct", "temp": "0.3", "q": "Hello?", "max": "99999"}
    chat.open(f"{app.url}/?{urlencode(query)}")
    expect(chat.box).to_have_value("Hello?")
    expect(page.get_by_text("Nothing is sent until you send it")).to_be_visible()
    expect(page.get_by_text("max tokens in this link was ignored")).to_be_visible()
    expect(chat.messages).to_have_count(0)
    sent = chat.echoed()
    assert sent["model"] == "Phi-3-small-8k-instruct"
    assert sent["temperature"] == 0.3


def test_a_set_up_is_kept_as_a_preset_and_used_again(app: App, browse: Browse) -> None:
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    chat = ChatPage(page)
    chat.open(app.url)
    chat.pick("Model", "Phi-3 small 8k")
    page.get_by_role("slider", name="Temperature").press("ArrowLeft")
    expect(chat.button("reset_temperature")).to_be_visible()
    chat.button("presets").first.click()
    name = page.get_by_role("textbox", name="Keep the present set-up as")
    name.fill("Kept by a test")
    name.press("Enter")
    expect(page.get_by_role("button", name="Kept by a test", exact=True)).to_be_visible()
    page.get_by_role("button", name="Copy a link to this set-up").click()
    page.wait_for_function("() => navigator.clipboard.readText().then(t => t.includes('temp='))")
    page.goto(app.url)
    expect(chat.button("reset_temperature")).to_have_count(0)
    chat.button("presets").first.click()
    page.get_by_role("button", name="Kept by a test", exact=True).click()
    expect(chat.button("reset_temperature")).to_be_visible()
    sent = chat.echoed()
    assert (sent["model"], sent["temperature"]) == ("Phi-3-small-8k-instruct", 0.95)
