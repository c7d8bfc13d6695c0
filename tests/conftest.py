"""What holds for every test: this machine only, a fresh home, none of the developer's settings."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests.support.environment import GUARD_REPORT, is_settings_variable, isolate
from tests.support.guard import network_guard

#: Fixtures that start real servers; a plugin, so that every folder shares the running ones.
pytest_plugins = ["tests.support.peers"]

hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")

_attempts: list[str] = []
_folder: tempfile.TemporaryDirectory[str] | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Guard this process and its children before anything of the app is imported."""
    if config.getoption("numprocesses", default=None):
        return  # the tests run in workers, which come here too: each gets a home of its own
    global _folder  # noqa: PLW0603 - pytest has no place for it that early
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="playground-tests-")
        home = Path(_folder.name, "home")
        home.mkdir()
        isolate(home, Path(_folder.name, "network-guard.txt"))
        network_guard.install(_attempts.append)


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    if _folder is not None:
        _folder.cleanup()


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in filter(is_settings_variable, list(os.environ)):
        monkeypatch.delenv(name)


@pytest.fixture
def network_attempts() -> list[str]:
    """The attempts of this process to leave the machine; what is left in it fails the test."""
    return _attempts


@pytest.fixture(autouse=True)
def _on_this_machine(network_attempts: list[str]) -> Iterator[None]:
    """Fail a test in which this process, or one it started, wanted to leave the machine."""
    network_attempts.clear()
    yield
    report = Path(os.environ[GUARD_REPORT])
    told = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    report.unlink(missing_ok=True)
    found = [*network_attempts, *told]
    network_attempts.clear()
    if found:
        pytest.fail("\n".join(found), pytrace=False)
