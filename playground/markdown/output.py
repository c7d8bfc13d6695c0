r"""What Streamlit changes in text, and how text is written so that it is drawn as it is.

Streamlit 1.67 hands Markdown to react-markdown with remark-gfm, remark-directive, remark-math and
plugins of its own. Beyond CommonMark it acts on (read in its frontend, tried in a browser):

| written                          | drawn                            | held off by                |
|----------------------------------|----------------------------------|----------------------------|
| `:red[x]`, `:red-background[x]`, | colour, badge, small or          | colons as `&#58;`          |
| `:red-badge[x]`, `:color[x]{..}`,| shimmering text, a help icon;    |                            |
| `:small[x]`, `:shimmer[x]`,      | `:red` alone is swallowed, as is |                            |
| `:help[x]`, `::x`, `:::x`        | `[..]` or `{..}` after any name  |                            |
| `:material/home:`, also in code  | an icon; `:material_home:` in    | colons as `&#58;`; two     |
|                                  | code and link targets            | spans; `%3A`; `st.code`    |
| `:material_home:`, `:streamlit:` | an icon, the logo (in each text  | `BREAK` before the colon   |
| `:smile:`, `:+1:`                | an emoji          node, after    |                            |
| `->` `<-` `<->` `--` `>=` `<=`   | arrows, a dash,   parsing: no    | `BREAK` within             |
| `~=`, by a space or an edge      | signs             escape helps)  |                            |
| `http://x`, `www.x`, `a@b.c`     | links; the first two swallow what| links written out, else    |
|                                  | follows, marks of code too       | `&#58;` and `&#46;`        |
| `$x$`, `$$x$$`                   | a formula by KaTeX               | `\$`                       |
| `[^1]` and `[^1]: x`             | footnotes; a note that no block  | `\[`                       |
|                                  | refers to is swallowed           |                            |
| `[x]: y`                         | nothing                          | `\[`                       |
| `![x](y)`                        | an image that is fetched         | `\!\[`                     |
| `~x~`                            | struck through, like `~~x~~`     | `\~`                       |
| a fence with `mermaid` or `math` | a diagram, a formula             | another language           |
| a first line of code that is     | nothing                          | one more                   |
| blank                            |                                  |                            |
| HTML                             | its source, as text              | `\<`                       |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

#: An element without content. Streamlit looks for icons, emoji and arrows in each text node alone,
#: so one of these within them keeps them as written, and leaves no character behind when copied.
BREAK = ":color[]"

# What must be escaped wherever it stands; what means something at the start of a line only is seen
# to by whoever writes the line.
_ESCAPED = {c: "\\" + c for c in "\\`*_[]<!~$&|"} | {":": "&#58;"}
_REPLACED = frozenset({"->", "<-", "--", ">=", "<=", "~="})
_WORD = re.compile(r"[\w+-]*\Z", re.ASCII)
_PARTS = re.compile(r"((?:[^\W_]| )+)")
_WWW = re.compile(r"(www)\.", re.IGNORECASE)
_EMPHASIS = re.compile(r"[*_]")


@dataclass(frozen=True, slots=True)
class Display:
    """A formula that stands on lines of its own within running text."""

    formula: str


Piece = str | Display


@dataclass(frozen=True, slots=True)
class Running:
    """Running text made safe: Markdown, with displayed formulas between.

    Attributes:
        formulas: whether any formula is in it, displayed or not.
    """

    pieces: Sequence[Piece]
    formulas: bool = False


@dataclass(slots=True)
class Output:
    """Pieces of Markdown, and what must be known of the text before to write the next one."""

    pieces: list[Piece] = field(default_factory=list)
    last: str = ""  # the character drawn last; "" after markup, where a text node may begin
    word_after_colon: bool = False

    def ordinary(self, text: str, *, emphasis: bool = True) -> None:
        """Write text without special characters but those of emphasis."""
        if self.last + text[0] in _REPLACED:
            self.pieces.append(BREAK)
        self.pieces.append(text if emphasis else _EMPHASIS.sub(r"\\\g<0>", text))
        self.word_after_colon = self.word_after_colon and _WORD.match(text) is not None
        self.last = text[-1]

    def literal(self, characters: str) -> None:
        """Write characters that must mean nothing."""
        for c in characters:
            if self.last + c in _REPLACED or (c == ":" and self.word_after_colon):
                self.pieces.append(BREAK)
            self.pieces.append(_ESCAPED.get(c, c))
            self.word_after_colon = c == ":" or (
                self.word_after_colon and _WORD.match(c) is not None
            )
            self.last = c

    def entity(self, character: str) -> None:
        """Write a character in a way that no rule looks for."""
        self.pieces.append(f"&#{ord(character)};")
        self.last, self.word_after_colon = character, False

    def bare_colon(self) -> None:
        """Write a colon that what follows keeps from beginning anything."""
        if self.word_after_colon:
            self.pieces.append(BREAK)
        self.pieces.append(":")
        self.last, self.word_after_colon = ":", False

    def markup(self, piece: Piece) -> None:
        """Write what is no text."""
        self.pieces.append(piece)
        self.last, self.word_after_colon = "", False


def literal(text: str) -> str:
    """Return Markdown that draws just these characters, within one line."""
    output = Output()
    for part in _PARTS.split(text):
        if _PARTS.match(part):
            output.ordinary(part)
        elif part:
            output.literal(part)
    written = "".join(piece for piece in output.pieces if isinstance(piece, str))
    return _WWW.sub(r"\1&#46;", written)
