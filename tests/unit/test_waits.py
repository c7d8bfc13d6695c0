"""How long a server asks to wait."""

from __future__ import annotations

import datetime as dt
import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.waits import retry_after, spell_seconds, spoken_wait


@pytest.mark.parametrize(
    ("message", "seconds"),
    [
        ("Rate limit of 15 per 60s exceeded. Please wait 46 seconds before retrying.", 46),
        ("Please wait 52220 seconds", 52220),
        ("Please try again in 20s.", 20),
        ("Please try again in 1m30s.", 90),
        ("try again in 2 minutes 5 seconds", 125),
        ("Please retry after 7.5 seconds", 7.5),
        ("retry in 1 sec", 1),
        ("Please wait", None),
        ("15 per 60s exceeded", None),
        ("wait for 5", None),
        ("wait 5 sheep", None),
        ("", None),
    ],
)
def test_the_wait_in_words(message: str, seconds: float | None) -> None:
    assert spoken_wait(message) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "5"}, 5),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Thu, 99 Foo 2026 99:99:99"}, None),
        ({"retry-after": "soon", "x-ratelimit-timeremaining": "9"}, 9),
        ({"retry-after": "5", "x-ratelimit-timeremaining": "9"}, 5),
        ({"retry-after": "5", "retry-after-ms": "4800"}, 4.8),
    ],
)
def test_the_wait_in_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("usegmt", [True, False])
def test_the_wait_until_a_date(*, usegmt: bool) -> None:
    date = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    if not usegmt:
        date = date.astimezone(dt.timezone(dt.timedelta(hours=-8)))
    header = email.utils.format_datetime(date, usegmt=usegmt)
    assert retry_after({"retry-after": header}) == pytest.approx(300, abs=5)


def test_a_date_without_a_zone_is_in_utc() -> None:
    date = (dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)).replace(tzinfo=None)
    header = email.utils.format_datetime(date)
    assert retry_after({"retry-after": header}) == pytest.approx(300, abs=5)


def test_headers_go_before_words() -> None:
    assert retry_after({"retry-after": "3"}, "Please wait 46 seconds") == 3
    assert retry_after({}, "Please wait 46 seconds") == 46


@given(st.text())
def test_no_header_at_all_makes_it_fail(text: str) -> None:
    seconds = retry_after({"retry-after": text}, text)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconds"),
        (0.2, "1 second"),
        (46, "46 seconds"),
        (60, "1 minute"),
        (61, "1 minute 1 second"),
        (3600, "1 hour"),
        (52220, "14 hours 30 minutes"),
    ],
)
def test_a_time_as_people_say_it(seconds: float, said: str) -> None:
    assert spell_seconds(seconds) == said
