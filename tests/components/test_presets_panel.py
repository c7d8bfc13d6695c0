"""Presets: brought in from a file beside those that there are, deleted, and told what went wrong."""

from __future__ import annotations

import pytest

from components.resources import Resources
from playground.errors import ChatError
from playground.presets import Preset, export_presets, preset_record
from playground.store.preset_rules import MAX_PRESETS
from tests.support.tab import Tab

MINI = "Phi-3-mini-4k-instruct"


def opened(tab: Tab) -> Tab:
    """Open the chat page with the panel open."""
    tab.open()
    tab.at.session_state["presets"] = True
    return tab.run()


def import_file(tab: Tab, data: bytes) -> Tab:
    """Give the panel a file, and bring it in."""
    tab.at.file_uploader(key="presets_file").set_value(("p.json", data, "application/json"))
    return tab.run().click("presets_import")


def kept(tab: Tab, parts: Resources) -> list[str]:
    """Return the names of the presets that are kept."""
    return [preset.name for preset in parts.store.presets(tab.session.owner)]


def test_a_file_comes_beside_what_there_is_and_replaces_nothing(tab: Tab, parts: Resources) -> None:
    opened(tab)
    own = Preset("Straße", MINI, system_message="mine")
    parts.store.save_preset(tab.session.owner, own.name, preset_record(own))
    theirs = [Preset("STRASSE", MINI, system_message="theirs"), Preset("Other", MINI)]
    import_file(tab, export_presets(theirs))
    assert kept(tab, parts) == ["Other", "Straße", "STRASSE (2)"]
    found = {p.name: p.content for p in parts.store.presets(tab.session.owner)}
    assert found["Straße"]["system_message"] == "mine"
    preset_id = next(p.id for p in parts.store.presets(tab.session.owner) if "(2)" in p.name)
    assert opened(tab).click(f"preset_{preset_id}").session.system_message == "theirs"


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"format": "something else"}'])
def test_a_file_of_something_else_changes_nothing_and_says_so(
    tab: Tab, parts: Resources, data: bytes
) -> None:
    import_file(opened(tab), data)
    assert ["Nothing was changed" in alert for alert in tab.alerts] == [True]
    assert kept(tab, parts) == []


def test_more_than_can_be_kept_are_refused_as_a_whole(tab: Tab, parts: Resources) -> None:
    opened(tab)
    content = preset_record(Preset("x", MINI))
    for number in range(MAX_PRESETS - 1):
        parts.store.save_preset(tab.session.owner, f"Kept {number}", content)
    import_file(tab, export_presets([Preset("One", MINI), Preset("Two", MINI)]))
    assert [f"more than the {MAX_PRESETS}" in alert for alert in tab.alerts] == [True]
    assert len(kept(tab, parts)) == MAX_PRESETS - 1


def test_one_is_deleted_and_where_that_fails_it_is_told(
    tab: Tab, parts: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tab)
    ids = [
        parts.store.save_preset(tab.session.owner, name, preset_record(Preset(name, MINI)))
        for name in ("One", "Two")
    ]
    tab.run()

    def choose(preset_id: str) -> None:
        tab.at.session_state["presets"] = True
        tab.at.menu_button(key=f"preset_menu_{preset_id}").click("Delete")
        tab.run()

    choose(ids[0])
    assert kept(tab, parts) == ["Two"]

    def fails(*_: object) -> bool:
        raise ChatError("The disk is full.")

    monkeypatch.setattr(type(parts.store), "delete_preset", fails)
    tab.at.session_state["presets"] = True
    tab.run()
    choose(ids[1])
    assert ["The disk is full." in alert for alert in tab.alerts] == [True]
    assert kept(tab, parts) == ["Two"]
