"""The charts under a comparison, and the table that says the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from components.compare_charts import chart_values, curves_of, growth_table, growth_values
from components.compare_results import rows_of
from components.resources import resources
from playground.conversation import Turn
from playground.growth import Growth
from playground.reply import Reply
from playground.rounds import Answer, Round
from tests.support.comparisons import full, said
from tests.support.tab import Tab

LABELS = {"pane_a": "Phi-3 mini 4k", "pane_b": "Phi-3 medium 4k · *0.25*"}


def test_the_bars_show_what_the_table_shows() -> None:
    first = full().rounds[0]
    values = chart_values(rows_of(first, {}), LABELS)
    assert [(v["pane"], v["first"], v["total"]) for v in values] == [
        (LABELS["pane_a"], 0.5, 2.5),
        (LABELS["pane_b"], 0.8, 4.8),
    ]


def a_round(*, growth: Growth | None) -> Round:
    """Return a round of two answers; of the first it was not recorded how its text came."""
    asked, turn = said("pane_b", 1, "Light scatters.")
    grown = replace(turn, reply=replace(turn.reply or Reply(), growth=growth))
    answers = (said("pane_a", 1, "Old."), (asked, grown))
    return Round(1, tuple(_answer(question, turn) for question, turn in answers))


def _answer(asked: Turn, turn: Turn) -> Answer:
    return Answer(turn.id[:6], asked, (turn,), (turn,))


def test_the_lines_and_the_table_tell_the_same_of_each_text_that_was_recorded() -> None:
    curves = curves_of(a_round(growth=Growth((0.5, 2.0), (6, 15))), LABELS)
    assert curves[LABELS["pane_a"]] == ()
    assert [(v["seconds"], v["characters"], v["end"]) for v in growth_values(curves)] == [
        (0.0, 0, False),
        (0.5, 6, False),
        (2.0, 15, False),
        (2.5, 15, True),
    ]
    assert {v["pane"] for v in growth_values(curves)} == {LABELS["pane_b"]}
    assert growth_table(curves) == {
        "Pane": ["Phi\\-3 medium 4k · \\*0\\.25\\*"],
        "First text": ["0.50\u00a0s"],
        "A quarter": ["0.50\u00a0s"],
        "Half": ["2.00\u00a0s"],
        "Three quarters": ["2.00\u00a0s"],
        "All": ["2.00\u00a0s"],
        "Characters": ["15"],
    }


def charts_of(tab: Tab) -> list[dict[str, Any]]:
    """Return the specifications of the charts on the page."""
    return [json.loads(chart.proto.spec) for chart in tab.at.get("vega_lite_chart")]


def test_answers_have_a_line_each_with_a_name_and_a_table_beside_it(tab: Tab) -> None:
    tab.open("compare").send("What is the capital of France?")
    lines = charts_of(tab)[0]
    scale = lines["encoding"]["color"]["scale"]
    panes = scale["domain"]
    assert len(panes) == 2
    dashes = lines["layer"][0]["encoding"]["strokeDash"]["scale"]
    assert len({json.dumps(look) for look in dashes["range"]}) == 2, "told not by colour alone"
    assert dashes["domain"] == panes
    (table,) = [t.value for t in tab.at.table if "Three quarters" in t.value.columns]
    assert len(table) == 2
    assert all(time.endswith("\u00a0s") for time in table["All"])
    charts = tab.at.get("vega_lite_chart")
    assert "A table of it stands below." in charts[0].proto.alt


def test_of_a_reply_from_before_it_was_recorded_the_page_says_so(tab: Tab) -> None:
    """And while a blind test goes on, nothing of the kind is on the page."""
    view, store = full(), resources().store
    assert view.comparison.blind is not None
    tab.open()
    owner = tab.session.owner
    assert store.save_comparison(owner, view.comparison) is not None
    for pane in view.conversations.values():
        store.append(owner, pane.id, *pane.turns)
    tab.open("compare", comparison=view.comparison.id)
    assert charts_of(tab) == []
    assert "over time" not in tab.text
    tab.click("blind_end")
    assert "How the text came was not recorded for: Phi-3 medium 4k" in tab.text
    assert "tokens per second" not in json.dumps(charts_of(tab)[0])
    assert not [t for t in tab.at.table if "Three quarters" in t.value.columns]
