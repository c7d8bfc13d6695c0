"""The disk is full, the folder read-only, the file locked or damaged, the server gone.

Each time the chat goes on in memory, the store says why it is not being saved, and all that was said
is saved by itself when the cause ends.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from playground.conversation import Conversation, Turn, new_id
from playground.messages import Role
from playground.reply import Reply, Status
from playground.store.errors import (
    StoreCorrupt,
    StoreError,
    StoreFull,
    StoreLocked,
    StoreReadOnly,
    StoreUnreachable,
)
from playground.store.resilient import ResilientStore
from playground.store.sql import open_store
from tests.faults import children as child
from tests.faults.children import Children
from tests.support.conversations import RUN, plain, prompt
from tests.support.postgres import PostgresServer, programs


class Talk:
    """A chat that goes on whatever happens, and knows all that was said in it."""

    def __init__(self, store: ResilientStore) -> None:
        self.store = store
        self.id = new_id()
        self.said = Conversation(id=self.id)

    def go_on(self, words: str = "words ") -> None:
        """Ask, and get a reply that grows and ends; it is there afterwards, saved or not."""
        asked = prompt(words, self.said.leaf)
        running = Turn(new_id(), asked.id, Role.ASSISTANT, run=RUN, reply=Reply())
        assert self.store.append("me", self.id, asked, running) is not None
        self.store.save_reply("me", self.id, running.id, Reply(text="half"))
        ended = Reply(text=words, status=Status.COMPLETED)
        self.store.save_reply("me", self.id, running.id, ended)
        self.said = self.said.with_turn(asked).with_turn(replace(running, reply=ended))
        found = self.store.get("me", self.id)
        assert found is not None
        assert plain(found.turns) == plain(self.said.turns)

    def go_on_until_it_fails(self) -> StoreError:
        """Talk until the store says that it does not save; return what it says."""
        for _ in range(2000):
            self.go_on("a few words to fill what there is " * 20)
            trouble = self.store.notice()
            if trouble is not None:
                return trouble
        raise AssertionError("it never failed")

    def check_saved(self, url: str, root: Path) -> None:
        """Wait until the store is back, and look whether all is in the database."""
        until(lambda: self.store.notice() is None)
        self.store.close()
        store = open_store(url, root)
        found = store.get("me", self.id)
        store.close()
        assert found is not None
        assert plain(found.turns) == plain(self.said.turns)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def talk(url: str, root: Path) -> Talk:
    store = ResilientStore(
        lambda: open_store(url, root), retry_interval=0.05, slow_retry_interval=0.05
    )
    return Talk(store)


@contextlib.contextmanager
def small_disk(size: str = "3m") -> Iterator[Path]:
    """Yield the mount point of a small file system of its own."""
    folder = Path(tempfile.mkdtemp(prefix="small-"))
    mount = ["/bin/mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["/bin/umount", "-l", str(folder)], check=True)
        folder.rmdir()


def _can_mount() -> bool:
    try:
        with small_disk():
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextlib.contextmanager
def _full_disk() -> Iterator[tuple[Path, Callable[[], None]]]:
    """Yield a folder on a disk that is nearly full, and what makes room on it."""
    with small_disk() as disk:
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * 1_500_000)
        yield disk, ballast.unlink


FullDisk = Callable[[], contextlib.AbstractContextManager[tuple[Path, Callable[[], None]]]]
#: A real disk where we may make one, and a limit for files that needs no rights.
FULL: dict[str, FullDisk] = {"disk": _full_disk} if _can_mount() else {}

if sys.platform != "win32":
    import resource

    @contextlib.contextmanager
    def _limited_files() -> Iterator[tuple[Path, Callable[[], None]]]:
        """Yield a folder in which no file may grow large, and what lifts the limit."""
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        folder = Path(tempfile.mkdtemp(prefix="limited-"))

        def lift() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
        try:
            yield folder, lift
        finally:
            lift()
            shutil.rmtree(folder)

    FULL["limit"] = _limited_files


@pytest.mark.parametrize("full", FULL)
def test_the_disk_is_full(full: str) -> None:
    with FULL[full]() as (root, make_room):
        chat = talk("", root)
        chat.go_on()
        assert chat.store.notice() is None
        trouble = chat.go_on_until_it_fails()
        assert isinstance(trouble, StoreFull) or full == "limit"
        for _ in range(5):
            chat.go_on()
        # Everything that was saved before can still be read.
        assert [s.id for s in chat.store.recent("me", 5)] == [chat.id]
        make_room()
        chat.check_saved("", root)


def _read_only_scenario(root: Path, pipe: Connection) -> None:
    child.become_nobody()
    chat = talk("", root)
    pipe.send(chat.store.notice())
    chat.go_on()
    chat.go_on()
    pipe.send("talked")
    chat.check_saved("", root)
    pipe.send("saved")


def test_the_folder_is_read_only(children: Children) -> None:
    """In a process without root's rights, for which a read-only folder means something."""
    root = Path(tempfile.mkdtemp(prefix="read-only-"))
    root.chmod(0o555)
    process, receive = children.start(_read_only_scenario, root)
    try:
        trouble = receive.recv()
        assert isinstance(trouble, StoreReadOnly)
        assert "data" in trouble.advice
        assert receive.recv() == "talked"
        root.chmod(0o777)
        assert receive.recv() == "saved"
    finally:
        process.kill()
        process.join()
        root.chmod(0o700)
        shutil.rmtree(root)


