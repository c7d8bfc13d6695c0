"""The two files an operator may write, `.env` and secrets.toml, read without ever failing.

What cannot be used is added to `problems`, with the line where there is one. No value of a file is
ever part of a sentence.
"""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from playground.errors import SettingsError

ENV_FILE = ".env"
SECRETS_FILE = ".streamlit/secrets.toml"


def variables(root: Path, problems: list[SettingsError]) -> dict[str, str]:
    """Return the variables in `root/.env`; none if there is no such file."""
    text = _text(root, ENV_FILE, problems)
    problems += [
        SettingsError(
            f"{ENV_FILE} line {binding.original.line} cannot be read.",
            advice="Write each line as NAME=value; this one is left out until then.",
        )
        for binding in parse_stream(io.StringIO(text))
        if binding.error
    ]
    return {k: v or "" for k, v in dotenv_values(stream=io.StringIO(text)).items()}


def connection_tables(root: Path, problems: list[SettingsError]) -> dict[str, Any]:
    """Return what stands under `connections` in `root/.streamlit/secrets.toml`, unchecked."""
    try:
        data = tomllib.loads(_text(root, SECRETS_FILE, problems))
    except tomllib.TOMLDecodeError as error:
        # The parser's words name the line and column, and hold nothing of the file's values.
        problems.append(
            SettingsError(
                f"{SECRETS_FILE} cannot be read: {error}.",
                advice="Mend that line; the connections in the file are left out until then.",
            )
        )
        return {}
    tables = data.get("connections", {})
    if not isinstance(tables, dict):
        problems.append(
            SettingsError(
                f"`connections` in {SECRETS_FILE} is not a table.",
                advice="Write each connection as [connections.NAME] with its fields below.",
            )
        )
        return {}
    return tables


def _text(root: Path, name: str, problems: list[SettingsError]) -> str:
    path = root / name
    try:
        # A folder called .env is somebody's virtual environment.
        if path.is_dir():
            return ""
        # Editors on Windows put a byte order mark in front.
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ""
    except (UnicodeDecodeError, OSError) as error:
        why = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        problems.append(
            SettingsError(
                f"{name} cannot be read: {why}.",
                advice="Save it again as UTF-8 text that you may read; it is left out until then.",
            )
        )
        return ""
