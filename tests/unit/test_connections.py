"""Addresses and keys that are taken or refused, and connections as the pages use them."""

from __future__ import annotations

import copy
import pickle
import traceback
from dataclasses import replace

import pytest

from playground.connections import (
    GITHUB_MODELS_RETIRED,
    Connection,
    Connections,
    Credential,
    Kind,
    Price,
    checked_credential,
    checked_endpoint,
    github_models,
)
from playground.errors import SettingsError
from playground.parameters import PARAMETER_NAMES

CANARY = "canary-7f3a"
LOCAL = Connection("local", "Local", "http://127.0.0.1:8080/v1")
OTHER = Connection("other", "Other", "https://other.example/v1")


# Addresses.


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://host.example/v1", "https://host.example/v1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("  https://host.example/v1/ \n", "https://host.example/v1"),
        ("https://host.example/v1///", "https://host.example/v1"),
        ("https://host.example/v1/chat/completions", "https://host.example/v1"),
        ("https://host.example/v1/chat/completions/", "https://host.example/v1"),
        ("https://host.example/v1//chat/completions", "https://host.example/v1"),
        ("https://host.example/chat/completions", "https://host.example"),
        ("https://host.example/chat/completions/v1", "https://host.example/chat/completions/v1"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("HTTP://Host.Example/v1", "HTTP://Host.Example/v1"),
        ("https://müller.example/v1", "https://müller.example/v1"),
        ("\ufeffhttp:\u2060//127.0.0.1:\u20608080/v1", "http://127.0.0.1:8080/v1"),
    ],
)
def test_an_address_becomes_a_base_url(written: str, base: str) -> None:
    assert checked_endpoint(written, setting="X") == base
    assert checked_endpoint(base, setting="X") == base


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "is not the URL of a server"),
        ("host.example/v1", "is not the URL of a server"),
        ("localhost:8080/v1", "is not the URL of a server"),
        ("ftp://host.example", "is not the URL of a server"),
        ("file:///etc/passwd", "is not the URL of a server"),
        ("https://", "is not the URL of a server"),
        ("https:///v1", "is not the URL of a server"),
        ("http://:8080/v1", "is not the URL of a server"),
        ("http://[::1/v1", "is not the URL of a server"),
        ("http://::1/v1", "is not the URL of a server"),
        ("http://host.example:65536/v1", "is not the URL of a server"),
        ("http://host.example:port/v1", "is not the URL of a server"),
        ("http://my host/v1", "is not the URL of a server"),
        ("http://host.example/v1\nX: y", "is not the URL of a server"),
        ("http://host.example/\tv1", "is not the URL of a server"),
        ("http://host.example/\x00v1", "is not the URL of a server"),
        ("https://anna:word@host.example", "holds a user name or password"),
        ("https://anna@host.example", "holds a user name or password"),
        ("https://:word@host.example", "holds a user name or password"),
        ("https://@host.example", "holds a user name or password"),
        ("https://host.example/v1?api-version=1", "holds a query or fragment"),
        ("https://host.example/v1/chat/completions?a=b", "holds a query or fragment"),
        ("https://host.example/v1?", "holds a query or fragment"),
        ("https://host.example/v1#top", "holds a query or fragment"),
        ("https://host.example/v1#", "holds a query or fragment"),
    ],
)
def test_what_is_no_base_url_is_refused_by_the_name_of_its_setting(written: str, why: str) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_endpoint(written, setting="AZURE_INFERENCE_ENDPOINT")
    assert caught.value.happened == f"AZURE_INFERENCE_ENDPOINT {why}."
    assert caught.value.advice


@pytest.mark.parametrize(
    "written",
    [
        f"https://{CANARY}@host.example",
        f"https://anna:{CANARY}@host.example",
        f"https://host.example/v1?key={CANARY}",
        f"https://host.example:{CANARY}/v1",
        f"{CANARY}",
    ],
)
def test_a_refused_address_is_not_repeated(written: str) -> None:
    """It may hold a password, or be a key in the wrong place."""
    with pytest.raises(SettingsError) as caught:
        checked_endpoint(written, setting="X")
    assert CANARY not in told(caught.value)


# Keys.


def told(error: SettingsError) -> str:
    """Return all that a reader, a page or a log could see of an error."""
    return "\n".join(
        [
            repr(error),
            error.happened,
            error.advice,
            error.detail,
            *traceback.format_exception_only(error),
            *(repr(cause) for cause in (error.__cause__, error.__context__)),
        ]
    )


@pytest.mark.parametrize("key", ["a", "sk-0123456789", "eyJ.a-b_c", "!~", "x" * 4000])
def test_a_key_of_printable_ascii_is_taken(key: str) -> None:
    assert checked_credential(key, setting="X") == Credential(key)


