"""Connections that somebody types on the page: for one browser session, and in memory only.

Nothing of them is stored: no key, no address. `secrets_lines` gives the lines that keep one, without
its key. On a server that others reach, nobody can type an endpoint: it would be the server that goes
there, with everything it can reach.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Mapping
from typing import Any

from playground.addresses import is_loopback
from playground.connection_tables import connection_from_table
from playground.connections import Connection, Connections, Kind
from playground.endpoint import Endpoint
from playground.errors import SettingsError
from playground.kinds import facts

#: Headers with which proxies say that somebody comes from elsewhere.
_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")
#: Connections that one session may type.
MAX_TYPED = 20


def may_type(bound_to: str, headers: Mapping[str, str]) -> bool:
    """Whether a visitor may type endpoints: only from this machine, at a server bound to it.

    Args:
        bound_to: the address that the server listens on (`server.address`).
        headers: those of the visitor's request. A server on loopback may stand behind a proxy; then
            the name that was asked for is another, or the proxy leaves its mark.
    """
    asked = {name.casefold(): value for name, value in headers.items()}
    host = asked.get("host", "")
    name = host.rpartition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return (
        is_loopback(bound_to)
        and is_loopback(name)
        and not any(asked.get(header) for header in _FORWARDED)
    )


def typed_connection(fields: Mapping[str, Any], *, allowed: bool) -> Connection:
    """Return the connection that `fields` describe, as those of `[connections.NAME]` do.

    Args:
        fields: `endpoint`, and what else `playground.connection_tables` knows; empty ones are left
            out.
        allowed: what `may_type` says.

    Raises:
        SettingsError: if it is not allowed, or naming the field that is wrong.
    """
    if not allowed:
        raise SettingsError(
            "Endpoints cannot be typed on a server that others reach.",
            advice="Whoever runs this playground can add one in .streamlit/secrets.toml.",
        )
    given = {name: value for name, value in fields.items() if value not in ("", None, [], {})}
    # Nobody can guess the name, so nobody else's link or conversation leads to it.
    return connection_from_table(f"typed-{secrets.token_urlsafe(9)}", given, typed=True)


class TypedConnections:
    """The typed connections of every session of this process, with their endpoints.

    A session keeps the names of its own and asks for these; a name cannot be guessed. Any thread may
    call.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[Connection, Endpoint]] = {}

    def add(self, connection: Connection, endpoint: Endpoint) -> None:
        """Hold a connection until it is removed, or the process ends."""
        with self._lock:
            self._held[connection.name] = (connection, endpoint)

    def remove(self, name: str) -> None:
        """Forget a connection, its key included, and close its endpoint."""
        with self._lock:
            held = self._held.pop(name, None)
        if held is not None:
            held[1].close()

    def get(self, name: str) -> Connection | None:
        """Return the connection called `name`, or None."""
        held = self._held.get(name)
        return held[0] if held else None

    def endpoint(self, name: str) -> Endpoint | None:
        """Return the endpoint of the connection called `name`, or None."""
        held = self._held.get(name)
        return held[1] if held else None

    def beside(self, configured: Connections, names: tuple[str, ...]) -> Connections:
        """Return the connections of a session: those it typed, the latest first, then the others.

        The demo endpoint gives way: it is last as soon as there is anything else.
        """
        mine = [found for name in reversed(names) if (found := self.get(name)) is not None]
        return Connections((*mine, *configured))

    def close(self) -> None:
        """Forget everything."""
        for name in list(self._held):
            self.remove(name)


def secrets_lines(connection: Connection, name: str = "") -> str:
    """Return the lines for .streamlit/secrets.toml that keep `connection`, without its key.

    `name` takes the place of the connection's own, which for a typed one is a riddle.
    """
    known = facts(connection.kind)
    table: dict[str, Any] = {"label": connection.label}
    if connection.kind is not Kind.CHAT_COMPLETIONS:
        table["kind"] = connection.kind.value
    table["endpoint"] = connection.endpoint
    if connection.entra_scope:
        table["auth"] = "entra"
        if connection.entra_scope != known.entra_scope:
            table["scope"] = connection.entra_scope
    if connection.others:
        table["other_models"] = list(connection.others)
    for field in ("requests_per_minute", "requests_per_day", "max_concurrent", "context_limit"):
        if (value := getattr(connection, field)) is not None:
            table[field] = value
    if connection.parameters != known.parameters:
        table["parameters"] = sorted(connection.parameters)
    lines = [f"{field} = {_toml(value)}" for field, value in table.items()]
    if connection.credential is not None:
        lines.insert(lines.index(f"endpoint = {_toml(connection.endpoint)}") + 1, _KEY_LINE)
    if connection.deployments:
        named = ", ".join(f"{_toml(k)} = {_toml(v)}" for k, v in connection.deployments.items())
        lines.append(f"deployments = {{ {named} }}")
    if connection.price is not None:
        price = connection.price
        lines.append(
            f"price = {{ prompt = {price.prompt!r}, completion = {price.completion!r}, "
            f"currency = {_toml(price.currency)} }}"
        )
    return "\n".join([f"[connections.{_bare(name or connection.kind.value)}]", *lines]) + "\n"


_KEY_LINE = 'credential = "put your key here"'


def _toml(value: Any) -> str:
    # A JSON string, number or list of strings is one of TOML's too.
    return json.dumps(value, ensure_ascii=False)


def _bare(name: str) -> str:
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in name.strip())
    return kept.strip("-").lower() or "server"
