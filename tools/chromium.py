"""The Chromium that browser tests and benchmarks drive.

    python -m tools.chromium    print where it is; bring one where there is none

One that the system has comes first, then Debian's package (needs root), then Playwright's own
download, which goes into `.cache` of this checkout. `CHROMIUM` in the environment overrides all.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

DOWNLOADS = Path(__file__).resolve().parents[1] / ".cache" / "ms-playwright"

_COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MACOS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
)
_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Chromium/Application/chrome.exe")


def find_chromium() -> Path | None:
    """Return the executable of a Chromium that starts, or None."""
    return next(filter(_starts, _candidates()), None)


def launch_arguments() -> list[str]:
    """Return the command line that keeps the browser quiet, and on this machine."""
    arguments = [
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--no-first-run",
        # Whatever a page asks for, no other host is looked up.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    if sys.platform != "win32" and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # it refuses to run as root with its sandbox
    return arguments


def _candidates() -> Iterator[Path]:
    if override := os.environ.get("CHROMIUM"):
        yield Path(override)
    yield from (Path(found) for name in _COMMANDS if (found := shutil.which(name)))
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (folder / name for name in _MACOS)
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if base := os.environ.get(variable):
            yield from (Path(base) / name for name in _WINDOWS)
    if DOWNLOADS.is_dir():
        os.environ["PLAYWRIGHT_BROWSERS_PATH"] = str(DOWNLOADS)
        with sync_playwright() as playwright:
            yield Path(playwright.chromium.executable_path)


def _starts(path: Path) -> bool:
    """Whether there is a browser at `path`: Ubuntu puts a script there that only asks for one."""
    if not path.is_file():
        return False
    if os.name == "nt":
        return True  # there, --version opens a window
    try:
        command = [str(path), "--version"]
        run = subprocess.run(command, capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0


def _install() -> None:
    root = sys.platform == "linux" and os.geteuid() == 0
    if root and shutil.which("apt-get"):
        print("Installing Debian's chromium ...", flush=True)
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
            command = ["apt-get", "-qq", *words]
            run = subprocess.run(command, env=quiet, stdout=subprocess.DEVNULL, check=False)
            if run.returncode:
                break
        if find_chromium():
            return
    print(f"Downloading Playwright's Chromium into {DOWNLOADS} ...", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "--no-shell", "chromium"]
    if root:
        command.append("--with-deps")
    there = os.environ | {"PLAYWRIGHT_BROWSERS_PATH": str(DOWNLOADS)}
    subprocess.run(command, env=there, check=False)


def main() -> None:
    """Print where the browser is, after bringing one where there is none."""
    found = find_chromium()
    if found is None:
        _install()
        found = find_chromium()
    if found is None:
        sys.exit(
            "No Chromium could be had. Install Chromium or Google Chrome, or put the path of its "
            "executable into the environment variable CHROMIUM."
        )
    print(f"Chromium: {found}")


if __name__ == "__main__":
    main()
