"""The compare page without a browser: what is asked, kept, shared and opened."""

from __future__ import annotations

from components.resources import resources
from tests.support.tab import Tab


def kept(tab: Tab) -> list[str]:
    """Return the models of the one comparison that the store has."""
    (comparison,) = resources().store.comparisons(tab.session.owner)
    return [pane.model for pane in comparison.panes]


def test_the_first_prompt_keeps_the_comparison_and_goes_to_every_pane(tab: Tab) -> None:
    tab.open("compare")
    assert resources().store.comparisons(tab.session.owner) == ()
    assert "Ask both panes" in tab.text
    tab.click("setup_temperatures").send("What is the capital of France?")
    assert len(kept(tab)) == 3
    assert "Ask all 3 panes" in tab.text
    assert tab.text.count("What is the capital of France?") >= 3
    assert tab.text.count("Paris") >= 3


def test_a_chat_opens_in_two_panes_and_stays_a_chat(tab: Tab) -> None:
    tab.open().send("What is the capital of France?").click("compare")
    tab.go("compare")
    assert len(kept(tab)) == 2
    assert tab.text.count("Paris") >= 2
    assert resources().store.get(tab.session.owner, tab.session.conversation.id) is not None
