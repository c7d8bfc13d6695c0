"""So many at a server at once, the others in line: told how many are ahead, fair, and free to go."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from playground.chat import Chat
from playground.conversation import Conversation, Run
from playground.events import Queued, StreamEvent, TextDelta
from playground.generation import Generation
from playground.generations import Generations
from playground.queueing import DEFAULT_PLACES, Queue
from playground.reply import Phase, Status
from playground.request import ChatRequest
from playground.stop import StopSignal
from playground.store import MemoryStore
from tests.support.sources import DONE, PATIENCE, ScriptedEndpoint, until

RUN = Run("Phi-3-mini-4k-instruct", "phi3", "local", "Local")
REQUEST = ChatRequest("phi3", ())


class Gate:
    """An endpoint that tells who came, and lets one go on at a time."""

    def __init__(self) -> None:
        self.came: list[str] = []
        self.most = self.now = 0
        self._changed = threading.Condition()
        self._let = 0

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        """Hold the place until let go."""
        with self._changed:
            self.came.append(request.deployment)
            self.now += 1
            self.most = max(self.most, self.now)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._let > 0, PATIENCE)
            self._let -= 1
            self.now -= 1
        yield TextDelta("Here")
        yield DONE

    def go(self, count: int = 1) -> None:
        """Let so many go."""
        with self._changed:
            self._let += count
            self._changed.notify_all()

    def arrived(self, count: int) -> None:
        """Wait until so many have come."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.came) >= count, PATIENCE)

    def close(self) -> None:
        """Nothing to give back."""


class Asker:
    """One request in a thread, and what it was told."""

    def __init__(self, queue: Queue, gate: Gate, owner: str, name: str) -> None:
        self.told: list[int | None] = []
        self.stop = StopSignal()
        self._changed = threading.Condition()
        self._ended = False

        def ask() -> None:
            request = ChatRequest(name, ())
            for event in queue.stream(gate, "local", owner, request, self.stop):
                if isinstance(event, Queued):
                    with self._changed:
                        self.told.append(event.ahead)
                        self._changed.notify_all()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

        self.thread = threading.Thread(target=ask, daemon=True)
        self.thread.start()

    def hears(self, ahead: int | None) -> None:
        """Wait until this was the last thing told."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.told[-1:] == [ahead], PATIENCE), self.told

    def ends(self) -> None:
        """Wait for the end."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._ended, PATIENCE)


def test_no_more_are_at_the_server_than_it_has_places_for() -> None:
    queue, gate = Queue(lambda _: 3), Gate()
    askers = [Asker(queue, gate, "anna", str(i)) for i in range(12)]
    gate.arrived(3)
    gate.go(12)
    for asker in askers:
        asker.ends()
    assert gate.most <= 3
    assert sorted(gate.came) == sorted(map(str, range(12)))
    assert queue.waiting("local") == 0


def test_where_nothing_is_stated_there_are_five_places() -> None:
    queue, gate = Queue(), Gate()
    askers = [Asker(queue, gate, "anna", str(i)) for i in range(DEFAULT_PLACES)]
    gate.arrived(DEFAULT_PLACES)
    late = Asker(queue, gate, "anna", "late")
    late.hears(0)
    gate.go(DEFAULT_PLACES + 1)
    for asker in (*askers, late):
        asker.ends()
    assert all(asker.told == [] for asker in askers), "who need not wait hears of no queue"
    assert DEFAULT_PLACES == 5


def test_who_waits_hears_how_many_are_ahead_until_it_is_their_turn() -> None:
    queue, gate = Queue(lambda _: 1), Gate()
    askers = []
    for i in range(4):
        askers.append(Asker(queue, gate, "anna", str(i)))
        gate.arrived(1)
        if i:
            askers[i].hears(i - 1)
    for i in range(4):
        gate.arrived(i + 1)
        for waiting in range(i + 1, 4):
            askers[waiting].hears(waiting - i - 1)
        gate.go()
        askers[i].ends()
    assert gate.came == ["0", "1", "2", "3"]
    assert [asker.told for asker in askers] == [[], [0, None], [1, 0, None], [2, 1, 0, None]]


