"""Connections as they are written in secrets.toml: one table `[connections.NAME]` each."""

from __future__ import annotations

from typing import Any

from playground.connections import (
    CONNECT_TIMEOUT,
    FIRST_TOKEN_TIMEOUT,
    IDLE_TIMEOUT,
    Connection,
    checked_credential,
    checked_endpoint,
)
from playground.errors import SettingsError
from playground.parameters import PARAMETER_NAMES

#: Names of the connections that the playground makes itself.
RESERVED_NAMES = frozenset({"environment", "demo", "github-models"})

#: The fields of a table, with the type each must have.
CONNECTION_FIELDS: dict[str, type | tuple[type, ...]] = {
    "endpoint": str,
    "credential": str,
    "label": str,
    "deployments": dict,
    "parameters": list,
    "temperature_max": (int, float),
    "connect_timeout": (int, float),
    "first_token_timeout": (int, float),
    "idle_timeout": (int, float),
}

#: The highest number that each of the number fields may hold.
_HIGHEST = {
    "temperature_max": 2.0,
    "connect_timeout": 3600.0,
    "first_token_timeout": 3600.0,
    "idle_timeout": 3600.0,
}


def connection_from_table(name: str, table: Any) -> Connection:
    """Return the connection that `[connections.NAME]` describes. Raises SettingsError."""
    where = f"[connections.{name}]"
    if not isinstance(table, dict):
        raise SettingsError(f"{where} is not a table.", advice="Put its fields on lines below it.")
    _check_fields(where, name, table)
    numbers = _numbers(where, table)
    return Connection(
        name=name,
        label=table.get("label") or name,
        endpoint=checked_endpoint(table["endpoint"], setting=f"{where} endpoint"),
        credential=checked_credential(table.get("credential", ""), setting=f"{where} credential"),
        deployments=_deployments(where, table.get("deployments", {})),
        parameters=_parameters(where, table.get("parameters", PARAMETER_NAMES)),
        temperature_max=numbers.get("temperature_max", 2.0),
        connect_timeout=numbers.get("connect_timeout", CONNECT_TIMEOUT),
        first_token_timeout=numbers.get("first_token_timeout", FIRST_TOKEN_TIMEOUT),
        idle_timeout=numbers.get("idle_timeout", IDLE_TIMEOUT),
    )


def _check_fields(where: str, name: str, table: dict[str, Any]) -> None:
    if name in RESERVED_NAMES:
        raise SettingsError(
            f"{where} has a name that the playground uses itself.",
            advice="Give the connection another name.",
        )
    unknown = sorted(table.keys() - CONNECTION_FIELDS.keys())
    if unknown:
        raise SettingsError(
            f"{where} has an unknown field: {', '.join(unknown)}.",
            advice=f"Known fields are {', '.join(CONNECTION_FIELDS)}.",
        )
    for key, kind in CONNECTION_FIELDS.items():
        if key in table and (not isinstance(table[key], kind) or isinstance(table[key], bool)):
            raise SettingsError(
                f"{where} {key} has the wrong type.",
                advice="`.env.example` and the README show how each field is written.",
            )
    if "endpoint" not in table:
        raise SettingsError(
            f"{where} has no endpoint.", advice='Add endpoint = "https://…" below it.'
        )


def _numbers(where: str, table: dict[str, Any]) -> dict[str, float]:
    for key, highest in _HIGHEST.items():
        if key in table and not 0 < table[key] <= highest:
            raise SettingsError(
                f"{where} {key} must be above 0 and at most {highest:g}.",
                advice="Correct the number.",
            )
    return {key: float(table[key]) for key in _HIGHEST if key in table}


def _parameters(where: str, names: Any) -> frozenset[str]:
    if not all(isinstance(name, str) and name in PARAMETER_NAMES for name in names):
        raise SettingsError(
            f"{where} parameters names an unknown parameter.",
            advice=f"Known parameters are {', '.join(sorted(PARAMETER_NAMES))}.",
        )
    return frozenset(names)


def _deployments(where: str, names: dict[str, Any]) -> dict[str, str]:
    if not all(isinstance(name, str) and name for name in names.values()):
        raise SettingsError(
            f"{where} deployments must map model names to names.",
            advice='Write it like deployments = { "Phi-3-mini-4k-instruct" = "phi3:mini" }.',
        )
    return names
