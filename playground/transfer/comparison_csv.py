"""A comparison as CSV: a row for each answer of each pane, for spreadsheets and statistics."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

import playground
from playground.comparison import Pane
from playground.conversation import Run
from playground.metrics import Figures, figures_of_versions
from playground.reply import Reply
from playground.rounds import Answer, Round
from playground.store.columns import storable
from playground.transfer.comparison_view import ComparisonView
from playground.transfer.facts import datetime_of

COLUMNS = (
    "round", "pane", "label", "differs", "model", "model_reported", "connection", "endpoint",
    "temperature", "max_tokens", "top_p", "presence_penalty", "frequency_penalty", "seed", "stop",
    "system_message", "prompt", "version", "shown", "scripted", "answer", "status", "error",
    "started_at", "first_token_s", "total_s", "tokens_per_s", "tokens_in", "tokens_out",
    "tokens_estimated", "characters", "words", "cost", "currency", "votes_won", "votes_tied",
    "votes_lost", "votes_all_bad", "app_version",
)  # fmt: skip

#: What makes a spreadsheet take a cell for a formula, also in the full width of Asian scripts.
#: OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def csv_comparison(view: ComparisonView) -> bytes:
    """Return the table as UTF-8 with a mark at its beginning, by which Excel knows that it is.

    Text that a spreadsheet would take for a formula begins with an apostrophe. Times are seconds,
    `started_at` is in UTC; what is not known is empty.
    """
    held = io.StringIO(newline="")
    writer = csv.DictWriter(held, COLUMNS, restval="")
    writer.writeheader()
    for asked in view.rounds:
        for answer in asked.answers:
            writer.writerows(_rows(view, asked, answer))
    return held.getvalue().encode("utf-8-sig")


def _rows(view: ComparisonView, asked: Round, answer: Answer) -> Iterator[dict[str, Any]]:
    place = next(n for n, pane in enumerate(view.panes) if pane.id == answer.pane_id)
    pane = view.panes[place]
    standing = next((s for s in view.standings if s.pane_id == pane.id), None)
    first = answer.last.run
    price = view.prices.get(first.connection) if first is not None else None
    head: dict[str, Any] = {
        "round": asked.number,
        "pane": place + 1,
        "label": view.label(pane.id),
        "differs": "; ".join(view.differs[place]),
        "endpoint": view.endpoints.get(pane.id, ""),
        "prompt": answer.prompt.text,
        "app_version": playground.__version__,
    }
    if standing is not None:
        head |= {
            "votes_won": standing.wins,
            "votes_tied": standing.ties,
            "votes_lost": standing.losses,
            "votes_all_bad": standing.bad,
        }
    every = figures_of_versions(answer, price)
    for number, (turn, row) in enumerate(zip(answer.versions, every, strict=True), 1):
        # Of the version on the page all parts count; the others are as they came.
        shown = turn.id == answer.parts[0].id
        last = answer.last if shown else turn
        figures = view.figures(answer) if shown else row
        cells = head | _asked(pane, last.run) | _answered(figures, last.reply)
        cells |= {
            "version": number,
            "shown": shown,
            "answer": answer.text if shown else turn.content,
        }
        yield {name: _safe(value) for name, value in cells.items()}


def _asked(pane: Pane, run: Run | None) -> dict[str, Any]:
    source = run if run is not None else pane
    parameters = source.parameters
    return {
        "model": source.model,
        "connection": run.connection_label if run is not None else pane.connection,
        "scripted": run is not None and run.scripted,
        "system_message": source.system_message,
        "temperature": parameters.temperature,
        "max_tokens": parameters.max_tokens,
        "top_p": parameters.top_p,
        "presence_penalty": parameters.presence_penalty,
        "frequency_penalty": parameters.frequency_penalty,
        "seed": parameters.seed,
        "stop": " ".join(map(repr, parameters.stop)),
    }


def _answered(row: Figures, reply: Reply | None) -> dict[str, Any]:
    started = datetime_of(reply.started_at, dt.UTC) if reply is not None else None
    error = reply.error if reply is not None else None
    return {
        "model_reported": reply.model_reported if reply is not None else None,
        "status": row.status.value,
        "error": f"{error.title}. {error.happened}" if error is not None else "",
        "started_at": started.isoformat(timespec="milliseconds") if started else "",
        "first_token_s": _rounded(row.first_token),
        "total_s": _rounded(row.total),
        "tokens_per_s": _rounded(row.speed),
        "tokens_in": row.tokens_in,
        "tokens_out": row.tokens_out,
        "tokens_estimated": not row.counted,
        "characters": row.characters,
        "words": row.words,
        "cost": row.cost,
        "currency": row.currency,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _safe(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, str):
        return value
    text = storable(value)
    # Spreadsheets drop spaces before they look.
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
