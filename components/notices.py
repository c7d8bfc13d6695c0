"""Telling what happened and what to do next."""

from __future__ import annotations

import streamlit as st

from playground.errors import ChatError, RateLimited


def show_error(error: ChatError, *, key: str) -> None:
    """Draw an error: what happened, what to do next, and what the server said."""
    with st.container(key=key):
        st.error(
            f"**{error.title}.** {escaped(error.happened)}\n\n{escaped(error.advice)}{_wait(error)}",
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


def duration(seconds: float) -> str:
    """Return a time span as people say it: "46 s", "12 min", "14 h 30 min"."""
    whole = max(1, round(seconds))
    if whole < 100:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def _wait(error: ChatError) -> str:
    if error.retry_after is None or not isinstance(error, RateLimited):
        return ""
    return f" The server says to wait **{duration(error.retry_after)}**."


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
