"""Blocks written anew as canonical Markdown.

Nothing of the source is copied as it is but code and formulas, so a parser that reads the source
in another way than ours does never sees it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it.token import Token

from playground.markdown.code import fenced, language
from playground.markdown.inline import safe_inline
from playground.markdown.links import References, label_key
from playground.markdown.maths import MAX_DISPLAY, is_drawable, tidied
from playground.markdown.output import Display, Running, literal

# Streamlit guesses by regular expressions whether a text has formulas, and reads dollars as ordinary
# characters if it finds none; a fence within a formula, say, misleads it, and what was meant as a
# formula would be Markdown. A definition that nothing refers to, at the very beginning, decides
# the guess and is not drawn.
_HAS_FORMULAS = "[formulas]: $$x$$\n\n"

_TASK = re.compile(r"\[[ xX]\](?=[ \t]+\S)")
_LINE_START = re.compile(
    r"(?:#{1,6}|[-+*])(?=\s|\Z)|>|\d{1,9}(?=[.)](?:\s|\Z))|=+\s*\Z|-+\s*\Z"
    r"|(?:[-_*][ \t]*){3,}\Z|~{3}|[ \t|:-]*-[ \t|:-]*\Z"
)
_LISTS = ("bullet_list_open", "ordered_list_open")


def write(tokens: Sequence[Token]) -> str:
    """Return safe Markdown that draws the blocks of `parse_blocks`."""
    return _Writer(tokens).run()


class _Writer:
    """One pass over the tokens; each has a method, called with it and its index."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.loose = _loose_lists(tokens)
        self.lines: list[str] = []
        self.prefix = ""  # of every line in the containers that are open
        self.marker = ""  # of the next line instead, where a container begins
        self.outer: list[str] = []  # prefixes of the containers around
        self.tight: list[bool] = [False]  # whether no blank lines are between blocks
        self.written = False  # whether a block stands before, in this container
        self.formulas = False
        self.row: list[str] = []
        self.alignments: list[str] = []
        self.references: References = {
            label_key(token.meta["label"]): token.meta["destination"]
            for token in reversed(tokens)
            if token.type == "definition"
        }

    def run(self) -> str:
        for index, token in enumerate(self.tokens):
            method = _METHODS.get(token.type)
            if method:
                method(self, token, index)
        return (_HAS_FORMULAS if self.formulas else "") + "\n".join(self.lines)

    # Lines and containers.

    def line(self, text: str) -> None:
        self.lines.append((self.marker or self.prefix) + text)
        self.marker = ""

    def blank(self) -> None:
        self.lines.append((self.marker or self.prefix).rstrip(" "))
        self.marker = ""

    def separate(self) -> None:
        if self.written and not self.tight[-1]:
            self.blank()
        self.written = False

    def block(self, lines: Sequence[str]) -> None:
        self.separate()
        for text in lines:
            self.line(text)
        self.written = True

    def enter(self, marker: str, prefix: str, *, tight: bool) -> None:
        self.outer.append(self.prefix)
        self.tight.append(tight)
        self.marker = (self.marker or self.prefix) + marker
        self.prefix += prefix
        self.written = False

    def leave(self, _: Token, __: int) -> None:
        if self.marker:  # nothing was written in it
            self.blank()
        self.prefix = self.outer.pop()
        self.tight.pop()
        self.written = True

    def quote(self, _: Token, __: int) -> None:
        self.separate()
        self.enter("> ", "> ", tight=False)

    def list(self, _: Token, index: int) -> None:
        self.separate()
        self.tight.append(index not in self.loose)

    def list_end(self, _: Token, __: int) -> None:
        self.tight.pop()
        self.written = True

    def item(self, token: Token, _: int) -> None:
        self.separate()
        marker = f"{token.info}{token.markup} "
        self.enter(marker, " " * len(marker), tight=self.tight[-1])

    # Blocks without text of their own.

    def code(self, token: Token, _: int) -> None:
        self.block(fenced(token.content, language(token.info)))

    def rule(self, _: Token, __: int) -> None:
        self.block(["___"])  # the one mark that is neither a list's nor a heading's

    def maths(self, token: Token, _: int) -> None:
        formula, after = token.content.strip(), token.meta["after"]
        if is_drawable(formula, MAX_DISPLAY):
            self.formulas = True
            self.block(_display(tidied(formula)))
        else:
            self.block(fenced(token.content, "latex"))
        if after:
            self.paragraph(safe_inline(after, self.references))

    def open_maths(self, token: Token, _: int) -> None:
        self.block(fenced(token.content, "latex"))

    # Blocks of text.

    def inline(self, token: Token, index: int) -> None:
        content, parent = token.content, self.tokens[index - 1]
        if parent.type in ("th_open", "td_open"):
            self.cell(content, parent)
        elif parent.type == "heading_open":
            text = self.joined(safe_inline(content, self.references, blocks=False))
            text = " ".join(text.replace("\\\n", " ").split("\n"))
            marks = "#" * int(parent.tag[1])
            self.block([f"{marks} {_escaped_end(text)}".rstrip()])
        else:
            task = _TASK.match(content) if self.marker else None
            lead = f"{task[0]} " if task else ""
            content = content[task.end() :].lstrip() if task else content
            self.paragraph(safe_inline(content, self.references), lead)

    def paragraph(self, text: Running, lead: str = "") -> None:
        self.separate()
        self.formulas |= text.formulas
        for number, part in enumerate(_parts(text)):
            if isinstance(part, Display):
                for line in _display(part.formula):
                    self.line(line)
            elif number == 0 and lead:
                self.line(lead + part)
            elif part := part.strip(" \t"):
                self.line(_escaped_start(part))
        self.written = True

    def definition(self, token: Token, _: int) -> None:
        # Drawn, since what refers to it may stand in another block, where it means nothing.
        begin = literal(f"[{token.meta['label']}]: ")
        rest = safe_inline(token.content.partition("]:")[2].strip())
        self.paragraph(Running((begin, *rest.pieces), rest.formulas))

    def joined(self, text: Running) -> str:
        self.formulas |= text.formulas
        return "".join(piece for piece in text.pieces if isinstance(piece, str))

    # Tables.

    def table(self, _: Token, __: int) -> None:
        self.separate()
        self.alignments = []

    def cell(self, content: str, parent: Token) -> None:
        self.row.append(self.joined(safe_inline(content, self.references, table=True)).strip())
        if parent.type == "th_open":
            style = str(parent.attrGet("style") or "")
            left = "left" in style or "center" in style
            right = "right" in style or "center" in style
            self.alignments.append(f" {':' if left else '-'}-{':' if right else '-'} ")

    def head_end(self, _: Token, __: int) -> None:
        self.line("|" + "|".join(self.alignments) + "|")

    def row_end(self, _: Token, __: int) -> None:
        self.line("| " + " | ".join(self.row) + " |")
        self.row = []

    def table_end(self, _: Token, __: int) -> None:
        self.written = True


