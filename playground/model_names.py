"""Which of the six models is served under a name.

Servers call them many things: `phi3:mini`, `Phi-3-mini-4k-instruct-q4.gguf`,
`microsoft/Phi-3-mini-4k-instruct`, `Phi-3-mini-4k-instruct-cuda-gpu:1`. A name is taken apart, and
each of its parts has to be known: a fine-tuned or merged model (`…-abliterated`) is another model, and
so are Phi-3.5 and Phi-3-vision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: Catalog names, by size and window. A name without a window means the smaller one: that is what
#: `phi3:mini` is, and what is sent then fits the larger model too.
_MODELS: Mapping[tuple[str, str], str] = {
    ("mini", "4k"): "Phi-3-mini-4k-instruct",
    ("mini", "128k"): "Phi-3-mini-128k-instruct",
    ("small", "8k"): "Phi-3-small-8k-instruct",
    ("small", "128k"): "Phi-3-small-128k-instruct",
    ("medium", "4k"): "Phi-3-medium-4k-instruct",
    ("medium", "128k"): "Phi-3-medium-128k-instruct",
}
_SHORTEST = {"mini": "4k", "small": "8k", "medium": "4k"}
#: Parts that name a size by its weights, as Ollama's tags do (`phi3:14b`).
_WEIGHTS = {"3.8b": "mini", "4b": "mini", "7b": "small", "14b": "medium"}
#: Parts that say how a model is packed or where it runs, and nothing about which it is.
_PACKING = re.compile(
    r"instruct|chat|latest|gguf|ggml|onnx|mlx|awq|gptq|exl2|safetensors|hf|bin"
    r"|i?q\d(?:k|0|1|ks|km|kl)?|[ksmlx]|xs|xxs|nl|[bf]?f?p?(?:16|32)|fp8|int[48]|[48]bit|imat"
    r"|generic|cpu|gpu|npu|cuda|tensorrt|trtrtx|trt|rtx|webgpu|directml|qnn|vitis|vitisai|openvino"
    r"|coreml|metal|rocm|mobile|rtn|acc|level|block|v?\d{1,3}"
)
_BEGINS = re.compile(r"phi[-_ ]?3(?=$|[-_: @])")
_SPLIT = re.compile(r"[-_:@ ]+|\.(?!8b\b)")
_FOLDERS = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class ServedModel:
    """A model as a server lists it.

    Attributes:
        name: what the server calls it; to be used as the deployment.
        model: the catalog name of the one of the six that it is; None if it is another.
    """

    name: str
    model: str | None


def catalog_model(name: str) -> str | None:
    """Return the catalog name of what is served as `name`; None if it is none of the six."""
    # A path may end in a file, a version or a quantisation: the last part that speaks of Phi-3.
    for part in reversed(_FOLDERS.split(name.strip().casefold())):
        head = _BEGINS.match(part)
        if head:
            return _one_of_six(part[head.end() :])
    return None


def served(names: Iterable[str]) -> tuple[ServedModel, ...]:
    """Return each of `names` with what it is, the six first, each group in the server's order."""
    found = [ServedModel(name, catalog_model(name)) for name in dict.fromkeys(names)]
    return tuple(sorted(found, key=lambda one: one.model is None))


def deployments(models: Iterable[ServedModel]) -> dict[str, str]:
    """Return the name to ask for, keyed by catalog name; the first where there are several."""
    found: dict[str, str] = {}
    for one in models:
        if one.model is not None:
            found.setdefault(one.model, one.name)
    return found


def _one_of_six(rest: str) -> str | None:
    size = window = ""
    for part in filter(None, _SPLIT.split(rest)):
        if part in _SHORTEST or part in _WEIGHTS:
            named = _WEIGHTS.get(part, part)
            if size not in ("", named):
                return None
            size = named
        elif part in ("4k", "8k", "128k"):
            window = part
        elif not _PACKING.fullmatch(part):
            return None
    size = size or "mini"  # `phi3` alone, which is Ollama's mini
    return _MODELS.get((size, window or _SHORTEST[size]))
