"""Presets: a model, parameters and a system message under a name.

A handful comes with the playground; the others are kept by the store as plain data, and travel as
JSON files. All three are read by the same check.
"""

from __future__ import annotations

import functools
import json
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.bounds import MAX_SYSTEM_MESSAGE
from playground.catalog import load_catalog
from playground.errors import PresetRefused
from playground.parameters import (
    DEFAULT_SYSTEM_MESSAGE,
    MAX_STOP_STRINGS,
    NUMERIC_PARAMETERS,
    NumericParameter,
    Parameters,
)
from playground.plain_text import is_line, is_text
from playground.records import Record, parameters_from, parameters_record
from playground.store.preset_rules import MAX_PRESETS, name_key
from playground.transfer.errors import TransferError
from playground.transfer.fields import Check, Wrong, each, number, table, whole
from playground.transfer.json_text import parse_json

PRESETS_FILE = Path(__file__).with_name("presets.toml")

FORMAT, VERSION = "phi3-playground-presets", 1

#: Bytes; room for as many presets with long system messages as there can sensibly be.
MAX_FILE = 4 * 1024 * 1024
#: Characters.
MAX_NAME, MAX_PURPOSE, MAX_STOP = 60, 200, 200
#: The highest temperature that any server takes; the connection in use may take less.
MAX_TEMPERATURE = 2.0

_ADVICE = "Nothing was changed. Choose a file that this playground exported as presets."


@dataclass(frozen=True, slots=True)
class Preset:
    """A named set of what is sent with a prompt.

    Attributes:
        name: one line, unique among the presets of its owner.
        model: a name of the catalog.
        purpose: one line on what it is good for; may be empty.
    """

    name: str
    model: str
    parameters: Parameters = field(default_factory=Parameters)
    system_message: str = DEFAULT_SYSTEM_MESSAGE
    purpose: str = ""


@functools.cache
def builtin_presets(path: Path = PRESETS_FILE) -> tuple[Preset, ...]:
    """Return the presets that come with the playground. Raises PresetRefused if one is wrong."""
    return _checked(tomllib.loads(path.read_text(encoding="utf-8")).get("presets"))


def preset_record(preset: Preset) -> Record:
    """Return the preset as plain data (what JSON can hold)."""
    return {
        "name": preset.name,
        "purpose": preset.purpose,
        "model": preset.model,
        "system_message": preset.system_message,
        "parameters": parameters_record(preset.parameters),
    }


def preset_from(record: Any) -> Preset:
    """Return the preset of plain data, whoever wrote it. Raises PresetRefused, saying what is wrong."""
    return _checked([record])[0]


def export_presets(presets: Iterable[Preset]) -> bytes:
    """Return a JSON file with these presets, which `import_presets` reads."""
    records = [preset_record(preset) for preset in presets]
    document = {"format": FORMAT, "version": VERSION, "presets": records}
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def import_presets(data: bytes) -> tuple[Preset, ...]:
    """Return the presets in an uploaded file, all of them or none.

    Raises:
        PresetRefused: the file is too large, no JSON, of another kind or version, or a preset in it
            is wrong; the sentence says where.
    """
    if len(data) > MAX_FILE:
        raise _refused("A file of presets is never larger than 4 MB.")
    try:
        document = parse_json(data)
    except TransferError as error:
        raise _refused(error.happened) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _refused("This file holds no presets of this playground.")
    if document.get("version") != VERSION or isinstance(document["version"], bool):
        raise _refused("These presets were written by another version of the playground.")
    return _checked(document.get("presets"))


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """Return `wanted`, with a number behind it if a preset is called so already."""
    known = {name_key(name) for name in taken}
    found, count = wanted, 1
    while name_key(found) in known:
        count += 1
        behind = f" ({count})"
        found = wanted[: MAX_NAME - len(behind)] + behind
    return found


def _checked(records: Any) -> tuple[Preset, ...]:
    try:
        checked = _PRESETS(records)
    except Wrong as wrong:
        where = "".join(reversed(wrong.place)).lstrip(".")
        raise _refused(f"presets{where} is not {wrong.what}.") from None
    presets = tuple(_preset(record) for record in checked)
    names = [name_key(preset.name) for preset in presets]
    if len(set(names)) < len(names):
        raise _refused("Two presets have the same name.")
    return presets


def _preset(record: Record) -> Preset:
    model = load_catalog().get(record["model"])
    given = {k: v for k, v in (record["parameters"] or {}).items() if v is not None}
    return Preset(
        name=record["name"],
        # The catalog's own spelling, whatever capitals the file has.
        model=model.name if model is not None else record["model"],
        parameters=parameters_from(given),
        system_message=record["system_message"],
        purpose=record["purpose"] or "",
    )


def _refused(happened: str) -> PresetRefused:
    return PresetRefused(happened, advice=_ADVICE)


def _line(high: int, low: int = 1) -> Check:
    def check(value: Any) -> Any:
        if not isinstance(value, str) or not low <= len(value.strip()) <= high:
            raise Wrong(f"a text of {low} to {high} characters")
        if not is_line(value):
            raise Wrong("one line of visible characters")
        return value.strip()

    return check


def _system_message(value: Any) -> Any:
    if not isinstance(value, str) or not is_text(value):
        raise Wrong("text without control characters")
    if len(value.encode()) > MAX_SYSTEM_MESSAGE:
        raise Wrong("a text of at most 20 kB")
    return value


def _stop(value: Any) -> Any:
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_STOP or not is_text(value):
        raise Wrong(f"a text of 1 to {MAX_STOP} characters")
    return value


def _at_most(high: int, inner: Check) -> Check:
    def check(value: Any) -> Any:
        if isinstance(value, list) and len(value) > high:
            raise Wrong(f"a list of at most {high}")
        return inner(value)

    return check


def _model(value: Any) -> Any:
    if not isinstance(value, str) or load_catalog().get(value) is None:
        raise Wrong("the name of a model in the catalog")
    return value


def _numeric(spec: NumericParameter) -> Check:
    high = MAX_TEMPERATURE if spec.name == "temperature" else spec.maximum
    # A step of 1 is a whole number.
    inner = whole(int(spec.minimum), int(high)) if spec.step == 1 else number(spec.minimum, high)
    return (lambda value: None if value is None else inner(value)) if spec.optional else inner


_PARAMETERS = table(
    {},
    {spec.name: _numeric(spec) for spec in NUMERIC_PARAMETERS}
    | {"stop": _at_most(MAX_STOP_STRINGS, each(_stop))},
)
_PRESETS = _at_most(
    MAX_PRESETS,
    each(
        table(
            {"name": _line(MAX_NAME), "model": _model, "system_message": _system_message},
            {"purpose": _line(MAX_PURPOSE, low=0), "parameters": _PARAMETERS},
        )
    ),
)
