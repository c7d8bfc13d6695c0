"""Many sessions of a Streamlit server at once, without a browser: what each would be told to draw.

`python -m benchmarks.crowd URL PROMPT TEXT COUNT` sends `PROMPT` in `COUNT` sessions at one moment
and prints what a `Streams` reads. An update is a message with a piece of the reply `TEXT`.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.streams import Stream, Streams

_PROTOCOL = Subprotocol("streamlit")


async def crowd(url: str, prompt: str, text: str, count: int) -> Streams:
    """Send `prompt` in `count` sessions at once and follow all replies to their end."""
    ready = asyncio.Barrier(count)
    used = time.process_time()
    sessions = [_session(url, prompt, _letters(text), ready) for _ in range(count)]
    streams = await asyncio.gather(*sessions)
    return Streams(tuple(streams), cpu=time.process_time() - used)


async def _session(url: str, prompt: str, letters: str, ready: asyncio.Barrier) -> Stream:
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(address, subprotocols=[_PROTOCOL], compression=None, max_size=None) as ws:
        box = ""
        first = BackMsg()
        first.rerun_script.SetInParent()
        async for message in _run(ws, first):
            box = message.delta.new_element.chat_input.id or box
        if not box:
            raise RuntimeError(f"the page at {url} has no chat box")
        asked = BackMsg()
        widget = asked.rerun_script.widget_states.widgets.add(id=box)
        widget.chat_input_value.data = prompt
        await ready.wait()
        began = time.perf_counter()
        moments: list[float] = []
        async for message in _run(ws, asked):
            drawn = message.delta.new_element
            piece = _letters(drawn.markdown.body or drawn.code.code_text)
            if piece and piece in letters:
                moments.append(time.perf_counter() - began)
        return Stream(tuple(moments), prompt)


async def _run(ws: ClientConnection, request: BackMsg) -> AsyncIterator[ForwardMsg]:
    """Send `request` and yield what comes, until the script has run to its end."""
    await ws.send(request.SerializeToString())
    while True:
        message = ForwardMsg.FromString(await ws.recv(decode=False))
        yield message
        ended = message.WhichOneof("type") == "script_finished"
        if ended and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return


def _letters(text: str) -> str:
    """Return what a reply and a piece of it have in common, whatever is done to its Markdown."""
    return re.sub(r"^```.*$|[^A-Za-z]", "", text, flags=re.MULTILINE)


if __name__ == "__main__":
    print(asyncio.run(crowd(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))).to_json())
