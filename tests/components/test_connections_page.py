"""The page of the connections: what it lists, tests, finds, takes and explains."""

from __future__ import annotations

import re
from typing import Any

import pytest

import components.connection_actions
from components.resources import resources
from components.texts import speak, translated
from playground.connections import Connection, Kind, Price
from playground.demo import DemoServer
from playground.discovery import FoundServer
from playground.guides import Commands, Listing, Shell, load_guides
from playground.model_names import served
from tests.support.parts import Configure
from tests.support.processes import free_port
from tests.support.tab import Tab

CANARY = "sk-canary-typed-91c4"
MINI = "Phi-3-mini-4k-instruct"

LAB = """
[connections.lab]
label = "Lab"
kind = "vllm"
endpoint = "http://192.0.2.7:8000/v1"
credential = "sk-lab"
requests_per_minute = 15
requests_per_day = 150
max_concurrent = 5
context_limit = 8192
price = { prompt = 0.13, completion = 0.52, currency = "EUR" }
other_models = ["gemma-2b"]
[connections.lab.deployments]
"Phi-3-mini-4k-instruct" = "mini :red[x]"
"""


class Found:
    """What was found, without looking."""

    enabled = True
    ports = (8080, 11434)

    def __init__(self, *servers: FoundServer) -> None:
        self.servers = servers
        self.looked = 0

    def look(self) -> None:
        self.looked += 1

    def found(self, patience: float = 0.0) -> tuple[FoundServer, ...]:
        return self.servers


@pytest.fixture
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the visitor be on the machine of the server, which AppTest's requests do not say."""
    monkeypatch.setattr(components.connection_actions, "may_type", lambda *_: True)


def demo_url() -> str:
    demo = resources().demo
    assert demo is not None
    return demo.url


def find(monkeypatch: pytest.MonkeyPatch, *servers: FoundServer) -> Found:
    found = Found(*servers)
    monkeypatch.setattr(resources(), "finder", found)
    return found


def keys(tab: Tab) -> set[str]:
    return {str(button.key) for button in tab.at.button}


def typed_of(tab: Tab) -> Connection:
    (name,) = tab.session.connecting.typed
    connection = tab.session.connections.get(name)
    assert connection is not None
    return connection


def form(tab: Tab, name: str) -> Any:
    """Return the widget of the form's field."""
    nodes = [n for n in tab.at.main.root if str(getattr(n, "key", "")).startswith(f"form_{name}_")]
    (found,) = nodes
    return found


def fill(tab: Tab, **values: Any) -> None:
    """Fill in fields of the form, which count once one of its buttons is clicked."""
    for name, value in values.items():
        form(tab, name).set_value(value)


def test_a_card_tells_kind_address_names_limits_price_and_filter(
    configure: Configure, tab: Tab
) -> None:
    configure(LAB)
    text = tab.open("connections").text
    for words in (
        "Lab",
        "vLLM · `http://192.0.2.7:8000/v1`",
        ":violet-badge[Phi-3 mini 4k] `mini :red[x]`",
        "Asked with a key.",
        "Not one of the six: `gemma-2b`.",
        "15 requests a minute, 150 requests a day, 5 at once, window 8,192 tokens",
        "0.13 EUR for a million tokens in, 0.52 out",
        "filters nothing",
        "Not tested yet",
        "Preferred",
    ):
        assert words in text
    assert "sk-lab" not in str(tab.at.main.root)


def test_a_test_says_its_cost_first_and_then_draws_every_step(tab: Tab) -> None:
    tab.open("connections")
    assert "asks for 18 tokens in all" in tab.text
    tab.click("test_demo")
    table = tab.at.table[0].value
    assert list(table["Step"])[:2] == ["Host reached", "Secure connection"]
    assert list(table["Step"])[-1] == "Parameters taken"
    assert len(table) == 8
    assert set(table[" "]) <= {":green[**✔**]", "–"}  # noqa: RUF001 - a dash for nothing
    assert "ms" in table["Time"][0]
    assert ":green-badge[:material/check_circle: Works]" in tab.text
    assert not tab.at.button("test_demo").disabled


