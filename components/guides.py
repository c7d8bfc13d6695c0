"""The guides on the page: one way at a time, in the reader's language, for the reader's shell."""

from __future__ import annotations

import re

import streamlit as st

from components.session import widget_value
from components.texts import _, in_language, language
from playground.guides import Commands, Guide, Listing, Part, Prose, Shell, load_guides

#: The query parameter that opens a guide, by its slug.
GUIDE_KEY = "guide"
#: Keys of the two pickers.
PICKED_KEY = "picked_guide"
SHELL_KEY = "shell"
#: The anchor above the guides.
ANCHOR = "guides"

_OWN_LINK = re.compile(r"\]\(#([\w-]+)\)")
#: What Streamlit calls the colours of a block, where that is another word than the file's.
_COLOURS = {"shell": "bash", "bat": "batch"}


def guides() -> None:
    """Draw what there is to choose from, and the guide that is chosen."""
    all_guides = load_guides(language())
    st.header(_("Set up a server"), anchor=ANCHOR)
    st.markdown(linked(all_guides.intro))
    titles = {guide.slug: guide.title for guide in all_guides}
    asked_for = st.query_params.get(GUIDE_KEY, "")
    slug = st.pills(
        _("Way"),
        list(titles),
        key=in_language(PICKED_KEY),
        default=asked_for if asked_for in titles else next(iter(titles)),
        required=True,
        format_func=titles.__getitem__,
        on_change=_into_the_address,
        persist_state="session",
    )
    shell = st.segmented_control(
        _("Shell"),
        list(Shell),
        key=SHELL_KEY,
        default=_likely_shell(),
        required=True,
        persist_state="session",
    )
    guide = all_guides.get(slug or "")
    if guide is not None:
        _guide(guide, shell or Shell.BASH)


def _into_the_address() -> None:
    # Streamlit's own binding would write the title there, and the file's anchors are slugs.
    st.query_params[GUIDE_KEY] = widget_value(in_language(PICKED_KEY))


def guide_link(slug: str) -> str:
    """Return the address of a guide, relative to any page."""
    return f"connections?{GUIDE_KEY}={slug}#{ANCHOR}"


def linked(markdown: str) -> str:
    """Return Markdown of the file with its links to other guides leading to them on the page."""
    return _OWN_LINK.sub(lambda found: f"]({guide_link(found[1])})", markdown)


def _guide(guide: Guide, shell: Shell) -> None:
    with st.container(key=f"guide_{guide.slug}", gap="medium"):
        with st.container(key="guide_intro"):
            for part in guide.intro:
                _part(part, shell)
        for number, step in enumerate(guide.steps, 1):
            with st.container(key=f"step_{number}"):
                st.subheader(step.title, anchor=False)
                for part in step.parts:
                    _part(part, shell)


def _part(part: Part, shell: Shell) -> None:
    match part:
        case Prose(text):
            st.markdown(linked(text))
        case Commands(texts):
            st.code(texts[shell], language=_colours(shell.language), wrap_lines=True)
        case Listing(language, text):
            st.code(text, language=_colours(language), wrap_lines=True)


def _colours(language: str) -> str:
    return _COLOURS.get(language, language)


def _likely_shell() -> Shell:
    browser = st.context.headers.get("User-Agent", "")
    return Shell.POWERSHELL if "Windows" in browser else Shell.BASH
