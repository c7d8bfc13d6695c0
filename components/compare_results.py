"""What can be read off the answers to one prompt: figures as a table and as charts, and likeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from components.compare_charts import charts
from components.judging import Judging
from components.notices import escaped
from components.reply_footer import ENDINGS, seconds
from components.session import bound_key, on_change
from components.texts import _, number
from playground.connections import Price
from playground.likeness import Spread, likeness_of_all, spread
from playground.metrics import Figure, Figures, best, figures, figures_of_versions
from playground.rounds import Round

#: Stands for a figure that is not known.
NONE = "\u2014"


def results(
    found: Sequence[Round],
    labels: Mapping[str, str],
    prices: Mapping[str, Price],
    judging: Judging,
    *,
    key: str = "results",
) -> Round | None:
    """Draw the figures of a round; the latest, or the one that was picked.

    Args:
        found: the rounds of the comparison; nothing is drawn if there are none.
        labels: the names of the panes, by their ids.
        prices: what connections cost, by name.
        judging: which round is picked.
        key: of the container.

    Returns:
        The round that is shown.
    """
    if not found:
        return None
    with st.container(key=key):
        shown = _picked(found, judging, key)
        rows = rows_of(shown, prices)
        names = _("Figures"), _("Charts")
        table, times = st.tabs(
            [f":material/table: {names[0]}", f":material/bar_chart: {names[1]}"],
            key=f"{key}_tabs",
        )
        with table:
            st.table(table_of(shown, rows, labels), hide_index=True)
            st.caption(_fairness(shown, rows))
        with times:
            charts(shown, rows, labels, key=key)
        if any(len(answer.versions) > 1 for answer in shown.answers):
            _repeats(shown, prices, labels)
    return shown


def rows_of(shown: Round, prices: Mapping[str, Price]) -> list[Figures]:
    """Return the figures of each answer."""
    return [
        figures(answer, prices.get(answer.last.run.connection) if answer.last.run else None)
        for answer in shown.answers
    ]


def _picked(found: Sequence[Round], judging: Judging, key: str) -> Round:
    numbers = [one.number for one in found]
    latest = numbers[-1]
    wanted = judging.number if judging.number in numbers else latest
    if len(numbers) > 1:

        def pick(number: int | None) -> None:
            judging.number = None if number == latest else number

        names = {one.number: " ".join(one.prompt.split())[:60] for one in found}
        st.selectbox(
            _("Prompt"),
            numbers,
            key=bound_key(f"{key}_round", wanted),
            format_func=lambda n: f"{n}. {names[n]}",
            on_change=on_change(f"{key}_round", pick),
        )
    return next(one for one in found if one.number == wanted)


def table_of(
    shown: Round, rows: Sequence[Figures], labels: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return the columns of the table of figures; the best of each is bold and has a star."""
    winners = best(shown, rows)

    def cell(row: Figures, figure: Figure, text: str) -> str:
        return f"**{text}** :material/star:" if winners.get(figure) == row.pane_id else text

    columns = {
        _("Pane"): [escaped(labels.get(row.pane_id, row.pane_id)) for row in rows],
        _("First token"): [cell(r, Figure.FIRST_TOKEN, _seconds(r.first_token)) for r in rows],
        _("Total time"): [cell(r, Figure.TOTAL, _seconds(r.total)) for r in rows],
        _("Tokens/s"): [cell(r, Figure.SPEED, _about(r.speed, r, ".0f")) for r in rows],
        _("Tokens in"): [NONE if r.tokens_in is None else number(r.tokens_in) for r in rows],
        _("Tokens out"): [_about(r.tokens_out, r, ",") for r in rows],
        _("Words"): [number(r.words) for r in rows],
        _("Ending"): [_ending(r) for r in rows],
    }
    if any(row.cost is not None for row in rows):
        columns[_("Cost")] = [cell(r, Figure.COST, _cost(r)) for r in rows]
    return columns


def _seconds(value: float | None) -> str:
    return NONE if value is None else seconds(value)


def _about(value: float | None, row: Figures, form: str) -> str:
    # Escaped: two of them in a line would strike through what stands between.
    return NONE if value is None else ("" if row.counted else "\\~") + number(value, form)


def _cost(row: Figures) -> str:
    return NONE if row.cost is None else f"{number(row.cost, '.2g')} {escaped(row.currency)}"


def _ending(row: Figures) -> str:
    icon, colour, words = ENDINGS[row.status]
    return f":{colour}[:material/{icon}: {_(words)}]"


def _fairness(shown: Round, rows: Sequence[Figures]) -> str:
    told = []
    if shown.running:
        told.append(_("The best is marked when all have ended."))
    elif not shown.same_prompt:
        told.append(_("The panes were asked different things, so none is marked as the best."))
    elif best(shown, rows):
        told.append(_(":material/star: is the best among the complete answers to this prompt."))
    if not all(row.counted for row in rows):
        told.append(_("\\~ is an estimate: the server counted no tokens, so pieces are counted."))
    return " ".join(told)


def _repeats(shown: Round, prices: Mapping[str, Price], labels: Mapping[str, str]) -> None:
    heading = _("How alike the answers of one pane are")
    st.markdown(f"**{heading}**")
    st.table(repeats_table(shown, prices, labels), hide_index=True)
    st.caption(
        _(
            "Likeness is the share of words that two answers have in common in the same order: "
            "of the words, not of what they mean. The middle value, and from the lowest to the "
            "highest."
        )
    )


def repeats_table(
    shown: Round, prices: Mapping[str, Price], labels: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return the columns of the table of how answers to the same prompt differ."""
    names, counts, alike, words, speeds = [], [], [], [], []
    for answer in shown.answers:
        run = answer.last.run
        rows = figures_of_versions(answer, prices.get(run.connection) if run else None)
        texts = [t.content for t in answer.versions if t.content.strip()]
        names.append(escaped(labels.get(answer.pane_id, answer.pane_id)))
        counts.append(number(len(texts)))
        alike.append(_spread(likeness_of_all(texts), ".0%"))
        words.append(_spread(spread(row.words for row in rows if row.words), ".0f"))
        speeds.append(_spread(spread(row.speed for row in rows), ".0f"))
    return {
        _("Pane"): names,
        _("Answers"): counts,
        _("Likeness of words"): alike,
        _("Words"): words,
        _("Tokens/s"): speeds,
    }


def _spread(values: Spread | None, form: str) -> str:
    if values is None:
        return NONE
    middle = number(values.median, form)
    if values.low == values.high:
        return middle
    low, high = number(values.low, form), number(values.high, form)
    return _("{middle} ({low} to {high})").format(middle=middle, low=low, high=high)
