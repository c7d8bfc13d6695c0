"""The six models: their published figures, and that a catalog with a mistake is refused."""

from __future__ import annotations

import copy
import datetime as dt
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from playground.catalog import CATALOG_FILE, CatalogError, Model, load_catalog, parse_catalog

NAMES = (
    "Phi-3-mini-4k-instruct",
    "Phi-3-mini-128k-instruct",
    "Phi-3-small-8k-instruct",
    "Phi-3-small-128k-instruct",
    "Phi-3-medium-4k-instruct",
    "Phi-3-medium-128k-instruct",
)

# Written down a second time, a row for each figure, so that a slip in the catalog shows. Sources:
# Azure/azureml-assets, assets/models/system/phi-3-*/spec.yaml, description.md and evaluation.md.
FIGURES: dict[str, tuple[Any, ...]] = {
    "parameters_billions": (3.8, 3.8, 7, 7, 14, 14),
    "context_tokens": (4096, 131072, 8192, 131072, 4096, 131072),
    "max_output_tokens": (4096,) * 6,
    "knowledge_cutoff": ("October 2023",) * 6,
    "licence": ("MIT",) * 6,
    "takes_system_message": (True, True, True, True, False, False),
    "huggingface": tuple(f"microsoft/{name}" for name in NAMES),
    "size_label": ("3.8B", "3.8B", "7B", "7B", "14B", "14B"),
    "context_label": ("4k", "128k", "8k", "128k", "4k", "128k"),
    "label": (
        "Phi-3 mini 4k",
        "Phi-3 mini 128k",
        "Phi-3 small 8k",
        "Phi-3 small 128k",
        "Phi-3 medium 4k",
        "Phi-3 medium 128k",
    ),
    "released": ("April 2024, updated June 2024",) * 2 + ("May 2024",) * 4,
    "training_tokens": ("4.9T",) * 2 + ("4.8T, 10% multilingual",) * 2 + ("4.8T",) * 2,
}
#: The name at each place; None where it cannot be had there.
PLACES: dict[str, tuple[str | None, ...]] = {
    "Hugging Face": tuple(f"microsoft/{name}" for name in NAMES),
    "ONNX": (
        "microsoft/Phi-3-mini-4k-instruct-onnx",
        "microsoft/Phi-3-mini-128k-instruct-onnx",
        "microsoft/Phi-3-small-8k-instruct-onnx-cuda",
        "microsoft/Phi-3-small-128k-instruct-onnx-cuda",
        "microsoft/Phi-3-medium-4k-instruct-onnx-cpu",
        "microsoft/Phi-3-medium-128k-instruct-onnx-cpu",
    ),
    "GGUF": (
        "microsoft/Phi-3-mini-4k-instruct-gguf",
        "QuantFactory/Phi-3-mini-128k-instruct-GGUF",
        None,
        None,
        "bartowski/Phi-3-medium-4k-instruct-GGUF",
        "bartowski/Phi-3-medium-128k-instruct-GGUF",
    ),
    "Ollama": (
        "phi3:mini",
        "phi3:3.8b-mini-128k-instruct-…",
        None,
        None,
        "phi3:medium",
        "phi3:medium-128k",
    ),
    "Foundry Local": ("phi-3-mini-4k", "phi-3-mini-128k", None, None, None, None),
    "vLLM": tuple(f"microsoft/{name}" for name in NAMES),
}
SCORES: dict[str, tuple[float, ...]] = {
    "MMLU": (70.9, 69.7, 75.7, 75.5, 78.0, 76.6),
    "HellaSwag": (75.3, 70.5, 77.0, 79.6, 82.4, 81.6),
    "ARC-C": (86.3, 85.5, 90.7, 90.8, 91.6, 91.0),
    "GSM8K": (85.7, 85.3, 89.6, 87.3, 91.0, 87.5),
    "HumanEval": (57.3, 60.4, 61.0, 59.1, 62.2, 58.5),
    "MBPP": (69.8, 70.0, 71.7, 70.3, 75.2, 73.8),
    "BBH": (73.5, 72.1, 79.1, 77.6, 81.4, 77.9),
    "AGIEval": (39.0, 39.5, 45.1, 43.9, 50.2, 49.7),
    "TruthfulQA": (64.7, 64.8, 70.2, 69.6, 75.1, 74.3),
    "TriviaQA": (61.4, 57.8, 58.1, 66.0, 73.9, 73.9),
}


@pytest.fixture
def data() -> dict[str, Any]:
    """What the file holds, to be spoilt."""
    return copy.deepcopy(tomllib.loads(CATALOG_FILE.read_text(encoding="utf-8")))


