"""The form of parameters: what it shows, what it keeps, and that nothing else is ever sent."""

from __future__ import annotations

from typing import Any

import pytest

from components.resources import resources
from playground.parameters import (
    DEFAULT_SYSTEM_MESSAGE,
    NUMERIC_PARAMETERS,
    NumericParameter,
    Parameters,
)
from tests.support.parts import Configure
from tests.support.tab import Tab, take_over

#: A temperature, and a value of each other parameter, none of them the default.
OTHERS: dict[str, Any] = {
    "temperature": 0.4,
    "max_tokens": 4096,
    "top_p": 0.5,
    "presence_penalty": -1.5,
    "frequency_penalty": 0.7,
    "seed": 7,
}

NARROW = """
[connections.wide]
endpoint = "http://192.0.2.7/v1"

[connections.narrow]
endpoint = "http://192.0.2.8/v1"
temperature_max = 1.0
parameters = ["temperature", "top_p"]

[connections.cold]
endpoint = "http://192.0.2.9/v1"
temperature_max = 0.5
"""

each_parameter = pytest.mark.parametrize("spec", NUMERIC_PARAMETERS, ids=lambda s: s.name)


@each_parameter
def test_each_parameter_shows_its_default_its_hint_and_its_range(
    tab: Tab, spec: NumericParameter
) -> None:
    widget = tab.open().widget(f"parameter_{spec.name}")
    assert widget.label == spec.label
    assert widget.value == getattr(Parameters(), spec.name)
    assert widget.help == f"{spec.hint} Range: {spec.minimum:.10g} to {spec.maximum:.10g}."


def test_sliders_end_where_the_range_ends(tab: Tab) -> None:
    tab.open()
    ranges = {s.label: (s.min, s.max, s.step) for s in tab.at.slider}
    assert ranges == {
        "Temperature": (0, 1, 0.05),
        "Top P": (0, 1, 0.05),
        "Presence penalty": (-2, 2, 0.1),
        "Frequency penalty": (-2, 2, 0.1),
    }


def test_temperature_goes_up_to_two_where_the_server_takes_it(
    configure: Configure, tab: Tab
) -> None:
    configure(AZURE_INFERENCE_ENDPOINT="http://192.0.2.7/v1")
    slider = tab.open().widget("parameter_temperature")
    assert slider.max == 2
    assert "Range: 0 to 2." in slider.help
    take_over("environment").answer("hot")
    tab.choose("parameter_temperature", 1.9).send("Hello")
    assert "hot" in tab.said[1]


@each_parameter
def test_a_changed_parameter_is_marked_and_can_be_reset_alone(
    tab: Tab, spec: NumericParameter
) -> None:
    tab.open().choose("parameter_top_p", 0.9).choose("parameter_seed", 3)
    key = f"parameter_{spec.name}"
    tab.choose(key, OTHERS[spec.name])
    assert tab.widget(key).label == f"{spec.label} ●"
    tab.click(f"reset_{spec.name}")
    assert tab.widget(key).label == spec.label
    assert tab.widget(key).value == getattr(Parameters(), spec.name)
    assert not tab.has(f"reset_{spec.name}")
    assert set(tab.session.parameters.changed()) == {"top_p", "seed"} - {spec.name}


def test_stop_strings_are_marked_and_can_be_reset_alone(tab: Tab) -> None:
    tab.open().choose("parameter_stop", "###\n\n\\n\\n")
    assert tab.session.parameters.stop == ("###", "\n\n"), "an empty line is no stop string"
    assert tab.widget("parameter_stop").label == "Stop strings ●"
    assert tab.widget("parameter_stop").value == "###\n\\n\\n"
    tab.click("reset_stop")
    assert tab.widget("parameter_stop").value == ""
    assert tab.session.parameters == Parameters()


def test_reset_all_resets_everything(tab: Tab) -> None:
    tab.open()
    assert not tab.has("reset_all")
    for name, value in OTHERS.items():
        tab.choose(f"parameter_{name}", value)
    tab.choose("parameter_stop", "###").choose("system_message", "Speak like a pirate.")
    assert tab.widget("system_message").label == "System message ●"
    tab.click("reset_all")
    assert tab.session.parameters == Parameters()
    assert tab.widget("system_message").value == DEFAULT_SYSTEM_MESSAGE
    assert [tab.widget(f"parameter_{n}").value for n in OTHERS] == [
        getattr(Parameters(), n) for n in OTHERS
    ]
    assert "●" not in tab.text
    assert not tab.has("reset_all")


