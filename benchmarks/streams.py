"""What a process that streamed without a browser tells the one that started it."""

from __future__ import annotations

import dataclasses
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from benchmarks.measures import Measure, gaps, percentile

#: Seconds after which a child that does not end counts as failed.
_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Stream:
    """One reply: when each update came, in seconds after it was asked for, and the whole text."""

    moments: tuple[float, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Streams:
    """Replies that were streamed at once.

    `cpu` is that of the process which took them from the socket, in seconds; `websocket` are the
    bytes from server to browser, uncompressed, None where there is no browser.
    """

    streams: tuple[Stream, ...]
    cpu: float
    websocket: int | None = None

    def to_json(self) -> str:
        """Return it as one line."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Return what `to_json` wrote."""
        data = json.loads(line)
        streams = (Stream(tuple(s["moments"]), s["text"]) for s in data["streams"])
        return cls(tuple(streams), data["cpu"], data["websocket"])

    @property
    def single(self) -> Measure:
        """The figures of the one stream there is."""
        (stream,) = self.streams
        return Measure(
            first=stream.moments[0],
            last=stream.moments[-1],
            gap=percentile(gaps(stream.moments), 0.95),
            cpu=self.cpu,
            websocket=self.websocket,
        )

    @property
    def together(self) -> Crowd:
        """The figures of all of them."""
        between = [gap for stream in self.streams for gap in gaps(stream.moments)]
        firsts = [stream.moments[0] for stream in self.streams]
        return Crowd(
            count=len(self.streams),
            first=statistics.median(firsts),
            slow_first=percentile(firsts, 0.95),
            last=statistics.median(stream.moments[-1] for stream in self.streams),
            gap=percentile(between, 0.99),
            worst_gap=max(between),
            cpu=self.cpu,
        )

    @property
    def panes(self) -> Panes:
        """The figures of all of them, as of answers that are read beside each other."""
        firsts = [stream.moments[0] for stream in self.streams]
        between = [gap for stream in self.streams for gap in gaps(stream.moments)]
        return Panes(
            count=len(self.streams),
            first=statistics.median(firsts),
            slow_first=max(firsts),
            last=max(stream.moments[-1] for stream in self.streams),
            gap=percentile(between, 0.95),
            cpu=self.cpu,
            websocket=self.websocket,
        )


@dataclass(frozen=True, slots=True)
class Crowd:
    """Figures of `count` replies at once. Times are in seconds.

    Attributes:
        first, last: median over the replies.
        slow_first: the first token, 95th percentile over the replies.
        gap, worst_gap: between two updates, 99th percentile and longest of all.
    """

    count: int
    first: float
    slow_first: float
    last: float
    gap: float
    worst_gap: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Panes:
    """Figures of `count` answers to one prompt. Times are in seconds.

    Attributes:
        first: until the first text was there, median over the answers.
        slow_first: the same of the answer that began last.
        last: until all text of all answers was there.
        gap: between two updates of one answer, 95th percentile over all.
        websocket: bytes from server to browser, uncompressed; None where there is no browser.
    """

    count: int
    first: float
    slow_first: float
    last: float
    gap: float
    cpu: float
    websocket: int | None = None


def middle_panes(panes: Sequence[Panes]) -> Panes:
    """Return the median of each figure by itself."""
    transferred = [p.websocket for p in panes if p.websocket is not None]
    return Panes(
        count=panes[0].count,
        first=statistics.median(p.first for p in panes),
        slow_first=statistics.median(p.slow_first for p in panes),
        last=statistics.median(p.last for p in panes),
        gap=statistics.median(p.gap for p in panes),
        cpu=statistics.median(p.cpu for p in panes),
        websocket=round(statistics.median(transferred)) if transferred else None,
    )


def run_streams(module: str, *arguments: str) -> Streams:
    """Run `module` in a process of its own and return what it streamed.

    Raises:
        subprocess.SubprocessError: if it fails or takes too long.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=_PATIENCE,
    )
    return Streams.from_json(done.stdout)
