"""Connections that somebody types: who may, what becomes of them, and how one is kept."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest

from playground.connection_tables import connection_from_table
from playground.connections import Connection, Connections, Credential, Kind, Price
from playground.discovery import FoundServer
from playground.errors import AddressForbidden, SettingsError
from playground.events import StreamEvent
from playground.model_names import served
from playground.request import ChatRequest
from playground.stop import StopSignal
from playground.typed_connections import (
    TypedConnections,
    may_type,
    secrets_lines,
    typed_connection,
)

CANARY = "canary-key-0123456789"
HOST = {"Host": "127.0.0.1:8501"}


class Closing:
    """An endpoint that only knows whether it was closed."""

    closed = False

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        raise AssertionError

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize(
    ("bound", "headers", "may"),
    [
        ("127.0.0.1", HOST, True),
        ("localhost", {"host": "localhost:8501"}, True),
        ("::1", {"Host": "[::1]:8501"}, True),
        ("127.0.0.1", {"Host": "localhost"}, True),
        ("0.0.0.0", HOST, False),  # noqa: S104 - nothing is bound
        ("", HOST, False),
        ("192.168.1.2", {"Host": "192.168.1.2:8501"}, False),
        ("127.0.0.1", {"Host": "chat.example.org"}, False),
        ("127.0.0.1", {"Host": "127.0.0.1.example.org"}, False),
        ("127.0.0.1", {}, False),
        ("127.0.0.1", HOST | {"X-Forwarded-For": "203.0.113.7"}, False),
        ("127.0.0.1", HOST | {"Forwarded": "for=203.0.113.7"}, False),
        ("127.0.0.1", HOST | {"X-Real-IP": "203.0.113.7"}, False),
    ],
)
def test_only_somebody_at_this_machine_may_type_an_endpoint(
    bound: str,
    headers: dict[str, str],
    may: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert may_type(bound, headers) is may


def test_where_others_reach_the_server_nothing_can_be_typed() -> None:
    with pytest.raises(SettingsError, match="others reach"):
        typed_connection({"endpoint": "http://127.0.0.1:8080/v1"}, allowed=False)


@pytest.mark.parametrize("endpoint", ["http://169.254.169.254/v1", "http://[fe80::1]/v1"])
def test_a_metadata_address_is_refused_even_where_typing_is_allowed(endpoint: str) -> None:
    with pytest.raises(AddressForbidden, match=r"^The address leads to a link-local"):
        typed_connection({"endpoint": endpoint}, allowed=True)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "The address is missing."),
        ({"endpoint": "nowhere"}, "The address is not the URL of a server."),
        (
            {"endpoint": "http://a.example", "credential": f"{CANARY} \n"},
            "The key is not a usable key.",
        ),
        (
            {"endpoint": "http://a.example", "kind": "azure-ml", "auth": "entra"},
            "The address must be https:// for Entra ID",
        ),
        (
            {"endpoint": "https://a.example", "kind": "azure-ml"},
            "The key is missing, and Azure ML managed endpoint wants one.",
        ),
    ],
)
def test_a_mistake_names_the_field_as_the_page_does_and_no_key(
    fields: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        typed_connection(fields, allowed=True)
    assert caught.value.happened.startswith(told)
    assert CANARY not in f"{caught.value!r} {caught.value.advice}"


def test_a_typed_connection_has_a_name_that_nobody_guesses() -> None:
    fields = {"endpoint": "http://127.0.0.1:11434/v1", "label": "", "credential": ""}
    made = [typed_connection(fields, allowed=True) for _ in range(2)]
    assert made[0].name != made[1].name
    assert len(made[0].name) > 16
    assert (made[0].kind, made[0].label, made[0].typed) == (Kind.OLLAMA, "Ollama", True)


def test_a_session_sees_its_own_connections_before_the_configured_ones() -> None:
    held = TypedConnections()
    mine, older, others = (Connection(name, name, "http://127.0.0.1:1/v1") for name in "abc")
    for connection in (mine, older, others):
        held.add(connection, Closing())
    configured = Connections((Connection("lab", "Lab", "http://127.0.0.1:2/v1"),))
    seen = held.beside(configured, ("b", "a", "gone"))
    assert [c.name for c in seen] == ["a", "b", "lab"]
    assert [c.name for c in held.beside(configured, ())] == ["lab"]
    assert held.get("c") is others
    assert held.get("gone") is None
    assert held.endpoint("gone") is None


def test_what_is_removed_is_forgotten_and_closed() -> None:
    held, endpoints = TypedConnections(), [Closing(), Closing()]
    for name, endpoint in zip("ab", endpoints, strict=True):
        held.add(Connection(name, name, "http://127.0.0.1:1/v1", Credential(CANARY)), endpoint)
    assert held.endpoint("a") is endpoints[0]
    held.remove("a")
    held.remove("a")
    assert held.get("a") is None
    assert [e.closed for e in endpoints] == [True, False]
    held.close()
    assert endpoints[1].closed
    assert CANARY not in repr(vars(held))


FULL: dict[str, Any] = {
    "label": 'The "lab"',
    "kind": "vllm",
    "endpoint": "https://lab.example/v1",
    "deployments": {"Phi-3-mini-4k-instruct": "phi3:mini"},
    "other_models": ["llama3.2:3b"],
    "requests_per_minute": 15,
    "requests_per_day": 150,
    "max_concurrent": 5,
    "context_limit": 8000,
    "parameters": ["max_tokens", "temperature"],
    "price": {"prompt": 0.5, "completion": 2.0, "currency": "EUR"},
}


def test_the_lines_that_keep_a_connection_make_the_same_one_without_its_key() -> None:
    typed = typed_connection(FULL | {"credential": CANARY}, allowed=True)
    lines = secrets_lines(typed, "My lab!")
    assert CANARY not in lines
    assert 'credential = "put your key here"' in lines
    table = tomllib.loads(lines)["connections"]["my-lab"]
    kept = connection_from_table("my-lab", table | {"credential": CANARY})
    same = connection_from_table("my-lab", FULL | {"credential": CANARY})
    assert kept == same
    assert kept.price == Price(0.5, 2.0, "EUR")


def test_the_lines_of_entra_id_hold_no_key_at_all() -> None:
    fields = {"endpoint": "https://me.services.ai.azure.com/models", "auth": "entra"}
    lines = secrets_lines(typed_connection(fields, allowed=True))
    assert "credential" not in lines
    assert tomllib.loads(lines)["connections"]["azure-ai"]["auth"] == "entra"
    own = typed_connection(fields | {"scope": "api://mine/.default"}, allowed=True)
    assert 'scope = "api://mine/.default"' in secrets_lines(own)


def test_a_found_server_is_kept_in_a_few_lines() -> None:
    found = FoundServer(
        Kind.OLLAMA, "http://127.0.0.1:11434/v1", served(["phi3:mini", "llama3.2:3b"])
    )
    assert secrets_lines(found.connection(), "ollama") == (
        "[connections.ollama]\n"
        'label = "Ollama on this machine"\n'
        'kind = "ollama"\n'
        'endpoint = "http://127.0.0.1:11434/v1"\n'
        'other_models = ["llama3.2:3b"]\n'
        'deployments = { "Phi-3-mini-4k-instruct" = "phi3:mini" }\n'
    )


def test_a_name_is_made_fit_for_a_table() -> None:
    made = typed_connection({"endpoint": "http://127.0.0.1:9/v1"}, allowed=True)
    assert secrets_lines(made, "Größe & Co").startswith("[connections.gr--e---co]\n")
    assert secrets_lines(made, "…").startswith("[connections.server]\n")
