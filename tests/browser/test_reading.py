"""Reading a conversation: its keys, its earlier messages, its actions, its scripts, a silence."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from playground.conversation import Conversation, new_id
from tests.browser.conftest import Browse
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.conversations import answer, exchange, prompt
from tests.support.history import seed

HEBREW = """שלום עולם

- [x] done
- [ ] to do
- outer
    - inner

1. ראשון
2. שני

Plain words."""


def long_conversation(exchanges: int) -> Conversation:
    """Return a conversation whose prompts and replies are numbered, replies of unequal height."""
    said = Conversation(id=new_id(), created_at=1000.0, updated_at=1000.0)
    parent = None
    for number in range(exchanges):
        asked = prompt(f"Question {number}.", parent)
        reply = answer(f"Answer {number}." + "\n\nMore." * (number % 7), asked.id)
        said = said.with_turn(asked).with_turn(reply)
        parent = reply.id
    return said


def test_keys_copy_the_last_reply_and_turn_its_versions(app: App, browse: Browse) -> None:
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    chat.button("regenerate").click()
    expect(chat.last).to_contain_text("2/2")
    chat.ended(1)
    chat.box.blur()
    for key, version in (("[", "1/2"), ("]", "2/2")):
        page.keyboard.press(key)
        expect(chat.last).to_contain_text(version)
        chat.settled()
    page.keyboard.press("y")
    page.wait_for_function("() => navigator.clipboard.readText().then(t => t.includes('Paris'))")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Copy the last reply")


def test_earlier_messages_come_in_above_what_is_read(app: App, page: Page) -> None:
    (conversation,) = seed(app, long_conversation(60))
    chat = ChatPage(page)
    chat.open(f"{app.url}/?c={conversation}")
    expect(chat.last).to_contain_text("Answer 59.")
    chat.settled()
    main = page.locator("#stMain")
    main.hover()
    page.mouse.wheel(0, -100_000)
    more = chat.button("show_earlier")
    expect(more).to_be_in_viewport()
    text = chat.messages.first.inner_text().splitlines()[0]
    count = chat.messages.count()
    read = page.get_by_text(text, exact=True)
    before = read.bounding_box()
    assert before is not None
    more.click()
    expect(chat.messages).not_to_have_count(count)
    chat.settled()
    page.wait_for_function(
        """([text, y]) => [...document.querySelectorAll('[data-testid=stChatMessage]')].some(m =>
            m.innerText.startsWith(text) && m.getBoundingClientRect().top > 0
            && Math.abs(m.getBoundingClientRect().top - y) < 40)""",
        arg=[text, before["y"]],
    )
    after = read.bounding_box()
    assert after is not None
    assert abs(after["y"] - before["y"]) < 8


def test_actions_are_seen_on_the_last_turn_and_where_one_looks(app: App, browse: Browse) -> None:
    (conversation,) = seed(app, long_conversation(2))
    for touch in (False, True):
        chat = ChatPage(browse(has_touch=touch, is_mobile=touch))
        chat.open(f"{app.url}/?c={conversation}")
        expect(chat.button("copy_last")).to_be_visible()
        menu = chat.messages.nth(1).locator("[class*='st-key-message_']").first
        expect(menu).to_have_css("opacity", "1" if touch else "0")
        if touch:
            continue
        chat.messages.nth(1).hover()
        expect(menu).to_have_css("opacity", "1")
        chat.box.hover()
        expect(menu).to_have_css("opacity", "0")
        menu.get_by_role("button").focus()
        expect(menu).to_have_css("opacity", "1")


def test_each_script_has_its_direction_and_lists_are_lists(app: App, page: Page) -> None:
    (conversation,) = seed(app, exchange("مرحبا بالعالم", HEBREW))
    chat = ChatPage(page)
    chat.open(f"{app.url}/?c={conversation}")
    rtl, ltr = ("direction", "rtl"), ("direction", "ltr")
    expect(chat.messages.first.get_by_text("مرحبا بالعالم")).to_have_css(*rtl)
    reply = chat.last
    expect(reply.get_by_text("שלום עולם", exact=True)).to_have_css(*rtl)
    expect(reply.locator("ol")).to_have_css(*rtl)
    expect(reply.get_by_text("Plain words.")).to_have_css(*ltr)
    expect(reply.locator("ul ul > li")).to_have_text("inner")
    expect(reply.locator("ol > li")).to_have_count(2)
    boxes = reply.locator("li > input[type=checkbox]")
    expect(boxes).to_have_count(2)
    expect(boxes.first).to_be_checked()
    expect(boxes.last).not_to_be_checked()


def test_a_silent_stream_says_so_and_the_next_prompt_waits(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.send("/scenario stall")
    chat.box.press_sequentially("What comes next")
    expect(chat.last).to_contain_text("The server may be busy")
    expect(chat.box).to_have_value("What comes next")
    chat.stop_button.click()
    expect(chat.ended(1)).to_contain_text("Stopped by you")
    expect(chat.box).to_have_value("What comes next")
