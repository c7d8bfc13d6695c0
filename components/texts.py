"""The texts of the interface in the language of who reads them.

English texts stand in the code and are the keys; `components/locale` has the other languages.
`_` and `_n` are for texts of components and pages; the core knows no languages, and what it says
passes `translated` where it is drawn.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

DOMAIN = "playground"
LOCALE = Path(__file__).with_name("locale")

#: The languages there are, each by its own name; English is the one in the code.
LANGUAGES = {"en": "English", "nl": "Nederlands"}
ENGLISH = "en"

#: In Dutch the comma stands before the decimals, and the point between thousands.
_COMMA = str.maketrans(",.", ".,")

#: The gettext context of the core's sentences.
CORE = "core"
#: Characters of a sentence that are looked up: longer ones are no sentence of ours.
_LONGEST = 1_000
#: Characters of a template, beside its placeholders, that are little.
_LITTLE = 12
_PLACEHOLDER = re.compile(r"\{\w+\}")
#: A number, perhaps with the letter of billions or trillions.
_NUMBER = re.compile(r"(\d{1,3}(,\d{3})*(\.\d+)?|\d+\.\d+)[BT]?")
_SENTENCE_END = re.compile(r"(?<=[.!?…]) (?=\S)")

#: A script runs in a thread of its own, and so in a context of its own.
_language: ContextVar[str | None] = ContextVar("language", default=None)
_choosers: list[Callable[[], str]] = []


class _Catalogue(gettext.GNUTranslations):
    """A compiled catalogue whose keys can be listed, which the standard library does not offer."""

    _catalog: dict[object, str]

    def keys(self, context: str) -> Iterator[str]:
        """Yield the texts of `context`."""
        start = f"{context}\x04"
        for key in self._catalog:
            if isinstance(key, str) and key.startswith(start):
                yield key.removeprefix(start)


def choose_by(chooser: Callable[[], str]) -> None:
    """Let `chooser` say what a run speaks where nothing was set."""
    _choosers[:] = [chooser]


def speak(language: str) -> None:
    """Let this script run speak `language`; one that there is no catalogue of means English."""
    _language.set(language if language in LANGUAGES else ENGLISH)


def language() -> str:
    """Return the language of this script run: the visitor's, where nothing was set."""
    if _language.get() is None:
        # In a fragment or a callback, which run without frame.py or before it.
        speak(_choosers[0]() if _choosers else ENGLISH)
    return _language.get() or ENGLISH


def in_language(key: str) -> str:
    """Return `key` for a widget whose options are drawn in the language of this run.

    The browser sends an option as it was drawn: under one key for all languages, what it still
    holds in another one would be no option at all.
    """
    return key if language() == ENGLISH else f"{key}_{language()}"


def _(text: str) -> str:
    """Return `text`, which stands in the code in English, in the language of this run."""
    found = _catalogue(language())
    return found.gettext(text) if found else text


def _n(one: str, many: str, count: int) -> str:
    """Return the form of a text that goes with `count`."""
    found = _catalogue(language())
    return found.ngettext(one, many, count) if found else (one if count == 1 else many)


def later(text: str) -> str:
    """Mark a text of a table, which is built before anyone reads it; `_` says it where it is drawn."""
    return text


def number(value: float, form: str = ",") -> str:
    """Return a number written by `form`, with the separators of the language of this run."""
    written = format(value, form)
    return written if language() == ENGLISH else written.translate(_COMMA)


def translated(sentence: str) -> str:
    """Return a sentence of the core in the language of this run, with what was filled in.

    What no catalogue knows, such as a server's own words, comes back as it is.
    """
    spoken = language()
    return sentence if spoken == ENGLISH else _translated(spoken, sentence)


@lru_cache(maxsize=2_000)
def _translated(spoken: str, sentence: str) -> str:
    found = _catalogue(spoken)
    if found is None or not sentence or len(sentence) > _LONGEST:
        return sentence
    words = sentence.strip()
    if words != sentence:
        return sentence.replace(words, _translated(spoken, words), 1)
    if _NUMBER.fullmatch(sentence):
        return sentence.translate(_COMMA)
    known = found.pgettext(CORE, sentence)
    if known != sentence:
        return known
    for pattern, template in _templates(spoken):
        match = pattern.fullmatch(sentence)
        if match is None:
            continue
        # What was filled in may be a text of the core as well, such as a parameter's name.
        filled = match.groupdict()
        values = {name: _translated(spoken, value) for name, value in filled.items()}
        # A template that says next to nothing fits by chance: what is filled in has to be ours.
        if _says_much(template) or all(_ours(filled[name], values[name]) for name in filled):
            return found.pgettext(CORE, template).format(**values)
    parts = _SENTENCE_END.split(sentence)
    return " ".join(_translated(spoken, part) for part in parts) if len(parts) > 1 else sentence


def _says_much(template: str) -> bool:
    return len(_PLACEHOLDER.sub("", template)) > _LITTLE


def _ours(filled: str, translation: str) -> bool:
    return not filled or filled != translation or _NUMBER.fullmatch(filled) is not None


@lru_cache
def _templates(spoken: str) -> list[tuple[re.Pattern[str], str]]:
    """Return the texts of the core with something to fill in, those that say most first."""
    found = _catalogue(spoken)
    keys = [key for key in found.keys(CORE) if _PLACEHOLDER.search(key)] if found else []
    keys.sort(key=lambda key: (-len(_PLACEHOLDER.sub("", key)), key))
    return [(_pattern(key), key) for key in keys]


def _pattern(template: str) -> re.Pattern[str]:
    named: set[str] = set()
    parts = []
    for part in re.split(r"(\{\w+\})", template):
        name = part[1:-1]
        if not _PLACEHOLDER.fullmatch(part):
            parts.append(re.escape(part))
        elif name in named:
            parts.append(f"(?P={name})")
        else:
            named.add(name)
            parts.append(f"(?P<{name}>.*?)")
    return re.compile("".join(parts), re.DOTALL)


@lru_cache
def _catalogue(spoken: str) -> _Catalogue | None:
    path = LOCALE / spoken / "LC_MESSAGES" / f"{DOMAIN}.mo"
    if spoken == ENGLISH or not path.exists():
        return None
    with path.open("rb") as file:
        return _Catalogue(file)
