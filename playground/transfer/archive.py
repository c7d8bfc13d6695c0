"""Archives: read in memory and within bounds, never unpacked to a disk; and written."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from playground.transfer.errors import TransferError, damaged
from playground.transfer.limits import (
    MAX_DOCUMENT,
    MAX_ENTRIES,
    MAX_RATIO,
    MAX_UNPACKED,
    RATIO_FROM,
    megabytes,
)

# Each entry of an archive's directory begins with it.
_DIRECTORY_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1

#: What Python's reader of archives raises at damaged ones.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,  # also of names that are no text
    NotImplementedError,
    RuntimeError,
    OverflowError,
    IndexError,
    KeyError,
)

#: A date for all files in an archive, so that the same files make the same archive.
_DATE = (1980, 1, 1, 0, 0, 0)


def is_archive(data: bytes) -> bool:
    """Whether these are the bytes of a .zip file."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def json_files(data: bytes) -> tuple[Iterator[bytes], int]:
    """Return the JSON files in an archive, each read when it is its turn, and how many others.

    Raises:
        TransferError: now or when read: the archive is damaged, encrypted, or too much is in it.
    """
    # Counted before the directory is read: reading it makes an object of each entry.
    if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        raise TransferError(
            f"The archive holds more than {MAX_ENTRIES:,} files, which is too much to import."
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        files = [info for info in archive.infolist() if not info.is_dir()]
    except _DAMAGED:
        raise damaged("The archive is damaged or was cut off.") from None
    wanted = [info for info in files if _is_json(info.filename)]
    return _read_all(archive, wanted), len(files) - len(wanted)


def written_archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a .zip with these files, by name; the same files make the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, data)
    return held.getvalue()


def _is_json(path: str) -> bool:
    # Beside each file, a Mac packs a hidden one with the same ending.
    name = path.rpartition("/")[2]
    return name.lower().endswith(".json") and not name.startswith(".")


def _read_all(archive: zipfile.ZipFile, wanted: list[zipfile.ZipInfo]) -> Iterator[bytes]:
    total = 0
    for info in wanted:
        document = _read(archive, info)
        total += len(document)
        if total > MAX_UNPACKED:
            raise TransferError(
                f"The archive holds more than {megabytes(MAX_UNPACKED)} of JSON, unpacked.",
                advice="Nothing was changed. Pack its JSON files into several archives.",
            )
        yield document


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise TransferError(
            "The archive is protected by a password.",
            advice="Nothing was changed. Unpack it and import the JSON file in it.",
        )
    if info.compress_type not in _METHODS:
        raise damaged("The archive is packed in a way that is not known here.")
    # What the archive claims about sizes is not asked: what comes out is counted.
    most = min(MAX_DOCUMENT, max(info.compress_size * MAX_RATIO, RATIO_FROM))
    try:
        with archive.open(info) as file:
            document = file.read(most + 1)
    except _DAMAGED:
        raise damaged("The archive is damaged or was cut off.") from None
    if len(document) > MAX_DOCUMENT:
        raise TransferError(
            f"A file in the archive is larger than {megabytes(MAX_DOCUMENT)}, unpacked.",
            advice="Nothing was changed. Export fewer conversations at once.",
        )
    if len(document) > most:
        raise TransferError(
            "The archive unpacks to far more than any text does, so it is not read.",
            advice="Nothing was changed. Pack its JSON files anew.",
        )
    return document
