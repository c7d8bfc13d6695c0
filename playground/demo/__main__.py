"""Runs the demo endpoint alone: `python -m playground.demo`."""
# ruff: noqa: T201 - a program that talks on the terminal

from __future__ import annotations

import argparse
import signal
import sys
import threading
from types import FrameType

from playground.demo.server import DemoServer
from playground.settings import ENDPOINT

#: Seconds between looks at the signal; on Windows nothing interrupts a wait without an end.
_LOOK = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl+C or SIGTERM; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        server = DemoServer(options.host, options.port, options.pace)
        server.start()
    except (OSError, ValueError) as error:
        print(f"The demo endpoint cannot start: {error}", file=sys.stderr)
        return 1
    ended = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    print(
        f"The demo endpoint answers at {server.url}\n"
        "Its replies are scripted; no model runs here. To point the playground to it:\n\n"
        f"    {ENDPOINT}={server.url}\n\n"
        "in the environment or in .env. It asks for no key. Ctrl+C ends it.",
        flush=True,
    )
    while not ended.wait(_LOOK):
        pass
    server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m playground.demo",
        description="Serve scripted replies over the chat-completions protocol.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to bind (%(default)s)")
    parser.add_argument("--port", type=int, default=0, help="port to bind; 0 for a free one")
    parser.add_argument(
        "--pace",
        type=float,
        default=1.0,
        help="what every delay is multiplied by: 0 for as fast as possible (%(default)s)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
