"""Conversations as files: exported for people and other programs, imported from them.

everything  all of an owner's, comparisons included, as one archive
files       what is downloaded: File, Format, export; names that every system takes
json_export, markdown_export, html_export     the three formats; facts, html_text beneath them
reading     what is uploaded, told apart by what is in it
json_import, chatgpt_import, openwebui_import     the three sources; branches, loose beneath
limits, json_text, fields, archive     what keeps a hostile file from doing harm
result, errors     what comes of an import: conversations and a report, or a sentence
"""

from playground.transfer.errors import TransferError
from playground.transfer.files import File, Format, export, file_name
from playground.transfer.reading import read_conversations
from playground.transfer.result import ImportResult, Source

__all__ = [
    "File",
    "Format",
    "ImportResult",
    "Source",
    "TransferError",
    "export",
    "file_name",
    "read_conversations",
]
