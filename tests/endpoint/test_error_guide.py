"""Every row of the table of errors, through the real SDK: what a server says, and what is taught."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from playground import error_guide, errors
from playground.connections import Kind
from playground.error_guide import Case, Row, guide_section, load_guide, row_for
from playground.errors import ChatError
from playground.kinds import KINDS
from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import FaultServer, answering
from tests.support.environment import ROOT
from tests.support.processes import free_port


@dataclass
class Example:
    """What a server of `kind` answers, what error it is, and words that must be said."""

    status: int
    body: object
    error: type[ChatError]
    words: str
    kind: Kind = Kind.CHAT_COMPLETIONS
    key: bool = True
    typed: bool = False
    guide: str = "any-other-server"
    headers: tuple[str, ...] = field(default=())


def openai(message: str, code: object = None, kind: str = "") -> dict[str, object]:
    """Return an error as OpenAI's API and its imitators write it."""
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def vllm(message: str, status: int = 400) -> dict[str, object]:
    return {"object": "error", "message": message, "type": "BadRequestError", "code": status}


WINDOW = (
    "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4000 "
    "in the messages, 1000 in the completion). Please reduce the length of the messages or "
    "completion."
)
OVERFLOW = (
    "Trying to keep the first 6547 tokens when context the overflows. However, the model is loaded "
    "with context length of only 4096 tokens, which is not enough. Try to load the model with a "
    "larger context length, or provide a shorter input"
)
AUDIENCE = (
    "Unauthorized. Access token is missing, invalid, audience is incorrect "
    "(https://cognitiveservices.azure.com/ or https://ai.azure.com/), or have expired."
)
LACKS = (
    "The principal `me@example.com` lacks the required data action "
    "`Microsoft.CognitiveServices/accounts/OpenAI/responses/write` to perform `POST /x` operation."
)
FILTERED = {
    "error": {
        "code": "content_filter",
        "message": "The prompt was filtered",
        "innererror": {
            "code": "ResponsibleAIPolicyViolation",
            "content_filter_result": {
                "hate": {"filtered": False, "severity": "safe"},
                "violence": {"filtered": True, "severity": "medium"},
                "jailbreak": {"filtered": True, "detected": True},
            },
        },
    }
}

