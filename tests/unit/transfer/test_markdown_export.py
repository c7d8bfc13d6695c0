"""Markdown: readable, complete, and every text as it was written."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from playground.conversation import Conversation, Run, Turn
from playground.messages import Role
from playground.reply import Reply, Status
from playground.transfer.markdown_export import closed, markdown_document
from tests.unit.transfer.samples import ANSWER, AT, FULL, RUN, conversations


def document(conversation: Conversation = FULL) -> str:
    return markdown_document(conversation, at=AT + 3600).decode()


def one_reply(text: str) -> Conversation:
    reply = Reply(Status.COMPLETED, text=text)
    turn = Turn("a", None, Role.ASSISTANT, created_at=AT, run=RUN, reply=reply)
    return Conversation(id="c", title="T", created_at=AT, turns=(turn,), leaf="a")


def test_the_head_says_what_it_is_and_when() -> None:
    assert document().startswith(
        "# Ahoy: \\<how\\> to \\*greet\\*?\n\nBegun 2026-11-24 08:05 UTC. "
        "Exported from Phi-3 playground 0.1.0 on 2026-11-24 09:05 UTC.\n"
    )


def test_only_the_branch_on_the_page_is_in_it_and_others_are_mentioned() -> None:
    text = document()
    assert "Ahoy! ```" not in text
    assert "Version 1 of 2" in text
    assert "Ahoy! ```" in document(replace(FULL, leaf="a1b"))


def test_a_reply_says_who_how_and_how_fast() -> None:
    (about,) = [row for row in document().splitlines() if "tokens in" in row]
    assert about == (
        "*2026-11-24 08:05 UTC · via My machine · temperature 0.25 · stop '\\#\\#\\#', '\\\\n\\\\n'"
        " · seed 7 · the server says phi3:mini-4k · first token 0.31 s · 50 tokens/s"
        " · 23 tokens in, 101 out · Complete · Version 1 of 2*"
    )


def test_a_reply_says_what_was_not_sent_as_it_stands() -> None:
    run = Run("m", "m", "c", "Mine", folded=True, left_out=("q1", "a1"))
    made = one_reply("Hi")
    made = replace(made, turns=(replace(made.turns[0], run=run),))
    about = "via Mine · system message sent within the first prompt · 2 earlier messages not sent"
    assert about in document(made)


def test_texts_are_verbatim_code_and_all() -> None:
    assert f"\n\n{ANSWER.strip()}\n\n---\n" in document()
    assert "\n\nHow do I greet?\n  <script>alert(1)</script>\n\n---\n" in document()


def test_scripted_replies_endings_and_errors_are_marked() -> None:
    text = document()
    assert text.count("> **Scripted demo reply: no model wrote this.**") == 1
    assert "> **Cut off at max tokens**" in text
    assert "> **Failed: no answer came**" in text
    assert "> **The server's limit is reached**\n>\n> The server takes no more requests" in text


def test_the_system_message_stands_where_it_changes() -> None:
    text = document()
    assert text.count("> Answer like a pirate.") == 2
    assert text.count("> You are a helpful assistant.") == 1
    assert document(replace(FULL, leaf="q2")).count("System message") == 1


def test_times_are_in_the_zone_that_was_asked_for() -> None:
    zone = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
    assert "Begun 2026-11-24 13:35 IST." in markdown_document(FULL, at=AT, zone=zone).decode()


@pytest.mark.parametrize(
    ("text", "closer"),
    [
        ("```python\nprint(1)", "```"),
        ("~~~~~\n```\n", "~~~~~"),
        ("Look:\n\n<!-- secret", "-->"),
        ("<pre>\n\na", "</pre>"),
        ("<script>\n\nlet", "</script>"),
        ("<![CDATA[ x", "]]>"),
    ],
)
def test_what_a_text_leaves_open_is_closed(text: str, closer: str) -> None:
    assert closed(text) == f"{text}\n{closer}"


@pytest.mark.parametrize(
    "text", ["```\na\n```", "plain", "- ```\n  a", "> ```", "`a ``` b`", "<b>", "    ```", "a < b"]
)
def test_what_is_closed_is_left_alone(text: str) -> None:
    assert closed(text) == text


def test_a_huge_text_is_one_block_of_code() -> None:
    text = "```\n" + "````\n" * 250_000
    assert closed(text) == f"`````\n{text}\n`````"


PIECES = st.lists(
    st.sampled_from(
        [
            "```",
            "~~~",
            "````",
            "<!--",
            "-->",
            "<pre>",
            "</pre>",
            "<?",
            "<![CDATA[",
            "<script",
            ">",
            "- ",
            "> ",
            "    ",
            "\n",
            "\n\n",
            "a",
            "# ",
            "|",
            "---",
            "\t",
            "1. ",
            "\r\n",
        ]
    ),
    max_size=12,
).map("".join)


@given(PIECES | st.text(max_size=30))
def test_no_text_takes_in_what_comes_after_it(text: str) -> None:
    made = one_reply(text)
    after = replace(made, turns=(*made.turns, Turn("q", "a", Role.USER, "After.", AT)), leaf="q")
    tokens = MarkdownIt("commonmark").parse(document(after))
    headings = [
        inline.content
        for opened, inline in itertools.pairwise(tokens)
        if opened.type == "heading_open" and opened.level == 0
    ]
    assert headings[-1] == "User"
    assert tokens[-2].content == "After."


@given(conversations())
def test_any_conversation_can_be_written(conversation: Conversation) -> None:
    text = document(conversation)
    assert text.startswith("# ")
    assert "\0" not in text


def test_a_conversation_without_anything_is_a_head() -> None:
    text = document(Conversation(id="c", created_at=AT))
    assert text.startswith("# Conversation without a title\n")
    assert "*(empty)*" in document(one_reply(""))
