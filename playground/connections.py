"""Where models are served, and with which credential."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from playground.addresses import leads_to_forbidden
from playground.errors import AddressForbidden, SettingsError
from playground.parameters import PARAMETER_NAMES

GITHUB_MODELS_RETIRED = "30 July 2026"
GITHUB_MODELS_SOURCE = "https://github.com/orgs/community/discussions/203602"

#: Where GitHub Models was served: the first address ended in October 2025.
RETIRED_HOSTS = frozenset({"models.inference.ai.azure.com", "models.github.ai"})

#: Seconds. Local models may take long to load, so the first token has the most patience.
CONNECT_TIMEOUT = 10.0
FIRST_TOKEN_TIMEOUT = 60.0
IDLE_TIMEOUT = 30.0

#: Printable ASCII without spaces: what an HTTP header carries unchanged.
_KEY = re.compile(r"[!-~]+")


class Kind(StrEnum):
    """What sort of server a connection leads to; `playground.kinds` knows what each is like."""

    CHAT_COMPLETIONS = "chat-completions"
    OLLAMA = "ollama"
    LM_STUDIO = "lm-studio"
    LLAMA_CPP = "llama-cpp"
    VLLM = "vllm"
    FOUNDRY_LOCAL = "foundry-local"
    AZURE_AI = "azure-ai"
    AZURE_ML = "azure-ml"
    GATEWAY = "gateway"
    DEMO = "demo"
    GITHUB_MODELS = "github-models"


@dataclass(frozen=True, slots=True)
class Credential:
    """A key. Its text appears in no repr, so in no log and no traceback."""

    key: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            # The key itself is never part of the message.
            raise SettingsError(
                "A key may hold printable ASCII characters only, without spaces or line breaks.",
                advice="Copy the key again, without quotes, spaces or a line break around it.",
            )


@dataclass(frozen=True, slots=True)
class Price:
    """What a connection costs, as its operator states it: money for a million tokens."""

    prompt: float
    completion: float
    currency: str = "USD"

    def cost(self, prompt_tokens: int, completion_tokens: int) -> float:
        """Return the price of a reply, in `currency`."""
        return (prompt_tokens * self.prompt + completion_tokens * self.completion) / 1_000_000


@dataclass(frozen=True, slots=True)
class Connection:
    """A server of the chat-completions protocol and how to use it.

    Attributes:
        name: a short unique name, used in settings and links.
        label: the name people see.
        endpoint: the base URL; `/chat/completions` is added to it.
        deployments: the name each model is served under, keyed by catalog name; a model that is
            not named here is asked for by its catalog name.
        retired: why this connection cannot be used any more; empty if it can.
        parameters: the sampling parameters this server takes.
        temperature_max: the highest temperature it takes (1 in Azure's catalog, 2 elsewhere).
        connect_timeout, first_token_timeout, idle_timeout: seconds.
        entra_scope: the scope for which Entra ID is asked for tokens, which take the place of a
            key; empty where a key is used, or nothing.
        requests_per_minute, requests_per_day: how many requests the server takes; None where
            nothing is stated. They are kept before the server has to refuse.
        context_limit: tokens it takes, prompt and answer together; None for the model's own window.
        price: what it costs, where that is stated.
        max_concurrent: how many requests it takes at once; None where nothing is stated.
        others: names of models it serves that are none of the six, and may be used as well.
        typed: whether it was typed on the page, for one browser session.
    """

    name: str
    label: str
    endpoint: str
    credential: Credential | None = None
    kind: Kind = Kind.CHAT_COMPLETIONS
    deployments: Mapping[str, str] = field(default_factory=dict)
    retired: str = ""
    parameters: frozenset[str] = PARAMETER_NAMES
    temperature_max: float = 1.0
    connect_timeout: float = CONNECT_TIMEOUT
    first_token_timeout: float = FIRST_TOKEN_TIMEOUT
    idle_timeout: float = IDLE_TIMEOUT
    entra_scope: str = ""
    requests_per_minute: int | None = None
    requests_per_day: int | None = None
    context_limit: int | None = None
    price: Price | None = None
    max_concurrent: int | None = None
    others: tuple[str, ...] = ()
    typed: bool = False

    @property
    def scripted(self) -> bool:
        """Whether its replies are scripted, and no model's."""
        return self.kind is Kind.DEMO

    @property
    def authenticates(self) -> bool:
        """Whether a key or a token goes along with each request."""
        return self.credential is not None or bool(self.entra_scope)

    @property
    def host(self) -> str:
        """Host and port, for people to read."""
        return urlsplit(self.endpoint).netloc.rpartition("@")[2]

    def deployment(self, model: str) -> str:
        """Return the name `model` goes by at this connection."""
        return self.deployments.get(model, model)

    @property
    def named(self) -> tuple[str, ...]:
        """The models that are said to be served: catalog names, and names of others."""
        return (*self.deployments, *self.others)

    def states(self, model: str) -> bool:
        """Whether it is said to serve `model`: it is named, or nothing is."""
        return not self.named or model in self.named


@dataclass(frozen=True, slots=True)
class Connections:
    """Every connection there is, in the order of preference."""

    all: tuple[Connection, ...]

    def __iter__(self) -> Iterator[Connection]:
        return iter(self.all)

    @property
    def usable(self) -> tuple[Connection, ...]:
        """Those that can be chatted with."""
        return tuple(c for c in self.all if not c.retired)

    @property
    def default(self) -> Connection:
        """The first usable one."""
        return self.usable[0]

    def get(self, name: str | None) -> Connection | None:
        """Return the connection called `name`, or None."""
        return next((c for c in self.all if c.name == name), None)


#: Characters without width. Addresses in our sentences have them (components/notices.py), and so have
#: those that were copied from there.
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))


