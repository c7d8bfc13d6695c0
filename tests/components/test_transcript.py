"""The conversation as drawn: how much of it, how each reply ended, what is told about each."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1.element_tree import Block, Node

from components.reply_footer import ENDINGS, seconds
from components.resources import Resources
from components.session import WINDOW
from playground.conversation import Conversation, Run, Turn, new_id
from playground.errors import ConnectionLost, ServerFailed
from playground.events import Usage
from playground.messages import Role
from playground.reply import Reply, Status
from tests.support.tab import Tab

RUN = Run("Phi-3-mini-4k-instruct", "phi3:mini", "workstation", "Workstation")
WHOLE = Reply(status=Status.COMPLETED, text="Yes.", started_at=1.0, elapsed=1.0)

#: What each ending is called under the reply.
WORDS = {
    Status.COMPLETED: "Complete",
    Status.TRUNCATED: "Cut off at max tokens",
    Status.FILTERED: "Ended by the content filter",
    Status.STOPPED: "Stopped by you",
    Status.INTERRUPTED: "Incomplete: the connection was lost",
    Status.FAILED: "Failed",
}


def conversation(*exchanges: tuple[str, Reply], run: Run = RUN) -> Conversation:
    made = Conversation()
    for prompt, reply in exchanges:
        asked = Turn(new_id(), made.leaf, Role.USER, prompt)
        made = made.with_turn(asked)
        made = made.with_turn(Turn(new_id(), asked.id, Role.ASSISTANT, run=run, reply=reply))
    return made


def show(tab: Tab, parts: Resources, made: Conversation) -> Tab:
    """Keep the conversation for the tab's owner, and open it."""
    tab.open()
    assert parts.store.add(tab.session.owner, made) == (made.id,)
    return tab.open(c=made.id)


def footer(tab: Tab, parts: Resources, reply: Reply, run: Run = RUN) -> str:
    """Return the line under this reply."""
    return show(tab, parts, conversation(("Well?", reply), run=run)).said[-1]


def test_only_the_latest_are_drawn_until_earlier_ones_are_wanted(
    tab: Tab, parts: Resources
) -> None:
    exchanges = [(f"question {n}", replace(WHOLE, text=f"answer {n}")) for n in range(40)]
    show(tab, parts, conversation(*exchanges))
    assert len(tab.messages) == WINDOW == 30
    assert tab.prompts[0] == "question 25"
    assert tab.said[-1].startswith("answer 39")
    assert tab.at.button("show_earlier").label == "Show earlier messages (50)"
    tab.click("show_earlier")
    assert len(tab.messages) == 60
    assert tab.at.button("show_earlier").label == "Show earlier messages (20)"
    tab.click("show_earlier")
    assert len(tab.messages) == 80
    assert tab.prompts[0] == "question 0"
    assert not tab.has("show_earlier")
    tab.click("new_chat").open(c=str(tab.session.conversation.id))
    assert tab.session.window == WINDOW, "another conversation begins with its latest again"


def places(block: Block, path: tuple[int, ...] = ()) -> dict[int, tuple[int, ...]]:
    """Return where each group of messages stands on the page, by the number of its first one."""
    found: dict[int, tuple[int, ...]] = {}
    for number, child in block.children.items():
        if isinstance(child, Block):
            here = (*path, number)
            key = re.search(r"messages_(\d+)$", child.proto.id)
            found |= {int(key[1]): here} if key else places(child, here)
    return found


def test_messages_stay_in_their_places_when_earlier_ones_are_left_out(
    tab: Tab, parts: Resources
) -> None:
    """In other places the browser would make all of them anew, which takes most of a second."""
    exchanges = [(f"question {n}", WHOLE) for n in range(60)]
    before = places(show(tab, parts, conversation(*exchanges[:54])).at.main)
    after = places(show(tab, parts, conversation(*exchanges[:56])).at.main)
    assert list(before) == [70, 80, 90, 100]
    assert list(after) == [80, 90, 100, 110]
    assert [after[start] for start in (80, 90, 100)] == [before[start] for start in (80, 90, 100)]


