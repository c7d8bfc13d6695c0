"""What one browser tab holds: the only reader and writer of `st.session_state`.

Values of widgets die with the page that drew them; so each widget's value is kept in the Session,
and `bound_key` gives it back to the widget when it is drawn again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from components.announcer import Announcer
from components.compare_state import Compared
from components.connection_state import Connecting
from components.owner import owner_of_visitor
from components.resources import resources
from components.texts import ENGLISH, LANGUAGES, choose_by, speak
from playground.connections import Connection, Connections
from playground.conversation import Conversation, Run, new_id
from playground.errors import ChatError
from playground.parameters import DEFAULT_SYSTEM_MESSAGE, Parameters
from playground.quirks import needs_folding
from playground.transfer import ImportResult

#: Turns of a conversation drawn at first; earlier ones on request, since each costs time.
WINDOW = 30

_SESSION = "session"
_PROMPT = "prompt"
_LANGUAGE = "picked_language"

#: Keeps the language that was picked, for the next visit; assets/page.js sets it.
LANGUAGE_COOKIE = "playground_language"


@dataclass(slots=True)
class History:
    """What is looked for on the history page, and what is selected there.

    Attributes:
        days: the first and the last day wanted; empty for all.
        pages: how many pages of results are shown.
        deleted: ids that "Undo" brings back.
        imports: how many files were imported.
        report: what came of the last one.
    """

    query: str = ""
    model: str | None = None
    days: tuple[dt.date, ...] = ()
    pinned: bool = False
    pages: int = 1
    selecting: bool = False
    selected: set[str] = field(default_factory=set)
    deleted: tuple[str, ...] = ()
    imports: int = 0
    report: ImportResult | ChatError | None = None

    @property
    def filtered(self) -> bool:
        """Whether only some conversations are wanted, the search aside."""
        return bool(self.model or self.days or self.pinned)

    def search(self, query: str | None) -> None:
        """Look for these words."""
        self.query, self.pages = query or "", 1

    def narrow(self, **wanted: Any) -> None:
        """Set `model`, `days` or `pinned`."""
        self.pages = 1
        for name, value in wanted.items():
            setattr(self, name, value)

    def clear(self) -> None:
        """Want everything again."""
        self.narrow(model=None, days=(), pinned=False)

    def forget_report(self) -> None:
        """Show no more what came of an import."""
        self.report = None

    def toggle_selecting(self) -> None:
        """Begin or end selecting."""
        self.selecting = not self.selecting
        self.selected.clear()

    def choose(self, conversation_id: str, *, chosen: bool) -> None:
        """Select a conversation, or not."""
        (self.selected.add if chosen else self.selected.discard)(conversation_id)

    def select(self, ids: list[str]) -> None:
        """Select all of these."""
        self.selected.update(ids)


@dataclass(slots=True)
class Session:
    """The state of one tab.

    Attributes:
        owner: whose conversations are shown.
        conversation: the one on the page as last seen; the store holds the truth.
        connection: name of the picked connection.
        connecting: the connections that it typed, and the tests of all.
        window: how many of the latest turns are drawn.
        page: the path of the page drawn last.
        addressed: id of the conversation that the address of the page names.
        told: sentences to show once.
        fold: whether a system message that the model's template drops goes into the first prompt.
        left_out: ids of turns of this conversation that are not sent any more.
        blocked: a prompt that was not sent, because it does not fit.
        editing: id of the earlier prompt that what is written next takes the place of.
        copied: text on its way to the browser's clipboard.
        notice: why the last thing the user did had no effect, shown once.
        places: how many messages stood on the page when it was last drawn.
        compared: the comparison on the page that shows several models.
        announcer: what a screen reader is told about the answers on the page.
        preset_files: how many files of presets were imported.
    """

    owner: str
    model: str
    connection: str
    conversation: Conversation = field(default_factory=Conversation)
    parameters: Parameters = field(default_factory=Parameters)
    system_message: str = DEFAULT_SYSTEM_MESSAGE
    history: History = field(default_factory=History)
    connecting: Connecting = field(default_factory=Connecting)
    window: int = WINDOW
    page: str | None = None
    addressed: str | None = None
    told: tuple[str, ...] = ()
    fold: bool = True
    left_out: tuple[str, ...] = ()
    blocked: str = ""
    editing: str | None = None
    copied: str | None = None
    notice: ChatError | None = None
    places: int = 0
    compared: Compared = field(default_factory=Compared)
    announcer: Announcer = field(default_factory=Announcer)
    preset_files: int = 0

    @property
    def connections(self) -> Connections:
        """The connections of this tab, those that it typed among them."""
        parts = resources()
        return parts.typed.beside(parts.connections, self.connecting.typed)

    def use(self, connection: Connection) -> None:
        """Send to `connection` from now on."""
        self.connection = connection.name
        self.fit()

    def fit(self) -> None:
        """Lower the temperature to what the picked connection takes, so that the page shows it."""
        connection = self.connections.get(self.connection)
        if connection and self.parameters.temperature > connection.temperature_max:
            self.parameters = replace(self.parameters, temperature=connection.temperature_max)

    def set_parameter(self, name: str, value: Any) -> None:
        """Set one sampling parameter."""
        self.parameters = replace(self.parameters, **{name: value})
        self.fit()

    def new_chat(self) -> None:
        """Begin an empty conversation; the one before stays in the store."""
        self.show(Conversation())

    def show(self, conversation: Conversation) -> None:
        """Put this conversation on the page."""
        self.conversation = conversation
        self.window = WINDOW
        self.notice = self.editing = None
        self.left_out, self.blocked = (), ""

    def set_up_as(self, run: Run) -> None:
        """Ask as `run` did from now on, as far as what it asked is still there."""
        asked = next((c for c in self.connections.usable if c.name == run.connection), None)
        if asked is not None:
            self.connection = asked.name
        known = resources().catalog.get(run.model)
        if known is not None or (asked is not None and run.model in asked.others):
            self.model = run.model
        if known is not None and needs_folding(known, run.system_message):
            self.fold = run.folded
        self.parameters, self.system_message = run.parameters, run.system_message
        self.fit()

    def visit(self, page: str) -> None:
        """Note that `page` is drawn; coming from another page, its address names nothing yet."""
        if page != self.page:
            self.page, self.addressed = page, None

    def take_notice(self) -> ChatError | None:
        """Return the notice and forget it."""
        notice, self.notice = self.notice, None
        return notice


def session() -> Session:
    """Return this tab's session; the first call of a tab makes it."""
    if _SESSION not in st.session_state:
        parts = resources()
        made = Session(
            # Without a cookie, what is said in this tab belongs to this tab alone.
            owner=owner_of_visitor() or f"tab:{new_id()}",
            model=parts.catalog.models[0].name,
            connection=parts.connections.default.name,
        )
        made.fit()
        st.session_state[_SESSION] = made
    return cast("Session", st.session_state[_SESSION])


