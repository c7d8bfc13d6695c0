"""Telling what happened and what to do next."""

from __future__ import annotations

import streamlit as st

from playground.errors import ChatError


def show_error(error: ChatError, *, key: str) -> None:
    """Draw an error: what happened, what to do next, and what the server said."""
    with st.container(key=key):
        # What may mend itself, or can be gone on with, is no alarm.
        draw = st.warning if error.retryable else st.error
        draw(
            f"**{error.title}.** {escaped(error.happened)}\n\n{escaped(error.advice)}",
            icon=":material/error:",
        )
        facts = _facts(error)
        if facts:
            with st.expander("What the server said"):
                st.code(facts, language=None, wrap_lines=True)


def show_problem(error: ChatError) -> None:
    """Draw a setting that could not be used, while the rest works."""
    st.warning(
        f"**{error.title}.** {escaped(error.happened)} {escaped(error.advice)}",
        icon=":material/build:",
    )


def escaped(text: str) -> str:
    """Return `text` as Markdown that shows just its characters."""
    # A backslash makes any ASCII punctuation literal; the word joiner keeps Streamlit from
    # reading :names: as icons, which it looks for after Markdown was parsed.
    out = "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-!|~$^=&" else c for c in text)
    return out.replace(":", ":\u2060").replace("\n", " ")


def _facts(error: ChatError) -> str:
    lines = []
    if error.detail:
        lines.append(error.detail)
    for name, value in (
        ("HTTP status", error.status),
        ("code", error.code),
        ("request id", error.request_id),
    ):
        if value is not None:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)
