"""How much a file to be imported may hold. What is over a limit is refused as a whole."""

from __future__ import annotations

#: Bytes of the file; as many as the page takes (`server.maxUploadSize`).
MAX_FILE = 20 * 1024 * 1024

#: Bytes of one JSON document in an archive, unpacked, and of all documents of one archive.
MAX_DOCUMENT = 48 * 1024 * 1024
MAX_UNPACKED = 192 * 1024 * 1024

#: Files in an archive. ChatGPT packs every image of every conversation.
MAX_ENTRIES = 20_000

#: Bytes from which on an export of many conversations is parted into several files. A part must be
#: small enough to be imported by itself.
PART = 16 * 1024 * 1024

#: How many times larger than its packed form a document of more than RATIO_FROM bytes may be. Text
#: that people and models wrote shrinks to a fifth, JSON with much around it to a twentieth; a part
#: of an export may hold the same text again and again, and shrinks to a thousandth.
MAX_RATIO = 200
RATIO_FROM = 2 * PART

#: Levels of lists and objects within each other. ChatGPT's exports use about 15.
MAX_DEPTH = 100

#: Lists, objects and strings in one document: each costs some 60 bytes of memory, however short.
MAX_VALUES = 4_000_000

#: Conversations and messages from one file, together.
MAX_MESSAGES = 500_000

#: Messages that the runs in one file left out, together: a few bytes of it can name many.
MAX_LEFT_OUT = 10_000_000


def megabytes(size: int) -> str:
    """Return a limit as people say it: "20 MB"."""
    return f"{size // (1024 * 1024)} MB"
