"""A test of a connection that runs in a thread of its own, to be looked at while it does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from playground.checkup import checkup
from playground.checkup_steps import Mark, Step, StepResult
from playground.connections import Connection
from playground.stop import StopSignal

#: Yields the result of each step as it ends.
Test = Callable[[Connection, StopSignal], Iterator[StepResult]]


class CheckRun:
    """One test, begun at once.

    Args:
        connection: what is tested.
        test: how; another in tests.

    Attributes:
        connection: what is tested, as it was then.
        started_at: seconds since the epoch.
    """

    def __init__(self, connection: Connection, test: Test = checkup) -> None:
        self.connection = connection
        self.started_at = time.time()
        self._changed = threading.Condition()
        self._results: tuple[StepResult, ...] = ()
        self._done = False
        self._stop = StopSignal()
        self._thread = threading.Thread(
            target=self._run, args=(connection, test), name="checkup", daemon=True
        )
        self._thread.start()

    @property
    def results(self) -> tuple[StepResult, ...]:
        """What is known so far, in order."""
        return self._results

    @property
    def done(self) -> bool:
        """Whether it has ended."""
        return self._done

    @property
    def answered(self) -> bool:
        """Whether the server gave an answer, whatever else was amiss."""
        return any(r.step is Step.ANSWER and r.mark is Mark.OK for r in self._results)

    @property
    def failures(self) -> tuple[StepResult, ...]:
        """The steps that failed."""
        return tuple(r for r in self._results if r.mark is Mark.FAILED)

    def wait(self, known: int, timeout: float) -> bool:
        """Wait until there are more than `known` results or it is done, `timeout` seconds at most.

        Returns whether that is so.
        """
        with self._changed:
            return self._changed.wait_for(lambda: self._done or len(self._results) > known, timeout)

    def stop(self) -> None:
        """End it early."""
        self._stop.stop()

    def _run(self, connection: Connection, test: Test) -> None:
        try:
            for result in test(connection, self._stop):
                with self._changed:
                    self._results += (result,)
                    self._changed.notify_all()
        finally:
            with self._changed:
                self._done = True
                self._changed.notify_all()
