"""What every export of a comparison is made from, and what of it is read the same in all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from playground.catalog import Catalog
from playground.comparison import Comparison, Pane
from playground.connections import Connections, Price
from playground.conversation import Conversation
from playground.differences import differences
from playground.metrics import Figure, Figures, best, figures
from playground.pane_labels import pane_labels
from playground.parameters import NUMERIC_PARAMETERS
from playground.rounds import Answer, Round, rounds
from playground.transfer.facts import ENDINGS, Facts, facts_of, line
from playground.votes import Standing, tally, voters


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """A comparison as it is exported.

    Attributes:
        conversations: those of the panes, by the panes' ids.
        labels: a name for each pane, in order, no two alike.
        differs: for each pane, in order, what is not the same in all.
        prices: what connections cost, by name.
        endpoints: the base URL that each pane asks, by its id; empty unless it was asked for.
    """

    comparison: Comparison
    conversations: Mapping[str, Conversation]
    labels: tuple[str, ...]
    differs: tuple[tuple[str, ...], ...]
    prices: Mapping[str, Price] = field(default_factory=dict)
    endpoints: Mapping[str, str] = field(default_factory=dict)

    @property
    def panes(self) -> tuple[Pane, ...]:
        """The panes in order."""
        return self.comparison.panes

    @property
    def title(self) -> str:
        """The title on one line."""
        return line(self.comparison.title) or "Comparison without a title"

    @property
    def rounds(self) -> tuple[Round, ...]:
        """The prompts with their answers."""
        return rounds([pane.id for pane in self.panes], self.conversations)

    def label(self, pane_id: str) -> str:
        """Return the name of a pane on one line."""
        names = (n for p, n in zip(self.panes, self.labels, strict=True) if p.id == pane_id)
        return line(next(names, "A pane that was removed"))

    def figures(self, answer: Answer) -> Figures:
        """Return the figures of an answer, with its price where one is stated."""
        run = answer.last.run
        return figures(answer, self.prices.get(run.connection) if run is not None else None)

    def facts(self, answer: Answer) -> tuple[Facts, ...]:
        """Return what is told of each part of an answer, then of each other version of it."""
        conversation = self.conversations[answer.pane_id]
        parts = {part.id for part in answer.parts}
        told = [f for f in facts_of(conversation) if f.turn.id in parts]
        others = (v for v in answer.versions if v.id not in parts)
        told += [facts_of(replace(conversation, leaf=v.id))[-1] for v in others]
        return tuple(told)

    @property
    def standings(self) -> tuple[Standing, ...]:
        """How the panes fare in the votes of all; empty without votes."""
        votes = self.comparison.votes
        return tally(votes, [pane.id for pane in self.panes]) if votes else ()

    @property
    def tallies(self) -> tuple[tuple[str, tuple[Standing, ...]], ...]:
        """How the panes fare, by whose votes: of all, then of each person if there are several."""
        votes, panes = self.comparison.votes, [pane.id for pane in self.panes]
        people = voters(votes)
        if len(people) < 2:
            return (("Votes of one person", self.standings),) if votes else ()
        each = ((f"Votes of {line(p) or 'no name'}", tally(votes, panes, p)) for p in people)
        return (f"Votes of {len(people):,} people", self.standings), *each


def view_of(
    comparison: Comparison,
    conversations: Mapping[str, Conversation],
    catalog: Catalog,
    connections: Connections,
    *,
    endpoints: bool = False,
) -> ComparisonView:
    """Return a comparison as it is exported; with `endpoints` the servers' addresses are told."""
    used = {name: connections.get(name) for name in {p.connection for p in comparison.panes}}
    asked = {turn.run.connection for c in conversations.values() for turn in c.turns if turn.run}
    known = {name: connections.get(name) for name in asked}
    return ComparisonView(
        comparison,
        conversations,
        pane_labels(comparison.panes, catalog, connections),
        differences(comparison.panes, catalog, connections),
        {n: c.price for n, c in known.items() if c is not None and c.price is not None},
        {
            pane.id: connection.endpoint
            for pane in comparison.panes
            if endpoints and (connection := used[pane.connection]) is not None
        },
    )


#: The columns of a table of votes.
VOTE_COLUMNS = ("Pane", "Wins", "Ties", "Losses", "All bad", "Win rate, 95 % interval")


def votes_of(view: ComparisonView, standings: Sequence[Standing]) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a table of votes, in plain text."""
    return tuple(
        (view.label(s.pane_id), *map(str, (s.wins, s.ties, s.losses, s.bad)), standing_words(s))
        for s in standings
    )


def settings_line(pane: Pane) -> str:
    """Return on one line which model a pane asks, and how."""
    parameters = pane.parameters
    told = [line(pane.model)]
    for spec in NUMERIC_PARAMETERS:
        value = getattr(parameters, spec.name)
        if value is not None:
            told.append(f"{spec.label} {value:.10g}")
    if parameters.stop:
        told.append("Stop strings " + ", ".join(map(repr, parameters.stop)))
    return " · ".join(told)


#: Stands for a figure that is not known.
NONE = "—"

#: The columns of the table of figures.
COLUMNS = (
    "Pane", "First token", "Total", "Tokens/s", "Tokens in", "Tokens out", "Words", "Ending", "Cost",
)  # fmt: skip


def table_of(view: ComparisonView, asked: Round) -> tuple[tuple[str, ...], ...]:
    """Return the rows of the table of figures, in plain text; the best of a column has a star."""
    rows = [view.figures(answer) for answer in asked.answers]
    winners = best(asked, rows)

    def starred(figure: Figure, row: Figures, text: str) -> str:
        return f"{text} ★" if winners.get(figure) == row.pane_id else text

    return tuple(
        (
            view.label(row.pane_id),
            starred(Figure.FIRST_TOKEN, row, seconds(row.first_token)),
            starred(Figure.TOTAL, row, seconds(row.total)),
            starred(Figure.SPEED, row, estimated(row.speed, row.counted, ".0f")),
            f"{row.tokens_in:,}" if row.tokens_in is not None else NONE,
            estimated(row.tokens_out, row.counted, ","),
            f"{row.words:,}",
            ENDINGS[row.status],
            starred(Figure.COST, row, money(row)),
        )
        for row in rows
    )


def seconds(value: float | None) -> str:
    """Return a time with the digits that matter: "0.31 s"; a dash for none."""
    if value is None:
        return NONE
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"


def estimated(value: float | None, counted: bool, form: str) -> str:  # noqa: FBT001 - of a figure
    """Return a figure, with a `~` before an estimate; a dash for none."""
    return NONE if value is None else f"{'' if counted else '~'}{value:{form}}"


def money(row: Figures) -> str:
    """Return what an answer cost: "0.00042 USD"; a dash where that is not known."""
    return NONE if row.cost is None else f"{row.cost:.2g} {row.currency}"


def standing_words(standing: Standing) -> str:
    """Return how often a pane won, and how sure that is."""
    if not standing.enough:
        return f"too few to tell (n = {standing.n})"
    low, high = standing.interval
    return f"{standing.win_rate or 0:.0%} ({low:.0%} to {high:.0%}, n = {standing.n})"
