"""Messages of other programs, which point at each other in their own way, as a tree of turns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from playground.conversation import Conversation, Run, Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.transfer.result import Note, Notes


@dataclass(slots=True)
class Node:
    """A message of another program.

    Attributes:
        parent: what it follows there; None if it begins.
        said: the turn it becomes, its own id and parent not yet set; None for what is left out,
            whose followers then follow what came before it.
        created_at: seconds since the epoch; None if not known.
    """

    id: str
    parent: str | None
    said: Turn | None = None
    created_at: float | None = None


class Circular(Exception):
    """Messages follow each other in a circle."""


def imported_run(model: str, source: str) -> Run:
    """Return a run that says what another program tells about it, and no more."""
    return Run(
        model=model,
        deployment=model,
        connection="imported",
        connection_label=f"imported from {source}",
        system_message="",
    )


def grown(
    conversation: Conversation, nodes: Iterable[Node], leaf: str | None, notes: Notes
) -> Conversation:
    """Return the conversation with the nodes as its turns, under new ids.

    Args:
        conversation: what is known of it but its turns.
        nodes: siblings in the order in which they came.
        leaf: id of the node that ends the branch on the page; the newest one if it is unknown.
        notes: where repairs are counted.

    Raises:
        Circular: messages follow each other in a circle.
    """
    ordered = _ordered({node.id: node for node in nodes}, notes)
    #: For each node: the turn that stands for it, which for one left out is what came before.
    place: dict[str, str | None] = {}
    time: dict[str, float] = {}
    turns: dict[str, Turn] = {}
    for node in ordered:
        above = place.get(node.parent or "")
        time[node.id] = _time_of(node, time, conversation, notes)
        place[node.id] = above
        if node.said is not None:
            turn_id = place[node.id] = new_id()
            turns[turn_id] = replace(node.said, id=turn_id, parent=above, created_at=time[node.id])
    return _joined(conversation, turns, place.get(leaf or "") or _newest_leaf(turns))


def _ordered(nodes: dict[str, Node], notes: Notes) -> list[Node]:
    """Return the nodes with each behind the one it follows."""
    children: dict[str | None, list[Node]] = {}
    for node in nodes.values():
        if node.parent is not None and node.parent not in nodes:
            node.parent = None
            notes.note(Note.ORPHANS, node.said is not None)
        children.setdefault(node.parent, []).append(node)
    ordered: list[Node] = []
    waiting = children.get(None, [])[::-1]
    while waiting:
        node = waiting.pop()
        ordered.append(node)
        waiting += children.get(node.id, [])[::-1]
    if len(ordered) < len(nodes):
        raise Circular
    return ordered


def _time_of(node: Node, time: dict[str, float], conversation: Conversation, notes: Notes) -> float:
    if node.created_at is not None:
        return node.created_at
    notes.note(Note.DATES, node.said is not None)
    return time.get(node.parent or "", conversation.created_at)


def _newest_leaf(turns: dict[str, Turn]) -> str | None:
    followed = {turn.parent for turn in turns.values()}
    leaves = [turn for turn in turns.values() if turn.id not in followed]
    return max(leaves, key=lambda turn: turn.created_at).id if leaves else None


def _joined(conversation: Conversation, turns: dict[str, Turn], leaf: str | None) -> Conversation:
    """Return the conversation with these turns, a reply that goes on in one other reply made one.

    Other programs part a reply where a tool was called, which is left out here.
    """
    followers: dict[str | None, int] = {}
    for turn in turns.values():
        followers[turn.parent] = followers.get(turn.parent, 0) + 1
    became: dict[str, str] = {}
    texts: dict[str, list[str]] = {}
    kept: dict[str, Turn] = {}
    for turn in turns.values():
        parent = became.get(turn.parent or "", turn.parent)
        first = kept.get(parent or "")
        if (
            first is not None
            and first.role is Role.ASSISTANT
            and turn.role is Role.ASSISTANT
            and followers[turn.parent] == 1
            and first.reply is not None
            and turn.reply is not None
        ):
            became[turn.id] = first.id
            texts.setdefault(first.id, [first.reply.text]).append(turn.reply.text)
            # What holds of a reply as a whole is what its last piece says.
            kept[first.id] = replace(first, run=turn.run, reply=turn.reply)
        else:
            kept[turn.id] = replace(turn, parent=parent)
    for turn_id, pieces in texts.items():
        turn = kept[turn_id]
        reply = turn.reply or Reply(Status.COMPLETED)
        joined = "\n\n".join(piece for piece in pieces if piece)
        kept[turn_id] = replace(turn, reply=replace(reply, text=joined))
    return replace(conversation, turns=tuple(kept.values()), leaf=became.get(leaf or "", leaf))
