"""Where things stand and how large they are: the same from page to page, and in reach of a finger."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.compare import ComparePage

#: What a finger hits, in pixels of CSS.
FINGER = 40
PAGES = ("", "compare", "models", "history", "connections")

#: Whether the box is as wide as the panes and below them, in a window that is as wide as said.
FITS = """width => {
    const [panes, box] = ['.st-key-panes', '[data-testid=stChatInput]'].map(
        found => document.querySelector(found).getBoundingClientRect());
    return innerWidth === width && Math.abs(panes.left - box.left) < 2 &&
        Math.abs(panes.right - box.right) < 2 && panes.bottom < box.top;
}"""

#: Whether the cards stand in so many rows, and none alone in its row.
ROWS = """([width, rows]) => {
    const tops = [...document.querySelectorAll('.st-key-setup_cards button')].map(
        card => Math.round(card.getBoundingClientRect().top));
    const counts = [...new Set(tops)].map(top => tops.filter(other => other === top).length);
    return innerWidth === width && counts.length === rows && Math.min(...counts) > 1;
}"""


def place(found: Locator) -> tuple[float, float, float, float]:
    """Return the left, top, right and bottom of what is on the page."""
    expect(found).to_be_visible()
    box = found.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def too_small(found: Locator) -> list[str]:
    """Return the size of each of these that a finger would miss."""
    expect(found.first).to_be_visible()
    sizes = [box for box in (one.bounding_box() for one in found.all()) if box]
    return [str(box) for box in sizes if min(box["width"], box["height"]) < FINGER - 0.5]


def test_the_title_of_every_page_stands_at_the_same_height(app: App, page: Page) -> None:
    middles = {}
    for path in PAGES:
        page.goto(f"{app.url}/{path}")
        _, top, _, bottom = place(page.get_by_role("heading", level=1).locator("visible=true"))
        style = "e => parseFloat(getComputedStyle(e).paddingTop) - parseFloat(getComputedStyle(e).paddingBottom)"
        middles[path] = (top + bottom + page.get_by_role("heading", level=1).evaluate(style)) / 2
    assert max(middles.values()) - min(middles.values()) < 4, middles


def test_on_a_phone_what_is_touched_is_large_and_the_answer_has_the_whole_width(
    app: App, browse: Browse
) -> None:
    page = browse(viewport={"width": 390, "height": 844}, has_touch=True)
    chat = ChatPage(page)
    chat.open(app.url)
    small = {"open the sidebar": too_small(page.get_by_test_id("stExpandSidebarButton"))}
    chat.ask("What is the capital of France?")
    chat.ask("/scenario other-model")
    small["send"] = too_small(page.get_by_test_id("stChatInputSubmitButton"))
    small["actions"] = too_small(page.locator(".st-key-actions button"))
    left, *_ = place(chat.last.get_by_text("This is scenario"))
    box = place(page.get_by_test_id("stChatInput"))
    assert left == box[0], "the text begins where the box does"
    assert page.viewport_size is not None
    assert page.viewport_size["height"] - box[3] < 25, "and the box stands at the bottom"
    # The dots of an earlier message are small, and what is around them counts as well.
    chat.settled()
    dots = chat.messages.nth(2).locator("[class*='st-key-message_'] button:visible")
    x, y, _, bottom = place(dots)
    hit = "([x, y]) => document.elementFromPoint(x, y)?.closest('button')?.innerText ?? ''"
    for point in ((x - 8, y + 5), (x + 5, bottom + 8)):
        assert "more_horiz" in page.evaluate(hit, point)
    page.get_by_test_id("stExpandSidebarButton").tap()
    link = "document.querySelector('[data-testid=stSidebarNavLink]').getBoundingClientRect()"
    page.wait_for_function(f"() => {link}.left > 0 && {link}.width > 200")  # it slides in
    small["pages"] = too_small(page.get_by_test_id("stSidebarNavLink"))
    small["conversations"] = too_small(page.locator(".st-key-recent button"))
    compare = ComparePage(page)
    compare.open(app.url)
    small["pane"] = too_small(page.locator("[class*='st-key-tools_'] button:visible"))
    page.goto(f"{app.url}/history")
    small["rows"] = too_small(page.locator("[class*='st-key-row_'] button:visible"))
    assert {name: found for name, found in small.items() if found} == {}


def test_code_in_a_sentence_is_as_large_as_the_sentence(app: App, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("/scenario other-model")
    sizes = "e => [e, e.parentElement].map(e => parseFloat(getComputedStyle(e).fontSize))"
    code, around = chat.last.locator("p code").first.evaluate(sizes)
    assert code > 0.85 * around


def test_a_dialog_darkens_what_is_behind_it(app: App, browse: Browse) -> None:
    page = browse(color_scheme="dark")
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of France?")
    chat.button("share").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    veil = page.get_by_test_id("stDialog").evaluate("e => getComputedStyle(e).backgroundColor")
    assert veil == "rgba(10, 8, 24, 0.55)"


def test_the_box_is_as_wide_as_the_panes_and_covers_none_of_them(app: App, page: Page) -> None:
    compare = ComparePage(page)
    compare.open(app.url)
    expect(page.locator(".st-key-setup_cards button").first).to_be_visible()
    for width, rows in ((1440, 1), (1000, 2), (768, 2)):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(ROWS, arg=[width, rows])
    compare.send("Show me a table, some code and a formula.")
    compare.ended(2)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.wait_for_function(FITS, arg=1280)
    _, top, _, bottom = place(page.locator(".st-key-panes td").filter(has_text="0.45 s").first)
    assert bottom - top < 45, "a figure and its unit stand on one line"
    for width in (1440, 1000, 768):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(FITS, arg=width)
