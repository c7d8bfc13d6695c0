"""How fast conversations are saved, listed and searched, with many of them there.

`python -m benchmarks.store` measures SQLite in a temporary folder, `--url postgresql://…` an empty
PostgreSQL database. It prints a table in Markdown: for each action the median and the slowest of
RUNS, in milliseconds, the first (cold) run counted too. The goals are a search in 200 ms and a list
in 100 ms, with 100,000 messages.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.targets import Verdict
from playground.conversation import Conversation, Run, Turn
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store.sql import SqlStore, open_store
from playground.store.values import Wanted

Times = tuple[float, float]

OWNER, OTHER = "me", "somebody else"
MODELS = ("Phi-3-mini-4k-instruct", "Phi-3-small-8k-instruct", "Phi-3-medium-4k-instruct")
PER_CONVERSATION = 20
BATCH = 500  # conversations added at once
WORDS_PER_MESSAGE = 80
VOCABULARY = 20_000
RUNS = 15
#: Messages in the database, and the milliseconds in which they are to be listed and searched.
MESSAGES = 100_000
LIST_GOAL = 100
SEARCH_GOAL = 200

_SYLLABLES = [c + v for c in "bdfghklmnprstvwz" for v in ("a", "e", "i", "o", "u", "ä", "ö", "ü")]


def main() -> None:
    """Fill a database, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    chosen = parser.parse_args()
    found = measure_store(chosen.messages, chosen.url)
    print("\n| action | median ms | slowest ms | computing, median ms |\n|---|---|---|---|")
    for name, times in found.items():
        whole, cpu = zip(*times, strict=True)
        print(
            f"| {name} | {statistics.median(whole):.1f} | {max(whole):.1f} "
            f"| {statistics.median(cpu):.1f} |"
        )


