"""Running text made safe: one pass that lets through only what it knows.

Emphasis, strikethrough, code, links to the web and formulas stay; whatever else Markdown or
Streamlit would act on is escaped, so that it is drawn as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from playground.markdown.characters import UNSEEN, entity_at, make_visible, visible
from playground.markdown.code import BacktickRuns, code_span
from playground.markdown.links import (
    References,
    destination,
    label_key,
    link_end,
    shown_host,
)
from playground.markdown.maths import Formula, bracketed_formula, dollar_formula
from playground.markdown.output import Display, Output, Running, literal
from playground.markdown.targets import Target, autolink_at, bare_url_at, label_at, resource_at

#: More marks of emphasis than this in one run of text are shown as characters: the browser's
#: parser needs time in the square of their number.
MAX_MARKS = 1000

_SPECIAL = re.compile(
    rf"\\|`+|\$+|<|&|\[|\]|!|:|~+|-[->]|>=|\||\n|(?<![A-Za-z])(?i:https?://|www\.)|[{UNSEEN}]"
)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_INDENT = re.compile(r"[ \t]*")
# What may follow a colon or an exclamation mark that is written without an escape.
_ENDS_COLON = frozenset({"", *" \n*),.;\"'"})
_ENDS_EXCLAMATION = frozenset({"", " ", "\n"})


def safe_inline(
    text: str, references: References | None = None, *, table: bool = False, blocks: bool = True
) -> Running:
    """Return `text` made safe.

    Args:
        text: the content of a paragraph, heading or table cell.
        references: destinations by `label_key`.
        table: whether it stands in a table, where a bar must be escaped everywhere.
        blocks: whether a displayed formula may have lines of its own.
    """
    if len(text) <= MAX_MARKS and _SPECIAL.search(text) is None:
        return Running((text,))
    return _Inline(text, references or {}, table=table, blocks=blocks).run()


@dataclass(frozen=True, slots=True)
class _Opener:
    piece: int  # index in the output of the bracket
    source: int  # index in the source behind it
    image: bool


@dataclass(frozen=True, slots=True)
class _BareLink:
    piece: int
    text: str  # to be written instead within the label of another link


class _Inline:
    """One pass over one text.

    Each method that the scanner calls is given what stopped it; `position` is behind that.
    """

    __slots__ = (
        "bare", "blocks", "emphasis", "formulas", "inactive", "openers", "output",
        "position", "references", "runs", "table", "text",
    )  # fmt: skip

    def __init__(self, text: str, references: References, *, table: bool, blocks: bool) -> None:
        self.text = text
        self.references = references
        self.table = table
        self.blocks = blocks and not table
        self.emphasis = text.count("*") + text.count("_") + text.count("~~") <= MAX_MARKS
        self.output = Output()
        self.position = 0
        self.formulas = False
        self.openers: list[_Opener] = []
        self.inactive = 0  # openers below this one cannot begin a link: one stands within them
        self.bare: list[_BareLink] = []
        self.runs: BacktickRuns | None = None

    def run(self) -> Running:
        text, search, handlers = self.text, _SPECIAL.search, _HANDLERS
        while found := search(text, self.position):
            if found.start() > self.position:
                self.ordinary(text[self.position : found.start()])
            self.position = found.end()
            handlers.get(found[0][0], _Inline.unseen)(self, found[0])
        if self.position < len(text):
            self.ordinary(text[self.position :])
        return Running(self.output.pieces, self.formulas)

    def ordinary(self, text: str) -> None:
        self.output.ordinary(text, emphasis=self.emphasis)

    def literal(self, characters: str) -> None:
        self.output.literal(characters)

    @property
    def following(self) -> str:
        return self.text[self.position : self.position + 1]

    # Characters.

    def backslash(self, _: str) -> None:
        following = self.following
        if following == "\n":
            self.position += 1
            self.line_end("\\\n")
        elif following in ("(", "[") and (found := bracketed_formula(self.text, self.position + 1)):
            self.formula(found)
        elif following in _PUNCTUATION:
            self.position += 1
            self.literal(following)
        else:
            self.literal("\\")

    def ampersand(self, _: str) -> None:
        meant, self.position = entity_at(self.text, self.position - 1)
        self.literal(meant)

    def colon(self, _: str) -> None:
        if self.following in _ENDS_COLON:
            self.output.bare_colon()
        else:
            self.literal(":")

    def tildes(self, run: str) -> None:
        if len(run) == 2 and self.emphasis:
            self.output.markup(run)
        else:
            self.literal(run)

    def bar(self, run: str) -> None:
        if self.table:
            self.literal(run)
        else:
            self.ordinary(run)

    def newline(self, _: str) -> None:
        pieces = self.output.pieces
        before = pieces[-1] if pieces else ""
        hard = isinstance(before, str) and before.endswith("  ")
        if isinstance(before, str) and pieces:
            pieces[-1] = before.rstrip(" ")
        self.line_end("\\\n" if hard else "\n")

    def line_end(self, written: str) -> None:
        self.output.markup(written)
        found = _INDENT.match(self.text, self.position)
        self.position = found.end() if found else self.position

    def unseen(self, character: str) -> None:
        self.literal(visible(character))

    # Code and formulas.

    def backticks(self, run: str) -> None:
        if self.runs is None:
            self.runs = BacktickRuns(self.text)
        end = self.runs.next(len(run), self.position)
        if end is None:
            self.literal(run)
            return
        written = code_span(self.text[self.position : end])
        self.position = end + len(run)
        self.output.markup(written.replace("|", "\\|") if self.table else written)

    def dollars(self, run: str) -> None:
        formula = dollar_formula(self.text, self.position, run) if len(run) <= 2 else None
        if formula:
            self.formula(formula)
        else:
            self.literal(run)

    def formula(self, found: Formula) -> None:
        self.position, self.formulas = found.end, True
        if found.display and self.blocks and not self.openers:
            self.output.markup(Display(found.content))
            return
        content = found.content.replace("\n", " ")
        if self.table:
            content = content.replace("\\|", "\\Vert ").replace("|", "\\vert ")
        longest = max(map(len, re.findall(r"\$+", content)), default=0)
        mark = "$" * max(longest + 1, 2 if found.display or longest else 1)
        self.output.markup(mark + content + mark)

    # Links and images.

    def angle(self, mark: str) -> None:
        self.plain_link(autolink_at(self.text, self.position - 1), mark)

    def bare_url(self, begin: str) -> None:
        scheme = "http://" if begin[0] in "wW" else ""
        self.plain_link(bare_url_at(self.text, self.position - len(begin)), begin, scheme)

    def plain_link(self, found: Target | None, begin: str, scheme: str = "") -> None:
        place = destination(scheme + found.text) if found else None
        if found is None or place is None:
            # What GFM would take for a link swallows what follows it, a backtick for one.
            self.literal(begin.rstrip("."))
            if begin.endswith("."):
                self.output.entity(".")
            return
        self.position = found.end
        shown = literal(make_visible(found.text))
        self.bare.append(_BareLink(len(self.output.pieces), shown))
        self.output.markup(f"[{shown}{link_end(found.text, place)}")

    def exclamation(self, mark: str) -> None:
        # Escaped unless a space follows, so that no bracket written next can make it an image.
        if self.following == "[":
            self.position += 1
            self.literal("![")
            self.open(image=True)
        elif self.following in _ENDS_EXCLAMATION:
            self.ordinary(mark)
        else:
            self.literal(mark)

    def opening(self, mark: str) -> None:
        self.literal(mark)
        self.open(image=False)

    def open(self, *, image: bool) -> None:
        self.openers.append(_Opener(len(self.output.pieces) - 1, self.position, image))

    def closing(self, mark: str) -> None:
        opener = self.openers.pop() if self.openers else None
        active = opener and (opener.image or len(self.openers) >= self.inactive)
        self.inactive = min(self.inactive, len(self.openers))
        if not (opener and active and self.close(opener)):
            self.literal(mark)

    def close(self, opener: _Opener) -> bool:
        """Write the link or image that ends here; return whether there is one."""
        label = self.text[opener.source : self.position - 1]
        url: str | None = None
        end = self.position
        if self.following == "(" and (found := resource_at(self.text, end)):
            url, end = found.text, found.end
        elif self.references:
            if self.following == "[" and (reference := label_at(self.text, end)):
                url, end = self.references.get(label_key(reference.text or label)), reference.end
            else:
                url = self.references.get(label_key(label))
        place = destination(url) if url is not None else None
        if opener.image and url is not None:
            self.image(opener, label, url)
        elif place is None or not label.strip():
            return False
        else:
            while self.bare and self.bare[-1].piece > opener.piece:
                link = self.bare.pop()
                self.output.pieces[link.piece] = link.text
            self.output.pieces[opener.piece] = "["
            self.output.markup(link_end(label, place))
            self.inactive = len(self.openers)
        self.position = end
        return True

    def image(self, opener: _Opener, label: str, url: str) -> None:
        del self.output.pieces[opener.piece - 1 :]
        while self.bare and self.bare[-1].piece >= opener.piece - 1:
            self.bare.pop()
        alt = make_visible(" ".join(re.sub(r"[*_`~\\\[\]!]", "", label).split()))[:200]
        said = f"{alt} — {shown_host(url)}" if alt else shown_host(url)
        self.output.markup(literal(f"[image not loaded: {said}]"))


_HANDLERS: dict[str, Callable[[_Inline, str], None]] = {
    "\\": _Inline.backslash,
    "&": _Inline.ampersand,
    ":": _Inline.colon,
    "~": _Inline.tildes,
    "-": _Inline.literal,
    ">": _Inline.literal,
    "|": _Inline.bar,
    "\n": _Inline.newline,
    "`": _Inline.backticks,
    "$": _Inline.dollars,
    "<": _Inline.angle,
    **dict.fromkeys("hHwW", _Inline.bare_url),
    "!": _Inline.exclamation,
    "[": _Inline.opening,
    "]": _Inline.closing,
}
