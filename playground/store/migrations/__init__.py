"""How the tables came to be, one step a version.

A step is a module in `versions/`; its number is added to RELEASED when it is. Nothing here imports
`playground.store.schema`: a step says what it does, whatever the tables look like later.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

#: Named so that another program's steps in the same database are not taken for ours.
VERSION_TABLE = "playground_version"


@dataclass(frozen=True, slots=True)
class Steps:
    """A folder of steps, and the versions they lead to, in order."""

    folder: Path
    versions: tuple[str, ...]

    @property
    def newest(self) -> str:
        """The version that this code works with."""
        return self.versions[-1]


RELEASED = Steps(Path(__file__).parent, ("0001", "0002", "0003", "0004", "0005"))
