"""Open WebUI's export: a list of chats, each with the tree of its messages in `chat.history`.

Read as Open WebUI 0.1 to 0.6 write it; the oldest have no tree but a list of messages.
"""

from __future__ import annotations

import itertools
import re
from typing import Any

from playground.conversation import Conversation, Turn
from playground.errors import ChatError
from playground.events import Usage
from playground.messages import Role
from playground.reply import Phase, Reply, Status
from playground.transfer.branches import Node, grown, imported_run
from playground.transfer.loose import (
    count_of,
    dict_of,
    empty_conversation,
    list_of,
    name_of,
    text_of,
    time_of,
)
from playground.transfer.result import Note, Notes, Source

# What a model thought and what tools said stands within the text, as elements of a web page.
_DETAILS = re.compile(r"<details\s([^<>]*+)>")
_TYPE = re.compile(r'(?<!\S)type="(reasoning|tool_calls|code_interpreter)"')
_DETAILS_END = "</details>"

# Each server has its own names for its counts.
_PROMPT_TOKENS = ("prompt_tokens", "prompt_eval_count", "input_tokens")
_COMPLETION_TOKENS = ("completion_tokens", "eval_count", "output_tokens")


def is_openwebui(item: Any) -> bool:
    """Whether this is a chat of Open WebUI's export."""
    chat = _chat(item)
    return isinstance(dict_of(chat.get("history")).get("messages"), dict) or (
        isinstance(chat.get("messages"), list) and ("models" in chat or "history" in chat)
    )


def conversation_from_openwebui(item: dict[str, Any], notes: Notes) -> Conversation:
    """Return the conversation, which may have no turns.

    Raises:
        Circular: its messages follow each other in a circle.
    """
    chat = _chat(item)
    created = item.get("created_at", chat.get("timestamp"))
    conversation = empty_conversation(
        name_of(item.get("title"), chat.get("title")),
        created,
        item.get("updated_at", created),
        notes,
        pinned=item.get("pinned") is True,
    )
    notes.note(Note.IMAGES, len(list_of(chat.get("files"))))
    notes.note(Note.HIDDEN, bool(text_of(chat.get("system")).strip()))
    history = dict_of(chat.get("history"))
    messages = history.get("messages")
    if isinstance(messages, dict):
        nodes = [_node(node_id, messages[node_id], notes) for node_id in _in_order(messages)]
        leaf = history.get("currentId")
        return grown(conversation, nodes, leaf if isinstance(leaf, str) else None, notes)
    nodes = [_node(str(place), m, notes) for place, m in enumerate(list_of(chat.get("messages")))]
    for before, node in itertools.pairwise(nodes):
        node.parent = before.id
    if nodes:
        nodes[0].parent = None
    return grown(conversation, nodes, None, notes)


def _chat(item: Any) -> dict[str, Any]:
    """Return the chat itself; single chats also come without what the server knows about them."""
    outer = dict_of(item)
    return outer["chat"] if isinstance(outer.get("chat"), dict) else outer


def _in_order(messages: dict[str, Any]) -> list[str]:
    rank: dict[str, int] = {}
    for message in messages.values():
        for place, child in enumerate(list_of(dict_of(message).get("childrenIds"))):
            if isinstance(child, str):
                rank.setdefault(child, place)
    return sorted(messages, key=lambda node_id: rank.get(node_id, 0))


def _node(node_id: str, message: Any, notes: Notes) -> Node:
    if not isinstance(message, dict):
        notes.note(Note.UNREADABLE)
        return Node(node_id, None)
    parent = message.get("parentId")
    node = Node(node_id, parent if isinstance(parent, str) else None)
    node.created_at = time_of(message.get("timestamp"))
    role = message.get("role")
    notes.note(Note.IMAGES, len(list_of(message.get("files"))))
    if role == "user":
        text = _text(message.get("content"), notes)
        node.said = Turn("", None, Role.USER, text) if text.strip() else None
    elif role == "assistant":
        node.said = _reply(message, notes)
    elif role == "system":
        notes.note(Note.HIDDEN)
    else:
        notes.note(Note.TOOLS if role == "tool" else Note.UNKNOWN_ROLE)
    return node


def _reply(message: dict[str, Any], notes: Notes) -> Turn | None:
    text = _without_details(_text(message.get("content"), notes), notes)
    error = _error(message.get("error"))
    if error is not None:
        status = Status.INTERRUPTED if text.strip() else Status.FAILED
    else:
        status = Status.INTERRUPTED if message.get("done") is False else Status.COMPLETED
    if not text.strip() and error is None:
        return None
    return Turn(
        "",
        None,
        Role.ASSISTANT,
        run=imported_run(
            name_of(message.get("model"), message.get("modelName"), "unknown"), Source.OPEN_WEBUI
        ),
        reply=Reply(
            status,
            Phase.STREAMING,
            text,
            started_at=time_of(message.get("timestamp")) or 0.0,
            usage=_usage(message.get("usage")) or _usage(message.get("info")),
            error=error,
        ),
    )


def _text(content: Any, notes: Notes) -> str:
    if not isinstance(content, list):
        return text_of(content)
    # The form of the chat-completions protocol with pictures.
    pieces: list[str] = []
    for part in content:
        if dict_of(part).get("type") == "text":
            pieces.append(text_of(part.get("text")))
        else:
            notes.note(Note.IMAGES)
    return "\n\n".join(piece for piece in pieces if piece)


def _without_details(text: str, notes: Notes) -> str:
    kept: list[str] = []
    position = 0
    while found := _DETAILS.search(text, position):
        kind = _TYPE.search(found[1])
        end = text.find(_DETAILS_END, found.end())
        if end < 0:
            break
        if kind is None:
            kept.append(text[position : found.end()])
            position = found.end()
            continue
        notes.note(Note.REASONING if kind[1] == "reasoning" else Note.TOOLS)
        kept.append(text[position : found.start()])
        position = end + len(_DETAILS_END)
    if not position:
        return text
    return ("".join(kept) + text[position:]).strip("\n")


def _error(error: Any) -> ChatError | None:
    if not error:
        return None
    said = text_of(dict_of(error).get("content")) or text_of(error)
    return ChatError("Open WebUI noted an error for this reply.", detail=said[:2000])


def _usage(usage: Any) -> Usage | None:
    counts = dict_of(usage)
    prompt = count_of(next((counts[n] for n in _PROMPT_TOKENS if n in counts), None))
    completion = count_of(next((counts[n] for n in _COMPLETION_TOKENS if n in counts), None))
    if prompt is None or completion is None:
        return None
    return Usage(prompt_tokens=prompt, completion_tokens=completion)
