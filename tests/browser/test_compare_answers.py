"""What is done with the answers of panes: watched twice, continued, taken along, given to others."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Browse, StartApp
from tests.support.app import App
from tests.support.compare import ComparePage

#: Half a minute of text: it still runs when a slow machine comes to stop it.
LONG = "/scenario tokens 3000 at 100"
PUBLIC = {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}  # noqa: S104 - reached from here only


def test_answers_are_seen_in_two_tabs_then_continued_copied_and_looked_at(
    app: App, browse: Browse
) -> None:
    """The comparison begins on the models page, with the model that was picked there."""
    page = browse(permissions=["clipboard-read", "clipboard-write"])
    compare = ComparePage(page)
    page.goto(f"{app.url}/models")
    compare.button("compare_Phi-3-small-8k-instruct").click()
    expect(compare.heads.nth(0)).to_contain_text("Phi-3 small 8k")
    expect(compare.panes).to_have_count(2)
    expect(compare.box).to_have_attribute("placeholder", "Ask both panes")
    compare.settled()
    compare.send(LONG)
    expect(compare.panes.nth(1)).to_contain_text("Answering")
    compare.kept()

    second = ComparePage(page.context.new_page())
    second.page.goto(page.url)
    for number in range(2):
        expect(second.panes.nth(number)).to_contain_text("Answering")
    page.bring_to_front()
    compare.of(0, "stop").click()
    for tab in (compare, second):
        expect(tab.panes.nth(0)).to_contain_text("Stopped by you")
        expect(tab.of(0, "retry")).to_be_visible()
        expect(tab.of(0, "stop")).to_be_hidden()  # while the other goes on
        expect(tab.panes.nth(1)).to_contain_text("Answering")
    second.page.bring_to_front()
    second.stop_all.click()
    for tab in (compare, second):
        expect(tab.panes.nth(1)).to_contain_text("Stopped by you")
        tab.ended(2)
    for number in range(2):
        assert second.panes.nth(number).inner_text() == compare.panes.nth(number).inner_text()
    second.page.close()

    page.bring_to_front()
    compare.act(0, "Copy the answer")
    page.wait_for_function("() => navigator.clipboard.readText().then(t => t.startsWith('###'))")
    compare.act(0, "Raw")
    raw = page.get_by_role("dialog", name="As it was sent and received")
    expect(raw.locator("code").first).to_contain_text("###")
    raw.get_by_role("tab", name="Request").click()
    expect(raw).to_contain_text('"model": "Phi-3-small-8k-instruct"')
    expect(raw).to_contain_text(LONG)
    page.keyboard.press("Escape")
    expect(raw).to_have_count(0)
    compare.settled()

    compare.of(0, "continue").click()
    expect(compare.panes.nth(0)).to_contain_text("Answering")
    expect(compare.of(0, "continue")).to_have_count(0)
    expect(compare.panes.nth(1)).to_contain_text("Stopped by you")
    compare.stop_all.click()
    compare.ended(3)  # two parts of one answer, each with its figures
    expect(compare.panes.nth(0).locator("[class*='st-key-said_']")).to_have_count(1)
    expect(compare.of(0, "continue")).to_be_visible()


def test_a_shared_comparison_goes_on_as_ones_own(start_app: StartApp, browse: Browse) -> None:
    """There each pane answers several times, and how alike the answers are is told."""
    app = start_app(**PUBLIC)
    mine = ComparePage(browse())
    mine.open(app.url)
    expect(mine.button("share_comparison")).to_have_count(0)  # nothing was said yet
    mine.send("What is the capital of France?")
    mine.ended(2)
    mine.button("share_comparison").click()
    dialog = mine.page.get_by_role("dialog", name="Share this comparison")
    dialog.get_by_role("button", name="Make a link").click()
    link = dialog.locator("code")
    expect(link).to_have_text(re.compile(r"^http://127\.0\.0\.1:\d+/shared\?t=\S{30,}$"))

    theirs = ComparePage(browse())
    theirs.page.goto(link.inner_text())
    expect(theirs.page.get_by_role("heading", name="capital of France")).to_be_visible()
    expect(theirs.page.get_by_text("Paris")).to_have_count(2)
    theirs.page.get_by_role("button", name="Continue from here").click()
    theirs.kept()
    assert theirs.page.url != mine.page.url
    expect(theirs.panes).to_have_count(2)
    for number in range(2):
        expect(theirs.panes.nth(number)).to_contain_text("Paris")
    theirs.settled()
    theirs.page.get_by_label("Answers to each prompt").click()
    theirs.page.get_by_role("option", name="3 answers").click()
    theirs.settled()
    theirs.send("What is the capital of Chile?")
    theirs.ended(4)
    for number in range(2):
        expect(theirs.panes.nth(number)).to_contain_text("Santiago")
        expect(theirs.panes.nth(number)).to_contain_text("1/3")
    results = theirs.page.locator(".st-key-results")
    expect(results).to_contain_text("How alike the answers of one pane are")
    expect(results.get_by_role("columnheader", name="Likeness of words")).to_be_visible()

    mine.page.reload()
    mine.ended(2)
    expect(mine.panes.nth(0)).not_to_contain_text("Santiago")
