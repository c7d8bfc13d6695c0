"""Code blocks: how they are written into Markdown, and how a page gets at their bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

from playground.markdown.characters import encodable
from playground.markdown.grammar import normalize_newlines, parse_blocks
from playground.markdown.output import BREAK

#: Longer code is drawn without colours: the highlighter makes an element of every word.
MAX_HIGHLIGHTED = 20_000

_MAY_BE_CODE = re.compile(r"\s*(?:`{3}|~{3})|(?:\s*[\r\n])?(?: {4}| {0,3}\t)")
_LANGUAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_+#.-]{0,30}\Z")


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
    if not _MAY_BE_CODE.match(block):
        return None
    tokens = parse_blocks(normalize_newlines(encodable(block)))
    if len(tokens) != 1 or tokens[0].type not in ("fence", "code_block"):
        return None
    code = tokens[0].content.removesuffix("\n")
    return CodeBlock(_coloured(language(tokens[0].info), code), code)


def language(info: str) -> str:
    """Return the language that a fence's info string names, "" if none that may be passed on."""
    word = (unescapeAll(info).split() or [""])[0]
    if not _LANGUAGE.match(word):
        return ""
    # Streamlit draws these as a diagram and a formula.
    if "mermaid" in word.lower():
        return "text"
    return "latex" if word.lower() == "math" else word


class BacktickRuns:
    """The runs of backticks in a text, by length; asked from left to right."""

    def __init__(self, text: str) -> None:
        self._starts: dict[int, list[int]] = {}
        for found in reversed(list(re.finditer("`+", text))):
            self._starts.setdefault(len(found[0]), []).append(found.start())

    def next(self, length: int, position: int) -> int | None:
        """Return where the next run of just `length` backticks from `position` on begins."""
        starts = self._starts.get(length, [])
        while starts and starts[-1] < position:
            starts.pop()
        return starts[-1] if starts else None


def code_span(content: str) -> str:
    """Return a code span, or two, that draws what stands between the marks of another."""
    code = content.replace("\n", " ")
    if code.strip(" ") and code[0] == code[-1] == " ":
        code = code[1:-1]
    # Two because Streamlit rewrites this in the whole text, code included.
    return BREAK.join(map(_code_span, code.replace(":material/", ":\0material/").split("\0")))


def _code_span(code: str) -> str:
    lengths = set(map(len, re.findall("`+", code)))
    mark = "`" * next(n for n in range(1, len(lengths) + 2) if n not in lengths)
    edges = code[0] + code[-1]
    if "`" in edges or (edges == "  " and code.strip(" ")):
        code = f" {code} "
    return mark + code + mark


def fenced(code: str, name: str = "") -> list[str]:
    """Return the lines of a fenced block that draws `code`, longer fence and all."""
    longest = max(map(len, re.findall("`{3,}", code)), default=2)
    mark = "`" * max(3, longest + 1)
    lines = code.removesuffix("\n").split("\n") if code else []
    if lines and not lines[0].strip():
        # Streamlit drops one line ending from the beginning of a block of code.
        lines.insert(0, "")
    return [mark + _coloured(name, code), *lines, mark]


def _coloured(name: str, code: str) -> str:
    return name if len(code) <= MAX_HIGHLIGHTED else ""
