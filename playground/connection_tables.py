"""Connections as they are written in secrets.toml: one table `[connections.NAME]` each.

`.streamlit/secrets.toml.example` shows every field. A mistake is told with the table and the field.
"""

from __future__ import annotations

from typing import Any

from playground.connection_fields import (
    CONNECTION_FIELDS,
    check_fields,
    checked_deployments,
    checked_names,
    checked_numbers,
    checked_parameters,
    checked_price,
)
from playground.connections import (
    CONNECT_TIMEOUT,
    IDLE_TIMEOUT,
    Connection,
    Credential,
    Kind,
    checked_credential,
    checked_endpoint,
    retired_host,
)
from playground.errors import SettingsError
from playground.kinds import KeyUse, KindFacts, facts, guess_kind

__all__ = ["CONNECTION_FIELDS", "RESERVED_NAMES", "connection_from_table"]

#: Names of the connections that the playground makes itself.
RESERVED_NAMES = frozenset({"environment", "demo", "github-models"})
#: What the page calls the fields that are typed there.
_ON_THE_PAGE = {"endpoint": "The address", "credential": "The key"}


def connection_from_table(name: str, table: Any, *, typed: bool = False) -> Connection:
    """Return the connection that `[connections.NAME]` describes.

    What it leaves out, its kind decides; and its kind, if it says none, the address.

    Args:
        name: NAME.
        table: the fields below it, unchecked.
        typed: whether somebody typed it on the page; then a mistake names the field as the page does.

    Raises:
        SettingsError: naming the field that is wrong.
    """
    where = "" if typed else f"[connections.{name}] "
    if not isinstance(table, dict):
        raise SettingsError(f"{where}is not a table.", advice="Put its fields on lines below it.")
    if name in RESERVED_NAMES:
        raise SettingsError(
            f"{where}has a name that the playground uses itself.",
            advice="Give the connection another name.",
        )
    check_fields(where, table)
    endpoint = checked_endpoint(table["endpoint"], setting=_called(where, "endpoint"))
    known = facts(_kind(where, table, endpoint))
    numbers = checked_numbers(where, table)
    credential = checked_credential(
        table.get("credential", ""), setting=_called(where, "credential")
    )
    return Connection(
        name=name,
        label=table.get("label") or (known.label if typed else name),
        endpoint=endpoint,
        credential=credential,
        kind=known.kind,
        deployments=checked_deployments(where, table.get("deployments", {})),
        others=checked_names(where, table.get("other_models", [])),
        retired=retired_host(endpoint),
        parameters=checked_parameters(where, table.get("parameters", known.parameters)),
        temperature_max=numbers.get("temperature_max", known.temperature_max),
        connect_timeout=numbers.get("connect_timeout", CONNECT_TIMEOUT),
        first_token_timeout=numbers.get("first_token_timeout", known.first_token_timeout),
        idle_timeout=numbers.get("idle_timeout", IDLE_TIMEOUT),
        entra_scope=_scope(where, table, known, endpoint, credential),
        max_concurrent=table.get("max_concurrent"),
        requests_per_minute=table.get("requests_per_minute"),
        requests_per_day=table.get("requests_per_day"),
        context_limit=table.get("context_limit"),
        price=checked_price(where, table.get("price")),
        typed=typed,
    )


def _called(where: str, field: str) -> str:
    """Return what a sentence calls a field: as the file does, or the page where it was typed."""
    return f"{where}{field}" if where else _ON_THE_PAGE[field]


def _kind(where: str, table: dict[str, Any], endpoint: str) -> Kind:
    named = table.get("kind")
    if named is None:
        return guess_kind(endpoint)
    kinds = [kind.value for kind in Kind if kind is not Kind.DEMO]
    if named not in kinds:
        raise SettingsError(
            f"{where}kind is none that there is.",
            advice=f"Write one of {', '.join(kinds)}; or leave it out.",
        )
    return Kind(named)


def _scope(
    where: str,
    table: dict[str, Any],
    known: KindFacts,
    endpoint: str,
    credential: Credential | None,
) -> str:
    auth = table.get("auth", "")
    if auth not in ("", "key", "entra"):
        raise SettingsError(
            f'{where}auth is neither "key" nor "entra".', advice="Correct it, or leave it out."
        )
    if auth != "entra":
        if "scope" in table:
            raise SettingsError(
                f'{where}scope is only for auth = "entra".', advice="Leave one of them out."
            )
        _check_key(where, known, endpoint, credential, auth)
        return ""
    if credential is not None:
        raise SettingsError(
            f"{where}credential and Entra ID exclude each other.",
            advice='Leave out the credential, or auth = "entra".',
        )
    if not endpoint.startswith("https://"):
        raise SettingsError(
            f"{_called(where, 'endpoint')} must be https:// for Entra ID, since the token goes along.",
            advice="Correct the address, or use a key.",
        )
    scope = table.get("scope") or known.entra_scope
    if not scope:
        raise SettingsError(
            f"{where}scope is missing, and this kind of server has none of its own.",
            advice='Add scope = "https://…/.default", or a kind such as "azure-ai".',
        )
    return str(scope)


def _check_key(
    where: str, known: KindFacts, endpoint: str, credential: Credential | None, auth: str
) -> None:
    needed = known.entra and known.key is KeyUse.REQUIRED and endpoint.startswith("https://")
    if credential is None and (needed or auth == "key"):
        raise SettingsError(
            f"{_called(where, 'credential')} is missing, and {known.label} wants one.",
            advice='Add the key as credential = "…", or auth = "entra" for Entra ID.'
            if where
            else "Type the key, or use Entra ID in place of one.",
        )