@pytest.mark.parametrize(
    "key",
    [
        f"{CANARY}\n",
        f"{CANARY}\r\nX-Header: 1",
        f" {CANARY}",
        f"{CANARY} {CANARY}",
        f"{CANARY}\t",
        f"{CANARY}ü",
        f"{CANARY}\u00a0",
        f"{CANARY}\u200b",
        f"{CANARY}\x7f",
        f"“{CANARY}”",
    ],
)
def test_a_key_that_no_header_carries_is_refused_and_not_repeated(key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_credential(key, setting="AZURE_INFERENCE_CREDENTIAL")
    assert caught.value.happened.startswith("AZURE_INFERENCE_CREDENTIAL is not a usable key.")
    assert CANARY not in told(caught.value)
    with pytest.raises(SettingsError) as bare:
        Credential(key)
    assert CANARY not in told(bare.value)


def test_an_empty_key_is_no_key() -> None:
    assert checked_credential("", setting="X") is None
    with pytest.raises(SettingsError):
        Credential("")


def test_a_key_stands_in_no_repr() -> None:
    connection = Connection("a", "A", "https://a.example", credential=Credential(CANARY))
    for shown in (
        connection,
        connection.credential,
        Connections((connection,)),
        [connection],
        copy.copy(connection),
    ):
        assert CANARY not in repr(shown)
        assert CANARY not in f"{shown}"


def test_a_connection_survives_a_copy() -> None:
    connection = Connection("a", "A", "https://a.example", credential=Credential(CANARY))
    assert pickle.loads(pickle.dumps(connection)) == connection  # noqa: S301 - of our own making


# Connections.


def test_a_model_goes_by_its_catalog_name_unless_the_connection_says_otherwise() -> None:
    connection = Connection("a", "A", "https://a.example", deployments={"Phi-3": "phi3:mini"})
    assert connection.deployment("Phi-3") == "phi3:mini"
    assert connection.deployment("Phi-4") == "Phi-4"


@pytest.mark.parametrize(
    ("endpoint", "host"),
    [
        ("https://host.example/v1", "host.example"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080/v1", "[::1]:8080"),
        ("http://anna:word@host.example/", "host.example"),
    ],
)
def test_the_host_is_shown_without_a_user(endpoint: str, host: str) -> None:
    assert Connection("a", "A", endpoint).host == host


def test_only_the_demos_replies_are_scripted() -> None:
    assert [
        kind for kind in Kind if Connection("a", "A", "https://a.example", kind=kind).scripted
    ] == [Kind.DEMO]


def test_a_connection_takes_every_parameter_unless_told_otherwise() -> None:
    assert LOCAL.parameters == PARAMETER_NAMES
    assert (LOCAL.connect_timeout, LOCAL.first_token_timeout, LOCAL.idle_timeout) == (10, 60, 30)


def test_connections_are_found_by_name_and_kept_in_order() -> None:
    connections = Connections((LOCAL, OTHER))
    assert list(connections) == [LOCAL, OTHER]
    assert connections.get("other") is OTHER
    assert connections.get("unknown") is None
    assert connections.get(None) is None


def test_a_retired_connection_is_listed_but_not_usable() -> None:
    retired = github_models()
    connections = Connections((retired, LOCAL, OTHER))
    assert connections.usable == (LOCAL, OTHER)
    assert connections.default is LOCAL
    assert connections.get("github-models") is retired


def test_github_models_says_when_it_was_retired() -> None:
    assert GITHUB_MODELS_RETIRED == "30 July 2026"
    assert "30 July 2026" in github_models().retired
    assert github_models().credential is None


def test_a_price_is_for_a_million_tokens() -> None:
    assert Price(prompt=0.5, completion=2.0).cost(1_000_000, 250_000) == 1.0
    assert Price(prompt=0.0, completion=0.0).cost(10, 10) == 0.0


def test_a_connection_states_what_it_serves_only_if_it_names_anything() -> None:
    silent = Connection("a", "A", "https://a.example")
    assert silent.states("Phi-3-mini-4k-instruct")
    named = replace(silent, deployments={"Phi-3-mini-4k-instruct": "m"}, others=("llama",))
    assert [named.states(m) for m in (*named.named, "Phi-3-medium-4k-instruct")] == [
        True,
        True,
        False,
    ]


def test_a_key_or_a_token_authenticates() -> None:
    silent = Connection("a", "A", "https://a.example")
    assert not silent.authenticates
    assert replace(silent, credential=Credential("k")).authenticates
    assert replace(silent, entra_scope="https://a/.default").authenticates
