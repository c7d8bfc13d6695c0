"""Telling formulas from money, and formulas that may be drawn from those that may not."""

from __future__ import annotations

import re

MAX_INLINE = 2000
MAX_DISPLAY = 20_000
_MAX_BRACES = 50

_MATHY = re.compile(r"[\\^=+{}]|_\S|\A[A-Za-z]\Z")
_WORDS = re.compile(r"[^\W\d_]{2,}|\d[ \t]*[,;][ \t]")

# Large lengths move a formula out of its place, over what is not the model's to write on.
_LENGTHS = re.compile(
    r"\\(?:rule|raisebox|[mh]?kern|[mh]?skip|[hv]space|llap|rlap|clap|smash|mathllap|mathrlap"
    r"|mathclap|hphantom|vphantom)(?![A-Za-z])"
)
_FIGURE = re.compile(r"\d*\.?\d+")


def is_inline_formula(content: str, before: str, after: str) -> bool:
    """Whether `$content$` between these characters (or "") is a formula and not money or a variable.

    Pandoc's rule (no space inside the dollars, no digit after them), and more: no letter before;
    what begins with a figure has no words; what a letter or bracket follows must look like maths.
    """
    if not content or content[0].isspace() or content[-1].isspace():
        return False
    if before.isalnum() or after.isdigit() or "\n\n" in content or "`" in content:
        return False
    mathy = _MATHY.search(content) is not None
    if content[0].isdigit() and not mathy and _WORDS.search(content):
        return False
    return mathy or not (after.isalpha() or after in tuple("({[_"))


def is_drawable(content: str, limit: int) -> bool:
    """Whether KaTeX should be given `content`: short enough, not too deep, nothing that wanders."""
    if len(content) > limit or not content.strip():
        return False
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", content):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    if deepest > _MAX_BRACES:
        return False
    for found in _LENGTHS.finditer(content):
        figures = _FIGURE.findall(content[found.end() : found.end() + 40])
        if any(float(figure) > 5 for figure in figures[:2]):
            return False
    return True
