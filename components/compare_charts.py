"""The answers to one prompt as charts: how the text came, the times, the speeds.

The charts are Vega-Lite specifications, drawn by Streamlit's own element. What they show stands in
tables too: the times and speeds among the figures, the text over time below its chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from components.model_chart import GREY
from components.notices import escaped
from components.reply_footer import seconds
from components.texts import _, number
from playground.curves import Curve, curve, reached
from playground.metrics import Figures
from playground.rounds import Round

#: Colours that differ in lightness too, and can be seen on white and on black.
WAITING, WRITING = "#c96a12", "#2f83d6"
#: Of the line of each pane the colour, and the lengths in pixels of dashes and gaps, so that no
#: line is told by its colour alone. Dark and light take turns; each is seen on white and on black.
LINES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("#2166c4", (1, 0)),
    ("#d07a10", (7, 3)),
    ("#8a50d8", (2, 2)),
    ("#1f9e5a", (10, 3, 2, 3)),
    ("#c2367f", (4, 4)),
    ("#6b8f9c", (14, 4)),
)
#: One entry below the other: side by side they are wider than a phone.
LEGEND = {"orient": "top", "columns": 1, "labelLimit": 300, "symbolOpacity": 1}
#: Of an axis of seconds.
SECONDS = {"type": "quantitative", "axis": {"tickCount": 8}}


def charts(
    shown: Round, rows: Sequence[Figures], labels: Mapping[str, str], *, key: str = "charts"
) -> None:
    """Draw the charts of a round.

    Args:
        shown: the round.
        rows: the figures of each of its answers.
        labels: the names of the panes, by their ids.
        key: what the keys of the elements begin with.
    """
    values = chart_values(rows, labels)
    if not values:
        st.caption(_("No answer has come yet."))
        return
    _text(shown, labels, key)
    _times(values, key)
    speeds = [value for value in values if value["speed"] is not None]
    if speeds:
        _speeds(speeds, _names(values), key)


def chart_values(rows: Sequence[Figures], labels: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what the bars show: for each pane with a first token its times and its speed."""
    return [
        {
            "pane": labels.get(row.pane_id, row.pane_id),
            "first": round(row.first_token, 3),
            "total": round(row.total, 3),
            "speed": None if row.speed is None else round(row.speed, 1),
        }
        for row in rows
        if row.first_token is not None
    ]


def curves_of(shown: Round, labels: Mapping[str, str]) -> dict[str, Curve]:
    """Return how the text of each answer came, by the name of its pane; empty if not recorded.

    Answers without text are left out.
    """
    return {
        labels.get(answer.pane_id, answer.pane_id): curve(answer)
        for answer in shown.answers
        if answer.text
    }


def growth_values(curves: Mapping[str, Curve]) -> list[dict[str, Any]]:
    """Return what the chart of the text shows: the points of each line, and which is its end."""
    return [
        {
            "pane": pane,
            "seconds": round(point.seconds, 3),
            "characters": point.characters,
            "end": place == len(points),
        }
        for pane, points in curves.items()
        for place, point in enumerate(points, 1)
    ]


def growth_table(curves: Mapping[str, Curve]) -> dict[str, list[str]]:
    """Return the columns of the table of when how much of each text was there."""
    shares = {
        _("First text"): 0.0,
        _("A quarter"): 0.25,
        _("Half"): 0.5,
        _("Three quarters"): 0.75,
        _("All"): 1.0,
    }
    known = {pane: points for pane, points in curves.items() if points}
    return {
        _("Pane"): [escaped(pane) for pane in known],
        **{
            name: [_unbroken(seconds(reached(points, share))) for points in known.values()]
            for name, share in shares.items()
        },
        _("Characters"): [number(points[-1].characters) for points in known.values()],
    }


def _heading(text: str) -> None:
    st.markdown(f"**{text}**")


def _unbroken(text: str) -> str:
    """Return the text such that a narrow column does not part it."""
    return text.replace(" ", "\u00a0")


def _text(shown: Round, labels: Mapping[str, str], key: str) -> None:
    curves = curves_of(shown, labels)
    known = {pane: points for pane, points in curves.items() if points}
    _heading(_("Text over time"))
    if known:
        _lines(known, [labels.get(a.pane_id, a.pane_id) for a in shown.answers], key)
        with st.expander(_("As a table"), icon=":material/table:", key=f"{key}_text_table"):
            st.table(growth_table(known), hide_index=True)
            told = _("Seconds from sending the request until so much of the text was there.")
            if shown.running:
                told += " " + _(
                    "Some answers are still being written: shares are of the text so far."
                )
            st.caption(told)
    missing = [escaped(pane) for pane, points in curves.items() if not points]
    if missing:
        st.caption(
            _("How the text came was not recorded for: {panes}.").format(panes=", ".join(missing))
        )


