"""ChatGPT's export: branches, endings and times are read; what is left out is counted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.conversation import Conversation
from playground.messages import Role
from playground.reply import Status
from playground.transfer import ImportResult, Source, TransferError, read_conversations
from playground.transfer.archive import written_archive
from tests.unit.transfer.samples import AT


def message(role: str, *parts: Any, **more: Any) -> dict[str, Any]:
    """Return a message as the export holds it."""
    kind = more.pop("content_type", "text")
    return {
        "id": "m",
        "author": {"role": role, "name": None, "metadata": {}},
        "create_time": more.pop("create_time", AT),
        "content": {"content_type": kind, "parts": list(parts), **more.pop("content", {})},
        "status": "finished_successfully",
        "end_turn": True,
        "weight": 1.0,
        "metadata": {"model_slug": "gpt-4o", **more.pop("metadata", {})},
        "recipient": "all",
        **more,
    }


def node(node_id: str, parent: str | None, said: Any, *children: str) -> tuple[str, dict[str, Any]]:
    return node_id, {"id": node_id, "message": said, "parent": parent, "children": list(children)}


def chat(*nodes: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "title": "A talk",
        "create_time": AT,
        "update_time": AT + 60,
        "mapping": dict(nodes),
        "current_node": nodes[-1][0],
        "conversation_id": "8c5e",
        **more,
    }


def line(*messages: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return nodes that follow one another."""
    return [
        node(f"n{n}", f"n{n - 1}" if n else None, said, f"n{n + 1}")
        for n, said in enumerate(messages)
    ]


def read(*chats: Any) -> ImportResult:
    return read_conversations(json.dumps(list(chats)).encode())


def only(*chats: Any) -> Conversation:
    (found,) = read(*chats).conversations
    return found


def spoken(conversation: Conversation) -> list[tuple[Role, str]]:
    return [(turn.role, turn.content) for turn in conversation.path()]


SYSTEM = message("system", "", metadata={"is_visually_hidden_from_conversation": True})
TREE = chat(
    node("root", None, None, "sys"),
    node("sys", "root", SYSTEM, "q1"),
    # The second answer stands first in the mapping, as it may.
    node("a1b", "q1", message("assistant", "It is Paris.", create_time=AT + 2)),
    node("q1", "sys", message("user", "Capital of France?"), "a1", "a1b"),
    node("a1", "q1", message("assistant", "Paris.", create_time=AT + 1), "q2"),
    node("q2", "a1", message("user", "And Spain?", create_time=AT + 3), "a2"),
    node("a2", "q2", message("assistant", "Madrid.", create_time=AT + 4)),
)


def test_the_tree_is_read_with_its_branches_and_the_one_that_was_shown() -> None:
    result = read(TREE)
    (got,) = result.conversations
    assert result.source is Source.CHATGPT
    assert result.left_out == ()
    assert result.summary() == "1 conversation with 5 messages from ChatGPT."
    assert (got.title, got.created_at, got.updated_at) == ("A talk", AT, AT + 60)
    assert spoken(got) == [
        (Role.USER, "Capital of France?"),
        (Role.ASSISTANT, "Paris."),
        (Role.USER, "And Spain?"),
        (Role.ASSISTANT, "Madrid."),
    ]
    answer = got.path()[1]
    assert [t.content for t in got.alternatives(answer.id)] == ["Paris.", "It is Paris."]
    assert answer.created_at == AT + 1
    assert answer.run is not None
    assert (answer.run.model, answer.run.connection_label) == ("gpt-4o", "imported from ChatGPT")
    assert answer.run.system_message == ""
    assert not answer.run.scripted


def test_the_shown_branch_is_the_one_of_the_current_node() -> None:
    assert spoken(only(TREE | {"current_node": "a1b"}))[-1] == (Role.ASSISTANT, "It is Paris.")
    assert spoken(only(TREE | {"current_node": "gone"}))[-1] == (Role.ASSISTANT, "Madrid.")


