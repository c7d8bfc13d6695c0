"""Every run of this process, by the turn it answers for: bounded in number and in memory."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from playground.errors import TooManyRunning
from playground.generation import Generation, Recorder, Source

#: Runs at once: of everybody together, and of one owner. Most of them wait for their turn, see
#: `playground.queueing`; six panes that answer ten times each must have room.
MAX_RUNNING = 512
MAX_RUNNING_PER_OWNER = 64
#: Seconds a finished run can still be watched; after that its reply is read from the store.
KEEP_FINISHED = 300.0
#: Finished runs kept at once; of more than these the ones started first are forgotten early.
MAX_FINISHED = 256
#: Seconds that close() waits for the threads of all runs together.
CLOSE_SECONDS = 1.0


class Generations:
    """Starts runs, finds them again, and forgets them a while after their end."""

    def __init__(
        self,
        *,
        max_running: int = MAX_RUNNING,
        max_per_owner: int = MAX_RUNNING_PER_OWNER,
        keep_finished: float = KEEP_FINISHED,
        max_finished: int = MAX_FINISHED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._max_running = max_running
        self._max_per_owner = max_per_owner
        self._keep_finished = keep_finished
        self._max_finished = max_finished
        self._clock = clock
        self._lock = threading.Lock()
        self._runs: dict[str, tuple[str, Generation]] = {}

    def start(self, owner: str, turn_id: str, source: Source, record: Recorder) -> Generation:
        """Start the run that makes the reply of `turn_id`; a run that is there is returned.

        Raises:
            TooManyRunning: at the limit for this owner, for everybody together, or of the machine.
        """
        with self._lock:
            self._forget()
            if turn_id in self._runs:
                return self._runs[turn_id][1]
            self._check(owner)
            generation = Generation(source, record)
            try:
                generation.start()
            except RuntimeError as error:
                raise TooManyRunning("This machine has no thread left for one more run.") from error
            self._runs[turn_id] = (owner, generation)
        return generation

    def check(self, owner: str) -> None:
        """Raise TooManyRunning if a run of this owner could not be started now."""
        with self._lock:
            self._forget()
            self._check(owner)

    def get(self, turn_id: str) -> Generation | None:
        """Return the run of this turn, while it goes on and for a while after."""
        with self._lock:
            self._forget()
            found = self._runs.get(turn_id)
        return found[1] if found else None

    @property
    def running(self) -> int:
        """How many runs go on now."""
        with self._lock:
            return sum(1 for _, run in self._runs.values() if run.running)

    def close(self) -> None:
        """Stop every run."""
        with self._lock:
            runs = [run for _, run in self._runs.values()]
        for run in runs:
            run.stop()
        until = time.monotonic() + CLOSE_SECONDS
        for run in runs:
            run.join(max(0.0, until - time.monotonic()))

    def _check(self, owner: str) -> None:
        running = [who for who, run in self._runs.values() if run.running]
        if running.count(owner) >= self._max_per_owner:
            raise TooManyRunning(
                f"{self._max_per_owner} answers of yours are running, and that is the limit."
            )
        if len(running) >= self._max_running:
            raise TooManyRunning(
                f"{self._max_running} answers are running here, and that is the limit."
            )

    def _forget(self) -> None:
        now = self._clock()
        finished = [
            (turn_id, run.ended_at)
            for turn_id, (_, run) in self._runs.items()
            if run.ended_at is not None
        ]
        surplus = len(finished) - self._max_finished
        for place, (turn_id, ended_at) in enumerate(finished):
            if place < surplus or now - ended_at > self._keep_finished:
                del self._runs[turn_id]
