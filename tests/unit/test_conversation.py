"""The tree of turns: branches, what is sent of it, and that nothing said is lost."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.conversation import TITLE_LENGTH, Conversation, Turn, new_id, title_from
from playground.messages import Message, Role
from playground.parameters import DEFAULT_SYSTEM_MESSAGE
from playground.reply import Reply, Status


def user(turn_id: str, parent: str | None, text: str) -> Turn:
    return Turn(turn_id, parent, Role.USER, text, created_at=1.0)


def answer(turn_id: str, parent: str, text: str) -> Turn:
    reply = Reply(Status.COMPLETED, text=text)
    return Turn(turn_id, parent, Role.ASSISTANT, created_at=2.0, reply=reply)


def conversation(*turns: Turn) -> Conversation:
    made = Conversation(id="c")
    for turn in turns:
        made = made.with_turn(turn)
    return made


# Asked twice in the first turn, then a second turn under the first answer.
TREE = conversation(
    user("q1", None, "Capital of France?"),
    answer("a1", "q1", "Paris."),
    answer("a1b", "q1", "It is Paris."),
    user("q2", "a1", "And Spain?"),
    answer("a2", "q2", "Madrid."),
)


def test_ids_are_unguessable_and_safe_in_a_url() -> None:
    ids = {new_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", made) for made in ids)
    assert Conversation().id != Conversation().id


def test_a_turn_is_found_by_its_id() -> None:
    found = TREE.turn("q2")
    assert found is not None
    assert found.content == "And Spain?"
    assert TREE.turn("q9") is None
    assert TREE.turn(None) is None


def test_what_was_said_is_the_text_of_a_prompt_and_the_reply_of_an_answer() -> None:
    assert user("q", None, "Hi").content == "Hi"
    assert answer("a", "q", "Hello").content == "Hello"


# The branch on the page.


def test_the_path_leads_from_the_first_turn_to_the_leaf() -> None:
    assert [t.id for t in TREE.path()] == ["q1", "a1", "q2", "a2"]


@pytest.mark.parametrize(
    ("leaf", "ids"),
    [
        ("a1b", ["q1", "a1b"]),
        ("q2", ["q1", "a1", "q2"]),
        ("q1", ["q1"]),
        ("unknown", []),
    ],
)
def test_the_path_to_any_turn(leaf: str, ids: list[str]) -> None:
    assert [t.id for t in TREE.path(leaf)] == ids


def test_an_empty_conversation_has_an_empty_path() -> None:
    assert Conversation().path() == ()


def test_alternatives_share_a_parent_oldest_first() -> None:
    assert [t.id for t in TREE.alternatives("a1b")] == ["a1", "a1b"]
    assert [t.id for t in TREE.alternatives("a1")] == ["a1", "a1b"]
    assert [t.id for t in TREE.alternatives("q2")] == ["q2"]
    assert TREE.alternatives("unknown") == ()


def test_an_edited_first_prompt_is_an_alternative_of_the_first() -> None:
    edited = TREE.with_turn(user("q1b", None, "Capital of Peru?"))
    assert [t.id for t in edited.alternatives("q1")] == ["q1", "q1b"]
    assert [t.id for t in edited.path()] == ["q1b"]


# Changing.


def test_a_new_turn_is_the_leaf_and_dates_the_conversation() -> None:
    added = TREE.with_turn(Turn("q3", "a2", Role.USER, "Thanks", created_at=9.0))
    assert (added.leaf, added.updated_at) == ("q3", 9.0)
    assert added.turns[:-1] == TREE.turns
    assert TREE.leaf == "a2"


def test_a_reply_is_replaced_in_its_turn_only() -> None:
    changed = TREE.with_reply("a1", Reply(text="Lyon?"))
    assert [t.content for t in changed.turns] == [
        "Capital of France?",
        "Lyon?",
        "It is Paris.",
        "And Spain?",
        "Madrid.",
    ]
    assert (changed.leaf, changed.updated_at) == (TREE.leaf, TREE.updated_at)
    assert TREE.with_reply("unknown", Reply()) == TREE


@given(st.lists(st.tuples(st.sampled_from(["ask", "again", "edit"]), st.integers(0, 99))))
def test_asking_and_asking_again_in_any_order_never_loses_a_turn(
    steps: list[tuple[str, int]],
) -> None:
    made = Conversation()
    for number, (kind, pick) in enumerate(steps):
        before = made
        replies = [t for t in made.turns if t.role is Role.ASSISTANT]
        prompts = [t for t in made.turns if t.role is Role.USER]
        if kind == "again" and replies:
            parent = replies[pick % len(replies)].parent
            assert parent is not None
            made = made.with_turn(answer(f"a{number}", parent, f"answer {number}"))
        else:
            parent = made.leaf
            if kind == "edit" and prompts:
                parent = prompts[pick % len(prompts)].parent
            made = made.with_turn(user(f"q{number}", parent, f"question {number}"))
            made = made.with_turn(answer(f"a{number}", f"q{number}", f"answer {number}"))
        assert made.turns[: len(before.turns)] == before.turns
    for turn in made.turns:
        path = made.path(turn.id)
        assert path[-1] == turn
        assert path[0].parent is None
        assert [t.role for t in path] == [Role.USER, Role.ASSISTANT] * (len(path) // 2) + [
            Role.USER
        ] * (len(path) % 2)
        assert turn in made.alternatives(turn.id)
    leaves = {t.id for t in made.turns} - {t.parent for t in made.turns}
    assert {t.id for leaf in leaves for t in made.path(leaf)} == {t.id for t in made.turns}


# What is sent.


def test_the_whole_branch_is_sent_after_the_system_message() -> None:
    assert TREE.messages("q2", "Be short.") == (
        Message(Role.SYSTEM, "Be short."),
        Message(Role.USER, "Capital of France?"),
        Message(Role.ASSISTANT, "Paris."),
        Message(Role.USER, "And Spain?"),
    )


def test_nothing_of_another_branch_is_sent() -> None:
    asked = TREE.with_turn(user("q3", "a1b", "Sure?"))
    sent = [m.content for m in asked.messages("q3", "")]
    assert sent == ["Capital of France?", "It is Paris.", "Sure?"]


@pytest.mark.parametrize("system_message", ["", " ", "\n\t "])
def test_a_blank_system_message_is_not_sent(system_message: str) -> None:
    assert TREE.messages("q1", system_message) == (Message(Role.USER, "Capital of France?"),)


def test_the_system_message_is_sent_as_it_was_written() -> None:
    assert TREE.messages("q1", "  Be short.\n")[0].content == "  Be short.\n"


def test_a_reply_without_text_is_not_sent() -> None:
    made = conversation(
        user("q1", None, "One"),
        Turn("a1", "q1", Role.ASSISTANT, reply=Reply(Status.FAILED)),
        user("q2", "a1", "Two"),
    )
    assert [m.content for m in made.messages("q2", DEFAULT_SYSTEM_MESSAGE)] == [
        DEFAULT_SYSTEM_MESSAGE,
        "One",
        "Two",
    ]


def test_the_text_of_a_stopped_reply_is_sent() -> None:
    made = conversation(
        user("q1", None, "One"),
        Turn("a1", "q1", Role.ASSISTANT, reply=Reply(Status.STOPPED, text="Half of")),
        user("q2", "a1", "Go on"),
    )
    assert [m.content for m in made.messages("q2", "")] == ["One", "Half of", "Go on"]


# What is folded and what is left out.


def test_a_folded_system_message_stands_at_the_head_of_the_first_prompt() -> None:
    assert TREE.messages("q2", "Be short.", fold_system=True) == (
        Message(Role.USER, "Be short.\n\nCapital of France?"),
        Message(Role.ASSISTANT, "Paris."),
        Message(Role.USER, "And Spain?"),
    )


def test_one_blank_line_parts_a_folded_system_message_from_the_prompt() -> None:
    sent = TREE.messages("q1", "  Be short.\n\n\n", fold_system=True)
    assert sent == (Message(Role.USER, "  Be short.\n\nCapital of France?"),)


def test_a_blank_system_message_is_not_folded_either() -> None:
    assert TREE.messages("q1", " \n", fold_system=True) == TREE.messages("q1", "")


def test_what_is_left_out_is_not_sent_and_the_rest_is() -> None:
    assert TREE.messages("q2", "Be short.", leave_out={"q1", "a1"}) == (
        Message(Role.SYSTEM, "Be short."),
        Message(Role.USER, "And Spain?"),
    )


def test_the_system_message_is_folded_into_the_first_prompt_that_is_sent() -> None:
    sent = TREE.messages("q2", "Be short.", fold_system=True, leave_out={"q1", "a1"})
    assert sent == (Message(Role.USER, "Be short.\n\nAnd Spain?"),)
    without_prompt = TREE.messages("q2", "Be short.", fold_system=True, leave_out={"q1"})
    assert [m.content for m in without_prompt] == ["Paris.", "Be short.\n\nAnd Spain?"]


def test_a_system_message_that_finds_no_prompt_to_be_folded_into_is_one() -> None:
    assert TREE.messages("a1", "Be short.", fold_system=True, leave_out={"q1"}) == (
        Message(Role.USER, "Be short."),
        Message(Role.ASSISTANT, "Paris."),
    )


def test_the_parts_of_a_continued_reply_are_joined_and_two_replies_are_not_run_together() -> None:
    made = conversation(
        user("q1", None, "Count"),
        answer("a1", "q1", "One, t"),
        answer("a2", "a1", "wo."),
        user("q2", "a2", "On"),
        answer("a3", "q2", "Three."),
    )
    assert [m.content for m in made.messages("a3", "")] == ["Count", "One, two.", "On", "Three."]
    parted = made.messages("a3", "", leave_out={"q2"})
    assert [m.content for m in parted] == ["Count", "One, two.\n\nThree."]


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Return a tree in which any kind of turn may follow any other."""
    made = Conversation(id="c")
    for number in range(draw(st.integers(1, 9))):
        parents = [t.id for t in made.turns]
        parent = draw(st.sampled_from(parents[-2:])) if parents else None
        text = draw(st.sampled_from(["", f"<{number}>"]))
        if draw(st.booleans()):
            made = made.with_turn(user(f"t{number}", parent, text))
        else:
            made = made.with_turn(answer(f"t{number}", parent or "", text))
    return made


