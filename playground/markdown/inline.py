"""Running text made safe: one pass, character by character, that lets through only what it knows.

Emphasis, strikethrough, code, links to the web and formulas stay; whatever else Markdown or
Streamlit would act on is escaped, so that it is drawn as it was written.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markdown_it.common.utils import unescapeAll

from playground.markdown.characters import UNSEEN, make_visible, visible
from playground.markdown.links import Destination, destination, names_host, shown_host
from playground.markdown.maths import MAX_DISPLAY, MAX_INLINE, is_drawable, is_inline_formula

#: An element without content. Streamlit looks for icons, emoji and arrows in each text node alone,
#: so one of these within them keeps them as written, and leaves no character behind when copied.
BREAK = ":color[]"

#: More marks of emphasis than this in one run of text are shown as characters: the browser's
#: parser needs time in the square of their number.
MAX_MARKS = 1000

_SPECIAL = re.compile(
    r"\\|`+|\$+|<|&|\[|\]|!\[|:|~+|-[->]|>=|\||\n|(?<![A-Za-z0-9])(?i:https?://|www\.)"
    f"|[{UNSEEN}]"
)
_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
# What must be escaped wherever it stands; what means something at the start of a line only is seen
# to by whoever writes the line.
_ESCAPED = {c: "\\" + c for c in "\\`*_[]<!~$&|"} | {":": "&#58;"}
_ENTITY = re.compile(r"&(?:#[xX][0-9a-fA-F]{1,6}|#[0-9]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_AUTOLINK = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s<>\x00-\x20]{0,4000})>")
_BARE_URL = re.compile(r"(?:https?://|www\.)[^\s<>`]{1,4000}", re.IGNORECASE)
_URL_END = re.compile(r"(?:[?!.,:;*_~'\"\\|\]}$]|&[A-Za-z0-9]+;)+\Z")
_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){0,999})\]")
_REPLACED = frozenset({"->", "<-", "--", ">=", "<=", "~="})
_WORD = re.compile(r"[\w+-]*\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Display:
    """A formula that stands on lines of its own within running text."""

    formula: str


Piece = str | Display
References = Mapping[str, str]


@dataclass(slots=True)
class _Opener:
    out: int  # index in the output of the bracket
    source: int  # index in the source behind it
    image: bool


def label_key(label: str) -> str:
    """Return what two labels of one reference have in common."""
    return " ".join(label.split()).casefold()


def safe_inline(
    text: str, references: References | None = None, *, table: bool = False, blocks: bool = True
) -> list[Piece]:
    """Return `text` made safe, in pieces: Markdown, with displayed formulas between.

    Args:
        text: the content of a paragraph, heading or table cell.
        references: destinations by `label_key`.
        table: whether it stands in a table, where a bar must be escaped everywhere.
        blocks: whether a displayed formula may have lines of its own.
    """
    return _Inline(text, references or {}, table=table, blocks=blocks).run()


def literal(text: str) -> str:
    """Return `text` as Markdown that draws just these characters, as one run."""
    return "".join(
        piece for piece in _Inline(text, {}, table=True, blocks=False).run_literal()
        if isinstance(piece, str)
    )


class _Inline:
    def __init__(
        self, text: str, references: References, *, table: bool, blocks: bool
    ) -> None:
        self.text = text
        self.references = references
        self.table = table
        self.blocks = blocks and not table
        self.out: list[Piece] = []
        self.position = 0
        self.last = ""  # the character drawn last; "" after markup, where a text node may begin
        self.word_after_colon = False
        self.openers: list[_Opener] = []
        self.inactive = 0  # openers below this one cannot begin a link: one stands within them
        self.bare: list[tuple[int, str]] = []  # where a link was written, and its text
        self.runs: dict[int, list[int]] | None = None
        self.closers: dict[str, int] = {}
        marks = text.count("*") + text.count("_") + text.count("~~")
        self.marks = marks <= MAX_MARKS
        self.handlers: dict[str, Callable[[str], None]] = {
            "\\": self.backslash,
            "`": self.backticks,
            "$": self.dollars,
            "<": self.angle,
            "&": self.ampersand,
            "[": self.opening,
            "!": self.opening,
            "]": self.closing,
            ":": self.colon,
            "~": self.tildes,
            "-": self.arrow,
            ">": self.arrow,
            "|": self.bar,
            "\n": self.newline,
            "h": self.bare_url,
            "H": self.bare_url,
            "w": self.bare_url,
            "W": self.bare_url,
        }

    def run(self) -> list[Piece]:
        text, search = self.text, _SPECIAL.search
        while found := search(text, self.position):
            if found.start() > self.position:
                self.ordinary(text[self.position : found.start()])
            self.position = found.end()
            self.handlers.get(found[0][0], self.unseen)(found[0])
        if self.position < len(text):
            self.ordinary(text[self.position :])
        return self.out

    def run_literal(self) -> list[Piece]:
        for part in re.split(r"((?:[^\W_]| )+)", self.text):
            if part and (part[0].isalnum() or part[0] == " "):
                self.ordinary(part)
            else:
                self.literal(part)
        return self.out

    # What is drawn as it is.

    def ordinary(self, chunk: str) -> None:
        first = chunk[0]
        if self.last + first in _REPLACED:
            self.out.append(BREAK)
        if not self.marks:
            chunk = re.sub(r"[*_]", r"\\\g<0>", chunk)
        self.out.append(chunk)
        self.word_after_colon = self.word_after_colon and _WORD.match(chunk) is not None
        self.last = chunk[-1]

    def literal(self, characters: str) -> None:
        """Write characters that must mean nothing."""
        for c in characters:
            if self.last + c in _REPLACED:
                self.out.append(BREAK)
            elif c == ":" and self.word_after_colon:
                self.out.append(BREAK)
            self.out.append(_ESCAPED.get(c, c))
            self.last = c
            if c == ":":
                self.word_after_colon = True
            elif self.word_after_colon:
                self.word_after_colon = _WORD.match(c) is not None

    def markup(self, piece: Piece) -> None:
        """Write what is no text."""
        self.out.append(piece)
        self.last = ""
        self.word_after_colon = False

    # What the scanner stops at. Each is given what was matched; `position` is behind it.

    def backslash(self, _: str) -> None:
        following = self.text[self.position : self.position + 1]
        if following == "\n":
            self.position += 1
            self.markup("\\\n")
            return
        if following in ("(", "[") and self.formula(following):
            return
        if following in _PUNCTUATION:
            self.position += 1
            self.literal(following)
        else:
            self.literal("\\")

    def formula(self, bracket: str) -> bool:
        closer, limit = ("\\)", MAX_INLINE) if bracket == "(" else ("\\]", MAX_DISPLAY)
        start = self.position + 1
        end = self.find(closer, start)
        if end < 0:
            return False
        content = self.text[start:end].strip()
        if f"\\{bracket}" in content or "`" in content or not is_drawable(content, limit):
            return False
        return self.draw(content, end + 2, display=bracket == "[")

    def dollars(self, run: str) -> None:
        start = self.position
        if len(run) <= 2:
            end = self.find(run, start)
            while end >= 0 and self.text[end - 1] == "\\":
                end = self.text.find(run, end + 1, start + MAX_DISPLAY)
            content = self.text[start:end] if end >= 0 else ""
            before = self.text[start - 2 : start - 1] if len(run) == 1 else ""
            after = self.text[end + len(run) : end + len(run) + 1]
            fits = (
                is_inline_formula(content, before, after) and is_drawable(content, MAX_INLINE)
                if len(run) == 1
                else "$" not in content and "`" not in content and after != "$"
                and is_drawable(content, MAX_DISPLAY)
            )
            if fits and self.draw(content.strip(), end + len(run), display=len(run) == 2):
                return
        self.literal(run)

    def draw(self, formula: str, end: int, *, display: bool) -> bool:
        if (len(formula) - len(formula.rstrip("\\"))) % 2:
            return False
        if self.table:
            formula = formula.replace("\\|", "\\Vert ").replace("|", "\\vert ")
        self.position = end
        if display and self.blocks:
            self.markup(Display(formula))
            return True
        longest = max(map(len, re.findall(r"\$+", formula)), default=0)
        mark = "$" * max(longest + 1, 2 if display or longest else 1)
        self.markup(mark + formula.replace("\n", " ") + mark)
        return True

    def find(self, closer: str, start: int) -> int:
        """Return where `closer` next stands; each stretch of text is searched at most once."""
        known = self.closers.get(closer, -2)
        if known == -1 or known >= start:
            return known
        self.closers[closer] = found = self.text.find(closer, start)
        return found

    def backticks(self, run: str) -> None:
        if self.runs is None:
            self.runs = {}
            for found in re.finditer("`+", self.text):
                self.runs.setdefault(len(found[0]), []).append(found.start())
            for starts in self.runs.values():
                starts.reverse()
        starts = self.runs.get(len(run), [])
        while starts and starts[-1] < self.position:
            starts.pop()
        if not starts:
            self.literal(run)
            return
        content = self.text[self.position : starts[-1]].replace("\n", " ")
        self.position = starts[-1] + len(run)
        if content.strip(" ") and content[0] == content[-1] == " ":
            content = content[1:-1]
        # Streamlit rewrites this in the whole text, code included; two spans it leaves alone.
        parts = content.replace(":material/", ":\0material/").split("\0")
        self.markup(BREAK.join(map(self.code, parts)))

    def code(self, content: str) -> str:
        lengths = set(map(len, re.findall("`+", content)))
        mark = "`" * next(n for n in range(1, len(lengths) + 2) if n not in lengths)
        edges = content[0] + content[-1]
        if "`" in edges or (edges == "  " and content.strip(" ")):
            content = f" {content} "
        if self.table:
            content = content.replace("|", "\\|")
        return mark + content + mark

    def angle(self, _: str) -> None:
        found = _AUTOLINK.match(self.text, self.position - 1)
        place = destination(found[1]) if found else None
        if found is None or place is None:
            self.literal("<")
            return
        self.position = found.end()
        self.link(found[1], place)

    def bare_url(self, begin: str) -> None:
        start = self.position - len(begin)
        found = _BARE_URL.match(self.text, start)
        url = _without_end(found[0]) if found else ""
        place = destination("http://" + url if begin[0] in "wW" else url)
        if place is None:
            self.ordinary_url(begin)
            return
        self.position = start + len(url)
        self.link(url, place)

    def ordinary_url(self, characters: str) -> None:
        for part in re.split("(:)", characters):
            if part == ":":
                self.literal(part)
            elif part:
                self.ordinary(part)

    def link(self, label: str, place: Destination) -> None:
        label = make_visible(label)
        self.markup(_written_link(literal(label), label, place))
        self.bare.append((len(self.out) - 1, literal(label)))

    def ampersand(self, _: str) -> None:
        found = _ENTITY.match(self.text, self.position - 1)
        meant = html.unescape(found[0]) if found else ""
        if found is None or meant == found[0]:
            self.literal("&")
            return
        self.position = found.end()
        self.literal(make_visible(meant).replace("\n", " ").replace("\r", " "))

    def opening(self, mark: str) -> None:
        if mark == "![":
            self.literal("!")
        self.literal("[")
        self.openers.append(_Opener(len(self.out) - 1, self.position, mark == "!["))

    def closing(self, _: str) -> None:
        if not self.openers:
            self.literal("]")
            return
        opener = self.openers.pop()
        active = opener.image or len(self.openers) >= self.inactive
        self.inactive = min(self.inactive, len(self.openers))
        label = self.text[opener.source : self.position - 1]
        target, end = self.target(label) if active else (None, 0)
        if target is None:
            self.literal("]")
        elif opener.image:
            self.position = end
            self.image(opener, label, target)
        elif (place := destination(target)) is None or not label.strip():
            self.literal("]")
        else:
            self.position = end
            while self.bare and self.bare[-1][0] > opener.out:
                index, shown = self.bare.pop()
                self.out[index] = shown
            self.out[opener.out] = "["
            self.markup(_link_end(label, place))
            self.inactive = len(self.openers)

    def image(self, opener: _Opener, label: str, target: str) -> None:
        del self.out[opener.out - 1 :]
        while self.bare and self.bare[-1][0] >= len(self.out):
            self.bare.pop()
        alt = make_visible(" ".join(re.sub(r"[*_`~\\\[\]!]", "", label).split()))[:200]
        said = f"{alt} — {shown_host(target)}" if alt else shown_host(target)
        self.markup(literal(f"[image not loaded: {said}]"))

    def target(self, label: str) -> tuple[str | None, int]:
        """Return where the brackets just closed lead, and where the source goes on."""
        following = self.text[self.position : self.position + 1]
        if following == "(":
            found = _resource(self.text, self.position)
            if found is not None:
                return found
        if not self.references:
            return None, 0
        end = self.position
        if following == "[" and (reference := _LABEL.match(self.text, end)):
            label, end = reference[1] or label, reference.end()
        return self.references.get(label_key(label)), end

    def colon(self, _: str) -> None:
        following = self.text[self.position : self.position + 1]
        if not following or following in " \n*),.;\"'":
            if self.word_after_colon:
                self.out.append(BREAK)
            self.out.append(":")
            self.last, self.word_after_colon = ":", False
        else:
            self.literal(":")

    def tildes(self, run: str) -> None:
        if len(run) == 2 and self.marks:
            self.markup(run)
        else:
            self.literal(run)

    def arrow(self, run: str) -> None:
        before = self.text[self.position - len(run) - 1 : self.position - len(run)]
        if before.isalnum() or self.text[self.position : self.position + 1].isalnum():
            self.ordinary(run)
        else:
            self.literal(run)

    def bar(self, run: str) -> None:
        if self.table:
            self.literal(run)
        else:
            self.ordinary(run)

    def newline(self, _: str) -> None:
        hard = self.out and isinstance(self.out[-1], str) and self.out[-1].endswith("  ")
        if self.out and isinstance(self.out[-1], str):
            self.out[-1] = self.out[-1].rstrip(" ")
        self.markup("\\\n" if hard else "\n")
        self.position = _end(_INDENT, self.text, self.position)

    def unseen(self, character: str) -> None:
        self.literal(visible(character))


def _written_link(written: str, label: str, place: Destination) -> str:
    return f"[{written}{_link_end(label, place)}"


def _link_end(label: str, place: Destination) -> str:
    told = "" if names_host(label, place) else f" ({literal(place.host)})"
    return f"]({place.href}){told}"


def _without_end(url: str) -> str:
    """Return a bare URL without the punctuation that belongs to the sentence (GFM's rule)."""
    while True:
        shorter = _URL_END.sub("", url)
        if shorter.endswith(")") and shorter.count(")") > shorter.count("("):
            shorter = shorter[:-1]
        if shorter == url:
            return url
        url = shorter


_STOP = re.compile(r"[\s()\\]")
_TITLE = re.compile(
    r"\s+(?:\"(?:[^\"\\]|\\.){0,999}\"|'(?:[^'\\]|\\.){0,999}'|\((?:[^()\\]|\\.){0,999}\))",
    re.DOTALL,
)
_POINTED = re.compile(r"<((?:[^<>\\\n]|\\.){0,4000})>")
_INDENT = re.compile(r"[ \t]*")
_BLANK = re.compile(r"\s{0,100}")


def _resource(text: str, start: int) -> tuple[str, int] | None:
    """Return the destination in the parentheses at `start`, and where they end."""
    position = _end(_BLANK, text, start + 1)
    pointed = _POINTED.match(text, position)
    if pointed:
        target, position = pointed[1], pointed.end()
    else:
        begin, depth = position, 0
        while stop := _STOP.search(text, position, begin + 4000):
            if stop[0] == "\\":
                position = stop.end() + 1
                continue
            if stop[0] == "(":
                depth += 1
            elif stop[0] != ")" or depth == 0:
                position = stop.start()
                break
            else:
                depth -= 1
            position = stop.end()
            if depth > 32:
                return None
        else:
            return None
        if depth:
            return None
        target = text[begin:position]
    if title := _TITLE.match(text, position):
        position = title.end()
    position = _end(_BLANK, text, position)
    if text[position : position + 1] != ")":
        return None
    return unescapeAll(target), position + 1


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
