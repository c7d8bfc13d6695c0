"""The measure of all things: the SDK in a plain process, with nothing drawn.

`python -m benchmarks.raw_sdk ENDPOINT PROMPT STREAMS` prints what a `Streams` reads.
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


def main(endpoint: str, prompt: str, count: int) -> None:
    """Stream `prompt` in `count` threads at once, each with a connection that is open."""
    found: list[Stream] = []
    # The processor time of warming up is nobody's; so the clock is read when all are ready.
    start: list[float] = []
    ready = threading.Barrier(count, action=lambda: start.append(time.process_time()))

    def work() -> None:
        credential = AzureKeyCredential("none")
        with ChatCompletionsClient(endpoint=endpoint, credential=credential) as client:
            stream(client, WARM_UP.prompt)
            ready.wait()
            found.append(stream(client, prompt))

    threads = [threading.Thread(target=work) for _ in range(count)]
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
            if choice.delta.content:
                moments.append(time.perf_counter() - began)
                pieces.append(choice.delta.content)
    return Stream(tuple(moments), "".join(pieces))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
