"""Limits in headers and in words, as servers write them."""

from __future__ import annotations

import pytest
from azure.core.utils import case_insensitive_dict
from hypothesis import given
from hypothesis import strategies as st

from playground.rate_limits import Per, RateLimit, duration, rate_limits, spoken_limit


def test_the_headers_of_openai_and_those_who_imitate_it() -> None:
    headers = case_insensitive_dict(
        {
            "X-RateLimit-Limit-Requests": "60",
            "x-ratelimit-remaining-requests": "59",
            "x-ratelimit-reset-requests": "1s",
            "x-ratelimit-limit-tokens": "150000",
            "x-ratelimit-remaining-tokens": "149984",
            "x-ratelimit-reset-tokens": "6m0s",
        }
    )
    requests, tokens = rate_limits(headers)
    assert requests == RateLimit("requests", Per.UNSAID, 60, 59, 1.0)
    assert tokens == RateLimit("tokens", Per.UNSAID, 150_000, 149_984, 360.0)
    assert requests.words == "59 of 60 requests left"


def test_the_headers_of_azure() -> None:
    headers = {
        "x-ratelimit-remaining-requests": "9",
        "x-ratelimit-limit-requests": "10",
        "x-ratelimit-renewalperiod-requests": "60",
        "x-ratelimit-reset-requests": "6",
    }
    [limit] = rate_limits(headers)
    assert limit == RateLimit("requests", Per.MINUTE, 10, 9, 6.0)
    assert limit.words == "9 of 10 requests a minute left"


def test_the_headers_of_the_ietf_draft() -> None:
    headers = {
        "ratelimit-limit": "150, 150;w=86400",
        "ratelimit-policy": "150;w=86400",
        "ratelimit-remaining": "0",
        "ratelimit-reset": "52220",
    }
    assert rate_limits(headers) == (RateLimit("requests", Per.DAY, 150, 0, 52_220.0),)


@pytest.mark.parametrize(
    ("message", "kind", "limit"),
    [
        (
            "Rate limit of 15 per 60s exceeded for UserByModelByMinute. Please wait 46 seconds.",
            "UserByModelByMinute",
            RateLimit(per=Per.MINUTE, limit=15, remaining=0),
        ),
        (
            "Rate limit of 150 per 86400s exceeded for UserByModelByDay. Please wait 52220 seconds.",
            "",
            RateLimit(per=Per.DAY, limit=150, remaining=0),
        ),
        ("Too many requests", "UserConcurrentRequests", RateLimit(per=Per.AT_ONCE)),
        ("Too many requests", "UserByModelByDay", RateLimit(per=Per.DAY, remaining=0)),
    ],
)
def test_the_words_of_github_models_and_servers_of_its_protocol(
    message: str, kind: str, limit: RateLimit
) -> None:
    assert spoken_limit(message, kind) == limit


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (RateLimit(per=Per.DAY, limit=150), "150 requests a day"),
        (RateLimit(per=Per.AT_ONCE, limit=5), "5 requests at once"),
        (RateLimit("tokens", Per.MINUTE, 8_000, 12), "12 of 8,000 tokens a minute left"),
        (RateLimit(remaining=3), "3 requests left"),
        (RateLimit(), ""),
    ],
)
def test_a_limit_in_words(limit: RateLimit, words: str) -> None:
    assert limit.words == words


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        ("1.5", 1.5),
        ("1s", 1.0),
        ("6m0s", 360.0),
        ("1h2m3s", 3_723.0),
        ("1d", 86_400.0),
        ("120ms", 0.12),
        ("1s500ms", 1.5),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("s", None),
    ],
)
def test_durations(text: str, seconds: float | None) -> None:
    assert duration(text) == seconds


def test_a_server_that_tells_nothing() -> None:
    assert rate_limits({"x-ratelimit-limit-requests": "many"}, "no good") == ()


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "x-ratelimit-limit-requests",
                "x-ratelimit-reset-tokens",
                "ratelimit-limit",
                "ratelimit-policy",
                "ratelimit-remaining",
                "x-ratelimit-type",
            ]
        ),
        st.text(max_size=40),
    ),
    st.text(max_size=200),
)
def test_whatever_a_server_writes_it_does_not_fail(headers: dict[str, str], message: str) -> None:
    for limit in rate_limits(headers, message):
        assert isinstance(limit.words, str)
