"""The head of a pane: who answers, what is different here, how it stands, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from components import compare_actions as act
from components import compare_asking as asking
from components.notices import escaped
from components.pane_settings import pane_settings
from components.reply_footer import ENDINGS, another_model, mismatch_badge
from components.session import widget_value
from components.texts import _, later
from playground.comparison import MAX_PANES, MIN_PANES, Pane
from playground.conversation import Conversation, Turn
from playground.reply import Reply, Status

COPY, RAW = later("Copy the answer"), later("Raw")
ONE, ALL = later("Show it alone"), later("Show all panes")
FOLD, UNFOLD, DUPLICATE = later("Collapse"), later("Open"), later("Duplicate")
LEFT, RIGHT = later("Move left"), later("Move right")
KEEP, REMOVE = later("Continue as a chat"), later("Remove")
_ICONS = {
    COPY: "content_copy",
    RAW: "code",
    ONE: "fullscreen",
    ALL: "fullscreen_exit",
    FOLD: "unfold_less",
    UNFOLD: "unfold_more",
    DUPLICATE: "tab_duplicate",
    LEFT: "arrow_back",
    RIGHT: "arrow_forward",
    KEEP: "chat",
    REMOVE: "delete",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a pane is drawn.

    Attributes:
        name: what stands at its head: the model.
        badges: what tells it from the others.
        folded: whether only its head is drawn.
    """

    name: str
    badges: tuple[str, ...]
    folded: bool = False


class PaneHead:
    """The head of one pane, as it changes while the pane answers."""

    def __init__(self, pane: Pane, conversation: Conversation, look: Look) -> None:
        self._pane, self._conversation, self._look = pane, conversation, look
        with st.container(
            horizontal=True, wrap=False, vertical_alignment="top", gap=None, key=f"head_{pane.id}"
        ):
            with st.container(gap=None, key=f"name_{pane.id}"):
                badges = " ".join(f":violet-badge[{escaped(badge)}]" for badge in look.badges)
                st.markdown(f"**{escaped(look.name)}** {badges}")
                self.status = st.empty()
            self._tools = st.container(
                horizontal=True, wrap=False, gap=None, width="content", key=f"tools_{pane.id}"
            )
            self._button = self._tools.empty()

    def tools(self) -> None:
        """Draw the settings and the menu, which may come a moment later than the first words."""
        with self._tools:
            pane_settings(self._pane)
            _menu(self._pane, self._conversation, self._look)

    def running(self) -> None:
        """Offer to stop the pane."""
        self._button.button(
            ":material/stop_circle:",
            key=f"stop_{self._pane.id}",
            help=_("Stop this pane"),
            type="tertiary",
            on_click=asking.stop,
            args=(self._pane.id,),
        )

    def ended(self, turn: Turn, reply: Reply) -> None:
        """Tell how the last answer ended, and offer to ask once more."""
        failed = reply.status in (Status.FAILED, Status.INTERRUPTED)
        self._button.button(
            _("Retry") if failed else ":material/refresh:",
            key=f"retry_{self._pane.id}",
            help=_("Ask this pane again"),
            type="secondary" if failed else "tertiary",
            on_click=asking.retry,
            args=(self._pane.id,),
        )
        self.status.caption(_ending(turn, reply))

    def ready(self) -> None:
        """Tell that nothing was asked yet."""
        self.status.caption(":material/radio_button_unchecked: " + _("Nothing asked yet"))


def _ending(turn: Turn, reply: Reply) -> str:
    icon, colour, words = ENDINGS[reply.status]
    line = f":material/{icon}: {_(words)}"
    if reply.status is not Status.COMPLETED:
        line = f":{colour}[{line}]"
    if reply.tokens_per_second is not None:
        about = "" if reply.usage else "~"
        speed = f"{about}{reply.tokens_per_second:.0f}"
        line += " · " + _("{speed} tokens/s").format(speed=speed)
    if turn.run is not None and another_model(turn.run, reply):
        line += f" {mismatch_badge(reply)}"
    return line


def _menu(pane: Pane, conversation: Conversation, look: Look) -> None:
    comparison, here = act.current(), act.state()
    place = comparison.panes.index(pane)
    last = conversation.turn(conversation.leaf)
    options = [
        (COPY, last is not None and bool(last.content)),
        (RAW, last is not None and last.reply is not None and not last.reply.running),
        (UNFOLD, look.folded),
        (FOLD, not look.folded and here.expanded is None),
        (ONE, here.expanded != pane.id),
        (ALL, here.expanded is not None),
        (LEFT, place > 0),
        (RIGHT, place < len(comparison.panes) - 1),
        (DUPLICATE, len(comparison.panes) < MAX_PANES),
        (KEEP, bool(conversation.turns)),
        (REMOVE, len(comparison.panes) > MIN_PANES),
    ]
    key = f"pane_menu_{pane.id}"
    chosen = st.menu_button(
        _("Actions for {name}").format(name=escaped(look.name)),
        [option for option, offered in options if offered],
        key=key,
        icon=":material/more_vert:",
        type="tertiary",
        format_func=lambda name: f":material/{_ICONS[name]}: {_(name)}",
        on_click=lambda: _act(pane, widget_value(key)),
    )
    if chosen == KEEP:
        asking.go_on(pane.id)


def _act(pane: Pane, chosen: str) -> None:
    match chosen:
        case "Copy the answer":
            asking.copy(pane.id)
        case "Raw":
            asking.look_at_raw(pane.id)
        case "Show it alone":
            act.show_alone(pane.id)
        case "Show all panes":
            act.show_alone(None)
        case "Collapse":
            act.fold(pane.id, folded=True)
        case "Open":
            act.fold(pane.id, folded=False)
        case "Duplicate":
            act.duplicate(pane.id)
        case "Move left":
            act.move(pane.id, -1)
        case "Move right":
            act.move(pane.id, 1)
        case "Remove":
            asking.remove(pane.id)
