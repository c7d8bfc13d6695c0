"""One line of plain text for lists and titles."""

from __future__ import annotations

import html
import re

from playground.markdown.characters import encodable, make_visible

_FENCE = re.compile(r"^[ \t>]*(?:`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_LEAD = re.compile(r"^[ \t]*(?:(?:#{1,6}|[-+*]|>|\d{1,9}[.)])[ \t]+)+", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\n]{0,2000}\)")
_MARKS = re.compile(r"\\([^\w\s])|\*{1,3}|~~|`+|(?<!\w)_{1,3}|_{1,3}(?!\w)")


def plain_preview(text: str, limit: int) -> str:
    """Return the beginning of `text` as one line without Markdown, of at most `limit` characters.

    It ends with an ellipsis where something was left out.
    """
    if limit < 1:
        return ""
    # Marks and links shrink; more than this is never needed for one line.
    head = text[: 8 * limit + 4000]
    for pattern, kept in ((_FENCE, ""), (_LEAD, ""), (_LINK, r"\1"), (_MARKS, r"\1")):
        head = pattern.sub(kept, head)
    line = " ".join(make_visible(encodable(html.unescape(head))).split())
    if len(line) <= limit:
        return line
    return line[: limit - 1].rstrip() + "…"
