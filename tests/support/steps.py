"""Migrations that exist only in tests: the released ones, and one after them."""

from __future__ import annotations

import shutil
from pathlib import Path

from playground.store.migrations import RELEASED, Steps

_STEP = '''"""A step of the tests."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{newest}"


def upgrade() -> None:
{body}
'''


def steps_with(folder: Path, body: str, revision: str = "9999") -> Steps:
    """Return the released steps and one more, whose `upgrade` does what `body` says, indented."""
    target = folder / "steps"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(RELEASED.folder, target, ignore=shutil.ignore_patterns("__pycache__"))
    step = _STEP.format(revision=revision, newest=RELEASED.newest, body=body)
    (target / "versions" / f"v{revision}_test.py").write_text(step, encoding="utf-8")
    return Steps(target, (*RELEASED.versions, revision))
