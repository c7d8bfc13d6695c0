"""What servers say, made fit to be shown: plain, short, and without the key."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.error_text import (
    MAX_DETAIL,
    REDACTED,
    ErrorBody,
    error_body,
    error_value,
    parse_json,
    plain,
    redact,
)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain", "plain"),
        ("  two\n\nlines\t ", "two lines"),
        ("<p>one</p><p>two</p>", "one two"),
        ("<script>alert(1)</script>text", "text"),
        ("<STYLE>p{}</STYLE >text", "text"),
        ("text<script>never closed", "text"),
        ("text<!-- a comment -->more", "text more"),
        ("text<!-- never closed", "text"),
        ("<!DOCTYPE html><html lang='en'>Hi</html>", "Hi"),
        ("&lt;b&gt;bold&lt;/b&gt; &amp; more", "bold & more"),
        ("a < b and b > c", "a < b and b > c"),
        ("<|end|> is a token", "<|end|> is a token"),
        ("cut <a href=", "cut"),
        ("bell\x07 null\x00 escape\x1b[31m", "bell null escape[31m"),
        ("right\u202eto left, zero\u200bwidth", "rightto left, zerowidth"),
        ("half \ud800 pair", "half pair"),
        ("\ufeff", ""),
    ],
)
def test_plain(given_text: str, shown: str) -> None:
    assert plain(given_text) == shown


def test_long_text_is_cut_with_an_ellipsis() -> None:
    assert plain("word " * 100) == ("word " * 60).rstrip()[: MAX_DETAIL - 1] + "…"
    assert len(plain("x" * 1_000)) == MAX_DETAIL
    assert plain("x" * MAX_DETAIL) == "x" * MAX_DETAIL


@given(st.text())
def test_plain_text_has_neither_tags_nor_controls(text: str) -> None:
    shown = plain(text)
    assert len(shown) <= MAX_DETAIL
    assert shown == "" or shown.isprintable()
    assert "<script" not in shown.lower()


@given(
    st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40),
    st.lists(st.text(max_size=300), max_size=4),
)
def test_the_key_is_in_no_plain_text(key: str, around: list[str]) -> None:
    if key not in REDACTED:
        assert key not in plain(key.join(around), key)


@pytest.mark.parametrize(
    "text", ["<script" * 10_000, "<!--" * 20_000, "<a" * 30_000, "&lt;" * 20_000, "<" * 65_536]
)
def test_hostile_text_is_no_trap(text: str) -> None:
    started = time.process_time()
    plain(text)
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    ("text", "secret", "redacted"),
    [
        ("the key abcdefgh!", "", "the key abcdefgh!"),
        ("the key abcdefgh!", "abcdefgh", "the key •••!"),
        ("xabcdefghx", "abcdefgh", "x•••x"),
        ("none, nonetheless", "none", "•••, nonetheless"),
        ("a.c abc", "a.c", "••• abc"),
    ],
)
def test_redact(text: str, secret: str, redacted: str) -> None:
    assert redact(text, secret) == redacted


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "1" * 10_000, b"\xff", "nul"])
def test_what_is_no_json_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"error": {"code": "c", "message": "m"}}, ErrorBody("m", "c")),
        ({"error": {"code": 429, "message": "m", "type": "t"}}, ErrorBody("m", "t", 429)),
        ({"error": {"code": "503", "message": "m"}}, ErrorBody("m", "", 503)),
        ({"error": {"code": 200, "message": "m"}}, ErrorBody("m")),
        ({"error": {"code": 7, "message": "m"}}, ErrorBody("m", "7")),
        ({"error": {"code": None, "message": None, "type": "t"}}, ErrorBody("t", "t")),
        ({"error": {"message": {"detail": "m"}}}, ErrorBody("m")),
        ({"error": {"message": {"x": 1}, "code": "c"}}, ErrorBody("c", "c")),
        ({"error": "text"}, ErrorBody("text")),
        ({"error": "short", "message": "long", "code": "c"}, ErrorBody("long", "c")),
        ({"error": 5}, ErrorBody("5")),
        ({"error": ["a"]}, ErrorBody()),
        ({"message": [{"loc": 1}], "detail": "d"}, ErrorBody("d")),
        ({"error": True}, ErrorBody("True")),
        ({"message": "m"}, ErrorBody("m")),
        ({"detail": "m"}, ErrorBody("m")),
        ({"detail": [{"loc": ["body", "x", 0], "msg": "m"}, {"msg": "n"}, "o", "p"]},
         ErrorBody("x.0: m; n; o")),
        ({"detail": [{"loc": ["body", "x"]}]}, ErrorBody("x")),
        ({"object": "error", "code": 404}, ErrorBody("", "", 404)),
        ({"type": "about:blank", "title": "t", "detail": "d"}, ErrorBody("d", "about:blank")),
        ([{"error": {"message": "m"}}], ErrorBody("m")),
        ("text", ErrorBody("text")),
        ({"error": {}}, ErrorBody()),
        ({"choices": []}, None),
        ({"error": None}, None),
        ({}, None),
        ([], None),
        ("", None),
        (None, None),
        (5, None),
    ],
)  # fmt: skip
def test_the_parts_of_an_error(value: object, found: ErrorBody | None) -> None:
    assert error_value(value) == found
    whole = error_body(json.dumps(value))
    if found is not None:
        assert whole == found
    else:
        assert whole.code == ""


def test_a_body_that_is_no_json_is_the_message() -> None:
    assert error_body("oh no") == ErrorBody("oh no")
    assert error_body("") == ErrorBody("")
    assert error_body("{}") == ErrorBody("")
    assert error_body('{"a": 1}') == ErrorBody('{"a": 1}')


@pytest.mark.parametrize("result", [None, [], {"hate": None}, {"hate": {"filtered": False}}])
def test_a_filter_result_of_another_shape_is_left_alone(result: object) -> None:
    error = {"code": "content_filter", "innererror": {"content_filter_result": result}}
    found = error_value({"error": error})
    assert found is not None
    assert found.filters == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["error", "code", "message", "detail", "innererror", "content_filter_result", "loc",
             "msg", "type", "object"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=10,
)  # fmt: skip


@pytest.mark.parametrize("depth", [10, 500, 20_000])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("[", "]"),
        ('{"error":', "}"),
        ('{"message":', "}"),
        ('{"error":{"message":', "}}"),
        ('{"error":{"code":', "}}"),
        ('{"detail":[', "]}"),
    ],
)
def test_deep_nesting_does_not_make_it_fail(before: str, after: str, depth: int) -> None:
    deep = "[" * depth + "]" * depth
    assert isinstance(error_body(before + deep + after), ErrorBody)
    assert isinstance(error_body(before * depth + "1" + after * depth), ErrorBody)


@given(_JSON)
def test_no_json_at_all_makes_it_fail(value: object) -> None:
    found = error_value(value)
    assert found is None or isinstance(found.message, str)
