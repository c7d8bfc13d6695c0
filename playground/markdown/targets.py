"""Finding in text what CommonMark and GFM take as the target of a link."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

#: Lengths and depths beyond these make no link; they keep the search linear.
_MAX_URL = 4000
_MAX_PARENTHESES = 32

_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x20]{0,4000})>")
_BARE_URL = re.compile(r"(?:https?://|www\.)[^\s<>`]{1,4000}", re.IGNORECASE)
_URL_END = re.compile(r"(?:[?!.,:;*_~'\"\\|\]}$]|&[A-Za-z0-9]{1,32};)\Z")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]", re.DOTALL)
_BLANK = re.compile(r"\s{0,100}")
_POINTED = re.compile(r"<((?:[^<>\\\n]|\\.){0,4000})>")
_STOP = re.compile(r"[\s()\\]")
_TITLE = re.compile(
    r"\s{1,100}(?:\"(?:[^\"\\]|\\.){0,999}\"|'(?:[^'\\]|\\.){0,999}'"
    r"|\((?:[^()\\]|\\.){0,999}\))",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What was found: the URL or label as it is meant, and the index behind it."""

    text: str
    end: int


def autolink_at(text: str, start: int) -> Target | None:
    """Return the URL in angle brackets that begin at `start`."""
    found = _AUTOLINK.match(text, start)
    return Target(found[1], found.end()) if found else None


def bare_url_at(text: str, start: int) -> Target | None:
    """Return the URL at `start` without the punctuation of the sentence that it stands in."""
    found = _BARE_URL.match(text, start)
    if found is None:
        return None
    url = found[0]
    while True:
        shorter = _URL_END.sub("", url)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == url:
            return Target(url, start + len(url))
        url = shorter


def label_at(text: str, start: int) -> Target | None:
    """Return the label in the brackets that begin at `start`."""
    found = _LABEL.match(text, start)
    return Target(found[1], found.end()) if found else None


def resource_at(text: str, start: int) -> Target | None:
    """Return the destination in the parentheses that begin at `start`, title left out."""
    position = _behind(_BLANK, text, start + 1)
    pointed = _POINTED.match(text, position)
    if pointed:
        url, position = pointed[1], pointed.end()
    else:
        end = _end_of_url(text, position)
        if end is None:
            return None
        url, position = text[position:end], end
    if title := _TITLE.match(text, position):
        position = title.end()
    position = _behind(_BLANK, text, position)
    if text[position : position + 1] != ")":
        return None
    return Target(unescapeAll(url), position + 1)


def _end_of_url(text: str, begin: int) -> int | None:
    position, depth = begin, 0
    while stop := _STOP.search(text, position, begin + _MAX_URL):
        if stop[0] == "\\":
            position = stop.end() + 1
            continue
        if stop[0] == "(" and depth < _MAX_PARENTHESES:
            depth += 1
        elif stop[0] == ")" and depth > 0:
            depth -= 1
        else:
            return None if depth else stop.start()
        position = stop.end()
    return None


def _behind(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
