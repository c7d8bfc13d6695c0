"""A test of a connection that runs by itself and can be looked at, waited for and ended."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from playground.check_run import CheckRun
from playground.checkup_steps import Mark, Step, StepResult
from playground.connections import Connection
from playground.stop import StopSignal

PATIENCE = 10.0
CONNECTION = Connection(name="x", label="X", endpoint="http://127.0.0.1:1/v1")
REACHED = StepResult(Step.HOST, Mark.OK)
ANSWERED = StepResult(Step.ANSWER, Mark.OK)
SILENT = StepResult(Step.ANSWER, Mark.FAILED)


def ended(run: CheckRun) -> CheckRun:
    """Wait for the end of the run."""
    while not run.done:
        assert run.wait(len(run.results), PATIENCE)
    return run


def test_results_are_seen_as_they_come_and_the_end_is_told() -> None:
    go_on = threading.Event()

    def test(connection: Connection, stop: StopSignal) -> Iterator[StepResult]:
        assert connection is CONNECTION
        yield REACHED
        assert go_on.wait(PATIENCE)
        yield ANSWERED

    run = CheckRun(CONNECTION, test)
    assert run.wait(0, PATIENCE)
    assert (run.results, run.done) == ((REACHED,), False)
    assert not run.wait(1, 0.0), "nothing new yet"
    go_on.set()
    assert ended(run).results == (REACHED, ANSWERED)
    assert run.wait(2, 0.0), "the end counts as news"


def test_it_can_be_ended_early() -> None:
    def test(_: Connection, stop: StopSignal) -> Iterator[StepResult]:
        yield REACHED
        assert stop.wait(PATIENCE)

    run = CheckRun(CONNECTION, test)
    run.stop()
    assert ended(run).results == (REACHED,)


def test_an_answer_counts_whatever_else_failed() -> None:
    usage = StepResult(Step.USAGE, Mark.FAILED)
    answered = ended(CheckRun(CONNECTION, lambda *_: iter((REACHED, ANSWERED, usage))))
    assert answered.answered
    assert answered.failures == (usage,)
    silent = ended(CheckRun(CONNECTION, lambda *_: iter((REACHED, SILENT))))
    assert not silent.answered
    assert silent.failures == (SILENT,)


def test_the_real_test_is_what_runs_by_default() -> None:
    run = ended(CheckRun(CONNECTION))
    assert [result.step for result in run.results] == list(Step)
    assert not run.answered
