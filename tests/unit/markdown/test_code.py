"""Blocks of code, to the byte."""

from __future__ import annotations

import pytest

from playground.markdown import CodeBlock, code_block, safe_markdown


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("```python\nx = 1\n```\n", CodeBlock("python", "x = 1")),
        ("\n~~~~\n```\n:material/home:\n    \n~~~~", CodeBlock("", "```\n:material/home:\n    ")),
        ("    a\n\n    b\n", CodeBlock("", "a\n\nb")),
        ("\n\n\ta", CodeBlock("", "a")),
        ("```c++ title\n\nx\n\n```", CodeBlock("c++", "\nx\n")),
        ("```mermaid\nx\n```", CodeBlock("text", "x")),
        ("```Math\nx\n```", CodeBlock("latex", "x")),
        ("```<b>\nx", CodeBlock("", "x")),
        ("```\r\na\r\n```", CodeBlock("", "a")),
    ],
)
def test_the_code_of_a_block(block: str, expected: CodeBlock) -> None:
    assert code_block(block) == expected


@pytest.mark.parametrize("block", ["", "a", "- ```\n  x\n  ```", "```\nx\n```\ny", "`x`", "  a"])
def test_what_is_more_or_less_than_code(block: str) -> None:
    assert code_block(block) is None


def test_long_code_has_no_colours() -> None:
    block = "```python\n" + "x = 1\n" * 5000 + "```"
    found = code_block(block)
    assert found is not None
    assert found.language == ""
    assert safe_markdown(block).startswith("```\n")


@pytest.mark.parametrize("code", ["```", "````\nx", "a\n  ```py\n~~~", "", " ", "a\n\n\nb\n"])
def test_nothing_in_code_ends_it(code: str) -> None:
    """Written anew for Streamlit, code reads the same; a blank first line is doubled for it."""
    drawn = code_block(safe_markdown(f"~~~~\n{code}\n~~~~"))
    assert drawn == CodeBlock("", code if code.strip() else f"\n{code}")
