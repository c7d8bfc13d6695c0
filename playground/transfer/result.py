"""What came of an import: the conversations, and in plain sentences what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum, StrEnum

from playground.conversation import Conversation
from playground.transfer.comparison_json import ReadComparison


class Source(StrEnum):
    """Where a file comes from, by the name people know."""

    PLAYGROUND = "this playground"
    CHATGPT = "ChatGPT"
    OPEN_WEBUI = "Open WebUI"


class Note(Enum):
    """Something an import left out or changed, said of one and of many (`{n}`)."""

    IMAGES = (
        "1 image or other attachment was left out.",
        "{n} images and other attachments were left out.",
    )
    TOOLS = (
        "1 message to or from a tool (search, code, a plugin) was left out.",
        "{n} messages to or from tools (search, code, plugins) were left out.",
    )
    REASONING = (
        "1 passage of a model's reasoning was left out.",
        "{n} passages of models' reasoning were left out.",
    )
    HIDDEN = (
        "1 hidden or system message was left out.",
        "{n} hidden or system messages were left out.",
    )
    CITATIONS = (
        "1 mark of a citation was taken out of a text.",
        "{n} marks of citations were taken out of texts.",
    )
    UNKNOWN_ROLE = (
        "1 message by neither a person nor a model was left out.",
        "{n} messages by neither a person nor a model were left out.",
    )
    UNKNOWN_CONTENT = (
        "1 message of a kind that is not known here was left out.",
        "{n} messages of kinds that are not known here were left out.",
    )
    UNREADABLE = (
        "1 message could not be read and was left out.",
        "{n} messages could not be read and were left out.",
    )
    ORPHANS = (
        "1 message whose predecessor is missing begins a branch of its own.",
        "{n} messages whose predecessors are missing begin branches of their own.",
    )
    DATES = (
        "1 date was missing or impossible; the time of what came before stands in its place.",
        "{n} dates were missing or impossible; times of what came before stand in their places.",
    )
    RENEWED = (
        "1 conversation stands twice in the file; the second got a new id.",
        "{n} conversations stand in the file more than once; the later ones got new ids.",
    )
    EMPTY = (
        "1 conversation without any message was left out.",
        "{n} conversations without any message were left out.",
    )
    CIRCLES = (
        "1 conversation was left out: its messages follow each other in a circle.",
        "{n} conversations were left out: their messages follow each other in a circle.",
    )
    UNREADABLE_CONVERSATIONS = (
        "1 conversation could not be read and was left out.",
        "{n} conversations could not be read and were left out.",
    )
    FILES = (
        "1 other file in the archive was left out.",
        "{n} other files in the archive were left out.",
    )

    @property
    def one(self) -> str:
        """The sentence about one."""
        return str(self.value[0])

    @property
    def many(self) -> str:
        """The sentence about more than one, with `{n}`."""
        return str(self.value[1])


class Notes(Counter[Note]):
    """How often each was noted."""

    def note(self, what: Note, times: int = 1) -> None:
        """Count it."""
        if times:
            self[what] += times

    def sentences(self) -> tuple[str, ...]:
        """Return a sentence for each, in the order in which they are defined."""
        return tuple(
            note.one if self[note] == 1 else note.many.format(n=f"{self[note]:,}")
            for note in Note
            if self[note]
        )


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What a file holds, ready for `ConversationStore.add`; nothing is stored yet.

    Attributes:
        conversations: no two of them have the same id.
        left_out: sentences for people: what was left out or changed, with counts.
        comparisons: those that the file holds, with the conversations of their panes.
    """

    source: Source
    conversations: tuple[Conversation, ...]
    left_out: tuple[str, ...] = ()
    comparisons: tuple[ReadComparison, ...] = ()

    @property
    def messages(self) -> int:
        """How many messages there are, on all branches."""
        inside = (c for read in self.comparisons for c in read.conversations)
        return sum(len(c.turns) for c in (*self.conversations, *inside))

    def summary(self) -> str:
        """Say in a sentence what was found."""
        found = []
        if self.conversations or not self.comparisons:
            found.append(_counted(len(self.conversations), "conversation"))
        if self.comparisons:
            found.append(_counted(len(self.comparisons), "comparison"))
        messages = _counted(self.messages, "message")
        return f"{' and '.join(found)} with {messages} from {self.source.value}."


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
