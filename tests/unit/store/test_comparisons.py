"""A comparison and its panes: kept, listed as one, found, renamed, deleted and brought back as one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from playground.comparison import Comparison, Pane
from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.parameters import Parameters
from playground.store import ConversationStore, StoreError, Summary, Wanted
from playground.store.resilient import ResilientStore
from playground.store.sql import SqlStore, open_store
from playground.votes import Blind, Vote
from tests.support.conversations import answer, exchange, plain, prompt

MINI, MEDIUM = "Phi-3-mini-4k-instruct", "Phi-3-medium-4k-instruct"


def comparison(**changes: object) -> Comparison:
    panes = (
        Pane(MINI, "here", parameters=Parameters(temperature=0.5, stop=("END",), seed=3)),
        Pane(MEDIUM, "here", system_message="Rhyme.", linked=False, own_prompt=True),
    )
    return replace(
        Comparison(panes, created_at=1000.0, updated_at=1000.0),
        **changes,  # type: ignore[arg-type]  # names of fields
    )


def saved(store: ConversationStore, made: Comparison, owner: str = "me") -> Comparison:
    found = store.save_comparison(owner, made)
    assert found is not None
    return found


def say(
    store: ConversationStore, made: Comparison, question: str, *answers: str, at: float = 2000.0
) -> None:
    """Let a prompt of one id be answered in each pane."""
    asked = prompt(question, at=at)
    for pane, text in zip(made.panes, answers, strict=True):
        answered = answer(text, asked.id, at=at + 1, model=pane.model)
        assert store.append("me", pane.id, asked, answered) is not None


def only(store: ConversationStore, wanted: Wanted) -> Summary:
    (hit,) = store.find("me", wanted).hits
    return hit.summary


def test_what_is_saved_is_there_as_it_was(store: ConversationStore) -> None:
    made = comparison(
        title="Named",
        title_edited=True,
        pinned=True,
        repeat=3,
        blind=Blind("seed", wait=False),
        prompts=("One", "Two"),
    )
    made = replace(made, votes=(Vote("q", tuple(p.id for p in made.panes), (1, 2), voter="A"),))
    assert saved(store, made) == made
    assert store.comparison("me", made.id) == made
    assert store.comparisons("me") == (made,)
    for pane in made.panes:
        empty = store.get("me", pane.id)
        assert empty is not None
        assert empty.turns == ()


def test_a_change_is_kept_and_what_was_said_stays(store: ConversationStore) -> None:
    made = saved(store, comparison())
    say(store, made, "Capital of France?", "Paris.", "It is Paris.")
    changed = replace(made.moved(made.panes[0].id, 1), repeat=2, blind=Blind())
    assert saved(store, changed).panes == changed.panes
    found = store.comparison("me", made.id)
    assert found is not None
    assert (found.repeat, found.blind, found.updated_at) == (2, changed.blind, 2001.0)
    first = store.get("me", made.panes[0].id)
    assert first is not None
    assert [t.content for t in first.turns] == ["Capital of France?", "Paris."]


def test_lists_show_the_comparison_instead_of_its_panes(store: ConversationStore) -> None:
    made = saved(store, comparison())
    store.add("me", exchange("Alone", "x", at=1500.0))
    say(store, made, "Capital of France?", "Paris.", "It is Paris.")
    first, second = store.recent("me", 10)
    assert (first.id, first.panes, first.messages) == (made.id, 2, 4)
    assert first.models == (MEDIUM, MINI)
    assert first.preview == "Capital of France?"
    assert first.updated_at == 2001.0
    assert (second.title, second.panes) == ("Alone", 0)
    assert store.models("me") == (MEDIUM, MINI)
    assert only(store, Wanted(model=MEDIUM)).id == made.id


def test_a_page_of_lists_counts_a_comparison_as_one(store: ConversationStore) -> None:
    ids = []
    for i in range(5):
        made = saved(store, comparison(created_at=10.0 + i, updated_at=10.0 + i))
        ids.append(made.id)
    found, after = [], None
    while True:
        page = store.find("me", limit=2, after=after)
        found += [hit.summary.id for hit in page.hits]
        after = page.more
        if after is None:
            break
    assert found == ids[::-1]


def test_a_search_inside_panes_leads_to_the_comparison(store: ConversationStore) -> None:
    made = saved(store, comparison())
    say(store, made, "Which hedgehog?", "The blue one.", "The green one.")
    (hit,) = store.find("me", Wanted(query="green")).hits
    assert (hit.summary.id, hit.summary.panes) == (made.id, 2)
    assert "".join(p.text for p in hit.excerpts[0].pieces) == "The green one."
    (hit,) = store.find("me", Wanted(query="hedgehog")).hits
    assert len(hit.excerpts) == 1, "the prompt that went to both is one place"
    assert store.find("you", Wanted(query="green")).hits == ()
    assert only(store, Wanted(query="green", model=MINI)).id == made.id


def test_it_is_named_and_pinned_as_conversations_are(store: ConversationStore) -> None:
    made = saved(store, comparison())
    saved(store, replace(made, title="Drawn from the prompt"))
    assert only(store, Wanted()).title == "Drawn from the prompt"
    assert store.rename("me", made.id, "Lighthouses")
    assert store.pin("me", made.id, pinned=True)
    # Whoever saves what they had on the page does not undo that.
    again = saved(store, replace(made, title="Old", repeat=4))
    assert (again.title, again.title_edited, again.pinned) == ("Lighthouses", True, True)
    assert only(store, Wanted(query="lighthouses", pinned=True)).id == made.id
    assert not store.rename("you", made.id, "Mine")


def test_it_is_deleted_and_comes_back_with_its_panes(store: ConversationStore) -> None:
    made = saved(store, comparison())
    say(store, made, "Which hedgehog?", "The blue one.", "The green one.")
    before = [plain(store.get("me", p.id)) for p in made.panes]
    assert store.delete("me", made.id) == 1
    assert store.recent("me", 10) == ()
    assert store.find("me", Wanted(query="green")).hits == ()
    assert store.comparison("me", made.id) is None
    assert store.save_comparison("me", made) is None
    for pane in made.panes:
        assert store.get("me", pane.id) is None
        assert store.append("me", pane.id, prompt("More")) is None
    assert store.undelete("me", made.id) == 1
    assert [plain(store.get("me", p.id)) for p in made.panes] == before
    assert only(store, Wanted(query="green")).id == made.id


def test_a_pane_that_is_removed_is_gone_and_comes_back(store: ConversationStore) -> None:
    made = saved(store, comparison().with_pane(Pane(MINI, "here")))
    say(store, made, "Which?", "The blue one.", "The green one.", "The red one.")
    red = made.panes[2]
    left = saved(store, made.without_pane(red.id))
    assert store.get("me", red.id) is None
    assert store.find("me", Wanted(query="red")).hits == ()
    assert only(store, Wanted()).panes == 2
    store.delete("me", made.id)
    store.undelete("me", made.id)
    assert store.get("me", red.id) is None, "what was removed before does not come back with it"
    saved(store, left.with_pane(red))
    again = store.get("me", red.id)
    assert again is not None
    assert again.turns[1].content == "The red one."


def test_what_belongs_to_others_cannot_become_a_pane(store: ConversationStore) -> None:
    made = saved(store, comparison())
    (alone,) = store.add("me", exchange("Alone", "x"))
    (yours,) = store.add("you", exchange("Yours", "x"))
    other = saved(store, comparison())
    for taken in (alone, yours, made.id, other.panes[0].id):
        assert store.save_comparison("me", made.with_pane(Pane(MINI, "here", taken))) is None
    assert store.save_comparison("you", made) is None
    assert store.comparison("you", made.id) is None
    assert store.comparison("me", alone) is None
    assert store.get("me", made.id) is None
    assert store.append("me", made.id, prompt("Into the entry")) is None
    assert store.share("you", made.id) is None


def test_a_link_shows_it_as_it_was_and_nothing_else(store: ConversationStore) -> None:
    made = saved(store, comparison(blind=Blind(), prompts=("Still to come",)))
    assert store.share("me", made.id) is None, "there is nothing to show yet"
    say(store, made, "Which?", "The blue one.", "The green one.")
    share = store.share("me", made.id)
    assert share is not None
    assert [s.id for s in store.shares("me", made.id)] == [share.id]
    first = store.get("me", made.panes[0].id)
    assert first is not None
    store.append("me", first.id, prompt("A secret", first.leaf, at=3000.0))
    saved(store, made.changed(replace(made.panes[0], system_message="A secret")))
    found = store.open_shared_comparison(share.token)
    assert found is not None
    assert found.comparison.panes == tuple(replace(p, connection="") for p in made.panes)
    assert [c.turns[-1].content for c in found.conversations.values()] == [
        "The blue one.",
        "The green one.",
    ]
    for secret in ("A secret", "Still to come"):
        assert secret not in repr(found)
    assert store.open_share(share.token) is None
    store.delete_turn("me", made.panes[1].id, share_leaf(store, made.panes[1].id))
    found = store.open_shared_comparison(share.token)
    assert found is not None
    assert list(found.conversations) == [made.panes[0].id], "what was deleted is not shown"
    assert store.revoke("me", share.id)
    assert store.open_shared_comparison(share.token) is None


def share_leaf(store: ConversationStore, pane_id: str) -> str:
    conversation = store.get("me", pane_id)
    assert conversation is not None
    assert conversation.leaf is not None
    return conversation.leaf


def test_a_link_to_a_conversation_opens_no_comparison(store: ConversationStore) -> None:
    (alone,) = store.add("me", exchange("Alone", "x"))
    share = store.share("me", alone)
    assert share is not None
    assert store.open_shared_comparison(share.token) is None
    assert store.open_shared_comparison("unknown") is None


def test_a_link_to_what_is_deleted_shows_nothing(store: ConversationStore) -> None:
    made = saved(store, comparison())
    say(store, made, "Which?", "The blue one.", "The green one.")
    share = store.share("me", made.id, expires_at=5.0)
    lasting = store.share("me", made.id)
    assert share is not None
    assert lasting is not None
    assert store.open_shared_comparison(share.token) is None, "its time is over"
    store.delete("me", made.id)
    assert store.open_shared_comparison(lasting.token) is None
    store.undelete("me", made.id)
    assert store.open_shared_comparison(lasting.token) is not None


def test_everything_holds_the_panes_and_delete_all_takes_them(store: ConversationStore) -> None:
    made = saved(store, comparison())
    say(store, made, "Which?", "The blue one.", "The green one.")
    assert {c.id for c in store.everything("me")} == {p.id for p in made.panes}
    assert store.delete_all("me") == 1
    assert list(store.everything("me")) == []
    assert store.comparisons("me") == ()
    assert saved(store, made) == made


def test_a_backup_holds_it(sql_store: SqlStore, tmp_path: Path) -> None:
    made = saved(sql_store, comparison(title="Lighthouses", title_edited=True))
    say(sql_store, made, "Which?", "The blue one.", "The green one.")
    sql_store.backup(tmp_path / "backup.db")
    copy = open_store("sqlite:///backup.db", tmp_path)
    assert copy.comparison("me", made.id) == sql_store.comparison("me", made.id)
    assert copy.find("me", Wanted(query="lighthouses")) == sql_store.find(
        "me", Wanted(query="lighthouses")
    )
    assert [h.summary.id for h in copy.find("me", Wanted(query="green")).hits] == [made.id]
    copy.close()


def test_what_was_deleted_long_ago_is_gone_with_its_panes(sql_store: SqlStore) -> None:
    made = saved(sql_store, comparison())
    sql_store.delete("me", made.id)
    with sql_store._database.write() as connection:
        connection.exec_driver_sql("UPDATE conversations SET deleted_at = 5 WHERE deleted_at > 5")
    assert sql_store.purge() == 3
    assert sql_store.undelete("me", made.id) == 0
    assert saved(sql_store, made) == made


class Failing:
    """A store that cannot be opened until it is told otherwise."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.down = True

    def __call__(self) -> SqlStore:
        if self.down:
            raise StoreError("The disk is away.")
        return open_store("", self.root)