def _lines(known: Mapping[str, Curve], names: Sequence[str], key: str) -> None:
    # A pane keeps its line whichever of the others have a text.
    styles = {name: LINES[place % len(LINES)] for place, name in enumerate(names)}
    domain = [name for name in names if name in known]
    legend = LEGEND | {"symbolType": "stroke", "symbolSize": 900, "symbolStrokeWidth": 2.5}
    pane: dict[str, Any] = {"field": "pane", "type": "nominal", "title": None, "legend": legend}
    colour = pane | {"scale": {"domain": domain, "range": [styles[name][0] for name in domain]}}
    dash = pane | {"scale": {"domain": domain, "range": [styles[name][1] for name in domain]}}
    points = {"filled": True, "type": "point"}
    st.vega_lite_chart(
        {
            "data": {"values": growth_values(known)},
            "height": 330 + 22 * len(domain),
            "encoding": {
                "x": SECONDS | {"field": "seconds", "title": _("seconds")},
                "y": {"field": "characters", "type": "quantitative", "title": _("characters")},
                "color": colour,
                "tooltip": [
                    {"field": "pane", "title": _("Pane")},
                    {"field": "seconds", "title": _("Seconds"), "format": ".2f"},
                    {"field": "characters", "title": _("Characters")},
                ],
            },
            "layer": [
                {
                    # Text comes in pieces: between two of them there is as much as before.
                    "mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 2.5},
                    "encoding": {"strokeDash": dash},
                },
                # For the pointer only: a screen reader has the table.
                {"mark": points | {"size": 80, "opacity": 0, "aria": False}},
                {
                    "transform": [{"filter": "datum.end"}],
                    "mark": points | {"size": 70, "opacity": 1},
                },
            ],
        },
        key=f"{key}_text",
        alt=_(
            "Lines of how many characters of each answer there were over time, of {count} panes. "
            "A table of it stands below."
        ).format(count=len(domain)),
    )


def _names(values: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(value["pane"] for value in values))


def _bars(names: Sequence[str]) -> dict[str, Any]:
    axis = {"labelLimit": 190, "ticks": False, "domain": False}
    return {"field": "pane", "type": "nominal", "sort": names, "title": None, "axis": axis}


def _alt(names: Sequence[str]) -> str:
    return _(
        "Bars of the times and speeds of {count} panes. The figures stand in the table."
    ).format(count=len(names))


def _times(values: Sequence[Mapping[str, Any]], key: str) -> None:
    names = _names(values)
    waiting, writing = _("until the first token"), _("until the end")
    times = [
        {"pane": value["pane"], "part": part, "from": begin, "to": end}
        for value in values
        for part, begin, end in (
            (waiting, 0.0, value["first"]),
            (writing, value["first"], value["total"]),
        )
    ]
    _heading(_("Times"))
    st.vega_lite_chart(
        {
            "data": {"values": times},
            "height": 140 + 40 * len(names),
            "mark": {"type": "bar", "cornerRadius": 3},
            "encoding": {
                "y": _bars(names),
                "x": SECONDS | {"field": "from", "title": _("seconds")},
                "x2": {"field": "to"},
                "color": {
                    "field": "part",
                    "type": "nominal",
                    "title": None,
                    "scale": {"domain": [waiting, writing], "range": [WAITING, WRITING]},
                    "legend": LEGEND,
                },
            },
        },
        key=f"{key}_times",
        alt=_alt(names),
    )


def _speeds(speeds: Sequence[Mapping[str, Any]], names: Sequence[str], key: str) -> None:
    # Room for the figure behind the longest bar.
    scale = {"domainMax": 1.2 * max(value["speed"] for value in speeds)}
    bar: dict[str, Any] = {"field": "speed", "type": "quantitative"}
    _heading(_("Speed"))
    st.vega_lite_chart(
        {
            "data": {"values": speeds},
            "height": 60 + 40 * len(names),
            "encoding": {
                "y": _bars(names),
                "x": bar | {"title": _("tokens per second"), "scale": scale},
            },
            "layer": [
                {"mark": {"type": "bar", "color": WRITING, "cornerRadius": 3}},
                {
                    "mark": {"type": "text", "align": "left", "dx": 5, "color": GREY},
                    "encoding": {"text": bar | {"format": ".0f"}},
                },
            ],
        },
        key=f"{key}_speeds",
        alt=_alt(names),
    )
