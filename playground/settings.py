"""What the operator configured: environment, `.env` and secrets.toml, read once at the start.

The real environment wins over `.env`; both win over nothing at all. Connections come in this order:
`AZURE_INFERENCE_ENDPOINT`, then `[connections.NAME]` in the order of the file, then the demo
endpoint, then the retired GitHub Models where `GITHUB_TOKEN` is set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from playground.connection_tables import connection_from_table
from playground.connections import (
    Connection,
    Kind,
    checked_credential,
    checked_endpoint,
    github_models,
    retired_host,
)
from playground.discovery import USUAL_PORTS
from playground.errors import SettingsError
from playground.kinds import facts, guess_kind
from playground.settings_files import connection_tables, variables

ENDPOINT = "AZURE_INFERENCE_ENDPOINT"
CREDENTIAL = "AZURE_INFERENCE_CREDENTIAL"
MAX_CONCURRENT = "AZURE_INFERENCE_MAX_CONCURRENT"
GITHUB_TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of a variable, not a token
DATABASE_URL = "PLAYGROUND_DATABASE_URL"
DEMO = "PLAYGROUND_DEMO"
DISCOVERY = "PLAYGROUND_DISCOVERY"

#: The demo endpoint holds as many streams at once without strain.
DEMO_PLACES = 64

#: More requests at once are not taken for a number that anybody means.
MOST_PLACES = 10_000

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's choices.

    Attributes:
        connections: the configured ones, in order of preference; without the demo endpoint.
        problems: what could not be used, each with what to do; the rest works without it.
        force_demo: use the demo endpoint and nothing else.
        github_token_set: whether GITHUB_TOKEN is in the environment.
        database_url: where conversations are kept; empty for the default under `data/`.
        discovery_ports: ports of this machine where servers are looked for; empty for nowhere.
    """

    connections: tuple[Connection, ...] = ()
    problems: tuple[SettingsError, ...] = ()
    force_demo: bool = False
    github_token_set: bool = False
    database_url: str = ""
    discovery_ports: tuple[int, ...] = ()

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
        max_concurrent=DEMO_PLACES,
    )


def load_settings(root: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Read `root/.env`, `root/.streamlit/secrets.toml` and the environment.

    Never fails: what is malformed is left out and told in `problems`.
    """
    problems: list[SettingsError] = []
    values = variables(root, problems)
    values |= os.environ if environ is None else environ
    values = {k: v.strip() for k, v in values.items()}

    found: list[Connection] = []
    try:
        found += _from_environment(values, problems)
    except SettingsError as error:
        problems.append(error)
    for name, table in connection_tables(root, problems).items():
        try:
            found.append(connection_from_table(name, table))
        except SettingsError as error:
            problems.append(error)
    force_demo = _flag(values.get(DEMO, ""), problems)
    discovery_ports = _ports(values.get(DISCOVERY, ""), problems)
    return Settings(
        connections=tuple(found),
        problems=tuple(problems),
        force_demo=force_demo,
        github_token_set=bool(values.get(GITHUB_TOKEN)),
        database_url=values.get(DATABASE_URL, ""),
        discovery_ports=() if force_demo else discovery_ports,
    )


def _from_environment(values: Mapping[str, str], problems: list[SettingsError]) -> list[Connection]:
    endpoint, key = values.get(ENDPOINT, ""), values.get(CREDENTIAL, "")
    if not endpoint and not key:
        return []
    if not endpoint:
        raise SettingsError(
            f"{CREDENTIAL} is set, but {ENDPOINT} is not, so there is no server to use it with.",
            advice=f"Set {ENDPOINT} to the server's base URL as well.",
        )
    base = checked_endpoint(endpoint, setting=ENDPOINT)
    known = facts(guess_kind(base))
    return [
        Connection(
            name="environment",
            label="Your endpoint",
            endpoint=base,
            credential=checked_credential(key, setting=CREDENTIAL),
            kind=known.kind,
            retired=retired_host(base),
            parameters=known.parameters,
            temperature_max=known.temperature_max,
            first_token_timeout=known.first_token_timeout,
            max_concurrent=_places(values.get(MAX_CONCURRENT, ""), problems),
        )
    ]


def _places(text: str, problems: list[SettingsError]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_PLACES:
        return int(text)
    problems.append(
        SettingsError(
            f"{MAX_CONCURRENT} is no number of requests.",
            advice=f"Write a whole number from 1 to {MOST_PLACES:,}, or leave it out.",
        )
    )
    return None  # a server without this limit is of more use than none


def _flag(text: str, problems: list[SettingsError]) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    problems.append(
        SettingsError(f"{DEMO} is neither on nor off.", advice=f"Write {DEMO}=1 or leave it out.")
    )
    return False


def _ports(text: str, problems: list[SettingsError]) -> tuple[int, ...]:
    """Return where to look for servers: the usual ports, those that are named, or none."""
    if not text or text.lower() in _TRUE:
        return tuple(USUAL_PORTS)
    if text.lower() in _FALSE:
        return ()
    parts = [part.strip() for part in text.split(",")]
    ports = tuple(
        int(p) for p in parts if p.isascii() and p.isdigit() and len(p) < 6 and 0 < int(p) < 65_536
    )
    if len(ports) != len(parts):
        problems.append(
            SettingsError(
                f"{DISCOVERY} is neither on nor off, nor a list of ports.",
                advice=f"Write {DISCOVERY}=0 to look nowhere, or {DISCOVERY}=8080,9000.",
            )
        )
        return ()
    return ports
