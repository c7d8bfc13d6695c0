"""From what servers say to what it means. The wire's side of it is in tests/endpoint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground import errors
from playground.connections import Connection, Credential
from playground.error_mapping import from_body, from_response, key_of, request_id
from playground.errors import ChatError

OPEN = Connection("open", "Open", "http://127.0.0.1:1/v1")
KEYED = Connection("keyed", "Keyed", "http://127.0.0.1:1/v1", Credential("canary-0123456789"))


def test_the_key_of_a_connection() -> None:
    assert (key_of(OPEN), key_of(KEYED)) == ("", "canary-0123456789")


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("This model's maximum context length is 4096 tokens", errors.ContextTooLong),
        ("the request exceeds the available context size", errors.ContextTooLong),
        ("Your input is too long", errors.ContextTooLong),
        ("prompt has too many tokens", errors.ContextTooLong),
        ("The model `x` does not exist", errors.ModelNotServed),
        ("model 'phi3' not found, try pulling it first", errors.ModelNotServed),
        ("Unknown model: x", errors.ModelNotServed),
        ("The model is not supported", errors.ModelNotServed),
        ("triggering Azure OpenAI's content management policy", errors.ContentFiltered),
        ("temperature must be below 2", errors.BadRequest),
        ("max_tokens is too large: 9000", errors.BadRequest),
        ("the messages have an unknown role", errors.BadRequest),
        ("the model takes no system message", errors.BadRequest),
    ],
)
def test_words_decide_where_a_400_has_no_code(message: str, kind: type[ChatError]) -> None:
    assert type(from_response(400, {}, message, OPEN)) is kind


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "context_length_exceeded", errors.ContextTooLong),
        (500, "context_length_exceeded", errors.ContextTooLong),
        (400, "ContextWindowExceededError", errors.ContextTooLong),
        (404, "DeploymentNotFound", errors.ModelNotServed),
        (500, "model_not_found", errors.ModelNotServed),
        (400, "ResponsibleAIPolicyViolation", errors.ContentFiltered),
        (400, "rate_limit_exceeded", errors.RateLimited),
        (400, "invalid_api_key", errors.AuthenticationFailed),
        (401, "model_not_found", errors.AuthenticationFailed),
        (410, "unknown_model", errors.ModelRetired),
        (429, "context_length_exceeded", errors.RateLimited),
        (429, "insufficient_quota", errors.AccessDenied),
        (500, "something", errors.ServerFailed),
        (418, "something", errors.BadRequest),
    ],
)
def test_codes_decide_unless_the_status_is_clear(
    status: int, code: str, kind: type[ChatError]
) -> None:
    body = f'{{"error": {{"code": "{code}", "message": "m"}}}}'
    assert type(from_response(status, {}, body, OPEN)) is kind


@pytest.mark.parametrize(
    ("status", "message", "connection", "said"),
    [
        (401, "", OPEN, "this connection has none"),
        (401, "", KEYED, "did not accept the key"),
        (402, "", KEYED, "budget or quota"),
        (403, "your budget is spent", KEYED, "budget or quota"),
        (403, "no access", KEYED, "does not let it use this model"),
        (404, "Not Found", OPEN, "nothing at this address"),
        (404, "model x not found", OPEN, "does not serve a model"),
        (405, "", OPEN, "takes no chat requests at this address"),
        (400, "", OPEN, "does not take the request as it is"),
        (429, "Please wait 46 seconds", OPEN, "no more requests for 46 seconds"),
        (429, "", OPEN, "no more requests for now"),
        (503, "Loading model", OPEN, "still loading the model"),
        (503, "", OPEN, "error of its own"),
        (204, "", OPEN, "status 204 instead of a stream"),
        (307, "", OPEN, "on to another address"),
    ],
)
def test_sentences_say_more_where_more_is_known(
    status: int, message: str, connection: Connection, said: str
) -> None:
    assert said in from_response(status, {}, message, connection).happened


def test_an_error_in_a_stream_has_no_status_of_its_own() -> None:
    error = from_body({"error": {"message": "boom"}}, OPEN)
    assert type(error) is errors.ServerFailed
    assert error.status is None
    assert "middle of its answer" in error.happened


def test_an_error_in_a_stream_may_bring_a_status() -> None:
    error = from_body({"error": {"message": "Please wait 5 seconds", "code": 429}}, OPEN)
    assert type(error) is errors.RateLimited
    assert (error.status, error.retry_after) == (429, 5)


def test_what_speaks_of_no_error_is_none() -> None:
    assert from_body({"choices": []}, OPEN) is None


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, None),
        ({"x-request-id": "a", "apim-request-id": "b"}, "a"),
        ({"x-request-id": "", "cf-ray": "c"}, "c"),
        ({"x-ms-request-id": "<b>x\x00</b>"}, "x"),
        ({"x-request-id": "canary-0123456789"}, "•••"),
        ({"x-request-id": "x" * 500}, "x" * 99 + "…"),
    ],
)
def test_the_request_id(headers: dict[str, str], found: str | None) -> None:
    assert request_id(headers, KEYED) == found


@given(st.integers(100, 999), st.text(), st.sampled_from([OPEN, KEYED]))
def test_any_answer_is_an_error_with_advice(status: int, body: str, connection: Connection) -> None:
    error = from_response(status, {}, body, connection)
    assert error.happened.endswith(".")
    assert error.advice.endswith((".", "/v1."))
    assert error.status == status
    assert len(error.detail) <= 300
