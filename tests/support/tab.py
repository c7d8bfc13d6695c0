"""The app in one tab, without a server and without a browser: its scripts run in this process."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast

import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block, ChatMessage, Widget

from components.resources import Resources, resources
from components.session import Session
from components.watching import Watched
from playground.endpoint import Endpoint
from playground.generation import Generation
from tests.support.environment import ROOT
from tests.support.sources import PATIENCE, ScriptedEndpoint

#: Every page, by the name of its file.
PAGES = ("chat", "models", "history", "connections")


class Tab:
    """A tab of a browser, without cookies.

    Its `run` returns when the script has ended, so when what runs on the page has ended too.
    """

    def __init__(self) -> None:
        """Open nothing yet."""
        self.at = AppTest.from_file(ROOT / "components" / "frame.py", default_timeout=30)

    def open(self, page: str = "chat", **query: str) -> Tab:
        """Open a page, with `query` behind its address."""
        self.at.query_params = dict(query)
        self.run()
        return self if page == "chat" else self.go(page)

    def go(self, page: str) -> Tab:
        """Go to another page of the app."""
        self.at.switch_page(f"../pages/{page}.py")
        return self.run()

    def run(self) -> Tab:
        """Run the script once more; no page may fail."""
        self.at.run()
        assert not self.at.exception, self.at.exception
        return self

    def send(self, prompt: str) -> Tab:
        """Type into the chat box and press Enter."""
        self.at.chat_input[0].set_value(prompt)
        return self.run()

    def click(self, key: str) -> Tab:
        """Click the button with this key."""
        self.at.button(key).click()
        return self.run()

    def choose(self, key: str, value: Any) -> Tab:
        """Enter a value in the widget with this key."""
        self.widget(key).set_value(value)
        return self.run()

    def widget(self, key: str) -> Any:
        """Return the widget with this key; the key of a slider may also hold where it ends."""
        ours = re.compile(rf"{re.escape(key)}(_[\d.]+)?")
        (found,) = [
            node
            for node in self.at.main.root
            if isinstance(node, Widget) and ours.fullmatch(str(node.key))
        ]
        return found

    def has(self, key: str) -> bool:
        """Whether there is a button with this key."""
        return any(button.key == key for button in self.at.button)

    @property
    def session(self) -> Session:
        """What this tab holds."""
        return cast("Session", self.at.session_state["session"])

    @property
    def address(self) -> dict[str, Any]:
        """What stands behind the page's address."""
        return self.at.query_params

    @property
    def title(self) -> str:
        """The title on the page."""
        return str(self.at.title[0].value)

    @property
    def messages(self) -> list[ChatMessage]:
        """Every message on the page, prompts and replies."""
        return list(self.at.chat_message)

    @property
    def said(self) -> list[str]:
        """The words of every message."""
        return [words(message) for message in self.messages]

    @property
    def prompts(self) -> list[str]:
        """The prompts on the page, as they were typed."""
        return [text.value for message in self.messages for text in message.text]

    @property
    def text(self) -> str:
        """Every word on the page, the sidebar's and the box's included."""
        return words(self.at.main.root)

    @property
    def sidebar(self) -> str:
        """Every word in the sidebar."""
        return words(self.at.sidebar)

    @property
    def alerts(self) -> list[str]:
        """What is said in coloured boxes."""
        boxes = (*self.at.error, *self.at.warning, *self.at.info)
        return [_unescaped(box.value) for box in boxes]


def words(block: Any) -> str:
    """Return all text in `block`, a line for each element, as a reader of Markdown sees it."""
    found: list[str] = []
    for node in [*block]:
        if isinstance(node, Block):
            label = getattr(node, "label", "")
            found += [label] if isinstance(label, str) and label else []
            continue
        for name in ("label", "value", "placeholder", "help"):
            part = getattr(node.proto, name, "") if name != "value" else node.value
            found += [part] if isinstance(part, str) and part else []
    return "\n".join(map(_unescaped, found))


def _unescaped(markdown: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown).replace("\u2060", "")


def take_over(name: str, parts: Resources | None = None) -> ScriptedEndpoint:
    """Answer for the connection called `name` from now on."""
    endpoints: dict[str, Endpoint] = (parts or resources())._endpoints
    scripted = ScriptedEndpoint()
    endpoints[name].close()
    endpoints[name] = scripted
    return scripted


def look_away(watched: Sequence[Watched], *, running: int) -> None:
    """Draw what there is and end the script, as a click does while a reply is drawn."""
    for one in watched:
        one.look(1)
    assert running > 0
    st.stop()


def run_of(tab: Tab) -> Generation:
    """Return the run for the last turn of the conversation on the page."""
    stored = resources().store.get(tab.session.owner, tab.session.conversation.id)
    assert stored is not None
    generation = resources().generations.get(stored.leaf or "")
    assert generation is not None
    return generation


def ended(tab: Tab) -> Tab:
    """Wait for the end of the run on the page, and draw it."""
    assert run_of(tab).join(PATIENCE)
    return tab.run()