def test_another_program_has_locked_the_database(
    tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed in the end, as a program that hangs is."""
    monkeypatch.setattr("playground.store.sqlite.BUSY_TIMEOUT", 0.05)
    chat = talk("", tmp_path)
    chat.go_on()
    holder, receive = children.start(child.hold_lock, tmp_path / "data" / "playground.db")
    try:
        assert receive.recv() == "held"
        assert isinstance(chat.go_on_until_it_fails(), StoreLocked)
        chat.go_on()
        # While it is locked, it can be read.
        assert chat.store.recent("me", 5)
    finally:
        holder.kill()
        holder.join()
    chat.check_saved("", tmp_path)


def test_the_file_is_damaged_and_replaced(tmp_path: Path) -> None:
    """It is never made worse, and a whole one in its place is taken up by itself."""
    first = open_store("", tmp_path)
    for i in range(300):
        first.append("them", f"c{i}", prompt(f"{i} words of somebody else " * 20))
    first.close()
    path = tmp_path / "data" / "playground.db"
    shutil.copy(path, tmp_path / "whole.db")
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(b"\xff" * (path.stat().st_size - 4096 * 4))
    chat = talk("", tmp_path)
    trouble = chat.go_on_until_it_fails()
    assert isinstance(trouble, StoreCorrupt)
    assert "--restore" in trouble.advice
    chat.go_on()
    for name in ("playground.db-wal", "playground.db-shm"):
        path.with_name(name).unlink(missing_ok=True)
    (tmp_path / "whole.db").replace(path)
    chat.check_saved("", tmp_path)
    again = open_store("", tmp_path)
    assert len(again.recent("them", 1000)) == 300
    again.close()


def test_the_file_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "data" / "playground.db"
    path.parent.mkdir()
    path.write_bytes(b"this is a letter to my aunt\n" * 1000)
    chat = talk("", tmp_path)
    assert isinstance(chat.store.notice(), StoreCorrupt)
    chat.go_on()
    assert path.read_bytes() == b"this is a letter to my aunt\n" * 1000
    path.rename(tmp_path / "letter")
    chat.check_saved("", tmp_path)


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    server = PostgresServer(programs(), ("synchronous_commit=on",))
    server.start()
    yield server
    server.remove()


def test_the_database_server_crashes_and_comes_back(
    tmp_path: Path, own_server: PostgresServer
) -> None:
    url = own_server.url(own_server.database())
    chat = talk(url, tmp_path)
    for _ in range(20):
        chat.go_on()
    own_server.stop()
    trouble = chat.go_on_until_it_fails()
    assert isinstance(trouble, StoreUnreachable)
    chat.go_on()
    own_server.start_again()
    until(lambda: chat.store.notice() is None)
    chat.go_on()
    chat.check_saved(url, tmp_path)
