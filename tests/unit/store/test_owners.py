"""Whatever one owner does, the others' conversations are neither shown to them nor changed."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playground.comparison import Comparison, Pane
from playground.conversation import Turn, new_id
from playground.errors import SettingsError
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store import ConversationStore, MemoryStore, Share, Wanted
from playground.store.copies import with_new_ids
from playground.store.resilient import ResilientStore
from playground.store.sql import SqlStore
from tests.support.conversations import exchange, plain, prompt

OWNERS = 3
CONVERSATIONS = 4

#: Not an owner's: they work on the whole store, and tell nothing of what is in it.
OF_THE_SERVER = {"backup", "check", "close", "health", "interrupt_stale", "notice", "purge"}
#: The exception: whoever has the token may read.
BY_TOKEN = {"open_share", "open_shared_comparison"}
#: Of the memory store alone, for the one that never fails.
INTERNAL = {"forget", "forget_comparisons", "listed_as", "remember", "remember_comparison"}


@dataclass
class World:
    """A store, owners whose every word names them, and ids that all of them try."""

    store: ConversationStore
    run: str = field(default_factory=new_id)
    shares: list[Share] = field(default_factory=list)
    presets: list[str] = field(default_factory=list)

    def owner(self, number: int) -> str:
        return f"owner {number} of {self.run}"

    def secret(self, number: int) -> str:
        return f"secret{number}of{''.join(c for c in self.run if c.isalnum())}"

    def conversation(self, number: int) -> str:
        return f"{self.run}-{number}"

    def comparison(self, number: int) -> str:
        return f"{self.run}-compared-{number}"

    def pane(self, number: int) -> str:
        """An id of a pane, or of a conversation."""
        return f"{self.run}-pane-{number}" if number % 4 else self.conversation(number // 4)

    def ids(self) -> list[str]:
        numbers = range(CONVERSATIONS)
        return [of(i) for of in (self.conversation, self.comparison) for i in numbers]


@dataclass(frozen=True)
class Step:
    """One thing that an owner does."""

    method: str
    owner: int
    conversation: int
    turn: int
    share: int


Act = Callable[[World, Step, str, str], Any]


def _append(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    turn = Turn(f"t{step.turn}", None, Role.USER, world.secret(step.owner), 1.0)
    reply = Reply(text=world.secret(step.owner))
    answer = Turn(f"r{step.turn}", turn.id, Role.ASSISTANT, created_at=2.0, reply=reply)
    return world.store.append(owner, conversation_id, turn, answer)


def _add(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    made = exchange(world.secret(step.owner), "x", model=world.secret(step.owner))
    return world.store.add(owner, with_new_ids(made))


def _save_reply(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    reply = Reply(text=world.secret(step.owner), status=Status.COMPLETED)
    return world.store.save_reply(owner, conversation_id, f"r{step.turn}", reply)


def _share(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    made = world.store.share(owner, _any(world, step))
    if made is not None:
        world.shares.append(made)
    return made


def _revoke(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    if not world.shares:
        return None
    return world.store.revoke(owner, world.shares[step.share % len(world.shares)].id)


def _find(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    of = world.secret(step.turn % OWNERS)
    wanted = [Wanted(), Wanted(query=of), Wanted(query="secret"), Wanted(model=of)]
    return world.store.find(owner, wanted[step.share % len(wanted)])


def _save_preset(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    name = f"{world.secret(step.owner)} {step.turn}"
    made = world.store.save_preset(owner, name, {"said": world.secret(step.owner)})
    world.presets.append(made)
    return made


def _any(world: World, step: Step) -> str:
    of = world.comparison if step.share > 3 else world.conversation
    return of(step.conversation)


def _preset(world: World, step: Step) -> str:
    return world.presets[step.share % len(world.presets)] if world.presets else "none"


def _save_comparison(world: World, step: Step, owner: str, conversation_id: str) -> Any:
    """Save a comparison, perhaps of ids that are others' or conversations'."""
    panes = tuple(
        Pane(world.secret(step.owner), "here", world.pane(step.share + i)) for i in range(2)
    )
    name = conversation_id if step.turn == 2 else world.comparison(step.conversation)
    made = Comparison(panes, name, world.secret(step.owner), 1.0, 1.0)
    return world.store.save_comparison(owner, made)


ACTS: dict[str, Act] = {
    "get": lambda w, s, o, c: w.store.get(o, c),
    "append": _append,
    "add": _add,
    "save_reply": _save_reply,
    "set_leaf": lambda w, s, o, c: w.store.set_leaf(o, c, f"t{s.turn}"),
    "delete_turn": lambda w, s, o, c: w.store.delete_turn(o, c, f"{'rt'[s.share % 2]}{s.turn}"),
    "recent": lambda w, s, o, c: w.store.recent(o, 100),
    "find": _find,
    "models": lambda w, s, o, c: w.store.models(o),
    "everything": lambda w, s, o, c: list(w.store.everything(o)),
    "comparison": lambda w, s, o, c: w.store.comparison(o, w.comparison(s.conversation)),
    "comparisons": lambda w, s, o, c: w.store.comparisons(o),
    "save_comparison": _save_comparison,
    "rename": lambda w, s, o, c: w.store.rename(o, _any(w, s), w.secret(s.owner)),
    "pin": lambda w, s, o, c: w.store.pin(o, _any(w, s), pinned=s.turn == 0),
    "delete": lambda w, s, o, c: w.store.delete(o, *w.ids()),
    "undelete": lambda w, s, o, c: w.store.undelete(o, *w.ids()),
    "delete_all": lambda w, s, o, c: w.store.delete_all(o),
    "share": _share,
    "shares": lambda w, s, o, c: w.store.shares(o, c if s.turn else None),
    "revoke": _revoke,
    "presets": lambda w, s, o, c: w.store.presets(o),
    "save_preset": _save_preset,
    "rename_preset": lambda w, s, o, c: w.store.rename_preset(o, _preset(w, s), w.secret(s.owner)),
    "delete_preset": lambda w, s, o, c: w.store.delete_preset(o, _preset(w, s)),
}

steps = st.builds(
    Step,
    method=st.sampled_from(
        [*ACTS, *["append"] * 6, *["share"] * 2, *["save_preset", "save_comparison"] * 3]
    ),
    owner=st.integers(0, OWNERS - 1),
    conversation=st.integers(0, CONVERSATIONS - 1),
    turn=st.integers(0, 2),
    share=st.integers(0, 5),
)


@pytest.mark.parametrize("kind", [SqlStore, MemoryStore, ResilientStore])
def test_every_public_method_is_tried(kind: type) -> None:
    public = {
        name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")
    }
    assert public <= ACTS.keys() | OF_THE_SERVER | BY_TOKEN | INTERNAL
    for name in ACTS:
        assert list(inspect.signature(getattr(kind, name)).parameters)[1] == "owner"


def check(store: ConversationStore, tried: list[Step]) -> None:
    world = World(store)
    for i in range(OWNERS):
        # Something to find: a conversation of each, with a link.
        first = Step("append", owner=i, conversation=i, turn=0, share=0)
        for act in (_append, _share):
            act(world, first, world.owner(i), world.conversation(i))
    views = [_view(world, i) for i in range(OWNERS)]
    for step in tried:
        returned = None
        # A name that another preset of theirs has is refused: that tells them nothing new.
        with contextlib.suppress(SettingsError):
            returned = ACTS[step.method](
                world, step, world.owner(step.owner), world.conversation(step.conversation)
            )
        views[step.owner] = _view(world, step.owner)
        for other in set(range(OWNERS)) - {step.owner}:
            assert _view(world, other) == views[other]
            assert world.secret(other) not in repr(returned)
            assert world.owner(other) not in repr(returned)


def _view(world: World, number: int) -> Any:
    owner = world.owner(number)
    opened = [
        (
            plain(world.store.open_share(share.token)),
            repr(world.store.open_shared_comparison(share.token)),
        )
        for share in world.shares
        if share.id in {s.id for s in world.store.shares(owner)}
    ]
    return (
        plain(tuple(world.store.everything(owner))),
        world.store.find(owner, Wanted(query=world.secret(number))),
        world.store.find(owner),
        world.store.models(owner),
        world.store.shares(owner),
        world.store.presets(owner),
        world.store.comparisons(owner),
        opened,
    )


@settings(max_examples=12)
@given(tried=st.lists(steps, min_size=6, max_size=15))
def test_owners_on_a_database(every_sql: ConversationStore, tried: list[Step]) -> None:
    check(every_sql, tried)


@given(tried=st.lists(steps, max_size=25))
def test_owners_in_memory(tried: list[Step]) -> None:
    check(MemoryStore(), tried)


def test_a_view_tells_when_something_changes(store: ConversationStore) -> None:
    """The test above would see a change: each kind of it shows in the view."""
    world = World(store)
    mine, conversation_id = world.owner(0), world.conversation(0)
    compared = Comparison((Pane("m", "c"), Pane("m", "c")))
    seen = [_view(world, 0)]
    changes: list[Callable[[], object]] = [
        lambda: store.append(mine, conversation_id, prompt(world.secret(0))),
        lambda: store.rename(mine, conversation_id, "Better"),
        lambda: store.pin(mine, conversation_id, pinned=True),
        lambda: world.shares.extend(filter(None, [store.share(mine, conversation_id)])),
        lambda: store.revoke(mine, world.shares[0].id),
        lambda: world.presets.append(store.save_preset(mine, "One", {})),
        lambda: store.save_preset(mine, "One", {"said": "more"}),
        lambda: store.rename_preset(mine, world.presets[0], "Two"),
        lambda: store.delete_preset(mine, world.presets[0]),
        lambda: store.save_comparison(mine, compared),
        lambda: store.save_comparison(mine, replace(compared, repeat=2)),
        lambda: store.append(mine, compared.panes[0].id, prompt("x")),
        lambda: world.shares.extend(filter(None, [store.share(mine, compared.id)])),
        lambda: store.delete(mine, compared.id),
        lambda: store.delete(mine, conversation_id),
    ]
    for change in changes:
        change()
        seen.append(_view(world, 0))
    assert all(a != b for a, b in pairwise(seen))
