"""The six Phi-3 models, read from catalog.toml and checked when loaded."""

from __future__ import annotations

import datetime as dt
import functools
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_origin, get_type_hints

CATALOG_FILE = Path(__file__).with_name("catalog.toml")


#: What the file consists of.
_PARTS = {
    "checked": dt.date,
    "sources": Mapping,
    "benchmarks": Mapping,
    "mt_bench": Mapping,
    "models": list,
}


class CatalogError(ValueError):
    """The catalog file contradicts itself; the message names the model and the field."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a model can be had.

    Attributes:
        at: the host or the form: "Hugging Face", "GGUF", "Ollama".
        name: what it is called there.
        note: file, size in GB, who made it; empty if there is nothing to say.
    """

    at: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Model:
    """One model as published. `scores` are percentages, keyed by benchmark.

    Attributes:
        name: the name in the hosted catalogs, and the default name on the wire.
        parameters_billions: weights, in thousand millions.
        context_tokens: prompt and answer together, in tokens.
        takes_system_message: False where the published template drops it without a word.
        limits: known weak points, a sentence each.
        places: where the weights can be had, the original first.
    """

    name: str
    label: str
    purpose: str
    parameters_billions: float
    context_tokens: int
    max_output_tokens: int
    training_tokens: str
    knowledge_cutoff: str
    released: str
    licence: str
    takes_system_message: bool
    huggingface: str
    limits: tuple[str, ...]
    places: tuple[Place, ...]
    scores: Mapping[str, float]

    @property
    def card(self) -> str:
        """The address of the official model card."""
        return f"https://huggingface.co/{self.huggingface}"

    @property
    def size(self) -> str:
        """The size as a word: "mini", "small" or "medium"."""
        return self.name.split("-")[2]

    @property
    def mean_score(self) -> float:
        """The mean of the scores, in percent. A plain mean: for comparing these six alone."""
        return sum(self.scores.values()) / len(self.scores)

    @property
    def context_label(self) -> str:
        """The context window as people say it: "4k", "128k"."""
        return f"{self.context_tokens // 1024}k"

    @property
    def size_label(self) -> str:
        """The size as people say it: "3.8B"."""
        return f"{self.parameters_billions:g}B"


@dataclass(frozen=True, slots=True)
class Catalog:
    """All models, in the order they are shown, with the sources of their figures.

    Attributes:
        benchmarks: how each was run, keyed by its name.
        mt_bench: MT-Bench, out of 10, keyed by size.
        checked: when the figures were seen.
    """

    models: tuple[Model, ...]
    sources: Mapping[str, str]
    benchmarks: Mapping[str, str]
    mt_bench: Mapping[str, float]
    checked: dt.date

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)

    def get(self, name: str) -> Model | None:
        """Return the model called `name`, whatever its capitals; None if there is none."""
        wanted = name.casefold()
        return next((m for m in self.models if m.name.casefold() == wanted), None)

    def names(self) -> tuple[str, ...]:
        """Return the names in order."""
        return tuple(m.name for m in self.models)


@functools.cache
def load_catalog(path: Path = CATALOG_FILE) -> Catalog:
    """Read and check the catalog.

    Raises:
        CatalogError: if a field is missing, unknown, of the wrong type or out of range, or a name
            occurs twice.
    """
    return parse_catalog(tomllib.loads(path.read_text(encoding="utf-8")))


def parse_catalog(data: Mapping[str, Any]) -> Catalog:
    """Check `data` (the parsed TOML) and return the catalog. Raises CatalogError."""
    _check_fields("the catalog", data, _PARTS)
    if not data["models"]:
        raise CatalogError("the catalog: models is empty")
    benchmarks = dict(data["benchmarks"])
    models = tuple(_model(entry, benchmarks) for entry in data["models"])
    names = [m.name.casefold() for m in models]
    for name in names:
        if names.count(name) > 1:
            raise CatalogError(f"{name} occurs twice")
    return Catalog(
        models, dict(data["sources"]), benchmarks, dict(data["mt_bench"]), data["checked"]
    )


def _model(entry: Any, benchmarks: Mapping[str, str]) -> Model:
    if not isinstance(entry, Mapping):
        raise CatalogError("the catalog: models holds something that is not a table")
    name = entry.get("name") or "a model without a name"
    _check_fields(name, entry, get_type_hints(Model))
    limits, places = entry["limits"], entry["places"]
    if not limits or not all(isinstance(limit, str) and limit for limit in limits):
        raise CatalogError(f"{name}: limits must be sentences")
    if not places:
        raise CatalogError(f"{name}: places is empty")
    found = tuple(_place(name, place) for place in places)
    model = Model(**{**entry, "limits": tuple(limits), "places": found})
    if model.context_tokens < model.max_output_tokens or model.max_output_tokens < 1:
        raise CatalogError(f"{name}: max_output_tokens does not fit context_tokens")
    if not 0 < model.parameters_billions < math.inf:
        raise CatalogError(f"{name}: parameters_billions must be above 0")
    differ = model.scores.keys() ^ benchmarks.keys()
    if differ:
        raise CatalogError(f"{name}: scores and benchmarks differ in {', '.join(sorted(differ))}")
    for benchmark, score in model.scores.items():
        if not _is_a(score, float) or not 0 <= score <= 100:
            raise CatalogError(f"{name}: scores: {benchmark} is not a percentage")
    return model


def _place(name: str, entry: Any) -> Place:
    if not isinstance(entry, Mapping):
        raise CatalogError(f"{name}: places holds something that is not a table")
    _check_fields(f"{name}: places", {"note": "-", **entry}, get_type_hints(Place))
    return Place(**entry)


def _check_fields(what: str, entry: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    wrong = entry.keys() ^ expected.keys()
    if wrong:
        raise CatalogError(f"{what}: missing or unknown: {', '.join(sorted(wrong))}")
    for name, kind in expected.items():
        if not _is_a(entry[name], kind):
            raise CatalogError(f"{what}: {name} has the wrong type")
        if entry[name] == "":
            raise CatalogError(f"{what}: {name} is empty")


def _is_a(value: Any, kind: Any) -> bool:
    if isinstance(value, bool):
        return kind is bool
    if get_origin(kind) is tuple:  # TOML calls it a list
        kind = list
    return isinstance(value, (int, float) if kind is float else get_origin(kind) or kind)
