"""Days and times in the language of who reads them."""

from __future__ import annotations

import datetime as dt

from components.texts import _, later

_WEEKDAYS = (
    later("Monday"),
    later("Tuesday"),
    later("Wednesday"),
    later("Thursday"),
    later("Friday"),
    later("Saturday"),
    later("Sunday"),
)
_MONTHS = (
    later("January"),
    later("February"),
    later("March"),
    later("April"),
    later("May"),
    later("June"),
    later("July"),
    later("August"),
    later("September"),
    later("October"),
    later("November"),
    later("December"),
)
_LETTERS = 3  # of the short name of a month


def long_day(day: dt.date) -> str:
    """Return "Tuesday, 24 November 2026"."""
    return _("{weekday}, {day} {month} {year}").format(
        weekday=_(_WEEKDAYS[day.weekday()]), day=day.day, month=month(day), year=day.year
    )


def month(day: dt.date) -> str:
    """Return "November"."""
    return _(_MONTHS[day.month - 1])


def short_month(day: dt.date) -> str:
    """Return "Nov"."""
    return month(day)[:_LETTERS]
