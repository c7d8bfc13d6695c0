"""What is too much is refused with words, before anything is kept or sent; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from playground.bounds import MAX_MESSAGES, MAX_PROMPT, MAX_SYSTEM_MESSAGE, check_prompt
from playground.chat import Chat
from playground.conversation import Conversation, Run, Turn
from playground.errors import BadRequest
from playground.generations import Generations
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import MemoryStore
from tests.support.sources import ScriptedEndpoint

RUN = Run("Phi-3-mini-4k-instruct", "phi3:mini", "local", "Local")


def chat_with(messages: int) -> tuple[Chat, MemoryStore, ScriptedEndpoint]:
    """Return a chat with a conversation of so many messages, all in one branch."""
    store, endpoint = MemoryStore(), ScriptedEndpoint()
    turns = []
    for number in range(messages):
        parent = str(number - 1) if number else None
        reply = Reply(status=Status.STOPPED, text="a") if number % 2 else None
        role = Role.ASSISTANT if number % 2 else Role.USER
        run = RUN if number % 2 else None
        turns.append(Turn(str(number), parent, role, "" if reply else "q", run=run, reply=reply))
    store.add("anna", Conversation(id="c", turns=tuple(turns), leaf=turns[-1].id))
    return Chat(store, Generations(), {"local": endpoint}.get), store, endpoint


def test_a_prompt_is_counted_in_bytes_as_it_is_sent() -> None:
    check_prompt("é" * (MAX_PROMPT // 2))
    with pytest.raises(BadRequest, match="200 kB fit"):
        check_prompt("é" * (MAX_PROMPT // 2) + "x")


@pytest.mark.parametrize(
    ("prompt", "run", "said"),
    [
        ("x" * (MAX_PROMPT + 1), RUN, "This prompt has 201 kB"),
        ("x", replace(RUN, system_message="x" * (MAX_SYSTEM_MESSAGE + 1)), "The system message"),
    ],
)
def test_what_is_too_long_is_neither_kept_nor_sent(prompt: str, run: Run, said: str) -> None:
    chat, store, endpoint = chat_with(2)
    with pytest.raises(BadRequest, match=said):
        chat.ask("anna", "c", prompt, run)
    kept = store.get("anna", "c")
    assert kept is not None
    assert len(kept.turns) == 2
    assert endpoint.requests == []


def test_a_full_conversation_takes_no_more_and_keeps_all() -> None:
    """2,000 messages fit; asking, asking again and going on are refused with where to go on."""
    chat, store, endpoint = chat_with(MAX_MESSAGES)
    last = str(MAX_MESSAGES - 1)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: chat.ask("anna", "c", "More?", RUN),
        lambda: chat.ask_again("anna", "c", last, RUN),
        lambda: chat.carry_on("anna", "c", last, RUN),
    )
    for refused in attempts:
        with pytest.raises(BadRequest, match="no more than 2,000") as error:
            refused()
        assert "new chat" in error.value.advice
    kept = store.get("anna", "c")
    assert kept is not None
    assert len(kept.turns) == MAX_MESSAGES
    assert endpoint.requests == []


def test_the_last_two_messages_still_fit() -> None:
    chat, _, endpoint = chat_with(MAX_MESSAGES - 2)
    endpoint.answer("Here.")
    asked = chat.ask("anna", "c", "Room?", RUN)
    assert asked is not None
    assert len(asked.turns) == MAX_MESSAGES
