"""Which models drop the system message, and that the page can say so."""

from __future__ import annotations

import pytest

from playground.catalog import load_catalog
from playground.quirks import needs_folding, system_message_note


def test_only_the_medium_models_need_folding() -> None:
    found = [model.label for model in load_catalog() if needs_folding(model, "Be brief.")]
    assert found == ["Phi-3 medium 4k", "Phi-3 medium 128k"]


@pytest.mark.parametrize("blank", ["", " \n"])
def test_where_there_is_no_system_message_there_is_nothing_to_fold_or_say(blank: str) -> None:
    for model in load_catalog():
        assert not needs_folding(model, blank)
        assert system_message_note(model, blank, folded=True) == ""


def test_the_note_names_the_model_and_what_became_of_the_message() -> None:
    mini, medium = load_catalog().models[0], load_catalog().models[4]
    folded = system_message_note(medium, "Be brief.", folded=True)
    dropped = system_message_note(medium, "Be brief.", folded=False)
    assert "put at the head of your first message" in folded
    assert "not see this one" in dropped
    assert all("Phi-3 medium 4k" in note for note in (folded, dropped))
    assert system_message_note(mini, "Be brief.", folded=True) == ""
