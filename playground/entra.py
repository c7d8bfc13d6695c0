"""Tokens of Entra ID (Azure's sign-in) in place of a key.

`azure-identity` finds who is signed in on this machine: variables of a service principal, a workload's
or a managed identity, `az login`, and so on. A token is kept until shortly before it expires, by that
library, in memory.
"""

from __future__ import annotations

import contextlib
import functools
from typing import Any

from azure.core.credentials import AccessToken, TokenCredential

from playground.errors import AuthenticationFailed

ADVICE = (
    "Sign in on the machine that runs the playground (`az login`), or set AZURE_TENANT_ID, "
    "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and start the playground again."
)


#: The last token of each scope, so that it can be taken out of what servers say.
_given: dict[str, str] = {}


class EntraCredential:
    """A credential as the SDK wants it; every connection of this process shares what is behind."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token for `scopes`.

        Raises:
            AuthenticationFailed: if nobody is signed in, or Entra ID gives out none.
        """
        given: AccessToken | None = None
        # Its errors list each way that was tried, with addresses: nothing of them is kept.
        with contextlib.suppress(Exception):
            given = _signed_in().get_token(*scopes, **options)
        if given is None:
            raise AuthenticationFailed("Entra ID gave no token for this connection.", advice=ADVICE)
        _given[scopes[0]] = given.token
        return given


def token(scope: str) -> str:
    """Return a token for `scope`. Raises as EntraCredential does."""
    return EntraCredential().get_token(scope).token


def last_token(scope: str) -> str:
    """Return the token for `scope` that was given out last; empty if none was."""
    return _given.get(scope, "")


@functools.cache
def _signed_in() -> TokenCredential:
    # Imported when it is used: it takes a third of a second, and most people never need it.
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - see above

    return DefaultAzureCredential()
