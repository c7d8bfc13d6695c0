"""Figures of one stream, and how several of them become one."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Measure:
    """One streamed reply. Times are in seconds, and from the moment it was asked for.

    Attributes:
        first: until the first text was there.
        last: until all text was there.
        gap: between two updates, the 95th percentile.
        cpu: processor time of the process that took the stream from the socket, up to the moment
            when it had nothing more to do.
        websocket: bytes from server to browser, uncompressed; None where there is no browser.
    """

    first: float
    last: float
    gap: float
    cpu: float
    websocket: int | None = None


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0


def gaps(moments: Sequence[float]) -> list[float]:
    """Return the times between each two neighbours."""
    return [after - before for before, after in pairwise(moments)]


def middle(measures: Sequence[Measure]) -> Measure:
    """Return the median of each figure by itself."""
    transferred = [m.websocket for m in measures if m.websocket is not None]
    return Measure(
        first=statistics.median(m.first for m in measures),
        last=statistics.median(m.last for m in measures),
        gap=statistics.median(m.gap for m in measures),
        cpu=statistics.median(m.cpu for m in measures),
        websocket=round(statistics.median(transferred)) if transferred else None,
    )