def test_while_the_database_fails_it_goes_on_in_memory_and_catches_up(tmp_path: Path) -> None:
    failing = Failing(tmp_path)
    store = ResilientStore(failing, retry_interval=0.01, slow_retry_interval=0.01)
    made = saved(store, comparison())
    say(store, made, "Which?", "The blue one.", "The green one.")
    assert only(store, Wanted(query="green")).id == made.id
    changed = saved(store, replace(made, repeat=3))
    assert store.notice() is not None
    failing.down = False
    store.close()
    after = open_store("", tmp_path)
    found = after.comparison("me", made.id)
    assert found is not None
    assert (found.repeat, found.panes) == (3, changed.panes)
    assert [c.turns[1].content for p in made.panes if (c := after.get("me", p.id))] == [
        "The blue one.",
        "The green one.",
    ]
    after.close()


@pytest.mark.parametrize("method", ["get", "comparison"])
def test_an_id_of_nothing_is_nothing(store: ConversationStore, method: str) -> None:
    assert getattr(store, method)("me", "unknown") is None


def test_a_pane_may_be_answered_before_it_was_ever_listed(store: ConversationStore) -> None:
    """A prompt of one id is another turn in each pane, and editing one leaves the other."""
    made = saved(store, comparison())
    turn = Turn("same", None, Role.USER, "For all", 5.0)
    for pane in made.panes:
        assert isinstance(store.append("me", pane.id, turn), Conversation)
    assert store.delete_turn("me", made.panes[0].id, "same") is not None
    other = store.get("me", made.panes[1].id)
    assert other is not None
    assert [t.id for t in other.turns] == ["same"]
