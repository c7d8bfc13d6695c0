"""The measure of all things: the SDK in a plain process, with nothing drawn.

`python -m benchmarks.raw_sdk ENDPOINT PROMPT COUNT SPREAD` streams the reply to `PROMPT` in `COUNT`
threads that start within `SPREAD` seconds, and prints what a `Streams` reads.
"""

from __future__ import annotations

import sys
import threading
import time

from azure.ai.inference import ChatCompletionsClient
from azure.ai.inference.models import SystemMessage, UserMessage
from azure.core.credentials import AzureKeyCredential

from benchmarks.streams import Stream, Streams
from benchmarks.workload import MAX_TOKENS, MODEL, SYSTEM_MESSAGE, WARM_UP


def main(endpoint: str, prompt: str, count: int, spread: float) -> None:
    """Stream `prompt` in `count` threads, each with a connection that is open."""
    found: list[Stream] = []
    # The processor time of warming up is nobody's; so the clock is read when all are ready.
    start: list[float] = []
    ready = threading.Barrier(count, action=lambda: start.append(time.process_time()))

    def work(number: int) -> None:
        credential = AzureKeyCredential("none")
        with ChatCompletionsClient(endpoint=endpoint, credential=credential) as client:
            stream(client, WARM_UP.prompt)
            ready.wait()
            time.sleep(spread * number / count)
            found.append(stream(client, prompt))

    threads = [threading.Thread(target=work, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(Streams(tuple(found), cpu=time.process_time() - start[0]).to_json())


def stream(client: ChatCompletionsClient, prompt: str) -> Stream:
    """Stream one reply to its end."""
    messages = [SystemMessage(SYSTEM_MESSAGE), UserMessage(prompt)]
    moments: list[float] = []
    pieces: list[str] = []
    began = time.perf_counter()
    chunks = client.complete(messages=messages, model=MODEL, max_tokens=MAX_TOKENS, stream=True)
    for chunk in chunks:
        for choice in chunk.choices:
            text = choice.delta.content
            if not text:
                continue
            pieces.append(text)
            # The marks before a heading's first word would show nothing on a screen.
            if moments or any(map(str.isalpha, text)):
                moments.append(time.perf_counter() - began)
    return Stream(tuple(moments), "".join(pieces))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