def test_the_six_models_in_order() -> None:
    assert load_catalog().names() == NAMES
    assert tuple(model.name for model in load_catalog()) == NAMES
    assert len(load_catalog()) == 6


@pytest.mark.parametrize("field", FIGURES)
def test_the_figures_are_as_published(field: str) -> None:
    assert tuple(getattr(model, field) for model in load_catalog()) == FIGURES[field]


@pytest.mark.parametrize("benchmark", SCORES)
def test_the_scores_are_as_published(benchmark: str) -> None:
    assert tuple(model.scores[benchmark] for model in load_catalog()) == SCORES[benchmark]


def test_no_score_and_no_field_of_a_model_is_left_unchecked() -> None:
    assert set(load_catalog().benchmarks) == set(SCORES)
    assert set(Model.__dataclass_fields__) == {
        "name",
        "purpose",
        "scores",
        "limits",
        "places",
        *FIGURES.keys() - {"size_label", "context_label"},
    }


@pytest.mark.parametrize("at", PLACES)
def test_where_a_model_can_be_had(at: str) -> None:
    names = tuple(
        next((place.name for place in model.places if place.at == at), None)
        for model in load_catalog()
    )
    assert names == PLACES[at]
    assert {place.at for model in load_catalog() for place in model.places} == set(PLACES)


def test_small_is_for_old_vllm_only_and_its_card_says_why() -> None:
    for model in load_catalog():
        notes = [place.note for place in model.places if place.at == "vLLM"]
        assert notes == ["up to v0.9.2" if model.size == "small" else "any version"]
        assert any("never supported" in limit for limit in model.limits) == (model.size == "small")


def test_each_size_has_its_mt_bench() -> None:
    assert load_catalog().mt_bench == {"mini": 8.38, "small": 8.7, "medium": 8.9}
    assert [model.size for model in load_catalog()] == ["mini"] * 2 + ["small"] * 2 + ["medium"] * 2


def test_the_mean_is_of_all_ten() -> None:
    assert [round(model.mean_score, 2) for model in load_catalog()] == [
        round(sum(scores[n] for scores in SCORES.values()) / 10, 2) for n in range(6)
    ]


def test_each_model_has_a_purpose_of_its_own_in_a_sentence() -> None:
    purposes = [model.purpose for model in load_catalog()]
    assert len(set(purposes)) == 6
    assert all(purpose.endswith(".") for purpose in purposes)


def test_every_figure_has_a_source_and_a_date() -> None:
    catalog = load_catalog()
    assert set(catalog.sources) == {
        "specification",
        "benchmarks",
        "templates",
        "mt_bench",
        "limits",
    }
    assert catalog.checked == dt.date(2026, 11, 24)
    assert all("shot" in how for how in catalog.benchmarks.values())


@pytest.mark.parametrize("name", [NAMES[0], NAMES[0].lower(), NAMES[0].upper()])
def test_a_model_is_found_whatever_its_capitals(name: str) -> None:
    """The old playground's ids were in lower case."""
    assert load_catalog().get(name) is load_catalog().models[0]


def test_an_unknown_model_is_none() -> None:
    assert load_catalog().get("Phi-4") is None
    assert load_catalog().get("") is None


def test_the_file_is_read_once() -> None:
    assert load_catalog() is load_catalog()


def test_another_file_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "catalog.toml"
    path.write_bytes(CATALOG_FILE.read_bytes())
    assert load_catalog(path) == load_catalog()


# Mistakes. Each is told with the model and the field.

Spoil = Callable[[dict[str, Any]], object]
FIELDS = sorted(Model.__dataclass_fields__)


@pytest.mark.parametrize("field", FIELDS)
def test_a_missing_field_is_refused(data: dict[str, Any], field: str) -> None:
    del data["models"][3][field]
    with pytest.raises(CatalogError) as caught:
        parse_catalog(data)
    who = "a model without a name" if field == "name" else NAMES[3]
    assert str(caught.value) == f"{who}: missing or unknown: {field}"


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_of_the_wrong_type_is_refused(data: dict[str, Any], field: str) -> None:
    """Every other type is tried; a whole number is fine where a fraction is."""
    right = type(data["models"][2][field])
    fine = {right, int} if right is float else {right}
    values: tuple[Any, ...] = (None, "7", 7, 7.5, True, [], {})
    for value in values:
        if type(value) in fine:
            continue
        data["models"][2][field] = value
        with pytest.raises(CatalogError, match=f": {field} has the wrong type"):
            parse_catalog(data)


