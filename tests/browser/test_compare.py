"""Comparing in a real browser: panes beside each other, each on its own feet."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from playground.catalog import load_catalog
from playground.comparison import Comparison, Pane
from playground.comparison_link import comparison_link
from playground.parameters import Parameters
from tests.browser.conftest import Browse
from tests.support.app import App
from tests.support.axe import barriers
from tests.support.compare import ComparePage, keep

NAMES = load_catalog().names()
#: About eight seconds of text, in numbered pieces.
LONG = "/scenario tokens 800 at 100"
SHORT = "What is the capital of France?"
#: Prompts that fail in six ways, with what the pane then says.
FAULTS = {
    "/scenario unauthorized": "key",
    "/scenario cut": "connection",
    "/scenario in-band-error": "server",
    "/scenario html-page": "page",
    "/scenario hang-up": "connection",
    "/scenario no-finish": "stream",
}


def scrolled(body: Locator, where: str) -> None:
    """Wait until the body of a pane is scrolled as `where` says, for example `=== 0`."""
    body.evaluate(
        f"""e => new Promise(done => {{
            const look = () => e.scrollTop {where} ? done() : requestAnimationFrame(look);
            look();
        }})"""
    )


def test_six_panes_answer_and_each_can_be_stopped_and_asked_again(app: App, page: Page) -> None:
    """Also: the answers are found again after a refresh in mid-answer, and by the address."""
    compare = ComparePage(page)
    compare.open(app.url)
    expect(page.get_by_role("heading", name="Compare models side by side")).to_be_visible()
    compare.button("setup_all_six").click()
    expect(compare.panes).to_have_count(6)
    names = compare.heads.locator("strong").all_inner_texts()
    assert len(set(names)) == 6
    compare.send(LONG)
    for number in range(6):
        expect(compare.panes.nth(number)).to_contain_text("Answering")
    compare.kept()
    # What stood there to begin with is gone while they answer, as it is not drawn again.
    for key in ("setup_cards", "compare_starters"):
        expect(page.locator(f".st-key-{key}")).to_have_count(0)
    # Beside each other in readable columns, all heads and the box in view.
    boxes = [pane.bounding_box() for pane in compare.panes.all()]
    assert all(box and box["width"] >= 300 for box in boxes)
    assert len({round(box["y"]) for box in boxes if box}) < 6
    compare.of(1, "stop").click()
    expect(compare.panes.nth(1)).to_contain_text("Stopped by you")
    expect(compare.panes.nth(0)).to_contain_text("Answering")
    page.reload()
    expect(compare.panes.nth(1)).to_contain_text("Stopped by you")
    compare.ended(6)
    before = compare.panes.nth(2).inner_text()
    compare.of(1, "retry").click()
    expect(compare.panes.nth(1)).to_contain_text("2/2")
    compare.ended(6)
    assert compare.panes.nth(2).inner_text() == before


def test_six_panes_fail_in_six_ways_and_each_alone(app: App, page: Page) -> None:
    """Each pane has a prompt of its own; one of them answers well after it failed."""
    panes = tuple(Pane(name, "demo", own_prompt=True) for name in NAMES)
    compare = ComparePage(page)
    compare.open(keep(app, Comparison(panes)))
    for number, prompt in enumerate(FAULTS):
        box = compare.panes.nth(number).get_by_test_id("stChatInput").locator("textarea")
        box.fill(prompt)
        box.press("Enter")
        expect(compare.panes.nth(number)).to_contain_text(prompt)
    for number in range(6):
        pane = compare.panes.nth(number)
        expect(pane.get_by_test_id("stAlert")).to_have_count(1)
        expect(compare.of(number, "retry")).to_have_text("Retry")
    compare.settled()
    words = {pane.get_by_test_id("stAlert").inner_text() for pane in compare.panes.all()}
    assert len(words) >= 5
    box = compare.panes.nth(3).get_by_test_id("stChatInput").locator("textarea")
    box.fill(SHORT)
    box.press("Enter")
    expect(compare.panes.nth(3)).to_contain_text("Complete")
    expect(compare.page.get_by_text("Complete").first).to_be_visible()
    compare.settled()
    expect(compare.panes.nth(3).get_by_test_id("stAlert")).to_have_count(1)


def test_sweep_badges_mismatch_and_what_is_done_with_a_pane(app: App, page: Page) -> None:
    compare = ComparePage(page)
    compare.open(app.url)
    compare.button("sweep").click()
    values = page.locator(".st-key-sweep_values input")
    values.fill("0, hot")
    values.press("Tab")
    compare.button("make_sweep").click()
    expect(page.get_by_text("Write numbers with commas between them")).to_be_visible()
    values.fill("0, 0.5, 1")
    values.press("Tab")
    compare.button("make_sweep").click()
    expect(compare.panes).to_have_count(3)
    expect(values).to_have_count(0)  # the panel has made room for the panes
    for number, badge in enumerate(("temperature 0", "temperature 0.5", "temperature 1")):
        expect(compare.heads.nth(number)).to_contain_text(badge)
    compare.send("/scenario other-model")
    compare.ended(3)
    for number in range(3):
        expect(compare.heads.nth(number)).to_contain_text("Phi-4-mini-instruct")
        expect(compare.panes.nth(number)).to_contain_text("Scripted demo, no model")
    compare.act(0, "Move right")
    expect(compare.heads.nth(0)).to_contain_text("temperature 0.5")
    compare.act(0, "Duplicate")
    expect(compare.panes).to_have_count(4)
    expect(compare.heads.nth(1)).to_contain_text("second of two")
    compare.act(1, "Remove")
    expect(compare.panes).to_have_count(3)
    tall = page.locator(".st-key-panes > *").first.evaluate("pane => pane.offsetHeight")
    compare.act(2, "Collapse")
    expect(compare.panes).to_have_count(2)
    expect(compare.folded).to_contain_text("temperature 1")
    # The row of folded panes takes its room from the open ones, or their newest words would stand
    # under the box.
    page.wait_for_function(
        "before => document.querySelector('.st-key-panes > *').offsetHeight < before - 50",
        arg=tall,
    )
    compare.act(0, "Show it alone")
    expect(compare.panes).to_have_count(1)
    expect(compare.folded).to_have_count(2)
    compare.act(0, "Show all panes")
    expect(compare.panes).to_have_count(2)
    page.reload()
    expect(compare.panes).to_have_count(2)
    compare.settled()
    compare.act(1, "Continue as a chat")
    expect(page.get_by_test_id("stChatMessage")).to_have_count(2)
    expect(page).not_to_have_url(re.compile("compare"))


def test_panes_scroll_by_themselves_under_their_heads_and_together_on_request(
    app: App, page: Page
) -> None:
    compare = ComparePage(page)
    compare.open(app.url)
    compare.send("/scenario tokens 600 at 3000")
    compare.ended(2)
    bodies = page.locator(".st-key-panes [class*='st-key-body_']")
    top = "e => e.scrollTop"
    assert bodies.nth(0).evaluate(top) > 100
    assert bodies.nth(1).evaluate(top) > 100
    bodies.nth(0).hover()
    page.mouse.wheel(0, -5000)
    scrolled(bodies.nth(0), "=== 0")
    assert bodies.nth(1).evaluate(top) > 100
    expect(compare.heads.nth(0)).to_be_in_viewport(ratio=0.9)
    page.locator(".st-key-scroll_together").get_by_text("Scroll together").click()
    compare.settled()
    bodies.nth(1).hover()
    page.mouse.wheel(0, -5000)
    scrolled(bodies.nth(1), "=== 0")
    page.mouse.wheel(0, 60)
    scrolled(bodies.nth(0), "> 30")


def test_a_link_sets_the_panes_up_and_sends_nothing(app: App, page: Page) -> None:
    """Also: a comparison that is not there is told, and what is shared goes to all panes."""
    compare = ComparePage(page)
    panes = (
        Pane(NAMES[0], "demo", parameters=Parameters(temperature=0.2)),
        Pane(NAMES[4], "demo", parameters=Parameters(temperature=0.9)),
    )
    compare.open(f"{app.url}/compare?{comparison_link(panes, SHORT).query}")
    expect(compare.heads.nth(0)).to_contain_text("temperature 0.2")
    expect(page.get_by_text("Nothing is sent until you send it")).to_be_visible()
    expect(compare.box).to_have_value(SHORT)
    expect(compare.footers).to_have_count(0)
    compare.box.press("Enter")
    compare.ended(2)
    compare.kept()
    page.goto(f"{app.url}/compare?{urlencode({'comparison': 'nobody'})}")
    expect(page.get_by_text("This comparison is not here")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it_also_on_a_phone(app: App, browse: Browse, scheme: str) -> None:
    """Axe finds nothing serious; on a phone tabs choose the pane and nothing is wider than it."""
    page = browse(color_scheme=scheme, viewport={"width": 1440, "height": 900})
    compare = ComparePage(page)
    compare.open(app.url)
    wrong = {"empty": barriers(page)}
    compare.button("setup_temperatures").click()
    expect(compare.panes).to_have_count(3)
    compare.send("Show me a table, some code and a formula.")
    compare.ended(3)
    wrong["answered"] = barriers(page)
    compare.of(0, "settings").click()
    expect(page.get_by_role("switch", name="Gets its own prompts")).to_be_visible()
    compare.settled()
    wrong["settings"] = barriers(page)
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(compare.panes.nth(0)).to_be_visible()
    expect(compare.panes.nth(1)).to_be_hidden()
    page.get_by_role("radio", name="temperature 1", exact=False).last.click()
    expect(compare.panes.nth(2)).to_be_visible()
    expect(compare.panes.nth(0)).to_be_hidden()
    # The bar shows icons alone, which have names all the same.
    bar = page.locator(".st-key-compare_bar")
    for name in ("New", "Set-ups", "Sweep", "Add a pane", "Copy a link", "Share", "Blind test"):
        expect(bar.get_by_role("button", name=name)).to_be_visible()
    # What is wider than its place is given to the keyboard a moment after it is drawn.
    wide = page.locator('[data-testid="stTable"] > div').first
    expect(wide).to_have_attribute("tabindex", "0")
    wrong["phone"] = barriers(page)
    assert {name: found for name, found in wrong.items() if found} == {}