def checked_endpoint(url: str, *, setting: str) -> str:
    """Return `url` as a base URL without a trailing slash.

    Raises:
        SettingsError: naming `setting`, if this is not an http(s) URL of a server, or one that no
            connection may lead to.
    """
    cleaned = url.translate(_UNSEEN).strip().rstrip("/")
    try:
        parts = urlsplit(cleaned)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    # urlsplit drops line breaks and takes spaces; whoever sends the request later does neither.
    blank = any(c.isspace() or not c.isprintable() for c in cleaned)
    if parts.scheme not in ("http", "https") or not host or blank:
        raise SettingsError(
            f"{setting} is not the URL of a server.",
            advice="Write it like https://host/v1 or http://127.0.0.1:8080/v1.",
        )
    if "@" in parts.netloc:
        raise SettingsError(
            f"{setting} holds a user name or password.",
            advice="Leave it out of the address; the key has a place of its own.",
        )
    if "?" in cleaned or "#" in cleaned:
        raise SettingsError(
            f"{setting} holds a query or fragment.",
            advice="Give the base URL only, without anything from ? or # on.",
        )
    if leads_to_forbidden(cleaned):
        raise AddressForbidden(
            f"{setting} leads to a link-local address or a cloud's metadata service."
        )
    return cleaned.removesuffix("/chat/completions").rstrip("/")


def checked_credential(key: str, *, setting: str) -> Credential | None:
    """Return the credential, or None if `key` is empty. Raises SettingsError, naming `setting`."""
    if not key:
        return None
    try:
        return Credential(key)
    except SettingsError as error:
        raise SettingsError(
            f"{setting} is not a usable key. {error.happened}", advice=error.advice
        ) from None


def github_models() -> Connection:
    """Return the retired GitHub Models connection: listed and explained, never used."""
    return Connection(
        name="github-models",
        label="GitHub Models (retired)",
        endpoint="https://models.github.ai/inference",
        kind=Kind.GITHUB_MODELS,
        retired=(
            f"GitHub Models was retired on {GITHUB_MODELS_RETIRED} for everyone. "
            "Your GITHUB_TOKEN cannot reach a model any more."
        ),
    )


def retired_host(endpoint: str) -> str:
    """Return why the host of `endpoint` cannot be used any more; empty if nothing is known."""
    host = (urlsplit(endpoint).hostname or "").rstrip(".").casefold()
    if host not in RETIRED_HOSTS:
        return ""
    return (
        f"{host} belonged to GitHub Models, which was retired on {GITHUB_MODELS_RETIRED} for "
        "everyone. A server of the same protocol at another address can be used."
    )
