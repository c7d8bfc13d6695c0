"""Fixtures: the app's parts, built anew for each test that asks for them, and a tab on the app.

Pages keep the parts in a cache of the process; here each test starts without them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.runtime.secrets import Secrets

import components.growing
import components.owner
import components.resources
from components.resources import Resources, close_resources, resources
from playground.settings import load_settings
from tests.support.tab import Tab, look_away

#: Writes the operator's settings: secrets.toml, and environment variables.
Configure = Callable[..., None]


@pytest.fixture
def configure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Configures the app before anything is built: `configure(secrets, NAME="value")`."""
    monkeypatch.setattr(components.resources, "load_settings", lambda _: load_settings(tmp_path))
    monkeypatch.setenv("PLAYGROUND_DATABASE_URL", f"sqlite:///{(tmp_path / 'data.db').as_posix()}")
    monkeypatch.setenv("PLAYGROUND_DEMO_PACE", "0")
    monkeypatch.setenv("PLAYGROUND_DISCOVERY", "0")  # what runs on a developer's machine
    monkeypatch.setattr(st, "secrets", Secrets())
    monkeypatch.setattr(st.secrets, "_secrets", {})
    resources.clear()

    def write(secrets: str = "", **environment: str) -> None:
        (tmp_path / ".streamlit").mkdir(exist_ok=True)
        (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    yield write
    close_resources()


@pytest.fixture
def parts(configure: Configure) -> Resources:
    """The parts of the app on its demo endpoint."""
    return resources()


@pytest.fixture
def tab(configure: Configure) -> Tab:
    """A tab on the app; nothing is built before it opens a page."""
    return Tab()


@pytest.fixture
def strangers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each tab be another visitor's, as on a server that others reach."""
    monkeypatch.setattr(components.owner, "local_only", lambda: False)


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let scripts end while a reply runs, as they do when somebody clicks."""
    monkeypatch.setattr(components.growing, "watch_all", look_away)
