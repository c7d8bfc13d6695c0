"""What can go wrong with a file that is to be imported."""

from __future__ import annotations

from playground.errors import ChatError


class TransferError(ChatError):
    """The file cannot be imported. Nothing was changed."""

    title = "This file cannot be imported"
    default_happened = "The file holds nothing that can be imported."
    default_advice = (
        "Nothing was changed. What can be imported: a JSON export of this playground, the "
        "conversations.json of a ChatGPT export or its .zip, and Open WebUI's JSON export."
    )


def damaged(what: str) -> TransferError:
    """Return the error that says what is wrong with a file that otherwise looks right."""
    return TransferError(
        what, advice="Nothing was changed. Export again where the file comes from, and try anew."
    )


def too_much_left_out() -> TransferError:
    """Return the error for runs that left out more messages than are read from one file."""
    return TransferError(
        "The answers in this file left out more messages than can be read.",
        advice="Nothing was changed. Export fewer conversations at once.",
    )
