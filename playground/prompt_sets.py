"""Sets of prompts: pasted, or read from a text, CSV or JSONL file."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any

from playground.errors import SettingsError
from playground.plain_text import is_text

#: Bytes of a file, prompts of a set, and characters of one prompt.
MAX_FILE = 1024 * 1024
MAX_PROMPTS = 500
MAX_PROMPT = 20_000

#: What a column or field with the prompts is called; else the only one, or the first, is taken.
_NAMES = ("prompt", "question", "instruction", "input", "text", "user")

_ADVICE = "Nothing was changed. A prompt set is text, CSV or JSONL with a prompt a line."


def pasted(text: str) -> tuple[str, ...]:
    """Return the prompts of a text: one a line, or one a paragraph where `---` stands between.

    Each is taken once, in the order of the text.

    Raises:
        SettingsError: there are none, too many, or one is too long.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if any(line.strip() == "---" for line in lines):
        prompts: list[str] = [""]
        for line in lines:
            if line.strip() == "---":
                prompts.append("")
            else:
                prompts[-1] += f"{line}\n"
        return _checked(prompts)
    return _checked(lines)


def read_prompts(data: bytes, name: str) -> tuple[str, ...]:
    """Return the prompts of a file; `name` tells by its ending what it is.

    A CSV file with a column called "prompt" (or question, instruction, input, text) gives that one,
    else its first; its columns may stand between semicolons or tabs, as some spreadsheets write it.
    JSONL gives texts, or the field of objects that has one of these names.

    Raises:
        SettingsError: it is too large, neither UTF-8 nor marked as UTF-16, damaged, or `pasted`
            would refuse it.
    """
    if len(data) > MAX_FILE:
        raise SettingsError(f"The file is larger than {MAX_FILE // 1024:,} kB.", advice=_ADVICE)
    try:
        # Spreadsheets and the shell of Windows write UTF-16, and mark it.
        marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        text = data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(
            "The file is not text in UTF-8.",
            advice="Nothing was changed. Save it as UTF-8 (in Excel: “CSV UTF-8”).",
        ) from None
    match PurePath(name).suffix.lower():
        case ".csv":
            return _checked(_from_csv(text))
        case ".jsonl" | ".ndjson" | ".json":
            return _checked(_from_jsonl(text))
        case _:
            return pasted(text)


def as_text(prompts: Iterable[str]) -> str:
    """Return what `pasted` reads as these prompts."""
    kept = [prompt.strip() for prompt in prompts]
    if any("\n" in prompt for prompt in kept):
        return "\n---\n".join(kept) + "\n---"
    return "\n".join(kept)


def _from_csv(text: str) -> Iterator[str]:
    head = text.lstrip().partition("\n")[0]
    # Only a name at the top tells what stands between columns: a prompt may hold any of these.
    mark = next((m for m in ",;\t" if _column(head.strip().split(m)) is not None), ",")
    try:
        read = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark)
        rows = [row for row in read if any(row)]
    except csv.Error as error:
        raise SettingsError(f"The CSV file is damaged: {error}.", advice=_ADVICE) from None
    if not rows:
        return
    named = _column(rows[0])
    column = named or 0
    for row in rows if named is None else rows[1:]:
        if column < len(row):
            yield row[column]


def _column(head: Iterable[str]) -> int | None:
    """Return the place of the column with the prompts, or None if none has such a name."""
    names = [cell.strip().strip('"').strip().lower() for cell in head]
    return next((names.index(name) for name in _NAMES if name in names), None)


def _from_jsonl(text: str) -> Iterator[str]:
    if text.lstrip().startswith("["):
        yield from _texts(_parsed(text, 1), 1)
        return
    # No splitlines: a line separator may stand within a text.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield from _texts([_parsed(line, number)], number)


def _parsed(text: str, number: int) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise SettingsError(f"Line {number} of the file is not JSON.", advice=_ADVICE) from None


def _texts(values: Any, number: int) -> Iterator[str]:
    for value in values if isinstance(values, list) else [values]:
        found = value
        if isinstance(value, dict):
            found = next((value[name] for name in _NAMES if name in value), None)
        if not isinstance(found, str):
            raise SettingsError(
                f"Line {number} of the file holds no prompt.",
                advice='Nothing was changed. Write each as "text" or {"prompt": "text"}.',
            )
        yield found


def _checked(found: Iterable[str]) -> tuple[str, ...]:
    prompts: list[str] = []
    taken: set[str] = set()
    for text in found:
        prompt = text.strip()
        if not prompt:
            continue
        if len(prompt) > MAX_PROMPT:
            raise SettingsError(
                f"Prompt {len(prompts) + 1} has more than {MAX_PROMPT:,} characters.",
                advice=_ADVICE,
            )
        if not is_text(prompt):
            raise SettingsError(
                f"Prompt {len(prompts) + 1} holds control characters.", advice=_ADVICE
            )
        if prompt in taken:
            continue
        taken.add(prompt)
        prompts.append(prompt)
        if len(prompts) > MAX_PROMPTS:
            raise SettingsError(f"There are more than {MAX_PROMPTS} prompts.", advice=_ADVICE)
    if not prompts:
        raise SettingsError("There is no prompt in it.", advice=_ADVICE)
    return tuple(prompts)
