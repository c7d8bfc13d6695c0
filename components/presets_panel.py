"""Presets: picking one, keeping the present set-up as one, taking them along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from components.notices import escaped, show_error
from components.resources import resources
from components.session import give_back_prompt, session, widget_value
from components.setup_links import copy_link_button
from components.texts import _, later, translated
from playground.errors import ChatError, PresetRefused
from playground.presets import (
    MAX_NAME,
    Preset,
    builtin_presets,
    export_presets,
    free_name,
    import_presets,
    preset_from,
    preset_record,
)
from playground.store.preset_rules import MAX_PRESETS, name_key

_NAME = "preset_name"
#: Pixels: as wide as the sidebar lets the panel be.
_NARROW = 230


def presets_panel() -> None:
    """Draw the popover with everything about presets."""
    panel = st.popover(
        _("Presets"),
        icon=":material/bookmarks:",
        key="presets",
        width="stretch",
        on_change="rerun",  # so that what is in it is made only when it is opened
    )
    if not panel.open:
        return
    with panel:
        own = _own()
        _list(later("From the playground"), [(None, preset) for preset in builtin_presets()])
        if own:
            _list(later("Yours"), [(preset_id, preset) for preset_id, preset in own])
        st.divider()
        _save([preset.name for _, preset in own])
        _files([preset for _, preset in own])
        st.divider()
        copy_link_button()


def _own() -> list[tuple[str, Preset]]:
    found: list[tuple[str, Preset]] = []
    try:
        stored = resources().store.presets(session().owner)
    except ChatError as error:
        show_error(error, key="presets_error")
        return found
    for kept in stored:
        try:
            found.append((kept.id, preset_from({**kept.content, "name": kept.name})))
        except ChatError:
            continue  # of a version that knew other models; it stays in the store
    return found


def _list(title: str, presets: list[tuple[str | None, Preset]]) -> None:
    with st.container(key=f"preset_list_{title}", gap=None):
        st.caption(_(title))
        for preset_id, preset in presets:
            _line(preset_id, preset)


def _line(preset_id: str | None, preset: Preset) -> None:
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
        st.button(
            escaped(preset.name if preset_id else translated(preset.name)),
            key=f"preset_{preset_id or preset.name}",
            help=escaped(preset.purpose if preset_id else translated(preset.purpose)) or None,
            type="tertiary",
            width="stretch",
            on_click=_use,
            args=(preset,),
        )
        if preset_id is not None:
            _menu(preset_id, preset)


def _use(preset: Preset) -> None:
    here = session()
    here.model = preset.model
    here.parameters = preset.parameters
    here.system_message = preset.system_message
    here.fit()


def _menu(preset_id: str, preset: Preset) -> None:
    key = f"menu_preset_{preset_id}"

    def act() -> None:
        if widget_value(key) == "Delete":
            try:
                resources().store.delete_preset(session().owner, preset_id)
            except ChatError as error:
                session().notice = error
            else:
                _tell(_("Deleted: {name}").format(name=escaped(preset.name)))

    chosen = st.menu_button(
        _("Actions for {title}").format(title=escaped(preset.name)),
        [later("Rename"), later("Delete")],
        key=key,
        icon=":material/more_horiz:",
        type="tertiary",
        format_func=_,
        on_click=act,
    )
    if chosen == "Rename":
        st.dialog(_("Rename the preset"))(_rename)(preset_id, preset.name)


def _rename(preset_id: str, name: str) -> None:
    with st.form("preset_renaming", border=False):  # so that Enter saves
        new = st.text_input(_("Name"), value=name, key="preset_new_name")
        saved = st.form_submit_button(_("Save"), key="preset_rename", type="primary")
    if not saved:
        return
    try:
        resources().store.rename_preset(session().owner, preset_id, _fitting(new))
    except ChatError as error:
        show_error(error, key="preset_rename_error")
        return
    st.rerun()


def _save(taken: list[str]) -> None:
    keys = {name_key(other) for other in taken}
    # A form, so that Enter and one click keep: a button that waits for the name would be greyed
    # when it is pressed. What is replaced is told before.
    with st.form("preset_new", border=False):
        name = st.text_input(
            _("Keep the present set-up as"),
            key=_NAME,
            placeholder=_("A name"),
            help=_("Model, parameters and system message."),
        )
        again = name_key(_fitting(name)) in keys
        if again:
            st.caption(_("There is a preset of yours with this name."))
        st.form_submit_button(
            _("Replace") if again else _("Keep"),
            key="preset_save",
            on_click=_keep,
            args=(keys, name_key(_fitting(name)) if again else None),
        )


def _keep(taken: set[str], replacing: str | None) -> None:
    """Keep the present set-up; under a name that is taken only once that was told."""
    here, name = session(), _fitting(widget_value(_NAME))
    if not name:
        _tell(_("A preset needs a name."))
        return
    if name_key(name) in taken and name_key(name) != replacing:
        return
    preset = Preset(name, here.model, here.parameters, here.system_message)
    if _store([preset]):
        give_back_prompt("", _NAME)
        _tell(_("Kept: {name}").format(name=escaped(name)))


def _fitting(name: str) -> str:
    # Cut here: the field's own limit would swallow a longer paste whole.
    return name.strip()[:MAX_NAME].rstrip()


def _files(own: list[Preset]) -> None:
    if own:
        st.download_button(
            _("Export"),
            lambda: export_presets(own),
            file_name="phi3-presets.json",
            mime="application/json",
            key="presets_export",
            icon=":material/download:",
            on_click="ignore",
        )
    here = session()
    # With another key it is another field, and empty.
    file = st.file_uploader(_("Import"), type=["json"], key=f"presets_file_{here.preset_files}")
    if file is None:
        return
    try:
        found = import_presets(file.getvalue())
    except ChatError as error:
        with st.container(width=_NARROW):  # the popover is as wide as what is in it
            show_error(error, key="presets_import_error")
        return
    st.button(_("Import these"), key="presets_import", on_click=_take_in, args=(found, own))


def _take_in(presets: Sequence[Preset], own: list[Preset]) -> None:
    here = session()
    new = [preset for preset in presets if preset not in own]
    try:
        named = _named_freely(new)
    except ChatError as error:
        here.notice = error
        return
    if _store(named):
        here.preset_files += 1
        _tell(
            _("Imported: {names}").format(names=escaped(", ".join(p.name for p in named)))
            if named
            else _("These presets are here already.")
        )


def _tell(words: str) -> None:
    st.toast(words, icon=":material/bookmarks:")


def _named_freely(presets: Sequence[Preset]) -> list[Preset]:
    """Return presets to be kept beside those that there are. Raises PresetRefused if they are too many."""
    names = [kept.name for kept in resources().store.presets(session().owner)]
    if len(names) + len(presets) > MAX_PRESETS:
        raise PresetRefused(
            _(
                "{new} presets and the {kept} that there are would be more than the {most} that "
                "can be kept."
            ).format(new=len(presets), kept=len(names), most=MAX_PRESETS),
            advice=_("Nothing was changed. Delete some that you no longer need first."),
        )
    found = []
    for preset in presets:
        names.append(free_name(preset.name, names))
        found.append(replace(preset, name=names[-1]))
    return found


def _store(presets: list[Preset]) -> bool:
    try:
        for preset in presets:
            resources().store.save_preset(session().owner, preset.name, preset_record(preset))
    except ChatError as error:
        session().notice = error
        return False
    return True
