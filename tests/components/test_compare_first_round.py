"""The compare page while the first answers come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from components import compare_reading, compare_results
from playground.rounds import Round
from tests.support.tab import Tab


def test_figures_wait_until_an_answer_has_ended(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Sequence[Round]] = []
    draw = compare_results.results

    def results(found: Sequence[Round], *rest: Any) -> Round | None:
        drawn.append(found)
        return draw(found, *rest)

    monkeypatch.setattr(compare_reading, "results", results)
    tab.open("compare").click("setup_temperatures").send("/scenario tokens 30 at 60")
    assert drawn, "they are there in the end"
    for found in drawn:
        assert any(not answer.running for one in found for answer in one.answers)
