"""Model servers that run on this machine, found by asking: loopback only, all at once, for a second.

It looks where Ollama, LM Studio, llama.cpp, vLLM, Foundry Local and LiteLLM listen unless told
otherwise, or at the ports that PLAYGROUND_DISCOVERY names. Nothing is sent but a question for the
list of models, and nothing is used before somebody picks it.
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from urllib.parse import urlsplit

from playground.addresses import is_loopback
from playground.connections import Connection, Kind
from playground.errors import AuthenticationFailed, ChatError, Refused, ServerFailed
from playground.exchange import Stopped
from playground.kinds import KINDS, facts
from playground.lookup import look_up
from playground.model_names import ServedModel, deployments
from playground.served import Listing, list_models
from playground.stop import StopSignal

#: Seconds that a look takes at most, whatever is out there.
SECONDS = 1.0
#: Where servers listen on this machine unless told otherwise, with what is expected there.
USUAL_PORTS: dict[int, Kind] = {known.port: known.kind for known in KINDS if known.port is not None}
#: Ports that many other programs use too, so that a port alone says nothing there.
_SHARED_PORTS = frozenset({4000, 8000, 8080})

#: What `owned_by` in a list of models gives away.
_OWNERS = {
    "llamacpp": Kind.LLAMA_CPP,
    "vllm": Kind.VLLM,
    "library": Kind.OLLAMA,
    "organization_owner": Kind.LM_STUDIO,
    "organization-owner": Kind.LM_STUDIO,
}


#: How model servers say that they want a key; vLLM says one word.
_KEY_WANTED = re.compile(r"api.?key|^unauthorized$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A server that answered.

    Attributes:
        kind: what it is, as far as its answer tells.
        endpoint: its base URL.
        models: what it serves, the six first; empty if it does not tell.
        wants_key: whether it asked for a key.
        context_limit: tokens it takes, prompt and answer together, if it says so.
    """

    kind: Kind
    endpoint: str
    models: tuple[ServedModel, ...] = ()
    wants_key: bool = False
    context_limit: int | None = None

    @property
    def name(self) -> str:
        """A short unique name for it, such as "ollama-11434"."""
        return f"{self.kind.value}-{urlsplit(self.endpoint).port}"

    @property
    def label(self) -> str:
        """The name people see."""
        return f"{facts(self.kind).label} on this machine"

    def connection(self) -> Connection:
        """Return the connection to it, with the names it serves the six under."""
        known = facts(self.kind)
        return Connection(
            name=self.name,
            label=self.label,
            endpoint=self.endpoint,
            kind=self.kind,
            deployments=deployments(self.models),
            others=tuple(one.name for one in self.models if one.model is None),
            parameters=known.parameters,
            temperature_max=known.temperature_max,
            first_token_timeout=known.first_token_timeout,
            context_limit=self.context_limit,
        )


def discover(
    ports: Iterable[int] = tuple(USUAL_PORTS), *, seconds: float = SECONDS
) -> tuple[FoundServer, ...]:
    """Return the servers that answer on `ports` of 127.0.0.1 within `seconds`, in order of port.

    Never fails: what does not answer in time, or as such a server would, is not there.
    """
    wanted = sorted(set(ports))
    if not wanted:
        return ()
    stop = StopSignal()
    pool = ThreadPoolExecutor(len(wanted), thread_name_prefix="discovery")
    looks = {port: pool.submit(_look, port, stop, seconds) for port in wanted}
    wait(looks.values(), timeout=seconds)
    stop.stop()  # wakes what still waits; nobody stays behind for it
    pool.shutdown(wait=False, cancel_futures=True)
    done = [looks[port] for port in wanted if looks[port].done()]
    return tuple(found for look in done if not look.cancelled() and (found := look.result()))


def not_connected(
    found: Iterable[FoundServer], connections: Iterable[Connection]
) -> tuple[FoundServer, ...]:
    """Return those of `found` that no connection leads to yet."""
    known = {_place(connection.endpoint) for connection in connections}
    return tuple(server for server in found if _place(server.endpoint) not in known)


