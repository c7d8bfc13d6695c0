"""The presenter view: a prompt and its answers in large type, without anything around them.

Prompts are stepped through with the arrow keys; a key starts one and another stops it. Which style
hides the rest of the page and enlarges the type is told by the key of the container.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from components.answer_board import Board, Column, answer_board
from components.emptied import place_for
from components.judging import Judging
from components.notices import escaped
from components.texts import _, number
from playground.comparison import Comparison
from playground.rounds import Round

#: Characters of a prompt beyond which it is set smaller, so that it fits above the answers.
_LONG = 160


def presenter_button(judging: Judging, *, key: str = "present") -> None:
    """Draw the button that enters the presenter view."""
    st.button(
        _("Present"),
        key=key,
        icon=":material/slideshow:",
        help=_("Large type and nothing else; the arrow keys step through the prompts."),
        on_click=judging.present,
        kwargs={"on": True},
    )


def steps_of(comparison: Comparison, found: Sequence[Round]) -> tuple[str, ...]:
    """Return the prompts to step through: the prepared ones, then others that were asked."""
    return tuple(dict.fromkeys((*comparison.prompts, *(one.prompt for one in found))))


def presenter(
    comparison: Comparison,
    found: Sequence[Round],
    labels: Mapping[str, str],
    judging: Judging,
    *,
    on_ask: Callable[[str], None],
    on_stop: Callable[[], None],
) -> Board:
    """Draw the prompt at hand with its answers, and the keys below.

    Args:
        comparison: what is presented.
        found: its rounds.
        labels: the names of the panes, by their ids.
        judging: at which prompt the presenter is.
        on_ask: sends a prompt to all panes.
        on_stop: stops all that runs.
    """
    steps = steps_of(comparison, found)
    judging.step = max(0, min(judging.step, len(steps) - 1))
    prompt = steps[judging.step] if steps else ""
    shown = next((one for one in reversed(found) if one.prompt == prompt), None)
    scheme = "dark" if st.context.theme.type == "dark" else "light"
    columns = [
        Column(f"{place}", f"**{escaped(labels[pane.id])}**", answer)
        for place, pane in enumerate(comparison.panes)
        if shown is not None and (answer := shown.answer(pane.id)) is not None
    ]
    what = f"{judging.step}/{shown.id if shown is not None else ''}"
    with place_for(what, judging, key="presenter"), st.container(key=f"presenter_{scheme}"):
        size = "long" if len(prompt) > _LONG else "short"
        with st.container(key="presenter_prompt"), st.container(key=f"presenter_{size}"):
            st.text(prompt or _("No prompt is prepared. Leave, and make a prompt set."))
        board = answer_board(columns, key="presenter_board")
        _keys(steps, judging, prompt, shown, on_ask, on_stop)
    return board


def _keys(
    steps: Sequence[str],
    judging: Judging,
    prompt: str,
    shown: Round | None,
    on_ask: Callable[[str], None],
    on_stop: Callable[[], None],
) -> None:
    running = shown is not None and shown.running

    def step(by: int) -> None:
        judging.step += by

    with st.container(
        horizontal=True,
        horizontal_alignment="center",
        vertical_alignment="center",
        key="presenter_keys",
    ):
        st.button(
            _("Back"),
            key="presenter_back",
            shortcut="Left",
            disabled=judging.step == 0,
            on_click=step,
            args=(-1,),
        )
        if running:
            # "stop" is what Escape presses on every page.
            st.button(_("Stop"), key="stop", shortcut="S", type="primary", on_click=on_stop)
        else:
            st.button(
                _("Start") if shown is None else _("Again"),
                key="presenter_start",
                shortcut="Enter",
                type="primary",
                disabled=not prompt,
                on_click=on_ask,
                args=(prompt,),
            )
        st.button(
            _("On"),
            key="presenter_on",
            shortcut="Right",
            disabled=judging.step >= len(steps) - 1,
            on_click=step,
            args=(1,),
        )
        st.caption(f"{number(judging.step + bool(steps))} / {number(len(steps))}", width="content")
        st.button(
            _("Leave"),
            key="presenter_leave",
            shortcut="Q",
            type="tertiary",
            on_click=judging.present,
            kwargs={"on": False},
        )
