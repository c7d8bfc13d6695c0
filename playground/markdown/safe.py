"""Untrusted Markdown written anew, so that `st.markdown` draws it and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from playground.markdown.characters import encodable
from playground.markdown.code import fenced, language
from playground.markdown.grammar import normalize_newlines, parse_blocks, too_deep
from playground.markdown.inline import Display, Piece, References, label_key, literal, safe_inline
from playground.markdown.maths import MAX_DISPLAY, is_drawable

#: Characters of prose in one block, and in one paragraph, beyond which it is shown as plain text:
#: a browser needs seconds for more.
MAX_BLOCK = 100_000
MAX_PARAGRAPH = 20_000

_TASK = re.compile(r"\[[ xX]\](?=[ \t]+\S)")
_LINE_START = re.compile(
    r"(?:#{1,6}|[-+*])(?=\s|\Z)|>|\d{1,9}(?=[.)](?:\s|\Z))|=+\s*\Z|-+\s*\Z"
    r"|(?:[-_*][ \t]*){3,}\Z|~{3}|[ \t|:-]*-[ \t|:-]*\Z"
)


def safe_markdown(block: str) -> str:
    """Return Markdown that draws `block` as a reader expects, for `unsafe_allow_html=False`.

    Any text is accepted. What is nested too deep or too long for a browser is shown as it stands.
    """
    text = normalize_newlines(encodable(block))
    tokens = parse_blocks(text)
    prose = sum(len(token.content) for token in tokens if token.type == "inline")
    longest = max((len(token.content) for token in tokens if token.type == "inline"), default=0)
    if prose > MAX_BLOCK or longest > MAX_PARAGRAPH or too_deep(tokens):
        return "\n".join(fenced(text))
    return _Writer(tokens).run()


class _Writer:
    """Writes block tokens as canonical Markdown."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.lines: list[str] = []
        self.prefix = ""  # of every line in the containers that are open
        self.marker = ""  # of the next line instead, where a list item begins
        self.outer: list[str] = []  # prefixes of the containers around
        self.tight: list[bool] = [False]
        self.written = False  # whether a block stands before, in this container
        self.row: list[str] = []
        self.alignments: list[str] = []
        self.references: References = {
            label_key(token.meta["label"]): token.meta["destination"]
            for token in reversed(tokens)
            if token.type == "definition"
        }

    def run(self) -> str:
        loose = _loose_lists(self.tokens)
        for index, token in enumerate(self.tokens):
            match token.type:
                case "inline":
                    self.inline(token, self.tokens[index - 1])
                case "fence" | "code_block":
                    self.block(fenced(token.content, language(token.info)))
                case "hr":
                    self.block(["___"])
                case "maths":
                    self.maths(token)
                case "maths_open":
                    self.block(fenced(token.content, "latex"))
                case "definition":
                    self.definition(token)
                case "blockquote_open":
                    self.separate()
                    self.enter("> ", "> ")
                case "bullet_list_open" | "ordered_list_open":
                    self.separate()
                    self.tight.append(index not in loose)
                case "bullet_list_close" | "ordered_list_close":
                    self.tight.pop()
                    self.written = True
                case "list_item_open":
                    self.item(token)
                case "list_item_close" | "blockquote_close":
                    self.leave()
                case "tr_close":
                    self.table_row()
                case "table_open":
                    self.separate()
                    self.alignments = []
                case "thead_close":
                    self.line("|" + "|".join(self.alignments) + "|")
                case "table_close":
                    self.written = True
                case _:
                    pass
        return "\n".join(self.lines)

    # Lines and containers.

    def line(self, text: str) -> None:
        self.lines.append(((self.marker or self.prefix) + text).rstrip(" "))
        self.marker = ""

    def raw_line(self, text: str) -> None:
        self.lines.append((self.marker or self.prefix) + text)
        self.marker = ""

    def separate(self) -> None:
        if self.written and not self.tight[-1]:
            self.line("")
        self.written = False

    def block(self, lines: Sequence[str]) -> None:
        self.separate()
        for text in lines:
            self.raw_line(text)
        self.written = True

    def enter(self, marker: str, prefix: str) -> None:
        self.outer.append(self.prefix)
        self.marker = (self.marker or self.prefix) + marker
        self.prefix += prefix
        self.written = False

    def leave(self) -> None:
        if self.marker:  # nothing was written in it
            self.line("")
        self.prefix = self.outer.pop()
        self.written = True

    def item(self, token: Token) -> None:
        self.separate()
        marker = f"{token.info}{token.markup} "
        self.enter(marker, " " * len(marker))

    # What holds text.

    def inline(self, token: Token, parent: Token) -> None:
        content = token.content
        if parent.type in ("th_open", "td_open"):
            self.cell(content, parent)
        elif parent.type == "heading_open":
            text = _joined(safe_inline(content, self.references, blocks=False))
            text = " ".join(text.replace("\\\n", " ").split("\n"))
            marks = "#" * int(parent.tag[1])
            self.block([f"{marks} {_escaped_end(text)}".rstrip()])
        else:
            task = _TASK.match(content) if self.marker else None
            lead = f"{task[0]} " if task else ""
            if task:
                content = content[task.end() :].lstrip()
            self.paragraph(safe_inline(content, self.references), lead)

    def paragraph(self, pieces: Sequence[Piece], lead: str = "") -> None:
        self.separate()
        text: list[str] = []
        for piece in (*pieces, None):
            if isinstance(piece, str):
                text.append(piece)
                continue
            for number, line in enumerate("".join(text).strip(" \n").split("\n")):
                start = lead if number == 0 else ""
                lead = "" if number == 0 else lead
                if start or line:
                    self.line(start + (line if start else _escaped_start(line)))
            text = []
            if isinstance(piece, Display):
                for line in _display(piece.formula):
                    self.line(line)
        self.written = True

    def maths(self, token: Token) -> None:
        formula, after = token.content.strip(), token.meta["after"]
        if not is_drawable(formula, MAX_DISPLAY):
            self.block(fenced(token.content, "latex"))
        else:
            self.block(_display(formula))
        if after:
            self.paragraph(safe_inline(after, self.references))

    def definition(self, token: Token) -> None:
        # Drawn, since what refers to it may stand in another block, where it means nothing.
        begin = literal(f"[{token.meta['label']}]: ")
        rest = token.content.partition("]:")[2].strip()
        self.paragraph([begin, *safe_inline(rest, {})])

    def cell(self, content: str, parent: Token) -> None:
        self.row.append(_joined(safe_inline(content, self.references, table=True)).strip())
        if parent.type == "th_open":
            style = str(parent.attrGet("style") or "")
            left, right = "left" in style or "center" in style, "right" in style or "center" in style
            self.alignments.append(f" {':' if left else '-'}-{':' if right else '-'} ")

    def table_row(self) -> None:
        self.line("| " + " | ".join(self.row) + " |")
        self.row = []


def _loose_lists(tokens: Sequence[Token]) -> set[int]:
    loose: set[int] = set()
    stack: list[int] = []
    for index, token in enumerate(tokens):
        if token.type in ("bullet_list_open", "ordered_list_open", "blockquote_open"):
            stack.append(index)
        elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
            stack.pop()
        elif token.type == "paragraph_open" and not token.hidden and stack:
            loose.add(stack[-1])
    return loose


def _joined(pieces: Sequence[Piece]) -> str:
    return "".join(piece if isinstance(piece, str) else piece.formula for piece in pieces)


def _display(formula: str) -> list[str]:
    longest = max(map(len, re.findall(r"\$+", formula)), default=0)
    mark = "$" * max(2, longest + 1)
    return [mark, *(line for line in formula.split("\n") if line.strip()), mark]


def _escaped_start(line: str) -> str:
    found = _LINE_START.match(line)
    if not found:
        return line
    digits = len(found[0]) if found[0].isdigit() else 0
    return f"{line[:digits]}\\{line[digits:]}"


def _escaped_end(text: str) -> str:
    return text[:-1] + "\\#" if text.endswith("#") else text
