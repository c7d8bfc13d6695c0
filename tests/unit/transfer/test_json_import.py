"""Our own format read strictly: what is wrong is named, and nothing is half imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from playground.errors import ChatError
from playground.transfer import TransferError, read_conversations
from playground.transfer.json_export import json_document
from tests.unit.transfer.samples import FULL

Change = Callable[[dict[str, Any]], None]

GROWTH = ("turns", 1, "reply", "growth")


def changed(change: Change) -> bytes:
    """Return an export of the sample with a change made to its document."""
    document = json.loads(json_document(FULL))
    change(document)
    return json.dumps(document).encode()


def conversation(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["conversations"][0]
    return found


def put(value: Any, *path: Any) -> Change:
    """Return a change that puts `value` at a path in the conversation."""

    def change(document: dict[str, Any]) -> None:
        here: Any = conversation(document)
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        pytest.param(put(1, "title"), "conversations[0].title is not text.", id="text"),
        pytest.param(put(None, "title"), "conversations[0].title is not text.", id="null"),
        pytest.param(
            put("x", "turns", 1, "reply", "pieces"),
            "conversations[0].turns[1].reply.pieces is not a whole number from 0 to",
            id="number",
        ),
        pytest.param(
            put(bool(1), "turns", 1, "run"), "turns[1].run is not a whole number", id="true-for-1"
        ),
        pytest.param(
            put(-1.0, "created_at"), "created_at is not a number from 0", id="before-1970"
        ),
        pytest.param(put(1e12, "created_at"), "to 253402300799.", id="year-33658"),
        pytest.param(put(10**400, "created_at"), "created_at is not a number", id="giant-date"),
        pytest.param(
            put(10**100, "turns", 1, "reply", "usage", "prompt_tokens"),
            "prompt_tokens is not a whole number",
            id="giant-count",
        ),
        pytest.param(
            put("running", "turns", 1, "reply", "status"),
            "status is not one of completed, failed, filtered, interrupted, stopped, truncated.",
            id="still-running",
        ),
        pytest.param(put("tool", "turns", 0, "role"), "role is not one of", id="role"),
        pytest.param(put([], "turns", 0, "role"), "role is not one of", id="list-for-name"),
        pytest.param(put("../a", "id"), "conversations[0].id is not an id.", id="id"),
        pytest.param(put("a" * 65, "turns", 0, "id"), "turns[0].id is not an id.", id="long-id"),
        pytest.param(put({}, "turns"), "conversations[0].turns is not a list.", id="list"),
        pytest.param(put([1], "turns"), "turns[0] is not an object.", id="object"),
        pytest.param(
            put(1, "turns", 0, "colour\u202e"),
            "turns[0].colour[U+202E] is not a field of this version of the format.",
            id="unknown-field",
        ),
        pytest.param(
            lambda document: conversation(document).pop("title"),
            "conversations[0].title is not there.",
            id="missing-field",
        ),
        pytest.param(put(1, "pinned"), "pinned is not true or false.", id="truth"),
        pytest.param(put([1], "runs", 0, "left_out"), "left_out[0] is not an id", id="left-out"),
        pytest.param(
            put([0.1, 0.2], *GROWTH, "seconds"),
            "turns[1].reply.growth is not as many times as counts, 1 to 64 of them.",
            id="growth-of-unlike-lists",
        ),
        pytest.param(
            put({"seconds": [], "characters": []}, *GROWTH),
            "growth is not as many times as counts",
            id="growth-of-nothing",
        ),
        pytest.param(
            put({"seconds": [1] * 65, "characters": list(range(1, 66))}, *GROWTH),
            "growth is not as many times as counts",
            id="endless-growth",
        ),
        pytest.param(
            put([0.1, 0.3, 0.2], *GROWTH, "seconds"),
            "growth is not in the order of time, with more characters each time.",
            id="time-that-runs-back",
        ),
        pytest.param(put([1, 2, 2], *GROWTH, "characters"), "with more characters", id="no-growth"),
        pytest.param(
            put([0, 2, 3], *GROWTH, "characters"),
            "growth.characters[0] is not a whole number from 1",
            id="growth-before-the-first-text",
        ),
        pytest.param(put(9, "turns", 1, "run"), "names no run of it.", id="no-such-run"),
        pytest.param(put(0, "turns", 0, "run"), "is no reply and has a run or one.", id="who"),
        pytest.param(put("q1", "turns", 1, "id"), "make no tree", id="same-id-twice"),
        pytest.param(put("a3", "turns", 0, "parent"), "make no tree", id="circle"),
        pytest.param(put("gone", "turns", 1, "parent"), "make no tree", id="orphan"),
        pytest.param(put("q1", "turns", 0, "parent"), "make no tree", id="its-own-parent"),
        pytest.param(put("gone", "leaf"), "make no tree", id="leaf"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: Change, said: str) -> None:
    with pytest.raises(TransferError) as caught:
        read_conversations(changed(change))
    assert said in caught.value.happened
    assert "Nothing was changed" in caught.value.advice


@pytest.mark.parametrize("version", [0, -1, "1", None, True, 1.5, [1]])
def test_a_version_that_is_none_is_refused(version: Any) -> None:
    with pytest.raises(TransferError, match="which version"):
        read_conversations(changed(lambda document: document.update(version=version)))


def test_a_newer_version_is_refused_with_the_way_out() -> None:
    with pytest.raises(TransferError, match="A newer version") as caught:
        read_conversations(changed(lambda document: document.update(version=2, surprise=[])))
    assert "newer version" in caught.value.advice


def test_an_error_of_an_unknown_class_is_a_plain_one_with_its_words() -> None:
    data = changed(put("SolarFlare", "turns", 2, "reply", "error", "name"))
    reply = read_conversations(data).conversations[0].turns[2].reply
    assert reply is not None
    assert type(reply.error) is ChatError
    assert reply.error.detail == "idle for 30 s"


def test_a_file_from_before_growth_was_recorded_is_read() -> None:
    data = changed(lambda document: conversation(document)["turns"][1]["reply"].pop("growth"))
    reply = read_conversations(data).conversations[0].turns[1].reply
    assert reply is not None
    assert reply.growth is None


def test_a_byte_order_mark_does_no_harm() -> None:
    data = b"\xef\xbb\xbf" + json_document(FULL)
    assert read_conversations(data).messages == len(FULL.turns)
