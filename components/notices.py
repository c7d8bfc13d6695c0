"""Telling what happened and what to do next."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence

import streamlit as st

from components.resources import resources
from components.texts import _, number, translated
from playground.errors import ChatError

#: Seconds after which it is looked again whether conversations are saved.
LOOK_AGAIN = 3

#: What Streamlit looks for after Markdown was parsed, so that no backslash helps: icons and emoji,
#: addresses of pages and mail, arrows and dashes. A word joiner, which has no width, hides them.
_FOUND_LATER = re.compile(r"[:@]|www(?=\.)|[-<>~](?=[-=>])", re.IGNORECASE)


def show_error(error: ChatError, *, key: str) -> None:
    """Draw an error: what happened, what to do next, and what the server said."""
    title, happened, advice = _said(error)
    with st.container(key=key):
        # What may mend itself, or can be gone on with, is no alarm.
        draw = st.warning if error.retryable else st.error
        draw(
            f"**{title}.** {sentence(happened)}\n\n{sentence(advice)}",
            icon=":material/error:",
        )
        facts = _facts(error)
        if facts:
            with st.expander(_("What the server said")):
                st.code(facts, language=None, wrap_lines=True)


def show_problem(error: ChatError) -> None:
    """Draw a setting that could not be used, while the rest works."""
    title, happened, advice = _said(error)
    st.warning(
        f"**{title}.** {sentence(happened)} {sentence(advice)}",
        icon=":material/build:",
    )


def show_problems(problems: Sequence[ChatError]) -> None:
    """Draw settings that could not be used where people chat: in full if it is one, else how many."""
    if len(problems) == 1:
        show_problem(problems[0])
    elif problems:
        st.warning(
            _(
                "**{count} settings need mending.** The Connections page tells which, and what to do."
            ).format(count=number(len(problems), ",d")),
            icon=":material/build:",
        )


def not_saved_notice() -> None:
    """Say that conversations are not being saved, for as long as that is so."""
    if resources().store.notice() is not None:
        # Looked at again by itself: what is mended must not go on being told.
        st.fragment(_not_saved, run_every=LOOK_AGAIN)()


def _not_saved() -> None:
    error = resources().store.notice()
    if error is None:
        st.rerun()
    title, happened, advice = _said(error)
    with st.container(key="not_saved"):
        st.warning(
            _(
                "**Not being saved. {title}.** {happened} {advice} Until then the chat goes on in "
                "memory, and is gone when the server stops."
            ).format(title=title, happened=escaped(happened), advice=escaped(advice)),
            icon=":material/cloud_off:",
        )


def _said(error: ChatError) -> tuple[str, str, str]:
    return translated(error.title), translated(error.happened), translated(error.advice)


def escaped(text: str) -> str:
    """Return `text` as Markdown that shows just its characters."""
    joined = _FOUND_LATER.sub("\\g<0>\u2060", " ".join(text.split()))
    return "".join(f"\\{c}" if c in string.punctuation else c for c in joined)


def sentence(text: str) -> str:
    """Return one of our sentences as Markdown: `escaped`, with what stands in backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or not all(part.strip() for part in parts[1::2]):
        return escaped(text)  # a server's own words, which were filled in
    # Blanks at the ends of a part are those around the code.
    return "".join(
        f"`{' '.join(part.split())}`" if n % 2 else _with_ends(part) for n, part in enumerate(parts)
    )


def _with_ends(part: str) -> str:
    before, after = part[:1].isspace(), part[-1:].isspace()
    return " " * before + escaped(part) + " " * (after and bool(part.strip()))


def _facts(error: ChatError) -> str:
    lines = []
    if error.detail:
        lines.append(error.detail)
    for name, value in (
        (_("HTTP status"), error.status),
        (_("code"), error.code),
        (_("request id"), error.request_id),
    ):
        if value is not None:
            lines.append(f"{name}: {value}")
    return "\n".join(lines)
