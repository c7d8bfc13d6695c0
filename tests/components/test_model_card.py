"""The page of the models: what a card says, and where its buttons lead."""

from __future__ import annotations

from typing import Any

import pytest

from components.model_card import facts_of, serving
from components.model_chart import points
from components.texts import speak, translated
from playground.catalog import load_catalog
from tests.support.parts import Configure
from tests.support.tab import Tab

MINI, MEDIUM = "Phi-3-mini-4k-instruct", "Phi-3-medium-4k-instruct"
TWO = f"""
[connections.workstation]
label = "Workstation :red[*]"
endpoint = "http://192.0.2.7:8000/v1"
deployments = {{ "{MINI}" = "phi3:mini" }}

[connections.office]
endpoint = "http://192.0.2.8/v1"
"""


def test_a_card_says_where_its_model_is_connected_and_as_what(
    configure: Configure, tab: Tab
) -> None:
    configure(TWO)
    text = tab.open("models").text
    assert "Workstation :red[*], as `phi3:mini`" in text
    assert f"office, as `{MINI}`" in text
    assert f"office, as `{MEDIUM}`" in text
    assert f"Workstation :red[*], as `{MEDIUM}`" not in text, "it was not said to serve it"


def test_a_model_that_no_connection_serves_says_so(configure: Configure, tab: Tab) -> None:
    configure(TWO.partition("[connections.office]")[0])
    assert tab.open("models").text.count("No connection serves it") == 5


def test_the_demo_is_never_shown_as_a_model(tab: Tab) -> None:
    assert tab.open("models").text.count("Scripted demo only, no model") == 6


def test_a_dutch_reader_gets_names_of_connections_and_the_charts_in_dutch(tab: Tab) -> None:
    tab.at.context = {"locale": "nl-NL"}
    speak("nl")  # AppTest writes down the options of a widget in this thread
    try:
        text = tab.open("models").text
        assert {point["window"] for point in points(load_catalog())} == {"4k of 8k", "128k"}
        assert translated("llama.cpp on this machine") == "llama.cpp op deze machine"
        assert translated("Any chat-completions server (2)") == "Elke chat-completions-server (2)"
        assert translated("The office (2)") == "The office (2)", "what people call it stays"
    finally:
        speak("en")
    assert "Alleen gescripte demo, geen model" in text


def test_chat_picks_a_connection_that_serves_the_model(configure: Configure, tab: Tab) -> None:
    configure(TWO)
    tab.open("models")
    assert tab.session.connection == "workstation"
    tab.click(f"chat_{MEDIUM}")
    assert (tab.session.model, tab.session.connection) == (MEDIUM, "office")
    tab.go("models").click(f"chat_{MINI}")
    assert tab.session.connection == "office", "it serves this one too, and was picked"


def test_compare_opens_the_comparison_with_the_model(tab: Tab) -> None:
    tab.open("models").click(f"compare_{MEDIUM}")
    comparison = tab.session.compared.comparison
    assert comparison is not None
    assert comparison.panes[0].model == MEDIUM
    assert len({pane.model for pane in comparison.panes}) >= 2, "beside another one"


@pytest.mark.parametrize("model", load_catalog().models, ids=load_catalog().names())
def test_the_details_tell_everything_that_is_known(tab: Tab, model: Any) -> None:
    tab.open("models").click(f"details_{model.name}")
    text = tab.text
    for fact, sentence in facts_of(model):
        assert f"**{fact}**" in text
        assert sentence in text
    for limit in model.limits:
        assert limit in text
    scores, places = tab.at.table[-2].value, tab.at.table[-1].value
    assert [float(score) for score in scores["%"]] == list(model.scores.values())
    assert list(places["Name"]) == [f"`{place.name}`" for place in model.places]
    (link,) = tab.at.get("link_button")
    assert link.proto.url == model.card == f"https://huggingface.co/microsoft/{model.name}"


def test_only_medium_is_said_to_drop_the_system_message() -> None:
    dropped = [
        model.size
        for model in load_catalog()
        if "without a word" in dict(facts_of(model))["System message"]
    ]
    assert dropped == ["medium", "medium"]


def test_the_chart_holds_what_the_table_holds() -> None:
    catalog = load_catalog()
    assert [point["score"] for point in points(catalog)] == [
        model.scores[name] for name in catalog.benchmarks for model in catalog
    ]


def test_nothing_is_known_to_serve_a_model_under_a_retired_connection(
    configure: Configure, tab: Tab
) -> None:
    configure("", GITHUB_TOKEN="ghp_x")
    tab.open("models")
    assert [c.name for c, _ in serving(load_catalog().models[0])] == ["demo"]
