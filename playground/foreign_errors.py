"""From the exceptions of libraries to the errors of `playground.errors`.

Nothing foreign is chained to the error: an SDK exception holds the request, and the request holds
the key.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping

from azure.core import exceptions as azure

from playground import errors
from playground.connections import Connection
from playground.error_guide import taught
from playground.error_mapping import from_response
from playground.error_text import plain
from playground.errors import ChatError


def from_exception(error: Exception, connection: Connection) -> ChatError:
    """Return what a foreign exception means. Anything at all may come, and nothing passes."""
    if isinstance(error, ChatError):
        return error if error.status is not None else taught(error, connection)
    if isinstance(error, azure.HttpResponseError) and error.status_code is not None:
        return _refused(error, error.status_code, connection)
    for kinds, meaning in _MEANINGS:
        if isinstance(error, kinds):
            return taught(meaning(error, connection.host), connection)
    return ChatError(
        f"Something unforeseen happened on the way to {connection.host} ({type(error).__name__})."
    )


def _refused(error: azure.HttpResponseError, status: int, connection: Connection) -> ChatError:
    headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
    try:
        body = error.response.text() if error.response else ""
    except azure.AzureError:  # not read, or broken off: the status says enough
        body = ""
    return from_response(status, headers, body, connection)


def _untrusted(error: Exception, host: str) -> ChatError:
    why = plain(str(getattr(error, "verify_message", "") or "no reason given"))
    return errors.EndpointUnreachable(
        f"The certificate of {host} cannot be trusted: {why}.",
        advice=(
            "Check the address. For a certificate of your own, name its file in SSL_CERT_FILE "
            "and start the playground again."
        ),
    )


def _no_tls(_: Exception, host: str) -> ChatError:
    return errors.EndpointUnreachable(
        f"No secure connection to {host} came about.",
        advice="Check the address: a server without TLS is reached with http://, not https://.",
    )


def _bad_address(_: Exception, host: str) -> ChatError:
    return errors.EndpointUnreachable(
        f"The address of {host} has characters that cannot be sent.",
        advice="Correct the address of this connection.",
    )


def _no_name(_: Exception, host: str) -> ChatError:
    return errors.EndpointUnreachable(f"The name {host} cannot be found.")


def _nobody(_: Exception, host: str) -> ChatError:
    return errors.EndpointUnreachable(f"Nothing listens at {host}.")


def _no_way(_: Exception, host: str) -> ChatError:
    return errors.EndpointUnreachable(f"{host} cannot be reached.")


def _lost(_: Exception, host: str) -> ChatError:  # noqa: ARG001 - one shape for the table
    return errors.ConnectionLost()


def _not_http(_: Exception, host: str) -> ChatError:
    return errors.ProtocolError(
        f"{host} does not answer in HTTP.",
        advice="Check the address, the port, and whether it is http:// or https://.",
    )


def _unreadable(_: Exception, host: str) -> ChatError:  # noqa: ARG001 - one shape for the table
    return errors.ProtocolError()


#: The first entry that fits counts, so subclasses stand before their bases.
_MEANINGS: tuple[tuple[tuple[type[Exception], ...], Callable[[Exception, str], ChatError]], ...] = (
    ((azure.IncompleteReadError, http.client.IncompleteRead), _lost),
    ((azure.DecodeError,), _unreadable),
    ((azure.ServiceRequestError,), _no_way),
    ((azure.ServiceResponseError, azure.HttpResponseError), _lost),
    ((ssl.SSLCertVerificationError,), _untrusted),
    ((ssl.SSLError,), _no_tls),
    ((socket.gaierror,), _no_name),
    ((ConnectionRefusedError,), _nobody),
    ((ConnectionError,), _lost),
    ((http.client.InvalidURL,), _bad_address),
    ((http.client.HTTPException,), _not_http),
    ((OSError,), _no_way),
    ((UnicodeDecodeError,), _unreadable),
    ((UnicodeError,), _bad_address),
    ((ValueError, azure.AzureError), _unreadable),
)
