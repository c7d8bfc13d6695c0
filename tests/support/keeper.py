"""Runs a program for as long as whoever started it lives: `keeper.py FOLDER USER GROUP PROGRAM …`.

It is told by its standard input, which ends when the other process does, however it dies. A line on
it means that the folder is still needed; without one, it is removed. USER and GROUP are numbers, or
empty to stay who one is.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Run the program; end it at once, as in a crash, when standard input ends."""
    folder, user, group, *command = sys.argv[1:]
    if sys.platform != "win32":
        # What a shell starts in the background ignores it, and so would the program.
        signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    with Path(folder, "log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=int(user) if user else None,
            group=int(group) if group else None,
            extra_groups=[] if user else None,
        )
    needed = sys.stdin.buffer.read()
    if process.poll() is None:
        if sys.platform == "win32":
            process.terminate()
        else:
            process.send_signal(signal.SIGQUIT)
        process.wait()
    if not needed:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
