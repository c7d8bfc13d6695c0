"""Conversations as files: taken along, read by other programs, brought back, backed up."""

from __future__ import annotations

import importlib
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Browse, StartApp
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.conversations import plain
from tests.support.environment import ROOT
from tests.support.history import LOCAL, MEDIUM, HistoryPage, said, seed, store_of
from tests.support.watch import Watch

VALIDATE: Any = importlib.import_module("jsonschema").validate  # without types of its own
SCHEMA = ROOT / "docs" / "export-format.schema.json"
MARKDOWN = "Show me a table, some code and a formula."


class Document(HTMLParser):
    """What a parser of HTML finds in a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words = ""
        self.loaded: list[str] = []
        self.feed(text)
        self.close()

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        sources = [value for name, value in attrs if name in ("src", "srcset", "background")]
        if tag in ("script", "link", "iframe", "img", "object", "embed", "base") or sources:
            self.loaded.append(f"{tag} {sources}")


def downloaded(page: Page, click: Callable[[], None]) -> tuple[str, bytes]:
    """Return the name and the content of what a click downloads."""
    with page.expect_download() as download:
        click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def checked(data: bytes) -> Any:
    """Return a JSON export that keeps to its published schema."""
    document = json.loads(data)
    VALIDATE(document, json.loads(SCHEMA.read_bytes()))
    return document


def test_one_conversation_can_be_taken_along_in_three_formats(
    app: App, browse: Browse, watch: Watch, tmp_path: Path
) -> None:
    page = browse()
    chat = ChatPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of Chile? <script>alert(1)</script>")
    chat.ask(MARKDOWN)
    chat.button("share").click()
    files = page.locator(".st-key-share_files")

    name, data = downloaded(page, files.get_by_role("button", name="JSON").click)
    assert name.endswith(".json")
    (kept,) = checked(data)["conversations"]
    assert [turn["role"] for turn in kept["turns"]] == ["user", "assistant"] * 2
    assert "Santiago" in kept["turns"][1]["reply"]["text"]

    name, data = downloaded(page, files.get_by_role("button", name="Markdown").click)
    assert name.endswith(".md")
    text = data.decode()
    assert text.index("capital of Chile") < text.index("Santiago") < text.index(MARKDOWN)
    assert kept["turns"][3]["reply"]["text"].strip() in text

    name, data = downloaded(page, files.get_by_role("button", name="HTML").click)
    assert name.endswith(".html")
    document = Document(data.decode())
    assert document.loaded == []
    assert "Santiago" in document.words
    assert "<script>alert(1)</script>" in document.words

    file = tmp_path / "conversation.html"
    file.write_bytes(data)
    watch.allow("^foreign request: file://.*conversation[.]html$", reason="opened from the disk")
    offline = browse(offline=True)
    offline.goto(file.as_uri())
    expect(offline.get_by_role("heading", level=1)).to_contain_text("capital of Chile")
    expect(offline.get_by_text("Santiago")).to_be_visible()
    expect(offline.locator("table, pre").first).to_be_visible()
    offline.set_viewport_size({"width": 390, "height": 844})
    assert offline.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert offline.pdf(format="A4").startswith(b"%PDF")


def test_all_can_be_exported_deleted_and_imported_again(start_app: StartApp, page: Page) -> None:
    """In every format a zip of all; from the JSON they come back exactly as they were."""
    app = start_app()
    seed(app, said("What is the capital of Peru?", "Lima.", days=2, model=MEDIUM))
    chat, history = ChatPage(page), HistoryPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of Chile?")
    chat.button("regenerate").click()
    expect(page.get_by_text("2/2")).to_be_visible()
    chat.ended(1)
    history.open(app.url)
    history.act("Peru", "Pin")
    pin = history.row("Peru").get_by_test_id("stIconMaterial").filter(has_text="keep")
    expect(pin).to_have_count(1)
    with store_of(app) as store:
        before = list(store.everything(LOCAL))
    assert len(before) == 2

    history.button("transfer").click()
    packed: dict[str, list[bytes]] = {}
    data = b""
    for label, ending in (("Markdown", ".md"), ("HTML", ".html"), ("JSON", ".json")):
        page.locator(".st-key-export_format").get_by_role("radio", name=label).click()
        expect(page.locator(".st-key-export_format")).to_contain_text(label)
        chat.settled()
        name, data = downloaded(page, history.button("export_all").click)
        assert name.endswith(".zip")
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            packed[label] = [archive.read(n) for n in archive.namelist() if n.endswith(ending)]
    assert sorted("Lima" in text.decode() for text in packed["Markdown"]) == [False, True]
    assert sorted("Lima" in Document(text.decode()).words for text in packed["HTML"]) == [
        False,
        True,
    ]
    (document,) = packed["JSON"]
    assert len(checked(document)["conversations"]) == 2

    history.button("delete_all").click()
    words = page.get_by_role("textbox", name='Type "delete" to go on')
    words.fill("delete")
    words.press("Enter")
    history.button("delete_all_now").click()
    expect(page.get_by_text("Nothing here yet")).to_be_visible()

    history.import_file("all.zip", data)
    expect(history.report).to_contain_text("Imported 2 conversations with 5 messages")
    history.lists("Peru", "Chile")  # pinned ones on top
    expect(page.locator(".st-key-recent")).to_contain_text("Peru")
    with store_of(app) as store:
        after = list(store.everything(LOCAL))
    assert [plain(c) for c in after] == [plain(c) for c in before]


CHATGPT: list[dict[str, Any]] = [
    {
        "title": "From elsewhere",
        "create_time": 1795507500.0,
        "update_time": 1795507560.0,
        "current_node": "b",
        "conversation_id": "8c5e",
        "mapping": {
            "root": {"id": "root", "message": None, "parent": None, "children": ["a"]},
            "a": {
                "id": "a",
                "parent": "root",
                "children": ["b"],
                "message": {
                    "id": "a",
                    "author": {"role": "user", "name": None, "metadata": {}},
                    "create_time": 1795507500.0,
                    "content": {
                        "content_type": "multimodal_text",
                        "parts": [{"content_type": "image_asset_pointer"}, "What is this?"],
                    },
                    "metadata": {},
                    "recipient": "all",
                },
            },
            "b": {
                "id": "b",
                "parent": "a",
                "children": [],
                "message": {
                    "id": "b",
                    "author": {"role": "assistant", "name": None, "metadata": {}},
                    "create_time": 1795507501.0,
                    "content": {"content_type": "text", "parts": ["A **heron**."]},
                    "status": "finished_successfully",
                    "end_turn": True,
                    "metadata": {"model_slug": "gpt-4o"},
                    "recipient": "all",
                },
            },
        },
    }
]

OPEN_WEBUI = [
    {
        "id": "1b9d",
        "user_id": "u",
        "title": "From next door",
        "chat": {
            "title": "From next door",
            "models": ["llama3:8b"],
            "history": {
                "currentId": "b",
                "messages": {
                    "a": {
                        "id": "a",
                        "parentId": None,
                        "childrenIds": ["b"],
                        "role": "user",
                        "content": "Hello there",
                        "timestamp": 1795507500,
                    },
                    "b": {
                        "id": "b",
                        "parentId": "a",
                        "childrenIds": [],
                        "role": "assistant",
                        "content": "General greetings.",
                        "model": "llama3:8b",
                        "timestamp": 1795507501,
                        "done": True,
                    },
                },
            },
        },
        "created_at": 1795507500,
        "updated_at": 1795507560,
    }
]


def bomb() -> bytes:
    """Return a small archive that would fill the memory."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", b"[" * 40_000_000)
    return packed.getvalue()


