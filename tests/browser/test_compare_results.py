"""What is read off a comparison, and taken along: figures, differences, files, and back again."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse, StartApp
from tests.browser.test_files import downloaded
from tests.support.axe import barriers
from tests.support.compare import ComparePage
from tests.support.history import LOCAL, HistoryPage, store_of
from tests.support.watch import Watch

FIRST, SECOND = "What is the capital of Chile?", "What is the capital of Peru?"


def test_figures_differences_and_files_of_a_comparison(
    start_app: StartApp, page: Page, browse: Browse, watch: Watch, tmp_path: Path
) -> None:
    app = start_app()
    compare, history = ComparePage(page), HistoryPage(page)
    compare.open(app.url)
    compare.send(FIRST)
    compare.ended(2)
    compare.send(SECOND)
    compare.ended(4)
    results = page.locator(".st-key-results")
    table = results.get_by_test_id("stTable").first
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table.locator("strong").first).to_be_visible()
    expect(results).to_contain_text("is the best among the complete answers")
    compare.settled()
    # The list of a select box closes when the page scrolls.
    page.locator(".st-key-reading").scroll_into_view_if_needed()
    results.get_by_role("combobox").click()
    page.get_by_role("option", name=FIRST).click()
    compare.settled()
    page.locator(".st-key-reading").get_by_text("Differences, word by word").click()
    diff = page.locator(".st-key-diff")
    expect(diff).to_contain_text("words in both")
    expect(diff).to_contain_text("Santiago")
    diff.get_by_role("radio", name="Side by side").click()
    expect(diff.locator("strong").filter(has_text="medium")).to_be_visible()
    charts_are_drawn(results)
    results.get_by_role("tab", name="Figures").click()
    compare.settled()
    assert barriers(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert barriers(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})

    data = files_of(page)
    file = tmp_path / "comparison.html"
    file.write_bytes(data["HTML"])
    watch.allow("^foreign request: file://.*comparison[.]html$", reason="opened from the disk")
    opens_without_a_network(browse(offline=True), file)

    page.keyboard.press("Escape")
    history.open(app.url)
    history.button("transfer").click()
    history.import_file("comparison.json", data["JSON"])
    expect(history.report).to_contain_text("Imported 1 comparison with 8 messages")
    with store_of(app) as store:
        kept = store.comparisons(LOCAL)
    assert len(kept) == 2, "as a copy, since the first is still there"
    copy = next(c for c in kept if c.id != json.loads(data["JSON"])["comparison"]["id"])
    compare.open(f"{app.url}/compare?comparison={copy.id}")
    expect(compare.panes).to_have_count(2)
    expect(compare.panes.first).to_contain_text("Santiago")
    expect(table.locator("tbody tr")).to_have_count(2)


def charts_are_drawn(results: Locator) -> None:
    """Look at the charts, and at the table that tells what the lines show."""
    results.get_by_role("tab", name="Charts").click()
    chart = results.get_by_test_id("stVegaLiteChart").locator("canvas, svg").locator("visible=true")
    expect(chart.first).to_be_visible()
    expect(results.get_by_label("Lines of how many characters").first).to_be_visible()
    results.get_by_text("As a table").click()
    expect(results.get_by_role("columnheader", name="Three quarters")).to_be_visible()


def files_of(page: Page) -> dict[str, bytes]:
    """Download every file of the comparison and read those of programs."""
    page.locator(".st-key-compare_export button").first.click()
    files = page.locator(".st-key-compare_files")
    names: dict[str, str] = {}
    data: dict[str, bytes] = {}
    for label in ("HTML", "Markdown", "CSV", "JSON"):
        button = files.get_by_role("button", name=label)
        names[label], data[label] = downloaded(page, button.click)
    assert [Path(n).suffix for n in names.values()] == [".html", ".md", ".csv", ".json"]
    rows = list(csv.DictReader(io.StringIO(data["CSV"].decode("utf-8-sig"), newline="")))
    assert [(r["round"], r["pane"], r["status"]) for r in rows] == [
        ("1", "1", "completed"),
        ("1", "2", "completed"),
        ("2", "1", "completed"),
        ("2", "2", "completed"),
    ]
    assert b"Santiago" in data["Markdown"]
    for content in data.values():
        assert b"127.0.0.1" not in content
    return data


def opens_without_a_network(offline: Page, file: Path) -> None:
    """Look at the HTML file in a browser that reaches nothing."""
    offline.goto(file.as_uri())
    expect(offline.get_by_role("heading", level=1)).to_have_text(FIRST)
    expect(offline.get_by_text("Santiago").first).to_be_visible()
    expect(offline.get_by_role("table")).to_have_count(2)
    assert barriers(offline) == []
    offline.set_viewport_size({"width": 390, "height": 844})
    assert offline.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