def test_owners_take_turns_so_that_nobody_waits_for_all_of_anothers() -> None:
    queue, gate = Queue(lambda _: 1), Gate()
    askers = [Asker(queue, gate, "anna", "a0")]
    gate.arrived(1)
    for i in range(1, 6):
        askers.append(Asker(queue, gate, "anna", f"a{i}"))
        askers[-1].hears(i - 1)
    bert = [Asker(queue, gate, "bert", "b0")]
    bert[0].hears(1)
    bert.append(Asker(queue, gate, "bert", "b1"))
    bert[1].hears(3)
    askers[5].hears(6)
    for i in range(8):
        gate.arrived(i + 1)
        gate.go()
    for asker in (*askers, *bert):
        asker.ends()
    assert gate.came == ["a0", "a1", "b0", "a2", "b1", "a3", "a4", "a5"]


def test_who_stops_while_waiting_leaves_at_once_and_the_others_move_up() -> None:
    queue, gate = Queue(lambda _: 1), Gate()
    first = Asker(queue, gate, "anna", "first")
    gate.arrived(1)
    second = Asker(queue, gate, "anna", "second")
    second.hears(0)
    third = Asker(queue, gate, "anna", "third")
    third.hears(1)
    second.stop.stop()
    second.ends()
    third.hears(0)
    gate.go(2)
    first.ends()
    third.ends()
    assert gate.came == ["first", "third"]


def test_lines_of_different_connections_do_not_wait_for_each_other() -> None:
    queue, gate = Queue(lambda _: 1), Gate()
    Asker(queue, gate, "anna", "here")
    gate.arrived(1)
    gate.go(2)
    events = list(queue.stream(gate, "elsewhere", "anna", REQUEST, StopSignal()))
    assert not any(isinstance(event, Queued) for event in events)


def test_a_place_is_given_back_when_the_server_fails() -> None:
    class Failing:
        def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
            if not stop.stopped:
                raise ZeroDivisionError
            yield DONE

        def close(self) -> None: ...

    queue = Queue(lambda _: 1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            list(queue.stream(Failing(), "local", "anna", REQUEST, StopSignal()))


class Chats:
    """A chat whose connection takes one request at once."""

    def __init__(self) -> None:
        self.endpoint = ScriptedEndpoint()
        self.generations = Generations()
        self.chat = Chat(
            MemoryStore(), self.generations, lambda _: self.endpoint, Queue(lambda _: 1)
        )

    def ask(self, name: str) -> Generation:
        asked = self.chat.ask("anna", name, "Hi", RUN)
        assert isinstance(asked, Conversation)
        found = self.chat.run_of(asked)
        assert found is not None
        return found


def test_a_chat_waits_is_told_and_can_be_stopped_while_it_does() -> None:
    chats = Chats()
    tap = chats.endpoint.answer()
    first = chats.ask("first")
    assert tap.opened.wait(PATIENCE)
    second, third = chats.ask("second"), chats.ask("third")
    until(second, lambda: second.snapshot().phase is Phase.QUEUED)
    until(third, lambda: third.snapshot().ahead is not None)
    second.stop()
    assert second.join(PATIENCE)
    assert second.snapshot().status is Status.STOPPED
    assert second.snapshot().ahead is None
    chats.endpoint.answer("Now me.")
    tap.say("Done.").done()
    assert first.join(PATIENCE)
    assert third.join(PATIENCE)
    assert third.snapshot().text == "Now me."
    assert third.snapshot().status is Status.COMPLETED
    assert len(chats.endpoint.requests) == 2, "nothing was sent for the one that was stopped"
    chats.generations.close()
