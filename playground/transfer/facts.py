"""What an exported page says about a turn, in plain text: who, how fast, how much, how it ended."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

import playground
from playground.catalog import load_catalog
from playground.conversation import Conversation, Run, Turn
from playground.markdown.characters import encodable, make_visible
from playground.messages import Role
from playground.parameters import DEFAULT_SYSTEM_MESSAGE
from playground.reply import Reply, Status

APP = f"Phi-3 playground {playground.__version__}"

SCRIPTED = "Scripted demo reply: no model wrote this."

ENDINGS = {
    Status.COMPLETED: "Complete",
    Status.TRUNCATED: "Cut off at max tokens",
    Status.FILTERED: "Ended by the content filter",
    Status.STOPPED: "Stopped by the user",
    Status.INTERRUPTED: "Incomplete: the answer broke off",
    Status.FAILED: "Failed: no answer came",
    Status.RUNNING: "Incomplete: still being written when this was exported",
}

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_UNKNOWN_TIME = "time unknown"


@dataclass(frozen=True, slots=True)
class Facts:
    """A turn and what is said about it. All of it is plain text that may hold anything.

    Attributes:
        speaker: who speaks: "User", or the model.
        asked: whom was asked, and how: connection, parameters that are not the defaults.
        figures: speed and counts.
        ending: how the reply ended; empty for a prompt.
        whole: whether nothing of the reply is missing.
        version: "Version 2 of 3" where there are others; else empty.
        error: what happened and what to do, a sentence each, and what the server said.
        system_message: the one in force, where it is not the one of the reply before.
    """

    turn: Turn
    speaker: str
    asked: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    ending: str = ""
    whole: bool = True
    scripted: bool = False
    version: str = ""
    error: tuple[str, ...] = ()
    system_message: str | None = None

    @property
    def line(self) -> tuple[str, ...]:
        """All short facts about a reply, in the order in which they are read."""
        # One that leaves something to be desired stands by itself, under the text.
        ending = (self.ending,) if self.ending and self.whole else ()
        version = (self.version,) if self.version else ()
        return (*self.asked, *self.figures, *ending, *version)


def facts_of(conversation: Conversation) -> tuple[Facts, ...]:
    """Return the turns of the branch on the page with what is said about each."""
    siblings = Counter((t.parent, t.role) for t in conversation.turns)
    number: dict[str, int] = {}
    seen: Counter[tuple[str | None, Role]] = Counter()
    for turn in conversation.turns:
        seen[turn.parent, turn.role] += 1
        number[turn.id] = seen[turn.parent, turn.role]
    found: list[Facts] = []
    system_message = DEFAULT_SYSTEM_MESSAGE
    for turn in conversation.path():
        count = siblings[turn.parent, turn.role]
        version = f"Version {number[turn.id]} of {count}" if count > 1 else ""
        changed = turn.run is not None and turn.run.system_message != system_message
        if turn.run is not None:
            system_message = turn.run.system_message
        found.append(_facts(turn, version, system_message if changed else None))
    return tuple(found)


def title_of(conversation: Conversation) -> str:
    """Return the title on one line."""
    return line(conversation.title) or "Conversation without a title"


def moment(seconds: float, zone: dt.tzinfo) -> str:
    """Return a time as people read it: "2026-11-24 08:05 UTC"."""
    when = datetime_of(seconds, zone)
    if when is None:
        return _UNKNOWN_TIME
    return f"{when:%Y-%m-%d %H:%M} {when.tzname() or ''}".rstrip()


def datetime_of(seconds: float, zone: dt.tzinfo) -> dt.datetime | None:
    """Return the time there, or None of one that no calendar has."""
    try:
        return (_EPOCH + dt.timedelta(seconds=seconds)).astimezone(zone)
    except (OverflowError, ValueError):
        return None


def line(text: str) -> str:
    """Return any text on one line, with what cannot be seen made visible."""
    return make_visible(" ".join(encodable(text).split()))


def _facts(turn: Turn, version: str, system_message: str | None) -> Facts:
    run, reply = turn.run, turn.reply
    if turn.role is not Role.ASSISTANT:
        speaker = "User" if turn.role is Role.USER else "System message"
        return Facts(turn, speaker, version=version)
    error = reply.error if reply is not None else None
    return Facts(
        turn,
        _model(run) if run is not None else "Assistant",
        asked=_asked(run) if run is not None else (),
        figures=_figures(run, reply) if reply is not None else (),
        ending=ENDINGS[reply.status] if reply is not None else "",
        whole=reply is None or reply.status is Status.COMPLETED,
        scripted=run is not None and run.scripted,
        version=version,
        error=tuple(line(s) for s in (error.title, error.happened, error.advice, error.detail) if s)
        if error is not None
        else (),
        system_message=system_message,
    )


def _model(run: Run) -> str:
    model = load_catalog().get(run.model)
    return model.label if model is not None else line(run.model)


def _asked(run: Run) -> tuple[str, ...]:
    changed = []
    for name in run.parameters.changed():
        value = getattr(run.parameters, name)
        shown = ", ".join(map(repr, value)) if isinstance(value, tuple) else f"{value}"
        changed.append(f"{name.replace('_', ' ')} {line(shown)}")
    if run.folded:
        changed.append("system message sent within the first prompt")
    if run.left_out:
        few = len(run.left_out) == 1
        changed.append(f"{len(run.left_out):,} earlier message{'' if few else 's'} not sent")
    return (f"via {line(run.connection_label)}", *changed)


def _figures(run: Run | None, reply: Reply) -> tuple[str, ...]:
    parts: list[str] = []
    reported = reply.model_reported
    if reported and (run is None or reported.casefold() != run.deployment.casefold()):
        parts.append(f"the server says {line(reported)}")
    if reply.first_token_after is not None:
        parts.append(f"first token {_seconds(reply.first_token_after)}")
    about = "" if reply.usage else "~"
    if reply.tokens_per_second is not None:
        parts.append(f"{about}{reply.tokens_per_second:.0f} tokens/s")
    tokens, _ = reply.completion_tokens
    if reply.usage is not None:
        parts.append(f"{reply.usage.prompt_tokens:,} tokens in, {tokens:,} out")
    elif tokens:
        parts.append(f"~{tokens:,} tokens out")
    if reply.skipped:
        parts.append(f"{reply.skipped:,} unreadable pieces left out")
    return tuple(parts)


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
