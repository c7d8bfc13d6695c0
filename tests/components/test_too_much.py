"""What is too much for the page or for the model is told before it is sent, and nothing is lost."""

from __future__ import annotations

import pytest

from components.resources import Resources
from playground.bounds import MAX_PROMPT, MAX_SYSTEM_MESSAGE
from playground.conversation import Conversation
from tests.support.conversations import answer, prompt
from tests.support.tab import Tab, take_over


@pytest.mark.parametrize(
    ("text", "system_message", "said"),
    [
        ("x" * (MAX_PROMPT + 1), "", "This prompt has 201 kB, where 200 kB fit."),
        ("Hello", "x" * (MAX_SYSTEM_MESSAGE + 1), "The system message has 21 kB"),
    ],
)
def test_what_is_too_long_is_told_and_stays_in_the_box(
    tab: Tab, text: str, system_message: str, said: str
) -> None:
    tab.open()
    demo = take_over("demo")
    tab.choose("system_message", system_message)
    tab.send(text)
    assert any(said in alert for alert in tab.alerts)
    assert tab.at.chat_input[0].value == text
    assert tab.messages == []
    assert demo.requests == []


def test_only_what_an_edited_prompt_follows_can_be_left_out(tab: Tab, parts: Resources) -> None:
    """What stood below the earlier version is not sent with the new one, so it brings no room."""
    made = Conversation()
    for number in range(3):
        asked = prompt(f"question {number}", made.leaf)
        made = made.with_turn(asked).with_turn(answer("word " * 900, asked.id))
    tab.open()
    parts.store.add(tab.session.owner, made)
    tab.open(c=made.id)
    tab.session.editing = made.turns[2].id
    tab.send("word " * 3_500)
    labels = [button.label for button in tab.at.button if str(button.key).startswith("remedy_")]
    assert "Leave out the oldest 1 question" in labels
