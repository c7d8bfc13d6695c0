"""The app in a process of its own, started the way a user starts it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.support.environment import ROOT
from tests.support.processes import Server

#: What a checkout needs to run the app. A developer's own .env and secrets stay out.
PARTS = ("app.py", "pages", "components", "playground", "docs", ".streamlit")


def copy_checkout(folder: Path) -> Path:
    """Copy what runs into `folder`, so that nothing of the developer's own is read or written."""
    folder.mkdir(parents=True)
    for part in PARTS:
        if (ROOT / part).is_dir():
            ignored = shutil.ignore_patterns("secrets.toml", ".env")
            shutil.copytree(ROOT / part, folder / part, ignore=ignored)
        else:
            shutil.copy2(ROOT / part, folder / part)
    return folder


class App(Server):
    """`streamlit run app.py` with a fresh home and fresh data.

    Attributes:
        home: its home folder, empty at the start.
        database: the SQLite file that it keeps conversations in.
    """

    def __init__(self, checkout: Path, folder: Path, settings: dict[str, str]) -> None:
        """Prepare the app in `checkout`, with its data in `folder` and `settings` as environment.

        The demo endpoint is five times as fast as for people, unless `settings` say otherwise.
        """
        self.home = folder / "home"
        self.home.mkdir(parents=True)
        self.database = folder / "conversations.db"
        env = os.environ | {
            "HOME": str(self.home),
            "USERPROFILE": str(self.home),
            "PLAYGROUND_DATABASE_URL": f"sqlite:///{self.database.as_posix()}",
            "PLAYGROUND_DEMO_PACE": "0.2",
            "PLAYGROUND_DISCOVERY": "0",  # what runs on a developer's machine
            "PYTHONUNBUFFERED": "1",
        }
        super().__init__(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port={port}"],
            log=folder / "app.log",
            ready="/_stcore/health",
            cwd=checkout,
            env=env | settings,
        )
