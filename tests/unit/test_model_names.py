"""Names that servers give the six models, and names that look like theirs."""

from __future__ import annotations

import pytest

from playground.catalog import load_catalog
from playground.kinds import KINDS
from playground.model_names import ServedModel, catalog_model, deployments, served

MINI_4K, MINI_128K = "Phi-3-mini-4k-instruct", "Phi-3-mini-128k-instruct"
SMALL_8K, SMALL_128K = "Phi-3-small-8k-instruct", "Phi-3-small-128k-instruct"
MEDIUM_4K, MEDIUM_128K = "Phi-3-medium-4k-instruct", "Phi-3-medium-128k-instruct"

NAMES = {
    # Ollama's library
    "phi3": MINI_4K,
    "phi3:latest": MINI_4K,
    "phi3:mini": MINI_4K,
    "phi3:3.8b": MINI_4K,
    "phi3:instruct": MINI_4K,
    "phi3:mini-4k": MINI_4K,
    "phi3:3.8b-mini-4k-instruct-q4_K_M": MINI_4K,
    "phi3:mini-128k": MINI_128K,
    "phi3:3.8b-mini-128k-instruct-q4_0": MINI_128K,
    "phi3:3.8b-mini-128k-instruct-f16": MINI_128K,
    "phi3:medium": MEDIUM_4K,
    "phi3:14b": MEDIUM_4K,
    "phi3:14b-medium-4k-instruct-q5_K_S": MEDIUM_4K,
    "phi3:medium-128k": MEDIUM_128K,
    "phi3:14b-medium-128k-instruct-q4_1": MEDIUM_128K,
    "hf.co/bartowski/Phi-3-medium-128k-instruct-GGUF:Q4_K_M": MEDIUM_128K,
    # Files, as llama.cpp reports them
    "Phi-3-mini-4k-instruct-q4.gguf": MINI_4K,
    "/models/Phi-3-mini-4k-instruct-q4.gguf": MINI_4K,
    r"C:\Users\me\models\Phi-3-mini-128k-instruct.Q4_K_M.gguf": MINI_128K,
    "Phi-3-medium-4k-instruct-IQ3_XS.gguf": MEDIUM_4K,
    "Phi-3-mini-4k-instruct-fp16.gguf": MINI_4K,
    # Hugging Face, as vLLM serves them, and others' builds
    "microsoft/Phi-3-mini-4k-instruct": MINI_4K,
    "microsoft/Phi-3-mini-128k-instruct": MINI_128K,
    "microsoft/Phi-3-small-8k-instruct": SMALL_8K,
    "microsoft/Phi-3-small-128k-instruct": SMALL_128K,
    "microsoft/Phi-3-medium-4k-instruct": MEDIUM_4K,
    "microsoft/Phi-3-medium-128k-instruct": MEDIUM_128K,
    "microsoft/Phi-3-mini-4k-instruct-gguf": MINI_4K,
    "microsoft/Phi-3-small-8k-instruct-onnx-cuda": SMALL_8K,
    "mlx-community/Phi-3-mini-4k-instruct-4bit": MINI_4K,
    # LM Studio
    "phi-3-mini-4k-instruct": MINI_4K,
    "lmstudio-community/phi-3-medium-4k-instruct": MEDIUM_4K,
    "phi-3-mini-4k-instruct@q8_0": MINI_4K,
    # Foundry Local
    "Phi-3-mini-4k-instruct-generic-cpu": MINI_4K,
    "Phi-3-mini-4k-instruct-generic-cpu:2": MINI_4K,
    "Phi-3-mini-128k-instruct-cuda-gpu:1": MINI_128K,
    "phi-3-mini-128k": MINI_128K,
    # Azure and GitHub Models
    "Phi-3-medium-128k-instruct": MEDIUM_128K,
    "Phi-3-mini-4k-instruct-2": MINI_4K,
    "azureml://registries/azureml/models/Phi-3-small-8k-instruct/versions/4": SMALL_8K,
    "microsoft/phi-3-small-128k-instruct": SMALL_128K,
    # Aliases of gateways
    "phi-3-mini": MINI_4K,
    "phi3-small": SMALL_8K,
    "phi3_medium": MEDIUM_4K,
    " Phi-3-mini-4k-instruct ": MINI_4K,
}

OTHERS = [
    "",
    "phi",
    "phi-2",
    "phi4",
    "Phi-4-mini-instruct",
    "phi3.5",
    "phi3.5:3.8b",
    "microsoft/Phi-3.5-mini-instruct",
    "Phi-3.5-mini-instruct-generic-cpu",
    "Phi-3-vision-128k-instruct",
    "Phi-3-mini-4k-instruct-abliterated",
    "Phi-3-mini-4k-instruct-finance-lora",
    "cognitivecomputations/dolphin-2.9.2-Phi-3-Medium",
    "dolphin-phi3",
    "phi3-mini-medium",
    "Phi-3-small-4k-instruct",
    "Phi-3-mini-8k-instruct",
    "llama3.2:3b",
    "tiny-phi3",
    "phi31",
    "phi-30b",
]


@pytest.mark.parametrize(("name", "model"), NAMES.items(), ids=NAMES)
def test_a_served_name_means_one_of_the_six(name: str, model: str) -> None:
    assert catalog_model(name) == model


@pytest.mark.parametrize("name", OTHERS)
def test_another_model_is_not_taken_for_one_of_the_six(name: str) -> None:
    assert catalog_model(name) is None


@pytest.mark.parametrize("model", load_catalog().names())
def test_each_name_in_the_catalog_and_each_usual_name_means_its_model(model: str) -> None:
    assert catalog_model(model) == catalog_model(model.lower()) == model
    for kind in KINDS:
        assert kind.usual_names.keys() <= kind.serves
        if model in kind.usual_names:
            assert catalog_model(kind.usual_names[model]) == model, kind.label


def test_the_six_come_first_and_the_others_are_kept() -> None:
    assert served(["llama3.2:3b", "phi3:mini", "phi3:medium", "phi3:mini"]) == (
        ServedModel("phi3:mini", MINI_4K),
        ServedModel("phi3:medium", MEDIUM_4K),
        ServedModel("llama3.2:3b", None),
    )


def test_the_first_of_several_builds_is_asked_for() -> None:
    names = ["phi3:3.8b-mini-4k-instruct-q8_0", "phi3:mini", "qwen3:8b", "phi3:14b"]
    assert deployments(served(names)) == {
        MINI_4K: "phi3:3.8b-mini-4k-instruct-q8_0",
        MEDIUM_4K: "phi3:14b",
    }
