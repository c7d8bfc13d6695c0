"""Taking conversations along, bringing them in, and deleting them all."""

from __future__ import annotations

import datetime as dt
import io
import sys
import tempfile
import time
from pathlib import Path

import streamlit as st

from components.downloads import LABELS
from components.notices import escaped, show_error
from components.owner import LOCAL_OWNER
from components.resources import resources
from components.session import close, session
from components.texts import _, later, translated
from playground.errors import ChatError
from playground.transfer import Format, read_conversations
from playground.transfer.comparison_store import add_comparison
from playground.transfer.everything import export_everything

#: The key of the popover that the panel is drawn in.
TRANSFER = "transfer"

#: What has to be typed before everything is deleted.
CONFIRMATION = "delete"

#: What all conversations can be exported as, and what each is for.
_FORMATS = {
    Format.JSON: later(
        "Everything there is to know about them; this is what can be imported again."
    ),
    Format.MARKDOWN: later("A text of each, for notes and other programs."),
    Format.HTML: later("A page of each, to read and to print; it opens in any browser."),
}


def transfer_panel() -> None:
    """Draw export, import, backup, and the way to delete everything."""
    _export()
    st.divider()
    _import()
    st.divider()
    if session().owner == LOCAL_OWNER:
        _backup()
        st.divider()
    if st.button(
        _(":red[Delete all conversations]"),
        key="delete_all",
        icon=":material/delete_forever:",
        type="tertiary",
        on_click=close,
        args=(TRANSFER,),
    ):
        delete_all_dialog()


def _export() -> None:
    owner, parts = session().owner, resources()
    connections, store = session().connections, parts.store
    zone = dt.datetime.now().astimezone().tzinfo or dt.UTC
    form = st.segmented_control(
        _("Export"),
        list(_FORMATS),
        default=Format.JSON,
        required=True,
        format_func=LABELS.__getitem__,
        key="export_format",
        width="stretch",
    )

    def data() -> bytes:
        return export_everything(
            store, owner, form, parts.catalog, connections, at=time.time(), zone=zone
        )

    st.download_button(
        _("Export all conversations"),
        data,
        file_name=f"phi3-playground-{dt.datetime.now().astimezone():%Y-%m-%d}.zip",
        mime="application/zip",
        key="export_all",
        icon=":material/download:",
        on_click="ignore",
        # What cannot be read now would end in a download that fails without a word.
        disabled=store.notice() is not None,
        width="stretch",
    )
    st.caption(_(_FORMATS[form]))


def _import() -> None:
    history = session().history
    file = st.file_uploader(
        _("Import"),
        type=["json", "zip"],
        key=f"import_file_{history.imports}",  # a new one is empty
        help=_(
            "A file exported here, from ChatGPT (conversations.json or its zip), or from Open "
            "WebUI."
        ),
        on_change=history.forget_report,
    )
    if file is not None:
        st.button(
            _("Import this file"),
            key="import",
            icon=":material/upload:",
            on_click=_take,
            args=(file,),
        )
    if isinstance(history.report, ChatError):
        show_error(history.report, key="import_error")
    elif history.report is not None:
        st.success(
            _("Imported {summary}").format(summary=translated(history.report.summary())),
            icon=":material/check:",
        )
        for sentence in history.report.left_out:
            st.caption(escaped(translated(sentence)))


def _take(file: io.BytesIO) -> None:
    here = session()
    try:
        found = read_conversations(file.getvalue())
        store = resources().store
        store.add(here.owner, *found.conversations)
        for read in found.comparisons:
            add_comparison(store, here.owner, read)
    except ChatError as error:
        here.history.report = error
    else:
        here.history.report = found
        here.history.imports += 1


def _backup() -> None:
    store = resources().store

    def data() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "backup.db"
            store.backup(path)
            return path.read_bytes()

    st.download_button(
        _("Back up the database"),
        data,
        file_name=f"phi3-playground-{dt.datetime.now().astimezone():%Y-%m-%d-%H%M}.db",
        mime="application/vnd.sqlite3",
        key="backup",
        icon=":material/database:",
        on_click="ignore",
        disabled=store.notice() is not None,
        width="stretch",
    )
    st.caption(
        _(
            "All of it as one file. `{python} -m playground.backup --restore FILE` puts it back."
        ).format(python=_python())
    )


def _python() -> str:
    """Return how to call the Python that has what is needed, from the folder of the playground."""
    running = Path(sys.executable)
    return str(running.relative_to(Path.cwd())) if running.is_relative_to(Path.cwd()) else "python"


def delete_all_dialog() -> None:
    """Ask, then delete everything of this owner's for good."""
    st.dialog(_("Delete all conversations"), icon=":material/delete_forever:")(_delete_all)()


def _delete_all() -> None:
    st.markdown(_("This cannot be undone: all your conversations and links are gone for good."))
    typed = st.text_input(
        _('Type "{confirmation}" to go on').format(confirmation=CONFIRMATION),
        key="delete_all_confirmation",
    )
    sure = typed.strip().lower() == CONFIRMATION
    if st.button(_("Delete everything"), key="delete_all_now", type="primary", disabled=not sure):
        here = session()
        try:
            resources().store.delete_all(here.owner)
        except ChatError as error:
            show_error(error, key="delete_all_error")
            return
        here.new_chat()
        here.history.deleted = ()
        st.rerun()
