"""Every ending, every error and every oddity of a reply, by name: `/scenario NAME`.

To add one, write its function beside its kind (it takes a `Call` and returns an `Answer`), add a
`Scenario` to that module's SCENARIOS, and a row to the table in docs/demo.md.
"""

from __future__ import annotations

from playground.demo.answers import BRISK, Answer, script
from playground.demo.asked import Asked
from playground.demo.attempts import Attempts
from playground.demo.quoting import quoted
from playground.demo.scenarios import contents, endings, oddities, refusals, waiting
from playground.demo.scenarios.scenario import Call, Scenario, called_for

__all__ = ["SCENARIOS", "Call", "Scenario", "scenario_answer", "scenario_list"]

SCENARIOS: tuple[Scenario, ...] = (
    *endings.SCENARIOS,
    *waiting.SCENARIOS,
    *refusals.SCENARIOS,
    *oddities.SCENARIOS,
    *contents.SCENARIOS,
)

_HOW_TO_CALL = "Type `/scenario NAME` as the whole prompt:"

_BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


def scenario_answer(asked: Asked, attempts: Attempts) -> Answer | None:
    """Return the answer of the scenario that `asked` calls for; None if it calls for none."""
    called = called_for(asked.prompt)
    if called is None:
        return None
    name, argument = called
    scenario = _BY_NAME.get(name)
    if scenario is None:
        unknown = f"There is no scenario {quoted(name)}. " if name else ""
        return script(f"{unknown}{_HOW_TO_CALL}\n\n{scenario_list()}", BRISK)
    call = Call(scenario, asked, argument)
    if asked.begun and call.text.startswith(asked.begun):
        # The reply that was cut short is continued, so this time it comes to its end.
        return script(call.text[len(asked.begun) :])
    if scenario.failures is not None:
        times = int(argument) if argument.isdecimal() else scenario.failures
        if not attempts.fails(asked, times):
            return script(call.text)
    return scenario.run(call)


def scenario_list() -> str:
    """Return all scenarios as a Markdown table."""
    rows = [f"| `{s.usage}` | {s.summary} |" for s in SCENARIOS]
    return "\n".join(["| Name | What happens |", "|:--|:--|", *rows])
