"""What a store takes as a preset: bounds, and when two names are the same."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from playground.errors import PresetRefused
from playground.store.columns import storable

#: Presets of one owner.
MAX_PRESETS = 100
#: Characters of a name.
MAX_NAME = 100
#: Bytes of a preset's content as JSON in UTF-8: a system message of 20 kB that is all line breaks,
#: two bytes each there, and the rest.
MAX_CONTENT = 48_000


def checked_name(name: str) -> str:
    """Return the name on one line, as it is kept. Raises PresetRefused."""
    line = " ".join(storable(name).split())
    if not line:
        raise PresetRefused("A preset needs a name.", advice="Nothing was changed. Give it one.")
    if len(line) > MAX_NAME:
        raise PresetRefused(
            f"The name of a preset has at most {MAX_NAME} characters.",
            advice="Nothing was changed. Give it a shorter one.",
        )
    return line


def name_key(name: str) -> str:
    """Return what is equal for names that are the same but for capitals and the width of spaces."""
    # Twice: folding can undo what normalizing did.
    folded = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    return storable(unicodedata.normalize("NFC", folded))


def written(content: dict[str, Any]) -> str:
    """Return the content as JSON. Raises PresetRefused if it is too large, ValueError if it is none."""
    size = len(json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > MAX_CONTENT:
        raise PresetRefused(
            f"This preset is too large: {size:,} bytes, where {MAX_CONTENT:,} fit.",
            advice="Nothing was changed. Shorten its system message.",
        )
    # Escaped, so that any database takes whatever is in it.
    return json.dumps(content, allow_nan=False)


def too_many() -> PresetRefused:
    """Return the error for one preset more than there may be."""
    return PresetRefused(
        f"There are {MAX_PRESETS} presets already, and no more can be kept.",
        advice="Nothing was changed. Delete one that you no longer need, and save it again.",
    )


def name_taken(name: str) -> PresetRefused:
    """Return the error for a name that another preset has."""
    return PresetRefused(
        f"Another preset is called {name} already.",
        advice="Nothing was changed. Choose another name, or delete the other preset first.",
    )
