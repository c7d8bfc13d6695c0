"""`python -m benchmarks`: measure, print the result, and write it to benchmarks/README.md."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from benchmarks.bench import APP, APP_BELOW, APP_UNKEPT, RAW, Bench
from benchmarks.browser import chromium
from benchmarks.machine import this_machine
from benchmarks.panes import APP_FEWEST, measure_panes
from benchmarks.report import Result, page
from benchmarks.scale import judge_scale, measure_scale
from benchmarks.store import judge_store, measure_store
from benchmarks.targets import judge, judge_below, judge_crowd, judge_kept, judge_panes
from benchmarks.workload import LONG, SHORT

PAGE = Path(__file__).with_name("README.md")

ROUNDS = 3
#: Seconds within which many sessions send their prompts: as people do, and all at one moment.
SPREADS = (2.0, 0.0)


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure how fast a reply reaches the screen; write benchmarks/README.md.",
    )
    parser.add_argument("--quick", action="store_true", help="one round, printed and not written")
    quick = parser.parse_args().quick
    text = page(measure(1 if quick else ROUNDS))
    print(text)
    if not quick:
        PAGE.write_text(text, encoding="utf-8")


def measure(rounds: int) -> Result:
    """Measure everything, each reply `rounds` times."""
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(chromium())
        machine = this_machine(browser.version)
        bench = Bench(stack, browser)
        replies = bench.replies(rounds)
        panes = measure_panes(browser, bench.endpoint, rounds)
        crowds = {spread: bench.crowds(spread) for spread in SPREADS}
        scale = measure_scale(browser, bench.endpoint, rounds)
    kept = measure_store()
    long, short = replies[LONG], replies[SHORT]
    verdicts = [
        *judge(LONG.label, long[APP], long[RAW], websocket=True),
        *judge(SHORT.label, short[APP], short[RAW]),
        *judge_below(long[APP_BELOW], long[APP]),
        judge_kept(LONG.label, long[APP], long[APP_UNKEPT]),
        judge_kept(SHORT.label, short[APP], short[APP_UNKEPT]),
        *judge_panes(panes[APP], panes[RAW], panes[APP_FEWEST]),
        *judge_scale(scale),
        *judge_store(kept),
        *(
            v
            for spread, found in crowds.items()
            for v in judge_crowd(spread, found[APP], found[RAW])
        ),
    ]
    return Result(machine, rounds, replies, panes, crowds, verdicts)


if __name__ == "__main__":
    main()
