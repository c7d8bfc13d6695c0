"""Many sessions of a Streamlit server at once, without a browser: what each would be told to draw.

`python -m benchmarks.crowd URL PID PROMPT TEXT COUNT SPREAD` sends `PROMPT` in `COUNT` sessions
within `SPREAD` seconds and prints what a `Streams` reads. An update is a message with a piece of
the reply `TEXT`; the processor time is that of the server, the process `PID`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import sys
import time
from collections.abc import AsyncIterator

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from benchmarks.servers import Server
from benchmarks.streams import Stream, Streams
from components.middleware import BROWSER_COOKIE

_PROTOCOL = Subprotocol("streamlit")

#: Seconds for a connection to be made while all the others are being made as well.
_PATIENCE = 60.0


async def crowd(server: Server, prompt: str, text: str, count: int, spread: float) -> Streams:
    """Send `prompt` in `count` sessions within `spread` seconds; follow all replies to the end."""
    # Opening the page is not what is measured; so all wait until it is open everywhere.
    used: list[float] = []
    ready = asyncio.Barrier(count)

    async def session(number: int) -> Stream:
        async with _page(server.url, number) as (ws, box):
            await ready.wait()
            used.append(server.cpu())
            await asyncio.sleep(spread * number / count)
            return await _reply(ws, box, prompt, _letters(text))

    streams = await asyncio.gather(*map(session, range(count)))
    return Streams(tuple(streams), cpu=server.cpu() - used[0])


@contextlib.asynccontextmanager
async def _page(url: str, number: int) -> AsyncIterator[tuple[ClientConnection, str]]:
    """Open the page in a browser of its own; yield its websocket and the id of its chat box."""
    async with connect(
        url.replace("http", "ws", 1) + "/_stcore/stream",
        subprotocols=[_PROTOCOL],
        additional_headers={"Cookie": f"{BROWSER_COOKIE}=benchmark-{number}"},
        compression=None,
        max_size=None,
        open_timeout=_PATIENCE,
    ) as ws:
        opened = BackMsg()
        opened.rerun_script.SetInParent()
        boxes = [m.delta.new_element.chat_input.id async for m in _run(ws, opened)]
        box = next(filter(None, boxes), None)
        if box is None:
            raise RuntimeError(f"the page at {url} has no chat box")
        yield ws, box


async def _reply(ws: ClientConnection, box: str, prompt: str, letters: str) -> Stream:
    """Send `prompt` from the chat box and follow the reply, whose letters are given."""
    asked = BackMsg()
    asked.rerun_script.widget_states.widgets.add(id=box).chat_input_value.data = prompt
    began = time.perf_counter()
    moments: list[float] = []
    async for message in _run(ws, asked):
        drawn = message.delta.new_element
        piece = _letters(drawn.markdown.body or drawn.code.code_text)
        if piece and piece in letters:
            moments.append(time.perf_counter() - began)
    if not moments:
        raise RuntimeError("a session got no reply")
    return Stream(tuple(moments), letters)


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


def main(url: str, pid: str, prompt: str, text: str, count: str, spread: str) -> None:
    """Do it and print what was found."""
    server = Server(url, psutil.Process(int(pid)))
    print(asyncio.run(crowd(server, prompt, text, int(count), float(spread))).to_json())


if __name__ == "__main__":
    main(*sys.argv[1:])
