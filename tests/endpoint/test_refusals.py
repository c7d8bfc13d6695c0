"""Answers that are no 200: what the protocol's servers say when they refuse, over a real socket."""

from __future__ import annotations

import json

import pytest

from playground import errors
from playground.errors import ChatError
from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import (
    CLEAN,
    PATIENCE,
    FaultServer,
    Peer,
    Script,
    answering,
    chunked,
    head,
    streaming,
)


def refusing(status: int, body: object, *headers: str, kind: str = "application/json") -> Script:
    text = body if isinstance(body, str) else json.dumps(body)
    return answering(text, kind, f"{status} Refused", headers)


#: The rows of the protocol's refusals: status, body, error, code, and words its detail must have.
ROWS = {
    "wrong-key": (
        401,
        {"error": {"code": "unauthorized", "message": "Bad credentials"}},
        errors.AuthenticationFailed,
        "unauthorized",
        "Bad credentials",
    ),
    "no-access": (
        403,
        {"error": {"code": "no_access", "message": "No access to model: phi"}},
        errors.AccessDenied,
        "no_access",
        "No access to model: phi",
    ),
    "budget": (
        403,
        {"error": {"message": "The budget of this organisation is spent."}},
        errors.AccessDenied,
        None,
        "budget",
    ),
    "wrong-key-403": (
        403,
        {"detail": {"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}},
        errors.AuthenticationFailed,
        "invalid_api_key",
        "Incorrect API key",
    ),
    "unknown-model-400": (
        400,
        {"error": {"code": "unknown_model", "message": "Unknown model: phi"}},
        errors.ModelNotServed,
        "unknown_model",
        "Unknown model: phi",
    ),
    "unknown-model-404": (
        404,
        {"error": {"code": "unknown_model", "message": "Unknown model: phi"}},
        errors.ModelNotServed,
        "unknown_model",
        "Unknown model: phi",
    ),
    "brownout": (
        410,
        {
            "error": {
                "code": "github_models_retirement_brownout",
                "message": "GitHub Models is temporarily unavailable",
            }
        },
        errors.ModelRetired,
        "github_models_retirement_brownout",
        "temporarily unavailable",
    ),
    "body-too-large": (
        413,
        {
            "error": {
                "code": "tokens_limit_reached",
                "message": "Request body too large for phi. Max size: 8000 tokens.",
            }
        },
        errors.ContextTooLong,
        "tokens_limit_reached",
        "8000 tokens",
    ),
    "context-length": (
        400,
        {"error": {"code": "context_length_exceeded", "message": "Too long"}},
        errors.ContextTooLong,
        "context_length_exceeded",
        "Too long",
    ),
    "context-vllm": (
        400,
        {
            "object": "error",
            "message": "This model's maximum context length is 4096 tokens. However, you requested "
            "5000 tokens. Please reduce the length of the messages.",
            "type": "BadRequestError",
            "code": 400,
        },
        errors.ContextTooLong,
        "BadRequestError",
        "4096 tokens",
    ),
    "context-llama.cpp": (
        400,
        {
            "error": {
                "code": 400,
                "message": "the request exceeds the available context size, try increasing it",
                "type": "exceed_context_size_error",
                "n_ctx": 256,
            }
        },
        errors.ContextTooLong,
        "exceed_context_size_error",
        "context size",
    ),
    "filtered": (
        400,
        {
            "error": {
                "code": "content_filter",
                "message": "The response was filtered",
                "innererror": {
                    "code": "ResponsibleAIPolicyViolation",
                    "content_filter_result": {
                        "hate": {"filtered": False, "severity": "safe"},
                        "violence": {"filtered": True, "severity": "medium"},
                        "jailbreak": {"filtered": True, "detected": True},
                    },
                },
            }
        },
        errors.ContentFiltered,
        "content_filter",
        "violence (medium), jailbreak. The response was filtered",
    ),
    "minute-limit": (
        429,
        {
            "error": {
                "code": "RateLimitReached",
                "message": "Rate limit of 15 per 60s exceeded for UserByModelByMinute. "
                "Please wait 46 seconds before retrying.",
            }
        },
        errors.RateLimited,
        "RateLimitReached",
        "Please wait 46 seconds",
    ),
    "quota": (
        429,
        {"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}},
        errors.AccessDenied,
        "insufficient_quota",
        "quota",
    ),
    "fastapi": (
        422,
        {"detail": [{"loc": ["body", "temperature"], "msg": "must be at most 2"}]},
        errors.BadRequest,
        None,
        "temperature: must be at most 2",
    ),
    "fastapi-no-such-path": (
        404,
        {"detail": "Not Found"},
        errors.ModelNotServed,
        None,
        "Not Found",
    ),
    "ollama-no-model": (
        404,
        {"error": {"message": "model 'phi' not found, try pulling it first", "type": "api_error"}},
        errors.ModelNotServed,
        "api_error",
        "try pulling it",
    ),
    "vllm-no-model": (
        404,
        {"object": "error", "message": "The model `phi` does not exist.", "code": 404},
        errors.ModelNotServed,
        None,
        "does not exist",
    ),
    "plain-error": (400, {"error": "no good"}, errors.BadRequest, None, "no good"),
    "plain-message": (400, {"message": "no good"}, errors.BadRequest, None, "no good"),
    "loading": (
        503,
        {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}},
        errors.ServerFailed,
        "unavailable_error",
        "Loading model",
    ),
    "text": (500, "it broke", errors.ServerFailed, None, "it broke"),
    "html": (
        502,
        "<html><head><title>502 Bad Gateway</title></head><body><h1>Oh</h1></body></html>",
        errors.ServerFailed,
        None,
        "502 Bad Gateway Oh",
    ),
    "empty": (500, "", errors.ServerFailed, None, ""),
    "timeout": (408, "", errors.ServerFailed, None, ""),
}


@pytest.mark.parametrize(("status", "body", "kind", "code", "words"), ROWS.values(), ids=ROWS)
def test_what_a_refusal_means(
    ask: Asker,
    server: FaultServer,
    status: int,
    body: object,
    kind: type[ChatError],
    code: str | None,
    words: str,
) -> None:
    server.script(refusing(status, body, "x-request-id: req-1"))
    got = ask()
    error = got.raised()
    assert type(error) is kind
    assert (error.status, error.code, error.request_id) == (status, code, "req-1")
    assert words in error.detail
    assert error.happened
    assert error.advice
    assert got.events == []
    assert len(server.requests) == 1, "the SDK does not retry by itself"


#: None of them says anything that could decide against the status.
BODIES: list[object] = [
    {"error": {"code": "x", "message": "m"}},
    "<html>\x00<script>alert(1)</script></html>",
    {"error": {"code": 999}},
    {"error": None, "detail": {"error": {"message": "m"}}},
    "text",
    "",
    '{"error": ',
    "[" * 5_000,
    [],
    [{"error": {"message": "m"}}],
    "null",
]


@pytest.mark.parametrize("status", range(400, 600))
def test_every_status_is_mapped_whatever_the_body(
    ask: Asker, server: FaultServer, status: int
) -> None:
    """Two bodies for all, and two others in turn; the statuses of the table get all of them."""
    others = BODIES[2:] if status in {row[0] for row in ROWS.values()} else _turn(status)
    kinds = set()
    for body in (*BODIES[:2], *others):
        server.script(refusing(status, body))
        error = ask().raised()
        kinds.add(type(error))
        assert error.status == status
        assert "<" not in error.detail
    assert len(kinds) == 1
    assert issubclass(kinds.pop(), errors.Refused)


def _turn(status: int) -> list[object]:
    rest = BODIES[2:]
    return [rest[status % len(rest)], rest[(status + 4) % len(rest)]]


@pytest.mark.parametrize("status", [201, 202, 204, 206])
def test_another_success_is_no_stream(ask: Asker, server: FaultServer, status: int) -> None:
    server.script(refusing(status, "" if status == 204 else "fine"))
    error = ask().raised()
    assert type(error) is errors.ProtocolError
    assert str(status) in error.happened


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(ask: Asker, server: FaultServer, status: int) -> None:
    with FaultServer() as other:
        server.script(refusing(status, "", f"Location: {other.url}/elsewhere"))
        error = ask().raised()
        assert type(error) is errors.ProtocolError
        assert f"127.0.0.1:{other.port}" in error.happened
        assert other.peers == []


def test_a_redirect_to_nowhere_is_an_error(ask: Asker, server: FaultServer) -> None:
    server.script(refusing(307, ""))
    assert "another address" in ask().raised().happened


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (["Retry-After: 7"], 7),
        (["Retry-After: 0"], 0),
        (["retry-after-ms: 1500", "Retry-After: 2"], 1.5),
        (["x-ratelimit-timeremaining: 52220"], 52220),
        (["Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"], 0),
        (["Retry-After: soon"], 46),
        ([], 46),
    ],
)
def test_the_time_to_wait(
    ask: Asker, server: FaultServer, headers: list[str], seconds: float
) -> None:
    server.script(refusing(429, {"error": {"message": "Please wait 46 seconds."}}, *headers))
    assert ask().raised().retry_after == seconds