MISTAKES: dict[str, tuple[Spoil, str]] = {
    "unknown field": (
        lambda d: d["models"][1].update(speed=3),
        f"{NAMES[1]}: missing or unknown: speed",
    ),
    "empty text": (lambda d: d["models"][1].update(purpose=""), f"{NAMES[1]}: purpose is empty"),
    "empty name": (
        lambda d: d["models"][1].update(name=""),
        "a model without a name: name is empty",
    ),
    "the same name twice, in other capitals": (
        lambda d: d["models"][1].update(name=NAMES[0].upper()),
        f"{NAMES[0].lower()} occurs twice",
    ),
    "an answer longer than the window": (
        lambda d: d["models"][0].update(max_output_tokens=4097),
        f"{NAMES[0]}: max_output_tokens does not fit context_tokens",
    ),
    "no room for an answer": (
        lambda d: d["models"][0].update(max_output_tokens=0),
        f"{NAMES[0]}: max_output_tokens does not fit context_tokens",
    ),
    "no weights": (
        lambda d: d["models"][4].update(parameters_billions=0),
        f"{NAMES[4]}: parameters_billions must be above 0",
    ),
    "weights that are no number": (
        lambda d: d["models"][4].update(parameters_billions=math.nan),
        f"{NAMES[4]}: parameters_billions must be above 0",
    ),
    "endless weights": (
        lambda d: d["models"][4].update(parameters_billions=math.inf),
        f"{NAMES[4]}: parameters_billions must be above 0",
    ),
    "a score is missing": (
        lambda d: d["models"][5]["scores"].pop("MMLU"),
        f"{NAMES[5]}: scores and benchmarks differ in MMLU",
    ),
    "a score of an unknown benchmark": (
        lambda d: d["models"][5]["scores"].update(Arena=1.0),
        f"{NAMES[5]}: scores and benchmarks differ in Arena",
    ),
    "a score above 100": (
        lambda d: d["models"][5]["scores"].update(MMLU=100.1),
        f"{NAMES[5]}: scores: MMLU is not a percentage",
    ),
    "a score below 0": (
        lambda d: d["models"][5]["scores"].update(MMLU=-0.1),
        f"{NAMES[5]}: scores: MMLU is not a percentage",
    ),
    "a score that is no number": (
        lambda d: d["models"][5]["scores"].update(MMLU="76.6"),
        f"{NAMES[5]}: scores: MMLU is not a percentage",
    ),
    "a score that is yes": (
        lambda d: d["models"][5]["scores"].update(MMLU=True),
        f"{NAMES[5]}: scores: MMLU is not a percentage",
    ),
    "no limits": (
        lambda d: d["models"][0].update(limits=[]),
        f"{NAMES[0]}: limits must be sentences",
    ),
    "a limit that is no text": (
        lambda d: d["models"][0].update(limits=[3]),
        f"{NAMES[0]}: limits must be sentences",
    ),
    "nowhere to be had": (
        lambda d: d["models"][0].update(places=[]),
        f"{NAMES[0]}: places is empty",
    ),
    "a place that is no table": (
        lambda d: d["models"][0].update(places=["Ollama"]),
        f"{NAMES[0]}: places holds something that is not a table",
    ),
    "a place without a name": (
        lambda d: d["models"][0].update(places=[{"at": "Ollama"}]),
        f"{NAMES[0]}: places: missing or unknown: name",
    ),
    "no MT-Bench": (lambda d: d.pop("mt_bench"), "the catalog: missing or unknown: mt_bench"),
    "a model that is no table": (
        lambda d: d["models"].append("Phi-4"),
        "the catalog: models holds something that is not a table",
    ),
    "no models": (lambda d: d["models"].clear(), "the catalog: models is empty"),
    "no date": (lambda d: d.pop("checked"), "the catalog: missing or unknown: checked"),
    "no sources": (lambda d: d.pop("sources"), "the catalog: missing or unknown: sources"),
    "no benchmarks": (lambda d: d.pop("benchmarks"), "the catalog: missing or unknown: benchmarks"),
    "no list of models": (lambda d: d.pop("models"), "the catalog: missing or unknown: models"),
    "an unknown part": (lambda d: d.update(extra=1), "the catalog: missing or unknown: extra"),
    "a date that is text": (
        lambda d: d.update(checked="2026-11-24"),
        "the catalog: checked has the wrong type",
    ),
    "models that are a table": (
        lambda d: d.update(models={}),
        "the catalog: models has the wrong type",
    ),
    "sources that are text": (
        lambda d: d.update(sources="the web"),
        "the catalog: sources has the wrong type",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_catalog_with_a_mistake_is_refused(data: dict[str, Any], mistake: str) -> None:
    spoil, sentence = MISTAKES[mistake]
    spoil(data)
    with pytest.raises(CatalogError) as caught:
        parse_catalog(data)
    assert str(caught.value) == sentence