class Finder:
    """Looks in the background, once, and again when asked to.

    Args:
        ports: where to look; nowhere, and it is switched off.

    Attributes:
        ports: the same, in order.
    """

    def __init__(self, ports: Iterable[int] = ()) -> None:
        self.ports = tuple(sorted(set(ports)))
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._thread: threading.Thread | None = None
        self._found: tuple[FoundServer, ...] = ()

    @property
    def enabled(self) -> bool:
        """Whether it looks at all."""
        return bool(self.ports)

    def look(self) -> None:
        """Begin to look, unless it looks already; returns at once."""
        with self._lock:
            if not self.enabled or (self._thread is not None and self._thread.is_alive()):
                return
            self._done.clear()
            self._thread = threading.Thread(target=self._look, name="finder", daemon=True)
            self._thread.start()

    def found(self, patience: float = 2 * SECONDS) -> tuple[FoundServer, ...]:
        """Return what was found last, looking first if it never did; waits `patience` seconds."""
        if self.enabled and self._thread is None:
            self.look()
        if self.enabled:
            self._done.wait(patience)
        return self._found

    def _look(self) -> None:
        self._found = discover(self.ports)
        self._done.set()


def _look(port: int, stop: StopSignal, seconds: float) -> FoundServer | None:
    expected = USUAL_PORTS.get(port, Kind.CHAT_COMPLETIONS)
    endpoint = f"http://127.0.0.1:{port}/v1"
    asked = Connection(name="discovery", label="Discovery", endpoint=endpoint, kind=expected)
    try:
        listing = list_models(asked, stop, seconds=seconds)
    except Stopped:
        return None
    except ServerFailed:
        # A LiteLLM proxy without a database fails in this way when it is asked without a key.
        alive = _litellm(asked, stop, seconds)
        return FoundServer(Kind.GATEWAY, endpoint, wants_key=True) if alive else None
    except Refused as error:
        if not isinstance(error, AuthenticationFailed) or not _KEY_WANTED.search(error.detail):
            return None  # some other program, which wants people to sign in
        return FoundServer(_who(error.detail, expected), endpoint, wants_key=True)
    except ChatError:
        return None
    kind = _kind(listing, expected, port)
    if expected is Kind.GATEWAY or "openai" in listing.owners:  # what LiteLLM says of every alias
        kind = Kind.GATEWAY if _litellm(asked, stop, seconds) else kind
    limit = listing.context_limit
    if kind is Kind.LLAMA_CPP:
        limit = _slot(asked, stop, seconds) or limit
    return FoundServer(kind, endpoint, listing.models, context_limit=limit)


def _kind(listing: Listing, expected: Kind, port: int) -> Kind:
    told = next((_OWNERS[owner] for owner in listing.owners if owner in _OWNERS), None)
    if told is None and "llama.cpp" in listing.server:
        told = Kind.LLAMA_CPP
    return told or (Kind.CHAT_COMPLETIONS if port in _SHARED_PORTS else expected)


def _who(refusal: str, expected: Kind) -> Kind:
    if refusal == "Invalid API Key":
        return Kind.LLAMA_CPP
    return Kind.GATEWAY if "LiteLLM" in refusal else expected


def _litellm(asked: Connection, stop: StopSignal, seconds: float) -> bool:
    with contextlib.suppress(ChatError, Stopped):
        return bool(
            look_up(asked, "/health/liveliness", stop, seconds=seconds).json == "I'm alive!"
        )
    return False


def _slot(asked: Connection, stop: StopSignal, seconds: float) -> int | None:
    """Return the window of one of llama.cpp's slots, which its list of models does not tell."""
    with contextlib.suppress(ChatError, Stopped):
        told = look_up(asked, "/props", stop, seconds=seconds).json
        if isinstance(told, dict) and isinstance(told.get("default_generation_settings"), dict):
            window = told["default_generation_settings"].get("n_ctx")
            return window if isinstance(window, int) and window > 0 else None
    return None


def _place(endpoint: str) -> tuple[str, int | None]:
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    return "127.0.0.1" if is_loopback(host) else host, parts.port
