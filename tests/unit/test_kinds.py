"""What is known of each kind of server is complete, and of one piece with the rest."""

from __future__ import annotations

import pytest

from playground.catalog import load_catalog
from playground.connections import Kind, checked_endpoint
from playground.kinds import KINDS, KindFacts, facts
from playground.kinds.facts import ALL_SIX, NO_FILTER, WITHOUT_SMALL
from playground.parameters import PARAMETER_NAMES


def test_every_kind_is_known_once() -> None:
    assert sorted(known.kind for known in KINDS) == sorted(Kind)
    assert all(facts(kind).kind is kind for kind in Kind)


@pytest.mark.parametrize("known", KINDS, ids=lambda known: known.kind.value)
def test_what_is_known_of_a_kind_can_be_shown_and_used(known: KindFacts) -> None:
    for text in (known.label, known.summary, known.filtering, *known.hints, *known.quirks):
        assert text == text.strip()
        assert text
    assert known.summary.endswith(".")
    assert checked_endpoint(known.endpoint.replace("PORT", "1"), setting="endpoint")
    assert known.parameters <= PARAMETER_NAMES
    assert known.serves <= ALL_SIX
    assert known.entra is bool(known.entra_scope)
    assert known.port is None or f":{known.port}/" in known.endpoint
    assert known.typed is (known.kind is not Kind.DEMO)


def test_the_models_are_those_of_the_catalog() -> None:
    assert set(load_catalog().names()) == ALL_SIX
    assert {name for name in ALL_SIX if "small" not in name} == WITHOUT_SMALL


def test_servers_on_ones_own_machine_filter_nothing_and_it_is_said() -> None:
    own = (Kind.OLLAMA, Kind.LM_STUDIO, Kind.LLAMA_CPP, Kind.VLLM, Kind.FOUNDRY_LOCAL)
    assert all(facts(kind).filtering == NO_FILTER for kind in own)


def test_no_two_kinds_are_expected_at_one_port() -> None:
    ports = [known.port for known in KINDS if known.port is not None]
    assert len(ports) == len(set(ports))
