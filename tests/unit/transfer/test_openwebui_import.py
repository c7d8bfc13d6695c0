"""Open WebUI's export: branches, errors and counts are read; what is left out is counted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.conversation import Conversation, Turn
from playground.events import Usage
from playground.messages import Role
from playground.reply import Reply, Status
from playground.transfer import ImportResult, Source, read_conversations
from tests.unit.transfer.samples import AT


def said(role: str, content: Any, parent: str | None, **more: Any) -> dict[str, Any]:
    return {
        "parentId": parent,
        "childrenIds": [],
        "role": role,
        "content": content,
        "timestamp": int(AT),
        **more,
    }


def chat(messages: dict[str, Any], current: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "id": "1b9d",
        "user_id": "u",
        "title": "A talk",
        "chat": {
            "id": "",
            "title": "A talk",
            "models": ["llama3"],
            "params": {},
            "history": {"messages": messages, "currentId": current or list(messages)[-1]},
            "messages": [],
            "tags": [],
            "timestamp": int(AT) * 1000,
            "files": [],
            **more.pop("chat", {}),
        },
        "created_at": int(AT),
        "updated_at": int(AT) + 60,
        "pinned": True,
        **more,
    }


def read(*chats: Any) -> ImportResult:
    return read_conversations(json.dumps(list(chats)).encode())


def answer(content: Any, **more: Any) -> tuple[Turn, Reply, ImportResult]:
    """Return the turn and the reply that a message becomes."""
    result = read(chat({"a": said("assistant", content, None, model="llama3:8b", **more)}))
    turn = result.conversations[0].turns[0]
    assert turn.reply is not None
    return turn, turn.reply, result


def spoken(conversation: Conversation) -> list[tuple[Role, str]]:
    return [(turn.role, turn.content) for turn in conversation.path()]


TREE = chat(
    {
        "q1": said("user", "Capital of France?", None, childrenIds=["a1", "a1b"], models=["m"]),
        "a1b": said("assistant", "It is Paris.", "q1", model="phi3", modelName="Phi 3", done=True),
        "a1": said("assistant", "Paris.", "q1", model="llama3:8b", childrenIds=["q2"]),
        "q2": said("user", "And Spain?", "a1"),
    }
)


def test_the_tree_is_read_with_its_branches_and_the_one_that_was_shown() -> None:
    result = read(TREE)
    (got,) = result.conversations
    assert result.source is Source.OPEN_WEBUI
    assert result.left_out == ()
    assert (got.title, got.created_at, got.updated_at) == ("A talk", AT, AT + 60)
    assert (got.title_edited, got.pinned) == (True, True)
    assert spoken(got) == [
        (Role.USER, "Capital of France?"),
        (Role.ASSISTANT, "Paris."),
        (Role.USER, "And Spain?"),
    ]
    both = got.alternatives(got.path()[1].id)
    assert [t.content for t in both] == ["Paris.", "It is Paris."]
    assert [t.run.model for t in both if t.run] == ["llama3:8b", "phi3"]
    assert got.id != "1b9d"


def test_a_single_chat_comes_also_without_what_the_server_knows() -> None:
    result = read_conversations(json.dumps(TREE["chat"]).encode())
    assert result.messages == 4
    assert result.conversations[0].created_at == AT


def test_the_oldest_form_has_a_list_and_no_tree() -> None:
    messages = [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}]
    old = {"title": "Old", "chat": {"title": "Old", "models": ["m"], "messages": messages}}
    result = read(old)
    assert spoken(result.conversations[0]) == [(Role.USER, "One"), (Role.ASSISTANT, "Two")]
    assert "dates" in result.left_out[0]


def test_reasoning_and_tool_calls_within_an_answer_are_left_out_and_counted() -> None:
    _, reply, result = answer(
        '<details type="reasoning" done="true" duration="3">\n<summary>Thought</summary>\n> Hm.\n'
        "</details>\nParis.\n<details>\n<summary>More</summary>\nKept.\n</details>\n"
        '<details id="1" type="tool_calls" name="search">\n</details>'
    )
    assert reply.text == "Paris.\n<details>\n<summary>More</summary>\nKept.\n</details>"
    assert result.left_out == (
        "1 message to or from a tool (search, code, a plugin) was left out.",
        "1 passage of a model's reasoning was left out.",
    )


def test_an_element_without_an_end_is_left_as_it_is() -> None:
    text = '<details type="reasoning">It goes on'
    assert answer(text)[1].text == text


@pytest.mark.parametrize(
    ("content", "more", "status", "detail"),
    [
        ("Done", {"done": True}, Status.COMPLETED, None),
        ("Done", {}, Status.COMPLETED, None),
        ("Half", {"done": False}, Status.INTERRUPTED, None),
        ("Half", {"error": {"content": "Out of memory"}}, Status.INTERRUPTED, "Out of memory"),
        ("", {"error": "Out of memory"}, Status.FAILED, "Out of memory"),
        ("", {"error": True}, Status.FAILED, ""),
    ],
)
def test_how_an_answer_ended_is_kept(
    content: str, more: dict[str, Any], status: Status, detail: str | None
) -> None:
    _, reply, _ = answer(content, **more)
    assert reply.status is status
    assert (reply.error and reply.error.detail) == detail


@pytest.mark.parametrize(
    "more",
    [
        {"usage": {"prompt_tokens": 12, "completion_tokens": 34}},
        {"info": {"prompt_eval_count": 12, "eval_count": 34, "total_duration": 5}},
        {"usage": {"input_tokens": 12, "output_tokens": 34}},
    ],
)
def test_token_counts_are_kept_whatever_the_server_called_them(more: dict[str, Any]) -> None:
    assert answer("Hi", **more)[1].usage == Usage(12, 34)


@pytest.mark.parametrize("bad", [-1, 2**70, "12", None, 1.5, True])
def test_token_counts_that_are_none_are_left_out(bad: Any) -> None:
    usage = {"prompt_tokens": bad, "completion_tokens": 3}
    assert answer("Hi", usage=usage)[1].usage is None


def test_files_other_roles_and_system_prompts_are_counted() -> None:
    result = read(
        chat(
            {
                "s": said("system", "Be brief.", None),
                "q": said(
                    "user",
                    [
                        {"type": "text", "text": "Look:"},
                        {"type": "image_url", "image_url": {"url": "data:image/png;base64,x"}},
                    ],
                    "s",
                    files=[{"type": "file"}, {"type": "image"}],
                ),
                "t": said("tool", "x", "q"),
                "n": said("narrator", "x", "q"),
                "x": "nonsense",
                "a": said("assistant", "Nice.", "t"),
            },
            chat={"system": "Be kind.", "files": [{"id": "f"}]},
        )
    )
    assert spoken(result.conversations[0]) == [(Role.USER, "Look:"), (Role.ASSISTANT, "Nice.")]
    assert result.left_out == (
        "4 images and other attachments were left out.",
        "1 message to or from a tool (search, code, a plugin) was left out.",
        "2 hidden or system messages were left out.",
        "1 message by neither a person nor a model was left out.",
        "1 message could not be read and was left out.",
    )


def test_a_circle_is_left_out_and_the_rest_is_read() -> None:
    circle = chat({"a": said("user", "One", "b"), "b": said("user", "Two", "a")})
    result = read(circle, TREE)
    assert result.messages == 4
    assert result.left_out == (
        "1 conversation was left out: its messages follow each other in a circle.",
    )
