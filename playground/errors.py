"""What can go wrong with a chat, as one tree.

ChatError
├── SettingsError            a variable, a file or a typed value is missing or malformed
│   ├── AddressForbidden         the address is one that no connection may lead to
│   └── PresetRefused            a preset, or a file with some, cannot be kept
├── Refused                  the server answered, and the answer was no
│   ├── AuthenticationFailed     401: wrong or expired key
│   ├── AccessDenied             403: this key may not use the model, or a budget is spent
│   ├── ModelNotServed           404, or "unknown model"
│   ├── ModelRetired             410: retired for good
│   ├── ContextTooLong           413, or prompt + max_tokens over the window
│   ├── ContentFiltered          the host's content filter refused the prompt
│   ├── RateLimited              429
│   ├── BadRequest               any other 4xx
│   └── ServerFailed             5xx and 408
├── Unreachable              no answer at all
│   ├── EndpointUnreachable      name, address, port or TLS does not work
│   └── FirstTokenTimeout        connected, but nothing came in time
├── ConnectionLost           the answer broke off
│   └── StreamStalled            the server went silent in mid-answer
├── ProtocolError            what came back is not a chat-completions stream
│   └── ReplyTooLarge            the answer is over the playground's cap
└── TooManyRunning           the playground itself is at its limit

Every error says what happened and what to do next, in words that may be shown to anyone: no key, no
HTML and no traceback is ever part of it.
"""

from __future__ import annotations

from typing import ClassVar

from playground.rate_limits import RateLimit


