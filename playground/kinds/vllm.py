"""vLLM's server (https://docs.vllm.ai, read in copies of November 2026)."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import NO_FILTER, KeyUse, KindFacts

FACTS = KindFacts(
    kind=Kind.VLLM,
    label="vLLM",
    summary="For an NVIDIA GPU and many users at once; the one way for Phi-3-small.",
    endpoint="http://127.0.0.1:8000/v1",
    guide="vllm",
    key=KeyUse.OPTIONAL,
    port=8000,
    usual_names={
        "Phi-3-mini-4k-instruct": "microsoft/Phi-3-mini-4k-instruct",
        "Phi-3-mini-128k-instruct": "microsoft/Phi-3-mini-128k-instruct",
        "Phi-3-small-8k-instruct": "microsoft/Phi-3-small-8k-instruct",
        "Phi-3-small-128k-instruct": "microsoft/Phi-3-small-128k-instruct",
        "Phi-3-medium-4k-instruct": "microsoft/Phi-3-medium-4k-instruct",
        "Phi-3-medium-128k-instruct": "microsoft/Phi-3-medium-128k-instruct",
    },
    filtering=NO_FILTER,
    hints=(
        (
            "It serves the model under its Hugging Face name unless `--served-model-name` says "
            "otherwise."
        ),
        "Phi-3-small needs vLLM v0.9.2 or older, and `--trust-remote-code`.",
        "`--max-model-len` is the window: state it as `context_limit`.",
    ),
    quirks=(
        (
            "The window and max tokens are added up: a request that could run over is refused, and not "
            "cut."
        ),
    ),
)
