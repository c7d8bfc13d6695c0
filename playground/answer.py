"""What a 200 brings: the stream that was asked for, a whole answer at once, or something else."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator

from playground.chunks import Chunk, ChunkReader
from playground.connections import Connection
from playground.error_mapping import from_body, key_of
from playground.error_text import parse_json, plain
from playground.errors import ProtocolError, ReplyTooLarge
from playground.events import ChunkSkipped, KeepAlive
from playground.sse import Data, Done, read_events

#: Bytes of a body that is no stream; with the cap on a reply, this leaves room for the JSON around.
MAX_BODY = 2 * 1024 * 1024
#: Bytes that show what something is that is neither a stream nor JSON, and the part that is told.
GLANCE = 512
TOLD = 80

_STREAM = re.compile(rb"(data|event|id|retry|error)[ \t]*(:|\r|\n)|:")
_SPACE = b" \t\r\n"
_BOM = b"\xef\xbb\xbf"

Item = Chunk | KeepAlive | ChunkSkipped


def read_answer(
    blocks: Iterable[bytes],
    content_type: str,
    connection: Connection,
    hurry: Callable[[], None] = lambda: None,
) -> Iterator[Item]:
    """Yield the chunks of the answer in `blocks`.

    What it is, its first bytes say; many servers give streams a wrong content type.

    Args:
        blocks: the body, as it arrives.
        content_type: what the server calls it.
        connection: where it comes from.
        hurry: called when only a glance at the rest is needed, so that no one waits long for it.

    Raises:
        ChatError: if the answer is an error, or no answer.
        Exception: what `blocks` raises, after everything that came before it.
    """
    source, head = iter(blocks), b""
    for block in source:
        head = (head + block).removeprefix(_BOM).lstrip(_SPACE)
        if _decided(head):
            break
    rest = itertools.chain([head], source)
    says_stream = "event-stream" in content_type.casefold()
    if _STREAM.match(head + b"\n") or (says_stream and not head.startswith((b"{", b"[", b"<"))):
        yield from _stream(rest, head, content_type, connection)
    elif head.startswith((b"{", b"[")):
        yield from _whole(rest, content_type, connection)
    else:
        hurry()
        raise _no_stream(_glance(rest), content_type, connection)


def _decided(head: bytes) -> bool:
    return len(head) >= 8 or head.startswith((b"{", b"[", b"<", b":")) or b"\n" in head


def _stream(
    blocks: Iterable[bytes], head: bytes, content_type: str, connection: Connection
) -> Iterator[Item]:
    reader, understood = ChunkReader(connection), False
    for event in read_events(blocks):
        match event:
            case Data(value, error):
                items = reader.read(value, error=error)
                understood = understood or not any(isinstance(i, ChunkSkipped) for i in items)
                yield from items
            case Done():
                yield from reader.done()
                return
            case _:
                understood = understood or isinstance(event, KeepAlive)
                yield event
    if not understood:
        raise _no_stream(head, content_type, connection)


def _whole(blocks: Iterable[bytes], content_type: str, connection: Connection) -> Iterator[Item]:
    body = bytearray()
    for block in blocks:
        body += block
        if len(body) > MAX_BODY:
            raise ReplyTooLarge("The answer came in one piece of over 2 MiB, which is the cap.")
    try:
        value = parse_json(bytes(body))
    except ValueError:
        value = None
    if isinstance(value, dict) and isinstance(value.get("choices"), list):
        reader = ChunkReader(connection)
        yield from reader.read(value)
        yield from reader.done()
        return
    raise from_body(value, connection) or _no_stream(bytes(body), content_type, connection)


def _glance(blocks: Iterable[bytes]) -> bytes:
    seen = b""
    try:
        for block in blocks:
            seen += block
            if len(seen) >= GLANCE:
                break
    except Exception:  # noqa: BLE001 - it is no answer anyway, whatever became of the rest of it
        return seen
    return seen


def _no_stream(body: bytes, content_type: str, connection: Connection) -> ProtocolError:
    kind = plain(content_type.partition(";")[0], key_of(connection), TOLD) or "no content type"
    said = plain(body[: 4 * GLANCE].decode("utf-8", "replace"), key_of(connection), TOLD)
    if not said:
        return ProtocolError(f"The server's answer is empty ({kind}).")
    return ProtocolError(
        f"The server's answer is not a chat-completions stream but {kind}.", detail=said
    )
