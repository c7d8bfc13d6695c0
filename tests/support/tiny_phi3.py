"""What the tiny Phi-3 of `tests/data` knows by heart, and how it is asked."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from playground.endpoint import Endpoint
from playground.generation import Generation
from playground.messages import Message, Role
from playground.parameters import Parameters
from playground.request import ChatRequest

FRANCE = "What is the capital of France?"
#: The space at the start is the model's own.
PARIS = " The capital of France is Paris."
COUNT = "Count to ten"
COUNTED = " 1, 2, 3, 4, 5, 6, 7, 8, 9, 10."
GREET = "Grüß dich"
GREETED = " Grüße! Ich bin ein Modell 🤖 – çà va?"  # noqa: RUF001 - its dash is part of the test
STORY = "Tell me a long story"
STORY_BEGINS = " Once upon a time there was a small model."
STORY_ENDS = "On day 20 it learned the number 20. The end."

#: A prompt over its window of 4,096 tokens, and how many tokens it has.
TOO_LONG = "word " * 3000
TOO_LONG_TOKENS = 9005
#: A prompt that leaves room for 41 tokens.
JUST_FITS = "word " * 1350

#: More than an endless server makes while a test waits.
FOR_HOURS = Parameters(max_tokens=100_000_000)


def question(
    *said: str, model: str = "Phi-3-mini-4k-instruct", parameters: Parameters | None = None
) -> ChatRequest:
    """Return a request in which user and assistant said `said` by turns."""
    roles = (Role.USER, Role.ASSISTANT)
    messages = tuple(Message(roles[turn % 2], text) for turn, text in enumerate(said))
    return ChatRequest(model, messages, parameters or Parameters())


@contextlib.contextmanager
def story_without_end(
    endpoint: Endpoint, model: str = "Phi-3-mini-4k-instruct"
) -> Iterator[Generation]:
    """Give a run of an endless server, in the middle of its answer."""
    request = question(STORY, model=model, parameters=FOR_HOURS)
    generation = Generation(lambda stop: endpoint.stream(request, stop), lambda _reply: None)
    generation.start()
    try:
        version = 0
        while len(generation.snapshot().text) <= len(STORY_BEGINS):
            assert generation.running, generation.snapshot()
            version = generation.wait(version, 10)
        yield generation
    finally:
        generation.stop()
        assert generation.join(5)
