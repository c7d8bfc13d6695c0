"""A file of conversations, of whatever program, as an ImportResult. Told apart by what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from playground.conversation import Conversation
from playground.store.copies import with_new_ids
from playground.transfer.archive import is_archive, json_files
from playground.transfer.branches import Circular
from playground.transfer.chatgpt_import import conversation_from_chatgpt, is_chatgpt
from playground.transfer.comparison_json import (
    ReadComparison,
    comparison_from_document,
    is_comparison,
)
from playground.transfer.errors import TransferError, too_much_left_out
from playground.transfer.json_import import conversations_from, is_playground
from playground.transfer.json_text import parse_json
from playground.transfer.limits import MAX_FILE, MAX_LEFT_OUT, MAX_MESSAGES, megabytes
from playground.transfer.openwebui_import import conversation_from_openwebui, is_openwebui
from playground.transfer.result import ImportResult, Note, Notes, Source

_IsKnown = Callable[[Any], bool]
_Reader = Callable[[dict[str, Any], Notes], Conversation]

_READERS: dict[Source, tuple[_IsKnown, _Reader]] = {
    Source.CHATGPT: (is_chatgpt, conversation_from_chatgpt),
    Source.OPEN_WEBUI: (is_openwebui, conversation_from_openwebui),
}


def read_conversations(data: bytes) -> ImportResult:
    """Return the conversations that a file holds; nothing is stored.

    Ids of the playground's own exports are kept (`ConversationStore.add` renews those that are
    taken); conversations of other programs get new ones.

    Raises:
        TransferError: the file is over a limit, damaged, or of no kind that is known.
    """
    if len(data) > MAX_FILE:
        raise TransferError(
            f"The file is larger than {megabytes(MAX_FILE)}, which is too much to import.",
            advice=(
                "Nothing was changed. Of a ChatGPT export, pack only the files whose names begin "
                "with “conversations” into a new .zip; images take the most room. Of another "
                "export, pack the file into a .zip, or export fewer conversations at once."
            ),
        )
    reading = _Reading()
    if is_archive(data):
        documents, others = json_files(data)
        reading.notes.note(Note.FILES, others)
        for document in documents:
            reading.take(parse_json(document))
    else:
        reading.take(parse_json(data))
    return reading.result()


class _Reading:
    """Conversations as they come, from one document or several."""

    def __init__(self) -> None:
        self.notes = Notes()
        self.source: Source | None = None
        self.found: dict[str, Conversation] = {}
        self.comparisons: list[ReadComparison] = []
        self.messages = 0
        self.left_out = 0

    def take(self, document: Any) -> None:
        """Take in a document; one of no kind that is known is counted."""
        if is_playground(document):
            self.source = self.source or Source.PLAYGROUND
            self.add(conversations_from(document))
            return
        if is_comparison(document):
            self.source = self.source or Source.PLAYGROUND
            self.add_comparison(comparison_from_document(document))
            return
        items = document if isinstance(document, list) else [document]
        for source, (is_known, conversation_from) in _READERS.items():
            if any(map(is_known, items)):
                self.source = self.source or source
                self.add(self._foreign(items, is_known, conversation_from))
                return
        self.notes.note(Note.FILES)

    def _foreign(
        self, items: list[Any], is_known: _IsKnown, conversation_from: _Reader
    ) -> Iterable[Conversation]:
        for item in items:
            if not is_known(item):
                self.notes.note(Note.UNREADABLE_CONVERSATIONS)
                continue
            try:
                conversation = conversation_from(item, self.notes)
            except Circular:
                self.notes.note(Note.CIRCLES)
                continue
            if conversation.turns:
                yield conversation
            else:
                self.notes.note(Note.EMPTY)

    def add(self, conversations: Iterable[Conversation]) -> None:
        """Keep conversations under ids that differ."""
        for conversation in conversations:
            self.count(conversation)
            new = conversation
            if new.id in self.found:
                self.notes.note(Note.RENEWED)
                new = with_new_ids(new)
            self.found[new.id] = new

    def add_comparison(self, read: ReadComparison) -> None:
        """Keep a comparison with its conversations."""
        for conversation in read.conversations:
            self.count(conversation)
        if any(read.comparison.id == known.comparison.id for known in self.comparisons):
            read = read.renewed()
        self.comparisons.append(read)

    def count(self, conversation: Conversation) -> None:
        """Count what a conversation holds. Raises TransferError if the file holds too much."""
        self.messages += 1 + len(conversation.turns)
        if self.messages > MAX_MESSAGES:
            raise TransferError(
                f"The file holds more than {MAX_MESSAGES:,} messages.",
                advice="Nothing was changed. Export fewer conversations at once.",
            )
        self.left_out += sum(len(t.run.left_out) for t in conversation.turns if t.run)
        if self.left_out > MAX_LEFT_OUT:
            raise too_much_left_out()

    def result(self) -> ImportResult:
        """Return what was found. Raises TransferError if nothing was."""
        if self.source is None:
            raise TransferError
        if not self.found and self.source is not Source.PLAYGROUND:
            raise TransferError(
                f"No conversation in this file from {self.source.value} could be read.",
                detail=" ".join(self.notes.sentences()),
            )
        return ImportResult(
            self.source,
            tuple(self.found.values()),
            self.notes.sentences(),
            tuple(self.comparisons),
        )
