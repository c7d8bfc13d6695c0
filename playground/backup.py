"""`python -m playground.backup FILE` writes everything to one file, while the playground runs or not.

`python -m playground.backup --restore FILE` puts a backup in the place of what is there. The database
is the one that the playground uses: PLAYGROUND_DATABASE_URL, or `data/playground.db`. A backup is an
SQLite file whatever the database is, so this also moves conversations from SQLite to PostgreSQL.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.errors import ChatError
from playground.settings import load_settings
from playground.store.engine import Database
from playground.store.errors import StoreForeign
from playground.store.migrate import migrate
from playground.store.restore import Backup, contents
from playground.store.snapshot import write_snapshot


def main(arguments: Sequence[str] | None = None, root: Path | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m playground.backup", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--restore", action="store_true", help="replace the database with what is in FILE"
    )
    parser.add_argument("--yes", action="store_true", help="restore without asking")
    chosen = parser.parse_args(arguments)
    root = root or Path(__file__).resolve().parent.parent
    url = load_settings(root).database_url
    try:
        if chosen.restore:
            return _restore(url, root, chosen.file, asked=not chosen.yes)
        _back_up(url, root, chosen.file)
    except ChatError as error:
        sys.stderr.write(f"{error.happened} {error.advice}\n")
        return 1
    return 0


def _back_up(url: str, root: Path, path: Path) -> None:
    database = Database(url, root)
    try:
        if database.path is not None and not database.path.exists():
            raise StoreForeign(
                f"There is no database {database.path}, so there is nothing to back up.",
                advice="Run this in the playground's folder.",
            )
        migrate(database)
        write_snapshot(database, path)
        found = contents(database)
    finally:
        database.close()
    _say(f"{path}: {found.conversations} conversations, {found.messages} messages.")


def _restore(url: str, root: Path, path: Path, *, asked: bool) -> int:
    database = Database(url, root)
    try:
        with Backup(path) as backup:
            found = backup.contents
            _say(f"{path}: {found.conversations} conversations, {found.messages} messages.")
            if asked and not _agreed():
                _say("Nothing was changed.")
                return 1
            kept = backup.restore(database)
    finally:
        database.close()
    _say("Restored." + (f" What was there before is kept in {kept}." if kept else ""))
    return 0


def _say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)


def _agreed() -> bool:
    _say("It will replace everything in the playground's database. Type yes to go on: ", end="")
    sys.stdout.flush()
    return sys.stdin.readline().strip().lower() == "yes"


if __name__ == "__main__":
    sys.exit(main())
