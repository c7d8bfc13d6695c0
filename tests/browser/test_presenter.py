"""The presenter view: everything by key, large, and nothing else on the screen."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from playground.catalog import load_catalog
from playground.comparison import Comparison, Pane
from tests.browser.conftest import Browse
from tests.support.app import App
from tests.support.axe import barriers
from tests.support.compare import ComparePage, keep

PROMPTS = ("What is the capital of Chile?", "/scenario tokens 900 at 10")


def contrast(page: Page) -> float:
    """Return the contrast of the prompt with the page, as WCAG 2 defines it."""
    value = page.evaluate(
        """() => {
          const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((c) => c / 255)
            .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
          const light = (text) => { const [r, g, b] = rgb(text);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const words = document.querySelector('.st-key-presenter_prompt [data-testid=stText]');
          const one = light(getComputedStyle(words).color);
          const two = light(getComputedStyle(document.querySelector('.stApp')).backgroundColor);
          return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
        }"""
    )
    return float(value)


def leaving_brings_everything_back(page: Page, compare: ComparePage) -> None:
    """Leave the presenter view in which nothing runs; enter it from elsewhere and leave it again."""
    page.keyboard.press("Escape")
    expect(compare.panes).to_have_count(6)
    for chrome in ("stHeader", "stSidebar", "stBottom"):
        expect(page.get_by_test_id(chrome)).to_be_visible()
    expect(compare.box).to_be_visible()
    expect(page.locator(".st-key-more_parameters")).to_be_visible()
    compare.settled()
    main = page.locator("#stMain")
    page.keyboard.press("Shift")  # who does anything is not put back any more
    main.evaluate("main => { main.scrollTop = 180; }")
    page.locator(".st-key-present button").first.evaluate("button => button.click()")
    expect(page.locator(".st-key-presenter")).to_be_visible()
    expect(main).to_have_js_property("scrollTop", 0)
    compare.settled()
    page.keyboard.press("q")
    expect(compare.panes).to_have_count(6)
    expect(main).to_have_js_property("scrollTop", 180)


def test_a_list_of_prompts_is_presented_by_keys(app: App, browse: Browse) -> None:
    panes = tuple(Pane(model.name, "demo") for model in load_catalog().models)
    comparison = Comparison(panes, prompts=PROMPTS)
    page = browse(viewport={"width": 1280, "height": 720}, color_scheme="dark")
    compare = ComparePage(page)
    compare.open(keep(app, comparison))
    page.locator(".st-key-present button").first.click()
    prompt, board = (
        page.locator(".st-key-presenter_prompt"),
        page.locator(".st-key-presenter_board"),
    )
    expect(prompt).to_have_text(PROMPTS[0])
    for chrome in ("stHeader", "stSidebar", "stBottom"):
        expect(page.get_by_test_id(chrome)).not_to_be_visible()
    assert contrast(page) > 15
    assert page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector("
        "'.st-key-presenter_prompt [data-testid=stText]')).fontSize) >= 27"
    )

    page.keyboard.press("Enter")
    expect(board).to_contain_text("Santiago")
    expect(board).to_contain_text("Phi-3 medium 4k")
    expect(page.locator(".st-key-presenter_start button")).to_contain_text("Again")
    compare.settled()
    answers = board.locator("[class*='st-key-answer_']")
    assert answers.evaluate_all("all => all.every(box => box.scrollHeight <= box.clientHeight)")
    for key in ("presenter_back", "presenter_leave"):
        expect(page.locator(f".st-key-{key}")).to_be_in_viewport(ratio=1)
    assert barriers(page) == []
    page.keyboard.press("ArrowRight")
    expect(prompt).to_have_text(PROMPTS[1])
    expect(page.get_by_text("Santiago")).to_have_count(0)
    compare.settled()
    page.keyboard.press("Enter")
    expect(board.locator("[class*='st-key-answer_']").first).to_contain_text("On walking")
    keys = page.locator(".st-key-presenter_keys")
    expect(keys).to_be_in_viewport()
    # Each scrolls in its frame, which is whole on the screen, and follows its answer.
    scrolls = "box => box.scrollHeight > box.clientHeight"
    expect(answers).to_have_count(6)
    for number in range(6):
        expect(board.locator("[class*='st-key-board_']").nth(number)).to_be_in_viewport(ratio=1)
        page.wait_for_function(scrolls, arg=answers.nth(number).element_handle())
    page.keyboard.press("Escape")
    expect(board.get_by_text("The answer is not complete")).to_have_count(6)
    assert page.evaluate("document.querySelector('#stMain').scrollHeight <= innerHeight + 1")
    expect(keys).to_be_in_viewport(ratio=1)
    page.keyboard.press("ArrowLeft")
    expect(board).to_contain_text("Santiago")
    compare.settled()
    page.keyboard.press("ArrowRight")
    expect(board).to_contain_text("The answer is not complete")
    compare.settled()
    # What is whole is read from its beginning.
    for number in range(6):
        expect(answers.nth(number)).to_have_js_property("scrollTop", 0)

    leaving_brings_everything_back(page, compare)


def test_short_answers_are_as_wide_as_the_screen(app: App, browse: Browse) -> None:
    panes = (Pane("Phi-3-mini-4k-instruct", "demo"), Pane("Phi-3-medium-4k-instruct", "demo"))
    page = browse(viewport={"width": 1440, "height": 800})
    ComparePage(page).open(keep(app, Comparison(panes, prompts=PROMPTS[:1])))
    page.locator(".st-key-present button").first.click()
    page.locator(".st-key-presenter_start button").first.press("Enter")
    board = page.locator(".st-key-presenter_board")
    expect(board.get_by_text("Santiago")).to_have_count(2)
    assert board.evaluate("box => box.clientWidth / innerWidth") > 0.9
