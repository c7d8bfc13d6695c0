"""A comparison as files to take along."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping

import streamlit as st

from components.judging import Judging
from components.resources import resources
from components.session import bound_key, on_change, session
from components.texts import _
from playground.comparison import Comparison
from playground.conversation import Conversation
from playground.transfer.comparison_files import (
    MEDIA_TYPES,
    ComparisonFormat,
    comparison_file_name,
    export_comparison,
)
from playground.transfer.comparison_view import view_of

_LABELS = {
    ComparisonFormat.HTML: "HTML",
    ComparisonFormat.MARKDOWN: "Markdown",
    ComparisonFormat.CSV: "CSV",
    ComparisonFormat.JSON: "JSON",
}


def compare_downloads(
    comparison: Comparison,
    conversations: Mapping[str, Conversation],
    judging: Judging,
    *,
    key: str = "compare_files",
) -> None:
    """Draw a button for each kind of file; none while a blind test would be given away by it."""
    if comparison.blind is not None:
        st.caption(_("Files would tell the names. They are offered when the blind test has ended."))
        return
    zone = dt.datetime.now().astimezone().tzinfo or dt.UTC
    view = view_of(
        comparison,
        conversations,
        resources().catalog,
        session().connections,
        endpoints=judging.endpoints,
    )

    def button(form: ComparisonFormat) -> None:
        def data() -> bytes:
            return export_comparison(view, form, at=time.time(), zone=zone).data

        st.download_button(
            _LABELS[form],
            data,
            file_name=comparison_file_name(view, form, zone),
            mime=MEDIA_TYPES[form],
            key=f"{key}_{form}",
            icon=":material/download:",
            on_click="ignore",
        )

    with st.container(key=key):
        with st.container(horizontal=True, key=f"{key}_buttons"):
            for form in _LABELS:
                button(form)

        def tell(endpoints: bool) -> None:  # noqa: FBT001 - a widget's value, given by position
            judging.endpoints = endpoints

        st.checkbox(
            _("With the addresses of the servers"),
            key=bound_key(f"{key}_endpoints", judging.endpoints),
            on_change=on_change(f"{key}_endpoints", tell),
        )
        st.caption(
            _(
                "HTML to read, print and send; Markdown for notes; CSV for spreadsheets, a row for "
                "each answer; JSON can be imported again on the history page. No file holds a key."
            )
        )