#: An answer for each row, by the row's name. Where it was seen, the row says.
EXAMPLES = {
    "litellm-wrong-key": Example(
        400,
        openai("No connected db.", "400", "no_db_connection"),
        errors.AuthenticationFailed,
        "master key",
        Kind.GATEWAY,
    ),
    "litellm-no-key": Example(
        500, "Internal Server Error", errors.ServerFailed, "has no key", Kind.GATEWAY, key=False
    ),
    "gateway-failed": Example(
        500,
        "Internal Server Error",
        errors.ServerFailed,
        "do so when they do not serve the model",
        Kind.GATEWAY,
    ),
    "litellm-alias": Example(
        400,
        openai(
            "/chat/completions: Invalid model name passed in model=Phi-3.5-nano. Call `/v1/models` "
            "to view available models for your key.",
            "400",
        ),
        errors.ModelNotServed,
        "no alias Phi-3.5-nano.",
        Kind.GATEWAY,
    ),
    "litellm-budget": Example(
        400,
        openai("Budget has been exceeded! Current cost: 0.11, Max budget: 0.1", "400"),
        errors.AccessDenied,
        "budget that the gateway gives",
        Kind.GATEWAY,
    ),
    "litellm-no-server": Example(
        429,
        openai("No deployments available for selected model, Try again in 60 seconds.", "429"),
        errors.RateLimited,
        "Every server behind the gateway",
        Kind.GATEWAY,
    ),
    "litellm-key-kind": Example(
        401,
        openai("Authentication Error, Invalid proxy server token passed. Received API Key", "401"),
        errors.AuthenticationFailed,
        "begin with sk-",
        Kind.GATEWAY,
    ),
    "azure-scope": Example(
        401,
        {"statusCode": 401, "message": AUDIENCE},
        errors.AuthenticationFailed,
        "https://cognitiveservices.azure.com/.default",
        Kind.AZURE_AI,
        guide="azure-ai-foundry",
    ),
    "azure-role": Example(
        401,
        {"error": {"code": "PermissionDenied", "message": LACKS}},
        errors.AccessDenied,
        "Cognitive Services User",
        Kind.AZURE_AI,
        guide="azure-ai-foundry",
    ),
    "azure-key": Example(
        401,
        {
            "error": {
                "code": "401",
                "message": "Access denied due to invalid subscription key or wrong API endpoint.",
            }
        },
        errors.AuthenticationFailed,
        "same resource",
        Kind.AZURE_AI,
        guide="azure-ai-foundry",
    ),
    "azure-deployment": Example(
        404,
        {
            "error": {
                "code": "DeploymentNotFound",
                "message": "The API deployment for this resource does not exist.",
            }
        },
        errors.ModelNotServed,
        "no deployment of that name",
        Kind.AZURE_AI,
        guide="azure-ai-foundry",
    ),
    "foundry-path": Example(
        404,
        {"error": {"code": "404", "message": "Resource not found"}},
        errors.ModelNotServed,
        "ends in /models",
        Kind.AZURE_AI,
        guide="azure-ai-foundry",
    ),
    "azure-ml-path": Example(
        424,
        '{"detail":"Not Found"}',
        errors.BadRequest,
        "/v1 in place of /score",
        Kind.AZURE_ML,
        guide="azure-ml",
    ),
    "azure-ml-time": Example(
        408, "", errors.ServerFailed, "request_timeout_ms", Kind.AZURE_ML, guide="azure-ml"
    ),
    "azure-ml-container": Example(
        503,
        "upstream connect error or disconnect/reset before headers",
        errors.ServerFailed,
        "get-logs",
        Kind.AZURE_ML,
        guide="azure-ml",
    ),
    "ollama-pull": Example(
        404,
        openai('model "phi3:mini" not found, try pulling it first', kind="api_error"),
        errors.ModelNotServed,
        "`ollama pull phi3:mini`",
        guide="ollama",
    ),
    "ollama-pull-short": Example(
        404,
        openai("model 'phi3:medium' not found", kind="not_found_error"),
        errors.ModelNotServed,
        "`ollama pull phi3:medium`",
        Kind.OLLAMA,
        guide="ollama",
    ),
    "ollama-memory": Example(
        500,
        openai("model requires more system memory (5.0 GiB) than is available (3.9 GiB)"),
        errors.ServerFailed,
        "wants 5.0 GiB of memory, and 3.9 GiB is free",
        Kind.OLLAMA,
        guide="ollama",
    ),
    "ollama-queue": Example(
        503,
        openai("server busy, please try again.  maximum pending requests exceeded"),
        errors.ServerFailed,
        "OLLAMA_MAX_QUEUE",
        Kind.OLLAMA,
        guide="ollama",
    ),
    "lm-studio-window": Example(
        400,
        {"error": OVERFLOW},
        errors.ContextTooLong,
        "6547 tokens is longer than the 4096",
        Kind.LM_STUDIO,
        guide="lm-studio",
    ),
    "lm-studio-load": Example(
        404,
        openai(
            "No models loaded. Please load a model in the developer page or use the `lms load` "
            "command.",
            "model_not_found",
            "invalid_request_error",
        ),
        errors.ModelNotServed,
        "has no model loaded",
        Kind.LM_STUDIO,
        guide="lm-studio",
    ),
    "llama-cpp-window": Example(
        400,
        {
            "error": {
                "code": 400,
                "message": "request (27005 tokens) exceeds the available context size (2048 "
                "tokens), try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 27005,
                "n_ctx": 2048,
            }
        },
        errors.ContextTooLong,
        "27005 tokens is longer than the server's window of 2048",
        Kind.LLAMA_CPP,
        guide="llamacpp",
    ),
    "llama-cpp-window-untold": Example(
        400,
        openai("the request exceeds the available context size", 400, "exceed_context_size_error"),
        errors.ContextTooLong,
        "--ctx-size",
        Kind.LLAMA_CPP,
        guide="llamacpp",
    ),
    "loading-503": Example(
        503,
        openai("Loading model", 503, "unavailable_error"),
        errors.ServerFailed,
        "still loading",
        Kind.LLAMA_CPP,
        guide="llamacpp",
    ),
    "llama-cpp-key": Example(
        401,
        openai("Invalid API Key", 401, "authentication_error"),
        errors.AuthenticationFailed,
        "--api-key",
        Kind.LLAMA_CPP,
        guide="llamacpp",
    ),
    "vllm-window": Example(
        400,
        vllm(WINDOW),
        errors.ContextTooLong,
        "4000 tokens of prompt and 1000 of answer are more than the window of 4096",
        Kind.VLLM,
        guide="vllm",
    ),
    "vllm-prompt": Example(
        400,
        vllm("max_tokens must be at least 1, got -186."),
        errors.ContextTooLong,
        "The prompt alone",
        Kind.VLLM,
        guide="vllm",
    ),
    "vllm-window-other": Example(
        400,
        vllm(
            "The decoder prompt (length 5000) is longer than the maximum model length of 4096. "
            "Make sure that max_model_len is no smaller; the input is too long."
        ),
        errors.ContextTooLong,
        "--max-model-len",
        Kind.VLLM,
        guide="vllm",
    ),
    "vllm-name": Example(
        404,
        {
            "object": "error",
            "message": "The model `Phi-3-mini-4k-instruct` does not exist.",
            "type": "NotFoundError",
            "param": None,
            "code": 404,
        },
        errors.ModelNotServed,
        "--served-model-name",
        Kind.VLLM,
        guide="vllm",
    ),
    "vllm-key": Example(
        401,
        {"error": "Unauthorized"},
        errors.AuthenticationFailed,
        "VLLM_API_KEY",
        Kind.VLLM,
        guide="vllm",
    ),
    "template": Example(
        400,
        vllm("System role not supported"),
        errors.BadRequest,
        "folding of the system message",
        Kind.VLLM,
        guide="vllm",
    ),
    "foundry-local-name": Example(
        404,
        openai("Model phi-3-mini-4k was not found"),
        errors.ModelNotServed,
        "foundry model load",
        Kind.FOUNDRY_LOCAL,
        guide="foundry-local",
    ),
    "github-ok": Example(
        200, "OK", errors.ProtocolError, "is retired, and answers OK", Kind.GITHUB_MODELS
    ),
    "github-brownout": Example(
        410,
        openai("GitHub Models is temporarily unavailable", "github_models_retirement_brownout"),
        errors.ModelRetired,
        "retired for good",
        Kind.GITHUB_MODELS,
    ),
    "github-no-access": Example(
        403,
        openai("No access to model: phi-3", "no_access"),
        errors.AccessDenied,
        "may not use phi-3.",
        Kind.GITHUB_MODELS,
    ),
    "unknown-model": Example(
        400,
        openai("Unknown model: phi-3", "unknown_model"),
        errors.ModelNotServed,
        "no model called phi-3.",
        Kind.GITHUB_MODELS,
    ),
    "body-too-large": Example(
        413,
        openai("Request body too large for phi-3. Max size: 8000 tokens.", "tokens_limit_reached"),
        errors.ContextTooLong,
        "context_limit = 8000",
        Kind.GITHUB_MODELS,
    ),
    "no-key": Example(
        401,
        openai("Bad credentials", "unauthorized"),
        errors.AuthenticationFailed,
        "this connection has none",
        key=False,
    ),
    "typed-no-key": Example(
        401,
        openai("Bad credentials", "unauthorized"),
        errors.AuthenticationFailed,
        "Give it one on the Connections page",
        key=False,
        typed=True,
    ),
    "typed-key": Example(
        403,
        {"detail": openai("Incorrect API key provided", "invalid_api_key")},
        errors.AuthenticationFailed,
        "Correct the key of this connection on the Connections page",
        Kind.GATEWAY,
        typed=True,
    ),
    "spent-status": Example(
        429,
        openai("You exceeded your current plan", "insufficient_quota"),
        errors.AccessDenied,
        "quota behind this key is spent",
    ),
    "spent-words": Example(
        403,
        openai("The spending limit of this organisation is reached"),
        errors.AccessDenied,
        "budget or quota",
    ),
    "filtered": Example(
        400,
        FILTERED,
        errors.ContentFiltered,
        "refused this prompt: violence (medium), jailbreak.",
        Kind.AZURE_AI,
        guide="azure-ai-foundry",
    ),
    "wrong-path": Example(404, "Not Found", errors.ModelNotServed, "nothing at this address"),
    "no-post": Example(405, "", errors.BadRequest, "takes no chat requests"),
    "loading": Example(500, "the weights are loading", errors.ServerFailed, "still loading"),
}
#: Rows for servers that are not there at all.
STOPPED = {
    "ollama-start": (Kind.OLLAMA, "ollama serve"),
    "lm-studio-start": (Kind.LM_STUDIO, "lms server start"),
    "llama-cpp-start": (Kind.LLAMA_CPP, "llama-server"),
    "vllm-start": (Kind.VLLM, "Application startup complete"),
    "foundry-local-start": (Kind.FOUNDRY_LOCAL, "foundry server start"),
}


