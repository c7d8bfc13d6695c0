"""The published figures as charts: each benchmark by model, and quality against size.

The charts are Vega-Lite specifications, drawn by Streamlit's own element. Written with a library
they would cost each start of the server the import of it.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from components.texts import _, later, number
from playground.catalog import Catalog

#: Each size has a colour, each window a shape, so that no mark is told by its colour alone. The
#: colours differ in lightness too, and each can be seen on white and on black.
SIZES = {"mini": "#2f83d6", "small": "#c96a12", "medium": "#8a63d2"}
SHAPES = {later("4k or 8k"): "circle", "128k": "diamond"}
#: For letters and marks that have no colour of their own: seen in both schemes.
GREY = "#7d7a90"
#: Legends stand one above the other: side by side they are wider than a phone.
CONFIG = {"legend": {"layout": {"top": {"direction": "vertical", "anchor": "start"}}}}


def benchmark_chart(catalog: Catalog) -> None:
    """Draw a row for each benchmark, with a mark for each model."""
    best = max(catalog, key=lambda model: model.mean_score)
    st.vega_lite_chart(
        {
            "data": {"values": points(catalog)},
            "height": 420,
            "config": CONFIG,
            "mark": {"type": "point", "filled": True, "size": 130, "opacity": 0.9},
            "encoding": {
                "y": {
                    "field": "benchmark",
                    "type": "nominal",
                    "sort": list(catalog.benchmarks),
                    "title": None,
                    "axis": {"grid": True, "ticks": False, "domain": False},
                },
                "x": {
                    "field": "score",
                    "type": "quantitative",
                    "title": _("percent, higher is better"),
                    "scale": {"domain": [30, 100]},
                },
                **_size_and_window(),
                "tooltip": [
                    {"field": "model", "title": _("Model")},
                    {"field": "benchmark", "title": _("Benchmark")},
                    {"field": "how", "title": _("Shown first")},
                    {"field": "score", "title": _("Percent"), "format": ".1f"},
                ],
            },
        },
        key="benchmark_chart",
        alt=_(
            "Ten benchmarks of the six models; {best} has the highest mean. The same figures stand "
            "in the table."
        ).format(best=best.label),
    )


def size_chart(catalog: Catalog) -> None:
    """Draw the mean of all benchmarks over the number of weights."""
    values: list[dict[str, Any]] = [
        {
            "model": model.label.removeprefix("Phi-3 "),
            "weights": model.parameters_billions,
            "mean": round(model.mean_score, 1),
            "size": model.size,
            "window": _window(model.context_tokens),
        }
        for model in catalog
    ]
    # 4k and 128k of a size lie close together: one is named above, the other below.
    above = {"mini 4k", "small 128k", "medium 4k"}
    encoding: dict[str, Any] = {
        "x": {
            "field": "weights",
            "type": "quantitative",
            "title": _("weights, in thousand millions"),
            "scale": {"domain": [2, 16]},
        },
        "y": {
            "field": "mean",
            "type": "quantitative",
            "title": _("mean of the ten benchmarks, percent"),
            "scale": {"domain": [66, 78]},
        },
    }
    st.vega_lite_chart(
        {
            "data": {"values": values},
            "height": 460,
            "config": CONFIG,
            "encoding": encoding,
            "layer": [
                {
                    "mark": {"type": "point", "filled": True, "size": 200, "opacity": 0.9},
                    "encoding": {
                        **_size_and_window(),
                        "tooltip": [
                            {"field": "model", "title": _("Model")},
                            {"field": "weights", "title": _("Thousand million weights")},
                            {"field": "mean", "title": _("Mean, percent"), "format": ".1f"},
                        ],
                    },
                },
                *(
                    {
                        "transform": [{"filter": {"field": "model", "oneOf": names}}],
                        "mark": {"type": "text", "fontSize": 13, "color": GREY, "dy": offset},
                        "encoding": {"text": {"field": "model"}},
                    }
                    for names, offset in (
                        (sorted(above), -18),
                        (sorted({str(v["model"]) for v in values} - above), 18),
                    )
                ),
            ],
        },
        key="size_chart",
        alt=_("Mean of the benchmarks over size: {points}.").format(
            points="; ".join(
                f"{v['model']}: {number(v['weights'], 'g')}B, {number(v['mean'], '.1f')} %"
                for v in values
            )
        ),
    )


def points(catalog: Catalog) -> list[dict[str, Any]]:
    """Return a point for each benchmark and model."""
    return [
        {
            "model": model.label,
            "size": model.size,
            "window": _window(model.context_tokens),
            "benchmark": benchmark,
            "how": how,
            "score": model.scores[benchmark],
        }
        for benchmark, how in catalog.benchmarks.items()
        for model in catalog
    ]


def _window(tokens: int) -> str:
    return "128k" if tokens > 8192 else _("4k or 8k")


def _size_and_window() -> dict[str, Any]:
    return {
        "color": {
            "field": "size",
            "type": "nominal",
            "title": _("size"),
            "scale": {"domain": list(SIZES), "range": list(SIZES.values())},
            "legend": {"orient": "top"},
        },
        "shape": {
            "field": "window",
            "type": "nominal",
            "title": _("window"),
            "scale": {"domain": [_(window) for window in SHAPES], "range": list(SHAPES.values())},
            "legend": {"orient": "top", "symbolFillColor": GREY, "symbolStrokeColor": GREY},
        },
    }