def measure_store(messages: int = MESSAGES, url: str = "") -> dict[str, list[Times]]:
    """Fill a database with so many messages and measure it; SQLite in a new folder if no `url`."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(url, Path(folder))
        try:
            writing = measure_writing(store)
            seconds = fill(store, messages)
            rows = [*writing, *measure_reading(store)]
        finally:
            store.close()
        files = Path(folder).glob("data/playground.db*")
        size = sum(path.stat().st_size for path in files if path.is_file())
    print(f"\n{messages:,} messages of {WORDS_PER_MESSAGE} words, added in {seconds:.0f} s")
    if size:
        print(f"{size / 1e6:.0f} MB on disk")
    return dict(rows)


def judge_store(found: Mapping[str, list[Times]]) -> list[Verdict]:
    """Judge the slowest kind of list and of search, each by the median of its runs."""
    medians = {name: statistics.median(ms for ms, _ in times) for name, times in found.items()}
    verdicts = []
    for what, goal in (("list", LIST_GOAL), ("search", SEARCH_GOAL)):
        name, slowest = max(
            ((n, ms) for n, ms in medians.items() if n.startswith(what)), key=lambda pair: pair[1]
        )
        verdicts.append(
            Verdict(
                f"{MESSAGES:,} messages kept: every {what} ≤ {goal} ms",
                f"{slowest:.0f} ms ({name})",
                slowest <= goal,
            )
        )
    return verdicts


def fill(store: SqlStore, messages: int) -> float:
    """Add conversations of two owners, nine in ten of the one who searches; return the seconds."""
    chance = random.Random(7)  # noqa: S311 - the same text each time
    vocabulary = [
        "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(VOCABULARY)
    ]
    weights = [1 / (i + 2) for i in range(VOCABULARY)]
    start = time.perf_counter()
    batch: list[Conversation] = []
    count = messages // PER_CONVERSATION
    for number in range(count):
        words = iter_words(chance, vocabulary, weights)
        batch.append(conversation(number, words, time.time() - (count - number) * 600))
        if len(batch) == BATCH or number == count - 1:
            store.add(OTHER if number // BATCH % 10 == 9 else OWNER, *batch)
            batch = []
    return time.perf_counter() - start


def iter_words(chance: random.Random, vocabulary: list[str], weights: list[float]) -> Iterator[str]:
    """Yield texts in which some words are common and most are rare."""
    drawn = chance.choices(vocabulary, weights, k=PER_CONVERSATION * WORDS_PER_MESSAGE)
    for i in range(0, len(drawn), WORDS_PER_MESSAGE):
        yield " ".join(drawn[i : i + WORDS_PER_MESSAGE])


def conversation(number: int, texts: Iterator[str], at: float) -> Conversation:
    """Return a conversation in which a prompt and a reply take turns."""
    turns: list[Turn] = []
    for i, text in enumerate(texts):
        parent = turns[-1].id if turns else None
        if i % 2 == 0:
            special = " Straßenbahn in Zürich 東京都 needle" if number == 17 else ""
            turns.append(Turn(f"t{i}", parent, Role.USER, text + special, at + i))
            continue
        run = Run(MODELS[number % 3], "deployed", "somewhere", "Somewhere")
        reply = Reply(status=Status.COMPLETED, text=text + " end of answer", pieces=100)
        turns.append(Turn(f"t{i}", parent, Role.ASSISTANT, "", at + i, run, reply))
    return Conversation(
        id=f"c{number}", title=turns[0].text[:40], created_at=at, updated_at=turns[-1].created_at,
        turns=tuple(turns), leaf=turns[-1].id,
    )  # fmt: skip


def measure_writing(store: SqlStore) -> list[tuple[str, list[Times]]]:
    """Measure single messages, each on the disk before the next, and the text of running replies."""
    run = Run(MODELS[0], "deployed", "somewhere", "Somewhere")
    append: list[Times] = []
    save: list[Times] = []
    end: list[Times] = []
    text = "some words of an answer " * 650  # 4,000 tokens, about
    for i in range(200):
        conversation_id = f"writing-{i // 10}"
        turn = Turn(f"t{i}", None, Role.ASSISTANT, run=run, reply=Reply())
        running, ended = Reply(text=text), Reply(text=text, status=Status.COMPLETED)
        append.append(timed(partial(store.append, OTHER, conversation_id, turn)))
        save.append(timed(partial(store.save_reply, OTHER, conversation_id, turn.id, running)))
        end.append(timed(partial(store.save_reply, OTHER, conversation_id, turn.id, ended)))
    seconds, count = many_writers(store)
    print(f"{count / seconds:,.0f} messages/s by 8 threads")
    return [
        ("add a message", append),
        ("save 16 kB of a running reply (the caller's wait)", save),
        ("save the end of a reply of 16 kB", end),
    ]


def many_writers(store: SqlStore) -> tuple[float, int]:
    """Let 8 threads add messages to conversations of their own; return seconds and messages."""

    def write(name: int) -> None:
        for i in range(100):
            store.append(
                OTHER, f"thread-{name}-{i // 10}", Turn(f"m{i}", None, Role.USER, "words " * 20)
            )

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - start, 800


def measure_reading(store: SqlStore) -> list[tuple[str, list[Times]]]:
    """Measure lists and searches."""

    def find(**wanted: object) -> Callable[[], object]:
        return lambda: store.find(OWNER, Wanted(**wanted))  # type: ignore[arg-type] # fields by name

    actions: list[tuple[str, Callable[[], object]]] = [
        ("list the newest 50", find()),
        ("list, one model", find(model=MODELS[1])),
        ("list, one month", find(since=time.time() - 60 * 86400, until=time.time() - 30 * 86400)),
        ("list, pinned (none)", find(pinned=True)),
        ("all models", lambda: store.models(OWNER)),
        ("sidebar's 20", lambda: store.recent(OWNER, 20)),
        ("open a conversation of 20", lambda: store.get(OWNER, "c5")),
        ("search a rare word", find(query="needle")),
        ("search a word of half the messages", find(query="answer")),
        ("search the common word, one model", find(query="answer", model=MODELS[2])),
        ("search the common word, pinned (none)", find(query="answer", pinned=True)),
        ("search one letter", find(query="b")),
        ("search two letters", find(query="ba")),
        ("search a prefix and a word", find(query="ba answer")),
        ("search a phrase", find(query='"end of answer"')),
        ("search strasse zurich", find(query="strasse zurich")),
        ("search 京都", find(query="京都")),
        ("search what is not there", find(query="xyzzy")),
    ]
    return [(name, [timed(action) for _ in range(RUNS)]) for name, action in actions]


def timed(action: Callable[[], object]) -> tuple[float, float]:
    """Return how long `action` takes, and how long this process computes, in milliseconds."""
    start, cpu = time.perf_counter(), time.process_time()
    action()
    return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000


if __name__ == "__main__":
    main()
