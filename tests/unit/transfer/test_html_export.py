"""The HTML file: nothing runs, nothing is loaded, and what was said can be read."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Reply, Status
from playground.transfer.html_export import html_document
from playground.transfer.html_text import html_of
from tests.unit.transfer.samples import AT, FULL, RUN, TEXTS, conversations

#: Every element and attribute that may be in a text's HTML.
TEXT_TAGS = {
    "a": {"href", "target", "rel"},
    "blockquote": set(),
    "br": set(),
    "code": {"class"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "em": set(),
    **{f"h{level}": set() for level in range(3, 7)},
    "hr": set(),
    "li": set(),
    "ol": {"start"},
    "p": set(),
    "pre": {"class", "role", "aria-label", "tabindex"},
    "s": set(),
    "span": {"class"},
    "strong": set(),
    "table": set(),
    "tbody": set(),
    "td": {"class"},
    "th": {"class"},
    "thead": set(),
    "tr": set(),
    "ul": set(),
}
#: And what the page around it has.
PAGE_TAGS = {
    "article": {"class", "id", "aria-labelledby"},
    "body": set(),
    "footer": set(),
    "h1": {"dir"},
    "h2": {"id", "dir"},
    "head": set(),
    "header": set(),
    "html": {"lang"},
    "main": set(),
    "meta": {"charset", "http-equiv", "content", "name"},
    "style": set(),
    "time": {"datetime"},
    "title": set(),
}
VOID = {"br", "hr", "meta"}


class Checked(HTMLParser):
    """Reads HTML as a browser would, and fails at what should not be in it."""

    def __init__(self, allowed: dict[str, set[str]]) -> None:
        super().__init__()
        self.allowed = allowed
        self.open: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in self.allowed, tag
        assert {name for name, _ in attrs} <= self.allowed[tag], (tag, attrs)
        values = dict(attrs)
        if tag == "a":
            assert values["rel"] == "noopener noreferrer nofollow"
            self.links.append(values["href"] or "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def checked(html: str, allowed: dict[str, set[str]] = TEXT_TAGS) -> Checked:
    parser = Checked(allowed)
    parser.feed(html)
    parser.close()
    assert parser.open == []
    for link in parser.links:
        assert re.match(r"(https?://|mailto:)[^\s\"<>]+\Z", link), link
    return parser


def drawn(text: str) -> str:
    """Return the HTML of a text, checked."""
    html = html_of(text, level=3)
    checked(html)
    return html


def page(conversation: Conversation = FULL) -> str:
    html = html_document(conversation, at=AT + 3600).decode()
    begin, _, end = html.partition("</style>")
    checked(begin.partition("<style>")[0] + "<style></style>" + end, PAGE_TAGS | TEXT_TAGS | DIRS)
    return html


DIRS = {"p": {"class"}, "div": TEXT_TAGS["div"] | {"dir"}}

MARKS = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "</p>",
            "<b>",
            "<!--",
            "-->",
            "&",
            "&lt;",
            '"',
            "'",
            "`",
            "```",
            "~~",
            "*",
            "_",
            "[",
            "](",
            ")",
            "![",
            "javascript:a",
            "http://a.example",
            "<http://",
            ":",
            "$",
            "$$",
            "\\",
            "\\(",
            "\\)",
            "|",
            "|-|-|\n",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            "> ",
            "# ",
            "    ",
            "a",
            "[a]: ",
            "data:text/html,x",
            "mailto:a@b.example",
            "\u202e",
            "\x00",
            "�",
            " ",
            "\r",
        ]
    ),
    max_size=25,
).map("".join)


@given(MARKS | TEXTS)
@example("[a](http://x.example '\" onclick=alert(1)')")
@example('<a href="http://x.example/&quot;>">')
@example("[a](http://x.example/\"onmouseover='x')")
@example('```"><script>\nx\n```')
@example("|a|\n|-|\n|`|`|")
def test_whatever_a_text_holds_only_known_tags_come_out(text: str) -> None:
    drawn(text)


@given(conversations())
def test_any_conversation_makes_a_page_of_known_tags(conversation: Conversation) -> None:
    page(conversation)


def test_the_policy_allows_the_style_of_the_page_and_nothing_else() -> None:
    html = page()
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', html)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in style
    assert "@import" not in style
    # What stands before the policy is not under it.
    assert html.index("Content-Security-Policy") < html.index("<title>") < html.index("<style>")


def test_the_page_names_its_app_and_both_times() -> None:
    html = page()
    assert '<meta name="generator" content="Phi-3 playground 0.1.0">' in html
    assert '<time datetime="2026-11-24T09:05:00+00:00">2026-11-24 09:05 UTC</time>' in html
    assert "<title>Ahoy: &lt;how&gt; to *greet*?</title>" in html


def test_prompts_are_shown_as_typed() -> None:
    assert (
        '<div class="plain">How do I greet?\n  &lt;script&gt;alert(1)&lt;/script&gt;</div>'
        in page()
    )


def test_each_scripted_reply_is_marked_and_the_page_too() -> None:
    html = page()
    assert html.count("Scripted demo reply: no model wrote this.") == 1
    assert html.count("This page holds scripted replies") == 1
    assert "cripted" not in page(replace(FULL, leaf="a1")).partition("</style>")[2]


def test_endings_errors_and_system_messages_are_labelled() -> None:
    html = page()
    for words in (
        "Cut off at max tokens",
        "Failed: no answer came",
        "The server&#x27;s limit is reached",
        "Wait, or use another connection",
        "Answer like a pirate.",
        "23 tokens in, 101 out · Complete · Version 1 of 2",
    ):
        assert words in html


def test_an_error_may_say_anything() -> None:
    reply = FULL.turns[-1].reply
    assert reply is not None
    assert reply.error is not None
    error = type(reply.error)("<img src=x>", detail="</p><script>")
    turn = replace(FULL.turns[-1], reply=replace(reply, error=error))
    assert "&lt;img src=x&gt;" in page(replace(FULL, turns=(*FULL.turns[:-1], turn)))


def test_headings_never_skip_a_level() -> None:
    text = "#### deep\n\n# top\n\n### under\n\n###### far\n\n## back\n\n# end"
    parser = checked(html_of(text, level=3))
    assert parser.headings == [3, 3, 4, 5, 4, 3]
    assert checked(html_of("# a\n\n## b\n\n### c\n\n#### d\n\n##### e", level=3)).headings == [
        3, 4, 5, 6, 6,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* **c** ~~d~~ `e<`", "a <em>b</em> <strong>c</strong> <s>d</s> <code>e&lt;</code>"),
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("![a b](https://x.example/p?q=1)", "[Image: a b, not loaded from x.example]"),
        ("![a][i]\n\n[i]: https://x.example/p", "[Image: a, not loaded from x.example]"),
        ("![](https://x.example/p)", "[Image: without a description, not loaded from x.example]"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](data:text/html,x)", "[a](data:text/html,x)"),
        ("[a](file:///etc/passwd)", "[a](file:///etc/passwd)"),
        ("<javascript:alert(1)>", "&lt;javascript:alert(1)&gt;"),
        ("[a](/relative)", "[a](/relative)"),
        ("a  \nb", "a<br>\nb"),
        ("a\u202eb", "a[U+202E]b"),
    ],
)
def test_running_text(text: str, html: str) -> None:
    assert html in drawn(text)


@pytest.mark.parametrize(
    ("text", "href", "after"),
    [
        ("[a](https://x.example/?q=1&r=2)", "https://x.example/?q=1&r=2", "(x.example)"),
        ("[https://good.example](https://evil.example)", "https://evil.example", "(evil.example)"),
        ("[a][r]\n\n[r]: http://x.example", "http://x.example", "(x.example)"),
        ("[a](mailto:me@x.example)", "mailto:me@x.example", "(me@x.example)"),
        ("<https://x.example/a>", "https://x.example/a", "</a></p>"),
        ("[x.example](https://x.example/a)", "https://x.example/a", "</a></p>"),
    ],
)
def test_links_go_to_the_web_only_and_show_where(text: str, href: str, after: str) -> None:
    html = drawn(text)
    assert checked(html).links == [href]
    assert after in html


def test_code_is_kept_to_the_byte() -> None:
    code = "\n  if a < b && c:\t# \u202e:material/home: <b>\n\n    pass  \n"
    html = drawn(f"```python\n{code}```")
    assert 'aria-label="Code, python"' in html
    assert "".join(checked(html).text) == code.removesuffix("\n") + "\n"


@pytest.mark.parametrize(
    "formula",
    [
        r"$a_1 * b_2 * c$",
        r"\(x_1 * y * z\)",
        r"\[\frac{a}{b}\]",
        "$$\nE = mc^2\n$$",
        r"$$a_1 * b * c$$",
    ],
)
def test_formulas_stay_readable_tex(formula: str) -> None:
    html = drawn(f"{formula}")
    assert "maths" in html
    assert "<em>" not in html
    assert formula.strip("$\\[]()\n") in "".join(checked(html).text)


@pytest.mark.parametrize("text", ["$5 and $6", "It costs $5.", "$ a $", "US$5, US$6"])
def test_money_is_no_formula(text: str) -> None:
    html = drawn(text)
    assert "maths" not in html
    assert text in html


def test_tables_are_aligned_by_class_since_styles_are_not_allowed() -> None:
    html = drawn("| a | b | c |\n|:-|:-:|-:|\n| 1 | 2 | 3 |")
    assert '<td class="left">1</td>' in html
    assert '<td class="center">2</td>' in html
    assert '<td class="right">3</td>' in html
    assert "style" not in html


def test_lists_tight_and_loose() -> None:
    assert re.sub(r"\s", "", drawn("3. a\n4. b")) == '<olstart="3"><li>a</li><li>b</li></ol>'
    assert "<li><p>a</p>" in drawn("- a\n\n- b")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("> " * 500 + "end", id="deep"),
        pytest.param("[" * 5000, id="brackets"),
        pytest.param("word " * 10_000, id="long-paragraph"),
        pytest.param("- a\n" * 100_000, id="long-text"),
    ],
)
def test_what_is_too_much_to_parse_is_shown_as_it_stands(text: str) -> None:
    html = drawn(text)
    assert 'class="plain"' in html
    assert "".join(checked(html).text).strip() == text.strip()


def test_an_empty_conversation_and_an_empty_reply_say_so() -> None:
    assert "This conversation has no messages." in page(Conversation(id="c", created_at=AT))
    reply = Reply(Status.COMPLETED)
    turn = Turn("a", None, Role.ASSISTANT, created_at=AT, run=RUN, reply=reply)
    assert "(empty)" in page(Conversation(id="c", created_at=AT, turns=(turn,), leaf="a"))


def test_a_date_that_no_calendar_has_is_unknown() -> None:
    made: Any = replace(FULL, created_at=1e18)
    assert "time unknown" in page(made)
