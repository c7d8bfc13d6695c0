"""What the operator configured: environment, `.env` and secrets.toml, read once at the start.

The real environment wins over `.env`; both win over nothing at all. Connections come in this order:
`AZURE_INFERENCE_ENDPOINT`, then `[connections.NAME]` in the order of the file, then the demo
endpoint, then the retired GitHub Models where `GITHUB_TOKEN` is set.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from playground.connections import (
    CONNECT_TIMEOUT,
    FIRST_TOKEN_TIMEOUT,
    IDLE_TIMEOUT,
    Connection,
    Credential,
    Kind,
    checked_endpoint,
    github_models,
)
from playground.errors import SettingsError
from playground.parameters import PARAMETER_NAMES

ENDPOINT = "AZURE_INFERENCE_ENDPOINT"
CREDENTIAL = "AZURE_INFERENCE_CREDENTIAL"
GITHUB_TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of a variable, not a token
DATABASE_URL = "PLAYGROUND_DATABASE_URL"
DEMO = "PLAYGROUND_DEMO"

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}

#: The fields of `[connections.NAME]`, with the type each must have.
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


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's choices.

    Attributes:
        connections: the configured ones, in order of preference; without the demo endpoint.
        problems: what could not be used, each with what to do; the rest works without it.
        force_demo: use the demo endpoint and nothing else.
        github_token_set: whether GITHUB_TOKEN is in the environment.
        database_url: where conversations are kept; empty for the default under `data/`.
    """

    connections: tuple[Connection, ...] = ()
    problems: tuple[SettingsError, ...] = ()
    force_demo: bool = False
    github_token_set: bool = False
    database_url: str = ""

    def all_connections(self, demo_endpoint: str | None) -> tuple[Connection, ...]:
        """Return every connection there is, with the demo endpoint if it runs."""
        demo = (demo_connection(demo_endpoint),) if demo_endpoint else ()
        retired = (github_models(),) if self.github_token_set else ()
        own = () if self.force_demo else self.connections
        return (*own, *demo, *retired)


def demo_connection(endpoint: str) -> Connection:
    """Return the connection to a demo endpoint."""
    return Connection(
        name="demo",
        label="Demo (scripted)",
        endpoint=endpoint,
        kind=Kind.DEMO,
        temperature_max=1.0,
    )


def load_settings(root: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read `root/.env`, `root/.streamlit/secrets.toml` and the environment.

    Never fails: what is malformed is left out and told in `problems`.
    """
    problems: list[SettingsError] = []
    values = {k: v or "" for k, v in dotenv_values(root / ".env").items()}
    values |= os.environ if environ is None else environ
    values = {k: v.strip() for k, v in values.items()}

    found: list[Connection] = []
    try:
        found += _from_environment(values)
    except SettingsError as error:
        problems.append(error)
    secrets = root / ".streamlit" / "secrets.toml"
    for name, table in _connection_tables(secrets, problems).items():
        try:
            found.append(connection_from_table(name, table))
        except SettingsError as error:
            problems.append(error)
    return Settings(
        connections=tuple(found),
        problems=tuple(problems),
        force_demo=_flag(values.get(DEMO, ""), problems),
        github_token_set=bool(values.get(GITHUB_TOKEN)),
        database_url=values.get(DATABASE_URL, ""),
    )


def _from_environment(values: Mapping[str, str]) -> list[Connection]:
    endpoint, key = values.get(ENDPOINT, ""), values.get(CREDENTIAL, "")
    if not endpoint and not key:
        return []
    if not endpoint:
        raise SettingsError(
            f"{CREDENTIAL} is set, but {ENDPOINT} is not, so there is no server to use it with.",
            advice=f"Set {ENDPOINT} to the server's base URL as well.",
        )
    base = checked_endpoint(endpoint, setting=ENDPOINT)
    return [
        Connection(
            name="environment",
            label="Your endpoint",
            endpoint=base,
            credential=_credential(key, CREDENTIAL),
            temperature_max=2.0,
        )
    ]


def _credential(key: str, setting: str) -> Credential | None:
    if not key:
        return None
    try:
        return Credential(key)
    except SettingsError as error:
        raise SettingsError(
            f"{setting} is not a usable key. {error.happened}", advice=error.advice
        ) from None


def _connection_tables(path: Path, problems: list[SettingsError]) -> Mapping[str, Any]:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        # The parser's words name the line and column, and hold nothing of the file's values.
        where = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "unreadable"
        problems.append(
            SettingsError(
                f".streamlit/secrets.toml cannot be read: {where}.",
                advice="Mend that line; the connections in the file are left out until then.",
            )
        )
        return {}
    tables = data.get("connections", {})
    if not isinstance(tables, dict):
        problems.append(
            SettingsError(
                "`connections` in .streamlit/secrets.toml is not a table.",
                advice="Write each connection as [connections.NAME] with its fields below.",
            )
        )
        return {}
    return tables


def connection_from_table(name: str, table: Any) -> Connection:
    """Return the connection that `[connections.NAME]` describes. Raises SettingsError."""
    where = f"[connections.{name}]"
    if not isinstance(table, dict):
        raise SettingsError(f"{where} is not a table.", advice="Put its fields on lines below it.")
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
    numbers = {
        key: float(table[key])
        for key in ("temperature_max", "connect_timeout", "first_token_timeout", "idle_timeout")
        if key in table
    }
    for key, value in numbers.items():
        if not 0 < value <= 3600:
            raise SettingsError(
                f"{where} {key} must be above 0 and at most 3600.", advice="Correct the number."
            )
    taken = frozenset(table.get("parameters", PARAMETER_NAMES))
    if not taken <= PARAMETER_NAMES:
        raise SettingsError(
            f"{where} parameters names an unknown parameter.",
            advice=f"Known parameters are {', '.join(sorted(PARAMETER_NAMES))}.",
        )
    deployments = table.get("deployments", {})
    if not all(isinstance(v, str) and v for v in deployments.values()):
        raise SettingsError(
            f"{where} deployments must map model names to names.",
            advice='Write it like deployments = { "Phi-3-mini-4k-instruct" = "phi3:mini" }.',
        )
    return Connection(
        name=name,
        label=table.get("label", name),
        endpoint=checked_endpoint(table["endpoint"], setting=f"{where} endpoint"),
        credential=_credential(table.get("credential", ""), f"{where} credential"),
        deployments=deployments,
        parameters=taken,
        temperature_max=numbers.get("temperature_max", 2.0),
        connect_timeout=numbers.get("connect_timeout", CONNECT_TIMEOUT),
        first_token_timeout=numbers.get("first_token_timeout", FIRST_TOKEN_TIMEOUT),
        idle_timeout=numbers.get("idle_timeout", IDLE_TIMEOUT),
    )


def _flag(text: str, problems: list[SettingsError]) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    problems.append(
        SettingsError(f"{DEMO} is neither on nor off.", advice=f"Write {DEMO}=1 or leave it out.")
    )
    return False
