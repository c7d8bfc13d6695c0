"""Whatever is wrong with the database, one can chat, and is told that it is not being saved."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from playground.store.sql import open_store
from tests.browser.conftest import StartApp
from tests.support.chat import ChatPage
from tests.support.history import LOCAL, HistoryPage, said, seed
from tests.support.steps import steps_with

FRANCE, SPAIN = "What is the capital of France?", "What about Spain?"

#: The store tries every five seconds to get its database back, and the page looks every three.
PATIENCE = 25_000  # ms


def url_of(database: Path) -> str:
    return f"sqlite:///{database.as_posix()}"


def prompts_in(database: Path) -> list[str]:
    """Return the prompts in the database, oldest first."""
    store = open_store(url_of(database), database.parent)
    try:
        return [
            turn.text
            for conversation in store.everything(LOCAL)
            for turn in conversation.turns
            if turn.text
        ]
    finally:
        store.close()


def notice(page: Page, title: str) -> Locator:
    """Return the notice, which says all it has to."""
    found = page.locator(".st-key-not_saved")
    expect(found).to_contain_text("Not being saved", timeout=PATIENCE)
    expect(found).to_contain_text(title)
    expect(found).to_contain_text("gone when the server stops")
    return found


def saved_again(chat: ChatPage, found: Locator) -> None:
    """See the notice go by itself, and what is half typed stay."""
    chat.box.fill("half a thought")
    expect(found).to_have_count(0, timeout=PATIENCE)
    expect(chat.box).to_have_value("half a thought")


def test_a_locked_database_is_told_and_caught_up_with(start_app: StartApp, page: Page) -> None:
    app = start_app()
    seed(app, said("What is the capital of Peru?", "Lima."))
    chat, history = ChatPage(page), HistoryPage(page)
    chat.open(app.url)
    chat.ask(FRANCE)
    other = sqlite3.connect(app.database, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        chat.box.fill(SPAIN)
        chat.box.press("Enter")
        expect(chat.messages).to_have_count(4, timeout=PATIENCE)
        expect(chat.ended(2)).to_contain_text("Madrid")
        notice(page, "The database is locked")
        # What cannot be done now says so, and the rest of the page works.
        page.get_by_role("link", name="History", exact=True).click()
        history.lists("France", "Peru")
        history.act("Peru", "Delete")
        expect(page.locator(".st-key-notice")).to_contain_text("The database is locked")
        history.lists("France", "Peru")
        history.act("Peru", "Rename")
        history.button("save_title").click()
        expect(page.locator(".st-key-rename_error")).to_contain_text("The database is locked")
        page.keyboard.press("Escape")
        history.button("transfer").click()
        expect(history.button("export_all")).to_be_disabled()
        page.keyboard.press("Escape")
        history.titles.filter(has_text="France").click()
        expect(chat.messages).to_have_count(4)
        found = notice(page, "The database is locked")
    finally:
        other.close()
    saved_again(chat, found)
    assert prompts_in(app.database)[-2:] == [FRANCE, SPAIN]


def test_a_folder_that_cannot_be_written_is_told_and_recovers(
    start_app: StartApp, page: Page, tmp_path: Path
) -> None:
    # Also who may write everywhere cannot write into a folder that is a file.
    database = tmp_path / "data" / "conversations.db"
    database.parent.write_text("in the way", encoding="utf-8")
    app = start_app(PLAYGROUND_DATABASE_URL=url_of(database))
    chat = ChatPage(page)
    chat.open(app.url)
    notice(page, "read-only")
    expect(chat.ask(FRANCE)).to_contain_text("Paris")
    expect(chat.ask(SPAIN)).to_contain_text("Madrid")
    page.reload()
    expect(chat.messages).to_have_count(4)
    found = notice(page, "read-only")
    database.parent.unlink()
    saved_again(chat, found)
    assert prompts_in(database) == [FRANCE, SPAIN]


def _damage(database: Path) -> None:
    database.write_bytes(b"This is no database. " * 1000)


def _outdate(database: Path) -> None:
    steps = steps_with(database.parent / "later", "    pass")
    open_store(url_of(database), database.parent, steps=steps).close()


@pytest.mark.parametrize(
    ("spoil", "title"),
    [(_damage, "The database is damaged"), (_outdate, "The database is of a newer version")],
    ids=["damaged", "newer"],
)
def test_a_file_that_cannot_be_used_is_told_and_left_alone(
    start_app: StartApp, page: Page, tmp_path: Path, spoil: Callable[[Path], None], title: str
) -> None:
    database = tmp_path / "data" / "conversations.db"
    database.parent.mkdir()
    spoil(database)
    before = database.read_bytes()
    app = start_app(PLAYGROUND_DATABASE_URL=url_of(database))
    chat = ChatPage(page)
    chat.open(app.url)
    notice(page, title)
    expect(chat.ask(FRANCE)).to_contain_text("Paris")
    expect(chat.ask(SPAIN)).to_contain_text("Madrid")
    page.reload()
    expect(chat.messages).to_have_count(4)
    page.goto("about:blank")
    app.stop()
    assert database.read_bytes() == before


if sys.platform == "linux":
    import resource

    def test_a_disk_without_room_is_told_and_caught_up_with(
        start_app: StartApp, page: Page
    ) -> None:
        app = start_app()
        chat = ChatPage(page)
        chat.open(app.url)
        chat.ask(FRANCE)
        soft, hard = resource.prlimit(app.pid, resource.RLIMIT_FSIZE)
        wal = app.database.with_name(app.database.name + "-wal")
        assert app.log.stat().st_size < wal.stat().st_size
        resource.prlimit(app.pid, resource.RLIMIT_FSIZE, (wal.stat().st_size, hard))
        chat.box.fill(SPAIN)
        chat.box.press("Enter")
        expect(chat.messages).to_have_count(4, timeout=PATIENCE)
        expect(chat.ended(2)).to_contain_text("Madrid")
        found = notice(page, "")
        resource.prlimit(app.pid, resource.RLIMIT_FSIZE, (soft, hard))
        saved_again(chat, found)
        assert prompts_in(app.database) == [FRANCE, SPAIN]