def test_what_is_entered_is_what_is_sent(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("Fine.")
    tab.choose("model", "Phi-3-mini-128k-instruct")  # 4,096 tokens fit its window
    for name, value in OTHERS.items():
        tab.choose(f"parameter_{name}", value)
    tab.choose("parameter_stop", "###").choose("system_message", "Speak like a pirate.")
    tab.send("Hello")
    (request,) = demo.requests
    assert request.parameters == Parameters(**OTHERS, stop=("###",))
    assert [m.content for m in request.messages] == ["Speak like a pirate.", "Hello"]


def test_an_empty_system_message_is_not_sent(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("Fine.")
    tab.choose("system_message", "  ").send("Hello")
    assert [m.content for m in demo.requests[0].messages] == ["Hello"]


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("parameter_max_tokens", 0, "Max tokens must be from 1 to 4096."),
        ("parameter_max_tokens", 4097, "Max tokens must be from 1 to 4096."),
        ("parameter_seed", -1, "Seed must be from 0 to 2147483647."),
        ("parameter_seed", 2**31, "Seed must be from 0 to 2147483647."),
        ("parameter_stop", "a\nb\nc\nd\ne", "At most 4 stop strings can be sent."),
    ],
)
def test_out_of_range_says_why_and_gives_the_prompt_back(
    tab: Tab, key: str, value: Any, why: str
) -> None:
    tab.open()
    demo = take_over("demo")
    tab.choose(key, value)
    assert tab.alerts == [why]
    assert tab.widget(key).value == value, "what was entered stays, to be mended"
    tab.send("My long prompt")
    assert any(why in alert and "your text is kept in the box" in alert for alert in tab.alerts)
    assert tab.at.chat_input[0].value == "My long prompt"
    assert demo.requests == []
    assert tab.messages == []
    assert resources().store.recent(tab.session.owner, 9) == ()
    demo.answer("Fine.")
    tab.click(f"reset_{key.removeprefix('parameter_')}").send("My long prompt")
    assert tab.alerts == []
    assert "Fine." in tab.said[1]


def test_a_parameter_that_is_not_taken_is_said_to_be_so_and_is_not_sent(
    configure: Configure, tab: Tab
) -> None:
    configure(NARROW)
    tab.open().choose("parameter_max_tokens", 5000).choose("connection", "narrow")
    labels = {w.label for w in (*tab.at.slider, *tab.at.number_input, *tab.at.text_area)}
    assert labels == {"Temperature", "Top P", "System message"}
    for label in ("Max tokens", "Presence penalty", "Frequency penalty", "Seed", "Stop strings"):
        assert f"{label}: not taken by this connection, not sent." in tab.sidebar
    take_over("narrow").answer("Fine.")
    tab.send("Hello")
    assert "Fine." in tab.said[1], "what is not sent cannot be out of range"
    tab.choose("connection", "wide")
    assert tab.widget("parameter_max_tokens").value == 5000, "it is kept for who takes it"


def test_a_connection_that_takes_less_lowers_the_temperature_on_the_page(
    configure: Configure, tab: Tab
) -> None:
    """What is sent is what the slider shows, for each connection in turn."""
    configure(NARROW)
    tab.open()
    endpoints = {name: take_over(name) for name in ("wide", "narrow", "cold")}
    tab.choose("parameter_temperature", 1.5)
    for name, expected in (("wide", 1.5), ("narrow", 1.0), ("wide", 1.0), ("cold", 0.5)):
        tab.choose("connection", name)
        assert tab.widget("parameter_temperature").value == expected
        assert tab.alerts == []
        endpoints[name].answer("Fine.")
        tab.send("Hello")
        assert endpoints[name].requests[-1].parameters.temperature == expected


def test_where_less_than_the_default_is_taken_the_page_starts_with_that(
    configure: Configure, tab: Tab
) -> None:
    configure('[connections.cold]\nendpoint = "http://192.0.2.9"\ntemperature_max = 0.5')
    tab.open()
    cold = take_over("cold")
    cold.answer("Fine.")
    assert tab.widget("parameter_temperature").value == 0.5
    tab.choose("parameter_temperature", 0.2).click("reset_all")
    assert tab.widget("parameter_temperature").value == 0.5
    tab.send("Hello")
    assert cold.requests[0].parameters.temperature == 0.5


def test_what_is_entered_outlives_a_visit_to_another_page(tab: Tab) -> None:
    tab.open().choose("parameter_temperature", 0.3).choose("system_message", "Be brief.")
    tab.go("models").go("chat")
    assert tab.widget("parameter_temperature").value == 0.3
    assert tab.widget("system_message").value == "Be brief."