def test_what_fails_says_what_to_do_and_leads_to_the_guide(configure: Configure, tab: Tab) -> None:
    endpoint = f"http://127.0.0.1:{free_port()}/v1"
    configure(f'[connections.x]\nkind = "ollama"\nendpoint = "{endpoint}"\n')
    tab.open("connections").click("test_x")
    table = tab.at.table[0].value
    assert table[" "][0] == ":red[**✖**]"
    assert "Nothing listens at" in table["Found, and what to do"][0].replace("\\", "")
    assert "**" in table["Found, and what to do"][0], "what to do stands out"
    assert "Does not work: Host reached" in tab.text
    assert "connections?guide=ollama#guides" in tab.text


@pytest.mark.usefixtures("at_home")
def test_a_found_server_is_connected_in_one_click_and_chatted_with(
    configure: Configure, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(LAB)
    tab.open()
    with DemoServer(pace=0) as server:
        models = served(["gemma-2b", MINI])
        found = find(monkeypatch, FoundServer(Kind.OLLAMA, server.url, models, context_limit=2048))
        tab.go("connections")
        assert "Serves Phi-3 mini 4k. Not one of the six: `gemma-2b`." in tab.text
        tab.click("look_again")
        assert found.looked == 1
        tab.click(f"connect_{found.servers[0].name}")
        assert "No other model server answers here, at the ports 8080, 11434." in tab.text
        made = typed_of(tab)
        assert (made.deployments, made.context_limit) == ({MINI: MINI}, 2048)
        assert not tab.has(f"connect_{found.servers[0].name}"), "it is connected now"
        assert tab.click(f"use_{made.name}").at.chat_input, "the chat is on the page"
        tab.go("chat").send("Hello")
        assert "via Ollama on this machine" in tab.said[1]
        assert "Complete" in tab.said[1]


@pytest.mark.usefixtures("at_home")
def test_a_found_server_that_wants_a_key_opens_the_form(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab.open()
    server = FoundServer(Kind.GATEWAY, "http://127.0.0.1:4000/v1", wants_key=True)
    find(monkeypatch, server)
    tab.go("connections").click(f"key_{server.name}")
    assert form(tab, "kind").value is Kind.GATEWAY
    assert form(tab, "endpoint").value == "http://127.0.0.1:4000/v1"


def test_a_found_server_is_offered_in_the_empty_chat(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab.open()
    server = FoundServer(Kind.OLLAMA, "http://127.0.0.1:11434/v1", served(["phi3"]))
    find(monkeypatch, server)
    assert tab.run().has(f"connect_{server.name}")


def test_where_nothing_may_be_looked_for_nothing_is_said_of_it(tab: Tab) -> None:
    tab.open("connections")
    assert "Found on this machine" not in [heading.value for heading in tab.at.header]
    assert not tab.has("look_again")


def test_on_a_server_that_others_reach_nothing_can_be_typed(tab: Tab) -> None:
    """The page says why, and whoever calls what the form calls is refused as well."""
    tab.open("connections")
    assert "Servers cannot be added here" in tab.text
    assert not keys(tab) & {"add_connection", "ask_served"}
    assert not components.connection_actions.allowed()


@pytest.mark.usefixtures("at_home")
def test_a_typed_connection_takes_its_names_from_what_is_served(tab: Tab) -> None:
    tab.open("connections")
    form(tab, "kind").set_value(Kind.CHAT_COMPLETIONS)
    tab.run()
    fill(tab, endpoint=demo_url(), credential=CANARY)
    tab.click("ask_served")
    assert "It serves 6 models" in tab.text
    assert form(tab, MINI).value == MINI
    tab.click("add_connection")
    made = typed_of(tab)
    assert (made.endpoint, made.typed) == (demo_url(), True)
    assert made.credential is not None
    assert made.credential.key == CANARY
    assert len(made.deployments) == 6
    assert tab.session.connection == made.name
    assert "is connected, and used from now on" in tab.text
    assert "This session only" in tab.text
    assert "Any chat-completions server ·" not in tab.text, "its kind is its name already"
    assert f'endpoint = "{demo_url()}"' in tab.text, "the lines that keep it"
    assert CANARY not in str(tab.at.main.root)
    assert CANARY not in tab.text
    other = Tab().open("connections")
    assert made.name not in {c.name for c in other.session.connections}, "of this tab alone"
    tab.click(f"use_{made.name}").go("chat").send("Hello")
    assert "via Any chat-completions server" in tab.said[1]
    tab.go("connections").click(f"remove_{made.name}")
    assert tab.session.connecting.typed == ()
    assert tab.session.connection == "demo"
    assert resources().typed.get(made.name) is None, "its key is forgotten"


@pytest.mark.usefixtures("at_home")
def test_a_name_limits_and_a_price_can_be_stated_in_the_form_too(tab: Tab) -> None:
    tab.open("connections")
    form(tab, "kind").set_value(Kind.CHAT_COMPLETIONS)
    tab.run()
    fill(tab, endpoint=demo_url(), label="The lab", requests_per_minute=1, context_limit=2048)
    fill(tab, prompt=0.5, currency="EUR")
    tab.click("add_connection")
    made = typed_of(tab)
    assert (made.label, made.requests_per_minute, made.context_limit) == ("The lab", 1, 2048)
    assert made.price == Price(0.5, 0.0, "EUR")
    assert (made.requests_per_day, made.max_concurrent) == (None, None)
    for words in (
        "Any chat-completions server · `",
        "1 request a minute, window 2,048 tokens",
        "0.5 EUR for a million tokens in, 0 out",
        "[connections.the-lab]",
        "requests_per_minute = 1",
    ):
        assert words in tab.text
    tab.click(f"use_{made.name}").go("chat").send("Hello")
    assert "Complete" in tab.said[1]
    tab.send("Hello again")
    assert "This connection's limit of 1 request a minute is reached" in tab.said[3]


@pytest.mark.usefixtures("at_home")
def test_a_typed_key_is_changed_in_place_and_what_was_tested_before_counts_no_more(
    tab: Tab,
) -> None:
    tab.open("connections")
    form(tab, "kind").set_value(Kind.CHAT_COMPLETIONS)
    tab.run()
    fill(tab, endpoint=demo_url(), credential="sk-wrong")
    tab.click("add_connection")
    made = typed_of(tab)
    tab.click(f"test_{made.name}")
    assert "Works" in tab.text
    tab.at.session_state[f"key_{made.name}"] = True
    tab.run()
    tab.widget(f"new_key_{made.name}").set_value("sk spaced")
    tab.click(f"use_key_{made.name}")
    assert "The key is not a usable key." in "\n".join(tab.alerts)
    assert typed_of(tab).credential == made.credential
    tab.at.session_state[f"key_{made.name}"] = True
    tab.run()
    tab.widget(f"new_key_{made.name}").set_value(CANARY)
    tab.click(f"use_key_{made.name}")
    changed = typed_of(tab).credential
    assert changed is not None
    assert changed.key == CANARY
    assert "Works" not in tab.text
    assert "Not tested yet" in tab.text
    assert not tab.at.table
    assert CANARY not in tab.text
    assert CANARY not in str(tab.at.main.root)


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://169.254.169.254/v1", "link-local address or a cloud's metadata"),
        ("nonsense", "The address is not the URL of a server."),
        ("", "The address is missing."),
        ("http://user:pw@127.0.0.1/v1", "holds a user name or password"),
    ],
)
def test_a_bad_address_is_named_and_nothing_is_added(tab: Tab, address: str, told: str) -> None:
    tab.open("connections")
    fill(tab, endpoint=address)
    tab.click("add_connection")
    assert told in "\n".join(tab.alerts)
    assert tab.session.connecting.typed == ()
    assert form(tab, "endpoint").value == address, "what was typed is still there"


@pytest.mark.parametrize("slug", [guide.slug for guide in load_guides()])
def test_the_page_shows_the_guide_as_the_file_has_it(tab: Tab, slug: str) -> None:
    guide = load_guides().get(slug)
    assert guide is not None
    tab.open("connections").choose("picked_guide", slug)
    assert tab.address.get("guide", "ollama") == slug, "each has an address of its own"
    for shell in Shell:
        tab.choose("shell", shell)
        drawn = {code.value for code in tab.at.code}
        for part in guide.parts:
            if isinstance(part, Commands):
                assert part.texts[shell] in drawn
            elif isinstance(part, Listing):
                assert part.text in drawn
            else:
                assert part.text.splitlines()[0].partition("](")[0] in tab.text
        assert [s.value for s in tab.at.subheader][-len(guide.steps) :] == [
            step.title for step in guide.steps
        ]


def test_a_dutch_reader_gets_every_line_of_a_test_in_dutch(tab: Tab) -> None:
    tab.at.context = {"locale": "nl-NL"}
    speak("nl")  # AppTest writes down the options of a widget in this thread
    try:
        tab.open("connections").click("test_demo")
        table = tab.at.table[0].value
        said = "\n".join(table["Uitkomst, en wat je kunt doen"]).replace("\\", "")
        for words in (
            "De server antwoordt op",
            "Er worden 6 modellen aangeboden:",
            f"Gevraagd naar {MINI}, en",
            "tokens in,",
        ):
            assert words in said.replace("\u2060", "")
        assert not re.search(r"\b(and|the|answered|served)\b", said)
        told = f"2 models are served: phi3, qwen. Named by this connection, and not served: {MINI}."
        assert translated(told) == (
            "Er worden 2 modellen aangeboden: phi3, qwen. "
            f"Door deze verbinding genoemd, en niet aangeboden: {MINI}."
        )
    finally:
        speak("en")


@pytest.mark.usefixtures("at_home")
def test_a_dutch_reader_gets_the_guides_in_dutch_at_the_same_addresses(tab: Tab) -> None:
    """And is told in Dutch what is wrong with an address, named as the field is."""
    tab.at.context = {"locale": "nl-NL"}
    speak("nl")  # AppTest writes down the options of a widget in this thread
    try:
        tab.open().at.query_params = {"guide": "any-other-server"}
        tab.go("connections")
        assert tab.widget("picked_guide_nl").value == "any-other-server"
        assert "Geen enkele host biedt de zes Phi-3-modellen nog vanzelf aan" in tab.text
        assert "connections?guide=llamacpp#guides" in tab.text
        dutch = load_guides("nl").get("any-other-server")
        assert dutch is not None
        steps = [step.title for step in dutch.steps]
        assert [s.value for s in tab.at.subheader][-len(steps) :] == steps
        tab.choose("picked_guide_nl", "vllm")
        assert tab.address["guide"] == "vllm"
        assert "latere kennen zijn attention niet meer" in tab.text
        fill(tab, endpoint="nonsense")
        tab.click("add_connection")
        assert "Het adres is niet de URL van een server." in "\n".join(tab.alerts).replace("\\", "")
    finally:
        speak("en")


def test_the_shell_is_remembered_from_guide_to_guide(tab: Tab) -> None:
    tab.open("connections").choose("shell", Shell.CMD).choose("picked_guide", "vllm")
    assert any("set AZURE_INFERENCE_ENDPOINT" in code.value for code in tab.at.code)
    tab.go("chat").go("connections")
    assert tab.widget("shell").value == Shell.CMD


def test_what_everybody_should_know_is_said(tab: Tab) -> None:
    text = tab.open("connections").text
    assert "Models make mistakes" in text
    assert "not for production" in text
    assert "Content filters belong to the host" in text
    assert "retired on 30 July 2026" in text


def test_the_empty_chat_says_what_answers_are_worth_and_who_filters_them(
    configure: Configure, tab: Tab
) -> None:
    configure(LAB)
    text = tab.open().text
    assert "Models make mistakes" in text
    assert "filters nothing: neither prompts nor answers" in text


@pytest.mark.usefixtures("at_home")
def test_names_are_changed_with_suggestions_of_what_is_served(
    configure: Configure, tab: Tab
) -> None:
    """A wrong name shows in the test; the served ones are suggested, and the wire has the new."""
    with DemoServer(pace=0) as server:
        configure(
            f'[connections.x]\nlabel = "X"\nendpoint = "{server.url}"\ncredential = "{CANARY}"\n'
            f'deployments = {{ "{MINI}" = "nope" }}\n'
        )
        tab.open("connections").click("test_x")
        told = "".join(tab.at.table[0].value["Found, and what to do"]).replace("\\", "")
        assert "not served:\u2060 nope" in told
        field = tab.widget(f"name_x_{MINI}")
        assert field.options[:2] == ["nope", MINI]
        tab.choose(f"name_x_{MINI}", MINI).click("rename_x")
        made = typed_of(tab)
        assert made.deployments == {MINI: MINI}
        assert made.label == "X (2)", "people can tell them apart"
        assert made.credential is not None
        assert made.credential.key == CANARY, "with the same key"
        assert CANARY not in str(tab.at.main.root)
        assert resources().connections.all[0].deployments == {MINI: "nope"}, "it stays as it was"
        tab.go("chat").send("Hello")
        assert "Complete" in tab.said[1]


def test_who_comes_from_elsewhere_changes_no_names(configure: Configure, tab: Tab) -> None:
    configure(LAB)
    assert "Use these names" not in tab.open("connections").text
