"""Replies of servers that cannot run in a test, in the shapes that their documentation shows.

None of these was recorded from a server by this project: each is the documented or publicly reported
shape, with its source; `docs/servers.md` says so too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground.connections import Kind

MINI_4K, MINI_128K = "Phi-3-mini-4k-instruct", "Phi-3-mini-128k-instruct"
MEDIUM_4K = "Phi-3-medium-4k-instruct"


@dataclass(frozen=True)
class RecordedList:
    """A list of models, and what has to be made of it. `source` says where the shape is shown."""

    source: str
    kind: Kind
    body: Any
    deployments: dict[str, str]
    context_limit: int | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class RecordedStream:
    """The chunks of a streamed answer, and the lines around them. The text is always "Hello"."""

    source: str
    kind: Kind
    chunks: tuple[dict[str, Any], ...]
    usage: tuple[int, int] | None
    model: str
    before: tuple[bytes, ...] = field(default=())


def _entry(name: str, owner: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 1_764_000_000, "owned_by": owner, **more}


def _list(*entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"object": "list", "data": list(entries), **more}


LISTS = {
    "ollama": RecordedList(
        "docs.ollama.com/api/openai-compatibility, /v1/models",
        Kind.OLLAMA,
        _list(
            _entry("phi3:mini", "library"),
            _entry("phi3:14b-medium-4k-instruct-q4_0", "library"),
            _entry("llama3.2:3b", "library"),
        ),
        {MINI_4K: "phi3:mini", MEDIUM_4K: "phi3:14b-medium-4k-instruct-q4_0"},
    ),
    "lm-studio": RecordedList(
        "lmstudio.ai/docs/app/api/endpoints/openai, /v1/models",
        Kind.LM_STUDIO,
        _list(
            _entry("phi-3-mini-4k-instruct", "organization_owner"),
            _entry("text-embedding-nomic-embed-text-v1.5", "organization_owner"),
        ),
        {MINI_4K: "phi-3-mini-4k-instruct"},
    ),
    "vllm": RecordedList(
        "docs.vllm.ai, serving/openai_compatible_server, /v1/models",
        Kind.VLLM,
        _list(
            _entry(
                "microsoft/Phi-3-mini-128k-instruct",
                "vllm",
                root="microsoft/Phi-3-mini-128k-instruct",
                parent=None,
                max_model_len=16_384,
                permission=[{"id": "modelperm-1", "object": "model_permission"}],
            )
        ),
        {MINI_128K: "microsoft/Phi-3-mini-128k-instruct"},
        16_384,
        ("server: uvicorn",),
    ),
    "foundry-local-at-another-port": RecordedList(
        "learn.microsoft.com/azure/ai-foundry/foundry-local, REST reference, /v1/models",
        # At a port that is not its own nothing gives it away; the names are understood all the same.
        Kind.CHAT_COMPLETIONS,
        _list(_entry("Phi-3-mini-4k-instruct-generic-cpu:2", "Microsoft", maxInputTokens=4224)),
        {MINI_4K: "Phi-3-mini-4k-instruct-generic-cpu:2"},
        4224,
    ),
    "llama.cpp-of-2024": RecordedList(
        "github.com/ggml-org/llama.cpp tools/server/README.md, /v1/models",
        Kind.LLAMA_CPP,
        _list(
            _entry(
                "../models/Phi-3-mini-4k-instruct-q4.gguf",
                "llamacpp",
                meta={"n_ctx_train": 4096, "n_params": 3_821_079_552},
            )
        ),
        {MINI_4K: "../models/Phi-3-mini-4k-instruct-q4.gguf"},
    ),
}


def _chunk(model: str, delta: dict[str, Any], **more: Any) -> dict[str, Any]:
    finish = more.pop("finish_reason", None)
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_764_000_000,
        "model": model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        **more,
    }


def _usage(model: str, prompt: int, completion: int, **more: Any) -> dict[str, Any]:
    counts = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    return {**_chunk(model, {}), "choices": [], "usage": counts, **more}


_AZURE_FILTER = {
    name: {"filtered": False, "severity": "safe"}
    for name in ("hate", "self_harm", "sexual", "violence")
}

STREAMS = {
    "ollama": RecordedStream(
        "docs.ollama.com/api/openai-compatibility; every chunk carries the role",
        Kind.OLLAMA,
        (
            _chunk(
                "phi3:mini", {"role": "assistant", "content": "Hel"}, system_fingerprint="fp_ollama"
            ),
            _chunk(
                "phi3:mini", {"role": "assistant", "content": "lo"}, system_fingerprint="fp_ollama"
            ),
            _chunk("phi3:mini", {"role": "assistant", "content": ""}, finish_reason="stop"),
            _usage("phi3:mini", 12, 2),
        ),
        (12, 2),
        "phi3:mini",
    ),
    "lm-studio": RecordedStream(
        "lmstudio.ai/docs/app/api/endpoints/openai, streaming with include_usage",
        Kind.LM_STUDIO,
        (
            _chunk(
                "phi-3-mini-4k-instruct", {"role": "assistant", "content": "Hel"}, logprobs=None
            ),
            _chunk("phi-3-mini-4k-instruct", {"content": "lo"}),
            _chunk("phi-3-mini-4k-instruct", {}, finish_reason="stop"),
            _usage("phi-3-mini-4k-instruct", 12, 2),
        ),
        (12, 2),
        "phi-3-mini-4k-instruct",
    ),
    "vllm": RecordedStream(
        "docs.vllm.ai, serving/openai_compatible_server; the first chunk is empty, and usage stands as null in each",
        Kind.VLLM,
        (
            _chunk(
                "microsoft/Phi-3-mini-4k-instruct",
                {"role": "assistant", "content": "", "reasoning_content": None},
                usage=None,
            ),
            _chunk("microsoft/Phi-3-mini-4k-instruct", {"content": "Hello"}, usage=None),
            _chunk(
                "microsoft/Phi-3-mini-4k-instruct",
                {"content": ""},
                finish_reason="stop",
                usage=None,
            ),
            _usage("microsoft/Phi-3-mini-4k-instruct", 12, 2, prompt_tokens_details=None),
        ),
        (12, 2),
        "microsoft/Phi-3-mini-4k-instruct",
    ),
    "foundry-local": RecordedStream(
        "learn.microsoft.com/azure/ai-foundry/foundry-local, REST reference; each chunk carries the "
        "piece as delta and as message",
        Kind.FOUNDRY_LOCAL,
        tuple(
            _chunk(
                "Phi-3-mini-4k-instruct-generic-cpu",
                {"role": "assistant", "content": text, "tool_calls": []},
                finish_reason=finish,
                IsDelta=True,
                Successful=True,
                error=None,
                HttpStatusCode=0,
            )
            for text, finish in (("Hel", None), ("lo", None), ("", "stop"))
        ),
        None,
        "Phi-3-mini-4k-instruct-generic-cpu",
    ),
    "azure": RecordedStream(
        "learn.microsoft.com/azure/ai-services/openai/concepts/content-streaming; the verdict on the "
        "prompt comes first, without choices",
        Kind.AZURE_AI,
        (
            {
                "id": "",
                "object": "",
                "created": 0,
                "model": "",
                "choices": [],
                "prompt_filter_results": [
                    {"prompt_index": 0, "content_filter_results": _AZURE_FILTER}
                ],
            },
            _chunk("Phi-3-mini-4k-instruct", {"role": "assistant", "content": ""}),
            {
                **_chunk("Phi-3-mini-4k-instruct", {}),
                "choices": [
                    {
                        "index": 0,
                        "delta": {"content": "Hello"},
                        "finish_reason": None,
                        "content_filter_results": _AZURE_FILTER,
                    }
                ],
            },
            _chunk("Phi-3-mini-4k-instruct", {}, finish_reason="stop"),
            _usage("Phi-3-mini-4k-instruct", 12, 2),
        ),
        (12, 2),
        "Phi-3-mini-4k-instruct",
    ),
}
