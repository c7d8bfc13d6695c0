"""The six models side by side: sizes, windows, what they are for, and Microsoft's own figures."""

from __future__ import annotations

import streamlit as st

from components.resources import ROOT, resources
from components.session import session
from playground.catalog import Catalog, Model


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
                _card(model)
    st.header("Benchmarks", anchor=False)
    st.caption(f"In percent, higher is better. Source: {catalog.sources['benchmarks']}.")
    st.table(benchmark_rows(catalog))
    st.caption(f"Figures seen in public copies on {catalog.checked:%d %B %Y}.")


def benchmark_rows(catalog: Catalog) -> dict[str, list[str]]:
    """Return the columns of the table of benchmarks."""
    rows = {"Benchmark": [f"{name} ({how})" for name, how in catalog.benchmarks.items()]}
    for model in catalog:
        rows[model.label.removeprefix("Phi-3 ")] = [
            f"{model.scores[name]:.1f}" for name in catalog.benchmarks
        ]
    return rows


def _card(model: Model) -> None:
    with st.container(border=True, key=f"card_{model.name}", height="stretch"):
        st.markdown(f"**{model.label}**  \n{model.purpose}")
        st.markdown(
            f":gray-badge[{model.size_label} weights] "
            f":gray-badge[{model.context_tokens:,} tokens context] "
            f":gray-badge[MMLU {model.scores['MMLU']}]"
        )
        system = (
            "Takes a system message."
            if model.takes_system_message
            else "Its template drops a system message without a word."
        )
        st.caption(f"Released {model.released}. {system}")
        here = session()

        def chat_with(name: str) -> None:
            here.model = name

        if st.button(
            "Chat",
            key=f"chat_{model.name}",
            icon=":material/chat:",
            on_click=chat_with,
            args=(model.name,),
        ):
            st.switch_page(ROOT / "pages" / "chat.py")
