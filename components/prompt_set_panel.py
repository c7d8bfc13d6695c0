"""A set of prompts, pasted or read from a file, to vote through or to present."""

from __future__ import annotations

import io
from collections.abc import Callable

import streamlit as st

from components.judging import Judging
from components.notices import escaped
from components.session import widget_value
from components.texts import _, _n, number, translated
from playground.errors import ChatError
from playground.prompt_sets import as_text, pasted, read_prompts


def prompt_set_panel(
    prompts: tuple[str, ...],
    judging: Judging,
    on_take: Callable[[tuple[str, ...]], None],
    *,
    key: str = "prompt_set",
) -> None:
    """Draw the set that there is, and ways to change it; `on_take` gets the new one."""

    def take(read: Callable[[], tuple[str, ...]]) -> None:
        try:
            on_take(read())
        except ChatError as error:
            judging.refused = f"{translated(error.happened)} {translated(error.advice)}"
        else:
            judging.refused = ""
            judging.files += 1
            judging.step = 0

    def from_text() -> None:
        text = str(widget_value(text_key) or "")
        take(lambda: pasted(text) if text.strip() else ())

    def from_file(file: io.BytesIO, name: str) -> None:
        take(lambda: read_prompts(file.getvalue(), name))

    with st.container(key=key):
        text_key = f"{key}_text_{judging.files}"  # a new one shows what was taken
        st.text_area(
            _("Prompts, one a line"),
            as_text(prompts),
            key=text_key,
            height=160,
            help=_("For prompts of several lines, put a line with --- between them."),
        )
        st.button(_("Take these"), key=f"{key}_take", type="primary", on_click=from_text)
        file = st.file_uploader(
            _("Or a file"),
            type=["txt", "md", "csv", "jsonl", "ndjson", "json"],
            key=f"{key}_file_{judging.files}",
            max_upload_size=1,  # MB
            help=_("Text with a prompt a line, CSV with a column “prompt”, or JSONL."),
        )
        if file is not None:
            st.button(
                _("Read this file"), key=f"{key}_read", on_click=from_file, args=(file, file.name)
            )
        if judging.refused:
            st.error(escaped(judging.refused), icon=":material/error:")
        st.caption(
            _n("{count} prompt in the set", "{count} prompts in the set", len(prompts)).format(
                count=number(len(prompts))
            )
        )
