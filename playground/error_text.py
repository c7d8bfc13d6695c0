"""What a server said about an error, as plain text that may be shown to anyone."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

#: Characters of the server's own words that are shown.
MAX_DETAIL = 300
#: Characters of them that are looked at; more is noise, and the patterns below stay quick.
MAX_SCANNED = 8_192
#: What stands where the key stood.
REDACTED = "•••"
#: Shorter keys ("none", "EMPTY") are words that local servers want to see; they are only replaced
#: where they stand alone.
SHORT_KEY = 8

_UNSEEN = re.compile(r"<(script|style|svg)\b.*?(</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<!--.*?(-->|$)|<[a-zA-Z/!?][^<>]*>?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """The parts of an error body that servers agree on. All are empty where there is none.

    Attributes:
        code: the server's own code, or its error type.
        status: an HTTP status given as the code inside a body.
        filters: what a content filter found, such as "violence (medium)".
    """

    message: str = ""
    code: str = ""
    status: int | None = None
    filters: tuple[str, ...] = ()


def redact(text: str, secret: str) -> str:
    """Return `text` without the key in it."""
    if not secret:
        return text
    if len(secret) >= SHORT_KEY:
        return text.replace(secret, REDACTED)
    return re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", REDACTED, text)


def plain(text: str, secret: str = "", limit: int = MAX_DETAIL) -> str:
    """Return `text` without tags, control characters and the key, on one line, cut at `limit`."""
    text = redact(text, secret)[:MAX_SCANNED]
    text = _TAG.sub(" ", html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", text))))
    text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    text = redact(" ".join(text.split()), secret)
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def parse_json(text: str | bytes) -> Any:
    """Return the value `text` stands for.

    Raises:
        ValueError: if it is not JSON, nested too deeply, or not UTF-8.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def error_body(text: str) -> ErrorBody:
    """Return what the body of a refused request says."""
    try:
        data = parse_json(text)
    except ValueError:
        return ErrorBody(message=text)
    return error_value(data) or ErrorBody(message=text if data else "")


def error_value(data: Any) -> ErrorBody | None:
    """Return what `data`, a parsed body or chunk, says of an error; None if it speaks of none.

    Nothing in here follows the nesting of `data`, which has no bounds.
    """
    if isinstance(data, list) and data:
        data = data[0]
    if not isinstance(data, dict):
        return ErrorBody(message=data) if isinstance(data, str) and data else None
    error, detail = data.get("error"), data.get("detail")
    if error is None and isinstance(detail, dict) and isinstance(detail.get("error"), dict):
        error = detail["error"]  # as FastAPI wraps what a server raises
    if isinstance(error, dict):
        return _fields(error)
    if isinstance(error, str) and error:
        return _fields({**data, "message": data.get("message") or error})
    if error:
        return ErrorBody(message=_word(error))
    if data.get("object") == "error" or any(data.get(key) for key in ("message", "detail")):
        return _fields(data)
    return None


def _fields(error: dict[str, Any]) -> ErrorBody:
    inner = error.get("innererror")
    inner = inner if isinstance(inner, dict) else {}
    codes = [_word(code) for code in (error.get("code"), inner.get("code"), error.get("type"))]
    numbers = [int(code) for code in codes if _is_status(code)]
    return ErrorBody(
        message=_message(error),
        code=next((code for code in codes if code and not _is_status(code)), ""),
        status=next((n for n in numbers if 400 <= n <= 599), None),
        filters=filters(inner.get("content_filter_result")),
    )


def _is_status(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) == 3


def _word(value: Any) -> str:
    """Return a string or a number as a string, and "" for everything else."""
    return str(value) if isinstance(value, (str, int, float)) and value else ""


def _message(error: dict[str, Any]) -> str:
    for key in ("message", "detail", "title", "code", "type"):
        value = error.get(key)
        if isinstance(value, dict):
            said = _word(value.get("message") or value.get("detail") or value.get("error"))
        elif isinstance(value, list):
            said = "; ".join(filter(None, map(_complaint, value[:3])))
        else:
            said = _word(value)
        if said and not _is_status(said):
            return said
    return ""


def _complaint(item: Any) -> str:
    """Return one complaint of a validator (FastAPI's): where, and what."""
    if not isinstance(item, dict):
        return _word(item)
    where = item.get("loc")
    places = [str(p) for p in where if type(p) in (str, int)] if isinstance(where, list) else []
    said = _word(item.get("msg") or item.get("message"))
    return ": ".join(filter(None, [".".join(p for p in places if p != "body"), said]))


def filters(result: Any) -> tuple[str, ...]:
    """Return what a content filter found, such as "violence (medium)", from Azure's result."""
    if not isinstance(result, dict):
        return ()
    return tuple(
        f"{name} ({found['severity']})" if isinstance(found.get("severity"), str) else name
        for name, found in result.items()
        if isinstance(found, dict) and found.get("filtered")
    )
