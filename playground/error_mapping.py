"""From HTTP statuses and error bodies to the errors of `playground.errors`.

Status, code and words decide which error it is; the codes are those of GitHub Models and Azure,
OpenAI, vLLM, llama.cpp, Ollama and LiteLLM. What to say of it stands in `error_guide.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from playground import entra, errors
from playground.connections import Connection
from playground.error_guide import Case, lesson
from playground.error_text import ErrorBody, error_body, error_value, plain
from playground.errors import ChatError
from playground.rate_limits import RateLimit, rate_limits
from playground.waits import retry_after, spell_seconds, spoken_wait

#: Headers in which servers and gateways give the id of a request, the commonest first.
REQUEST_ID_HEADERS = (
    "x-request-id",
    "apim-request-id",
    "x-ms-request-id",
    "request-id",
    "x-github-request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "cf-ray",
)
#: Statuses of servers that may well answer when asked again.
PASSING_STATUSES = frozenset({408, 429}) | frozenset(range(500, 600))

#: What these statuses mean, whatever the body says.
_BY_STATUS: dict[int, type[ChatError]] = {
    401: errors.AuthenticationFailed,
    402: errors.AccessDenied,
    403: errors.AccessDenied,
    410: errors.ModelRetired,
    413: errors.ContextTooLong,
    429: errors.RateLimited,
}
#: What these codes mean at any other status.
_BY_CODE: dict[str, type[ChatError]] = {
    "content_filter": errors.ContentFiltered,
    "responsibleaipolicyviolation": errors.ContentFiltered,
    "content_policy_violation": errors.ContentFiltered,
    "tokens_limit_reached": errors.ContextTooLong,
    "context_length_exceeded": errors.ContextTooLong,
    "exceed_context_size_error": errors.ContextTooLong,
    "contextwindowexceedederror": errors.ContextTooLong,
    "unknown_model": errors.ModelNotServed,
    "model_not_found": errors.ModelNotServed,
    "modelnotfound": errors.ModelNotServed,
    "deploymentnotfound": errors.ModelNotServed,
    "ratelimitreached": errors.RateLimited,
    "rate_limit_exceeded": errors.RateLimited,
    "rate_limit_error": errors.RateLimited,
    "too_many_requests": errors.RateLimited,
    "unauthorized": errors.AuthenticationFailed,
    "invalid_api_key": errors.AuthenticationFailed,
    # LiteLLM without a database, for every key but its master key.
    "no_db_connection": errors.AuthenticationFailed,
    "no_access": errors.AccessDenied,
    "insufficient_quota": errors.AccessDenied,
}
#: What these words mean where neither status nor code says more.
_BY_WORDS: tuple[tuple[re.Pattern[str], type[ChatError]], ...] = (
    (
        re.compile(r"content management policy|content filter|responsible ai", re.IGNORECASE),
        errors.ContentFiltered,
    ),
    (
        re.compile(
            r"context[ _](length|window|size)|maximum context|reduce the length"
            r"|(prompt|input|request|messages?)\b.{0,40}\btoo (long|large|many tokens)"
            r"|too many (input )?tokens",
            re.IGNORECASE,
        ),
        errors.ContextTooLong,
    ),
    (
        re.compile(
            r"(unknown|unsupported|no such) model|invalid model name"
            r"|model\b.{0,120}\bnot (found|exist|loaded|(being )?served|available|supported)",
            re.IGNORECASE,
        ),
        errors.ModelNotServed,
    ),
)


def key_of(connection: Connection) -> str:
    """Return the key of `connection`, or its token of Entra ID; empty if it has neither."""
    if connection.entra_scope:
        return entra.last_token(connection.entra_scope)
    return connection.credential.key if connection.credential else ""


def request_id(headers: Mapping[str, str], connection: Connection) -> str | None:
    """Return the id under which the server's operator can find the request."""
    found = next((headers[name] for name in REQUEST_ID_HEADERS if headers.get(name)), "")
    return plain(found, key_of(connection), 100) or None


def from_response(
    status: int, headers: Mapping[str, str], body: str, connection: Connection
) -> ChatError:
    """Return what an answer that is no 200 means. `headers` ignores case."""
    said = error_body(body)
    error = _refusal(status, said, connection, retry_after(headers, said.message), headers)
    if 300 <= status < 400:
        host = plain(urlsplit(headers.get("location") or "").netloc, key_of(connection), 100)
        error.happened = (
            f"The server sends requests on to {host or 'another address'}. This is not followed, "
            "since the key would go along."
        )
        error.detail = ""
    error.request_id = request_id(headers, connection)
    return error


def from_body(data: Any, connection: Connection) -> ChatError | None:
    """Return what `data`, found where an answer should be, says of an error; None if nothing."""
    said = error_value(data)
    if said is None:
        return None
    return _refusal(said.status, said, connection, spoken_wait(said.message), {})


def _refusal(
    status: int | None,
    said: ErrorBody,
    connection: Connection,
    wait: float | None,
    headers: Mapping[str, str],
) -> ChatError:
    key = key_of(connection)
    message = plain(said.message, key, 2_000)
    found = f"{', '.join(said.filters)}. " if said.filters else ""
    code = plain(said.code, key, 60)
    kind = _kind(status, said.code.casefold(), message)
    case = Case(
        connection.kind,
        kind.__name__,
        status,
        code,
        found + message,
        connection.authenticates,
        connection.typed,
    )
    taught = lesson(case)
    kind = taught.becomes or kind
    limits = rate_limits(headers, message) if issubclass(kind, errors.RateLimited) else ()
    error = kind(
        taught.happened or _happened(kind, status, limits, wait),
        advice=taught.advice,
        detail=plain(found + message, key),
        status=status,
        code=code or None,
        retry_after=wait,
    )
    error.limits = limits
    return error


def _kind(status: int | None, code: str, message: str) -> type[ChatError]:
    if status == 429 and code == "insufficient_quota":
        return errors.AccessDenied  # waiting does not help
    if status == 403 and _BY_CODE.get(code) is errors.AuthenticationFailed:
        return errors.AuthenticationFailed  # LM-Proxy's status for a wrong key
    if status is not None and status < 400:
        return errors.ProtocolError
    kind = _BY_STATUS.get(status or 0) or _BY_CODE.get(code)
    if kind is not None:
        return kind
    if status == 408 or (status is not None and status >= 500):
        return errors.ServerFailed
    for words, kind in _BY_WORDS:
        if words.search(message):
            return kind
    if status == 404:
        return errors.ModelNotServed
    return errors.ServerFailed if status is None else errors.BadRequest


def _happened(
    kind: type[ChatError], status: int | None, limits: tuple[RateLimit, ...], wait: float | None
) -> str:
    """Return what happened, where figures say more than the class does; else nothing."""
    if kind is errors.RateLimited:
        spent = next((limit for limit in limits if limit.limit and limit.words), None)
        told = f"The server's limit of {_limit_words(spent)} is reached. " if spent else ""
        if wait:
            return f"{told}The server takes no more requests for {spell_seconds(wait)}."
        return told.strip()
    if kind is errors.ServerFailed and status is None:
        return "The server reported an error in the middle of its answer."
    if kind is errors.ProtocolError:
        return f"The server answered with status {status} instead of a stream."
    return ""


def _limit_words(limit: RateLimit) -> str:
    return replace(limit, remaining=None).words
