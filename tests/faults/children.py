"""What the processes do that are killed: they say on a pipe what they were told is safe."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from playground.conversation import Turn
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store.migrations import Steps
from playground.store.sql import SqlStore, open_store
from tests.support.conversations import RUN

OWNER = "me"
WORDS = "nothing that was said is lost, whatever happens to the process that was told "


class Children:
    """Starts processes in a few milliseconds: one that has imported the store forks them."""

    def __init__(self) -> None:
        self._context: Any = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([__name__])

    def start(
        self, action: Callable[..., None], *arguments: object
    ) -> tuple[BaseProcess, Connection]:
        """Start a process that does `action`, with a pipe after its arguments; return our end."""
        receive, send = self._context.Pipe(duplex=False)
        process = self._context.Process(target=action, args=(*arguments, send))
        process.start()
        send.close()
        return process, receive


@dataclass(frozen=True)
class Safe:
    """The store returned: this is said to be on the disk. `text` is that of an ended reply."""

    conversation: str
    turns: tuple[str, ...]
    text: str | None = None


def chat(url: str, root: Path, name: str, pipe: Connection) -> None:
    """Chat in several threads, as fast as it goes, until killed."""
    store = open_store(url, root)
    lock = threading.Lock()

    def say(safe: Safe | str) -> None:
        with lock:
            pipe.send(safe)

    say("open")
    threads = [threading.Thread(target=_chat, args=(store, f"{name}-{i}", say)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _chat(store: SqlStore, conversation: str, say: object) -> None:
    assert callable(say)
    parent: str | None = None
    for number in range(10_000):
        asked = Turn(f"q{number}", parent, Role.USER, f"{number} {WORDS}")
        answer = Turn(f"a{number}", asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
        store.append(OWNER, conversation, asked, answer)
        say(Safe(conversation, (asked.id, answer.id)))
        text = ""
        for piece in range(6):
            text = WORDS * (piece + 1) * (number % 7 + 1)
            store.save_reply(OWNER, conversation, answer.id, Reply(text=text, pieces=piece + 1))
        store.save_reply(OWNER, conversation, answer.id, Reply(Status.COMPLETED, text=text))
        say(Safe(conversation, (answer.id,), text))
        parent = answer.id


def write_many(
    url: str, root: Path, writers: dict[str, str], messages: int, pipe: Connection
) -> None:
    """Write as several at once: each writer `messages` turns to its conversation, in order."""
    store = open_store(url, root)
    failed: list[str] = []

    def write(writer: str, conversation: str) -> None:
        for number in range(messages):
            turn = Turn(f"{writer}:{number}", None, Role.USER, f"{writer} says {number}")
            try:
                if store.append(OWNER, conversation, turn) is None:
                    failed.append(turn.id)
            except Exception as error:  # noqa: BLE001 - all of them are reported
                failed.append(f"{turn.id}: {error!r}")

    threads = [threading.Thread(target=write, args=item) for item in writers.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()
    pipe.send(failed)


def migrate_slowly(url: str, root: Path, steps: Steps, _: Connection) -> None:
    """Open with a step that does not end."""
    open_store(url, root, steps=steps)


def hold_lock(path: Path, pipe: Connection) -> None:
    """Hold the database as a program does that was left open in the middle of a change."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    pipe.send("held")
    time.sleep(600)


def become_nobody() -> None:
    """Give up root's right to write everywhere, in a process that has it."""
    # What is imported late may be where only root can read.
    with tempfile.TemporaryDirectory() as folder:
        open_store("", Path(folder)).close()
    if sys.platform != "win32" and os.geteuid() == 0:
        os.setegid(65534)
        os.seteuid(65534)
