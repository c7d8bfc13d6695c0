"""The compare page without a browser: what is asked, kept, shared and opened."""

from __future__ import annotations

from dataclasses import replace

from components.resources import resources
from playground.messages import Role
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


def test_a_pane_goes_on_as_a_chat_set_up_as_the_pane_is_now(tab: Tab) -> None:
    tab.open("compare").send("What is the capital of France?")
    comparison = tab.session.compared.comparison
    assert comparison is not None
    # Another model than was asked, so that it is not taken from what was said.
    pane = replace(comparison.panes[0], model="Phi-3-medium-4k-instruct")
    resources().store.save_comparison(tab.session.owner, comparison.changed(pane))
    key = f"pane_menu_{pane.id}"
    tab.at.menu_button(key=key).click("Continue as a chat")
    address = tab.run().address
    tab.at.switch_page("../pages/chat.py")
    tab.at.query_params = {"c": address["c"]}
    assert "Paris" in tab.run().said[1]
    assert tab.session.model == pane.model


def test_a_pane_that_comes_later_is_asked_what_the_others_were(tab: Tab) -> None:
    """As one prompt with theirs, so that its answer is compared with those that are there."""
    tab.open("compare").send("Hello!").send("What is the capital of France?")
    comparison = tab.session.compared.comparison
    assert comparison is not None
    first = comparison.panes[0].id
    tab.at.menu_button(key=f"pane_menu_{first}").click("Duplicate")
    later = tab.run().session.compared.comparison
    assert later is not None
    (new,) = [pane.id for pane in later.panes if comparison.pane(pane.id) is None]
    tab.click(f"catch_up_{new}")
    assert not tab.has(f"catch_up_{new}")
    found = resources().comparing.view(tab.session.owner, later)
    (asked, answered) = found[new].path()
    assert "Paris" in answered.content
    assert asked.text == "What is the capital of France?"
    assert asked.id == found[first].path()[2].id, "the same prompt"


def test_a_prompt_set_is_asked_by_itself_prompt_after_prompt(tab: Tab) -> None:
    tab.open("compare")
    tab.at.session_state["prompts"] = True  # the popover, opened
    tab.run()
    assert not tab.has("prompt_set_ask"), "there is nothing to ask yet"
    tab.choose("prompt_set_text_0", "What is the capital of France?\nHello!\nTell me a joke.")
    tab.click("prompt_set_take").click("prompt_set_ask")
    (comparison,) = resources().store.comparisons(tab.session.owner)
    for pane in comparison.panes:
        kept_pane = resources().store.get(tab.session.owner, pane.id)
        assert kept_pane is not None
        asked = [turn.text for turn in kept_pane.path() if turn.role is Role.USER]
        assert asked == ["What is the capital of France?", "Hello!", "Tell me a joke."]
    tab.at.session_state["prompts"] = True
    tab.run()
    assert "Ask them one after another" in tab.text, "all were asked, and may be again"


def test_a_set_ends_where_no_pane_gets_an_answer(tab: Tab) -> None:
    tab.open("compare")
    tab.at.session_state["prompts"] = True
    tab.run()
    tab.choose("prompt_set_text_0", "Hello!\n/scenario unauthorized\nTell me a joke.")
    tab.click("prompt_set_take").click("prompt_set_ask")
    assert "Tell me a joke." not in tab.prompts
    tab.at.session_state["prompts"] = True
    assert "Ask the 1 that is left" in tab.run().text


def test_a_sweep_leaves_its_panel_and_says_what_it_refuses(tab: Tab) -> None:
    tab.open("compare")
    tab.at.session_state["sweep"] = True
    tab.run().choose("sweep_parameter", "seed")
    tab.choose("sweep_values", "1, 2.5").click("make_sweep")
    assert "Change or remove the value 2.5." in tab.alerts[0]
    tab.choose("sweep_values", "").click("make_sweep")
    assert "Values that were given: 0." in tab.alerts[0]
    tab.choose("sweep_values", "1, 2").click("make_sweep")
    assert not tab.has("make_sweep"), "the panel would cover the panes"
    comparison = tab.session.compared.comparison
    assert comparison is not None
    assert len(comparison.panes) == 2


def test_the_votes_are_read_beside_the_panes_when_the_blind_test_has_ended(tab: Tab) -> None:
    tab.open("compare").click("blind_begin")
    assert "Ask the first prompt" in tab.text
    tab.send("What is the capital of France?").click("vote_a").click("blind_end")
    assert "The votes so far" in tab.text
    assert "Ask both panes" in tab.text
