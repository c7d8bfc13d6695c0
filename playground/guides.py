"""The guides to each way of serving the models, read from docs/connections.md.

That file is the one source: it reads well by itself, and the page draws the same text. A level-2
heading is a guide, a level-3 heading one of its steps. Commands that differ between shells stand in
three blocks one after the other, each below the bold name of its shell.

Beside it lie its translations, such as docs/connections.nl.md. A guide has the same slug in all of
them; where its translated title makes another one, an anchor stands behind the title.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

GUIDES_FILE = Path(__file__).resolve().parent.parent / "docs" / "connections.md"
#: The language of that file.
SOURCE = "en"


class GuideError(ValueError):
    """The file is not written as the module says; the message names the guide."""


class Shell(StrEnum):
    """A shell in which people type commands; the value is what people call it."""

    BASH = "bash"
    POWERSHELL = "PowerShell"
    CMD = "cmd"

    @property
    def language(self) -> str:
        """What its blocks are marked with, for the colours."""
        return {"bash": "bash", "PowerShell": "powershell", "cmd": "bat"}[self.value]


@dataclass(frozen=True, slots=True)
class Prose:
    """Markdown: paragraphs and tables."""

    text: str


@dataclass(frozen=True, slots=True)
class Commands:
    """The same done in each shell."""

    texts: Mapping[Shell, str]


@dataclass(frozen=True, slots=True)
class Listing:
    """A block that is the same everywhere. The language "shell" means commands for any shell."""

    language: str
    text: str


Part = Prose | Commands | Listing


@dataclass(frozen=True, slots=True)
class Step:
    """One step, with its number in the title."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """One way, from nothing to the first token.

    Attributes:
        slug: the last part of its address, on the page and in the file, in every language.
    """

    slug: str
    title: str
    intro: tuple[Part, ...]
    steps: tuple[Step, ...]

    @property
    def parts(self) -> Iterator[Part]:
        """Everything in it, in order."""
        yield from self.intro
        for step in self.steps:
            yield from step.parts


@dataclass(frozen=True, slots=True)
class Guides:
    """All guides, and what stands before them.

    Attributes:
        intro: what stands between the title of the file and the first guide.
    """

    intro: str
    all: tuple[Guide, ...]

    def __iter__(self) -> Iterator[Guide]:
        return iter(self.all)

    def get(self, slug: str) -> Guide | None:
        """Return the guide with this slug, or None."""
        return next((guide for guide in self.all if guide.slug == slug), None)


def guides_file(language: str = SOURCE) -> Path:
    """Return the file with the guides in `language`, whether or not there is one."""
    return GUIDES_FILE if language == SOURCE else GUIDES_FILE.with_suffix(f".{language}.md")


@functools.cache
def load_guides(language: str = SOURCE) -> Guides:
    """Read the guides in `language`; what is not translated is English.

    Raises GuideError, or OSError if the English file is not there.
    """
    source = parse_guides(GUIDES_FILE.read_text(encoding="utf-8"))
    file = guides_file(language)
    if language == SOURCE or not file.exists():
        return source
    return in_place_of(source, parse_guides(file.read_text(encoding="utf-8")))


def in_place_of(source: Guides, translation: Guides) -> Guides:
    """Return `source` with each guide that `translation` has, in the order of `source`."""
    guides = tuple(translation.get(guide.slug) or guide for guide in source)
    return Guides(translation.intro or source.intro, guides)


def parse_guides(text: str) -> Guides:
    """Return the guides written in `text`. Raises GuideError."""
    head, *sections = _split(text, "## ")
    # Before the title a translation names its source.
    intro = _TITLE.split(head)[-1].strip()
    return Guides(intro, tuple(_guide(section) for section in sections))


def slug_of(title: str) -> str:
    """Return the anchor that GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


_TITLE = re.compile(r"^# .*$", re.MULTILINE)
_ANCHOR = re.compile(r'id="([\w-]+)"></a>')


def _guide(section: str) -> Guide:
    head, *steps = _split(section, "### ")
    title, _, intro = head.partition("\n")
    title, _, anchor = title.removeprefix("## ").strip().partition(" <a ")
    named = _ANCHOR.fullmatch(anchor)
    made = []
    for step in steps:
        name, _, body = step.partition("\n")
        made.append(Step(name.removeprefix("### ").strip(), tuple(_parts(body, title))))
    slug = named[1] if named else slug_of(title)
    return Guide(slug, title, tuple(_parts(intro, title)), tuple(made))


def _split(text: str, mark: str) -> list[str]:
    """Split before each line that begins with `mark`, but not inside a block of code."""
    pieces = [""]
    fenced = False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        if line.startswith(mark) and not fenced:
            pieces.append("")
        pieces[-1] += line
    return pieces


_LABEL = re.compile(r"\*\*(" + "|".join(Shell) + r")\*\*")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def _parts(text: str, guide: str) -> Iterator[Part]:
    """Yield what stands in `text`; the blocks of the three shells become one part."""
    pieces = _BLOCK.split(text)
    waiting: dict[Shell, str] = {}
    for before, language, code in zip(
        pieces[::3], [*pieces[1::3], ""], [*pieces[2::3], ""], strict=True
    ):
        prose = before.strip()
        label = _LABEL.search(prose.rpartition("\n")[2])
        shell = Shell(label[1]) if label else None
        if shell is not None:
            prose = prose.rpartition("\n")[0].strip()
            if language != shell.language:
                raise GuideError(f"{guide}: the block below {shell} is marked {language!r}")
        if waiting and (prose or shell is None):
            raise GuideError(f"{guide}: {', '.join(waiting)} stand without the other shells")
        if prose:
            yield Prose(prose)
        if shell is not None:
            if shell in waiting:
                raise GuideError(f"{guide}: {shell} stands twice")
            waiting[shell] = code.rstrip()
            if len(waiting) == len(Shell):
                yield Commands({each: waiting[each] for each in Shell})
                waiting = {}
        elif language:
            yield Listing(language, code.rstrip())