def test_ids_are_new_so_that_nobody_can_choose_them() -> None:
    got, again = only(TREE), only(TREE)
    assert got.id not in (again.id, "8c5e")
    assert not {t.id for t in got.turns} & {"q1", "a1", "a2", *(t.id for t in again.turns)}


def test_a_single_conversation_and_the_archive_as_it_is_sent_are_read_too() -> None:
    assert read_conversations(json.dumps(TREE).encode()).messages == 5
    result = read_conversations(
        written_archive(
            [
                ("conversations-000.json", json.dumps([TREE]).encode()),
                ("conversations-001.json", json.dumps([TREE]).encode()),
                ("shared_conversations.json", b'[{"id": "x", "title": "t"}]'),
                ("user.json", b'{"email": "a@b.example"}'),
                ("chat.html", b"<html></html>"),
                ("file-1.png", b"\x89PNG"),
            ]
        )
    )
    assert (len(result.conversations), result.messages) == (2, 10)
    assert result.left_out == ("4 other files in the archive were left out.",)


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (message("tool", "result"), "1 message to or from a tool"),
        (message("assistant", "search('x')", recipient="browser"), "1 message to or from a tool"),
        (
            message("assistant", content_type="code", content={"text": "f()"}, recipient="python"),
            "1 message to or from a tool",
        ),
        (message("tool", content_type="execution_output"), "1 message to or from a tool"),
        (
            message("assistant", content_type="thoughts", content={"thoughts": []}),
            "1 passage of a model's reasoning",
        ),
        (message("assistant", content_type="reasoning_recap"), "1 passage of a model's reasoning"),
        (message("system", "Be brief."), "1 hidden or system message"),
        (
            message("user", "x", metadata={"is_visually_hidden_from_conversation": True}),
            "1 hidden or system message",
        ),
        (message("critic", "Hm."), "1 message by neither a person nor a model"),
        (message("assistant", "x", content_type="hologram"), "1 message of a kind"),
        (
            message(
                "user", {"content_type": "image_asset_pointer"}, content_type="multimodal_text"
            ),
            "1 image or other attachment",
        ),
        (["no message"], "1 message could not be read"),
    ],
)
def test_what_is_left_out_is_counted_and_its_followers_stay(left_out: Any, said: str) -> None:
    result = read(chat(*line(message("user", "One"), left_out, message("assistant", "Two"))))
    (got,) = result.conversations
    assert [turn.content for turn in got.path()] == ["One", "Two"]
    assert len(result.left_out) == 1
    assert result.left_out[0].startswith(said)


def test_text_beside_an_image_and_spoken_words_are_kept() -> None:
    parts = [
        {"content_type": "image_asset_pointer", "asset_pointer": "file-service://x"},
        {"content_type": "audio_transcription", "text": "Spoken."},
        "Typed.",
    ]
    said = message(
        "user",
        *parts,
        content_type="multimodal_text",
        metadata={"attachments": [{"mime_type": "image/png"}, {"mimeType": "text/csv"}]},
    )
    result = read(chat(*line(said)))
    assert spoken(result.conversations[0]) == [(Role.USER, "Spoken.\n\nTyped.")]
    assert result.left_out == ("2 images and other attachments were left out.",)


def test_code_that_the_model_said_is_a_block_of_code() -> None:
    said = message("assistant", content_type="code", content={"language": "python", "text": "f()"})
    assert spoken(only(chat(*line(said)))) == [(Role.ASSISTANT, "```python\nf()\n```")]


