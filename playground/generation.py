"""One run in the background: it owns the reply, and the page only watches.

A page that is left, refreshed or opened twice neither ends nor repeats a run: the run lives in a
thread of its own, and whoever wants to see it takes snapshots.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

from playground.errors import ChatError, ProtocolError
from playground.events import RetryScheduled, StreamEvent
from playground.reply import Reply, ReplyFold
from playground.stop import StopSignal

#: Seconds between two savings of a reply that still grows.
SAVE_INTERVAL = 1.0

Source = Callable[[StopSignal], Iterator[StreamEvent]]
Recorder = Callable[[Reply], None]

logger = logging.getLogger(__name__)


class Generation:
    """A reply being made.

    Args:
        source: opens the stream of events; called in the run's own thread.
        record: keeps a snapshot (at intervals while the text grows, and at the end, always). It
            is called from the run's thread, and from that of whoever stops it.
    """

    def __init__(
        self, source: Source, record: Recorder, *, save_interval: float = SAVE_INTERVAL
    ) -> None:
        self._source = source
        self._record = record
        self._save_interval = save_interval
        self._signal = StopSignal()
        self._fold = ReplyFold()
        self._keeping = threading.Lock()
        self._changed = threading.Condition()
        self._version = 0
        self._thread = threading.Thread(target=self._run, name="generation", daemon=True)
        #: Monotonic seconds when the run ended; None while it goes on.
        self.ended_at: float | None = None

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether more may come."""
        return self.ended_at is None

    def snapshot(self) -> Reply:
        """Return the reply as it stands now."""
        return self._fold.snapshot()

    def stop(self) -> None:
        """End the run: the reply is `stopped` at once, and the socket is closed right after."""
        ended = self._fold.end(stopped=True)
        # Before the reply is kept: a slow store must not hold the socket open.
        self._signal.stop()
        if ended:
            self._settle()

    def wait(self, version: int, timeout: float) -> int:
        """Block until something came after `version`, or `timeout` seconds; return the version."""
        with self._changed:
            self._changed.wait_for(lambda: self._version > version, timeout)
            return self._version

    def join(self, timeout: float) -> bool:
        """Wait up to `timeout` seconds for the thread to be gone; return whether it is."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        error: ChatError | None = None
        saved = time.monotonic()
        retrying = False
        try:
            for event in self._source(self._signal):
                if retrying:
                    self._fold.sent_again()
                retrying = isinstance(event, RetryScheduled)
                self._fold.apply(event)
                self._notify()
                if time.monotonic() - saved >= self._save_interval:
                    self._keep(growing=True)
                    saved = time.monotonic()
        except ChatError as caught:
            error = caught
        except Exception:
            # A bug of ours: the reader gets an honest ending, the log gets the traceback.
            logger.exception("a generation failed")
            error = ProtocolError(
                "The playground itself failed while reading the answer.",
                advice="Retry; if it happens again, the server's log tells more.",
            )
        finally:
            if self._fold.end(error=error):
                self._settle()

    def _settle(self) -> None:
        self.ended_at = time.monotonic()
        self._keep(growing=False)
        self._notify()

    def _keep(self, *, growing: bool) -> None:
        # One at a time, so that no growing reply is kept after the one that ended.
        with self._keeping:
            reply = self.snapshot()
            if growing and not reply.running:
                return
            try:
                self._record(reply)
            except Exception:
                logger.exception("a reply could not be kept")

    def _notify(self) -> None:
        with self._changed:
            self._version += 1
            self._changed.notify_all()
