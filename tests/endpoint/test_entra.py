"""Entra ID in place of a key: which token is asked for, where it goes, and where it never shows."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from azure.core.credentials import AccessToken

from playground import entra
from playground.checkup import checkup
from playground.checkup_steps import Mark, Step
from playground.connection_tables import connection_from_table
from playground.connections import Connection
from playground.errors import AuthenticationFailed
from playground.served import list_models
from playground.stop import StopSignal
from tests.endpoint.asking import Asker
from tests.endpoint.fault_server import CERTIFICATE, CLEAN, FaultServer, answering, streaming

TOKEN = "canary-token-7Qm2xV9pLw4Z"
SCOPE = "https://cognitiveservices.azure.com/.default"


@dataclass
class SignedIn:
    """Gives out TOKEN to everybody; notes the scopes that were asked for."""

    scopes: list[tuple[str, ...]] = field(default_factory=list)

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        self.scopes.append(scopes)
        return AccessToken(TOKEN, 2**33)


class SignedOut:
    """Fails as azure-identity does, with a message that holds what nobody should read."""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        raise RuntimeError(f"DefaultAzureCredential failed: {TOKEN}")


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> SignedIn:
    credential = SignedIn()
    monkeypatch.setattr(entra, "_signed_in", lambda: credential)
    return credential


@pytest.fixture
def secure(monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultServer]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with FaultServer(tls=True) as server:
        yield server


def foundry(server: FaultServer) -> Connection:
    table = {
        "kind": "azure-ai",
        "auth": "entra",
        "endpoint": f"https://localhost:{server.port}/models",
    }
    return connection_from_table("foundry", table)


def ask_as(connection: Connection) -> Asker:
    return Asker(
        connection.endpoint,
        credential=None,
        kind=connection.kind,
        entra_scope=connection.entra_scope,
    )


def test_a_foundry_resource_gets_a_token_of_its_own_scope_and_no_key(
    secure: FaultServer, signed_in: SignedIn
) -> None:
    secure.script(streaming(CLEAN))
    with ask_as(foundry(secure)) as ask:
        assert ask().text == "Hello"
    [asked] = secure.requests
    assert asked.target.startswith("/models/chat/completions?api-version=")
    assert asked.headers["authorization"] == [f"Bearer {TOKEN}"]
    assert "api-key" not in asked.headers
    assert signed_in.scopes == [(SCOPE,)]


def test_its_models_are_listed_with_the_token(secure: FaultServer, signed_in: SignedIn) -> None:
    secure.script(answering('{"data": [{"id": "Phi-3-mini-4k-instruct"}]}'))
    listing = list_models(foundry(secure), StopSignal())
    assert [m.name for m in listing.models] == ["Phi-3-mini-4k-instruct"]
    assert secure.requests[0].headers["authorization"] == [f"Bearer {TOKEN}"]
    assert signed_in.scopes == [(SCOPE,)]


def test_a_server_that_sends_the_token_back_does_not_get_it_shown(
    secure: FaultServer, signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secure.script(answering(f"bad token {TOKEN}", "text/plain", "401 No"))
    with ask_as(foundry(secure)) as ask:
        error = ask().raised()
    assert error.detail == "bad token •••"
    assert TOKEN not in f"{caplog.text} {vars(error)} {vars(ask.endpoint)}"


def test_nobody_signed_in_is_told_with_what_to_do_and_nothing_is_sent(
    secure: FaultServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(entra, "_signed_in", SignedOut)
    with ask_as(foundry(secure)) as ask:
        error = ask().raised()
    assert isinstance(error, AuthenticationFailed)
    assert "Entra ID gave no token" in error.happened
    assert "az login" in error.advice
    assert secure.requests == []
    told = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert TOKEN not in f"{told} {caplog.text} {error!r} {vars(error)}"
    results = {result.step: result for result in checkup(foundry(secure))}
    assert results[Step.AUTHENTICATED].mark is Mark.FAILED
    assert "az login" in results[Step.AUTHENTICATED].advice


def test_the_real_library_finds_nobody_signed_in_here_and_fails_in_our_words(
    monkeypatch: pytest.MonkeyPatch, network_attempts: list[str]
) -> None:
    """azure-identity looks for variables, for managed identities and for command lines."""
    from azure.identity import EnvironmentCredential  # noqa: PLC0415 - slow, only needed here

    monkeypatch.setattr(entra, "_signed_in", EnvironmentCredential)
    with pytest.raises(AuthenticationFailed, match="gave no token") as caught:
        entra.token(SCOPE)
    assert caught.value.__cause__ is None
    assert network_attempts == []


def test_one_credential_serves_the_whole_process() -> None:
    assert entra._signed_in() is entra._signed_in()
