"""Formulas are drawn, money is not, and no formula leaves its place."""

from __future__ import annotations

import pytest

from playground.markdown import safe_markdown

TRIGGER = "[formulas]: $$x$$\n\n"


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("\\(x^2\\)", "$x^2$"),
        ("\\( a \\) and $b$", "$a$ and $b$"),
        ("\\[ x \\]", "$$\nx\n$$"),
        ("\\[\na\n- b\n\\]", "$$\na\n- b\n$$"),
        ("$$x$$", "$$\nx\n$$"),
        ("$$\nx\n\n= y\n$$", "$$\nx\n= y\n$$"),
        ("so $$x$$ then", "so\n$$\nx\n$$\nthen"),
        ("$$x$$ then", "$$\nx\n$$\nthen"),
        ("\\[ x \\].", "$$\nx.\n$$"),
        ("\\[ a\nb \\]", "$$\na\nb\n$$"),
        ("\\[\na\n\\] where b", "$$\na\n$$\n\nwhere b"),
        ("$$ a\n\nb $c$", "\\$\\$ a\n\nb $c$"),
        ("$$ a\n# $b$", "\\$\\$ a\n\n# $b$"),
        ("$$ a\n        b $$", "$$\na\n        b\n$$"),
        ("$$ a\n$b$ \\[", "\\$\\$ a\n$b$ \\["),
        ("a\n$$ b $$\n$$\nc", "a\n\n$$\nb\n$$\n\n```latex\n$$\nc\n```"),
        ("$c$\n\n- a\n  $$\n  b\n\nd", "$c$\n\n- a\n  ```latex\n  $$\n  b\n  ```\n\nd"),
        ("- a \\[ x \\]", "- a\n  $$\n  x\n  $$"),
        ("> $$\n> x\n> $$", "> $$\n> x\n> $$"),
        ("# $$x$$", "# $$x$$"),
        ("|a|\n|-|\n|$$x$$ $a\\|b$|", "| a |\n| --- |\n| $$x$$ $a\\vert b$ |"),
        ("the $n$th and $k$-means, $2n$ of $10$", "the $n$th and $k$-means, $2n$ of $10$"),
        ("$\\text{\\$5}$", "$$\\text{\\$5}$$"),
        ("$50%$ and $50\\%$", "$50\\%$ and $50\\%$"),
        ("$n![k]$", "$n! [k]$"),
        ("[a $$x$$](https://x.example)", "[a $$x$$](https://x.example) (x.example)"),
        ("if $x=5$, $10 is due; $y$ too", "if $x=5$, \\$10 is due; $y$ too"),
        ("$a\\\\[2pt]b$", "$a\\\\[2pt]b$"),
        ("$a$ and $b\nc$", "$a$ and $b c$"),
    ],
)
def test_formulas_are_drawn(text: str, drawn: str) -> None:
    assert safe_markdown(text) == TRIGGER + drawn


@pytest.mark.parametrize(
    "text",
    [
        "\\(",
        "\\[",
        "\\(x",
        "\\)",
        "\\(\\)",
        "\\(a\\(b",
        "$x",
        "$ x $",
        "a$x$",
        "$x$5",
        "$x$$",
    ],
)
def test_what_is_no_formula_is_text(text: str) -> None:
    drawn = safe_markdown(text)
    assert not drawn.startswith(TRIGGER)
    assert "$" not in drawn.replace("\\$", "")


@pytest.mark.parametrize(
    "formula",
    [
        "\\href{https://x.example}{y}",
        "\\url{x}",
        "\\includegraphics{https://evil.example/x}",
        "\\htmlStyle{position:fixed}{x}",
        "\\def\\a{\\a\\a}\\a",
        "\\newcommand{\\a}{9}\\rule{\\a\\a em}{1em}",
        "\\rule{500em}{1em}",
        "\\rule[1em]{1em}{500em}",
        "\\kern-9em x",
        "\\kern100.em x",
        "\\hspace*{ - 3em}x",
        "\\above100em x",
        "a\\\\[500em]b",
        "a\\cr[500em]b",
        "\\llap{x}",
        "\\!" * 50,
        "{" * 60 + "}" * 60,
        "\\begin{alignedat}{1000000000}x\\end{alignedat}",
        "\u202ex",
        "a`b",
        "x" * 5001,
    ],
)
def test_what_wanders_or_chokes_is_shown_as_code(formula: str) -> None:
    assert safe_markdown(f"$$\n{formula}\n$$") == f"```latex\n{formula}\n```"
    assert not safe_markdown(f"${formula}$").startswith(TRIGGER)


def test_a_formula_that_is_not_closed_is_code() -> None:
    assert safe_markdown("a\n\n$$\nx") == "a\n\n```latex\n$$\nx\n```"


def test_a_fence_in_a_formula_cannot_open() -> None:
    assert "```latex" in safe_markdown("$$\n```\nx\n$$\n\n![a](https://evil.example)")
