"""Block structure: CommonMark with tables and display maths, read by markdown-it-py.

Raw HTML is no construct here, so what it encloses is ordinary text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

#: Levels of nesting that are read; a list and its item are one each. markdown-it-py silently drops
#: what lies deeper, so text that reaches this depth must not be drawn from its tokens.
MAX_NESTING = 80

#: Lines within which display maths that begins with text on its first line must be closed.
_MATHS_LINES = 200

_DEFINITION = re.compile(
    r"\[(?!\^)((?:[^\[\]\\]|\\.){1,999})\]:[ \t]*"
    r"(?:<([^<>]*)>|([^\s<]\S*))"
    r"(?:[ \t]+(?:\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\((?:[^()\\]|\\.)*\)))?[ \t]*\Z"
)

_SENTENCE_MARKS = " \t.,;:"
# What a rule is asked with whether it would begin at a line.
_SILENT = True

_UNDERLINE = re.compile(r"(?:=+|-+)[ \t]*\Z")
_CLOSERS = {"$$": "$$", "\\[": "\\]"}


def parse_blocks(text: str) -> list[Token]:
    """Return the block tokens of `text`; the contents of `inline` tokens are left as they are.

    Besides markdown-it-py's own there are `maths` (content: the formula; meta: what follows the
    closing mark on its line), `maths_open` (not closed yet; content: all of it, with its mark) and
    `definition` (content: its line; meta: label and destination).
    """
    tokens: list[Token] = []
    _PARSER.block.parse(text, _PARSER, {}, tokens)
    return tokens


def too_deep(tokens: Sequence[Token]) -> bool:
    """Whether nesting reached the depth from which on text may be missing from `tokens`."""
    return any(token.level >= MAX_NESTING - 2 for token in tokens)


def normalize_newlines(text: str) -> str:
    """Return `text` with every line ending a line feed, as the parser wants it."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _definition(state: StateBlock, start: int, _: int, silent: bool) -> bool:  # noqa: FBT001 - called so by markdown-it-py
    # One line only, unlike CommonMark: a definition that may go on would never be finished.
    if silent or state.is_code_block(start):
        return False
    text = _line(state, start)
    found = _DEFINITION.match(text) if text.startswith("[") else None
    if found is None:
        return False
    token = state.push("definition", "", 0)
    token.map = [start, start + 1]
    token.content = text
    destination = found[2] if found[2] is not None else found[3]
    token.meta = {"label": found[1], "destination": unescapeAll(destination)}
    state.line = start + 1
    return True


def _maths(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - the same
    if state.is_code_block(start):
        return False
    text = _line(state, start)
    closer = _CLOSERS.get(text[:2])
    if closer is None:
        return False
    alone = not text[2:].strip()
    if silent and alone:
        return True
    closed = _closing_line(state, start, start + 1 if silent else end, closer, alone=alone)
    if closed is None and not alone:
        return False
    if silent:
        return True
    stop = end if closed is None else closed + 1
    if closed is None:
        # Lines less indented than the container belong to what comes after it.
        stop = next((n for n in range(start + 1, end) if _leaves(state, n)), end)
    token = state.push("maths_open" if closed is None else "maths", "", 0)
    token.map = [start, stop]
    content = state.getLines(start, stop, state.blkIndent, keepLastLF=False)
    if closed is None:
        token.content = content
    else:
        last = text[2:] if closed == start else _line(state, closed)
        after = last.partition(closer)[2]
        before = content.lstrip()[2:].removesuffix(closer + after)
        if not after.strip(_SENTENCE_MARKS):
            before, after = before.rstrip() + after.strip(), ""
        token.content, token.meta = before.strip("\n"), {"after": after.strip()}
    state.line = stop
    return True


def _closing_line(
    state: StateBlock, start: int, end: int, closer: str, *, alone: bool
) -> int | None:
    found = _line(state, start)[2:].partition(closer)
    if found[1]:
        # With words after it on its line it stands within a sentence: inline, not a block.
        return None if found[2].strip(_SENTENCE_MARKS) or not found[0].strip() else start
    for line in range(start + 1, end if alone else min(end, start + _MATHS_LINES)):
        text = _line(state, line)
        if _leaves(state, line) or (not alone and _ends_paragraph(state, line, end)):
            return None
        if not alone and text[:2] in _CLOSERS and text[:2] != closer:
            return None
        if closer in text:
            after = text.partition(closer)[2]
            return None if not alone and after.strip(_SENTENCE_MARKS) else line
    return None


def _ends_paragraph(state: StateBlock, line: int, end: int) -> bool:
    # Else a block that had begun here would be swallowed once the closing mark arrives.
    if state.isEmpty(line) or _UNDERLINE.match(_line(state, line)):
        return True
    if state.sCount[line] - state.blkIndent > 3:
        return False
    parent, state.parentType = state.parentType, "paragraph"
    rules = state.md.block.ruler.getRules("paragraph")
    ends = any(rule(state, line, end, _SILENT) for rule in rules if rule is not _maths)
    state.parentType = parent
    return ends


def _leaves(state: StateBlock, line: int) -> bool:
    return not state.isEmpty(line) and state.sCount[line] < state.blkIndent


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": MAX_NESTING}).enable("table")
    parser.disable(["html_block", "reference"])
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
    parser.block.ruler.before("fence", "maths", _maths, interrupts)
    parser.block.ruler.before("reference", "definition", _definition)
    return parser


_PARSER = _parser()
