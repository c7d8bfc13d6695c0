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
    (field,) = tab.at.file_uploader
    field.set_value(("p.json", data, "application/json"))
    tab.run()
    return tab.click("presets_import") if tab.has("presets_import") else tab


def keep_as(tab: Tab, name: str) -> Tab:
    """Type a name for the present set-up, and press Enter."""
    tab.at.text_input("preset_name").set_value(name)
    return tab.click("preset_save")


def told(tab: Tab) -> list[str]:
    """Return what is told in passing."""
    return [str(toast.value).replace("\\", "") for toast in tab.at.toast]


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


def test_a_file_is_taken_in_once_and_that_is_told(tab: Tab, parts: Resources) -> None:
    opened(tab)
    data = export_presets([Preset("One", MINI), Preset("Two", MINI)])
    assert told(import_file(tab, data)) == ["Imported: One, Two"]
    assert not tab.has("presets_import"), "the field is empty again"
    assert told(import_file(tab, data)) == ["These presets are here already."]
    assert kept(tab, parts) == ["One", "Two"]


def test_enter_keeps_a_set_up_and_what_it_replaces_is_told_first(
    tab: Tab, parts: Resources
) -> None:
    opened(tab).choose("system_message", "first")
    assert told(keep_as(tab, "  ")) == ["A preset needs a name."]
    assert kept(tab, parts) == []
    assert told(keep_as(tab, "Mine")) == ["Kept: Mine"]
    assert tab.at.text_input("preset_name").value == ""
    tab.click("preset_save")
    tab.choose("system_message", "second")
    keep_as(tab, " mine ")

    def message() -> object:
        (found,) = parts.store.presets(tab.session.owner)
        return found.content["system_message"]

    assert (tab.at.button("preset_save").label, message()) == ("Replace", "first")
    assert "There is a preset of yours with this name." in tab.text
    tab.click("preset_save")
    assert message() == "second"
    keep_as(tab, "mine")
    keep_as(tab, "Another " + "name " * 30)
    assert kept(tab, parts)[0] == ("Another " + "name " * 30)[:60].rstrip(), "cut, not refused"


def test_enter_gives_a_preset_another_name(tab: Tab, parts: Resources) -> None:
    opened(tab)
    ids = [
        parts.store.save_preset(tab.session.owner, name, preset_record(Preset(name, MINI)))
        for name in ("One", "Two")
    ]
    tab.run()
    for name, said in (("", True), ("two", True), ("Three", False)):
        tab.at.session_state["presets"] = True
        # Here every run is a whole one, so what opened the dialog has to stay chosen.
        tab.at.menu_button(key=f"menu_preset_{ids[0]}").click("Rename")
        tab.run()
        tab.at.menu_button(key=f"menu_preset_{ids[0]}").click("Rename")
        tab.at.text_input("preset_new_name").set_value(name)
        tab.click("preset_rename")
        assert any("Nothing was changed" in alert for alert in tab.alerts) is said
    assert kept(tab, parts) == ["Three", "Two"]


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

    names = [tab.at.menu_button(key=f"menu_preset_{preset_id}").label for preset_id in ids]
    assert names == ["Actions for One", "Actions for Two"], "read out by these words"

    def choose(preset_id: str) -> None:
        tab.at.session_state["presets"] = True
        tab.at.menu_button(key=f"menu_preset_{preset_id}").click("Delete")
        tab.run()

    choose(ids[0])
    assert kept(tab, parts) == ["Two"]
    assert told(tab) == ["Deleted: One"]

    def fails(*_: object) -> bool:
        raise ChatError("The disk is full.")

    monkeypatch.setattr(type(parts.store), "delete_preset", fails)
    tab.at.session_state["presets"] = True
    tab.run()
    choose(ids[1])
    assert ["The disk is full." in alert for alert in tab.alerts] == [True]
    assert kept(tab, parts) == ["Two"]
