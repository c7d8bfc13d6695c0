"""What a process that streamed without a browser tells the one that started it."""

from __future__ import annotations

import dataclasses
import json
import statistics
import subprocess
import sys
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

    `cpu` is that of the process which took them from the socket, in seconds.
    """

    streams: tuple[Stream, ...]
    cpu: float

    def to_json(self) -> str:
        """Return it as one line."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Return what `to_json` wrote."""
        data = json.loads(line)
        streams = (Stream(tuple(s["moments"]), s["text"]) for s in data["streams"])
        return cls(tuple(streams), data["cpu"])

    @property
    def single(self) -> Measure:
        """The figures of the one stream there is."""
        (stream,) = self.streams
        return Measure(
            first=stream.moments[0],
            last=stream.moments[-1],
            gap=percentile(gaps(stream.moments), 0.95),
            cpu=self.cpu,
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
