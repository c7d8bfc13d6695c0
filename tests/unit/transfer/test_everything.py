"""Everything exported at once, and imported into another store: the same is there."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from playground.catalog import load_catalog
from playground.connections import Connections
from playground.store.memory import MemoryStore
from playground.transfer import Format, read_conversations
from playground.transfer.comparison_json import ReadComparison
from playground.transfer.comparison_store import add_comparison
from playground.transfer.everything import export_everything
from tests.support.comparisons import AT, LOCAL, full
from tests.support.conversations import exchange, plain


def filled(*, chats: bool = True) -> MemoryStore:
    """Return a store with a comparison, its like under the same title, and chats."""
    view, store = full(), MemoryStore()
    read = ReadComparison(view.comparison, tuple(view.conversations.values()))
    for held in (read, read.renewed()):
        add_comparison(store, "anna", held)
    if chats:
        store.add("anna", exchange("Capital of Peru?", "Lima."), exchange("Of Chile?", "Santiago."))
    store.add("bert", exchange("Whose?", "Not Anna's."))
    return store


def said(store: MemoryStore) -> Any:
    """Return all of Anna's conversations; when a pane was put on the page, nothing tells."""
    kept = store.everything("anna")
    return sorted(plain(tuple(replace(c, created_at=0.0) for c in kept)), key=str)


def archive(store: MemoryStore, form: Format) -> bytes:
    """Return what Anna takes along."""
    return export_everything(store, "anna", form, load_catalog(), Connections((LOCAL,)), at=AT)


@pytest.mark.parametrize("chats", [True, False])
def test_what_is_exported_as_json_is_the_same_elsewhere(chats: bool) -> None:  # noqa: FBT001 - a case
    store, other = filled(chats=chats), MemoryStore()
    found = read_conversations(archive(store, Format.JSON))
    other.add("anna", *found.conversations)
    for read in found.comparisons:
        add_comparison(other, "anna", read)
    assert other.comparisons("anna") == store.comparisons("anna")
    assert said(other) == said(store)
    listed = [hit.summary for hit in store.find("anna").hits]
    assert [hit.summary for hit in other.find("anna").hits] == listed
    assert len(listed) == (4 if chats else 2)
    assert found.left_out == ()


@pytest.mark.parametrize("form", Format)
def test_each_comparison_is_a_file_and_its_panes_are_no_chats(form: Format) -> None:
    with zipfile.ZipFile(io.BytesIO(archive(filled(), form))) as packed:
        assert packed.testzip() is None
        files = {name: packed.read(name).decode() for name in packed.namelist()}
    compared = [name for name in files if name.startswith("comparisons/")]
    assert len(compared) == len({name.casefold() for name in compared}) == 2
    assert all(name.endswith(f".{form}") and "Light" in files[name] for name in compared)
    chats = [text for name, text in files.items() if name not in compared]
    assert len(chats) == (1 if form is Format.JSON else 2)
    assert "Lima." in "".join(chats)
    assert "Light" not in "".join(chats)
    assert "Not Anna" not in "".join(files.values())
