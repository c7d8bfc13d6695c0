"""Whose conversations a browser gets: its own on an address that others reach."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, StartApp
from tests.support.chat import ChatPage
from tests.support.history import LOCAL, HistoryPage, said, seed, store_of

#: Nobody is asked anything at this address.
SIGN_IN = """
[auth]
redirect_uri = "http://localhost:8501/oauth2callback"
cookie_secret = "made up for a test"
client_id = "playground"
client_secret = "made up, too"
server_metadata_url = "http://127.0.0.1:9/.well-known/openid-configuration"
"""


def test_two_browsers_on_a_public_address_find_nothing_of_each_other(
    start_app: StartApp, browse: Browse
) -> None:
    app = start_app(STREAMLIT_SERVER_ADDRESS="0.0.0.0")  # noqa: S104 - reached from here only
    mine, theirs = ChatPage(browse()), ChatPage(browse())
    mine.open(app.url)
    mine.ask("What is the capital of France?")
    theirs.open(mine.page.url)
    expect(theirs.page.get_by_text("This conversation is not here")).to_be_visible()
    expect(theirs.messages).to_have_count(0)
    expect(theirs.page.locator(".st-key-recent")).to_have_count(0)
    theirs.page.goto(f"{app.url}/history")
    expect(theirs.page.get_by_text("Nothing here yet")).to_be_visible()
    HistoryPage(theirs.page).search("France")
    expect(theirs.page.get_by_text("Nothing was found")).to_be_visible()
    mine.page.reload()
    expect(mine.messages).to_have_count(2)


def test_on_this_machine_alone_every_browser_is_the_local_user(
    start_app: StartApp, browse: Browse
) -> None:
    app = start_app()
    one, two = ChatPage(browse()), ChatPage(browse())
    one.open(app.url)
    one.ask("What is the capital of France?")
    two.open(one.page.url)
    expect(two.last).to_contain_text("Paris")


def test_where_one_has_to_sign_in_nothing_else_is_reached_before(
    start_app: StartApp, page: Page, tmp_path: Path
) -> None:
    """But for what somebody shared, which can be read, and not be continued."""
    secrets = tmp_path / "secrets.toml"
    secrets.write_text(SIGN_IN, encoding="utf-8")
    app = start_app(STREAMLIT_SECRETS_FILES=str(secrets))
    (known,) = seed(app, said("What is the capital of France?", "Paris."))
    with store_of(app) as store:
        shared = store.share(LOCAL, known)
    assert shared is not None
    chat = ChatPage(page)
    for path in ("", f"?c={known}", "models", "history", "connections"):
        page.goto(f"{app.url}/{path}")
        expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
        chat.settled()
        expect(page.get_by_role("textbox")).to_have_count(0)
        expect(page.get_by_role("link", name="History")).to_have_count(0)
        words = page.locator("body").inner_text()
        assert "France" not in words
        assert "Demo" not in words
    page.goto(f"{app.url}/shared?t={shared.token}")
    expect(chat.last).to_contain_text("Paris")
    expect(page.get_by_role("button", name="Continue from here")).to_have_count(0)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_have_count(0)
