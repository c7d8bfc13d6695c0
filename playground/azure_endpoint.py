"""Replies from any server of the chat-completions protocol, through the `azure-ai-inference` SDK.

The SDK builds the requests, authenticates and parses the chunks. It gets a transport of our own
(`transport`, `wire`), which repairs what comes back (`answer`, `sse`, `chunks`), and its retries and
redirects are switched off: a retry would sleep for as long as the server says, out of sight, and a
redirect would take the key along.

Whatever goes wrong leaves here as a ChatError and carries no foreign exception with it, since those
hold the request, and the request holds the key.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast

from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.models import StreamingChatCompletionsUpdate
from azure.core.credentials import AzureKeyCredential, TokenCredential
from azure.core.exceptions import HttpResponseError
from azure.core.pipeline import PipelineResponse
from azure.core.pipeline.policies import SansIOHTTPPolicy

from playground import __version__
from playground.connections import Connection
from playground.entra import EntraCredential
from playground.error_mapping import key_of, request_id
from playground.error_text import plain
from playground.errors import ChatError
from playground.events import (
    Finished,
    FinishReason,
    KeepAlive,
    ModelReported,
    Opened,
    StreamEvent,
    TextDelta,
    Usage,
    UsageReported,
)
from playground.exchange import Exchange, Stage, Stopped
from playground.foreign_errors import from_exception
from playground.rate_limits import rate_limits
from playground.request import ChatRequest
from playground.stop import StopSignal
from playground.transport import WireResponse, WireTransport

_LOG = logging.getLogger(__name__)

_WITH_USAGE: dict[str, Any] = {"stream_options": {"include_usage": True}}
#: Statuses with which servers refuse a field that they do not know.
_UNKNOWN_FIELD = {400, 422}


class AzureEndpoint:
    """A connection's server. Implements `playground.endpoint.Endpoint`; any thread may call it.

    Args:
        connection: whose server.
        on_read: called after each read from a socket, which shows in how many pieces an answer came.
    """

    def __init__(
        self, connection: Connection, *, on_read: Callable[[], None] = lambda: None
    ) -> None:
        self._connection = connection
        self._on_read = on_read
        self._client = _client(connection)
        self._with_usage = True

    def stream(self, request: ChatRequest, stop: StopSignal) -> Iterator[StreamEvent]:
        """Send `request` once and yield what comes back; return quietly once `stop` is set.

        Raises:
            ChatError: for everything that goes wrong.
        """
        exchange = Exchange(self._connection, stop, self._on_read)
        problem: ChatError | None = None
        try:
            with stop.woken_by(exchange.wake):
                yield from self._events(request, exchange)
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001 - the boundary: nothing foreign passes
            _LOG.debug("%s: %s", type(error).__name__, plain(str(error), key_of(self._connection)))
            problem = from_exception(error, self._connection)
        if problem is not None and not stop.stopped:
            # Outside the except block, and with a traceback of its own: so no foreign exception
            # hangs on it, and no frame that holds the key.
            problem.__context__ = None
            raise problem.with_traceback(None) from None

    def close(self) -> None:
        """Close the connections to the server."""
        self._client.close()

    def _events(self, request: ChatRequest, exchange: Exchange) -> Iterator[StreamEvent]:
        updates, response = self._open(request, exchange)
        with contextlib.closing(response):
            yield Opened(
                request_id(response.headers, self._connection), rate_limits(response.headers)
            )
            model = ""
            for update in updates:
                if response.notes:
                    while response.notes:
                        yield response.notes.popleft()
                    continue
                if update.model and not model:
                    model = update.model
                    yield self._model(update)
                for event in _said(update):
                    yield event
                    if exchange.stopped:
                        return
                    if isinstance(event, TextDelta) and exchange.stage is not Stage.ENDING:
                        # Counted from here, after the yield: the time that the caller took for
                        # itself is no silence of the server.
                        exchange.enter(Stage.STREAMING)
                    elif isinstance(event, Finished):
                        exchange.enter(Stage.ENDING)

    def _open(
        self, request: ChatRequest, exchange: Exchange
    ) -> tuple[Iterable[StreamingChatCompletionsUpdate], WireResponse]:
        if self._with_usage:
            try:
                return self._complete(request, exchange, _WITH_USAGE)
            except HttpResponseError as error:
                if not _refuses_usage(error):
                    raise
            self._with_usage = False
        return self._complete(request, exchange, None)

    def _complete(
        self, request: ChatRequest, exchange: Exchange, extras: dict[str, Any] | None
    ) -> tuple[Iterable[StreamingChatCompletionsUpdate], WireResponse]:
        taken = self._connection.parameters
        wire = request.parameters.to_wire()
        responses: list[PipelineResponse[Any, WireResponse]] = []
        updates = self._client.complete(
            stream=True,
            model=request.deployment,
            messages=[{"role": m.role.value, "content": m.content} for m in request.messages],
            model_extras=extras,
            headers={"Accept": "text/event-stream, application/json"},
            raw_response_hook=responses.append,
            exchange=exchange,
            **{name: value for name, value in wire.items() if name in taken},
        )
        return updates, responses[-1].http_response

    def _model(self, update: StreamingChatCompletionsUpdate) -> ModelReported:
        key = key_of(self._connection)
        fingerprint = update.get("system_fingerprint")
        return ModelReported(plain(update.model, key), plain(fingerprint or "", key) or None)


def _client(connection: Connection) -> ChatCompletionsClient:
    credential: AzureKeyCredential | TokenCredential
    nothing = SansIOHTTPPolicy[Any, Any]()
    # The SDK logs headers, and a server may send the key back in one.
    own: dict[str, Any] = {"http_logging_policy": nothing, "logging_policy": nothing}
    if connection.entra_scope:
        credential = EntraCredential()
        own["credential_scopes"] = [connection.entra_scope]
    elif connection.credential is not None:
        credential = AzureKeyCredential(connection.credential.key)
    else:
        # The SDK insists on a credential. With a policy that adds nothing, it is never asked.
        credential = cast("TokenCredential", object())
        own["authentication_policy"] = nothing
    return ChatCompletionsClient(
        connection.endpoint,
        credential,
        transport=WireTransport(connection),
        retry_total=0,
        permit_redirects=False,
        user_agent=f"phi3-playground/{__version__}",
        **own,
    )


def _said(update: StreamingChatCompletionsUpdate) -> Iterator[StreamEvent]:
    silent = True
    if update.usage is not None:
        silent = False
        usage = update.usage
        yield UsageReported(Usage(usage.prompt_tokens, usage.completion_tokens))
    for choice in update.choices:
        if choice.delta.content:
            silent = False
            yield TextDelta(choice.delta.content)
        if choice.finish_reason:
            silent = False
            found = choice.get("filters") or ()
            yield Finished(FinishReason(choice.finish_reason), tuple(map(str, found)))
    if silent:
        yield KeepAlive()


def _refuses_usage(error: HttpResponseError) -> bool:
    if error.status_code not in _UNKNOWN_FIELD or error.response is None:
        return False
    body = error.response.text()
    return "stream_options" in body or "include_usage" in body
