"""What can go wrong with the place where conversations are kept.

StoreError
├── StoreFull            no room on the disk
├── StoreReadOnly        the folder or the database may not be written
├── StoreLocked          another program holds the database
├── StoreCorrupt         the file is damaged, or is no database
├── StoreForeign         the database is whole, but not one this version can use
│   └── StoreNewer       a later version of the playground made it
├── StoreUnreachable     the database server does not answer, or does not let us in
└── StoreOverflow        what waits in memory to be saved is over its bound

Each is a ChatError: it says what happened and what to do next, and holds no password or path of the
machine's owner beyond the database's own.
"""

from __future__ import annotations

from typing import ClassVar, Self

from playground.errors import ChatError


class StoreError(ChatError):
    """Conversations cannot be read or saved."""

    title = "Conversations cannot be saved"
    default_happened = "The database of conversations failed."
    default_advice = "The server's log says more. Nothing that was saved before is touched."
    retryable = True
    #: Whether waiting can help, with nobody changing the database or the settings.
    may_pass: ClassVar[bool] = True

    def again(self) -> Self:
        """Return one that says the same: a single exception must not be raised in two threads."""
        return type(self)(self.happened, advice=self.advice, code=self.code)


class StoreFull(StoreError):
    """No room on the disk."""

    title = "The disk is full"
    default_happened = "There is no room left on the disk that holds the conversations."
    default_advice = "Free some space: saving goes on by itself as soon as there is room."


class StoreReadOnly(StoreError):
    """The folder or the database may not be written."""

    title = "The conversations' folder is read-only"
    default_happened = "The playground may not write to the database of conversations."
    default_advice = (
        "Let the user who runs the playground write to the folder `data`, or set "
        "PLAYGROUND_DATABASE_URL to a place that can be written."
    )


class StoreLocked(StoreError):
    """Another program holds the database."""

    title = "The database is locked"
    default_happened = "Another program has locked the database of conversations."
    default_advice = (
        "Close what else has it open (a database browser, a backup): saving goes on by itself."
    )


class StoreCorrupt(StoreError):
    """The file is damaged, or is no database."""

    title = "The database is damaged"
    default_happened = "The file that holds the conversations is damaged or is no database."
    default_advice = (
        "It is left as it is. Stop the playground and run "
        "`python -m playground.backup --restore FILE` with a backup, or move the file away to "
        "start a new one."
    )
    retryable = False
    may_pass = False


class StoreForeign(StoreError):
    """The database is whole, but not one that this version can use."""

    title = "This is not the playground's database"
    default_happened = "The database holds tables that the playground did not make."
    default_advice = "Set PLAYGROUND_DATABASE_URL to an empty database, or leave it out."
    retryable = False
    may_pass = False


class StoreNewer(StoreForeign):
    """A later version of the playground made the database."""

    title = "The database is of a newer version"
    default_happened = (
        "A newer version of the playground made this database, and this one cannot read it."
    )
    default_advice = (
        "It is left untouched. Start the newer version, or set PLAYGROUND_DATABASE_URL to "
        "another database."
    )


class StoreUnreachable(StoreError):
    """The database server does not answer, or does not let us in."""

    title = "The database cannot be reached"
    default_happened = "The database server of the conversations does not answer."
    default_advice = (
        "Check that it runs and that PLAYGROUND_DATABASE_URL is right: saving goes on by itself "
        "when it is back."
    )


class StoreOverflow(StoreError):
    """What waits in memory to be saved is over its bound."""

    title = "Too much waits to be saved"
    default_happened = "The database has failed for so long that no more fits in memory."
    default_advice = "Mend the database first; your text is kept in the box."
