"""Which answers belong together: those to one prompt, wherever it stands in a pane."""

from __future__ import annotations

from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Reply, Status
from playground.rounds import rounds


def pane(pane_id: str, *prompts: str) -> Conversation:
    """A pane that was asked these, each id being the text too; what ends with "…" has no answer."""
    conversation = Conversation(id=pane_id)
    for prompt in prompts:
        parent = conversation.leaf
        asked = Turn(prompt, parent, Role.USER, prompt)
        conversation = conversation.with_turn(asked)
        if not prompt.endswith("…"):
            reply = Reply(Status.COMPLETED, text=f"{pane_id} on {prompt}")
            answer = Turn(f"{pane_id}-{prompt}", prompt, Role.ASSISTANT, reply=reply)
            conversation = conversation.with_turn(answer)
    return conversation


def asked(*panes: Conversation) -> list[str]:
    """Return for each round who answered what."""
    found = rounds([p.id for p in panes], {p.id: p for p in panes})
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    return [" ".join(f"{a.pane_id}:{a.prompt.id}" for a in one.answers) for one in found]


def test_panes_that_were_asked_the_same_share_each_round() -> None:
    assert asked(pane("a", "1", "2"), pane("b", "1", "2")) == ["a:1 b:1", "a:2 b:2"]


def test_a_pane_that_was_added_later_shares_what_it_was_asked() -> None:
    found = asked(pane("a", "1", "2"), pane("b", "1", "2"), pane("c", "2"))
    assert found == ["a:1 b:1", "a:2 b:2 c:2"]


def test_a_prompt_for_one_pane_does_not_shift_the_others() -> None:
    found = asked(pane("a", "1", "own", "2"), pane("b", "1", "2"))
    assert found == ["a:1 b:1", "a:own", "a:2 b:2"]


def test_prompts_of_their_own_are_a_round_by_their_place() -> None:
    found = asked(pane("a", "1", "3"), pane("b", "2", "4"))
    assert found == ["a:1 b:2", "a:3 b:4"]


def test_a_prompt_without_an_answer_takes_its_place_and_no_more() -> None:
    assert asked(pane("a", "1…"), pane("b", "1…")) == []
    assert asked(pane("a", "1", "2"), pane("b", "1", "2…")) == ["a:1 b:1", "a:2"]


def test_prompts_in_different_orders_are_all_there() -> None:
    found = asked(pane("a", "1", "2"), pane("b", "2", "1"))
    assert found == ["a:1", "a:2 b:2", "b:1"]
