"""Testing a connection, step by step, through the same code that chats.

`checkup` yields each step as it ends. It asks for very little, and `COST` says how much before.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from playground.addresses import is_loopback
from playground.azure_endpoint import AzureEndpoint
from playground.checkup_parameters import parameters_taken
from playground.checkup_steps import Mark, Step, StepResult, failed, judged, phrase, skipped
from playground.connections import Connection
from playground.dial import open_socket, tls_context
from playground.errors import (
    AccessDenied,
    AuthenticationFailed,
    BadRequest,
    ChatError,
)
from playground.events import (
    Finished,
    ModelReported,
    Opened,
    StreamEvent,
    TextDelta,
    Usage,
    UsageReported,
)
from playground.exchange import Exchange, Stopped
from playground.foreign_errors import from_exception
from playground.messages import Message, Role
from playground.model_names import ServedModel
from playground.parameters import PARAMETER_NAMES, Parameters
from playground.request import ChatRequest
from playground.served import list_models
from playground.stop import StopSignal

#: Tokens of the answer that shows whether a stream streams.
STREAM_TOKENS = 16
#: Said before it begins.
COST = (
    f"Sends three short prompts and asks for {STREAM_TOKENS + 2} tokens in all; where the server "
    "refuses a parameter, up to seven more prompts with one token each."
)
_HELLO = "Say hello."
_COUNT = "Count from one to twenty."


def checkup(
    connection: Connection, stop: StopSignal | None = None, *, deployment: str = ""
) -> Iterator[StepResult]:
    """Test `connection` and yield the result of each step as it ends, all of `Step`, in order.

    Ends early, and quietly, once `stop` is set. No ChatError is raised: it is in a result.

    Args:
        connection: which.
        stop: ends it at once.
        deployment: the name of the model that is asked; by default the first that the connection
            names, else the first of the six that the server lists, else its first model.
    """
    one = _Checkup(connection, stop or StopSignal(), deployment)
    try:
        yield from one.steps()
    except Stopped:
        return
    finally:
        one.close()


class _Checkup:
    def __init__(self, connection: Connection, stop: StopSignal, deployment: str) -> None:
        self._connection = connection
        self._stop = stop
        self._deployment = deployment
        self._reads = 0
        self._endpoint = AzureEndpoint(connection, on_read=self._read)

    def close(self) -> None:
        self._endpoint.close()

    def steps(self) -> Iterator[StepResult]:
        reached = self._host()
        yield reached
        if reached.mark is Mark.FAILED:
            yield from skipped(list(Step)[1:])
            return
        secured = self._tls()
        yield secured
        if secured.mark is Mark.FAILED:
            yield from skipped(list(Step)[2:])
            return
        listed = self._models()
        if isinstance(listed.error, (AuthenticationFailed, AccessDenied)):
            yield failed(Step.AUTHENTICATED, listed.error, listed.milliseconds)
            yield from skipped(list(Step)[3:])
            return
        yield from self._asked(listed)

    def _asked(self, listed: StepResult) -> Iterator[StepResult]:
        answer, opened = self._answer()
        denied = isinstance(answer.error, (AuthenticationFailed, AccessDenied))
        if denied and answer.error is not None:
            yield failed(Step.AUTHENTICATED, answer.error, answer.milliseconds)
        else:
            yield self._authenticated(opened)
        yield listed
        if denied or answer.mark is Mark.FAILED:
            yield replace(answer, mark=Mark.SKIPPED, advice="", error=None) if denied else answer
            yield from skipped([Step.STREAMS, Step.USAGE, Step.PARAMETERS])
            return
        yield answer
        yield from self._streams()
        yield parameters_taken(self._takes)

    def _host(self) -> StepResult:
        host = self._connection.host
        return self._dialled(Step.HOST, f"The server answers at {host}.", secure=False)

    def _tls(self) -> StepResult:
        if self._connection.endpoint.startswith("https:"):
            return self._dialled(Step.TLS, "The certificate is trusted.", secure=True)
        if is_loopback(urlsplit(self._connection.endpoint).hostname or ""):
            said = "Not needed: nothing leaves this machine."
        else:
            said = "None: what you write, and the key, go over the network readable (http)."
        return StepResult(Step.TLS, Mark.SKIPPED, said=said)

    def _dialled(self, step: Step, said: str, *, secure: bool) -> StepResult:
        parts = urlsplit(self._connection.endpoint)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        exchange = Exchange(self._connection, self._stop)
        started = time.perf_counter()
        try:
            with self._stop.woken_by(exchange.wake):
                sock = open_socket(
                    parts.hostname or "", port, tls_context() if secure else None, exchange
                )
                sock.close()
        except (ChatError, OSError, ValueError) as error:
            problem = from_exception(error, self._connection)
            return failed(step, problem, _since(started))
        return StepResult(step, Mark.OK, _since(started), said)

    def _models(self) -> StepResult:
        started = time.perf_counter()
        try:
            models = list_models(self._connection, self._stop).models
        except ChatError as error:
            said = "The server does not tell, which says nothing about whether it answers."
            return StepResult(Step.MODELS, Mark.SKIPPED, _since(started), said, error=error)
        number, names = len(models), phrase([m.name for m in models])
        said = f"{number} {'model is' if number == 1 else 'models are'} served: {names}."
        if not models:
            advice = "Load or pull a model there; the guide shows how."
            return StepResult(Step.MODELS, Mark.FAILED, _since(started), "None is served.", advice)
        self._choose(models)
        return self._named(StepResult(Step.MODELS, Mark.OK, _since(started), said, models=models))

    def _choose(self, models: tuple[ServedModel, ...]) -> None:
        named = next(iter(self._connection.deployments.values()), "")
        self._deployment = self._deployment or named or models[0].name

    def _named(self, listed: StepResult) -> StepResult:
        """Say which of the connection's own names are not in the list."""
        names = {m.name for m in listed.models}
        bare = {name.removesuffix(":latest") for name in names}
        absent = [
            name for name in self._connection.deployments.values() if name not in names | bare
        ]
        if not absent:
            return listed
        return replace(
            listed,
            mark=Mark.FAILED,
            said=f"{listed.said} Named by this connection, and not served: {phrase(absent)}.",
            advice="Correct the connection's names (deployments) to names that are served.",
        )

    def _answer(self) -> tuple[StepResult, float | None]:
        """Ask for one token; also return the milliseconds until the server began to answer."""
        started = time.perf_counter()
        opened: float | None = None
        text, model = "", ""
        try:
            for event in self._ask(_HELLO, Parameters(max_tokens=1)):
                match event:
                    case Opened():
                        opened = _since(started)
                    case TextDelta(more):
                        text += more
                    case ModelReported(name):
                        model = name
        except ChatError as error:
            return failed(Step.ANSWER, error, _since(started)), opened
        asked = self._name
        if not text:
            said = f"Asked for {asked}; the one token it was allowed had no text."
        elif model:
            said = f"Asked for {asked}, and {model} answered."
        else:
            said = f"Asked for {asked}, and it answered."
        return StepResult(Step.ANSWER, Mark.OK, _since(started), said), opened

    def _authenticated(self, opened: float | None) -> StepResult:
        if self._connection.entra_scope:
            said = "The token of Entra ID was accepted."
        elif self._connection.credential is not None:
            said = "The key was accepted, or the server looks at none."
        else:
            said = "The server wants no key."
        if opened is None:  # something else went wrong, and the answer's line tells what
            return StepResult(
                Step.AUTHENTICATED, Mark.SKIPPED, said="Not found out: no answer began."
            )
        return StepResult(Step.AUTHENTICATED, Mark.OK, opened, said)

    def _streams(self) -> Iterator[StepResult]:
        started = time.perf_counter()
        self._reads = pieces = 0
        usage: Usage | None = None
        first: float | None = None
        ended = False
        try:
            for event in self._ask(_COUNT, Parameters(max_tokens=STREAM_TOKENS)):
                match event:
                    case TextDelta():
                        pieces += 1
                        first = first or _since(started)
                    case UsageReported(told):
                        usage = told
                    case Finished():
                        ended = True
        except ChatError as error:
            yield failed(Step.STREAMS, error, _since(started))
            yield from skipped([Step.USAGE])
            return
        yield judged(pieces, self._reads, first, _since(started), ended=ended)
        if usage is None:
            said = "No: the playground counts the pieces instead, and marks that with ~."
            advice = "Nothing needs doing; token counts and costs are estimates at this server."
            yield StepResult(Step.USAGE, Mark.FAILED, said=said, advice=advice)
        else:
            said = f"{usage.prompt_tokens} tokens in, {usage.completion_tokens} out."
            yield StepResult(Step.USAGE, Mark.OK, said=said)

    def _takes(self, parameters: Parameters) -> BadRequest | None:
        try:
            for _ in self._ask(_HELLO, parameters, every=True):
                pass
        except BadRequest as error:
            return error
        return None

    @property
    def _name(self) -> str:
        connection = self._connection
        named = next(iter(connection.deployments.values()), "")
        return self._deployment or named or "Phi-3-mini-4k-instruct"

    def _ask(
        self, prompt: str, parameters: Parameters, *, every: bool = False
    ) -> Iterator[StreamEvent]:
        endpoint = self._endpoint
        if every and self._connection.parameters != PARAMETER_NAMES:
            endpoint = AzureEndpoint(replace(self._connection, parameters=PARAMETER_NAMES))
        try:
            request = ChatRequest(self._name, (Message(Role.USER, prompt),), parameters)
            yield from endpoint.stream(request, self._stop)
        finally:
            if endpoint is not self._endpoint:
                endpoint.close()
        if self._stop.stopped:
            raise Stopped

    def _read(self) -> None:
        self._reads += 1


def _since(started: float) -> float:
    return (time.perf_counter() - started) * 1000
