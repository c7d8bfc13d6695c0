"""Telling formulas from money, and formulas that may be drawn from those that may not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playground.markdown.characters import UNSEEN

#: Characters in one formula.
MAX_INLINE = 2000
MAX_DISPLAY = 5000

_MAX_BRACES = 50
#: How far a formula may reach with lengths that it states itself, and how far backwards, in em.
_MAX_REACH = 20.0
_MAX_BACK = 2.0

_MATHY = re.compile(r"[\\^=+{}]|_\S|\A[A-Za-z]\Z")
_WORDS = re.compile(r"[^\W\d_]{2,}|\d[ \t]*[,;][ \t]")

# KaTeX draws the name of these in red instead of what they hold; definitions could hide others;
# laps paint over what stands beside; it makes as many columns as `alignat` is told to.
_REFUSED = re.compile(
    r"\\(?:href|url|includegraphics|html[A-Z][a-z]+|[egx]?def|let|futurelet|global|long"
    r"|(?:re)?newcommand|providecommand|expandafter|csname|(?:math)?[lrc]lap)(?![A-Za-z])"
    r"|\\begin\{align(?:ed)?at\*?\}\{\s*\d{3}"
    f"|[`{UNSEEN}]"
)
_WITH_LENGTH = re.compile(
    r"\\(?:rule|raisebox|[a-z]?kern|[a-z]?skip|[hv]space|above|genfrac)(?![A-Za-z])"
    r"|\\(?:\\|cr(?![A-Za-z]))\s*\*?\s*(?=\[)"
)
_LENGTH = re.compile(
    r"(-?)\s*(\d+\.?\d*|\.\d+)\s*(em|ex|mu|pt|px|mm|cm|in|pc|bp|dd|cc|nd|nc|sp)(?![A-Za-z])"
)
_PERCENT = re.compile(r"(\\.)|%", re.DOTALL)
_BACK = re.compile(r"\\(?:!|neg(?:thin|med|thick)space)")
_EM = {"em": 1.0, "ex": 0.43, "mu": 0.06, "mm": 0.29, "cm": 2.9, "in": 7.3, "sp": 0.0, "pc": 1.2}
_OTHER_UNIT = 0.11
_THICKEST_BACK = 0.28


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula found in running text: its TeX, and the index behind its closing mark."""

    content: str
    end: int
    display: bool


def bracketed_formula(text: str, start: int) -> Formula | None:
    r"""Return the formula of which the `\(` or `\[` ends at `start`."""
    opener = text[start - 2 : start]
    display = opener == "\\["
    limit = MAX_DISPLAY if display else MAX_INLINE
    end = text.find("\\]" if display else "\\)", start, start + limit)
    content = text[start:end].strip() if end >= 0 else ""
    if opener in content or not _fits(content, limit):
        return None
    return Formula(tidied(content), end + 2, display)


def dollar_formula(text: str, start: int, mark: str) -> Formula | None:
    """Return the formula of which the mark of one or two dollars ends at `start`."""
    single = mark == "$"
    limit = MAX_INLINE if single else MAX_DISPLAY
    end = text.find(mark, start, start + limit)
    while end >= 0 and text[end - 1] == "\\":
        end = text.find(mark, end + 1, start + limit)
    content, after = (
        text[start:end] if end >= 0 else "",
        text[end + len(mark) : end + len(mark) + 1],
    )
    if after == "$" or _is_money(content) or not _fits(content, limit):
        return None
    if single and not _is_inline(content, text[start - 2 : start - 1], after):
        return None
    return Formula(tidied(content.strip()), end + len(mark), not single)


def _is_inline(content: str, before: str, after: str) -> bool:
    # Pandoc's rule (no space inside the dollars, no digit after them), and more: no letter or
    # digit before, and before a letter or a bracket only what looks like maths.
    if content[0].isspace() or content[-1].isspace() or before.isalnum() or after.isdigit():
        return False
    return not (after.isalpha() or after in ("(", "{", "[", "_")) or bool(_MATHY.search(content))


def _is_money(content: str) -> bool:
    figure = content.lstrip()[:1].isdigit()
    return figure and not _MATHY.search(content) and bool(_WORDS.search(content))


def _fits(content: str, limit: int) -> bool:
    # A backslash at the end would escape the closing mark.
    escaping = (len(content) - len(content.rstrip("\\"))) % 2
    return not escaping and is_drawable(content, limit)


def tidied(content: str) -> str:
    """Return a formula that means the same to TeX, and can be nothing else to anyone.

    A percent sign is drawn (else it begins a comment, which no model means), and a factorial
    before a bracket is not the beginning of an image.
    """
    if "%" in content:
        content = _PERCENT.sub(lambda found: found[1] or "\\%", content)
    return content.replace("![", "! [")


def is_drawable(content: str, limit: int) -> bool:
    """Whether KaTeX should be given `content`: short, not too deep, and staying in its place."""
    if len(content) > limit or not content.strip() or _REFUSED.search(content):
        return False
    depth = deepest = 0
    for brace in re.findall(r"(?<!\\)[{}]", content):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    return deepest <= _MAX_BRACES and _stays(content)


def _stays(content: str) -> bool:
    reach, back = 0.0, _THICKEST_BACK * len(_BACK.findall(content))
    for command in _WITH_LENGTH.finditer(content):
        stated = content[command.end() : command.end() + 80].partition("\\")[0]
        for sign, figure, unit in _LENGTH.findall(stated):
            length = float(figure) * _EM.get(unit, _OTHER_UNIT)
            reach += length
            back += length if sign else 0.0
    return reach <= _MAX_REACH and back <= _MAX_BACK