def test_marks_of_citations_are_taken_out_and_counted() -> None:
    text = "It rains. \ue200cite\ue202turn0search1\ue201 Often\ue200unclosed."
    result = read(chat(*line(message("assistant", text))))
    assert spoken(result.conversations[0]) == [(Role.ASSISTANT, "It rains. Often\ue200unclosed.")]
    assert result.left_out == ("1 mark of a citation was taken out of a text.",)


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({}, Status.COMPLETED),
        ({"metadata": {"finish_details": {"type": "stop"}}}, Status.COMPLETED),
        ({"metadata": {"finish_details": {"type": "max_tokens"}}}, Status.TRUNCATED),
        ({"metadata": {"finish_details": {"type": "interrupted"}}}, Status.STOPPED),
        ({"status": "finished_partial_completion"}, Status.STOPPED),
        ({"status": "in_progress"}, Status.INTERRUPTED),
    ],
)
def test_how_an_answer_ended_is_kept(more: dict[str, Any], status: Status) -> None:
    reply = only(chat(*line(message("assistant", "Hm", **more)))).turns[0].reply
    assert reply is not None
    assert reply.status is status


def test_an_answer_parted_by_a_tool_is_joined() -> None:
    got = only(
        chat(
            *line(
                message("user", "Weather?"),
                message("assistant", "Let me look."),
                message("assistant", "search()", recipient="browser"),
                message("tool", "rain"),
                message("assistant", "Rain.", metadata={"finish_details": {"type": "max_tokens"}}),
                message("user", "Thanks"),
            )
        )
    )
    assert spoken(got) == [
        (Role.USER, "Weather?"),
        (Role.ASSISTANT, "Let me look.\n\nRain."),
        (Role.USER, "Thanks"),
    ]
    reply = got.turns[1].reply
    assert reply is not None
    assert reply.status is Status.TRUNCATED


def test_answers_that_branch_are_not_joined() -> None:
    got = only(
        chat(
            node("a", None, message("assistant", "Start"), "b", "c"),
            node("b", "a", message("assistant", "One")),
            node("c", "a", message("assistant", "Two")),
        )
    )
    assert spoken(got) == [(Role.ASSISTANT, "Start"), (Role.ASSISTANT, "Two")]
    assert len(got.turns) == 3


def test_missing_and_impossible_dates_are_those_of_what_came_before() -> None:
    result = read(
        chat(
            *line(
                message("user", "One", create_time=AT + 5),
                message("assistant", "Two", create_time=None),
                message("user", "Three", create_time=1e300),
                message("assistant", "Four", create_time=-5),
                message("user", "Five", create_time=(AT + 9) * 1000),
            )
        )
    )
    times = [turn.created_at for turn in result.conversations[0].path()]
    assert times == [AT + 5, AT + 5, AT + 5, AT + 5, AT + 9]
    assert result.left_out[0].startswith("3 dates were missing or impossible")


def test_orphans_begin_branches_of_their_own() -> None:
    result = read(
        chat(
            node("a", "gone", message("user", "One"), "b"),
            node("b", "a", message("assistant", "Two")),
        )
    )
    assert spoken(result.conversations[0]) == [(Role.USER, "One"), (Role.ASSISTANT, "Two")]
    assert result.left_out == (
        "1 message whose predecessor is missing begins a branch of its own.",
    )


def test_one_bad_conversation_does_not_spoil_the_others() -> None:
    circle = chat(
        node("a", "b", message("user", "One"), "b"), node("b", "a", message("user", "Two"), "a")
    )
    empty = chat(node("root", None, None))
    result = read(circle, TREE, empty, "nonsense", {"mapping": []})
    assert result.messages == 5
    assert result.left_out == (
        "1 conversation without any message was left out.",
        "1 conversation was left out: its messages follow each other in a circle.",
        "2 conversations could not be read and were left out.",
    )


def test_a_file_of_which_nothing_can_be_read_is_refused_with_the_reasons() -> None:
    with pytest.raises(TransferError, match="No conversation") as caught:
        read(chat(node("a", "a", message("user", "One"))))
    assert "circle" in caught.value.detail


def test_titles_are_one_short_line_and_stars_are_pins() -> None:
    got = only(TREE | {"title": " A\n\tlong " + "x" * 5000, "is_starred": True})
    assert got.title == "A long " + "x" * 193
    assert (got.title_edited, got.pinned) == (True, True)
    assert only(TREE | {"title": None}).title == ""
