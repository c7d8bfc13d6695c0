"""`python -m playground.demo` as a person starts it."""

from __future__ import annotations

import _thread
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from playground.demo import DemoServer, __main__
from tests.support.environment import ROOT
from tests.unit.demo.wire import PATH, body, client


@pytest.fixture
def _handlers() -> Iterator[None]:
    """Give back the signals that the program takes."""
    taken = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in taken.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_alone_it_says_where_it_is_answers_and_ends_on_a_signal(number: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "playground.demo", "--pace", "0"],
        cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout
            said = ""
            while "Ctrl+C" not in said:
                line = process.stdout.readline()
                assert line, "it ended before it was ready"
                said += line
            found = re.search(r"AZURE_INFERENCE_ENDPOINT=(http://127\.0\.0\.1:\d+/v1)\n", said)
            assert found
            assert "scripted; no model runs here" in said
            with client(found[1]) as http:
                assert http.post(PATH, json=body()).status_code == 200
            process.send_signal(number)
            assert process.wait(5) == 0
            assert process.stderr
            assert process.stderr.read() == ""
        finally:
            process.kill()


@pytest.mark.usefixtures("_handlers")
def test_it_stops_its_server_on_a_signal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped = threading.Event()
    monkeypatch.setattr(__main__, "_LOOK", 0.01)
    monkeypatch.setattr(DemoServer, "stop", lambda _: stopped.set())
    monkeypatch.setattr(DemoServer, "start", lambda _: None)
    monkeypatch.setattr(DemoServer, "url", "http://127.0.0.1:1/v1")
    interrupt = threading.Timer(0.05, _thread.interrupt_main, [signal.SIGTERM])
    interrupt.start()
    assert __main__.main([]) == 0
    interrupt.join()
    assert stopped.is_set()
    assert "http://127.0.0.1:1/v1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["--pace", "-1"], "pace must be"), (["--host", "256.0.0.1"], ""), (["--port", "70000"], "")],
)
def test_what_cannot_start_says_why(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert __main__.main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.err.startswith("The demo endpoint cannot start: ")
    assert why in captured.err
    assert captured.out == ""
