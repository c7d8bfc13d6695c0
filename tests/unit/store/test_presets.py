"""Presets: kept by name, within bounds, and backed up with all the rest."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.bounds import MAX_SYSTEM_MESSAGE
from playground.conversation import new_id
from playground.errors import SettingsError
from playground.parameters import MAX_STOP_STRINGS, Parameters
from playground.presets import MAX_NAME, MAX_STOP, Preset, preset_record
from playground.store import ConversationStore, MemoryStore, StoreError
from playground.store.engine import Database
from playground.store.memory_presets import MAX_OF_ALL
from playground.store.preset_rules import MAX_CONTENT, MAX_PRESETS, name_key
from playground.store.resilient import ResilientStore
from playground.store.restore import Backup
from playground.store.sql import SqlStore, open_store

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def names(store: ConversationStore, owner: str = "me") -> list[str]:
    return [preset.name for preset in store.presets(owner)]


def test_a_preset_is_kept_and_presets_come_by_name(store: ConversationStore) -> None:
    for name in ("zebra", "Élan", "Apple", "banana"):
        store.save_preset("me", name, {"name": name})
    assert names(store) == ["Apple", "banana", "zebra", "Élan"]
    assert [p.content for p in store.presets("me")][1] == {"name": "banana"}
    assert store.presets("you") == ()


def test_a_preset_of_the_same_name_takes_the_place(store: ConversationStore) -> None:
    first = store.save_preset("me", "Straße", {"a": 1})
    (before,) = store.presets("me")
    assert store.save_preset("me", " STRASSE\n", {"b": 2}) == first
    (after,) = store.presets("me")
    assert (after.id, after.name, after.content) == (first, "STRASSE", {"b": 2})
    assert after.created_at == before.created_at
    assert after.updated_at >= before.updated_at
    assert store.save_preset("you", "Straße", {}) != first
    assert [p.content for p in store.presets("me")] == [{"b": 2}]


def test_a_preset_is_renamed(store: ConversationStore) -> None:
    preset = store.save_preset("me", "one", {"a": 1})
    store.save_preset("me", "two", {})
    assert store.rename_preset("me", preset, "Three ")
    assert names(store) == ["Three", "two"]
    assert store.rename_preset("me", preset, "THREE")
    assert names(store) == ["THREE", "two"]
    with pytest.raises(SettingsError, match="Another preset is called Two already"):
        store.rename_preset("me", preset, "Two")
    assert names(store) == ["THREE", "two"]
    assert store.presets("me")[0].content == {"a": 1}


def test_a_preset_is_deleted_for_good(store: ConversationStore) -> None:
    preset = store.save_preset("me", "one", {})
    assert store.delete_preset("me", preset)
    assert not store.delete_preset("me", preset)
    assert not store.rename_preset("me", preset, "two")
    assert store.presets("me") == ()
    assert store.save_preset("me", "one", {}) != preset


def test_what_is_anothers_is_neither_renamed_nor_deleted(store: ConversationStore) -> None:
    preset = store.save_preset("me", "one", {})
    store.save_preset("you", "two", {})
    for name in ("two", "three"):
        assert not store.rename_preset("you", preset, name)
    assert not store.delete_preset("you", preset)
    assert names(store) == ["one"]


def test_no_more_are_kept_than_there_may_be(store: ConversationStore) -> None:
    for number in range(MAX_PRESETS):
        store.save_preset("me", f"{number}", {})
    with pytest.raises(SettingsError, match="There are 100 presets already"):
        store.save_preset("me", "one more", {})
    assert len(store.presets("me")) == MAX_PRESETS
    store.save_preset("me", "7", {"changed": True})
    store.save_preset("you", "mine", {})
    assert store.delete_preset("me", store.presets("me")[0].id)
    store.save_preset("me", "one more", {})


def test_a_preset_as_large_as_one_may_be_is_kept_and_no_larger_one(
    store: ConversationStore,
) -> None:
    largest = {"text": "é" * ((MAX_CONTENT - len('{"text": ""}')) // 2)}
    preset = store.save_preset("me", "large", largest)
    with pytest.raises(SettingsError, match="too large: 48,002 bytes, where 48,000 fit"):
        store.save_preset("me", "large", {"text": largest["text"] + "é"})
    with pytest.raises(SettingsError, match="too large"):
        store.save_preset("me", "other", {"text": largest["text"] + "é"})
    assert [(p.id, p.content) for p in store.presets("me")] == [(preset, largest)]


def test_the_largest_setup_there_can_be_fits(store: ConversationStore) -> None:
    """Of every character that takes two bytes in JSON, as many as are allowed everywhere."""
    parameters = Parameters(stop=("\n" * MAX_STOP,) * MAX_STOP_STRINGS)
    preset = Preset("n" * MAX_NAME, "m" * 60, parameters, "\n" * MAX_SYSTEM_MESSAGE, "p" * 200)
    store.save_preset("me", preset.name, preset_record(preset))
    assert store.presets("me")[0].content == preset_record(preset)


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "needs a name"), (" \n", "needs a name"), ("x" * 101, "at most 100 characters")],
)
def test_a_name_that_is_none_is_refused(store: ConversationStore, name: str, said: str) -> None:
    preset = store.save_preset("me", "x" * 100, {})
    with pytest.raises(SettingsError, match=said):
        store.save_preset("me", name, {})
    with pytest.raises(SettingsError, match=said):
        store.rename_preset("me", preset, name)
    assert names(store) == ["x" * 100]


def test_what_no_database_holds_is_replaced_in_a_name(store: ConversationStore) -> None:
    preset = store.save_preset("a\0b", "half \ud83d\0", {"text": "half \ud83d\0"})
    assert names(store, "a\0b") == ["half \ufffd\ufffd"]
    assert store.presets("a\0b")[0].content == {"text": "half \ud83d\0"}
    assert store.save_preset("a\0b", "Half \ufffd\ufffd", {}) == preset
    assert not store.rename_preset("me", "\0\ud83d", "x")
    assert not store.delete_preset("me", "\0\ud83d")


def test_what_is_changed_outside_changes_nothing_inside(store: ConversationStore) -> None:
    content: dict[str, Any] = {"stop": ["a"]}
    store.save_preset("me", "one", content)
    content["stop"].append("b")
    store.presets("me")[0].content["stop"].append("c")
    assert store.presets("me")[0].content == {"stop": ["a"]}


@pytest.mark.parametrize("content", [{"a": float("nan")}, {"a": float("inf")}])
def test_what_is_no_json_is_refused(store: ConversationStore, content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        store.save_preset("me", "one", content)
    assert store.presets("me") == ()


def test_delete_all_takes_the_owners_presets(store: ConversationStore) -> None:
    store.save_preset("me", "one", {})
    store.save_preset("you", "one", {})
    assert store.delete_all("me") == 0
    assert store.presets("me") == ()
    assert names(store, "you") == ["one"]


@given(content=st.dictionaries(st.text(), JSON, max_size=3))
def test_what_is_in_a_preset_comes_back_as_it_was(
    every_sql: ConversationStore, content: dict[str, Any]
) -> None:
    owner = new_id()
    for store in (every_sql, MemoryStore()):
        store.save_preset(owner, "one", content)
        assert [p.content for p in store.presets(owner)] == [content]


@given(st.text(max_size=20))
def test_names_that_differ_in_capitals_only_are_the_same(name: str) -> None:
    key = name_key(name)
    assert key == name_key(name.casefold()) == name_key(key)
    assert key == name_key(name.upper().lower().casefold()) or name.upper().lower() != name.lower()


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAX_OF_ALL > MAX_PRESETS
    monkeypatch.setattr("playground.store.memory_presets.MAX_OF_ALL", 3)
    store = MemoryStore()
    for number in range(4):
        store.save_preset(f"{number}", "one", {})
    assert [len(store.presets(f"{number}")) for number in range(4)] == [0, 1, 1, 1]


def test_many_who_save_at_the_same_moment_stay_within_bounds(sql_store: SqlStore) -> None:
    for number in range(MAX_PRESETS - 3):
        sql_store.save_preset("me", f"{number}", {})
    together = threading.Barrier(8)
    refused: list[SettingsError] = []

    def save(number: int) -> None:
        together.wait()
        try:
            # Half of them the same one.
            sql_store.save_preset("me", "the same" if number % 2 else f"new {number}", {})
        except SettingsError as error:
            refused.append(error)

    threads = [threading.Thread(target=save, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sql_store.presets("me")) == MAX_PRESETS
    # Four new ones and the same one want three places.
    assert len(refused) in {2, 5}


def test_a_backup_holds_the_presets(url: str, tmp_path: Path) -> None:
    store = open_store(url, tmp_path)
    store.save_preset("me", "one", {"a": 1})
    store.backup(tmp_path / "backup.db")
    store.delete_all("me")
    store.close()
    with (
        Backup(tmp_path / "backup.db") as backup,
        contextlib.closing(Database(url, tmp_path)) as database,
    ):
        backup.restore(database)
    store = open_store(url, tmp_path)
    assert [(p.name, p.content) for p in store.presets("me")] == [("one", {"a": 1})]
    store.close()


def test_while_the_database_fails_presets_are_refused_and_come_back(tmp_path: Path) -> None:
    opened = open_store("", tmp_path)
    failing = True

    def open_again() -> SqlStore:
        if failing:
            raise StoreError
        return opened

    store = ResilientStore(open_again, retry_interval=0.01, slow_retry_interval=0.01)
    for refused in (
        lambda: store.presets("me"),
        lambda: store.save_preset("me", "one", {}),
        lambda: store.rename_preset("me", "one", "two"),
        lambda: store.delete_preset("me", "one"),
    ):
        with pytest.raises(StoreError):
            refused()
    failing = False
    while store.notice() is not None:
        threading.Event().wait(0.01)
    store.save_preset("me", "one", {})
    assert names(store) == ["one"]
    # What is wrong with a preset is no trouble of the store's.
    with pytest.raises(SettingsError):
        store.save_preset("me", "", {})
    assert store.notice() is None
    store.close()