def test_nothing_is_left_of_a_longer_branch(tab: Tab, parts: Resources) -> None:
    """A place that is not drawn would stand there, greyed, until the answer has ended."""
    show(tab, parts, conversation(*[(f"question {n}", WHOLE) for n in range(13)]))
    short = show(tab, parts, conversation(*[(f"question {n}", WHOLE) for n in range(3)]))
    (where,) = places(short.at.main).values()
    shelf: Block | Node = short.at.main
    for number in where[:-1]:
        assert isinstance(shelf, Block)
        shelf = shelf.children[number]
    assert isinstance(shelf, Block)
    groups = [shelf.children[number] for number in sorted(shelf.children)]
    (group, *others) = groups
    assert isinstance(group, Block)
    kinds = [child.type for child in group.children.values()]
    assert kinds == ["chat_message"] * 6 + ["empty"] * 4
    assert [child.type for child in others] == ["empty"] * 2


def test_every_ending_has_words_of_its_own() -> None:
    assert set(ENDINGS) == set(Status)
    assert {status: ENDINGS[status][2] for status in WORDS} == WORDS


@pytest.mark.parametrize("status", WORDS)
def test_each_ending_is_told_in_words_and_keeps_the_text(
    tab: Tab, parts: Resources, status: Status
) -> None:
    line = footer(tab, parts, replace(WHOLE, status=status, text="Some text."))
    assert line.startswith("Some text.")
    told = [words for words in WORDS.values() if words in line]
    assert told == [WORDS[status]]
    failed = status in (Status.FAILED, Status.INTERRUPTED)
    assert (tab.has("retry"), tab.has("regenerate")) == (failed, not failed)


def test_only_the_last_reply_has_buttons(tab: Tab, parts: Resources) -> None:
    show(tab, parts, conversation(("One?", WHOLE), ("Two?", WHOLE)))
    assert [b.key for b in tab.messages[1].button] == []
    assert "regenerate" in [b.key for b in tab.messages[3].button]


@pytest.mark.parametrize("scripted", [True, False])
def test_the_badge_of_the_script_is_for_scripted_replies_only(
    tab: Tab,
    parts: Resources,
    scripted: bool,  # noqa: FBT001 - a case
) -> None:
    line = footer(tab, parts, WHOLE, replace(RUN, scripted=scripted))
    assert ("Scripted demo, no model" in line) == scripted


@pytest.mark.parametrize(
    ("reported", "told"),
    [
        (None, False),
        ("", False),
        ("phi3:mini", False),
        ("PHI3:Mini", False),
        ("Phi-3-mini-4k-instruct", True),
        ("microsoft/phi-3-mini-4k-instruct", True),
    ],
)
def test_the_servers_name_of_the_model_is_told_only_where_it_is_another(
    tab: Tab,
    parts: Resources,
    reported: str | None,
    told: bool,  # noqa: FBT001 - a case
) -> None:
    line = footer(tab, parts, replace(WHOLE, model_reported=reported))
    assert ("the server says" in line) == told
    if told:
        assert f"the server says **{reported}**" in line
    assert "-badge[:material/sync_problem:" not in line, "the model asked for, by another name"


@pytest.mark.parametrize("reported", ["gpt-x", "Phi-3-medium-4k-instruct"])
def test_a_model_that_was_not_asked_for_stands_out(
    tab: Tab, parts: Resources, reported: str
) -> None:
    line = footer(tab, parts, replace(WHOLE, model_reported=reported))
    assert f":orange-badge[:material/sync_problem: Says {reported}]" in line


def test_the_figures_are_the_replys(tab: Tab, parts: Resources) -> None:
    line = footer(
        tab,
        parts,
        replace(WHOLE, first_token_after=0.314, elapsed=4.314, pieces=41, usage=Usage(1234, 81)),
    )
    assert "**Phi-3 mini 4k** via Workstation" in line
    assert "first token 0.31 s" in line
    assert " 20 tokens/s" in line
    assert "1,234 tokens in, 81 out" in line


def test_what_the_server_did_not_count_is_called_about(tab: Tab, parts: Resources) -> None:
    line = footer(tab, parts, replace(WHOLE, first_token_after=1.0, elapsed=5.0, pieces=41))
    assert "~10 tokens/s" in line
    assert "~41 tokens out" in line
    assert "tokens in" not in line


