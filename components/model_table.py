"""The six models side by side: a card each, then the figures as charts and as a table."""

from __future__ import annotations

import streamlit as st

from components.model_card import model_card
from components.model_chart import benchmark_chart, size_chart
from components.notices import escaped
from components.resources import resources
from components.texts import _, number, translated
from playground.catalog import Catalog


def model_table() -> None:
    """Draw a card per model and the benchmark figures with their source."""
    catalog = resources().catalog
    st.caption(
        _(
            "Weights under the MIT licence, English first, knowledge up to October 2023. "
            "Retired from Azure's catalog on 30 August 2025; they run wherever their weights do."
        )
    )
    for start in range(0, len(catalog), 2):
        columns = st.columns(2, gap="small")
        for column, model in zip(columns, catalog.models[start : start + 2], strict=False):
            with column:
                model_card(model, catalog)
    st.header(_("How they compare"), anchor=False)
    by_benchmark, by_size, table = st.tabs(
        [
            _(":material/scatter_plot: Benchmarks"),
            _(":material/show_chart: Quality and size"),
            _(":material/table: Table"),
        ],
        key="figures",
    )
    with by_benchmark:
        benchmark_chart(catalog)
    with by_size:
        size_chart(catalog)
    with table, st.container(key="benchmark_table"):
        st.table(benchmark_rows(catalog), hide_index=True)
    scores = ", ".join(f"{size} {number(score, 'g')}" for size, score in catalog.mt_bench.items())
    source = {name: escaped(text) for name, text in catalog.sources.items()}
    lines = (
        _("Benchmarks in percent. Source: {source}.").format(source=source["benchmarks"]),
        _("MT-Bench, out of 10: {scores}. Source: {source}.").format(
            scores=scores, source=source["mt_bench"]
        ),
        _("Sizes and windows: {source}.").format(source=source["specification"]),
        _("Known limits: {source}.").format(source=source["limits"]),
        _(
            "Seen in public copies on {date}. The figures are Microsoft's own; your own prompts "
            "are the better test."
        ).format(date=catalog.checked.isoformat()),
    )
    st.caption("  \n".join(lines))


def benchmark_rows(catalog: Catalog) -> dict[str, list[str]]:
    """Return the columns of the table of benchmarks."""
    rows = {
        _("Benchmark"): [f"{name} ({translated(how)})" for name, how in catalog.benchmarks.items()]
    }
    for model in catalog:
        rows[model.label.removeprefix("Phi-3 ")] = [
            number(model.scores[name], ".1f") for name in catalog.benchmarks
        ]
    return rows
