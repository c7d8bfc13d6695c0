"""The part of the form that need not be filled in: a name, limits to keep, and a price."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.session import widget_value
from components.texts import _, later

#: Limits, as fields of secrets.toml, with what they are called.
LIMITS = {
    "requests_per_minute": later("Requests a minute"),
    "requests_per_day": later("Requests a day"),
    "max_concurrent": later("Requests at once"),
    "context_limit": later("Window, in tokens"),
}
#: The halves of a price, likewise.
PRICES = {
    "prompt": later("Price of a million tokens in"),
    "completion": later("Price of a million tokens out"),
}
CURRENCIES = ("USD", "EUR", "GBP")
#: Characters of a name.
LONGEST = 60

#: Returns the key of the widget for a field.
KeyOf = Callable[[str], str]


def extras(key_of: KeyOf, usual_name: str) -> None:
    """Draw the fields; without a name the connection is called `usual_name`."""
    with st.expander(_("Name, limits and price")):
        st.text_input(_("Name"), key=key_of("label"), placeholder=usual_name, max_chars=LONGEST)
        st.caption(_("Limits that are stated here are kept before the server has to refuse."))
        _numbers(LIMITS, key_of, least=1)
        _numbers(PRICES, key_of, least=0.0)
        st.selectbox(_("Currency"), CURRENCIES, key=key_of("currency"))


def extra_fields(key_of: KeyOf) -> dict[str, Any]:
    """Return what was filled in, as fields of secrets.toml; None for what was not."""
    fields: dict[str, Any] = {"label": (widget_value(key_of("label")) or "").strip()}
    fields |= {limit: widget_value(key_of(limit)) for limit in LIMITS}
    sums = {half: widget_value(key_of(half)) for half in PRICES}
    if any(each is not None for each in sums.values()):
        given = {half: each or 0.0 for half, each in sums.items()}
        fields["price"] = given | {"currency": widget_value(key_of("currency"))}
    return fields


def _numbers(labels: dict[str, str], key_of: KeyOf, *, least: float) -> None:
    columns: list[DeltaGenerator] = []
    for name, label in labels.items():
        columns = columns or list(st.columns(2, gap="small"))
        columns.pop(0).number_input(
            _(label), min_value=least, value=None, key=key_of(name), step=type(least)(1)
        )
