"""The six models side by side: a card each, then the figures as charts and as a table."""

from __future__ import annotations

import streamlit as st

from components.model_card import model_card
from components.model_chart import benchmark_chart, size_chart
from components.notices import escaped
from components.resources import resources
from playground.catalog import Catalog


def model_table() -> None:
    """Draw a card per model and the benchmark figures with their source."""
    catalog = resources().catalog
    st.caption(
        "Weights under the MIT licence, English first, knowledge up to October 2023. "
        "Retired from Azure's catalog on 30 August 2025; they run wherever their weights do."
    )
    for start in range(0, len(catalog), 2):
        columns = st.columns(2, gap="small")
        for column, model in zip(columns, catalog.models[start : start + 2], strict=False):
            with column:
                model_card(model, catalog)
    st.header("How they compare", anchor=False)
    by_benchmark, by_size, table = st.tabs(
        [
            ":material/scatter_plot: Benchmarks",
            ":material/show_chart: Quality and size",
            ":material/table: Table",
        ],
        key="figures",
    )
    with by_benchmark:
        benchmark_chart(catalog)
    with by_size:
        size_chart(catalog)
    with table, st.container(key="benchmark_table"):
        st.table(benchmark_rows(catalog), hide_index=True)
    scores = ", ".join(f"{size} {score:g}" for size, score in catalog.mt_bench.items())
    source = {name: escaped(text) for name, text in catalog.sources.items()}
    st.caption(
        f"Benchmarks in percent. Source: {source['benchmarks']}.  \n"
        f"MT-Bench, out of 10: {scores}. Source: {source['mt_bench']}.  \n"
        f"Sizes and windows: {source['specification']}.  \n"
        f"Known limits: {source['limits']}.  \n"
        f"Seen in public copies on {catalog.checked:%d %B %Y}. The figures are Microsoft's own; "
        "your own prompts are the better test."
    )


def benchmark_rows(catalog: Catalog) -> dict[str, list[str]]:
    """Return the columns of the table of benchmarks."""
    rows = {"Benchmark": [f"{name} ({how})" for name, how in catalog.benchmarks.items()]}
    for model in catalog:
        rows[model.label.removeprefix("Phi-3 ")] = [
            f"{model.scores[name]:.1f}" for name in catalog.benchmarks
        ]
    return rows
