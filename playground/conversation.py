"""A conversation: a tree of turns, and the branch of it that is on the page.

Everything here is a value. A change returns a new conversation; nothing that was said is lost, since
regenerating or editing adds a sibling instead of replacing a turn.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from playground.messages import Message, Role
from playground.parameters import DEFAULT_SYSTEM_MESSAGE, Parameters
from playground.reply import Reply

#: Characters of the first prompt that make the title.
TITLE_LENGTH = 60


def new_id() -> str:
    """Return an unguessable id, 128 random bits, safe in a URL."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked of whom: everything needed to tell, and to ask again.

    Attributes:
        model: the catalog name.
        deployment: the name sent on the wire.
        connection: the connection's name; `connection_label` is the name people see.
        scripted: whether the reply is the demo endpoint's, and no model's.
        folded: whether the system message was put into the first prompt, because the model's
            template drops it where it stands by itself.
        left_out: ids of turns that were not sent, to fit the context window.
    """

    model: str
    deployment: str
    connection: str
    connection_label: str
    parameters: Parameters = field(default_factory=Parameters)
    system_message: str = DEFAULT_SYSTEM_MESSAGE
    scripted: bool = False
    folded: bool = False
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One message in the tree: a prompt, or a reply with the run that made it.

    Attributes:
        parent: id of the turn this one answers or follows; None for the first.
        created_at: seconds since the epoch.
        run, reply: of an assistant turn only.
    """

    id: str
    parent: str | None
    role: Role
    text: str = ""
    created_at: float = field(default_factory=time.time)
    run: Run | None = None
    reply: Reply | None = None

    @property
    def content(self) -> str:
        """What was said: the reply's text for an assistant turn."""
        return self.reply.text if self.reply is not None else self.text


