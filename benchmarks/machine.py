"""Where it was measured, and with what: figures mean little without it."""

from __future__ import annotations

import datetime as dt
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

_PACKAGES = ("streamlit", "azure-ai-inference", "playwright")


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine, as it was when the benchmark began."""

    facts: tuple[tuple[str, str], ...]

    def table(self) -> str:
        """Return it as a Markdown table."""
        rows = [f"| {name} | {value} |" for name, value in self.facts]
        return "\n".join(["| | |", "|---|---|", *rows])


def this_machine(chromium: str) -> Machine:
    """Describe this machine; `chromium` is the version of the browser that was driven."""
    busy = psutil.getloadavg()[0]
    return Machine(
        (
            ("Date", dt.datetime.now(dt.UTC).strftime("%d %B %Y, %H:%M UTC")),
            ("Processor", _processor()),
            ("Cores", str(os.cpu_count())),
            ("Memory", f"{psutil.virtual_memory().total / 2**30:.0f} GiB"),
            ("System", _system()),
            ("Python", platform.python_version()),
            ("Chromium", chromium),
            *((name, version(name)) for name in _PACKAGES),
            ("Load before the run", f"{busy:.1f} (processes that want a core)"),
        )
    )


def _processor() -> str:
    # platform.processor() is empty or says "x86_64" on most Linux systems.
    listed = Path("/proc/cpuinfo")
    if listed.exists():
        for line in listed.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _system() -> str:
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, Linux {platform.release()}"
    except OSError:
        return platform.platform()
