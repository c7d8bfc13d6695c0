"""How an answer grew, over all its parts, and when how much of it was there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playground.rounds import Answer


@dataclass(frozen=True, slots=True)
class Point:
    """How many characters there were, so many seconds after the request was sent.

    From a point on there is as much, until the next.
    """

    seconds: float
    characters: int


Curve = tuple[Point, ...]


def curve(answer: Answer) -> Curve:
    """Return how an answer grew, from the request to its end, or until now.

    The time of a part that continues another counts on from the end of that one: what lies between
    is no server's time. Empty where there is no text, or where it was not recorded how it came.
    """
    points = [Point(0.0, 0)]
    begun, before = 0.0, 0
    for part in answer.parts:
        reply = part.reply
        if reply is None:
            continue
        if reply.growth is not None:
            points += (
                Point(begun + seconds, before + characters)
                for seconds, characters in zip(
                    reply.growth.seconds, reply.growth.characters, strict=True
                )
            )
        elif reply.text:
            return ()
        before = points[-1].characters
        # Milliseconds are rounded, so the last of them may lie after the end.
        begun = max(begun + reply.elapsed, points[-1].seconds)
        points.append(Point(begun, before))
    return tuple(points) if before else ()


def reached(points: Sequence[Point], share: float) -> float:
    """Return the seconds after which this share (above 0, to 1) of the text was there.

    `points` are those of a curve that is not empty; with a share of 0, when there was any text.
    """
    wanted = max(1.0, share * points[-1].characters)
    return next(point.seconds for point in points if point.characters >= wanted)