@given(
    made=conversations(),
    system_message=st.sampled_from(["", " \n", "Be short.", "Be\nshort.\n"]),
    fold=st.booleans(),
    leave_out=st.sets(st.sampled_from([f"t{n}" for n in range(9)])),
)
def test_everything_is_sent_once_and_in_order_but_what_is_left_out(
    *, made: Conversation, system_message: str, fold: bool, leave_out: set[str]
) -> None:
    leaf = made.leaf or ""
    alone = made.messages(leaf, "", fold_system=fold, leave_out=leave_out)
    said = [t.content for t in made.path() if t.id not in leave_out and t.content]
    # Each text names its turn, so that the order and the number of them can be read off.
    assert re.findall(r"<\d>", "".join(m.content for m in alone)) == said
    roles = [m.role for m in alone]
    assert not any(a is b is Role.ASSISTANT for a, b in pairwise(roles))

    sent = made.messages(leaf, system_message, fold_system=fold, leave_out=leave_out)
    if not system_message.strip():
        assert sent == alone
    elif not fold:
        assert sent == (Message(Role.SYSTEM, system_message), *alone)
    elif Role.USER not in roles:
        assert sent == (Message(Role.USER, system_message), *alone)
    else:
        first = roles.index(Role.USER)
        content = f"{system_message.rstrip()}\n\n{alone[first].content}"
        assert sent == (*alone[:first], Message(Role.USER, content), *alone[first + 1 :])


# Titles.


def test_the_first_prompt_is_the_title_and_stays_it() -> None:
    assert TREE.title == "Capital of France?"


def test_a_blank_first_prompt_leaves_the_title_to_the_next() -> None:
    assert conversation(user("q1", None, " \n"), user("q2", "q1", "Hi")).title == "Hi"


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("Hello", "Hello"),
        ("  two\n lines\tand  gaps ", "two lines and gaps"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "…"),
        ("word " * 20, "word " * 11 + "word…"),
        ("a" * 30 + " " + "b" * 29 + " c", "a" * 30 + " " + "b" * 29 + "…"),
        ("a" * 53 + " and, then more", "a" * 53 + " and…"),
        ("", ""),
    ],
)
def test_a_title_is_one_short_line_cut_between_words(prompt: str, title: str) -> None:
    assert title_from(prompt) == title


@given(st.text())
def test_no_prompt_makes_a_long_title_or_one_with_line_breaks(prompt: str) -> None:
    title = title_from(prompt)
    assert len(title) <= TITLE_LENGTH + 1
    assert len(title.splitlines()) <= 1
    assert bool(title) == bool(prompt.strip())
