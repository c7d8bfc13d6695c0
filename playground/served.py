"""What a server says it serves: its list of models, and the window where it tells one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from playground.connections import Connection
from playground.error_mapping import key_of
from playground.error_text import plain
from playground.errors import ProtocolError
from playground.lookup import look_up
from playground.model_names import ServedModel, served
from playground.stop import StopSignal

#: Models of a list that are read; a gateway may serve hundreds.
MAX_MODELS = 500
#: Where servers write the window of a model, in tokens: vLLM, LM Studio, Foundry Local.
_WINDOWS = ("max_model_len", "loaded_context_length", "max_context_length", "maxInputTokens")


@dataclass(frozen=True, slots=True)
class Listing:
    """A server's list of models.

    Attributes:
        models: what it serves, the six first.
        owners: what the server says of who owns the models, in lower case; it gives away its kind.
        server: what the server calls itself in the headers, in lower case.
        context_limit: tokens that each of them takes, prompt and answer together; None if untold.
    """

    models: tuple[ServedModel, ...]
    owners: frozenset[str] = frozenset()
    server: str = ""
    context_limit: int | None = None


def list_models(connection: Connection, stop: StopSignal, *, seconds: float = 10.0) -> Listing:
    """Return what the server of `connection` lists; waits `seconds` at most for the answer.

    Raises:
        Stopped: once `stop` is set.
        ChatError: if it does not tell.
    """
    listing = _listed(connection, stop, seconds)
    if listing is None:
        raise ProtocolError("The server's answer is not a list of models.")
    return listing


def _listed(connection: Connection, stop: StopSignal, seconds: float) -> Listing | None:
    # What the server said, which may hold the key, must not be in the frame of an error.
    found = look_up(connection, "models", stop, seconds=seconds)
    return read_listing(found.json, found.headers, connection)


def read_listing(data: Any, headers: Mapping[str, str], connection: Connection) -> Listing | None:
    """Return the list that `data`, parsed JSON, holds; None if it is none.

    The usual form is `{"data": [{"id": …}]}`; Azure and some gateways send the bare list.
    """
    entries = data.get("data") if isinstance(data, Mapping) else data
    if isinstance(data, Mapping) and entries is None and data.get("object") == "list":
        entries = []  # Ollama without a model says null
    if not isinstance(entries, list):
        return None
    models = [entry for entry in entries[:MAX_MODELS] if isinstance(entry, Mapping)]
    key = key_of(connection)
    names = [plain(str(m.get("id") or m.get("name") or ""), key, 200) for m in models]
    if entries and not any(names):
        return None
    owners = {plain(str(m.get("owned_by") or ""), key, 60).casefold() for m in models}
    return Listing(
        models=served(filter(None, names)),
        owners=frozenset(owners - {""}),
        server=plain(headers.get("server", ""), key, 200).casefold(),
        context_limit=_smallest(filter(None, map(_window, models))),
    )


def _window(model: Mapping[str, Any]) -> int | None:
    meta = model.get("meta")  # llama.cpp
    told = [meta.get("n_ctx")] if isinstance(meta, Mapping) else []
    told += [model.get(name) for name in _WINDOWS]
    return next((n for n in told if isinstance(n, int) and n > 0), None)


def _smallest(windows: Iterable[int]) -> int | None:
    return min(windows, default=None)
