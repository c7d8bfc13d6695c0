"""Whose conversations a visitor sees."""

from __future__ import annotations

import hashlib

import streamlit as st

from components.middleware import BROWSER_COOKIE

#: Everybody on a server that only this machine reaches, where no one has to sign in.
LOCAL_OWNER = "local"

_LOOPBACK = {"127.0.0.1", "localhost", "::1", "[::1]"}


def sign_in_configured() -> bool:
    """Whether the operator set up sign-in ([auth] in secrets.toml)."""
    try:
        return bool(st.secrets.get("auth"))
    except FileNotFoundError:
        return False


def local_only() -> bool:
    """Whether only this machine reaches the server."""
    return str(st.get_option("server.address")).lower() in _LOOPBACK


def owner_of_visitor() -> str | None:
    """Return the owner of what this visitor says; None where they have to sign in first.

    With sign-in it is who the identity provider says; without it, on a server that only this
    machine reaches, everything belongs to one local user; elsewhere to the browser, which has an
    unguessable id in a cookie that no script can read.
    """
    if sign_in_configured():
        if not st.user.is_logged_in:
            return None
        return account(str(st.user.get("iss", "")), str(st.user.get("sub", "")))
    if local_only():
        return LOCAL_OWNER
    cookie = st.context.cookies.get(BROWSER_COOKIE)
    return f"browser:{cookie}" if cookie else ""


def account(issuer: str, subject: str) -> str:
    """Return the owner that belongs to an account: the same for good, and telling nothing."""
    digest = hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode()).hexdigest()
    return f"account:{digest}"
