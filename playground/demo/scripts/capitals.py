"""Capitals, also as a second turn: "What about Spain?"."""

from __future__ import annotations

import re

from playground.demo.scripts.topic import Draft, Said, Topic, plain_words

#: Country: capital, and something true about it where there is something to say.
CAPITALS: dict[str, tuple[str, str]] = {
    "France": ("Paris", "It lies on the Seine, and about two million people live in the city."),
    "Spain": ("Madrid", "It lies on the Manzanares, almost in the middle of the country."),
    "Germany": ("Berlin", "It lies on the Spree, and has been the capital again since 1990."),
    "Italy": ("Rome", "It lies on the Tiber, and the smallest state in the world lies within it."),
    "Portugal": ("Lisbon", "It lies where the Tagus widens before it meets the Atlantic."),
    "Japan": ("Tokyo", "Until 1868 it was called Edo."),
    "Argentina": ("Buenos Aires", ""),
    "Australia": ("Canberra", "It was built as a compromise between Sydney and Melbourne."),
    "Austria": ("Vienna", "It lies on the Danube."),
    "Belgium": ("Brussels", ""),
    "Brazil": ("Brasília", "It was built for the purpose, and inaugurated in 1960."),
    "Bulgaria": ("Sofia", ""),
    "Canada": ("Ottawa", "It lies on the border of Ontario and Quebec."),
    "Chile": ("Santiago", ""),
    "China": ("Beijing", ""),
    "Colombia": ("Bogotá", "It lies at about 2,600 metres above the sea."),
    "Croatia": ("Zagreb", ""),
    "Czechia": ("Prague", "It lies on the Vltava."),
    "Denmark": ("Copenhagen", ""),
    "Egypt": ("Cairo", "It lies on the Nile."),
    "Estonia": ("Tallinn", ""),
    "Ethiopia": ("Addis Ababa", ""),
    "Finland": ("Helsinki", ""),
    "Greece": ("Athens", ""),
    "Hungary": ("Budapest", "Buda, Pest and Óbuda became one city in 1873."),
    "Iceland": ("Reykjavík", "No capital of a sovereign state lies further north."),
    "India": ("New Delhi", ""),
    "Ireland": ("Dublin", "It lies on the Liffey."),
    "Kenya": ("Nairobi", ""),
    "Latvia": ("Riga", ""),
    "Lithuania": ("Vilnius", ""),
    "Luxembourg": ("Luxembourg", "City and country share the name."),
    "Mexico": ("Mexico City", ""),
    "Morocco": ("Rabat", ""),
    "the Netherlands": ("Amsterdam", "The government sits in The Hague."),
    "New Zealand": ("Wellington", ""),
    "Nigeria": ("Abuja", "It took over from Lagos in 1991."),
    "Norway": ("Oslo", ""),
    "Peru": ("Lima", ""),
    "Poland": ("Warsaw", "It lies on the Vistula."),
    "Romania": ("Bucharest", ""),
    "Serbia": ("Belgrade", ""),
    "Slovakia": ("Bratislava", ""),
    "Slovenia": ("Ljubljana", ""),
    "South Africa": (
        "Pretoria",
        "Parliament sits in Cape Town, the highest court of appeal in Bloemfontein.",
    ),
    "South Korea": ("Seoul", ""),
    "Sweden": ("Stockholm", ""),
    "Switzerland": ("Bern", "By law it is the federal city; no capital is named."),
    "Thailand": ("Bangkok", ""),
    "Turkey": ("Ankara", ""),
    "Ukraine": ("Kyiv", "It lies on the Dnipro."),
    "the United Kingdom": ("London", "It lies on the Thames."),
    "the United States": (
        "Washington, D.C.",
        "It lies on the Potomac and in none of the fifty states.",
    ),
    "Vietnam": ("Hanoi", ""),
}

#: Other names for them, in plain words.
_ALIASES: dict[str, str] = {
    "america": "the United States",
    "britain": "the United Kingdom",
    "czech republic": "Czechia",
    "deutschland": "Germany",
    "england": "the United Kingdom",
    "espana": "Spain",
    "frankreich": "France",
    "great britain": "the United Kingdom",
    "holland": "the Netherlands",
    "italia": "Italy",
    "italien": "Italy",
    "korea": "South Korea",
    "osterreich": "Austria",
    "polen": "Poland",
    "schweiz": "Switzerland",
    "spanien": "Spain",
    "turkiye": "Turkey",
    "uk": "the United Kingdom",
    "usa": "the United States",
}

_NAMES = {plain_words(c).removeprefix("the "): c for c in CAPITALS} | _ALIASES
_COUNTRY = re.compile(rf"\b({'|'.join(sorted(_NAMES, key=len, reverse=True))})\b")
_CAPITAL = re.compile(r"\b(capital|capitale|hauptstadt)\b")
_ASKED_OF = re.compile(r"\b(?:capital|hauptstadt) (?:city )?(?:of|von) (?P<name>[a-z ]{2,40})$")

#: "And Italy?" is a question about a capital only if it is short and follows one.
_WORDS_OF_A_FOLLOW_UP = 6


def _draft(said: Said) -> Draft | None:
    prompts = [plain_words(prompt[-300:]) for prompt in said.asked.prompts]
    if not prompts or not _about_capitals(prompts):
        return None
    country = _COUNTRY.search(prompts[-1])
    if country:
        return _known(_NAMES[country[1]])
    name = _ASKED_OF.search(prompts[-1])
    return _unknown(name["name"].title()) if name else None


def _about_capitals(prompts: list[str]) -> bool:
    """Whether the last of `prompts` asks for a capital, or follows one that does."""
    for prompt in reversed(prompts):
        if _CAPITAL.search(prompt):
            return True
        if not _COUNTRY.search(prompt) or len(prompt.split()) > _WORDS_OF_A_FOLLOW_UP:
            return False
    return False


def _known(country: str) -> Draft:
    capital, fact = CAPITALS[country]
    return Draft(
        (
            f"The capital of {country} is **{capital}**.",
            f"**{capital}** is the capital of {country}.",
            f"It is **{capital}**.",
            f"That would be **{capital}**, the capital of {country}.",
        ),
        (
            fact or "It is one of those this script knows by heart.",
            (
                f'There are {len(CAPITALS)} capitals in the script: ask "What about Japan?" for the '
                "next."
            ),
        ),
        joint=" ",
    )


def _unknown(name: str) -> Draft:
    return Draft(
        (
            (
                f"I do not know the capital of {name}: this is a script, and it has "
                f"{len(CAPITALS)} capitals in it. Try France, Spain, Japan or Peru."
            ),
            (
                f"{name} is not among the {len(CAPITALS)} countries of this script. "
                "Try Germany, Portugal, Kenya or Canada."
            ),
        )
    )


TOPICS = (Topic("What is the capital of France?", _draft),)
