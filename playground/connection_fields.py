"""The fields of a connection in secrets.toml, and the check of each.

`where` begins each sentence: the table, as `[connections.NAME] `, or nothing.
"""

from __future__ import annotations

from typing import Any

from playground.catalog import load_catalog
from playground.connections import Price
from playground.errors import SettingsError
from playground.model_names import catalog_model
from playground.parameters import PARAMETER_NAMES

_NUMBER = (int, float)

#: The fields of a table, with the type each must have.
CONNECTION_FIELDS: dict[str, type | tuple[type, ...]] = {
    "endpoint": str,
    "kind": str,
    "credential": str,
    "auth": str,
    "scope": str,
    "label": str,
    "deployments": dict,
    "other_models": list,
    "price": dict,
    "requests_per_minute": int,
    "requests_per_day": int,
    "max_concurrent": int,
    "context_limit": int,
    "parameters": list,
    "temperature_max": _NUMBER,
    "connect_timeout": _NUMBER,
    "first_token_timeout": _NUMBER,
    "idle_timeout": _NUMBER,
}

#: The highest number that each of the number fields may hold.
_HIGHEST = {
    "requests_per_minute": 1_000_000,
    "requests_per_day": 1_000_000_000,
    "max_concurrent": 10_000,
    "context_limit": 10_000_000,
    "temperature_max": 2.0,
    "connect_timeout": 3600.0,
    "first_token_timeout": 3600.0,
    "idle_timeout": 3600.0,
}
_PRICE_FIELDS = ("prompt", "completion")


def check_fields(where: str, table: dict[str, Any]) -> None:
    """Check that the fields are known, of their type and within their bounds.

    Raises:
        SettingsError: naming the field.
    """
    unknown = sorted(table.keys() - CONNECTION_FIELDS.keys())
    if unknown:
        raise SettingsError(
            f"{where}has an unknown field: {', '.join(unknown)}.",
            advice=f"Known fields are {', '.join(CONNECTION_FIELDS)}.",
        )
    for key, kind in CONNECTION_FIELDS.items():
        if key in table and (not isinstance(table[key], kind) or isinstance(table[key], bool)):
            raise SettingsError(
                f"{where}{key} has the wrong type.",
                advice="`.streamlit/secrets.toml.example` shows how each field is written.",
            )
    if "endpoint" not in table:
        raise SettingsError(
            f"{where}has no endpoint." if where else "The address is missing.",
            advice='Add endpoint = "https://…" below it.' if where else "Type the base URL.",
        )


def checked_numbers(where: str, table: dict[str, Any]) -> dict[str, float]:
    """Return the number fields that are there. Raises SettingsError for one out of its bounds."""
    for key, highest in _HIGHEST.items():
        if key in table and not 0 < table[key] <= highest:
            raise SettingsError(
                f"{where}{key} must be above 0 and at most {highest:.10g}.",
                advice="Correct the number.",
            )
    return {key: float(table[key]) for key in _HIGHEST if key in table}


def checked_parameters(where: str, names: Any) -> frozenset[str]:
    """Return the names of sampling parameters. Raises SettingsError for one that is unknown."""
    if not all(isinstance(name, str) and name in PARAMETER_NAMES for name in names):
        raise SettingsError(
            f"{where}parameters names an unknown parameter.",
            advice=f"Known parameters are {', '.join(sorted(PARAMETER_NAMES))}.",
        )
    return frozenset(names)


def checked_deployments(where: str, names: dict[str, Any]) -> dict[str, str]:
    """Return the names of models at a server, keyed by catalog name. Raises SettingsError."""
    if not all(isinstance(name, str) and name for name in names.values()):
        raise SettingsError(
            f"{where}deployments must map model names to names.",
            advice='Write it like deployments = { "Phi-3-mini-4k-instruct" = "phi3:mini" }.',
        )
    known = load_catalog().names()
    for name in names:
        if name not in known:
            meant = catalog_model(name)
            raise SettingsError(
                f"{where}deployments names a model that is none of the six: {name[:80]}.",
                advice=f"Write {meant} for it."
                if meant
                else f"The six are {', '.join(known)}; another model goes into other_models.",
            )
    return dict(names)


def checked_names(where: str, names: list[Any]) -> tuple[str, ...]:
    """Return the names of models that are none of the six. Raises SettingsError."""
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise SettingsError(
            f"{where}other_models must be a list of names.",
            advice='Write it like other_models = ["llama3.2:3b"].',
        )
    return tuple(dict.fromkeys(names))


def checked_price(where: str, price: dict[str, Any] | None) -> Price | None:
    """Return the price, or None where there is none. Raises SettingsError."""
    if price is None:
        return None
    sums = [price.get(field) for field in _PRICE_FIELDS]
    currency = price.get("currency", "USD")
    numbers = [s for s in sums if isinstance(s, _NUMBER) and not isinstance(s, bool) and s >= 0]
    extra = price.keys() - {*_PRICE_FIELDS, "currency"}
    is_code = isinstance(currency, str) and len(currency) == 3 and currency.isalpha()
    if len(numbers) != len(sums) or extra or not is_code or max(numbers) > 1_000_000:
        raise SettingsError(
            f"{where}price must hold what a million tokens cost.",
            advice='Write it like price = { prompt = 0.13, completion = 0.52, currency = "USD" }.',
        )
    return Price(float(numbers[0]), float(numbers[1]), currency.upper())
