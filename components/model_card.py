"""A model on a card: what it is for, its figures, where it can be had and where it is connected."""

from __future__ import annotations

import streamlit as st

from components.names import CHAT_PAGE, COMPARE_PAGE
from components.notices import escaped
from components.session import session
from components.texts import _, number, translated
from playground.catalog import Catalog, Model
from playground.connections import Connection

#: The query parameter by which the comparison is opened with a model.
COMPARE_WITH = "model"


def model_card(model: Model, catalog: Catalog) -> None:
    """Draw the card."""
    with st.container(border=True, key=f"card_{model.name}", height="stretch"):
        st.subheader(model.label, anchor=False)
        st.markdown(
            _(
                ":violet-badge[{size} weights] :blue-badge[{window} window] :gray-badge[MMLU {mmlu}]"
            ).format(
                size=translated(model.size_label),
                window=model.context_label,
                mmlu=number(model.scores["MMLU"], ".1f"),
            )
        )
        st.markdown(translated(model.purpose))
        st.caption(
            _(":material/school: {tokens} training tokens, up to {cutoff}").format(
                tokens=translated(model.training_tokens.split(",")[0]),
                cutoff=translated(model.knowledge_cutoff),
            )
            + "  \n"
            + (
                _(":material/tune: Takes a system message")
                if model.takes_system_message
                else _(":material/merge: Its template drops a system message")
            )
        )
        with st.container(key=f"where_{model.name}", gap="xsmall"):
            _connected(model)
        # At the foot of the card, so that those of a row stand in a line.
        foot = st.container(
            key=f"actions_{model.name}", height="stretch", vertical_alignment="bottom"
        )
        with foot, st.container(horizontal=True, gap="xsmall"):
            _buttons(model, catalog)


def serving(model: Model) -> list[tuple[Connection, str]]:
    """Return the connections that serve `model`, as far as is known, with its name there."""
    return [
        (connection, connection.deployment(model.name))
        for connection in session().connections.usable
        if connection.states(model.name)
    ]


def _connected(model: Model) -> None:
    found = serving(model)
    for connection, name in found:
        if connection.scripted:
            st.caption(_(":material/theater_comedy: Scripted demo only, no model"))
        else:
            st.caption(
                _(":green[:material/check_circle:] {connection}, as `{name}`").format(
                    connection=escaped(translated(connection.label)), name=name.replace("`", "")
                )
            )
    if not found:
        st.caption(_(":material/link_off: No connection serves it"))


def _buttons(model: Model, catalog: Catalog) -> None:
    here = session()

    def chat_with(name: str) -> None:
        here.model = name
        found = serving(model)
        if found and here.connection not in [connection.name for connection, _ in found]:
            here.use(found[0][0])

    if st.button(
        _("Chat"),
        key=f"chat_{model.name}",
        icon=":material/chat:",
        on_click=chat_with,
        args=(model.name,),
    ):
        st.switch_page(CHAT_PAGE)
    if st.button(_("Compare"), key=f"compare_{model.name}", icon=":material/compare_arrows:"):
        st.switch_page(COMPARE_PAGE, query_params={COMPARE_WITH: model.name})
    if st.button(
        _("Details"), key=f"details_{model.name}", icon=":material/info:", type="tertiary"
    ):
        st.dialog(model.label, width="medium", icon=":material/deployed_code:")(details)(
            model, catalog
        )


def details(model: Model, catalog: Catalog) -> None:
    """Draw all that is known of a model."""
    st.markdown(translated(model.purpose))
    facts, scores = st.columns([4, 5], gap="medium")
    with facts:
        for name, text in facts_of(model):
            st.markdown(f"**{name}**  \n{text}")
    with scores:
        st.table(
            {
                _("Benchmark"): [
                    f"{name} ({translated(how)})" for name, how in catalog.benchmarks.items()
                ],
                "%": [number(model.scores[name], ".1f") for name in catalog.benchmarks],
            },
            border="horizontal",
            hide_index=True,
        )
        st.caption(
            _("MT-Bench of this size: {score} of 10. Sources below the table on the page.").format(
                score=number(catalog.mt_bench[model.size], "g")
            )
        )
    st.markdown(_("**Where to get it**"))
    st.table(
        {
            _("At"): [place.at for place in model.places],
            _("Name"): [f"`{place.name}`" for place in model.places],
            " ": [translated(place.note) for place in model.places],
        },
        border="horizontal",
        hide_index=True,
    )
    st.link_button(_("The official model card"), model.card, icon=":material/open_in_new:")


def facts_of(model: Model) -> list[tuple[str, str]]:
    """Return what is known of a model beside its scores, each with its name."""
    system = (
        _("Taken: the template has a place for it.")
        if model.takes_system_message
        else _(
            "Dropped by the published template without a word. The playground puts it at the head "
            "of the first message, and says so."
        )
    )
    window = _(
        "{window} tokens for prompt and answer together. The hosted catalogs gave at most "
        "{answer} tokens an answer."
    ).format(window=number(model.context_tokens), answer=number(model.max_output_tokens))
    training = _("{tokens} tokens, knowledge up to {cutoff}").format(
        tokens=translated(model.training_tokens), cutoff=translated(model.knowledge_cutoff)
    )
    return [
        (_("Size"), _("{size} weights").format(size=translated(model.size_label))),
        (_("Window"), window),
        (_("Training"), training),
        (_("Released"), translated(model.released)),
        (_("Licence"), model.licence),
        (_("System message"), system),
        (_("Known limits"), " ".join(map(translated, model.limits))),
    ]
