"""Everything of an owner's as one archive: conversations, and comparisons with all their panes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator

from playground.catalog import Catalog
from playground.connections import Connections
from playground.conversation import Conversation
from playground.store import ConversationStore
from playground.transfer.archive import written_archive
from playground.transfer.comparison_files import ComparisonFormat, export_comparison
from playground.transfer.comparison_view import ComparisonView, view_of
from playground.transfer.files import Format, documents, free_name

#: The folder of the archive in which comparisons stand, a file for each.
FOLDER = "comparisons"


def export_everything(
    store: ConversationStore,
    owner: str,
    form: Format,
    catalog: Catalog,
    connections: Connections,
    *,
    at: float,
    zone: dt.tzinfo = dt.UTC,
) -> bytes:
    """Return a .zip with all that is kept for `owner`. As JSON it can be imported again.

    Args:
        store: where it is kept.
        owner: whose.
        form: the format of the files in it.
        catalog: the models, for what tells panes apart.
        connections: those that the owner can use, for their prices.
        at: the time of the export, in seconds since the epoch.
        zone: the time zone in which times are written for people.

    Raises:
        StoreError: not all of it can be read.
    """
    comparisons = store.comparisons(owner)
    panes = {pane.id for comparison in comparisons for pane in comparison.panes}
    views = []
    for comparison in comparisons:
        found = {p.id: store.get(owner, p.id) or Conversation(id=p.id) for p in comparison.panes}
        views.append(view_of(comparison, found, catalog, connections))
    chats = [c for c in store.everything(owner) if c.id not in panes]
    files = documents(chats, form, at=at, zone=zone) if chats or not views else []
    packed = [(file.name, file.data) for file in files]
    return written_archive([*packed, *_comparisons(views, form, at, zone)])


def _comparisons(
    views: Iterable[ComparisonView], form: Format, at: float, zone: dt.tzinfo
) -> Iterator[tuple[str, bytes]]:
    taken: Counter[str] = Counter()
    for view in views:
        file = export_comparison(view, ComparisonFormat(form.value), at=at, zone=zone)
        name = free_name(file.name.removesuffix(f".{form}"), taken)
        yield f"{FOLDER}/{name}.{form}", file.data
