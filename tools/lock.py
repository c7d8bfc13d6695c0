"""Make the lock files from the `.in` files: exact versions and hashes of everything.

One set of versions serves every Python and system that the playground runs on. Each lock is then
resolved again for all of them, with wheels only, so that nobody has to compile.

    python -m tools.lock              keep the versions that the locks have, where possible
    python -m tools.lock --upgrade    take the newest
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile

LOCKS = ("requirements", "requirements-dev", "requirements-peers", "requirements-gateway")
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = ("linux", "aarch64-unknown-linux-gnu", "macos", "windows")


def _uv(*arguments: str) -> None:
    command = [sys.executable, "-m", "uv", "--quiet", "--cache-dir", ".cache/uv", *arguments]
    subprocess.run(command, check=True)


def main(options: list[str]) -> None:
    """Make and prove all locks, passing `options` on to the resolver."""
    for name in LOCKS:
        _uv(
            "pip",
            "compile",
            "--universal",
            f"--python-version={PYTHONS[0]}",
            "--fork-strategy=fewest",
            "--generate-hashes",
            "--custom-compile-command=make lock",
            f"--output-file={name}.txt",
            f"{name}.in",
            *options,
        )
        print(f"{name}.txt is made.")
    with tempfile.TemporaryDirectory() as nowhere:
        for name, python, system in itertools.product(LOCKS, PYTHONS, SYSTEMS):
            _uv(
                "pip",
                "install",
                "--dry-run",
                "--require-hashes",
                "--only-binary=:all:",
                f"--python-version={python}",
                f"--python-platform={system}",
                f"--target={nowhere}",
                f"--requirements={name}.txt",
            )
    print(f"Each installs on Python {', '.join(PYTHONS)}, on {', '.join(SYSTEMS)}.")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except subprocess.CalledProcessError as error:
        sys.exit(f"Failed: {' '.join(error.cmd[1:])}")
