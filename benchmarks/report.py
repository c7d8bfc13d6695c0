"""The result as Markdown: what is printed, and what stands in benchmarks/README.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.machine import Machine
from benchmarks.measures import Measure
from benchmarks.streams import Crowd, Panes
from benchmarks.targets import Verdict, crowd_label, panes_label
from benchmarks.workload import SHORT, Workload

HOW = """\
`make bench` makes this page anew; it takes about ten minutes. `python -m benchmarks --quick`
measures everything once and only prints it.

One token server (the demo endpoint, in a process of its own) serves everyone. Three contestants
stream the same reply from it, in turn:

- **raw SDK**: `azure-ai-inference` in a plain Python process, with nothing drawn;
- **`st.write_stream`**: a chat page as it is usually written, on Streamlit's own settings
  (`pages/write_stream_page.py`);
- **this app**, as `streamlit run app.py` starts it.

Connections are open and caches warm. In the browser, time runs from the press of Enter to the frame
that shows the text, in a real Chromium without a window; each reply is the first of a new chat. The
*first token* is the first with a letter: the marks before a heading's words show nothing. *Gap* is
the time between two updates, 95th percentile. *Websocket* is what the server sent, which Streamlit
does not compress. *CPU* is that of the process which takes the stream from the socket, from Enter
until the page has come to rest. Each figure is the median of its runs.

Panes beside each other get one prompt, and each has a model of its own (`python -m
benchmarks.panes` measures only them), in a window where all are in view. The raw SDK streams in as
many threads of one process, which all ask at the same moment. The other page is one as it is
usually written (`pages/side_by_side_page.py`): columns, and a thread for each that draws the answer
so far with `st.markdown`; no page of another framework is measured, since none is installed with
the app. The *first token* is the median over the panes, and beside it that of the pane which begins
last; the *last token* is there when all panes have theirs. *Gap* is the 95th percentile over all
updates of all panes. A comparison has at least two panes: what one pane sends is half of what two
send, the rest of the page included.

A conversation of 1,000 messages is measured beside one of 20, step by step in the browser
(`python -m benchmarks.scale` does only that): opening it, a slider moved until its reset shows, a
model picked until the box names it, a message sent until its answer is announced.

Listing and searching is measured in a SQLite database of 100,000 messages, each with 80 words
(`python -m benchmarks.store` prints every action).

Many at once are sessions without a browser, each a websocket that speaks Streamlit's protocol; the
raw SDK streams in as many threads. There, *gap* is the 99th percentile over all updates of all
sessions, and *CPU* begins when every page is open. Clients and servers share the machine."""


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that was measured.

    Attributes:
        replies: medians, by workload and contestant.
        panes: medians, by contestant.
        crowds: by the seconds within which the prompts were sent, and by contestant.
    """

    machine: Machine
    rounds: int
    replies: Mapping[Workload, Mapping[str, Measure]]
    panes: Mapping[str, Panes]
    crowds: Mapping[float, Mapping[str, Crowd]]
    verdicts: Sequence[Verdict]


def page(result: Result) -> str:
    """Return the whole page."""
    parts = ["# How fast a reply reaches the screen", "## Targets", targets_table(result.verdicts)]
    for workload, measures in result.replies.items():
        parts += [f"## {workload.label}", replies_table(measures)]
    count = next(iter(result.panes.values())).count
    parts += [f"## {panes_label(count)}", panes_table(result.panes)]
    for spread, crowds in result.crowds.items():
        count = next(iter(crowds.values())).count
        parts += [f"## {crowd_label(count, spread)}, {SHORT.label}", crowds_table(crowds)]
    parts += [
        "## How it is measured",
        HOW,
        "## Where",
        result.machine.table(),
        f"Rounds: {result.rounds}.",
    ]
    return "\n\n".join(parts) + "\n"


def targets_table(verdicts: Sequence[Verdict]) -> str:
    """Return each target with what was measured."""
    rows = [[v.target, v.measured, "reached" if v.reached else "**not reached**"] for v in verdicts]
    return _table(["target", "measured", ""], rows)


def replies_table(measures: Mapping[str, Measure]) -> str:
    """Return what each contestant took for one reply; the first one is what others compare to."""
    raw = next(iter(measures.values()))
    rows = []
    for name, m in measures.items():
        rows.append(
            [
                name,
                f"{m.first * 1000:.0f} ms",
                f"{m.last:.2f} s",
                f"{m.last / raw.last:.3f}",
                f"{m.gap * 1000:.0f} ms",
                _kilobytes(m.websocket),
                f"{m.cpu:.2f} s",
                f"{m.cpu / raw.cpu:.1f}",
            ]
        )
    head = ["", "first token", "last token", "/ raw", "gap", "websocket", "CPU", "/ raw"]
    return _table(head, rows)


def panes_table(panes: Mapping[str, Panes]) -> str:
    """Return what answers beside each other took; the first ones are what others compare to."""
    raw = next(iter(panes.values()))
    rows = [
        [
            name,
            f"{p.first * 1000:.0f} ms",
            f"{p.slow_first * 1000:.0f} ms",
            f"{p.last:.2f} s",
            f"{p.last / raw.last:.3f}",
            f"{p.gap * 1000:.0f} ms",
            _kilobytes(p.websocket),
            f"{p.cpu:.2f} s",
            f"{p.cpu / raw.cpu:.1f}",
        ]
        for name, p in panes.items()
    ]
    head = ["", "first token", "of the last to begin", "last token", "/ raw"]
    return _table([*head, "gap", "websocket", "CPU", "/ raw"], rows)


def crowds_table(crowds: Mapping[str, Crowd]) -> str:
    """Return what many at once took."""
    rows = [
        [
            name,
            f"{c.first * 1000:.0f} ms",
            f"{c.slow_first * 1000:.0f} ms",
            f"{c.last:.2f} s",
            f"{c.gap * 1000:.0f} ms",
            f"{c.worst_gap * 1000:.0f} ms",
            f"{c.cpu:.2f} s",
        ]
        for name, c in crowds.items()
    ]
    head = ["", "first token", "95th percentile", "last token", "gap", "longest gap", "CPU"]
    return _table(head, rows)


def _kilobytes(count: int | None) -> str:
    return "none" if count is None else f"{count / 1000:,.0f} kB"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
