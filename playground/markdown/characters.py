"""Characters that cannot be seen, or that make a line read otherwise than it is written.

In text (never in code) the ones that reorder or smuggle are named in brackets, so that a reader
sees that something is there; those that only break or join words are left out. The joiners that
Persian, Hindi and emoji need (U+200C, U+200D) and the marks of right-to-left text (U+200E, U+200F)
stay.
"""

from __future__ import annotations

import html
import re

#: Regular-expression class of what `visible` replaces; NUL and lone surrogates are seen to before.
UNSEEN = (
    r"\x01-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u2028\u2029\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"
)

_DROPPED = frozenset("\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff")
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_UNSEEN = re.compile(f"[{UNSEEN}]")


def visible(character: str) -> str:
    """Return what stands for one character of `UNSEEN`: its name in brackets, or nothing."""
    if character in _DROPPED:
        return ""
    if character in "\u2028\u2029\x0b\x0c\x85":
        return " "
    return f"[U+{ord(character):04X}]"


def make_visible(text: str) -> str:
    """Return `text` with each character of `UNSEEN` replaced by what stands for it."""
    return _UNSEEN.sub(lambda found: visible(found[0]), text)


def encodable(text: str) -> str:
    """Return `text` with what cannot be sent as UTF-8, or is NUL, as U+FFFD."""
    return _BROKEN.sub("\ufffd", text)


def entity_at(text: str, start: int) -> tuple[str, int]:
    """Return the visible characters that the ampersand at `start` means, and the index behind."""
    found = _ENTITY.match(text, start)
    meant = html.unescape(found[0]) if found else ""
    if found is None or meant == found[0]:
        return "&", start + 1
    return make_visible(encodable(meant)).replace("\n", " ").replace("\r", " "), found.end()
