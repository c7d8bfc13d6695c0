"""Conversations in a database: SQLite by default, PostgreSQL by URL."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from playground.comparison import Comparison
from playground.conversation import Conversation, Turn, new_id
from playground.reply import Reply
from playground.store import comparisons, deletion, index, lists, replies, search, shares, trees
from playground.store.copies import checked, with_new_ids
from playground.store.engine import Database
from playground.store.errors import StoreError
from playground.store.faults import told
from playground.store.files import check_sqlite
from playground.store.housekeeping import Housekeeping
from playground.store.interface import PAGE
from playground.store.migrate import migrate
from playground.store.migrations import RELEASED, Steps
from playground.store.presence import HEARTBEAT_INTERVAL, presence_for
from playground.store.presets import SqlPresets
from playground.store.saver import Place, Saver
from playground.store.schema import conversations
from playground.store.shared import SharedComparison
from playground.store.snapshot import write_snapshot
from playground.store.values import ALL, Found, Share, Summary, Wanted

_c = conversations.c


def open_store(url: str, root: Path, *, steps: Steps = RELEASED) -> SqlStore:
    """Open the conversations at `url`, brought to the version of this code.

    Replies that were running in processes that are gone become interrupted.

    Args:
        url: `postgresql://…` or `sqlite:///PATH`; empty for `root/data/playground.db`.
        root: what a relative path is relative to.
        steps: the migrations there are.

    Raises:
        StoreError: it cannot be opened; what is there is untouched.
    """
    database = Database(url, root)
    try:
        migrate(database, steps)
        store = SqlStore(database)
    except BaseException:
        database.close()
        raise
    try:
        store.interrupt_stale()
    except BaseException:
        store.close()
        raise
    return store


class SqlStore(SqlPresets):
    """Implements ConversationStore with a database. See `open_store`."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._process = new_id()
        self._presence = presence_for(database, self._process)
        self._saver = Saver(self._save_growing)
        self._housekeeping = Housekeeping(self._keep_house, HEARTBEAT_INTERVAL)

    def get(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation, or None."""
        waiting = self._saver.waiting(owner, conversation_id)
        with self._database.read() as connection:
            found = trees.load(connection, owner, conversation_id)
        if found is None:
            return None
        for turn_id, reply in waiting.items():
            turn = found.turn(turn_id)
            if turn is not None and (turn.reply is None or turn.reply.running):
                found = found.with_reply(turn_id, reply)
        return found

    def append(self, owner: str, conversation_id: str, *turns: Turn) -> Conversation | None:
        """Add turns; see ConversationStore."""
        with self._database.write() as connection:
            if not trees.extend(connection, owner, conversation_id, turns, self._process):
                return None
        return self.get(owner, conversation_id)

    def save_reply(self, owner: str, conversation_id: str, turn_id: str, reply: Reply) -> None:
        """Replace the reply of one turn; see ConversationStore."""
        place = Place(owner, conversation_id, turn_id)
        if reply.running:
            self._saver.put(place, reply)
        else:
            # What still waits for this place comes too late, and the database refuses it.
            with self._database.write() as connection:
                replies.save(connection, place, reply, self._process)

    def add(self, owner: str, *conversations: Conversation) -> tuple[str, ...]:
        """Add whole conversations; see ConversationStore."""
        ready = [checked(c) for c in conversations]
        ids = [""] * len(ready)
        with self._database.write(alone=True) as connection:
            # Oldest first: what was written down last is what a search meets first.
            for place, conversation in sorted(enumerate(ready), key=lambda c: c[1].updated_at):
                new = conversation
                while not trees.create(connection, owner, new, self._process):
                    new = with_new_ids(conversation)
                ids[place] = new.id
            index.note_growth(connection, sum(len(c.turns) for c in ready))
        return tuple(ids)

    def set_leaf(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Show the branch that ends with this turn; None if there is no such turn."""
        with self._database.write() as connection:
            if not trees.hold(connection, owner, conversation_id):
                return None
            if not trees.has_turn(connection, conversation_id, turn_id):
                return None
            self._change(connection, owner, conversation_id, leaf=turn_id)
        return self.get(owner, conversation_id)

    def delete_turn(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Delete a turn and all that follows it; None if there is no such turn."""
        with self._database.write() as connection:
            if not deletion.delete_turn(connection, owner, conversation_id, turn_id):
                return None
        return self.get(owner, conversation_id)

    def recent(self, owner: str, limit: int) -> tuple[Summary, ...]:
        """Return the latest conversations, newest first."""
        return tuple(hit.summary for hit in self.find(owner, limit=limit).hits)

    def find(
        self, owner: str, wanted: Wanted = ALL, *, limit: int = PAGE, after: str | None = None
    ) -> Found:
        """Return a page of conversations; see ConversationStore."""
        with self._database.read() as connection:
            if wanted.query.strip():
                return search.search(connection, owner, wanted, limit, after)
            return lists.newest(connection, owner, wanted, limit, after)

    def models(self, owner: str) -> tuple[str, ...]:
        """Return the catalog names of all models that were asked."""
        with self._database.read() as connection:
            return lists.models(connection, owner)

    def everything(self, owner: str) -> Iterator[Conversation]:
        """Yield all conversations, oldest first; one that is deleted meanwhile is left out."""
        query = (
            sa.select(_c.id).where(trees.own(owner), trees.said()).order_by(_c.created_at, _c.id)
        )
        with self._database.read() as connection:
            ids = list(connection.scalars(query))
        for conversation_id in ids:
            found = self.get(owner, conversation_id)
            if found is not None:
                yield found

    def comparison(self, owner: str, comparison_id: str) -> Comparison | None:
        """Return the comparison, or None."""
        with self._database.read() as connection:
            return comparisons.load(connection, owner, comparison_id)

    def comparisons(self, owner: str) -> tuple[Comparison, ...]:
        """Return all comparisons, oldest first."""
        with self._database.read() as connection:
            return comparisons.load_all(connection, owner)

    def save_comparison(self, owner: str, comparison: Comparison) -> Comparison | None:
        """Create or change a comparison; see ConversationStore."""
        with self._database.write() as connection:
            saved = comparisons.save(connection, owner, comparison)
            return comparisons.load(connection, owner, comparison.id) if saved else None

    def rename(self, owner: str, conversation_id: str, title: str) -> bool:
        """Set the title; False if there is no such conversation."""
        with self._database.write() as connection:
            done = self._change(connection, owner, conversation_id, title=title, title_edited=True)
            if done:
                index.put(connection, owner, conversation_id, index.TITLE, title)
            return done

    def pin(self, owner: str, conversation_id: str, *, pinned: bool) -> bool:
        """Pin or unpin; False if there is no such conversation."""
        with self._database.write() as connection:
            return self._change(connection, owner, conversation_id, pinned=pinned)

    def delete(self, owner: str, *conversation_ids: str) -> int:
        """Delete conversations; see ConversationStore."""
        with self._database.write() as connection:
            return deletion.mark(connection, owner, conversation_ids, deleted=True)

    def undelete(self, owner: str, *conversation_ids: str) -> int:
        """Bring back what `delete` took; return how many came back."""
        with self._database.write() as connection:
            return deletion.mark(connection, owner, conversation_ids, deleted=False)

    def delete_all(self, owner: str) -> int:
        """Delete everything of the owner's for good; return how many."""
        return deletion.delete_all(self._database, owner)

    def share(
        self, owner: str, conversation_id: str, *, expires_at: float | None = None
    ) -> Share | None:
        """Make a link to the branch on the page; see ConversationStore."""
        with self._database.write() as connection:
            return shares.make(connection, owner, conversation_id, expires_at)

    def shares(self, owner: str, conversation_id: str | None = None) -> tuple[Share, ...]:
        """Return the links that were made (to one conversation), newest first."""
        with self._database.read() as connection:
            return shares.made(connection, owner, conversation_id)

    def revoke(self, owner: str, share_id: str) -> bool:
        """Stop a link from working; False if there is no such link."""
        with self._database.write() as connection:
            return shares.revoke(connection, owner, share_id)

    def open_share(self, token: str) -> Conversation | None:
        """Return the branch a link shows; None if it is closed."""
        with self._database.read() as connection:
            return shares.opened(connection, token)

    def interrupt_stale(self) -> int:
        """End running replies of processes that are gone; return how many. Also done by itself."""
        with self._database.read() as connection:
            found = replies.running_processes(connection)
        dead = self._presence.dead(found)
        if not dead:
            return 0
        with self._database.write() as connection:
            return replies.interrupt(connection, dead)

    def purge(self) -> int:
        """Delete for good what was deleted over a day ago; return how many. Also by itself."""
        return deletion.purge(self._database, now=time.time())

    def open_shared_comparison(self, token: str) -> SharedComparison | None:
        """Return what a link to a comparison shows; None if it is closed."""
        with self._database.read() as connection:
            return shares.opened_comparison(connection, token)

    def backup(self, path: Path) -> None:
        """Write everything to a new SQLite file, as it is at one moment."""
        write_snapshot(self._database, path)

    def notice(self) -> StoreError | None:
        """All is well: what does not is raised."""
        return None

    def health(self) -> dict[str, Any]:
        """Return what the health check tells; raises StoreError if the database does not answer."""
        with self._database.read() as connection:
            connection.execute(sa.select(sa.literal(1)))
        return {"store": self._database.kind.value, "schema": RELEASED.newest, "saving": True}

    def check(self) -> None:
        """Read every page of an SQLite file. Raises StoreCorrupt."""
        if self._database.path is not None:
            with told(self._database.folder):
                check_sqlite(self._database.path)

    def close(self) -> None:
        """Save what still waits and give back what the store holds."""
        self._saver.close()
        self._housekeeping.close()
        self._presence.close()
        self._database.close()

    def _save_growing(self, waiting: Mapping[Place, Reply]) -> None:
        # In one order, so that it and a deletion do not wait for each other in a ring.
        growing = sorted(waiting.items(), key=lambda w: (w[0].conversation_id, w[0].turn_id))
        with self._database.write() as connection:
            replies.save_growing(connection, growing, self._process)

    def _change(
        self, connection: sa.Connection, owner: str, conversation_id: str, **values: Any
    ) -> bool:
        done = connection.execute(
            sa.update(conversations)
            .where(_c.id == conversation_id, trees.own(owner))
            .values(**values)
        )
        return done.rowcount == 1

    def _keep_house(self) -> None:
        self._presence.beat()
        self.interrupt_stale()
        self.purge()
