"""Code blocks: how they are written into Markdown, and how a page gets at their bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

from playground.markdown.characters import encodable
from playground.markdown.grammar import normalize_newlines, parse_blocks

#: Longer code is drawn without colours: the highlighter makes an element of every word.
MAX_HIGHLIGHTED = 20_000

_LANGUAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+#.-]{0,30}\Z")
#: Languages that Streamlit draws as something else than code.
_DRAWN = {"mermaid": "text", "math": "latex"}


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """A block that is code and nothing else. `language` is "" where none is named."""

    language: str
    code: str


def code_block(block: str) -> CodeBlock | None:
    """Return the code of a finished block that is one fenced or indented block of code.

    Markdown cannot keep every byte of it: Streamlit rewrites `:material/` and blanks lines of
    spaces. `st.code` keeps them.
    """
    tokens = parse_blocks(normalize_newlines(encodable(block)))
    if len(tokens) != 1 or tokens[0].type not in ("fence", "code_block"):
        return None
    return CodeBlock(language(tokens[0].info), tokens[0].content.removesuffix("\n"))


def language(info: str) -> str:
    """Return the language that a fence's info string names, "" if none that may be passed on."""
    word = (unescapeAll(info).split() or [""])[0]
    if not _LANGUAGE.match(word):
        return ""
    drawn = next((shown for name, shown in _DRAWN.items() if name in word.lower()), None)
    return drawn or word


def fenced(code: str, name: str = "") -> list[str]:
    """Return the lines of a fenced block that draws `code`, longer fence and all."""
    longest = max(map(len, re.findall("`{3,}", code)), default=2)
    mark = "`" * max(3, longest + 1)
    lines = code.removesuffix("\n").split("\n")
    if not lines[0]:
        # Streamlit drops one line ending from the beginning of a block of code.
        lines.insert(0, "")
    return [mark + (name if len(code) <= MAX_HIGHLIGHTED else ""), *lines, mark]
