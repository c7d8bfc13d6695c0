"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import importlib.metadata
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

import playground
from tests.support.environment import ROOT

SOURCE = ("app.py", "pages", "components", "playground")
LINES = 300

#: Folders that exist on somebody's machine only. Written so that this line is none of them.
PRIVATE_PATH = re.compile(r"(?<![\w.~}>-])/(?:home|root|Users|work|tmp)/\w")
#: All that a lock may hold: versions, hashes, comments. No place where packages come from.
LOCK_LINE = re.compile(
    r"[a-z0-9-]+==[\w.+-]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s*#[^:]*:?|"
)
#: A test that is not run, or may fail, proves nothing.
HIDING = re.compile(r"pytest\.(skip|importorskip|xfail|mark\.(skip|skipif|xfail))\b")
#: A wait that is too short on a slow machine and too long on a fast one.
BLIND_WAIT = re.compile(r"wait_for_timeout\(|[\"']networkidle[\"']")


def project_files() -> Iterator[Path]:
    """Yield the files of the project: all but what .gitignore names, which needs no git."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    ignored = [".git", *(line.strip("/") for line in lines)]
    for folder, folders, files in os.walk(ROOT):

        def kept(name: str, folder: str = folder) -> bool:
            path = Path(folder, name).relative_to(ROOT).as_posix()
            return not any(fnmatch(name, rule) or fnmatch(path, rule) for rule in ignored)

        folders[:] = filter(kept, folders)
        yield from (Path(folder, name) for name in filter(kept, files))


def text_of(path: Path) -> str:
    """Return the text of `path`, or nothing if it holds no text."""
    data = path.read_bytes()
    return "" if b"\0" in data else data.decode("utf-8")


def python_files(*places: str) -> Iterator[Path]:
    """Yield the Python files at `places`, files or folders of the project."""
    for place in places:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported_packages() -> set[str]:
    """Return the names that pip has for what the source imports when it runs."""
    modules = {
        name.partition(".")[0]
        for path in python_files(*SOURCE)
        for node in ast.walk(ast.parse(text_of(path)))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    packages = importlib.metadata.packages_distributions()
    names = {name for module in modules for name in packages.get(module, [])}
    return {name.lower().replace("_", "-") for name in names}


def named(found: list[str]) -> str:
    return "\n" + "\n".join(found)


def test_no_text_is_drawn_as_html() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.value.lineno}"
        for path in python_files(*SOURCE)
        for node in ast.walk(ast.parse(text_of(path)))
        if isinstance(node, ast.keyword) and node.arg == "unsafe_allow_html"
    ]
    assert not found, named(found)


@pytest.mark.parametrize(
    "use", ["html('')", "iframe('')", "components.v1.html('')", "session_state['x']"]
)
def test_the_linter_keeps_dangerous_names_out(use: str) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--select=TID251", "--quiet"]
    command += ["--stdin-filename", str(ROOT / "components" / "example.py"), "-"]
    script = f"import streamlit as st\n\nst.{use}\n"
    run = subprocess.run(
        command, input=script, capture_output=True, text=True, cwd=ROOT, timeout=30, check=False
    )
    assert run.returncode == 1
    assert "TID251" in run.stdout


def test_only_session_py_touches_the_session_state() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files(*SOURCE)
        if path != ROOT / "components" / "session.py"
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if "session_state" in line
    ]
    assert not found, named(found)


def test_no_module_is_long() -> None:
    lengths = {
        path.relative_to(ROOT): len(text_of(path).splitlines())
        for path in python_files(*SOURCE, "tools", "benchmarks")
    }
    found = [f"{path}: {lines} lines" for path, lines in lengths.items() if lines > LINES]
    assert not found, named(found)


def test_pages_are_thin() -> None:
    lengths = {path.name: len(text_of(path).splitlines()) for path in python_files("pages")}
    found = [f"{name}: {lines} lines" for name, lines in lengths.items() if lines > 60]
    assert not found, named(found)


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in project_files()
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if PRIVATE_PATH.search(line)
    ]
    assert not found, named(found)


def test_no_test_is_hidden_and_none_waits_blindly() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in python_files("tests")
        if path != Path(__file__)
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if HIDING.search(line) or BLIND_WAIT.search(line)
    ]
    assert not found, named(found)


@pytest.mark.parametrize(
    "name", ["requirements", "requirements-dev", "requirements-peers", "requirements-gateway"]
)
def test_a_lock_holds_exact_versions_and_hashes_and_no_places(name: str) -> None:
    lines = (ROOT / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    assert any("==" in line for line in lines)
    found = [line for line in lines if not LOCK_LINE.fullmatch(line)]
    assert not found, named(found)


def test_requirements_name_what_is_imported_and_nothing_else() -> None:
    wanted = (ROOT / "requirements.in").read_text(encoding="utf-8")
    names = set(re.findall(r"^[a-z0-9-]+", wanted, re.MULTILINE))
    by_other_ways = {
        "psycopg",  # SQLAlchemy imports it where the URL asks for it
        "typing-extensions",  # for types only, not when the app runs
    }
    assert imported_packages() - by_other_ways == names - by_other_ways


def test_tests_run_with_the_versions_that_users_get() -> None:
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))

    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: dev.get(name) for name in run} == run


def test_the_version_stands_in_both_places() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == playground.__version__


def test_the_example_of_settings_names_every_variable() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    used = {
        name
        for path in python_files(*SOURCE)
        for name in re.findall(r"[\"']((?:PLAYGROUND|AZURE_INFERENCE)_[A-Z_]+)[\"']", text_of(path))
    }
    assert used
    assert {name for name in used if name not in example} == set()
