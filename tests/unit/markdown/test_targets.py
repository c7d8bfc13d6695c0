"""What is the target of a link, and what only looks like one."""

from __future__ import annotations

import pytest

from playground.markdown.targets import (
    Target,
    autolink_at,
    bare_url_at,
    label_at,
    resource_at,
)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("(a)", "a"),
        ("()", ""),
        ("( <a b> )", "a b"),
        ("(a(b(c))d)", "a(b(c))d"),
        ("(a\\)b&amp;c)", "a)b&c"),
        ("(a 'it\\'s')", "a"),
        ('(a\n"t(")', "a"),
        ("(a (t))", "a"),
    ],
)
def test_a_resource(text: str, url: str) -> None:
    assert resource_at(f"{text} more)", 0) == Target(url, len(text))


@pytest.mark.parametrize(
    "text",
    ["(", "(a", "(a b)", "(a(b)", "(<a", "(<a>b)", '(a "t)', "(a" + "(" * 40 + ")" * 41,
     "(" + "a" * 5000 + ")", "(a\\"],
)  # fmt: skip
def test_no_resource(text: str) -> None:
    assert resource_at(text, 0) is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://x.example/a_(b))", "https://x.example/a_(b)"),
        ("www.x.example/a?b=1&amp;", "www.x.example/a?b=1"),
        ("http://x.example.**", "http://x.example"),
        ("http://x.example/a</b>", "http://x.example/a"),
        ("http://x.example:`a`", "http://x.example"),
    ],
)
def test_a_bare_url_ends_before_the_punctuation_of_its_sentence(text: str, url: str) -> None:
    assert bare_url_at(text, 0) == Target(url, len(url))


def test_what_is_not_there() -> None:
    assert bare_url_at("https://", 0) is None
    assert autolink_at("<a b>", 0) is None
    assert label_at("[a[", 0) is None
    assert label_at("[a\\]b]", 0) == Target("a\\]b", 6)
