"""Tokens of Entra ID (Azure's sign-in) in place of a key.

`azure-identity` finds who is signed in on this machine: variables of a service principal, a workload's
or a managed identity, `az login`, and so on. A token is kept until shortly before it expires, by that
library, in memory.
"""

from __future__ import annotations

import functools
from typing import Any

from azure.core.credentials import AccessToken, TokenCredential

from playground.errors import AuthenticationFailed

ADVICE = (
    "Sign in on the machine that runs the playground (`az login`), or set AZURE_TENANT_ID, "
    "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, and start the playground again."
)


class EntraCredential:
    """A credential as the SDK wants it; every connection of this process shares what is behind."""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        """Return a token for `scopes`.

        Raises:
            AuthenticationFailed: if nobody is signed in, or Entra ID gives out none.
        """
        try:
            return _signed_in().get_token(*scopes, **options)
        except Exception:  # noqa: BLE001 - its words list each way that was tried, with addresses
            problem = AuthenticationFailed(
                "Entra ID gave no token for this connection.", advice=ADVICE
            )
        # Outside the except block, so that nothing foreign hangs on it.
        raise problem


def token(scope: str) -> str:
    """Return a token for `scope`. Raises as EntraCredential does."""
    return EntraCredential().get_token(scope).token


@functools.cache
def _signed_in() -> TokenCredential:
    # Imported when it is used: it takes a third of a second, and most people never need it.
    from azure.identity import DefaultAzureCredential  # noqa: PLC0415 - see above

    return DefaultAzureCredential()