HOSTILE = {
    "nested.json": b"[" * 2_000_000,
    "bomb.zip": bomb(),
    "types.json": b'{"format": "phi3-playground", "version": 1, "conversations": [{"id": 7}]}',
    "other.json": b'{"hello": "world"}',
    "cut.zip": bomb()[:900],
}


def test_files_of_other_programs_are_read_and_hostile_ones_change_nothing(
    start_app: StartApp, page: Page
) -> None:
    app = start_app()
    seed(app, said("What is the capital of Peru?", "Lima."))
    chat, history = ChatPage(page), HistoryPage(page)
    history.open(app.url)
    history.button("transfer").click()
    for name, data in HOSTILE.items():
        history.import_file(name, data)
        error = page.locator(".st-key-import_error")
        expect(error).to_contain_text("Nothing was changed")
        history.lists("Peru")
        history.forget_file()
        expect(error).to_have_count(0)

    history.import_file("conversations.json", json.dumps(CHATGPT).encode())
    expect(history.report).to_contain_text("1 conversation with 2 messages from ChatGPT")
    expect(history.panel).to_contain_text("1 image or other attachment was left out")
    history.import_file("chats.json", json.dumps(OPEN_WEBUI).encode())
    expect(history.report).to_contain_text("1 conversation with 2 messages from Open WebUI")
    expect(history.panel).not_to_contain_text("left out")
    expect(history.titles).to_have_count(3)
    page.keyboard.press("Escape")
    history.titles.filter(has_text="From elsewhere").click()
    expect(chat.messages).to_have_count(2)
    expect(chat.last.locator("strong").first).to_have_text("heron")
    expect(chat.last).to_contain_text("gpt-4o")


def test_the_backup_is_a_whole_database(app: App, page: Page, tmp_path: Path) -> None:
    chat, history = ChatPage(page), HistoryPage(page)
    chat.open(app.url)
    chat.ask("What is the capital of Chile?")
    history.open(app.url)
    history.button("transfer").click()
    name, data = downloaded(page, history.button("backup").click)
    assert name.endswith(".db")
    file = tmp_path / name
    file.write_bytes(data)
    database = sqlite3.connect(file)
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        replies = " ".join(text for (text,) in database.execute("SELECT text FROM replies"))
        assert "Santiago" in replies
    finally:
        database.close()


@pytest.mark.usefixtures("watch")
def test_others_on_a_public_address_get_no_backup_of_everybody(
    start_app: StartApp, page: Page
) -> None:
    app = start_app(STREAMLIT_SERVER_ADDRESS="0.0.0.0")  # noqa: S104 - reached from here only
    history = HistoryPage(page)
    history.open(app.url)
    history.button("transfer").click()
    expect(history.button("export_all")).to_be_visible()
    expect(history.button("backup")).to_have_count(0)
