"""Conversations to store, and to compare with what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from playground.conversation import Conversation, Run, Turn, new_id
from playground.errors import ChatError
from playground.messages import Role
from playground.reply import Reply, Status

RUN = Run("Phi-3-mini-4k-instruct", "phi3", "local", "Local")


def prompt(text: str, parent: str | None = None, *, at: float = 1000.0) -> Turn:
    """Return a user's turn."""
    return Turn(id=new_id(), parent=parent, role=Role.USER, text=text, created_at=at)


def answer(
    text: str,
    parent: str,
    *,
    at: float = 1001.0,
    status: Status = Status.COMPLETED,
    model: str = RUN.model,
) -> Turn:
    """Return an assistant's turn."""
    run = Run(model, "phi3", "local", "Local")
    reply = Reply(status=status, text=text, started_at=at)
    return Turn(new_id(), parent, Role.ASSISTANT, created_at=at, run=run, reply=reply)


def exchange(
    question: str, reply: str, *, at: float = 1000.0, model: str = RUN.model
) -> Conversation:
    """Return a conversation of a prompt and a reply."""
    asked = prompt(question, at=at)
    answered = answer(reply, asked.id, at=at + 1, model=model)
    return (
        Conversation(id=new_id(), created_at=at, updated_at=at).with_turn(asked).with_turn(answered)
    )


def plain(value: Any) -> Any:
    """Return a value that is equal to another's exactly if they hold the same, errors included."""
    if isinstance(value, ChatError):
        return (type(value), sorted(vars(value).items()))
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value), [(f.name, plain(getattr(value, f.name))) for f in fields(value)])
    if isinstance(value, tuple):
        return [plain(v) for v in value]
    return value


def mapped(conversation: Conversation, change: Callable[[Turn], Turn]) -> Conversation:
    """Return the conversation with each turn changed."""
    turns = tuple(change(turn) for turn in conversation.turns)
    return Conversation(
        **{f.name: getattr(conversation, f.name) for f in fields(conversation)} | {"turns": turns}
    )
