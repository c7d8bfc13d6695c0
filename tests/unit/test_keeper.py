"""What tests start outside of Python ends with them, also when they are killed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import keeper

PROGRAM = "import pathlib, time; pathlib.Path('started').touch(); time.sleep(600)"


def keep(folder: Path) -> list[str]:
    return [sys.executable, keeper.__file__, str(folder), "", "", sys.executable, "-c", PROGRAM]


def until_started(folder: Path) -> None:
    deadline = time.monotonic() + 30
    while not (folder / "started").exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(("said", "stays"), [(b"", False), (b"needed\n", True)])
def test_the_program_ends_when_standard_input_does(
    tmp_path: Path, said: bytes, *, stays: bool
) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    process = subprocess.Popen(keep(folder), stdin=subprocess.PIPE)
    until_started(folder)
    process.communicate(said, timeout=30)
    assert folder.exists() == stays


def test_it_ends_when_whoever_started_it_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    script = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen({keep(folder)!r}, stdin=subprocess.PIPE)\n"
        "time.sleep(600)\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", script])
    until_started(folder)
    starter.kill()
    starter.wait()
    deadline = time.monotonic() + 30
    while folder.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)
