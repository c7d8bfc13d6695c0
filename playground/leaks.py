"""Template markers that a server let through: cut from what is shown, kept in what was received.

Phi-3's chat template separates turns with markers such as `<|end|>`. Some servers do not take them
out of the reply. A marker in code is code, and stays.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

#: The markers of the templates published with the six models.
MARKERS = ("<|end|>", "<|assistant|>", "<|user|>", "<|system|>", "<|endoftext|>")

_MARKER = "|".join(map(re.escape, MARKERS))
# Code first, so that a marker in it is passed over: fences to their end (or the text's), then
# spans of one line.
_CODE_OR_MARKER = re.compile(
    rf"(?P<code>^[ ]{{0,3}}(?P<fence>`{{3,}}|~{{3,}})[^\n]*(?:\n(?!\s*(?P=fence)).*)*(?:\n\s*(?P=fence).*)?"
    rf"|(?P<ticks>`+)(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`))|(?P<marker>{_MARKER})",
    re.MULTILINE,
)
#: A beginning of a marker at the very end, which the next piece may complete.
_BEGINNINGS = sorted({m[:n] for m in MARKERS for n in range(1, len(m))}, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without markers, and how many there were."""

    text: str
    markers: int


def without_markers(text: str, *, growing: bool = False) -> Cleaned:
    """Return `text` without leaked markers.

    While it is `growing`, a piece of a marker at its end is held back, so that it never flashes up.
    """
    markers = 0
    if "<|" in text:

        def cut(found: re.Match[str]) -> str:
            nonlocal markers
            if found["marker"] is None:
                return found[0]
            markers += 1
            return ""

        text = _CODE_OR_MARKER.sub(cut, text)
    if growing:
        while (held := next((b for b in _BEGINNINGS if text.endswith(b)), None)) is not None:
            text = text[: -len(held)]
    return Cleaned(text, markers)
