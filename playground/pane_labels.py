"""Names for the panes of a comparison, no two of which are alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from playground.catalog import Catalog
from playground.connections import Connection
from playground.differences import differences

if TYPE_CHECKING:
    from playground.comparison import Pane


def pane_labels(
    panes: Sequence[Pane], catalog: Catalog, connections: Iterable[Connection]
) -> tuple[str, ...]:
    """Return for each pane its model and what tells it from the others, as one line of plain text."""
    labels = []
    for pane, differing in zip(panes, differences(panes, catalog, connections), strict=True):
        model = catalog.get(pane.model)
        name = model.label if model is not None else pane.model
        told = [words for words in differing if words != name]
        labels.append(" · ".join([name, *told]))
    return tuple(labels)
