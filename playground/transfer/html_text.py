"""Untrusted Markdown as HTML that shows it and does nothing else.

The blocks are those of the chat page (`playground.markdown.grammar`); the running text is read by
markdown-it-py with raw HTML off. Every tag and attribute that comes out is written here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from playground.markdown.characters import encodable, make_visible
from playground.markdown.code import language
from playground.markdown.grammar import normalize_newlines, parse_blocks, too_deep
from playground.markdown.links import Destination, destination, names_host, shown_host

#: Characters of a text beyond which it is shown as it stands; more than models write.
MAX_TEXT = 300_000
#: The same of a paragraph, and opening brackets in it: reading it takes time in the square of these.
MAX_PARAGRAPH = 20_000
MAX_BRACKETS = 200

#: The tags of what needs nothing but a tag.
_TAGS = {
    "paragraph": "p",
    "blockquote": "blockquote",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "em": "em",
    "strong": "strong",
    "s": "s",
}
_ALIGNED = re.compile(r"text-align:(left|center|right)\Z")
_MATHS_MARKS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "$": "$"}
_MAX_FORMULA = 2000


def html_of(text: str, *, level: int) -> str:
    """Return the HTML of any Markdown.

    Args:
        text: the Markdown.
        level: the level of the first heading in it; none is deeper than 6, and none skips one.
    """
    clean = normalize_newlines(encodable(text))
    tokens = parse_blocks(clean) if len(clean) <= MAX_TEXT else []
    if not tokens or too_deep(tokens):
        return plain_html(clean)
    return _Writer(tokens, level).html()


def plain_html(text: str) -> str:
    """Return the HTML of text that is no Markdown, with its lines and spaces as they are."""
    return f'<div class="plain">{escaped(normalize_newlines(text))}</div>\n'


def escaped(text: str) -> str:
    """Return any text for use in HTML, in attributes too; what cannot be seen is made visible."""
    return html.escape(make_visible(encodable(text)))


class _Parser(MarkdownIt):
    """Reads running text. What is no link to the web or to a mail address stays as written."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - markdown-it-py calls it
        """Whether `url` may be a link's or an image's."""
        return destination(url) is not None