def test_a_long_wait_is_told_in_hours(ask: Asker, server: FaultServer) -> None:
    server.script(refusing(429, "", "Retry-After: 52220"))
    assert "14 hours 30 minutes" in ask().raised().happened


def test_without_a_key_a_401_says_that_one_is_needed(ask: Asker, server: FaultServer) -> None:
    ask.connect(credential=None)
    server.script(refusing(401, ""))
    assert "has none" in ask().raised().happened


def test_an_error_body_that_never_ends_does_not_hold_anyone(
    ask: Asker, server: FaultServer
) -> None:
    def script(peer: Peer) -> None:
        peer.send(head("429 Too Many Requests") + chunked(b"x" * 70_000))
        peer.wait_gone()

    server.script(script)
    assert type(ask().raised()) is errors.RateLimited
    assert server.peers[0].gone.wait(PATIENCE)


def test_an_error_body_that_breaks_off_is_taken_as_far_as_it_came(
    ask: Asker, server: FaultServer
) -> None:
    def script(peer: Peer) -> None:
        peer.send(head("500 Oh") + chunked(b"it broke"))
        peer.close()

    server.script(script)
    error = ask().raised()
    assert (type(error), error.detail) == (errors.ServerFailed, "it broke")


def test_a_refusal_sent_before_the_request_was_read_is_seen(
    ask: Asker, server: FaultServer
) -> None:
    server.script(refusing(413, {"error": {"message": "too large"}}, "Connection: close"))
    assert type(ask().raised()) is errors.ContextTooLong


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "Unrecognized request argument supplied: stream_options"}},
        {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]},
        "unknown field include_usage",
    ],
)
def test_a_server_that_refuses_stream_options_is_asked_without_them_from_then_on(
    ask: Asker, server: FaultServer, status: int, body: object
) -> None:
    server.script(refusing(status, body), streaming(CLEAN), streaming(CLEAN))
    assert ask().text == "Hello"
    assert ask().text == "Hello"
    asked = ["stream_options" in r.json for r in server.requests]
    assert asked == [True, False, False]
    assert "extra-parameters" not in server.requests[1].headers


def test_another_400_is_not_asked_again(ask: Asker, server: FaultServer) -> None:
    server.script(refusing(400, {"error": {"message": "top_p is odd"}}))
    assert type(ask().raised()) is errors.BadRequest
    assert len(server.requests) == 1
