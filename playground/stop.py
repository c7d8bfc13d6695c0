"""A signal that ends a run from another thread."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator


class StopSignal:
    """Set once, by whoever wants the run to end; whoever blocks registers how to be woken."""

    def __init__(self) -> None:
        self._event = threading.Event()
        self._lock = threading.Lock()
        self._wakers: list[Callable[[], None]] = []

    @property
    def stopped(self) -> bool:
        """Whether the run has been told to end."""
        return self._event.is_set()

    def stop(self) -> None:
        """Tell the run to end and wake what it blocks on. May be called again, to no effect."""
        with self._lock:
            self._event.set()
            wakers = tuple(self._wakers)
        for wake in wakers:
            # A waker fails when what it would wake has ended by itself: then all is well.
            with contextlib.suppress(Exception):
                wake()

    def wait(self, seconds: float) -> bool:
        """Sleep for `seconds` or until stopped; return whether it was stopped."""
        return self._event.wait(seconds)

    @contextlib.contextmanager
    def woken_by(self, wake: Callable[[], None]) -> Iterator[None]:
        """While in this context, stop() calls `wake`; at once if it was called before."""
        with self._lock:
            self._wakers.append(wake)
            already = self._event.is_set()
        try:
            if already:
                with contextlib.suppress(Exception):
                    wake()
            yield
        finally:
            with self._lock:
                self._wakers.remove(wake)
