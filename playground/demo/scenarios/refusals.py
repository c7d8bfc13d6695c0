"""Scenarios in which the server refuses, in the words of servers that do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playground.demo.answers import Answer, Drop, HangUp, Refusal, Script
from playground.demo.context import window_exceeded
from playground.demo.scenarios.scenario import Call, Scenario

_SAFE = {"filtered": False, "severity": "safe"}

#: What Azure adds to the error of a filtered prompt.
_FILTER_RESULT: dict[str, Any] = {
    "type": None,
    "param": "prompt",
    "status": 400,
    "innererror": {
        "code": "ResponsibleAIPolicyViolation",
        "content_filter_result": {
            "hate": _SAFE,
            "jailbreak": {"filtered": False, "detected": False},
            "self_harm": _SAFE,
            "sexual": _SAFE,
            "violence": {"filtered": True, "severity": "medium"},
        },
    },
}


def _refuse(status: int, code: str | None, message: str) -> Callable[[Call], Answer]:
    """Return a scenario's function; `{model}` in the message becomes the asked name."""

    def run(call: Call) -> Answer:
        return Refusal(status, code, message.replace("{model}", call.asked.name))

    return run


def _filtered_prompt(_: Call) -> Answer:
    return Refusal(
        400,
        "content_filter",
        "The response was filtered due to the prompt triggering the content management policy. "
        "Please modify your prompt and retry.",
        extra=_FILTER_RESULT,
    )


def _context_length(call: Call) -> Answer:
    return window_exceeded(call.asked, prompt=2 * call.asked.model.context_tokens, reply=1000)


def _limit(requests: int, period: int, wait: int, kind: str) -> Callable[[Call], Answer]:
    def run(_: Call) -> Answer:
        return Refusal(
            429,
            "RateLimitReached",
            f"Rate limit of {requests} per {period}s exceeded for {kind}. "
            f"Please wait {wait} seconds before retrying.",
            headers={
                "retry-after": str(wait),
                "x-ratelimit-type": kind,
                "x-ratelimit-timeremaining": str(wait),
            },
        )

    return run


def _overloaded(_: Call) -> Answer:
    return Refusal(
        503,
        "overloaded",
        "The server is overloaded. Please retry later.",
        headers={"retry-after": "1"},
    )


def _hang_up(_: Call) -> Answer:
    return HangUp()


def _flaky(_: Call) -> Answer:
    # Not without a status line: clients send such a request again by themselves where they took
    # the connection from a pool, and no one would see it fail.
    return Script((Drop(),))


SCENARIOS = (
    Scenario(
        "unauthorized",
        "Status 401: the key is wrong.",
        _refuse(401, "unauthorized", "Bad credentials"),
    ),
    Scenario(
        "no-access",
        "Status 403: this key may not use the model.",
        _refuse(403, "no_access", "No access to model: {model}"),
    ),
    Scenario(
        "budget",
        "Status 403 without a code: the budget is spent.",
        _refuse(403, None, "The budget of this account is spent. Raise it to go on."),
    ),
    Scenario(
        "unknown-model",
        "Status 404: there is no such model here.",
        _refuse(404, "unknown_model", "Unknown model: {model}"),
    ),
    Scenario(
        "retired",
        "Status 410: retired for good, whatever the message says.",
        _refuse(
            410,
            "github_models_retirement_brownout",
            "GitHub Models is temporarily unavailable as part of its retirement.",
        ),
    ),
    Scenario(
        "too-large",
        "Status 413: the prompt is over the host's limit.",
        _refuse(
            413,
            "tokens_limit_reached",
            "Request body too large for {model} model. Max size: 8000 tokens.",
        ),
    ),
    Scenario(
        "context-length", "Status 400: the prompt is over the model's window.", _context_length
    ),
    Scenario(
        "filtered-prompt", "Status 400: the host's filter refuses the prompt.", _filtered_prompt
    ),
    Scenario(
        "rate-limit",
        "Status 429: wait 2 seconds. Sent again, it is answered.",
        _limit(15, 60, 2, "UserByModelByMinute"),
        failures=1,
        argument="[TIMES]",
    ),
    Scenario(
        "rate-limit-day",
        "Status 429: the day's limit; wait more than 14 hours.",
        _limit(150, 86_400, 52_220, "UserByModelByDay"),
    ),
    Scenario(
        "server-error",
        "Status 500: the server fails.",
        _refuse(500, "internal_server_error", "The server had an error."),
    ),
    Scenario(
        "overloaded",
        "Status 503, twice: wait a second each time. Then it is answered.",
        _overloaded,
        failures=2,
        argument="[TIMES]",
    ),
    Scenario(
        "flaky",
        "The connection breaks before the first token. Sent again, it is answered.",
        _flaky,
        failures=1,
        argument="[TIMES]",
    ),
    Scenario("hang-up", "The connection closes without any answer.", _hang_up),
)