class ChatError(Exception):
    """Something that ends a request, in words for the person who sent it.

    Args:
        happened: what happened, one sentence; the class has one of its own where this is empty.
        detail: what the server said, as plain text, if it said anything.
        advice: what to do next; the class has one of its own where this is empty.
        status: the HTTP status, if there was an answer.
        code: the server's own error code.
        request_id: the id by which the server's operator can find the request.
        retry_after: seconds the server asked to wait, if it said so.

    Attributes:
        limits: the limits the server told of with it; not kept with a conversation.
    """

    title: ClassVar[str] = "The request failed"
    default_happened: ClassVar[str] = "The request failed."
    default_advice: ClassVar[str] = "Try again; if it goes on, test the connection."
    #: Whether sending the same request again, unchanged, can be expected to help.
    retryable: ClassVar[bool] = False

    def __init__(
        self,
        happened: str = "",
        *,
        detail: str = "",
        advice: str = "",
        status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.happened = happened or self.default_happened
        self.detail = detail
        self.advice = advice or self.default_advice
        self.status = status
        self.code = code
        self.request_id = request_id
        self.retry_after = retry_after
        self.limits: tuple[RateLimit, ...] = ()
        super().__init__(self.happened)

    @property
    def name(self) -> str:
        """A stable name for logs, exports and the store."""
        return type(self).__name__


class SettingsError(ChatError):
    """A variable, a file or a typed value is missing or malformed."""

    title = "A setting needs mending"
    default_happened = "A setting is missing or malformed."
    default_advice = "Correct it and start the playground again."


class AddressForbidden(SettingsError):
    """A link-local or metadata address: clouds hand out credentials there."""

    title = "This address is never asked"
    default_happened = "The address is link-local or belongs to a cloud's metadata service."
    default_advice = (
        "No model is served there, so the playground connects to it for nobody. Correct the "
        "address of this connection."
    )


class PresetRefused(SettingsError):
    """A preset, or a file with some, that cannot be kept as it is."""

    title = "The presets stay as they are"
    default_happened = "This preset cannot be kept."
    default_advice = "Nothing was changed."


class Refused(ChatError):
    """The server answered, and the answer was no."""

    title = "The server refused the request"
    default_happened = "The server refused the request."


class AuthenticationFailed(Refused):
    """401: the key is missing, wrong or expired."""

    title = "The key was not accepted"
    default_happened = "The server did not accept the key of this connection."
    default_advice = (
        "Check the key of this connection (AZURE_INFERENCE_CREDENTIAL, or `credential` in "
        ".streamlit/secrets.toml), and start the playground again."
    )


class AccessDenied(Refused):
    """403: the key is good, but not for this model, or its budget is spent."""

    title = "No access to this model"
    default_happened = "The server knows the key but does not let it use this model."
    default_advice = "Ask whoever runs the server for access, or pick another model or connection."


class ModelNotServed(Refused):
    """The server does not serve a model under this name."""

    title = "This model is not served here"
    default_happened = "The server does not serve a model under this name."
    default_advice = (
        "Pick another model or connection, or set the name this server uses for the model among "
        "the connection's names (deployments)."
    )


class ModelRetired(Refused):
    """410: the model or the service is retired for good, whatever the message says."""

    title = "This model or service is retired"
    default_happened = "The host has retired this model or the whole service."
    default_advice = (
        "It will not come back there. Run the model yourself (the Connections page shows the "
        "ways), or pick another connection."
    )


class ContextTooLong(Refused):
    """The prompt, or the prompt and max_tokens together, do not fit the model's window."""

    title = "Too long for this model"
    default_happened = "The conversation and the room for the answer do not fit this model."
    default_advice = (
        "Lower max tokens, start a new chat, or pick a 128k model; your text is kept here."
    )


class ContentFiltered(Refused):
    """The host's content filter refused the prompt."""

    title = "Refused by the host's content filter"
    default_happened = "The host's content filter refused this prompt."
    default_advice = (
        "Rephrase the prompt. Filters belong to the host, not to the model: another connection "
        "may judge differently."
    )


class RateLimited(Refused):
    """429: too many requests or tokens in a window of time."""

    title = "The server's limit is reached"
    default_happened = "The server takes no more requests for now."
    default_advice = "Wait, or use another connection that serves this model."
    retryable = True


class BadRequest(Refused):
    """Any other 4xx: the server does not take the request as it is."""

    title = "The server does not take this request"
    default_happened = "The server does not take the request as it is."
    default_advice = "Reset the parameters that are marked as changed, and send it again."


class ServerFailed(Refused):
    """5xx or 408: the server's own fault."""

    title = "The server failed"
    default_happened = "The server had an error of its own."
    default_advice = "Retry in a moment; if it goes on, look at the server's log."
    retryable = True


class Unreachable(ChatError):
    """No answer at all."""

    title = "No answer from the server"
    retryable = True


class EndpointUnreachable(Unreachable):
    """The name does not resolve, nothing listens there, or TLS fails."""

    title = "The server cannot be reached"
    default_happened = "The endpoint of this connection cannot be reached."
    default_advice = "Check that the server runs and that the address is right, then retry."


class FirstTokenTimeout(Unreachable):
    """Connected, but the first token did not come in time."""

    title = "The server did not begin to answer"
    default_happened = "The server took the request but did not begin to answer in time."
    default_advice = (
        "A model that is still loading or runs on a slow machine may need longer: retry, or "
        "raise `first_token_timeout` for this connection."
    )


class ConnectionLost(ChatError):
    """The answer broke off before the model said it was done."""

    title = "The connection was lost"
    default_happened = "The connection broke before the answer was complete."
    default_advice = "What had arrived is kept. Continue from there, or retry."
    advice_without_text = "Nothing had arrived, so there is nothing to go on from. Retry."
    retryable = True


class StreamStalled(ConnectionLost):
    """The server went silent in mid-answer."""

    title = "The server went silent"
    default_happened = "No more text came for too long, so the answer was given up."


class ProtocolError(ChatError):
    """What came back is not a chat-completions stream."""

    title = "That is not a chat endpoint's answer"
    default_happened = "The server's answer is not a chat-completions stream."
    default_advice = "Check the address: it should be the base URL, often ending in /v1."


class ReplyTooLarge(ProtocolError):
    """The answer is over the playground's cap on a line or on the whole reply."""

    title = "The answer is too large"
    default_happened = "The answer was cut at the playground's cap."
    default_advice = "What had arrived is kept. Lower max tokens, or ask for less at once."


class TooManyRunning(ChatError):
    """The playground itself is at its limit."""

    title = "Too many answers at once"
    default_happened = "As many answers are running as this playground allows."
    default_advice = "Wait until one ends, or stop one, and send it again."
    retryable = True
