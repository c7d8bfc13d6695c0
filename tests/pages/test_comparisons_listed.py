"""Comparisons stand among the conversations, say what they are, and open where they belong."""

from __future__ import annotations

from components.resources import resources
from playground.comparison import Comparison, Pane
from playground.conversation import Turn
from playground.messages import Role
from tests.support.conversations import answer
from tests.support.tab import Tab


def keep(tab: Tab) -> Comparison:
    """Keep a comparison of two answered panes for the owner of the tab."""
    made = Comparison(
        (Pane("Phi-3-mini-4k-instruct", "demo"), Pane("Phi-3-medium-4k-instruct", "demo")),
        title="Which colour?",
    )
    store, owner, at = resources().store, tab.session.owner, made.created_at
    assert store.save_comparison(owner, made)
    asked = Turn("q", None, Role.USER, "Which colour?", at)
    for pane, text in zip(made.panes, ("Crimson.", "Turquoise."), strict=True):
        answered = answer(text, "q", at=at, model=pane.model)
        assert store.append(owner, pane.id, asked, answered)
    return made


def rows(tab: Tab) -> list[str]:
    return [str(b.key) for b in tab.at.button if str(b.key).startswith("open_")]


def test_history_lists_a_comparison_once_with_the_models_used_and_opens_it(tab: Tab) -> None:
    tab.open().send("Hello")
    made = keep(tab)
    tab.go("history")
    assert rows(tab)[0] == f"open_{made.id}"
    assert len(rows(tab)) == 2
    assert "Comparison of 2 panes" in tab.text
    assert "Phi-3 mini 4k" in tab.text
    assert "Phi-3 medium 4k" in tab.text
    tab.choose("history_query", "turquoise")
    assert rows(tab) == [f"open_{made.id}"], "what is found in a pane leads to the comparison"
    tab.click(f"open_{made.id}")
    assert tab.address == {"comparison": made.id}


def test_the_sidebar_opens_a_comparison_and_deleting_it_leaves_nothing(tab: Tab) -> None:
    tab.open()
    made = keep(tab)
    tab.run().click(f"recent_{made.id}")
    assert tab.address == {"comparison": made.id}
    assert resources().store.delete(tab.session.owner, made.id) == 1
    assert "Nothing here yet" in tab.go("history").text


def test_a_shared_comparison_is_read_with_all_its_panes(tab: Tab) -> None:
    made = keep(tab.open())
    share = resources().store.share(tab.session.owner, made.id)
    assert share is not None
    other = Tab().open("shared", t=share.token)
    assert other.title == r"Which colour\?"
    assert "Crimson." in other.text
    assert "Turquoise." in other.text
    assert "Phi-3 medium 4k" in other.text
    resources().store.revoke(tab.session.owner, share.id)
    assert other.run().title == "This link does not work"