_METHODS: dict[str, Callable[[_Writer, Token, int], None]] = {
    "inline": _Writer.inline,
    "fence": _Writer.code,
    "code_block": _Writer.code,
    "hr": _Writer.rule,
    "maths": _Writer.maths,
    "maths_open": _Writer.open_maths,
    "definition": _Writer.definition,
    "blockquote_open": _Writer.quote,
    "blockquote_close": _Writer.leave,
    **dict.fromkeys(_LISTS, _Writer.list),
    "bullet_list_close": _Writer.list_end,
    "ordered_list_close": _Writer.list_end,
    "list_item_open": _Writer.item,
    "list_item_close": _Writer.leave,
    "table_open": _Writer.table,
    "thead_close": _Writer.head_end,
    "tr_close": _Writer.row_end,
    "table_close": _Writer.table_end,
}


def _loose_lists(tokens: Sequence[Token]) -> set[int]:
    """Return the indexes of lists whose items are paragraphs, with space between."""
    loose: set[int] = set()
    containers: list[int] = []
    for index, token in enumerate(tokens):
        if token.type in (*_LISTS, "blockquote_open"):
            containers.append(index)
        elif token.type in ("bullet_list_close", "ordered_list_close", "blockquote_close"):
            containers.pop()
        elif token.type == "paragraph_open" and not token.hidden and containers:
            loose.add(containers[-1])
    return loose


def _parts(text: Running) -> Iterator[str | Display]:
    """Yield the lines of `text` and the formulas between them."""
    run: list[str] = []
    for piece in text.pieces:
        if isinstance(piece, str):
            run.append(piece)
        else:
            yield from "".join(run).split("\n")
            yield piece
            run = []
    yield from "".join(run).split("\n")


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
