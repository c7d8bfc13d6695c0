"""What the store does by itself, in a thread of its own, every few seconds."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from playground.store.errors import StoreError

logger = logging.getLogger(__name__)


class Housekeeping:
    """Calls `work` every `interval` seconds until closed. A StoreError only puts it off."""

    def __init__(self, work: Callable[[], None], interval: float) -> None:
        self._work = work
        self._interval = interval
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="store-housekeeping", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(self._interval):
            try:
                self._work()
            except StoreError as error:
                logger.debug("housekeeping of the store is put off: %s", error.happened)
