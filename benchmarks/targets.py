"""What is promised of the app's speed, and whether a run kept it."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.measures import Measure
from benchmarks.streams import Crowd, Panes
from benchmarks.workload import SIDE_BY_SIDE

#: Seconds from the raw SDK's first token to the first on the screen.
FIRST_LATER = 0.075
#: The last token on the screen, and processor time: how many times the raw SDK's.
LAST_TIMES = 1.03
CPU_TIMES = 2.5
#: Bytes through the websocket for a long reply: 150 kB.
WEBSOCKET = 150_000
#: What counts as no slower with a hundred messages above: one frame of the screen, and one in a
#: hundred.
SAME_FIRST = 0.017
SAME_LAST = 1.01
#: What keeping conversations may cost: times the last token of the same page that keeps nothing.
KEPT_LAST = 1.02
#: Many sessions at once. Seconds between updates, 99th percentile, and first token after raw's.
GAP = 0.5
FIRST_LATER_IN_CROWD = 0.3
#: Panes beside each other against threads of the raw SDK: the first token of the pane that begins
#: last, in seconds after that of the thread which does; and the last token of all.
FIRST_LATER_IN_PANES = 0.1
LAST_TIMES_IN_PANES = 1.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target, in words, and what was measured."""

    target: str
    measured: str
    reached: bool


def judge(where: str, app: Measure, raw: Measure, *, websocket: bool = False) -> list[Verdict]:
    """Judge a reply in the browser against the same reply of the raw SDK."""
    found = [
        Verdict(
            f"{where}: first token ≤ raw + {_ms(FIRST_LATER)}",
            f"raw + {_ms(app.first - raw.first)}",
            app.first <= raw.first + FIRST_LATER,
        ),
        Verdict(
            f"{where}: last token ≤ {LAST_TIMES} times raw",
            f"{app.last / raw.last:.3f} times raw",
            app.last <= raw.last * LAST_TIMES,
        ),
        Verdict(
            f"{where}: server CPU ≤ {CPU_TIMES} times raw",
            f"{app.cpu / raw.cpu:.2f} times raw",
            app.cpu <= raw.cpu * CPU_TIMES,
        ),
    ]
    if websocket and app.websocket is not None:
        found.append(
            Verdict(
                f"{where}: websocket ≤ {WEBSOCKET / 1000:.0f} kB",
                f"{app.websocket / 1000:.0f} kB",
                app.websocket <= WEBSOCKET,
            )
        )
    return found


def judge_below(above: Measure, alone: Measure) -> list[Verdict]:
    """Judge a reply with a hundred messages above against the same reply in a new chat."""
    later = above.first - alone.first
    return [
        Verdict(
            f"100 messages above: first token no later than in a new chat (± {_ms(SAME_FIRST)})",
            f"{'+' if later > 0 else ''}{_ms(later)}",
            later <= SAME_FIRST,
        ),
        Verdict(
            f"100 messages above: last token no later than in a new chat (± {SAME_LAST - 1:.0%})",
            f"{above.last / alone.last:.3f} times",
            above.last <= alone.last * SAME_LAST,
        ),
    ]


def judge_kept(where: str, app: Measure, unkept: Measure) -> Verdict:
    """Judge a reply that is kept against one that is not."""
    return Verdict(
        f"{where}: last token ≤ {KEPT_LAST} times that where nothing is kept",
        f"{app.last / unkept.last:.3f} times",
        app.last <= unkept.last * KEPT_LAST,
    )


def judge_crowd(spread: float, app: Crowd, raw: Crowd) -> list[Verdict]:
    """Judge many sessions at once against as many threads of the raw SDK."""
    where = crowd_label(app.count, spread)
    later = app.slow_first - raw.slow_first
    return [
        Verdict(
            f"{where}: gap between updates ≤ {_ms(GAP)}, 99th percentile",
            _ms(app.gap),
            app.gap <= GAP,
        ),
        Verdict(
            f"{where}: first token ≤ raw + {_ms(FIRST_LATER_IN_CROWD)}, 95th percentile",
            f"raw + {_ms(later)}",
            later <= FIRST_LATER_IN_CROWD,
        ),
    ]


def judge_panes(app: Panes, raw: Panes, fewer: Panes) -> list[Verdict]:
    """Judge panes against as many threads of the raw SDK, and their bytes against fewer panes."""
    where = panes_label(app.count)
    later = app.slow_first - raw.slow_first
    found = [
        Verdict(
            f"{where}: first token of the last to begin ≤ raw + {_ms(FIRST_LATER_IN_PANES)}",
            f"raw + {_ms(later)}",
            later <= FIRST_LATER_IN_PANES,
        ),
        Verdict(
            f"{where}: last token of all ≤ {LAST_TIMES_IN_PANES} times raw",
            f"{app.last / raw.last:.3f} times raw",
            app.last <= raw.last * LAST_TIMES_IN_PANES,
        ),
    ]
    if app.websocket is not None and fewer.websocket is not None:
        one = fewer.websocket / fewer.count
        found.append(
            Verdict(
                f"{where}: websocket ≤ {app.count} times that of one pane of {fewer.count}",
                f"{app.websocket / one:.2f} times {one / 1000:.0f} kB",
                app.websocket <= app.count * one,
            )
        )
    return found


def panes_label(count: int) -> str:
    """Return how `count` panes that answer one prompt are called."""
    return f"{count} panes, {SIDE_BY_SIDE.label} each"


def crowd_label(count: int, spread: float) -> str:
    """Return how `count` sessions that send their prompts within `spread` seconds are called."""
    return f"{count} at once, sent " + (f"within {spread:g} s" if spread else "at one moment")


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
