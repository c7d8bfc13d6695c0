"""What one browser tab holds of its connections: those it typed, their tests, and the open form."""

from __future__ import annotations

from dataclasses import dataclass, field

from playground.check_run import CheckRun
from playground.connections import Kind
from playground.errors import ChatError
from playground.model_names import ServedModel


@dataclass(slots=True)
class Connecting:
    """See the module.

    Attributes:
        typed: names of the connections that this tab added.
        checks: the last test of each connection, keyed by its name.
        kind: the kind picked in the form.
        endpoint: the address in it.
        served: what the server said it serves; None before it was asked.
        problem: why the form, or the question what is served, failed.
        key_problems: why the key that was typed last at a connection cannot be one, by its name.
        added: label of the connection that was added last, told once.
        round: counts the forms that were filled; a new one begins with empty fields.
        open: whether the form stands open.
    """

    typed: tuple[str, ...] = ()
    checks: dict[str, CheckRun] = field(default_factory=dict)
    kind: Kind = Kind.OLLAMA
    endpoint: str = ""
    served: tuple[ServedModel, ...] | None = None
    problem: ChatError | None = None
    key_problems: dict[str, ChatError] = field(default_factory=dict)
    added: str = ""
    round: int = 0
    open: bool = False

    def begin(self, kind: Kind, endpoint: str) -> None:
        """Open the form for a server of `kind` at `endpoint`."""
        self.kind, self.endpoint = kind, endpoint
        self.served = self.problem = None
        self.round += 1
        self.open = True

    def take_added(self) -> str:
        """Return the label of what was added last, once."""
        added, self.added = self.added, ""
        return added
