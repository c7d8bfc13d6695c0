"""Testing a connection on the page: what it costs, then a table that fills while it runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from components.connection_actions import test
from components.notices import sentence
from components.session import session
from components.texts import _, number, translated
from playground.check_run import CheckRun
from playground.checkup_steps import Mark, Step, StepResult
from playground.connections import Connection

#: Seconds after which it is looked again whether something came.
TICK = 0.5

MARKS = {Mark.OK: ":green[**✔**]", Mark.FAILED: ":red[**✖**]", Mark.SKIPPED: "–"}  # noqa: RUF001 - a dash for nothing

#: Draws on until the test has ended.
Watch = Callable[[], None]


def last_test(connection: Connection) -> CheckRun | None:
    """Return the last test of the connection as it is now; None if it was changed since."""
    run = session().connecting.checks.get(connection.name)
    return run if run is not None and run.connection == connection else None


def testing(connection: Connection) -> bool:
    """Whether a test of the connection runs. Asked once for each drawing, as it ends at any time."""
    run = last_test(connection)
    return run is not None and not run.done


def test_button(connection: Connection, *, running: bool) -> None:
    """Draw the button that begins the test of a connection."""
    st.button(
        _("Test connection"),
        key=f"test_{connection.name}",
        icon=":material/network_check:",
        disabled=running,
        on_click=test,
        args=(connection,),
    )


def test_table(connection: Connection, *, running: bool) -> Watch | None:
    """Draw what the last test found; returns what draws on if one was `running`."""
    run = last_test(connection)
    if run is None:
        return None
    with st.container(key=f"result_{connection.name}"):
        place = st.empty()
    place.table(rows(run.results), border="horizontal", hide_index=True)
    if not running:
        return None

    def watch() -> None:
        known = len(run.results)
        while not run.done:
            if run.wait(known, TICK):
                known = len(run.results)
                place.table(rows(run.results), border="horizontal", hide_index=True)
        st.rerun()  # the state beside the name, and the button, are other ones now

    return watch


def rows(results: Sequence[StepResult]) -> dict[str, list[str]]:
    """Return the columns of the table: every step, those that have not ended as waiting."""
    by_step = {result.step: result for result in results}
    shown = [by_step.get(step) for step in Step]
    return {
        " ": [MARKS[result.mark] if result else "…" for result in shown],
        _("Step"): [translated(step.words) for step in Step],
        _("Time"): [_time(result) for result in shown],
        _("Found, and what to do"): [_said(result) for result in shown],
    }


def _time(result: StepResult | None) -> str:
    if result is None or result.milliseconds is None:
        return ""
    if result.milliseconds < 1000:
        return f"{number(result.milliseconds, '.0f')} ms"
    return f"{number(result.milliseconds / 1000, '.1f')} s"


def _said(result: StepResult | None) -> str:
    if result is None:
        return ""
    said = sentence(translated(result.said))
    if result.advice:
        said += f" **{sentence(translated(result.advice))}**"
    return said


def state_of(connection: Connection, *, running: bool) -> tuple[str, str, str]:
    """Return how a connection stands: its words, icon and colour for a badge."""
    run = last_test(connection)
    if connection.retired:
        return _("Retired"), ":material/block:", "red"
    if running:
        return _("Being tested"), ":material/hourglass_top:", "blue"
    if run is not None and not run.answered:
        first = run.failures[0].step.words if run.failures else ""
        words = _("Does not work: {step}").format(step=translated(first))
        return words, ":material/error:", "red"
    if run is not None and run.failures:
        return _("Answers, with remarks"), ":material/check_circle:", "orange"
    if run is not None:
        return _("Works"), ":material/check_circle:", "green"
    if connection.scripted:
        return _("Scripted replies, no model"), ":material/theater_comedy:", "violet"
    return _("Not tested yet"), ":material/help:", "gray"