@dataclass(frozen=True, slots=True)
class Conversation:
    """A tree of turns. `leaf` is the last turn of the branch on the page.

    Attributes:
        title_edited: whether a person gave it its title, so that nothing else may change it.
        pinned: whether its owner wants to find it at the top.
    """

    id: str = field(default_factory=new_id)
    title: str = ""
    created_at: float = field(default_factory=time.time)
    updated_at: float = field(default_factory=time.time)
    turns: tuple[Turn, ...] = ()
    leaf: str | None = None
    title_edited: bool = False
    pinned: bool = False

    def turn(self, turn_id: str | None) -> Turn | None:
        """Return the turn with this id, or None."""
        return next((t for t in self.turns if t.id == turn_id), None)

    def path(self, leaf: str | None = None) -> tuple[Turn, ...]:
        """Return the branch from the first turn to `leaf` (the one on the page if None)."""
        by_id = {t.id: t for t in self.turns}
        found: list[Turn] = []
        turn = by_id.get(leaf or self.leaf or "")
        while turn is not None:
            found.append(turn)
            turn = by_id.get(turn.parent or "")
        return tuple(reversed(found))

    @property
    def latest_run(self) -> Run | None:
        """What was asked of whom last on the branch on the page; None where nobody was asked."""
        return next((turn.run for turn in reversed(self.path()) if turn.run is not None), None)

    def alternatives(self, turn_id: str) -> tuple[Turn, ...]:
        """Return the turns that share this turn's parent, itself included, oldest first."""
        turn = self.turn(turn_id)
        if turn is None:
            return ()
        return tuple(t for t in self.turns if t.parent == turn.parent and t.role is turn.role)

    def prompt_of(self, turn_id: str) -> Turn | None:
        """Return the prompt that this reply answers, also where it continues another reply."""
        turn = self.turn(turn_id)
        while turn is not None and turn.role is Role.ASSISTANT:
            turn = self.turn(turn.parent)
        return turn

    def leaf_below(self, turn_id: str) -> str:
        """Return the end of the branch through `turn_id`, by the newest turn at each step."""
        newest = {turn.parent: turn.id for turn in self.turns}  # the later one stands
        below = turn_id
        while below in newest:
            below = newest[below]
        return below

    def with_turn(self, turn: Turn) -> Conversation:
        """Return the conversation with `turn` added and shown."""
        title = self.title
        if not title and turn.role is Role.USER:
            title = title_from(turn.text)
        return replace(
            self,
            turns=(*self.turns, turn),
            leaf=turn.id,
            title=title,
            updated_at=turn.created_at,
        )

    def with_reply(self, turn_id: str, reply: Reply) -> Conversation:
        """Return the conversation with this turn's reply replaced."""
        turns = tuple(replace(t, reply=reply) if t.id == turn_id else t for t in self.turns)
        return replace(self, turns=turns)

    def without_turn(self, turn_id: str) -> Conversation:
        """Return the conversation without this turn and all that follows it.

        If the branch on the page goes with it, the newest one through its parent takes its place.
        A title that was drawn from a prompt that goes is drawn from the first that stays.
        """
        turn = self.turn(turn_id)
        if turn is None:
            return self
        gone = {turn_id}
        for follower in self.turns:  # each stands after the one it follows
            if follower.parent in gone:
                gone.add(follower.id)
        left = replace(self, turns=tuple(t for t in self.turns if t.id not in gone))
        if not self.title_edited and self.title == drawn_title(self.turns):
            left = replace(left, title=drawn_title(left.turns))
        if self.leaf in gone:
            start = turn.parent or next((t.id for t in reversed(left.turns) if not t.parent), None)
            left = replace(left, leaf=start and left.leaf_below(start))
        return left

    def messages(
        self,
        upto: str,
        system_message: str,
        *,
        fold_system: bool = False,
        leave_out: Collection[str] = frozenset(),
    ) -> tuple[Message, ...]:
        """Return what to send to get what follows the turn `upto`.

        Replies without text (failed before the first token) are left out, and so is an empty
        system message. A reply that was continued is one message: a server that is sent a reply
        last goes on with it.

        Args:
            upto: id of the last turn that is sent.
            system_message: what is sent before all turns.
            fold_system: put the system message at the head of the first prompt that is sent, with
                a blank line between them, instead of sending it by itself. Where no prompt is
                sent, it is one.
            leave_out: ids of turns that are not sent.
        """
        said: list[Message] = []
        apart = False
        for turn in self.path(upto):
            if turn.id in leave_out or not turn.content:
                apart = apart or turn.id in leave_out
                continue
            if turn.role is Role.ASSISTANT and said and said[-1].role is Role.ASSISTANT:
                # Something was said between them: they are no parts of one reply.
                between = "\n\n" if apart else ""
                said[-1] = Message(Role.ASSISTANT, said[-1].content + between + turn.content)
            else:
                said.append(Message(turn.role, turn.content))
            apart = False
        if not system_message.strip():
            return tuple(said)
        if fold_system:
            return _folded(system_message, said)
        return (Message(Role.SYSTEM, system_message), *said)


def _folded(system_message: str, said: list[Message]) -> tuple[Message, ...]:
    for place, message in enumerate(said):
        if message.role is Role.USER:
            content = f"{system_message.rstrip()}\n\n{message.content}"
            return (*said[:place], Message(Role.USER, content), *said[place + 1 :])
    return (Message(Role.USER, system_message), *said)


def drawn_title(turns: Iterable[Turn]) -> str:
    """Return the title that a conversation of these turns has of itself; empty for none."""
    titles = (title_from(t.text) for t in turns if t.role is Role.USER)
    return next(filter(None, titles), "")


def title_from(prompt: str) -> str:
    """Return a title for a conversation that begins with `prompt`."""
    line = " ".join(prompt.split())
    if len(line) <= TITLE_LENGTH:
        return line
    # One character more tells whether a word ends right at the limit.
    cut = line[: TITLE_LENGTH + 1].rsplit(" ", 1)[0][:TITLE_LENGTH]
    return cut.rstrip(",.;:") + "…"
