"""The translated guides: the same in everything but the words, so that none falls behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from components.texts import LANGUAGES, _, speak
from playground.error_guide import load_guide
from playground.guides import (
    SOURCE,
    Commands,
    Guide,
    Listing,
    Part,
    Prose,
    guides_file,
    in_place_of,
    load_guides,
    parse_guides,
)
from playground.kinds import KINDS

OTHERS = [language for language in LANGUAGES if language != SOURCE]
LINK = re.compile(r"\[[^\]]*\]\(([^)]*)\)")

pytestmark = pytest.mark.parametrize("language", OTHERS)


def guides(language: str) -> dict[str, Guide]:
    """Return the guides of one file, without what would be English in place of what is missing."""
    text = guides_file(language).read_text(encoding="utf-8")
    return {guide.slug: guide for guide in parse_guides(text)}


def pairs(language: str) -> Iterator[tuple[str, Part, Part]]:
    """Yield each part in English and in `language`, with the title of its step."""
    theirs = guides(language)
    for slug, guide in guides(SOURCE).items():
        intros = zip(guide.intro, theirs[slug].intro, strict=True)
        yield from ((guide.title, *both) for both in intros)
        for step, other in zip(guide.steps, theirs[slug].steps, strict=True):
            both = zip(step.parts, other.parts, strict=True)
            yield from ((f"{guide.title}, {step.title}", *parts) for parts in both)


def prose(language: str) -> Iterator[tuple[str, str, str]]:
    """Yield what is not code, as `pairs` does, and what stands before the first guide."""
    yield "intro", load_guides().intro, load_guides(language).intro
    for where, mine, other in pairs(language):
        if isinstance(mine, Prose):
            assert isinstance(other, Prose), where
            yield where, mine.text, other.text


def test_each_guide_is_there_under_the_english_address_with_the_same_steps(language: str) -> None:
    assert list(guides(language)) == list(guides(SOURCE))
    for slug, guide in guides(SOURCE).items():
        numbers = [step.title.partition(". ")[0] for step in guides(language)[slug].steps]
        assert numbers == [step.title.partition(". ")[0] for step in guide.steps], slug


def test_every_block_of_code_is_the_same_byte_for_byte(language: str) -> None:
    blocks = 0
    for where, mine, other in pairs(language):
        assert type(mine) is type(other), where
        if isinstance(mine, Commands | Listing):
            assert mine == other, where
            blocks += 1
    assert blocks > 30


def test_tables_name_the_same_things_and_links_lead_to_the_same_places(language: str) -> None:
    for where, mine, other in prose(language):
        assert first_cells(mine) == first_cells(other), where
        assert LINK.findall(mine) == LINK.findall(other), where


def first_cells(text: str) -> list[str]:
    """Return the first column below the heads of the tables in `text`; of links where they lead."""
    rows = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]
    return [LINK.sub(r"\1", cell) for cell in rows[1:]]


def test_names_commands_and_figures_are_the_same(language: str) -> None:
    for where, mine, other in prose(language):
        assert sorted(re.findall(r"`([^`]+)`", mine)) == sorted(re.findall(r"`([^`]+)`", other)), (
            where
        )
        assert figures(mine) == figures(other), where


def figures(text: str) -> list[str]:
    """Return the numbers in `text`, in order of size, whatever separates their decimals."""
    return sorted(re.sub(r"\W", "", found) for found in re.findall(r"\d[\d.,]*", text))


def test_what_is_to_be_clicked_is_called_as_the_page_calls_it(language: str) -> None:
    """What stands in bold is the text of a button or a heading, in the language of the page."""
    speak(language)
    try:
        for where, mine, other in prose(language):
            clicked = re.findall(r"\*\*(.+?)\*\*", mine)
            assert sorted(map(_, clicked)) == sorted(re.findall(r"\*\*(.+?)\*\*", other)), where
    finally:
        speak(SOURCE)


def test_the_file_says_first_that_the_english_one_is_its_source(language: str) -> None:
    first, _, rest = guides_file(language).read_text(encoding="utf-8").partition("\n")
    assert "(connections.md)" in first
    assert rest.startswith("\n# ")
    assert "connections.md" not in load_guides(language).intro, "on the page it means nothing"


def test_where_an_error_leads_there_is_a_guide_in_this_language_too(language: str) -> None:
    linked = {row.guide for row in load_guide()} | {kind.guide for kind in KINDS}
    assert linked - {""} <= guides(language).keys()


def test_what_is_not_translated_is_english(language: str) -> None:
    source = load_guides()
    some = parse_guides('# T\n\n## Vee <a id="vllm"></a>\n\n### 1. Doe\n\nDit.\n')
    mixed = in_place_of(source, some)
    assert [guide.slug for guide in mixed] == [guide.slug for guide in source]
    assert [guide.title for guide in mixed if guide not in source.all] == ["Vee"]
    assert mixed.intro == source.intro
    assert load_guides(f"{language}-x") is load_guides(f"{language}-x")
    assert load_guides(f"{language}-x") == source, "a language without a file"
