"""How long a server asks to wait before the next request."""

from __future__ import annotations

import datetime as dt
import email.utils
import math
import re
from collections.abc import Mapping

#: Longest first look at what a server says; the sentence stands at its beginning.
_SCANNED = 2_000
_WAIT_WORDS = re.compile(
    r"(?:wait|again in|retry (?:after|in))\s+(?:(\d+)\s*m(?:in(?:ute)?s?)?\s*)?(\d+(?:\.\d+)?)"
    r"\s*s(?:ec(?:ond)?s?)?\b",
    re.IGNORECASE,
)


def retry_after(headers: Mapping[str, str], message: str = "") -> float | None:
    """Return the seconds a server asks to wait: from its headers, or else from its words.

    `headers` ignores case. Azure and OpenAI say `retry-after-ms` besides, GitHub Models said
    `x-ratelimit-timeremaining`, and all three of them write it into the message as well.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    for name in ("retry-after", "x-ratelimit-timeremaining"):
        value = headers.get(name) or ""
        seconds = _number(value)
        if seconds is None:
            seconds = _until(value)
        if seconds is not None:
            return seconds
    return spoken_wait(message)


def spoken_wait(message: str) -> float | None:
    """Return the seconds named in words such as "Please wait 46 seconds"."""
    found = _WAIT_WORDS.search(message[:_SCANNED])
    return None if found is None else int(found[1] or 0) * 60 + float(found[2])


def spell_seconds(seconds: float) -> str:
    """Return a time to wait as people say it: "46 seconds", "14 hours 31 minutes"."""
    whole = math.ceil(seconds)
    hours, minutes = whole // 3600, whole % 3600 // 60
    parts = [(hours, "hour"), (minutes, "minute"), (0 if hours else whole % 60, "second")]
    said = [f"{n} {name}{'s' if n != 1 else ''}" for n, name in parts if n]
    return " ".join(said) or "0 seconds"


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    return max(0.0, number) if math.isfinite(number) else None


def _until(date: str) -> float | None:
    try:
        when = email.utils.parsedate_to_datetime(date)
    except ValueError:
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=dt.UTC)
    return max(0.0, (when - dt.datetime.now(dt.UTC)).total_seconds())