def bound_key(key: str, value: Any) -> str:
    """Make the widget `key` show `value`, and return the key."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
    return key


def close(key: str) -> None:
    """Close the popover `key`, which has to be drawn with `on_change`."""
    st.session_state[key] = False


def widget_value(key: str) -> Any:
    """Return what the user entered in the widget `key`."""
    return st.session_state[key]


def prompt_key() -> str:
    """Return the key of the chat box."""
    return _PROMPT


def give_back_prompt(text: str, key: str = _PROMPT) -> None:
    """Put `text` into the chat box (or the box `key`) again, after it could not be sent."""
    st.session_state[key] = text


def language_of_visitor() -> str:
    """Return the language that was picked, here or at an earlier visit, else the browser's."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH  # nobody's script
    # Not in the Session, which who has to sign in first does not have.
    kept = st.context.cookies.get(LANGUAGE_COOKIE)
    for wish in (st.session_state.get(_LANGUAGE), kept, st.context.locale):
        language = str(wish or "").partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return ENGLISH


choose_by(language_of_visitor)


def pick_language(language: str) -> None:
    """Show every page of this tab in `language` from now on."""
    st.session_state[_LANGUAGE] = language
    speak(language)


def language_picked() -> bool:
    """Whether this tab picked its language."""
    return _LANGUAGE in st.session_state


def on_change(key: str, take: Callable[[Any], None]) -> Callable[[], None]:
    """Return a callback that hands the widget's new value to `take`."""
    return lambda: take(widget_value(key))
