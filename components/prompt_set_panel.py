"""A set of prompts, pasted or read from a file: to ask, to vote through or to present."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

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
    on_ask: Callable[[], None],
    *,
    left: Sequence[str],
    key: str = "prompt_set",
) -> None:
    """Draw the set that there is, and ways to change and to ask it.

    Args:
        prompts: those of the set.
        judging: how far it is.
        on_take: gets a new set.
        on_ask: asks what is left, one prompt after another.
        left: those that were not asked yet.
        key: of the container.
    """

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
        if prompts:
            st.button(
                _("Ask them one after another")
                if len(left) in (0, len(prompts))
                else _n(
                    "Ask the {count} that is left", "Ask the {count} that are left", len(left)
                ).format(count=number(len(left))),
                key=f"{key}_ask",
                icon=":material/send:",
                help=_(
                    "Every pane gets each prompt when all have answered the one before. The blind "
                    "test and the presenter view go through the set prompt by prompt."
                ),
                on_click=on_ask,
            )