@pytest.fixture
def rows_used(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the rows that were looked up, in order."""
    used: list[str] = []

    def noted(case: Case) -> Row | None:
        row = row_for(case)
        used.append(row.name if row else "")
        return row

    monkeypatch.setattr(error_guide, "row_for", noted)
    return used


def test_every_row_has_an_example() -> None:
    assert [row.name for row in load_guide()] == sorted(
        EXAMPLES.keys() | STOPPED.keys(), key=[row.name for row in load_guide()].index
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_server_says_is_explained(
    ask: Asker, server: FaultServer, rows_used: list[str], name: str
) -> None:
    example = EXAMPLES[name]
    keyless = {} if example.key else {"credential": None}
    ask.connect(kind=example.kind, typed=example.typed, **keyless)
    body = example.body if isinstance(example.body, str) else json.dumps(example.body)
    kind = "text/plain" if isinstance(example.body, str) else "application/json"
    server.script(answering(body, kind, f"{example.status} Told", example.headers))
    error = ask().raised()
    assert rows_used[0] == name
    assert type(error) is example.error
    assert example.words in f"{error.happened} {error.advice}"
    assert error.advice
    assert "{" not in error.happened + error.advice, "every place is filled"
    assert error.status in (example.status, None)
    assert guide_section(error, ask.connection) == example.guide


@pytest.mark.parametrize("name", STOPPED)
def test_a_server_that_is_not_there_is_explained(rows_used: list[str], name: str) -> None:
    kind, words = STOPPED[name]
    with Asker(f"http://127.0.0.1:{free_port()}/v1", kind=kind) as ask:
        error = ask().raised()
    assert rows_used == [name]
    assert isinstance(error, errors.EndpointUnreachable)
    assert words in error.advice
    assert "Nothing listens" in error.happened


def test_each_section_that_is_linked_exists() -> None:
    """Anchors as GitHub and the page make them: lower case, spaces to dashes, the rest dropped."""
    guide = (ROOT / "docs" / "connections.md").read_text(encoding="utf-8")
    titles = [line[3:] for line in guide.splitlines() if line.startswith("## ")]
    anchors = {
        "".join(c for c in title.lower().replace(" ", "-") if c.isalnum() or c in "-_")
        for title in titles
    }
    linked = {row.guide for row in load_guide()} | {kind.guide for kind in KINDS}
    assert linked - {""} <= anchors


def test_a_row_for_words_of_a_server_says_where_they_were_seen() -> None:
    for row in load_guide():
        own = row.name in STOPPED or row.error or row.name == "no-post"
        assert row.source or own, row.name
