"""What tells the panes of a comparison apart: that, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from playground.catalog import Catalog
from playground.connections import Connection
from playground.parameters import NUMERIC_PARAMETERS

if TYPE_CHECKING:
    from playground.comparison import Pane

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_COUNTS = ("none", "one", "two", "three", "four", "five", "six")


def differences(
    panes: Sequence[Pane], catalog: Catalog, connections: Iterable[Connection]
) -> tuple[tuple[str, ...], ...]:
    """Return for each pane, in order, what is not the same in all of them.

    Panes that are alike in everything are numbered ("first of two"), so that no two get the same
    words.
    """
    known = {connection.name: connection for connection in connections}
    columns = [
        _models(panes, catalog),
        _connections(panes, known),
        *(_numbers(panes, spec.name, spec.label) for spec in NUMERIC_PARAMETERS),
        [_stop(pane) for pane in panes],
        _system_messages(panes),
        ["own prompt" if pane.own_prompt else "the prompt of all" for pane in panes],
    ]
    differing = [column for column in columns if len(set(column)) > 1]
    rows = [tuple(column[place] for column in differing) for place in range(len(panes))]
    return tuple(_numbered(rows))


def _models(panes: Sequence[Pane], catalog: Catalog) -> list[str]:
    labels = {}
    for pane in panes:
        model = catalog.get(pane.model)
        labels[pane.model] = model.label if model else pane.model
    return _distinct([pane.model for pane in panes], labels)


def _connections(panes: Sequence[Pane], known: Mapping[str, Connection]) -> list[str]:
    labels = {}
    for pane in panes:
        connection = known.get(pane.connection)
        labels[pane.connection] = connection.label if connection else pane.connection
    return _distinct([pane.connection for pane in panes], labels)


def _distinct(names: list[str], labels: Mapping[str, str]) -> list[str]:
    """Return the label of each name, with the name behind it where two share a label."""
    shared = list(labels.values())
    return [
        f"{labels[name]} ({name})" if shared.count(labels[name]) > 1 else labels[name]
        for name in names
    ]


def _numbers(panes: Sequence[Pane], name: str, label: str) -> list[str]:
    words = label[0].lower() + label[1:]
    values = [getattr(pane.parameters, name) for pane in panes]
    return [f"no {words}" if value is None else f"{words} {value:.12g}" for value in values]


def _stop(pane: Pane) -> str:
    strings = [repr(text) for text in pane.parameters.stop]
    return f"stop at {', '.join(strings)}" if strings else "no stop strings"


def _system_messages(panes: Sequence[Pane]) -> list[str]:
    texts = [pane.system_message for pane in panes]
    numbers: dict[str, int] = {}
    for text in texts:
        if text.strip():
            numbers.setdefault(text, len(numbers) + 1)
    return [
        f"system message {numbers[text]}" if text.strip() else "no system message" for text in texts
    ]


def _numbered(rows: list[tuple[str, ...]]) -> Iterable[tuple[str, ...]]:
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        count = rows.count(row)
        if count == 1:
            yield row
        else:
            place = seen[row] = seen.get(row, -1) + 1
            yield (*row, f"{_word(_ORDINALS, place)} of {_word(_COUNTS, count)}")


def _word(words: tuple[str, ...], place: int) -> str:
    return words[place] if place < len(words) else str(place)
