"""Collect the texts of the interface and bring the translations in `components/locale` up to date.

    python -m tools.texts

New texts are added without a translation, which the tests then ask for; those that are gone are
dropped. The app reads the compiled catalogue beside it.
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from components.texts import CORE, DOMAIN, ENGLISH, LANGUAGES, LOCALE
from tools.sentences import sentences

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("components", "pages")
KEYWORDS = {"_": None, "_n": (1, 2), "later": None}
#: The head of a catalogue: no dates and no versions, so that the same texts give the same file.
HEAD = (
    "Project-Id-Version",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Report-Msgid-Bugs-To",
    "Generated-By",
)


def collected() -> Catalog:
    """Return every text of the interface, untranslated."""
    template = Catalog(project="Phi-3 playground", charset="utf-8")
    for folder in FOLDERS:
        found = extract_from_dir(ROOT / folder, [("**.py", "python")], keywords=KEYWORDS)
        for file, _, message, _, _ in found:
            template.add(message, locations=[(f"{folder}/{file}", 1)])
    for sentence, file in sentences():
        template.add(sentence, locations=[(file, 1)], context=CORE)
    return template


def po_file(language: str) -> Path:
    """Return where the translations into `language` stand."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def translations(language: str) -> Catalog:
    """Return the translations into `language` that there are."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def brought_up_to_date(language: str) -> Catalog:
    """Return the translations into `language` with the texts that there are now, and no others."""
    catalog = translations(language)
    catalog.update(collected(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def written(catalog: Catalog) -> bytes:
    """Return the catalogue as text for translators."""
    buffer = io.BytesIO()
    catalog.fuzzy = False  # the head, which is complete
    catalog.header_comment = f"# {LANGUAGES[str(catalog.locale)]}"
    write_po(buffer, catalog, width=100, sort_by_file=True, include_lineno=False)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(
        line for line in lines if not line.startswith(tuple(f'"{h}' for h in HEAD))
    ).encode()


def compiled(catalog: Catalog) -> bytes:
    """Return the catalogue as the app reads it."""
    buffer = io.BytesIO()
    # Otherwise the head holds the minute in which this ran.
    catalog.creation_date = catalog.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    write_mo(buffer, catalog)
    return buffer.getvalue()


def _translated(message: Message) -> bool:
    said = message.string
    return bool(said) if isinstance(said, str) else all(said or [""])


def main() -> None:
    """Bring every language up to date, and say what is missing."""
    for language in LANGUAGES:
        if language == ENGLISH:
            continue
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(brought_up_to_date(language)))
        catalog = translations(language)
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = [message for message in catalog if message.id and not _translated(message)]
        print(f"{path.relative_to(ROOT)}: {len(catalog)} texts, {len(missing)} not translated.")
        for message in missing:
            print(f"  {message.id!r}")


if __name__ == "__main__":
    main()
