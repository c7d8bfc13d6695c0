"""What can be read off an answer: times, speed, tokens, length, ending, cost; and what is best."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from playground.connections import Price
from playground.conversation import Turn
from playground.reply import Reply, Status
from playground.rounds import Answer, Round


class Figure(StrEnum):
    """A figure of which one answer can have the best; the value names the field."""

    FIRST_TOKEN = "first_token"  # noqa: S105 - a field
    TOTAL = "total"
    SPEED = "speed"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one answer. Times are in seconds.

    Attributes:
        first_token: from sending the request to the first text; None if none came.
        total: from sending the request to the end; until now while it is running.
        speed: tokens per second after the first; None when too short to tell.
        tokens_in, tokens_out: None if nothing is known of them.
        counted: whether the server counted the tokens; else `tokens_out` and `speed` are
            estimates, since a piece of text is about one token.
        characters, words: of the text.
        cost: in `currency`; None where no price is stated or the server did not count.
    """

    pane_id: str
    first_token: float | None = None
    total: float = 0.0
    speed: float | None = None
    tokens_in: int | None = None
    tokens_out: int | None = None
    counted: bool = False
    characters: int = 0
    words: int = 0
    status: Status = Status.RUNNING
    cost: float | None = None
    currency: str = ""


def figures(answer: Answer, price: Price | None = None) -> Figures:
    """Return the figures of an answer, over all its parts."""
    return _figures(answer.pane_id, answer.parts, price)


def figures_of_versions(answer: Answer, price: Price | None = None) -> tuple[Figures, ...]:
    """Return the figures of each time that the prompt was run."""
    return tuple(_figures(answer.pane_id, (turn,), price) for turn in answer.versions)


def _figures(pane_id: str, parts: Sequence[Turn], price: Price | None) -> Figures:
    replies = [part.reply for part in parts if part.reply is not None]
    if not replies:
        return Figures(pane_id)
    text = "".join(reply.text for reply in replies)
    counted = all(reply.usage is not None for reply in replies)
    tokens_in = sum(r.usage.prompt_tokens for r in replies if r.usage) if counted else None
    tokens_out = sum(r.completion_tokens[0] for r in replies)
    cost = None
    if price is not None and tokens_in is not None:
        cost = price.cost(tokens_in, tokens_out)
    return Figures(
        pane_id,
        first_token=replies[0].first_token_after,
        total=sum(r.elapsed for r in replies),
        speed=_speed(replies),
        tokens_in=tokens_in,
        tokens_out=tokens_out if counted or tokens_out else None,
        counted=counted,
        characters=len(text),
        words=len(text.split()),
        status=replies[-1].status,
        cost=cost,
        currency=price.currency if price is not None and cost is not None else "",
    )


def _speed(replies: Sequence[Reply]) -> float | None:
    if len(replies) == 1:
        return replies[0].tokens_per_second
    streamed = [r for r in replies if r.first_token_after is not None]
    seconds = sum(r.elapsed - (r.first_token_after or 0.0) for r in streamed)
    tokens = sum(r.completion_tokens[0] - 1 for r in streamed)
    return tokens / seconds if tokens > 0 and seconds > 0 else None


_LOW_IS_GOOD: Mapping[Figure, bool] = {
    Figure.FIRST_TOKEN: True,
    Figure.TOTAL: True,
    Figure.SPEED: False,
    Figure.COST: True,
}


def best(asked: Round, rows: Iterable[Figures]) -> Mapping[Figure, str]:
    """Return for each figure the pane that has the best, where it is fair to say so.

    It is fair among complete answers to the same prompt, if there are two of them, none is still
    being written, and their figures are of one kind: all counted or all estimated, one currency.
    Where the best is shared by all nobody has it.
    """
    whole = [row for row in rows if row.status is Status.COMPLETED]
    if asked.running or not asked.same_prompt or len(whole) < 2:
        return {}
    found: dict[Figure, str] = {}
    for figure, low in _LOW_IS_GOOD.items():
        if figure is Figure.SPEED and len({row.counted for row in whole}) > 1:
            continue
        if figure is Figure.COST and len({row.currency for row in whole}) > 1:
            continue
        values = [(getattr(row, figure.value), row.pane_id) for row in whole]
        known = [(_as_shown(figure, v), pane_id) for v, pane_id in values if v is not None]
        if len(known) < len(whole):
            continue
        choose: Callable[..., tuple[float, str]] = min if low else max
        value, pane_id = choose(known)
        if [v for v, _ in known].count(value) == 1:
            found[figure] = pane_id
    return found


def _as_shown(figure: Figure, value: float) -> float:
    """Return a figure with the digits that are shown: what looks equal is equal."""
    if figure is Figure.SPEED:
        return round(value)
    if figure is Figure.COST:
        return float(f"{value:.2g}")
    return round(value, 2 if value < 10 else 1)
