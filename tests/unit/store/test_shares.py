"""A link shows one branch, to whoever has it, until it is closed."""

from __future__ import annotations

import time
from pathlib import Path

from playground.store import ConversationStore
from playground.store.sql import SqlStore, open_store
from tests.support.conversations import answer, exchange, plain, prompt


def test_a_link_shows_the_branch_as_it_was_when_it_was_made(store: ConversationStore) -> None:
    asked = prompt("Tell me")
    first, second = answer("one", asked.id), answer("two", asked.id, at=2000.0)
    later = prompt("More", second.id, at=3000.0)
    store.append("me", "c", asked, first, second)
    share = store.share("me", "c")
    assert share is not None
    store.append("me", "c", later)
    opened = store.open_share(share.token)
    assert opened is not None
    assert plain(opened.turns) == plain((asked, second))
    assert (opened.leaf, opened.updated_at, opened.title) == (second.id, 2000.0, "Tell me")


def test_a_link_does_not_tell_what_its_owner_keeps_for_themselves(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Tell me"))
    store.pin("me", "c", pinned=True)
    share = store.share("me", "c")
    assert share is not None
    opened = store.open_share(share.token)
    assert opened is not None
    assert not opened.pinned


def test_a_revoked_link_is_closed_and_others_stay_open(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Tell me"))
    one, two = store.share("me", "c"), store.share("me", "c")
    assert one is not None
    assert two is not None
    assert store.revoke("me", one.id)
    assert not store.revoke("me", one.id)
    assert store.open_share(one.token) is None
    assert store.open_share(two.token) is not None
    assert {s.id: s.revoked_at is not None for s in store.shares("me", "c")} == {
        one.id: True,
        two.id: False,
    }


def test_only_the_owner_closes_a_link(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Tell me"))
    share = store.share("me", "c")
    assert share is not None
    assert not store.revoke("you", share.id)
    assert store.open_share(share.token) is not None
    assert store.shares("you") == store.shares("you", "c") == ()


def test_a_link_closes_by_itself(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Tell me"))
    gone = store.share("me", "c", expires_at=time.time() - 1)
    good = store.share("me", "c", expires_at=time.time() + 100)
    assert gone is not None
    assert good is not None
    assert store.open_share(gone.token) is None
    assert store.open_share(good.token) is not None


def test_a_link_to_what_is_deleted_is_closed_until_it_is_back(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Tell me"))
    share = store.share("me", "c")
    assert share is not None
    store.delete("me", "c")
    assert store.open_share(share.token) is None
    assert store.shares("me") == ()
    store.undelete("me", "c")
    assert store.open_share(share.token) is not None
    store.delete_all("me")
    assert store.open_share(share.token) is None
    assert store.shares("me") == ()


def test_only_the_owner_makes_links_and_only_of_what_is_there(store: ConversationStore) -> None:
    store.append("me", "c", prompt("Tell me"))
    store.append("me", "empty")
    assert store.share("you", "c") is None
    assert store.share("me", "unknown") is None
    assert store.share("me", "empty") is None
    assert store.open_share("") is None
    assert store.open_share("unknown") is None


def test_links_are_listed_newest_first_without_their_tokens(store: ConversationStore) -> None:
    store.add("me", a := exchange("a", "x"), b := exchange("b", "x"))
    made = [store.share("me", i) for i in (a.id, b.id, a.id)]
    listed = store.shares("me")
    assert [s.id for s in listed] == [s.id for s in reversed(made) if s]
    assert [s.conversation_id for s in store.shares("me", a.id)] == [a.id, a.id]
    assert all(not s.token for s in listed)


def test_a_token_is_nowhere_in_the_database(tmp_path: Path) -> None:
    store: SqlStore = open_store("", tmp_path)
    store.append("me", "c", prompt("Tell me"))
    share = store.share("me", "c")
    store.close()
    assert share is not None
    assert len(share.token) >= 43
    content = (tmp_path / "data" / "playground.db").read_bytes()
    assert share.id.encode() in content
    assert share.token.encode() not in content
