"""The composition root: builds each part once for the whole process and joins them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from components.owner import local_only
from playground.azure_endpoint import AzureEndpoint
from playground.catalog import Catalog, load_catalog
from playground.chat import Chat
from playground.comparing import Comparing
from playground.connections import Connection, Connections
from playground.copying import Copying
from playground.demo import DemoServer
from playground.discovery import Finder
from playground.endpoint import Endpoint
from playground.generations import Generations
from playground.limits import LimitedEndpoint, LimitKeeper
from playground.queueing import Queue
from playground.settings import Settings, load_settings
from playground.store import ConversationStore
from playground.store.resilient import ResilientStore
from playground.store.sql import open_store
from playground.typed_connections import TypedConnections

ROOT = Path(__file__).resolve().parent.parent


@dataclass(slots=True)
class Resources:
    """The parts of the playground, as the pages use them."""

    settings: Settings
    catalog: Catalog
    connections: Connections
    store: ConversationStore
    generations: Generations
    chat: Chat
    comparing: Comparing
    copying: Copying
    demo: DemoServer | None
    typed: TypedConnections
    finder: Finder
    limits: LimitKeeper
    _endpoints: dict[str, Endpoint] = field(default_factory=dict)

    def close(self) -> None:
        """End every run and give everything back."""
        self.generations.close()
        for endpoint in self._endpoints.values():
            endpoint.close()
        self.typed.close()
        if self.demo is not None:
            self.demo.stop()
        self.store.close()


@st.cache_resource(show_spinner=False)
def resources() -> Resources:
    """Return the parts; the first call builds them."""
    return build(load_settings(ROOT))


def build(
    settings: Settings, *, demo_pace: float | None = None, store: ConversationStore | None = None
) -> Resources:
    """Build the parts that `settings` ask for; `store` takes the place of the database.

    The demo endpoint is started where there is no other usable connection, or where it is forced.
    """
    demo: DemoServer | None = None
    if settings.force_demo or not Connections(settings.connections).usable:
        pace = demo_pace if demo_pace is not None else _demo_pace()
        demo = DemoServer(pace=pace)
        demo.start()
    connections = Connections(settings.all_connections(demo.url if demo else None))
    limits = LimitKeeper()
    endpoints: dict[str, Endpoint] = {
        c.name: LimitedEndpoint(AzureEndpoint(c), c, limits) for c in connections.usable
    }
    store = store or ResilientStore(lambda: open_store(settings.database_url, ROOT))
    generations = Generations()
    typed = TypedConnections()
    # Where others reach the server, what runs on its machine is none of their business.
    finder = Finder(settings.discovery_ports if local_only() else ())
    finder.look()
    catalog = load_catalog()
    queue = Queue(lambda name: _places(connections.get(name) or typed.get(name)))
    chat = Chat(store, generations, lambda name: endpoints.get(name) or typed.endpoint(name), queue)
    return Resources(
        settings=settings,
        catalog=catalog,
        connections=connections,
        store=store,
        generations=generations,
        chat=chat,
        comparing=Comparing(store, chat, generations, catalog),
        copying=Copying(store, chat, catalog),
        demo=demo,
        typed=typed,
        finder=finder,
        limits=limits,
        _endpoints=endpoints,
    )


def _places(connection: Connection | None) -> int | None:
    return connection.max_concurrent if connection else None


def close_resources() -> None:
    """End what the process runs; the next call of resources() would build anew."""
    resources().close()
    resources.clear()


def _demo_pace() -> float:
    # Only tests and demonstrations change it; a value that is no number counts as unset.
    try:
        return max(0.0, float(os.environ.get("PLAYGROUND_DEMO_PACE", "1")))
    except ValueError:
        return 1.0
