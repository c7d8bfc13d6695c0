"""Every text has a translation that fills in the same, and each run speaks its own language."""

from __future__ import annotations

import ast
import re
import string
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message

from components import texts
from components.texts import ENGLISH, LANGUAGES, _, _n, number, speak, translated
from tests.support.environment import ROOT
from tools.sentences import sentences
from tools.texts import brought_up_to_date, collected, compiled, po_file, translations, written

OTHERS = [language for language in LANGUAGES if language != ENGLISH]
#: What is no language: icons, colours and badges, code, addresses.
MARKUP = re.compile(r":material/\w+:|:[a-z]+(?:-[a-z]+)?\[|`[^`]*`|\w+://[\w./:-]*\w|\*\*")

Key = tuple[str | None, str]


def keys(catalog: Catalog) -> dict[Key, Message]:
    """Return the messages by context and English text, the one for one thing."""
    found = {}
    for message in catalog:
        if message.id:
            one = message.id if isinstance(message.id, str) else message.id[0]
            found[message.context, one] = message
    return found


def by_text(language: str) -> list[tuple[str, Message]]:
    """Return the messages with their English texts."""
    return [(key[1], message) for key, message in keys(translations(language)).items()]


def forms(texts: Any) -> list[str]:
    """Return the texts of a message: one, or that for one thing and that for many."""
    return [texts] if isinstance(texts, str) else [str(text) for text in texts or ()]


def placeholders(text: str) -> list[tuple[str, str | None]]:
    """Return what is filled in, with its format."""
    return sorted(
        (name, form) for literal, name, form, how in string.Formatter().parse(text) if name
    )


@pytest.fixture(params=OTHERS)
def language(request: pytest.FixtureRequest) -> str:
    """A language other than English."""
    return str(request.param)


@pytest.fixture
def dutch() -> None:
    """Let this test speak Dutch."""
    speak("nl")


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Leave no language behind."""
    yield
    texts._language.set(None)


def test_each_text_has_a_translation_and_no_other_is_kept(language: str) -> None:
    wanted, there = keys(collected()), keys(translations(language))
    assert sorted(k for _, k in wanted.keys() - there.keys()) == [], "run `make texts`"
    assert sorted(k for _, k in there.keys() - wanted.keys()) == [], "run `make texts`"
    empty = [key for key, message in there.items() if not all(forms(message.string))]
    assert empty == [], "translate these in the .po file, then run `make texts`"


def test_no_translation_is_a_guess_and_none_is_left_over(language: str) -> None:
    catalog = translations(language)
    assert [message.id for message in catalog if message.id and message.fuzzy] == []
    assert not catalog.obsolete


def test_a_translation_fills_in_what_the_text_fills_in(language: str) -> None:
    wrong = []
    for key, message in by_text(language):
        many = forms(message.id)[-1]
        wrong += [
            (key, text)
            for text in forms(message.string)
            if placeholders(text) != placeholders(many)
        ]
    assert wrong == []


def test_a_translation_has_the_icons_and_the_code_of_the_text(language: str) -> None:
    wrong = []
    for key, message in by_text(language):
        for text in forms(message.string):
            marks, ours = sorted(MARKUP.findall(key)), sorted(MARKUP.findall(text))
            if marks != ours and "**" not in ours:
                wrong.append((key, text))
    assert wrong == []


def test_the_files_are_as_make_texts_leaves_them(language: str) -> None:
    path = po_file(language)
    assert path.read_bytes() == written(brought_up_to_date(language)), "run `make texts`"
    assert path.with_suffix(".mo").read_bytes() == compiled(translations(language)), (
        "run `make texts`"
    )


def test_the_core_has_its_sentences_found() -> None:
    found = {sentence for sentence, _ in sentences()}
    for one in (
        "The key was not accepted",  # the title of an error
        "Temperature",  # the label of a parameter
        "Precise",  # the name of a preset
        "Nothing listens at {host}.",  # an f-string
        "{label} must be from {minimum} to {high}.",
    ):
        assert one in found


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("The key was not accepted", "De sleutel is niet geaccepteerd"),
        ("Nothing listens at 127.0.0.1:9.", "Op 127.0.0.1:9 luistert niets."),
        (
            "Max tokens must be from 1 to 100,000.",
            "Max tokens moet van 1 tot 100.000 zijn.",
        ),
        (
            "The server takes no more requests for 1 minute 5 seconds.",
            "De server neemt 1 minuut en 5 seconden lang geen verzoeken meer aan.",
        ),
        (
            "A stop string cannot be empty. Seed must be from 0 to 9.",
            "Een stoptekst kan niet leeg zijn. Seed moet van 0 tot 9 zijn.",
        ),
        ("about 1,240 tokens (± 8)", "ongeveer 1.240 tokens (± 8)"),
        ("second of three", "tweede van drie"),
    ],
)
def test_a_sentence_of_the_core_is_said_in_dutch_with_its_values(sentence: str, said: str) -> None:
    assert translated(sentence) == said


@pytest.mark.usefixtures("dutch")
@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "model 'phi9' not found, try pulling it first",
        "the best of times",
        "Op 127.0.0.1:9 luistert niets.",
        "x" * 5_000,
    ],
)
def test_what_no_catalogue_knows_stays_as_it_is(sentence: str) -> None:
    assert translated(sentence) == sentence


@pytest.mark.usefixtures("dutch")
def test_what_is_filled_in_cannot_break_a_sentence() -> None:
    said = translated("Nothing listens at {0} {why} %s.")
    assert said == "Op {0} {why} %s luistert niets."


@pytest.mark.usefixtures("dutch")
def test_plurals_and_numbers_are_dutch() -> None:
    one, many = "{count} message", "{count} messages"
    assert [_n(one, many, n).format(count=n) for n in (0, 1, 2)] == [
        "0 berichten",
        "1 bericht",
        "2 berichten",
    ]
    assert [number(1_234_567), number(0.25, ".2f"), number(7, ".0f")] == ["1.234.567", "0,25", "7"]


def test_english_is_what_stands_in_the_code() -> None:
    speak("en")
    assert (_("New chat"), _n("a", "b", 1), _n("a", "b", 0)) == ("New chat", "a", "b")
    assert translated("The key was not accepted") == "The key was not accepted"
    assert number(1_234.5, ",.1f") == "1,234.5"


@pytest.mark.parametrize("language", ["fr", "", "../nl"])
def test_a_language_that_is_not_there_means_english(language: str) -> None:
    speak(language)
    assert _("New chat") == "New chat"


def test_each_thread_speaks_its_own_language() -> None:
    said: dict[str, str] = {}
    both = threading.Barrier(2)

    def run(language: str) -> None:
        speak(language)
        both.wait()
        said[language] = _("New chat")

    threads = [threading.Thread(target=run, args=(language,)) for language in ("en", "nl")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"en": "New chat", "nl": "Nieuwe chat"}


def test_no_text_stands_inside_an_f_string_where_it_is_not_collected_on_python_3_11() -> None:
    unseen = [
        f"{path.name}:{call.lineno}"
        for folder in ("components", "pages")
        for path in (ROOT / folder).glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.JoinedStr)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("_", "_n", "later")
        and isinstance(call.args[0], ast.Constant)
    ]
    assert unseen == []
