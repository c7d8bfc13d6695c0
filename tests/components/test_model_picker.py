"""Picking a model and a connection."""

from __future__ import annotations

import pytest

from tests.support.parts import Configure
from tests.support.tab import Tab, take_over

TWO = """
[connections.workstation]
label = "Workstation :red[*]"
endpoint = "http://192.0.2.7:8000/v1"
deployments = { "Phi-3-mini-4k-instruct" = "phi3:mini" }

[connections.office]
endpoint = "http://192.0.2.8/v1"
temperature_max = 1.0
"""


def test_the_six_models_stand_there_with_size_and_context(tab: Tab) -> None:
    tab.open()
    assert tab.widget("model").options == [
        "Phi-3 mini 4k · 3.8B, 4k context",
        "Phi-3 mini 128k · 3.8B, 128k context",
        "Phi-3 small 8k · 7B, 8k context",
        "Phi-3 small 128k · 7B, 128k context",
        "Phi-3 medium 4k · 14B, 4k context",
        "Phi-3 medium 128k · 14B, 128k context",
    ]


def test_the_picked_model_is_what_the_box_asks(tab: Tab) -> None:
    tab.open().choose("model", "Phi-3-medium-128k-instruct")
    assert tab.at.chat_input[0].placeholder == "Ask the scripted demo of Phi-3 medium 128k"


@pytest.mark.parametrize(
    ("secrets", "environment"),
    [
        ("", {}),
        ("", {"GITHUB_TOKEN": "ghp_x"}),
        ("", {"AZURE_INFERENCE_ENDPOINT": "http://192.0.2.7", "GITHUB_TOKEN": "ghp_x"}),
    ],
    ids=["demo", "demo and a retired one", "endpoint and a retired one"],
)
def test_where_there_is_one_usable_connection_there_is_nothing_to_pick(
    configure: Configure, tab: Tab, secrets: str, environment: dict[str, str]
) -> None:
    configure(secrets, **environment)
    tab.open()
    assert [s.key for s in tab.at.selectbox] == ["model"]


def test_several_connections_can_be_picked_but_never_a_retired_one(
    configure: Configure, tab: Tab
) -> None:
    configure(TWO, AZURE_INFERENCE_ENDPOINT="http://192.0.2.9/v1", GITHUB_TOKEN="ghp_x")
    tab.open()
    assert tab.widget("connection").options == ["Your endpoint", "Workstation :red[*]", "office"]
    assert tab.session.connection == "environment"


def test_what_is_picked_is_asked_by_the_name_it_has_there(configure: Configure, tab: Tab) -> None:
    configure(TWO)
    tab.open()
    office, workstation = take_over("office"), take_over("workstation")
    office.answer("from the office")
    workstation.answer("from the workstation")
    tab.choose("connection", "office").send("Hello")
    tab.choose("connection", "workstation").send("Hello again")
    assert [r.deployment for r in office.requests] == ["Phi-3-mini-4k-instruct"]
    assert [r.deployment for r in workstation.requests] == ["phi3:mini"]
    assert "from the office" in tab.said[1]
    assert "via office" in tab.said[1]
    assert "from the workstation" in tab.said[3]
    assert r"via Workstation \:" + "\u2060" + r"red\[\*\]" in str(
        tab.messages[3].markdown[-1].value
    )


def test_a_second_tab_starts_with_its_own_choices(configure: Configure, tab: Tab) -> None:
    configure(TWO)
    tab.open().choose("connection", "office").choose("model", "Phi-3-small-8k-instruct")
    other = Tab().open()
    assert (other.session.connection, other.session.model) == (
        "workstation",
        "Phi-3-mini-4k-instruct",
    )


def test_a_served_model_that_is_none_of_the_six_can_be_picked_and_is_marked(
    configure: Configure, tab: Tab
) -> None:
    configure(
        TWO.replace(
            "[connections.office]", 'other_models = ["gemma :red[2b]"]\n[connections.office]'
        )
    )
    tab.open()
    assert tab.widget("model").options[6:] == ["gemma :red[2b] · not one of the six"]
    workstation = take_over("workstation")
    workstation.answer("Hello from another model.")
    tab.choose("model", "gemma :red[2b]")
    assert "Not one of the six" in tab.sidebar
    tab.send("Hello")
    assert [r.deployment for r in workstation.requests] == ["gemma :red[2b]"]
    assert r"gemma \:" in str(tab.messages[1].markdown[-1].value)


def test_a_model_that_the_connection_is_not_said_to_serve_is_asked_with_a_warning(
    configure: Configure, tab: Tab
) -> None:
    configure(TWO)
    tab.open()
    assert "not said to serve" not in tab.sidebar
    tab.choose("model", "Phi-3-small-8k-instruct")
    assert "not said to serve the model" in tab.sidebar
