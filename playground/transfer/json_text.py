"""JSON from outside: read only after one pass has shown that reading it is harmless."""

from __future__ import annotations

import json
import re
from typing import Any

from playground.transfer.errors import TransferError, damaged
from playground.transfer.limits import MAX_DEPTH, MAX_DOCUMENT, MAX_VALUES, megabytes

# A string, closed or not (so that an unclosed one is not tried again from each of its quotes), or
# brackets. Possessive, so that no character is looked at twice.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[{]|[\]}]', re.DOTALL)


def parse_json(data: bytes) -> Any:
    """Return what the JSON document holds.

    Raises:
        TransferError: it is too large, too deep, not UTF-8 or not JSON (NaN and Infinity are not).
    """
    if len(data) > MAX_DOCUMENT:
        raise TransferError(
            f"A document of more than {megabytes(MAX_DOCUMENT)} is too large to import.",
            advice="Nothing was changed. Export fewer conversations at once.",
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise damaged("The file is not text in UTF-8, so it is no JSON export.") from None
    _check_size(text)
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except ValueError:  # also of an integer with thousands of digits
        raise damaged("The file is not JSON, or it was cut off.") from None


def _check_size(text: str) -> None:
    depth = values = 0
    for token in _TOKEN.finditer(text):
        match token[0][0]:
            case "[" | "{":
                depth += 1
                values += 1
                if depth > MAX_DEPTH:
                    raise damaged(f"The file nests lists and objects over {MAX_DEPTH} levels deep.")
            case "]" | "}":
                depth -= 1
            case _:
                values += 1
        if values > MAX_VALUES:
            raise TransferError(
                f"The file holds more than {MAX_VALUES:,} values, which is too much to import.",
                advice="Nothing was changed. Export fewer conversations at once.",
            )


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)
