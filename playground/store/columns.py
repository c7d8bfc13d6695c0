"""Types of columns that take whatever comes over a wire."""

from __future__ import annotations

import sqlalchemy as sa

_MAX = 2**63 - 1


class Words(sa.types.TypeDecorator[str]):
    """Text. What no database can hold becomes U+FFFD: U+0000, and halves of surrogate pairs."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy gives it
        """Return the text that is stored, or compared with what is."""
        return None if value is None else storable(value)


class Count(sa.types.TypeDecorator[int]):
    """A count, kept within 64 bits: a server can claim any number of tokens."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy gives it
        """Return the number that is stored."""
        return None if value is None else max(-_MAX, min(_MAX, value))


def storable(text: str) -> str:
    """Return `text` as a database can hold it; two halves that belong together are joined."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            pairs = text.encode("utf-16-le", "surrogatepass")
            text = pairs.decode("utf-16-le", "replace")
    return text.replace("\0", "\ufffd")