def _maths(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it-py calls it so
    found = _formula_at(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("maths", "", 0)
        token.content = state.src[state.pos : found]
    state.pos = found
    return True


def _formula_at(text: str, start: int, end: int) -> int | None:
    """Return where a formula that begins at `start` ends, its marks included; None if none does.

    A mistake shows money as a formula or a formula as text, and hides nothing: the marks stay.
    """
    opener = next((mark for mark in _MATHS_MARKS if text.startswith(mark, start)), None)
    if opener is None:
        return None
    closer = _MATHS_MARKS[opener]
    first = start + len(opener)
    last = text.find(closer, first, min(end, first + _MAX_FORMULA))
    if last <= first:
        return None
    if opener == "$":
        # Pandoc's rule, which leaves "$5 and $6" alone.
        inner, after = text[first:last], text[last + 1 : end][:1]
        if inner[0].isspace() or inner[-1].isspace() or after.isdigit() or "\n\n" in inner:
            return None
    return last + len(closer)


def _parser() -> _Parser:
    parser = _Parser("commonmark", {"html": False})
    parser.enable("strikethrough")
    parser.disable("html_inline")
    parser.inline.ruler.before("escape", "maths", _maths)
    return parser


_PARSER = _parser()


class _Writer:
    """Writes tokens as HTML. Each method that is named in a table returns the HTML of one."""

    def __init__(self, tokens: Sequence[Token], level: int) -> None:
        self.tokens = tokens
        self.base = level
        self.marks: list[int] = []  # of the headings that the next one may stand under
        self.level = level  # of the heading that is open
        self.links: list[tuple[Destination, list[str]]] = []  # open ones, with their labels
        self.env: dict[str, Any] = {"references": _references(tokens)}

    def html(self) -> str:
        return "".join(map(self.block, self.tokens))

    def block(self, token: Token) -> str:
        if token.hidden:  # the paragraph of a tight list's item
            return "\n" if token.nesting < 0 else ""
        write = _BLOCKS.get(token.type)
        return write(self, token) if write is not None else _tag(token)

    def fence(self, token: Token) -> str:
        name = language(token.info)
        return _pre(token.content.removesuffix("\n"), f"Code, {name}" if name else "Code")

    def rule(self, _token: Token) -> str:
        return "<hr>\n"

    def maths(self, token: Token) -> str:
        after = token.meta["after"] if token.meta else ""
        shown = _pre(token.content.strip("\n"), "Formula, in TeX", "maths")
        return shown + (f"<p>{escaped(after)}</p>\n" if after else "")

    def definition(self, token: Token) -> str:
        return f"<p>{escaped(token.content)}</p>\n"

    def heading(self, token: Token) -> str:
        if token.nesting < 0:
            return f"</h{self.level}>\n"
        # One level under the last that has fewer marks, whatever was skipped.
        mark = int(token.tag[1])
        while self.marks and self.marks[-1] >= mark:
            self.marks.pop()
        self.marks.append(mark)
        self.level = min(6, self.base + len(self.marks) - 1)
        return f"<h{self.level}>"

    def ordered(self, token: Token) -> str:
        start = token.attrGet("start")
        return "<ol>\n" if start is None else f'<ol start="{int(start)}">\n'

    def table(self, token: Token) -> str:
        if token.nesting < 0:
            return "</table></div>\n"
        return '<div class="wide" role="group" aria-label="Table" tabindex="0"><table>\n'

    def cell(self, token: Token) -> str:
        name = "th" if token.type == "th_open" else "td"
        aligned = _ALIGNED.match(str(token.attrGet("style") or ""))
        return f'<{name} class="{aligned[1]}">' if aligned else f"<{name}>"

    def inline(self, token: Token) -> str:
        content = token.content
        if len(content) > MAX_PARAGRAPH or content.count("[") > MAX_BRACKETS:
            return f'<span class="plain">{escaped(content)}</span>'
        children: list[Token] = []
        _PARSER.inline.parse(content, _PARSER, self.env, children)
        return "".join(map(self.running, children))

    def running(self, token: Token) -> str:
        if self.links:
            self.links[-1][1].append(token.content)
        write = _RUNNING.get(token.type)
        if write is not None:
            return write(self, token)
        return _tag(token) if token.nesting else escaped(token.content)

    def code(self, token: Token) -> str:
        return f"<code>{html.escape(token.content)}</code>"

    def formula(self, token: Token) -> str:
        return f'<code class="maths">{html.escape(token.content)}</code>'

    def soft_break(self, _token: Token) -> str:
        return "\n"

    def hard_break(self, _token: Token) -> str:
        return "<br>\n"

    def image(self, token: Token) -> str:
        words = " ".join(token.content.split()) or "without a description"
        said = f"[Image: {words}, not loaded from {shown_host(str(token.attrGet('src') or ''))}]"
        return f'<span class="image">{escaped(said)}</span>'

    def link(self, token: Token) -> str:
        place = destination(str(token.attrGet("href")))
        # The parser has asked before, so there is one; if not, the link leads nowhere.
        self.links.append((place or Destination("#", ""), []))
        href = self.links[-1][0].href
        return f'<a href="{href}" target="_blank" rel="noopener noreferrer nofollow">'

    def link_end(self, _token: Token) -> str:
        place, label = self.links.pop()
        if names_host("".join(label), place):
            return "</a>"
        return f'</a> <span class="host">({escaped(place.host)})</span>'


_Write = Callable[[_Writer, Token], str]

_BLOCKS: dict[str, _Write] = {
    "inline": _Writer.inline,
    "fence": _Writer.fence,
    "code_block": _Writer.fence,
    "hr": _Writer.rule,
    "maths": _Writer.maths,
    "maths_open": _Writer.maths,
    "definition": _Writer.definition,
    "heading_open": _Writer.heading,
    "heading_close": _Writer.heading,
    "ordered_list_open": _Writer.ordered,
    "table_open": _Writer.table,
    "table_close": _Writer.table,
    "th_open": _Writer.cell,
    "td_open": _Writer.cell,
}
_RUNNING: dict[str, _Write] = {
    "code_inline": _Writer.code,
    "maths": _Writer.formula,
    "softbreak": _Writer.soft_break,
    "hardbreak": _Writer.hard_break,
    "image": _Writer.image,
    "link_open": _Writer.link,
    "link_close": _Writer.link_end,
}


def _tag(token: Token) -> str:
    """Return the tag of what needs no more than one; nothing for what is not known."""
    name = _TAGS.get(token.type.rpartition("_")[0])
    if name is None:
        return ""
    end = "" if token.type.startswith(("em_", "strong_", "s_")) else "\n"
    return f"<{name}>" if token.nesting > 0 else f"</{name}>{end}"


def _references(tokens: Sequence[Token]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for token in tokens:
        if token.type == "definition" and destination(token.meta["destination"]) is not None:
            key = normalizeReference(token.meta["label"])
            found.setdefault(key, {"href": token.meta["destination"], "title": ""})
    return found


def _pre(content: str, label: str, kind: str = "code") -> str:
    # It may be wider than the page, so it can be reached and scrolled with the keyboard.
    opening = f'<pre class="{kind}" role="group" aria-label="{html.escape(label)}" tabindex="0">'
    return f"{opening}<code>{html.escape(content)}</code></pre>\n"
