"""Untrusted Markdown made safe: what it may do, and that it reads as it was written."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.markdown import safe_markdown
from playground.markdown.output import BREAK
from tests.unit.markdown.drawing import code, links, shown, tokens
from tests.unit.markdown.payloads import CHANGED, LITERAL

CONTEXTS = ("{}", "- {}", "> {}", "# {}", "**{}**", "1. a\n\n   {}", "a\n{}\nb", "- [ ] {}")
PARTS = (
    "![a](https://evil.example/1)", "![r]", "[r]", "[x](https://x.example)", "[x](javascript:x)",
    "[r]: https://evil.example/2", ":red[x]", ":material_home:", ":smile:", "::x", ":", "->", "--",
    "$", "$$", "$x$", "\\(", "\\)", "\\[", "\\]", "`", "``", "```", "\n```\n", "\n~~~\n", "*", "**",
    "_", "~~", "~", "<img src=x>", "<!--", "https://b.example/y_z", "www.c.example", "d@e.example",
    "<https://f.example>", "&#58;", "&#33;", "&lt;", "[^1]", "[", "]", "(", ")", "!", "\\", "|",
    "a", "5", " ", "\n", "\n\n", "\n- ", "\n1. ", "\n> ", "\n    ", "\n# ", "\n|-|-|\n", "|a|b|",
    "\u200b", "\u202e", "\t", "\n$$\n", "=", "-", "\n---\n", "\n===\n", "  \n", "[ ] ",
)  # fmt: skip
texts = st.lists(st.sampled_from(PARTS), max_size=25).map("".join)


@pytest.mark.parametrize("text", LITERAL)
def test_what_only_streamlit_understands_is_drawn_as_written(text: str) -> None:
    assert shown(safe_markdown(text)) == " ".join(text.split())


@pytest.mark.parametrize(("text", "expected"), CHANGED)
def test_what_is_changed_says_what_it_was(text: str, expected: str) -> None:
    assert shown(safe_markdown(text)) == expected


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("text", [*LITERAL, *(text for text, _ in CHANGED)])
def test_nothing_gets_through_anywhere(context: str, text: str) -> None:
    assert_harmless(safe_markdown(context.format(text)))


@given(texts)
def test_nothing_gets_through_in_any_mixture(text: str) -> None:
    assert_harmless(safe_markdown(text))


@given(st.text())
def test_any_text_is_accepted(text: str) -> None:
    safe_markdown(text).encode()


def assert_harmless(markdown: str) -> None:
    """Fail if an image, HTML, a directive, an icon or a link to elsewhere is in `markdown`."""
    no_formulas = _FORMULA.sub(lambda found: found[1] or "x", markdown)
    for token in tokens(no_formulas):
        assert token.type not in ("image", "html_inline", "html_block")
    for link in links(no_formulas):
        assert re.match(r"https?://|mailto:", link)
    outside = _CODE_BLOCK.sub("\0", markdown)
    outside = _CODE_SPAN_OR_ESCAPE.sub("\0", outside)
    assert "![" not in outside
    outside = (
        _TARGET.sub("\0", _FORMULA.sub("\0", outside))
        .replace(BREAK, "\0")
        .removeprefix("[formulas]: ")
    )
    assert not _ACTED_ON.search(outside)


_CODE_BLOCK = re.compile(
    r"^(?:[> ]*(?:[-+*] |\d+[.)] )*)(`{3,}).*?\n.*?\1$", re.DOTALL | re.MULTILINE
)
_CODE_SPAN_OR_ESCAPE = re.compile(r"\\.|(`+)(?!`).+?(?<!`)\1(?!`)")
_FORMULA = re.compile(r"(\\.)|(\$+)(?!\$).+?(?<!\$)\2(?!\$)", re.DOTALL)
_TARGET = re.compile(r"\]\(\S+\)")
_ACTED_ON = re.compile(r":[\w:+/-]|(?<![a-z])www\.|->|<-|>=|<=|(?<!~)~=|--(?![ -]*[|\n])")


@given(texts)
def test_code_is_kept(text: str) -> None:
    """But for a first blank line, doubled because Streamlit drops one, and a missing last end."""
    kept = [
        re.sub(r"\A([ \t]*\n)", r"\n\1", block).removesuffix("\n")
        for block in code(without_maths(text))
    ]
    assert [block.removesuffix("\n") for block in code(safe_markdown(without_maths(text)))] == kept


def without_maths(text: str) -> str:
    """Return `text` without what is code to us and not to others, or the other way round."""
    text = text.replace("$", "").replace("\\[", "").replace("<", "")
    return re.sub(r"\]:+", "]", text)


@pytest.mark.parametrize(
    "text",
    [
        "# One\n\n## Two",
        "- a\n- b\n  - c\n\n  d",
        "3. x\n4. y",
        "3) x\n\n   ```py\n   1\n   ```\n4) y",
        "- [ ] todo\n- [x] done",
        "> a\n>\n> > b",
        "| a | b |\n| :-: | --: |\n| 1 | 2 |",
        "**b** *i* ~~s~~ `c`",
        "a\\\nb",
        "___",
        "Plain text, with punctuation; (and brackets) - a dash… \"quotes\" 'n' all!",
    ],
)
def test_plain_markdown_is_left_as_it_is(text: str) -> None:
    def structure(markdown: str) -> list[tuple[str, str, object]]:
        return [(token.type, token.info, token.attrGet("start")) for token in tokens(markdown)]

    assert structure(safe_markdown(text)) == structure(text)
    assert shown(safe_markdown(text)) == shown(text)


def test_two_paragraphs_of_a_quote_in_a_tight_list_stay_two() -> None:
    assert safe_markdown("- > a\n  >\n  > b") == "- > a\n  >\n  > b"


@pytest.mark.parametrize(
    ("code_span", "text"), [("`` a`b ``", "a`b"), ("` `` `", "``"), ("`\\`", "\\"), ("` `", " ")]
)
def test_code_spans_are_kept(code_span: str, text: str) -> None:
    drawn = [token for token in tokens(safe_markdown(code_span)) if token.type == "code_inline"]
    assert [token.content for token in drawn] == [text]


def test_code_in_a_table_may_have_bars() -> None:
    assert "`a\\|b`" in safe_markdown("|h|\n|-|\n|`a\\|b`|")


@pytest.mark.parametrize("language", ["mermaid", "MERMAID", "mer&#109;aid", "x-mermaid"])
def test_a_diagram_is_code(language: str) -> None:
    assert safe_markdown(f"```{language}\na\n```") == "```text\na\n```"


def test_a_reference_that_its_block_defines_is_a_link() -> None:
    drawn = safe_markdown("[r]: https://x.example/y\nsee [this][r], [R] and ![p][r]")
    assert links(drawn) == ["https://x.example/y"] * 3
    assert "this (x.example), R (x.example) and [image not loaded: p — x.example]" in shown(drawn)


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("[see https://x.example now](https://y.example)",
         "[see https&#58;//x.example now](https://y.example) (y.example)"),
        ("![see https://x.example](https://y.example)",
         "\\[image not loaded&#58; see https&#58;//x.example — y.example\\]"),
        ("[a [b](https://x.example) c](https://y.example)",
         "\\[a [b](https://x.example) (x.example) c\\]([https&#58;//y.example](https://y.example))"),
    ],
)  # fmt: skip
def test_there_are_no_links_within_links(text: str, drawn: str) -> None:
    assert safe_markdown(text) == drawn


def test_hard_and_soft_line_ends_are_kept() -> None:
    assert safe_markdown("a: \nb!  \n  c\\\n*d*\ne") == "a:\nb!\\\nc\\\n*d*\ne"


def test_a_definition_is_shown() -> None:
    assert shown(safe_markdown("[1]: https://x.example/y 'title'")) == (
        "[1]: https://x.example/y 'title'"
    )


@pytest.mark.parametrize(
    "text",
    [
        "> " * 10_000 + "x",
        "- " * 10_001 + "x",
        "\n".join("  " * depth + "- a" for depth in range(300)),
        "word " * 40_000,
        "- item **b**\n" * 8000,
        "|a|b|\n|-|-|\n" + "|1|2|\n" * 8000,
        *(c * (100_000 // len(c)) for c in ("[", "![", "*", "*a **a ", "`", "`` ` ", "[a](", "(")),
    ],
    ids=lambda text: text[:12],
)
def test_what_would_choke_a_browser_is_shown_as_it_stands(text: str) -> None:
    began = time.process_time()
    drawn = safe_markdown(text)
    assert time.process_time() - began < 20  # of which a slow machine may need half
    assert len(drawn) < 8 or drawn.startswith("```\n")


def test_many_marks_in_one_paragraph_are_characters() -> None:
    assert safe_markdown("*a **a " * 400).startswith("\\*a \\*\\*a ")


def test_a_megabyte_takes_two_seconds_at_most() -> None:
    prose = "The **quick** fox: `jumps` over, [then](https://x.example/a) costs $5.\n\n" * 14_000
    for text in (prose, "```\n" + "x = 1\n" * 160_000, "- item\n" * 140_000):
        began = time.process_time()
        safe_markdown(text)
        assert time.process_time() - began < 20


def test_a_short_tail_takes_no_noticeable_time() -> None:
    """A tail is drawn again up to 20 times a second: 1 ms is meant, 10 ms allow for slow machines."""
    text = (
        "The **quick** fox: it `jumps` over it, [then](https://x.example/a) costs $5 -> or.\n" * 25
    )
    safe_markdown(text)
    began = time.process_time()
    for _ in range(20):
        safe_markdown(text)
    assert (time.process_time() - began) / 20 < 0.5
