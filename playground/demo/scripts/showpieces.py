"""Replies that show what the page can draw: tables, code, maths, lists."""

from __future__ import annotations

import re

from playground.catalog import Catalog, load_catalog
from playground.demo.scripts.topic import Draft, Said, Topic, asks
from playground.demo.texts import pieces, text

_COLUMNS = ("MMLU", "GSM8K", "HumanEval")

#: How people ask for a language; each has its piece in texts/code.md.
_LANGUAGES = {
    "Python": r"python",
    "JavaScript": r"javascript|js|typescript",
    "SQL": r"sql",
    "Rust": r"rust",
    "Bash": r"bash|shell",
    "Java": r"java",
    # "go" and "c" are words and letters before they are languages.
    "Go": r"golang|in go|go (?:code|program|function)",
    "C": r"in c|c (?:code|program|function)",
}


def _showpiece() -> Draft:
    piece = text("showpiece")
    return Draft(
        (piece, f"With pleasure, and all three about one question.\n\n{piece}"),
        (
            (
                "The table is right only where there is no air. A real stone from a cathedral tower "
                "arrives a little later, and a feather much later."
            ),
            "If you want to see more of it: ask for *maths* or for *some code*.",
        ),
    )


def _maths() -> Draft:
    first, *more = pieces("maths")
    return Draft((first, f"Some formulas, in every notation in use.\n\n{first}"), tuple(more))


def _steps() -> Draft:
    first, *more = pieces("steps")
    about = "how a reply gets from a server to your screen"
    return Draft(
        (
            f"There is one thing this script can explain step by step: {about}.\n\n{first}",
            f"Step by step, then, the one explanation in this script: {about}.\n\n{first}",
        ),
        tuple(more),
    )


def _code(said: Said) -> Draft | None:
    named = [piece for piece in pieces("code") if _asked_for(_language(piece), said.plain)]
    if not named and not re.search(r"\b(code|program|function|script|programm)\b", said.plain):
        return None
    shown = named or list(pieces("code")[:3])
    body = "\n\n".join(shown)
    method = "Euclid's method for the greatest common divisor"
    return Draft(
        (
            f"The script has one program in stock: {method}.\n\n{body}",
            f"{method}, the one program in this script: divide, keep the rest, and go on until there is none.\n\n{body}",
            f"Whatever you asked for, the script knows {method}, some 2,300 years old.\n\n{body}",
        ),
        () if named else pieces("code")[3:5],
    )


def _language(piece: str) -> str:
    return piece.split("**")[1]


def _asked_for(language: str, plain: str) -> bool:
    return re.search(rf"\b(?:{_LANGUAGES[language]})\b", plain) is not None


def _comparison() -> Draft:
    catalog = load_catalog()
    table = comparison_table(catalog)
    source = (
        f"Scores are in percent. Source: {catalog.sources['benchmarks']}, "
        f"as seen on {catalog.checked.day} {catalog.checked:%B %Y}."
    )
    return Draft(
        (f"The six models in figures:\n\n{table}\n\n{source}",),
        (
            (
                "In short: mini is the quick one, medium the thorough one, small the one in between. "
                "The name ends with the context window, prompt and answer together."
            ),
            "Medium drops the system message: its published chat template has no place for one.",
        ),
    )


def comparison_table(catalog: Catalog) -> str:
    """Return the catalog's figures as a Markdown table."""
    head = ("Model", "Parameters", "Context", *_COLUMNS, "Released")
    rows = [
        (
            model.label,
            model.size_label,
            f"{model.context_tokens:,}",
            *(f"{model.scores[column]:.1f}" for column in _COLUMNS),
            model.released.partition(",")[0],
        )
        for model in catalog
    ]
    rule = (":--", *["--:"] * (len(head) - 2), ":--")
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


TOPICS = (
    Topic(
        "Compare the six Phi-3 models.",
        asks(r"\b(compare|comparison|vergleich\w*)\b.*\b(models?|phi|modelle)\b", _comparison),
    ),
    Topic("Show me a table, some code and a formula.", asks(r"\b(table|tabelle)\b", _showpiece)),
    Topic("Write some code.", _code),
    Topic("Show me some maths.", asks(r"\b(maths?|mathe\w*|formulas?|equations?|latex)\b", _maths)),
    Topic(
        "Explain step by step how a reply reaches my screen.",
        asks(r"\b(step by step|steps?|list|liste|schritt)\b", _steps),
    ),
)
