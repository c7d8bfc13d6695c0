"""ChatGPT's export: a list of conversations, each a `mapping` of nodes that name their parents.

OpenAI documents no format. This reads what exports from 2023 to 2026 hold, and counts the rest.
"""

from __future__ import annotations

import re
from typing import Any

from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Phase, Reply, Status
from playground.transfer.branches import Node, grown, imported_run
from playground.transfer.loose import (
    dict_of,
    empty_conversation,
    list_of,
    name_of,
    text_of,
    time_of,
)
from playground.transfer.result import Note, Notes, Source

_REASONING = frozenset({"thoughts", "reasoning_recap"})
_HIDDEN = frozenset({"user_editable_context", "model_editable_context"})
_TOOLS = frozenset(
    {
        "citable_code_output",
        "computer_output",
        "execution_output",
        "sonic_webpage",
        "system_error",
        "tether_browsing_display",
        "tether_quote",
    }
)
_ENDINGS = {
    "interrupted": Status.STOPPED,
    "max_tokens": Status.TRUNCATED,
    "finished_partial_completion": Status.STOPPED,
    "in_progress": Status.INTERRUPTED,
}

# Private-use characters around what the page draws as a link to a source.
_CITATION = re.compile("[ ]?\ue200[^\ue200\ue201]*\ue201")


def is_chatgpt(item: Any) -> bool:
    """Whether this is a conversation of ChatGPT's export."""
    return isinstance(item, dict) and isinstance(item.get("mapping"), dict)


def conversation_from_chatgpt(item: dict[str, Any], notes: Notes) -> Conversation:
    """Return the conversation, which may have no turns.

    Raises:
        Circular: its messages follow each other in a circle.
    """
    starred = item.get("is_starred") is True
    conversation = empty_conversation(
        name_of(item.get("title")),
        item.get("create_time"),
        item.get("update_time"),
        notes,
        pinned=starred,
    )
    mapping = item["mapping"]
    model = name_of(item.get("default_model_slug"))
    nodes = [_node(node_id, mapping[node_id], model, notes) for node_id in _in_order(mapping)]
    return grown(conversation, nodes, _text_or_none(item.get("current_node")), notes)


def _in_order(mapping: dict[str, Any]) -> list[str]:
    """Return the ids with siblings in the order in which their parent names them."""
    rank: dict[str, int] = {}
    for node in mapping.values():
        for place, child in enumerate(list_of(dict_of(node).get("children"))):
            if isinstance(child, str):
                rank.setdefault(child, place)
    return sorted(mapping, key=lambda node_id: rank.get(node_id, 0))


def _node(node_id: str, value: Any, model: str, notes: Notes) -> Node:
    if not isinstance(value, dict):
        notes.note(Note.UNREADABLE)
        return Node(node_id, None)
    message = value.get("message")
    node = Node(node_id, _text_or_none(value.get("parent")))
    if isinstance(message, dict):
        node.created_at = time_of(message.get("create_time"))
        node.said = _said(message, model, notes)
    elif message is not None:
        notes.note(Note.UNREADABLE)
    return node


def _said(message: dict[str, Any], model: str, notes: Notes) -> Turn | None:
    """Return what was said, without its place in the tree; None if it is left out."""
    content, metadata = dict_of(message.get("content")), dict_of(message.get("metadata"))
    text = _text(content, metadata, notes)
    kind = text_of(content.get("content_type"))
    role = text_of(dict_of(message.get("author")).get("role"))
    why = _why_left_out(role, kind, message, metadata)
    if why is not None:
        # Each conversation begins with an empty system message, which is nothing to speak of.
        notes.note(why, bool(text.strip()) or why is not Note.HIDDEN)
        return None
    if not text.strip():
        return None
    if role == "user":
        return Turn("", None, Role.USER, text)
    text, marks = _CITATION.subn("", text)
    notes.note(Note.CITATIONS, marks)
    finish = dict_of(metadata.get("finish_details")).get("type")
    status = _ending(finish) or _ending(message.get("status")) or Status.COMPLETED
    return Turn(
        "",
        None,
        Role.ASSISTANT,
        run=imported_run(name_of(metadata.get("model_slug"), model, "unknown"), Source.CHATGPT),
        reply=Reply(
            status, Phase.STREAMING, text, started_at=time_of(message.get("create_time")) or 0.0
        ),
    )


def _why_left_out(
    role: str, kind: str, message: dict[str, Any], metadata: dict[str, Any]
) -> Note | None:
    if kind in _REASONING:
        return Note.REASONING
    if (
        role == "system"
        or kind in _HIDDEN
        or metadata.get("is_visually_hidden_from_conversation") is True
    ):
        return Note.HIDDEN
    if role == "tool" or kind in _TOOLS or message.get("recipient") not in (None, "all"):
        return Note.TOOLS
    if role not in ("user", "assistant"):
        return Note.UNKNOWN_ROLE
    if kind not in ("text", "multimodal_text", "code"):
        return Note.UNKNOWN_CONTENT
    return None


def _text(content: dict[str, Any], metadata: dict[str, Any], notes: Notes) -> str:
    """Return the text of a message, and count what else is in it."""
    if content.get("content_type") == "code":
        language = name_of(content.get("language"))
        code = text_of(content.get("text"))
        name = language if language.isalnum() and language != "unknown" else ""
        mark = "```" if "```" not in code else "~~~~"
        return f"{mark}{name}\n{code}\n{mark}" if code.strip() else ""
    pieces: list[str] = []
    for part in list_of(content.get("parts")):
        if isinstance(part, str):
            pieces.append(text_of(part))
        elif dict_of(part).get("content_type") == "audio_transcription":
            pieces.append(text_of(part.get("text")))
        else:
            notes.note(Note.IMAGES)
    for attached in list_of(metadata.get("attachments")):
        # Images stand among the parts, too.
        image = text_of(dict_of(attached).get("mime_type")).startswith("image/")
        image = image or text_of(dict_of(attached).get("mimeType")).startswith("image/")
        notes.note(Note.IMAGES, not image)
    return "\n\n".join(piece for piece in pieces if piece)


def _ending(name: Any) -> Status | None:
    return _ENDINGS.get(name) if isinstance(name, str) else None


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None
