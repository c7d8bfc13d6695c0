"""What every contestant has to stream: so many tokens, so many a second."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workload:
    """A reply of the token server. `rate` is in tokens a second."""

    tokens: int
    rate: int

    @property
    def prompt(self) -> str:
        """What to send for it; no two workloads share a prompt."""
        return f"/scenario tokens {self.tokens} at {self.rate}"

    @property
    def label(self) -> str:
        """How the tables name it."""
        return f"{self.tokens:,} tokens at {self.rate}/s"


#: A long answer of a fast server, and one of a reader's pace.
LONG = Workload(4000, 400)
SHORT = Workload(250, 50)
#: What each of several answers beside each other is.
SIDE_BY_SIDE = Workload(1000, 100)
#: What is said before measuring: it opens connections and fills caches.
WARM_UP = Workload(20, 1000)
#: What stands above a measured reply, in turns; two in a row that were alike could not be told
#: apart on the screen.
FILLERS = (Workload(50, 10_000), Workload(40, 10_000))

#: Asked of the server by everyone. LONG fits into it, as into the app's own upper bound.
MAX_TOKENS = 4096
#: Its window has room for a hundred messages and the longest reply; the text is the same for all.
MODEL = "Phi-3-mini-128k-instruct"
SYSTEM_MESSAGE = "You are a helpful assistant."
