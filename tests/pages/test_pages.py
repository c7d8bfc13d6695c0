"""Every page, under every kind of settings, runs and says what is set up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from components.resources import resources
from playground.catalog import load_catalog
from tests.support.conversations import exchange
from tests.support.parts import Configure
from tests.support.tab import PAGES, Tab

CANARY = "sk-canary-7f3a"  # a key that must appear nowhere

SEVERAL = f"""
[connections.workstation]
label = "Workstation"
endpoint = "http://192.0.2.7:8000/v1"
credential = "{CANARY}"

[connections.office]
endpoint = "http://192.0.2.8/v1"
"""

SETUPS: dict[str, tuple[str, dict[str, str]]] = {
    "demo": ("", {}),
    "endpoint": (
        "",
        {
            "AZURE_INFERENCE_ENDPOINT": "http://192.0.2.7/v1",
            "AZURE_INFERENCE_CREDENTIAL": CANARY,
        },
    ),
    "token": ("", {"GITHUB_TOKEN": CANARY}),
    "malformed": ("", {"AZURE_INFERENCE_ENDPOINT": f"localhost:8080/{CANARY}"}),
    "several": (SEVERAL, {"GITHUB_TOKEN": CANARY}),
}


def set_up(configure: Configure, name: str) -> None:
    secrets, environment = SETUPS[name]
    configure(secrets, **environment)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("setup", SETUPS)
def test_each_page_runs_and_shows_no_key(
    configure: Configure, tab: Tab, setup: str, page: str
) -> None:
    set_up(configure, setup)
    tab.open(page)
    assert tab.text
    assert CANARY not in tab.text
    assert CANARY not in str(tab.at.main.root)


@pytest.mark.parametrize("page", ["chat", "compare"])
def test_several_faulty_settings_are_one_sentence_where_people_chat(
    configure: Configure, tab: Tab, page: str
) -> None:
    faulty = {"AZURE_INFERENCE_ENDPOINT": "localhost:8080", "PLAYGROUND_DEMO": "perhaps"}
    configure("[connections.office]\nendpoint = 3", **faulty)
    told = [warning.value for warning in tab.open(page).at.warning]
    assert told == [
        "**3 settings need mending.** The Connections page tells which, and what to do."
    ]
    assert len(tab.open("connections").at.warning) == 3, "in full, there"


def test_without_settings_the_chat_says_that_replies_are_scripted(tab: Tab) -> None:
    tab.open()
    assert "**replies here are scripted**" in tab.text
    assert "Demo: scripted replies, no model" in tab.sidebar
    assert "Ask the scripted demo of Phi-3 mini 4k" in tab.text
    assert tab.alerts == []


def test_with_an_endpoint_nothing_is_called_scripted(configure: Configure, tab: Tab) -> None:
    set_up(configure, "endpoint")
    tab.open()
    assert "script" not in tab.text.lower()
    assert "Your endpoint at 192.0.2.7" in tab.sidebar
    assert "Ask Phi-3 mini 4k" in tab.text
    assert resources().demo is None, "no demo endpoint runs where it is not used"
    assert "Asked with a key." in tab.go("connections").text


def test_a_github_token_alone_gives_the_demo_and_a_notice(configure: Configure, tab: Tab) -> None:
    set_up(configure, "token")
    tab.open()
    assert ["30 July 2026" in alert for alert in tab.alerts] == [True]
    assert "Demo: scripted replies, no model" in tab.sidebar
    text = tab.go("connections").text
    assert "GitHub Models (retired)" in text
    assert ":red-badge[:material/block: Retired]" in text


def test_the_retired_address_alone_gives_the_demo_and_the_reason(
    configure: Configure, tab: Tab
) -> None:
    """The address that GitHub Models began with, as it still stands in many a `.env`."""
    configure(
        AZURE_INFERENCE_ENDPOINT="https://models.inference.ai.azure.com",
        AZURE_INFERENCE_CREDENTIAL="ghp-1",
    )
    assert "Demo: scripted replies, no model" in tab.open().sidebar
    text = tab.go("connections").text
    assert "retired on 30 July 2026" in text
    assert ":red-badge[:material/block: Retired]" in text


def test_a_malformed_endpoint_is_named_where_one_chats_and_where_one_mends(
    configure: Configure, tab: Tab
) -> None:
    set_up(configure, "malformed")
    for page in ("chat", "connections"):
        tab.open(page)
        (alert,) = tab.alerts
        assert "AZURE_INFERENCE_ENDPOINT is not the URL of a server." in alert
        assert "http://127.0.0.1:8080/v1" in alert, "the alert shows how it is written"
    assert "Demo (scripted)" in tab.text, "the rest works"


def test_a_malformed_connection_does_not_take_the_others_with_it(
    configure: Configure, tab: Tab
) -> None:
    configure(SEVERAL + "[connections.broken]\nendpoint = 5\n")
    tab.open("connections")
    assert ["[connections.broken] endpoint has the wrong type" in a for a in tab.alerts] == [True]
    assert "Workstation" in tab.text
    assert "office" in tab.text


def test_connections_are_listed_with_address_and_state(configure: Configure, tab: Tab) -> None:
    set_up(configure, "several")
    text = tab.open("connections").text
    assert text.index("Workstation") < text.index("office") < text.index("GitHub Models")
    assert "`http://192.0.2.7:8000/v1`" in text
    assert "Asked with a key." in text
    assert "Asked without a key." in text


def test_a_forced_demo_is_alone(configure: Configure, tab: Tab) -> None:
    configure(SEVERAL, PLAYGROUND_DEMO="1")
    tab.open()
    assert [c.name for c in resources().connections] == ["demo"]
    assert "Demo: scripted replies, no model" in tab.sidebar


def test_each_model_has_a_card_that_leads_to_a_chat_with_it(tab: Tab) -> None:
    for model in load_catalog():
        tab.open("models")
        assert model.label in [heading.value for heading in tab.at.subheader]
        tab.click(f"chat_{model.name}")
        assert tab.at.chat_input, "the chat is on the page"
        assert tab.widget("model").value == model.name
        assert tab.session.model == model.name


def test_the_table_of_benchmarks_holds_every_score_and_its_source(tab: Tab) -> None:
    tab.open("models")
    catalog = load_catalog()
    table = tab.at.table[0].value
    assert len(table) == len(catalog.benchmarks)
    for model in catalog:
        column = [float(score) for score in table[model.label.removeprefix("Phi-3 ")]]
        assert column == [model.scores[name] for name in catalog.benchmarks]
    assert catalog.sources["benchmarks"] in tab.text


def test_history_lists_what_was_chatted_about_and_opens_it(tab: Tab) -> None:
    assert "Nothing here yet" in tab.open("history").text
    tab.go("chat").send("What is the capital of France?")
    first = tab.session.conversation.id
    tab.click("new_chat").send("Hello")
    tab.go("history")
    labels = [b.label for b in tab.at.button if str(b.key).startswith("open_")]
    assert ["Hello" in labels[0], "What is the capital of France" in labels[1]] == [True, True]
    tab.click(f"open_{first}")
    assert tab.address == {"c": first}
    assert tab.prompts[0] == "What is the capital of France?"
    assert "Paris" in tab.said[1]


def titles(tab: Tab) -> list[str]:
    """Return the titles in the history, in their order."""
    return [b.label.strip("*") for b in tab.at.button if str(b.key).startswith("open_")]


def test_pinned_conversations_stand_at_the_top_however_old_they_are(tab: Tab) -> None:
    owner = tab.open().session.owner
    kept = [exchange(f"number {n}", "Yes.", at=1e9 + n) for n in range(9)]
    resources().store.add(owner, *kept)
    resources().store.pin(owner, kept[0].id, pinned=True)
    tab.go("history")
    assert titles(tab) == ["number 0", *(f"number {n}" for n in range(8, 0, -1))]
    assert tab.at.header[0].value == "Pinned"
    assert " September 2001 · " in tab.text, "which day it was stands in the row, without a heading"
    listed = [str(b.key) for b in tab.at.sidebar.button if str(b.key).startswith("recent_")]
    assert listed == [f"recent_{kept[n].id}" for n in (0, 8, 7, 6, 5, 4)]


def test_the_way_back_from_a_backup_names_the_python_that_has_what_it_needs(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(Path.cwd() / "own" / "python"))
    own = Path("own") / "python"
    assert f"`{own} -m playground.backup --restore FILE`" in tab.open("history").text
    monkeypatch.setattr(sys, "executable", "/elsewhere/python3")
    assert "`python -m playground.backup --restore FILE`" in tab.run().text


def test_what_a_search_finds_stands_newest_first_in_whatever_order_it_was_imported(
    tab: Tab,
) -> None:
    owner = tab.open().session.owner
    ages = (3, 1, 2)
    resources().store.add(owner, *(exchange(f"river {n}", "Yes.", at=1e9 - n) for n in ages))
    tab.go("history").choose("history_query", "river")
    assert titles(tab) == ["river 1", "river 2", "river 3"]


@pytest.mark.usefixtures("strangers")
def test_history_shows_nothing_of_another_owner(tab: Tab) -> None:
    tab.open().send("A secret plan")
    other = Tab().open("history")
    assert "secret plan" not in other.text
    assert "Nothing here yet" in other.text


def test_a_title_is_text_whatever_it_holds(tab: Tab) -> None:
    tab.open().send("![x](http://192.0.2.1/x.png) :red-badge[ADMIN] <b>")
    tab.go("history")
    (label,) = [b.label for b in tab.at.button if str(b.key).startswith("open_")]
    assert r"\!\[x\]\(http\:" in label
    assert r"\[ADMIN\]" in label
    assert r"\<b\>" in label