def test_what_was_left_out_of_a_stream_is_told(tab: Tab, parts: Resources) -> None:
    assert "2 unreadable pieces left out" in footer(tab, parts, replace(WHOLE, skipped=2))


def test_a_model_that_is_not_in_the_catalog_is_named_as_text(tab: Tab, parts: Resources) -> None:
    run = replace(RUN, model=":red[x]", connection_label="![i](http://192.0.2.1)")
    line = footer(tab, parts, replace(WHOLE, model_reported="www.example.com <b>"), run)
    assert "**:red[x]** via ![i](http://192.0.2.1)" in line
    raw = str(tab.messages[1].markdown[-1].value)
    assert r"\:" + "\u2060" + r"red\[x\]" in raw
    assert r"\!\[i\]\(http" in raw
    assert "www\u2060" in raw
    assert r"\<b\>" in raw


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_answer_is_called_so(tab: Tab, parts: Resources, text: str) -> None:
    assert "The answer is empty" in footer(tab, parts, replace(WHOLE, text=text))


def test_only_a_whole_answer_is_called_empty(tab: Tab, parts: Resources) -> None:
    stopped = replace(WHOLE, status=Status.STOPPED, text="")
    assert "The answer is empty" not in footer(tab, parts, stopped)


def test_what_a_person_wrote_is_shown_as_it_was_typed(tab: Tab, parts: Resources) -> None:
    typed = "**not bold** :red[x] <b> $x$\n\n    indented"
    show(tab, parts, conversation((typed, WHOLE)))
    (text,) = tab.messages[0].text
    assert text.value == typed, "st.text draws characters, no Markdown"
    assert len(tab.messages[0].markdown) == 0


def test_code_is_drawn_character_by_character(tab: Tab, parts: Resources) -> None:
    reply = replace(WHOLE, text="Look:\n\n```python\nprint('``')  # \\*\n```\n\nDone.")
    show(tab, parts, conversation(("Code?", reply)))
    (code,) = tab.messages[1].code
    assert (code.language, code.value) == ("python", "print('``')  # \\*")
    assert [m.value for m in tab.messages[1].markdown][:2] == ["Look:", "Done."]


def test_a_failure_is_explained_with_what_the_server_said(tab: Tab, parts: Resources) -> None:
    error = ServerFailed(
        "It caught <b>fire</b>.",
        detail="<html>**boom**</html>",
        advice="Call :red[help].",
        status=503,
        code="overheated",
        request_id="req-1",
    )
    reply = replace(WHOLE, status=Status.FAILED, text="", error=error)
    show(tab, parts, conversation(("Well?", reply)))
    (alert,) = tab.alerts
    assert alert == "**The server failed.** It caught <b>fire</b>.\n\nCall :red[help]."
    raw = [*tab.at.warning, *tab.at.error][0].value
    assert r"\<b\>fire\<\/b\>" in raw
    assert r"\:" + "\u2060" + r"red\[help\]" in raw
    assert tab.at.expander[0].label == "What the server said"
    (said,) = tab.at.expander[0].code
    assert said.value == (
        "<html>**boom**</html>\nHTTP status: 503\ncode: overheated\nrequest id: req-1"
    )


def test_where_the_server_said_nothing_there_is_nothing_to_open(tab: Tab, parts: Resources) -> None:
    reply = replace(WHOLE, status=Status.INTERRUPTED, error=ConnectionLost())
    show(tab, parts, conversation(("Well?", reply)))
    assert "What had arrived is kept." in tab.alerts[0]
    assert [e.label for e in tab.messages[1].expander] == []


def test_a_wait_that_the_server_asked_for_is_told(tab: Tab) -> None:
    tab.open().send("/scenario rate-limit-day")
    assert "14 hours 30 minutes" in tab.said[1]


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0, "0.00 s"), (0.314, "0.31 s"), (9.994, "9.99 s"), (12.44, "12.4 s")]
)
def test_seconds_have_the_digits_that_matter(value: float, shown: str) -> None:
    assert seconds(value) == shown
