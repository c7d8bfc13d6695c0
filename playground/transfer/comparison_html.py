"""A comparison as one HTML file: no script, nothing loaded from anywhere, opens from a disk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

from playground.rounds import Round
from playground.transfer.comparison_view import (
    COLUMNS,
    VOTE_COLUMNS,
    ComparisonView,
    settings_line,
    table_of,
    votes_of,
)
from playground.transfer.html_export import SCRIPTED_NOTE, article, foot, head, time_html
from playground.transfer.html_text import escaped, plain_html


def html_comparison(view: ComparisonView, *, at: float, zone: dt.tzinfo = dt.UTC) -> bytes:
    """Return the document as UTF-8; `at` is the time of the export, seconds since the epoch."""
    return "".join(_page(view, at, zone)).encode()


def _page(view: ComparisonView, at: float, zone: dt.tzinfo) -> Iterator[str]:
    title = escaped(view.title)
    yield head(title, "comparison.css")
    yield f'<header>\n<h1 dir="auto">{title}</h1>\n'
    yield f'<p class="about">Begun {time_html(view.comparison.created_at, zone)}</p>\n'
    runs = (answer.last.run for asked in view.rounds for answer in asked.answers)
    if any(run is not None and run.scripted for run in runs):
        yield SCRIPTED_NOTE
    yield "</header>\n<main>\n"
    yield from _panes(view)
    for asked in view.rounds:
        yield from _round(view, asked, zone)
    yield from _votes(view)
    yield foot(at, zone)


def _panes(view: ComparisonView) -> Iterator[str]:
    yield '<section class="panes"><h2>Panes</h2>\n<ol>\n'
    for pane, label in zip(view.panes, view.labels, strict=True):
        yield f'<li><strong dir="auto">{escaped(label)}</strong>'
        endpoint = view.endpoints.get(pane.id)
        if endpoint:
            yield f' <span class="facts">at {escaped(endpoint)}</span>'
        yield f'<div class="facts" dir="auto">{escaped(settings_line(pane))}</div>'
        if pane.system_message.strip():
            # Open, since paper cannot be clicked.
            yield f"<details open><summary>System message</summary>{plain_html(pane.system_message)}</details>"
        yield "</li>\n"
    yield "</ol></section>\n"


def _round(view: ComparisonView, asked: Round, zone: dt.tzinfo) -> Iterator[str]:
    yield f'<section class="round"><h2>Prompt {asked.number}</h2>\n'
    if asked.same_prompt:
        yield f'<div class="asked" dir="auto">{plain_html(asked.prompt)}</div>\n'
    yield _table(f"Figures of prompt {asked.number}", COLUMNS, table_of(view, asked))
    yield '<div class="columns">\n'
    for place, answer in enumerate(asked.answers, 1):
        yield '<div class="pane">\n'
        if not asked.same_prompt:
            yield f'<div class="asked" dir="auto">{plain_html(answer.prompt.text)}</div>\n'
        label = view.label(answer.pane_id)
        for version, facts in enumerate(view.facts(answer), 1):
            number = f"{asked.number}-{place}-{version}"
            yield from article(facts, number, zone, level=3, name=label)
        yield "</div>\n"
    yield "</div></section>\n"


def _votes(view: ComparisonView) -> Iterator[str]:
    if not view.standings:
        return
    yield '<section class="votes"><h2>Votes</h2>\n'
    for whose, standings in view.tallies:
        yield f'<h3 dir="auto">{escaped(whose)}</h3>\n'
        yield _table(whose, VOTE_COLUMNS, votes_of(view, standings))
    yield "</section>\n"


def _table(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    top = "".join(f'<th scope="col">{escaped(column)}</th>' for column in columns)
    body = ""
    for first, *rest in rows:
        cells = "".join(f"<td>{escaped(cell)}</td>" for cell in rest)
        body += f'<tr><th scope="row" dir="auto">{escaped(first)}</th>{cells}</tr>\n'
    return (
        f'<div class="wide" role="group" aria-label="{escaped(name)}" tabindex="0"><table>\n'
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )
