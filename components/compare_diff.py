"""Two answers word by word: what both say, what only one says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.notices import escaped
from components.texts import _, in_language, later, number
from playground.rounds import Round
from playground.word_diff import Stretch, Where, WordDiff, word_diff

INLINE, BESIDE = later("Inline"), later("Side by side")

#: What stands in one text only is struck through or bold, so that colour is not the only sign.
_MARKS = {Where.FIRST: ":red-background[~~{}~~]", Where.SECOND: ":green-background[**{}**]"}


def diff_panel(shown: Round, labels: Mapping[str, str], *, key: str = "diff") -> None:
    """Draw the choice of two panes and the difference of their answers to the prompt."""
    answers = {answer.pane_id: answer for answer in shown.answers if answer.text.strip()}
    if len(answers) < 2:
        st.caption(_("Two answers are needed to tell the difference."))
        return
    ids = list(answers)

    def name(pane_id: str) -> str:
        return labels.get(pane_id, pane_id)

    with st.container(key=key):
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"{key}_choice"):
            first = st.selectbox(_("This answer"), ids, key=f"{key}_first", format_func=name)
            second = st.selectbox(
                _("Against this one"), ids, index=1, key=f"{key}_second", format_func=name
            )
            view = st.segmented_control(
                _("View"),
                [INLINE, BESIDE],
                default=INLINE,
                required=True,
                format_func=_,
                key=in_language(f"{key}_view"),
            )
        diff = word_diff(answers[first].text, answers[second].text)
        st.caption(_summary(diff))
        if view == INLINE:
            st.markdown(marked(diff.stretches))
            return
        for column, pane_id, side in zip(
            st.columns(2), (first, second), (Where.FIRST, Where.SECOND), strict=True
        ):
            with column:
                st.markdown(f"**{escaped(name(pane_id))}**")
                st.markdown(marked(diff.of(side)))


def marked(stretches: Sequence[Stretch]) -> str:
    """Return the stretches as Markdown in which the texts are nothing but text, line by line."""
    pieces: list[str] = []
    for stretch in stretches:
        mark = _MARKS.get(stretch.where, "{}")
        for place, line in enumerate(stretch.text.split("\n")):
            if place:
                # A no-break space keeps an empty line; two spaces are a line break.
                pieces.append("\u00a0  \n")
            words = escaped(line)
            if not words:
                pieces.append(_spaces(line))
                continue
            lead, end = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
            pieces.append(f"{_spaces(lead)}{mark.format(words)}{_spaces(end)}")
    return "".join(pieces)


def _spaces(text: str) -> str:
    """Return spaces so that Markdown keeps them: as many, but for one, which stays what it is."""
    return " " if len(text) == 1 else "\u00a0" * len(text)


def _summary(diff: WordDiff) -> str:
    if diff.same:
        return _("The two answers are the same, word for word.")
    told = _(
        "{both} words in both, :red-background[~~{first}~~] only in this answer, "
        ":green-background[**{second}**] only in the other."
    ).format(
        both=number(diff.words(Where.BOTH)),
        first=number(diff.words(Where.FIRST)),
        second=number(diff.words(Where.SECOND)),
    )
    return told + " " + _("Only the beginning was compared.") if diff.cut else told
