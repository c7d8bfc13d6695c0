"""Requests are checked as a real server checks them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.demo.asked import Invalid, Sampling, read_asked
from playground.messages import Message, Role
from tests.unit.demo.asking import MINI

ONE = [{"role": "user", "content": "Hello"}]


def read(**body: Any) -> Any:
    return read_asked(json.dumps({"model": MINI, "messages": ONE, **body}).encode())


def refused(raw: bytes) -> Invalid:
    with pytest.raises(Invalid) as caught:
        read_asked(raw)
    return caught.value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"\xff\xfe\xfd",
        b"[]",
        b'"text"',
        b'{"temperature": NaN}',
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_json_object_is_refused(raw: bytes) -> None:
    error = refused(raw)
    assert (error.status, error.code) == (400, "invalid_json")


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("model", 3, "'model'"),
        ("messages", None, "'messages'"),
        ("messages", [], "'messages'"),
        ("messages", "Hello", "'messages'"),
        ("messages", ["Hello"], "'messages[0]'"),
        ("messages", [{"content": "Hello"}], "'messages[0].role'"),
        ("messages", [{"role": "robot", "content": "Hello"}], "'messages[0].role'"),
        ("messages", [{"role": ["user"], "content": "Hello"}], "'messages[0].role'"),
        ("messages", [*ONE, {"role": "user"}], "'messages[1].content'"),
        ("messages", [{"role": "user", "content": [{"type": "image_url"}]}], "text parts"),
        ("messages", [{"role": "user", "content": ["Hello"]}], "text parts"),
        ("temperature", "hot", "'temperature'"),
        ("temperature", True, "'temperature'"),
        ("temperature", -0.1, "'temperature' must be from 0 to 2"),
        ("temperature", 2.1, "'temperature' must be from 0 to 2"),
        ("top_p", 1.01, "'top_p' must be from 0 to 1"),
        ("presence_penalty", -2.5, "'presence_penalty' must be from -2 to 2"),
        ("frequency_penalty", 3, "'frequency_penalty' must be from -2 to 2"),
        ("max_tokens", 0, "'max_tokens' must be at least 1"),
        ("max_tokens", 1.5, "'max_tokens' must be a whole number"),
        ("max_tokens", True, "'max_tokens' must be a whole number"),
        ("max_completion_tokens", "many", "'max_completion_tokens'"),
        ("seed", "seven", "'seed'"),
        ("stop", 7, "'stop'"),
        ("stop", [""], "'stop'"),
        ("stop", ["a", "b", "c", "d", "e"], "at most 4"),
        ("stream", "yes", "'stream'"),
        ("stream_options", {"include_usage": True}, "only allowed when 'stream' is true"),
    ],
)
def test_a_bad_field_is_refused_and_named(field: str, value: Any, named: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(**{field: value})
    assert (caught.value.status, caught.value.code) == (400, "invalid_request")
    assert named in caught.value.message


@pytest.mark.parametrize("options", ["all", {"include_usage": 1}])
def test_bad_stream_options_are_refused(options: Any) -> None:
    with pytest.raises(Invalid):
        read(stream=True, stream_options=options)


@pytest.mark.parametrize("field", ["temperature", "top_p", "max_tokens", "stop", "seed", "stream"])
def test_null_is_the_same_as_left_out(field: str) -> None:
    assert read(**{field: None}).sampling == Sampling()


def test_the_sampling_parameters_are_read() -> None:
    sampling = read(
        temperature=2,
        top_p=0.5,
        max_tokens=7,
        presence_penalty=-2,
        frequency_penalty=2,
        stop="END",
        seed=-1,
    ).sampling
    assert sampling == Sampling(2.0, 0.5, 7, -2.0, 2.0, ("END",), -1)


def test_the_newer_name_of_max_tokens_is_read_too() -> None:
    assert read(max_completion_tokens=9).sampling.max_tokens == 9


def test_usage_in_the_stream_is_sent_when_asked_for() -> None:
    assert read(stream=True, stream_options={"include_usage": True}).include_usage
    assert not read(stream=True).include_usage


def test_an_unknown_model_is_not_found() -> None:
    with pytest.raises(Invalid) as caught:
        read(model="Phi-9")
    assert (caught.value.status, caught.value.code) == (404, "unknown_model")
    assert caught.value.message == "Unknown model: Phi-9"


@pytest.mark.parametrize(
    "name",
    ["Phi-3-small-8k-instruct", "phi-3-small-8k-instruct", "microsoft/Phi-3-small-8k-instruct"],
)
def test_a_model_goes_by_its_names_of_old(name: str) -> None:
    asked = read(model=name)
    assert asked.model.name == "Phi-3-small-8k-instruct"
    assert asked.name == name, "the reply reports the name that was asked for"


def test_without_a_model_the_first_one_answers() -> None:
    asked = read_asked(json.dumps({"messages": ONE}).encode())
    assert (asked.name, asked.model.name) == (MINI, MINI)


def test_messages_are_read_with_their_roles_and_parts() -> None:
    parts = [{"type": "text", "text": "Good "}, {"type": "text", "text": "morning"}]
    asked = read(
        messages=[
            {"role": "developer", "content": "Be kind."},
            {"role": "user", "content": parts},
            {"role": "assistant", "content": "Hel"},
        ]
    )
    assert asked.messages == (
        Message(Role.SYSTEM, "Be kind."),
        Message(Role.USER, "Good morning"),
        Message(Role.ASSISTANT, "Hel"),
    )
    assert asked.prompt == "Good morning"
    assert asked.begun == "Hel"


def test_a_request_without_a_user_message_has_an_empty_prompt() -> None:
    asked = read(messages=[{"role": "system", "content": "Be kind."}])
    assert asked.prompt == ""
    assert asked.begun == ""
