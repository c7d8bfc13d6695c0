"""Counting, and sums of two numbers."""

from __future__ import annotations

import operator
import re

from playground.demo.scripts.topic import Draft, Said, Topic

MOST = 500

_WORDS = {
    "five": 5,
    "ten": 10,
    "twelve": 12,
    "twenty": 20,
    "thirty": 30,
    "fifty": 50,
    "hundred": 100,
    "a hundred": 100,
    "one hundred": 100,
}
_COUNT = re.compile(rf"\bcount (?:from (?:1|one) )?(?:up )?to (\d{{1,6}}|{'|'.join(_WORDS)})\b")

_SUM = re.compile(
    r"(?:what(?:'s| is)|calculate|compute|how much is)?\s*"
    r"(?P<a>-?\d{1,9})\s*(?P<sign>[-+*/x\u00d7\u00f7:])\s*(?P<b>-?\d{1,9})\s*[=?.! ]*",
    re.IGNORECASE,
)
_OPERATIONS = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "x": operator.mul,
    "\u00d7": operator.mul,
    "/": operator.truediv,
    "\u00f7": operator.truediv,
    ":": operator.truediv,
}


def _count(said: Said) -> Draft | None:
    found = _COUNT.search(said.plain)
    if not found:
        return None
    last = min(MOST, _WORDS.get(found[1]) or int(found[1]))
    row = ", ".join(str(n) for n in range(1, last + 1))
    return Draft((f"{row}.", f"Here we go: {row}.", f"{row}. There!"))


def _sum(said: Said) -> Draft | None:
    found = _SUM.fullmatch(said.question.strip())
    if not found:
        return None
    a, b = int(found["a"]), int(found["b"])
    apply = _OPERATIONS[found["sign"].lower()]
    if apply is operator.truediv and b == 0:
        return Draft(("Nothing can be divided by zero, not even in a script.",))
    result = apply(a, b)
    shown = f"{result:,}" if isinstance(result, int) else f"{result:.6g}"
    written = f"{a} {found['sign']} {b}"
    return Draft(
        (f"{written} = **{shown}**", f"That is **{shown}**.", f"**{shown}**, by plain arithmetic.")
    )


TOPICS = (Topic("Count to twenty.", _count), Topic("", _sum))
