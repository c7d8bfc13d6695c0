"""A conversation as Markdown: the branch on the page, its texts as they were written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from playground.conversation import Conversation
from playground.markdown.characters import encodable
from playground.markdown.grammar import normalize_newlines
from playground.transfer.facts import APP, SCRIPTED, Facts, facts_of, moment, title_of

_SPECIAL = re.compile(r"([\\`*_\[\]<>#&|~$])")
_PARSER = MarkdownIt("commonmark")
_MAY_STAY_OPEN = re.compile("```|~~~|<[!?A-Za-z]")
#: Characters of a text beyond which it is made one block of code: parsing it would take minutes.
_MAX_PARSED = 1_000_000
#: No text can hold it: a text is cleaned of what is not encodable before.
_PROBE = "\ud800"

#: How a block of raw HTML that goes on until its closing mark begins, and that mark.
_HTML_CLOSERS = (
    (re.compile(r"<!--"), "-->"),
    (re.compile(r"<\?"), "?>"),
    (re.compile(r"<!\[CDATA\["), "]]>"),
    (re.compile(r"<![A-Za-z]"), ">"),
    (re.compile(r"<script(?=[\s>]|\Z)", re.IGNORECASE), "</script>"),
    (re.compile(r"<pre(?=[\s>]|\Z)", re.IGNORECASE), "</pre>"),
    (re.compile(r"<style(?=[\s>]|\Z)", re.IGNORECASE), "</style>"),
    (re.compile(r"<textarea(?=[\s>]|\Z)", re.IGNORECASE), "</textarea>"),
)


def markdown_document(conversation: Conversation, *, at: float, zone: dt.tzinfo = dt.UTC) -> bytes:
    """Return the document as UTF-8.

    Args:
        conversation: its branch on the page is written.
        at: the time of the export, in seconds since the epoch.
        zone: the time zone in which times are written.
    """
    pieces = [f"# {escaped_line(title_of(conversation))}"]
    pieces.append(
        f"Begun {moment(conversation.created_at, zone)}. Exported from {APP} on {moment(at, zone)}."
    )
    for facts in facts_of(conversation):
        pieces += ["---", *turn_pieces(facts, zone)]
    return ("\n\n".join(pieces) + "\n").encode()


def closed(text: str) -> str:
    """Return `text` with a line that ends what it leaves open, so that nothing after is taken in.

    An answer that was cut off may end in the middle of a block of code.
    """
    if not _MAY_STAY_OPEN.search(text):
        return text
    if len(text) > _MAX_PARSED:
        mark = "`" * (1 + max(map(len, re.findall("`{2,}", text)), default=2))
        return f"{mark}\n{text}\n{mark}"
    tokens: list[Token] = []
    _PARSER.block.parse(normalize_newlines(f"{text}\n\n{_PROBE}"), _PARSER, {}, tokens)
    for token in tokens:
        if _PROBE not in token.content:
            continue
        if token.type == "fence":
            return f"{text}\n{token.markup}"
        if token.type == "html_block":
            begin = token.content.lstrip()
            closer = next((c for opener, c in _HTML_CLOSERS if opener.match(begin)), "")
            return f"{text}\n{closer}"
    return text


def turn_pieces(facts: Facts, zone: dt.tzinfo, *, level: int = 2, name: str = "") -> Iterator[str]:
    """Yield the paragraphs of a turn.

    Args:
        facts: the turn and what is said about it.
        zone: the time zone in which times are written.
        level: the level of its heading.
        name: who speaks; what the facts say if empty.
    """
    turn = facts.turn
    yield f"{'#' * level} {escaped_line(name or facts.speaker)}"
    about = [moment(turn.created_at, zone), *facts.line]
    yield f"*{escaped_line(' · '.join(about))}*"
    if facts.scripted:
        yield f"> **{SCRIPTED}**"
    if facts.system_message is not None:
        yield _system_message(facts.system_message)
    text = encodable(turn.content).strip("\r\n")
    if text.strip():
        yield closed(text)
    elif not facts.error:
        yield "*(empty)*"
    if facts.ending and not facts.whole:
        yield f"> **{escaped_line(facts.ending)}**"
    if facts.error:
        title, *sentences = facts.error
        lines = [f"> **{escaped_line(title)}**", *(f"> {escaped_line(s)}" for s in sentences)]
        yield "\n>\n".join(lines)


def _system_message(text: str) -> str:
    if not text.strip():
        return "> System message: none"
    quoted = [f"> {escaped_line(row)}".rstrip() for row in encodable(text).strip().splitlines()]
    return "\n".join(["> System message:", ">", *quoted])


def escaped_line(text: str) -> str:
    """Return text that Markdown shows as it stands."""
    return _SPECIAL.sub(r"\\\1", text)
