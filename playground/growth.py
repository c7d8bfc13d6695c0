"""How the text of a reply grew: a bounded series, however long the reply and fast the server."""

from __future__ import annotations

from dataclasses import dataclass

#: As many samples are kept at most; about half as many at least, of a long reply.
MAX_SAMPLES = 64
#: Seconds that one sample stands for at first; as many samples as there may be make one second.
FINEST = 1 / 64


@dataclass(frozen=True, slots=True)
class Growth:
    """When how much of a text was there: from the first piece of it to the last, both included.

    Attributes:
        seconds: from sending the request, rounded to milliseconds; they never fall.
        characters: how many had come by then; as many numbers, and each is above the one before.
    """

    seconds: tuple[float, ...]
    characters: tuple[int, ...]


class GrowthRecorder:
    """Takes each piece of a text as it comes. Not for several threads at once.

    Time is parted into equal intervals, and of each the last piece is kept. So what is kept of a
    silence is when it began and ended, and what is left out came within the interval before a
    sample. When there are too many, the intervals become twice as long.
    """

    __slots__ = ("_characters", "_count", "_interval", "_place", "_seconds")

    def __init__(self) -> None:
        self._interval = FINEST
        self._place = -1
        self._count = 0
        self._seconds: list[float] = []
        self._characters: list[int] = []

    def add(self, seconds: float, characters: int) -> None:
        """Note that so many more characters came, so many seconds after the request was sent."""
        seconds = round(seconds, 3)
        self._count += characters
        place = self._interval_of(seconds)
        if place == self._place and len(self._seconds) > 1:
            self._seconds[-1], self._characters[-1] = seconds, self._count
            return
        self._place = place
        self._seconds.append(seconds)
        self._characters.append(self._count)
        while len(self._seconds) > MAX_SAMPLES:
            self._halve()

    def growth(self) -> Growth | None:
        """Return what was noted so far; None where no text has come."""
        if not self._seconds:
            return None
        return Growth(tuple(self._seconds), tuple(self._characters))

    def _interval_of(self, seconds: float) -> int:
        return int(seconds / self._interval)

    def _halve(self) -> None:
        self._interval *= 2
        places = [self._interval_of(seconds) for seconds in self._seconds]
        self._place = places[-1]
        # The first stays whatever follows it; of the others, those after which an interval ends.
        kept = [
            index
            for index, (place, following) in enumerate(zip(places, [*places[1:], -1], strict=True))
            if index == 0 or place != following
        ]
        self._seconds = [self._seconds[index] for index in kept]
        self._characters = [self._characters[index] for index in kept]
