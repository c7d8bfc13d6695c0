"""The loop that draws several running replies: each in its own place, each to its own end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from components.watching import Watched, first_words, watch_all
from playground.events import Finished, FinishReason, StreamEvent, TextDelta
from playground.generation import Generation
from playground.reply import Reply, Status
from playground.stop import StopSignal


def silence(ready: threading.Event) -> Generation:
    """Start a run that says nothing before `ready`."""

    def source(_: StopSignal) -> Iterator[StreamEvent]:
        assert ready.wait(10)
        yield TextDelta("late")
        yield Finished(FinishReason.STOP)

    generation = Generation(source, lambda reply: None)
    generation.start()
    return generation


class Place:
    """Keeps what was drawn."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def draw(self, reply: Reply, *, quiet: float) -> None:
        """Note the text."""
        assert quiet >= 0
        self.texts.append(reply.text)


def started(letter: str, ready: threading.Event) -> Generation:
    """Start a run that says one word, waits for `ready` and says another."""

    def source(_: StopSignal) -> Iterator[StreamEvent]:
        yield TextDelta(f"{letter}1 ")
        assert ready.wait(10)
        yield TextDelta(f"{letter}2")
        yield Finished(FinishReason.STOP)

    generation = Generation(source, lambda reply: None)
    generation.start()
    return generation


def test_each_reply_is_drawn_in_its_place_and_ends_by_itself() -> None:
    """The second ends first, while the first still waits for that: neither holds up the other."""
    first_may, second_may, ended = threading.Event(), threading.Event(), list[str]()
    places = Place(), Place()

    def second_ended(reply: Reply) -> None:
        ended.append(f"second {reply.status}")
        first_may.set()

    watched = [
        Watched(
            started("a", first_may),
            places[0],
            lambda reply: ended.append(f"first {reply.status}"),
        ),
        Watched(started("b", second_may), places[1], second_ended),
    ]
    second_may.set()
    watch_all(watched, running=2)
    assert ended == [f"second {Status.COMPLETED}", f"first {Status.COMPLETED}"]
    assert [place.texts[-1] for place in places] == ["a1 a2", "b1 b2"]
    assert all(text in ("", "a1 ", "a1 a2") for text in places[0].texts)


def test_a_reply_that_has_ended_before_is_drawn_once() -> None:
    may = threading.Event()
    may.set()
    generation = started("a", may)
    assert generation.join(10)
    place = Place()
    watch_all([Watched(generation, place)], running=0)
    assert place.texts == ["a1 a2"]


def test_first_words_come_before_the_rest_of_the_page_and_a_silent_reply_holds_nothing_up() -> None:
    ready = threading.Event()
    said, silent = started("a", ready), silence(ready)
    places = [Place(), Place()]
    watched = [Watched(said, places[0]), Watched(silent, places[1])]
    first_words(watched)
    assert places[0].texts[-1] == "a1 "
    assert set(places[1].texts) == {""}
    ready.set()
    watch_all(watched, running=2)
    assert places[0].texts[-1] == "a1 a2"
    assert places[1].texts[-1] == "late"


def test_a_reply_that_ends_with_its_first_words_ends_once() -> None:
    ready = threading.Event()
    ready.set()
    ended: list[Reply] = []
    generation = started("a", ready)
    assert generation.join(10)
    watched = [Watched(generation, Place(), ended.append)]
    first_words(watched)
    watch_all(watched, running=1)
    assert [reply.status for reply in ended] == [Status.COMPLETED]
