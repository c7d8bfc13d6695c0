"""What servers say of their limits, in headers and in words.

Headers: OpenAI's, vLLM's, LiteLLM's and Azure's `x-ratelimit-…-requests` and `-tokens`; GitHub Models'
`x-ratelimit-type` and `-timeremaining`; the IETF draft's `ratelimit-…` (draft-ietf-httpapi-
ratelimit-headers). Words: "Rate limit of 15 per 60s exceeded for UserByModelByMinute".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

#: Longest look at what a server says; the sentence stands at its beginning.
_SCANNED = 2_000
_SPOKEN = re.compile(r"limit of (\d{1,9})(?: requests?)? per (\d{1,7}) ?s", re.IGNORECASE)
_BY = re.compile(r"By(Minute|Day)\b|(Concurrent)", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m(?!s))?(?:(\d{1,8}(?:\.\d+)?)s)?(?:(\d{1,9})ms)?"
)


class Per(StrEnum):
    """Over which time a limit counts."""

    MINUTE = "minute"
    DAY = "day"
    AT_ONCE = "at once"
    UNSAID = ""


#: How long a limit counts, in seconds.
WINDOWS = {Per.MINUTE: 60.0, Per.DAY: 86_400.0}


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One limit as a server states it.

    Attributes:
        what: what is counted, "requests" or "tokens".
        per: over which time.
        limit: how many there are; None where unsaid.
        remaining: how many are left; None where unsaid.
        reset: seconds, from when it was said, until there are more; None where unsaid.
    """

    what: str = "requests"
    per: Per = Per.UNSAID
    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None

    @property
    def words(self) -> str:
        """The limit as people say it: "12 of 15 requests a minute left"."""
        per = {Per.UNSAID: "", Per.AT_ONCE: " at once"}.get(self.per, f" a {self.per.value}")
        if self.remaining is None:
            return f"{self.limit:,} {self.what}{per}" if self.limit is not None else ""
        of = f" of {self.limit:,}" if self.limit is not None else ""
        return f"{self.remaining:,}{of} {self.what}{per} left"


def rate_limits(headers: Mapping[str, str], message: str = "") -> tuple[RateLimit, ...]:
    """Return the limits that an answer tells of. `headers` ignores case; `message` is an error's."""
    found = [_header_limit(headers, what) for what in ("requests", "tokens")]
    found += [_draft(headers), spoken_limit(message, headers.get("x-ratelimit-type") or "")]
    return tuple(limit for limit in found if limit is not None)


def spoken_limit(message: str, kind: str = "") -> RateLimit | None:
    """Return the limit that an error's words tell of, or None."""
    message = message[:_SCANNED]
    spoken, by = _SPOKEN.search(message), _BY.search(kind) or _BY.search(message)
    if spoken is None and by is None:
        return None
    per = _per(float(spoken[2])) if spoken else Per.UNSAID
    if by is not None:
        per = Per.AT_ONCE if by[2] else Per(by[1].lower())
    if per is Per.AT_ONCE:
        return RateLimit(per=per, limit=int(spoken[1]) if spoken else None)
    return RateLimit(per=per, limit=int(spoken[1]) if spoken else None, remaining=0)


def _header_limit(headers: Mapping[str, str], what: str) -> RateLimit | None:
    limit = _count(headers.get(f"x-ratelimit-limit-{what}"))
    remaining = _count(headers.get(f"x-ratelimit-remaining-{what}"))
    if limit is None and remaining is None:
        return None
    reset = duration(headers.get(f"x-ratelimit-reset-{what}") or "")
    return RateLimit(what, _per(_window(headers, what)), limit, remaining, reset)


def _window(headers: Mapping[str, str], what: str) -> float | None:
    # Azure names the seconds over which it counts.
    return duration(headers.get(f"x-ratelimit-renewalperiod-{what}") or "")


def _draft(headers: Mapping[str, str]) -> RateLimit | None:
    limit = _count((headers.get("ratelimit-limit") or "").partition(",")[0])
    remaining = _count(headers.get("ratelimit-remaining"))
    if limit is None and remaining is None:
        return None
    window = re.search(r";\s*w=(\d{1,7})", headers.get("ratelimit-policy") or "")
    reset = duration(headers.get("ratelimit-reset") or "")
    return RateLimit(
        "requests", _per(float(window[1]) if window else None), limit, remaining, reset
    )


def _per(seconds: float | None) -> Per:
    return next((per for per, window in WINDOWS.items() if window == seconds), Per.UNSAID)


def _count(text: str | None) -> int | None:
    try:
        number = float(text or "")
    except ValueError:
        return None
    return int(number) if math.isfinite(number) and number >= 0 else None


def duration(text: str) -> float | None:
    """Return the seconds that "30", "6m0s", "1.5s" or "120ms" say; None for anything else."""
    text = text.strip().lower()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text[:20])
    found = _CLOCK.fullmatch(text)
    if not text or found is None:
        return None
    days, hours, minutes, seconds, milliseconds = (float(part or 0) for part in found.groups())
    return days * 86_400 + hours * 3_600 + minutes * 60 + seconds + milliseconds / 1_000
