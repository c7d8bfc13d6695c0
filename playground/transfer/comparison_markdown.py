"""A comparison as Markdown: the panes, then each prompt with its figures and its answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from playground.markdown.characters import encodable
from playground.transfer.comparison_view import (
    COLUMNS,
    VOTE_COLUMNS,
    ComparisonView,
    settings_line,
    table_of,
    votes_of,
)
from playground.transfer.facts import APP, line, moment
from playground.transfer.markdown_export import closed, escaped_line, turn_pieces


def markdown_comparison(view: ComparisonView, *, at: float, zone: dt.tzinfo = dt.UTC) -> bytes:
    """Return the document as UTF-8; `at` is the time of the export, seconds since the epoch."""
    return ("\n\n".join(_pieces(view, at, zone)) + "\n").encode()


def _pieces(view: ComparisonView, at: float, zone: dt.tzinfo) -> Iterator[str]:
    begun = moment(view.comparison.created_at, zone)
    yield f"# {escaped_line(view.title)}"
    yield f"Begun {begun}. Exported from {APP} on {moment(at, zone)}."
    yield "## Panes"
    yield "\n".join(_panes(view))
    for asked in view.rounds:
        yield "---"
        yield f"## Prompt {asked.number}"
        if asked.same_prompt:
            yield closed(encodable(asked.prompt).strip("\r\n"))
        yield _table(COLUMNS, table_of(view, asked))
        for answer in asked.answers:
            label = view.label(answer.pane_id)
            if not asked.same_prompt:
                yield f"### Prompt to {escaped_line(label)}"
                yield closed(encodable(answer.prompt.text).strip("\r\n"))
            for facts in view.facts(answer):
                yield from turn_pieces(facts, zone, level=3, name=label)
    if view.standings:
        yield "---"
        yield "## Votes"
        for whose, standings in view.tallies:
            yield f"### {escaped_line(whose)}"
            yield _table(VOTE_COLUMNS, votes_of(view, standings))


def _panes(view: ComparisonView) -> Iterator[str]:
    for number, (pane, label) in enumerate(zip(view.panes, view.labels, strict=True), 1):
        yield f"{number}. **{escaped_line(line(label))}**"
        endpoint = view.endpoints.get(pane.id)
        if endpoint:
            yield f"   - Endpoint: {escaped_line(line(endpoint))}"
        yield f"   - {escaped_line(settings_line(pane))}"
        said = escaped_line(line(pane.system_message)) or "none"
        yield f"   - System message: {said}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([escaped_line(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
