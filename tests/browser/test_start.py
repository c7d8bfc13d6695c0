"""The app starts as a user starts it, and touches nothing that is not its own."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import StartApp
from tests.support.app import App


def test_the_first_page_shows_the_box_to_write_in(app: App, page: Page) -> None:
    page.goto(app.url)
    expect(page.get_by_test_id("stChatInput")).to_be_visible()


def test_it_listens_on_this_machine_only_and_writes_nothing_into_the_home(
    start_app: StartApp, page: Page
) -> None:
    app = start_app()
    page.goto(app.url)
    expect(page.get_by_test_id("stChatInput")).to_be_visible()
    assert f"http://127.0.0.1:{app.port}" in app.text()
    assert "Network URL" not in app.text()
    assert "External URL" not in app.text()
    assert list(Path(app.home).iterdir()) == []


def test_it_answers_again_on_the_same_address_after_a_restart(start_app: StartApp) -> None:
    app = start_app()
    first = app.pid
    app.restart()
    assert app.pid != first
    with urllib.request.urlopen(f"{app.url}/api/health", timeout=10) as response:  # noqa: S310 - ours
        assert json.load(response)["status"] == "ok"
