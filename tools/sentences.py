"""The sentences of the core that people see, found in its code and its tables.

The core knows no languages and marks nothing. What counts as a sentence: a text that begins like one
and ends with a full stop, what stands in a field for people, and, in modules that join phrases to
sentences, each phrase. A value in an f-string becomes a {placeholder}.
"""

from __future__ import annotations

import ast
import itertools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
CORE = ROOT / "playground"

#: What speaks to no visitor: the demo's replies, exported files, the command line, the inside.
_SILENT = (
    "backup.py",
    "catalog.py",
    "chunks.py",
    "demo/",
    "error_guide.py",
    "guides.py",
    "markdown/",
    "store/migrations/",
    "store/restore.py",
    "tokenizer/",
    "rate_limits.py",
    "store/presence.py",
    "store/saver.py",
    "transfer/comparison_markdown.py",
    "transfer/facts.py",
    "transfer/html_export.py",
    "transfer/html_text.py",
    "transfer/markdown_export.py",
)
#: Modules that join phrases to sentences, so that every text with a space is one.
_PHRASES = ("checkup_steps.py", "differences.py", "setup_link.py")
#: Fields and arguments whose texts are for people, however short.
_FIELDS = {"title", "label", "summary", "hint", "hints", "quirks", "filtering"}
#: Tables of phrases.
_TABLES = {"_WORDS", "_ORDINALS", "_COUNTS"}
#: Tables of things with a label, which tells itself from a name by its capital or its spaces.
_LABELLED = {"NUMERIC_PARAMETERS", "QUICK_SETUPS"}
#: Phrases that are put together from single words.
_JOINED = (
    "1 hour",
    "30 July 2026",
    "1 hour {minutes} minutes",
    "1 minute",
    "1 minute {seconds} seconds",
    "1 second",
    "{hours} hours",
    "{hours} hours {minutes} minutes",
    "{minutes} minutes",
    "{minutes} minutes {seconds} seconds",
    "{seconds} seconds",
    "day",
    "minute",
    "request",
    "requests",
    *(
        f"{{limit}} {what}{per}"
        for what in ("requests", "tokens")
        for per in ("", " at once", " a day", " a minute")
    ),
    *(
        f"{count} {what}{per} left"
        for what in ("requests", "tokens")
        for per in ("", " at once", " a day", " a minute")
        for count in ("{remaining}", "{remaining} of {limit}")
    ),
    "about {tokens} tokens (± {margin})",
    "The address",
    "The key",
    "this playground",
    "{n} comparison",
    "{n} comparisons",
    "{n} conversation",
    "{n} conversation and {m} comparison",
    "{n} conversation and {m} comparisons",
    "{n} conversations",
    "{n} conversations and {m} comparison",
    "{n} conversations and {m} comparisons",
    "{n} message",
    "{n} messages",
    "Your endpoint",
    "Demo (scripted)",
    "{label} on this machine",
    "{label} ({n})",
)
#: The fields for people in the tables of the core.
_TOML = {
    "catalog.toml": {"purpose", "limits", "note", "released", "knowledge_cutoff"},
    "presets.toml": {"name", "purpose"},
    "error_guide.toml": {"happened", "advice"},
}
#: What models are told, which stays as it is, and what servers say.
_SENT = {
    "Count from one to twenty.",
    "I'm alive!",
    "Say hello.",
    "You are a helpful assistant.",
    "You are a terse expert. Answer in one or two sentences, without lists.",
}
_SENTENCE = re.compile(r"[A-Z0-9`{\"“].*\s.*[.!?…]", re.DOTALL)
_REGULAR = re.compile(r"\\[a-zA-Z.(]|\(\?")


def sentences() -> list[tuple[str, str]]:
    """Return each sentence of the core with the file it stands in, sorted and without repeats."""
    found: dict[str, str] = {}
    for path in sorted(CORE.rglob("*.py")):
        name = path.relative_to(CORE).as_posix()
        if not name.startswith(_SILENT):
            for text in _of_module(path, phrases=name in _PHRASES):
                found.setdefault(text, f"playground/{name}")
    for name, fields in _TOML.items():
        table = tomllib.loads((CORE / name).read_text(encoding="utf-8"))
        for text in _of_table(table, fields):
            found.setdefault(text, f"playground/{name}")
    for text in _JOINED:
        found.setdefault(text, "tools/sentences.py")
    for text in _SENT:
        found.pop(text, None)
    return sorted(found.items(), key=lambda item: (item[1], item[0]))


def _of_table(table: Any, fields: set[str]) -> Iterator[str]:
    if isinstance(table, dict):
        for key, value in table.items():
            if key in fields:
                yield from [value] if isinstance(value, str) else value
            else:
                yield from _of_table(value, fields)
    elif isinstance(table, list):
        for value in table:
            yield from _of_table(value, fields)


def _of_module(path: Path, *, phrases: bool) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped: set[int] = set()
    wanted: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            skipped.update(map(id, ast.walk(node.body[0])) if _is_docstring(node.body[0]) else ())
        elif isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in ast.walk(node) if part is not node)
        wanted.update(map(id, _for_people(node)))
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, ast.Constant | ast.JoinedStr):
            continue
        for text in map(str.strip, _templates(node)):
            said = id(node) in wanted or _SENTENCE.fullmatch(text) or (phrases and " " in text)
            if said and _is_language(text):
                yield text


def _is_language(text: str) -> bool:
    words = re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", text))
    return words is not None and _REGULAR.search(text) is None


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _for_people(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the strings in a field or a table for people."""
    value: ast.AST | None = None
    if isinstance(node, ast.keyword) and node.arg in _FIELDS:
        value = node.value
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if names & (_FIELDS | _TABLES):
            value = node.value
        elif names & _LABELLED and node.value is not None:
            yield from filter(_is_label, ast.walk(node.value))
    if isinstance(value, ast.Dict):
        for entry in value.values:
            yield from ast.walk(entry)
    elif isinstance(value, ast.Constant | ast.JoinedStr | ast.Tuple | ast.List):
        yield from ast.walk(value)


def _is_label(node: ast.AST) -> bool:
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and (text[:1].isupper() or " " in text)


def _templates(node: ast.Constant | ast.JoinedStr) -> list[str]:
    """Return what the string can be; several where a part of it depends on a condition."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    used: set[str] = set()
    parts: list[list[str]] = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append([str(part.value)])
        elif isinstance(part, ast.FormattedValue):
            parts.append(_either(part.value) or [f"{{{_name(part.value, used)}}}"])
    return ["".join(choice) for choice in itertools.product(*parts)]


def _either(value: ast.expr) -> list[str]:
    """Return both texts of an expression such as `'s' * many` or `'' if one else 's'`."""
    if isinstance(value, ast.IfExp):
        ends = [value.body, value.orelse]
    elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mult):
        ends = [value.left, ast.Constant("")]
    else:
        return []
    texts = [end.value for end in ends if isinstance(end, ast.Constant)]
    return [text for text in texts if isinstance(text, str)] if len(texts) == len(ends) else []


def _name(value: ast.expr, used: set[str]) -> str:
    """Return a name for the placeholder of `value` that is not used yet."""
    name = next((n for n in map(_own_name, ast.walk(value)) if n), "value").strip("_").lower()
    numbered = (f"{name}{number}" for number in itertools.count(2))
    free = name if name not in used else next(n for n in numbered if n not in used)
    used.add(free)
    return free


def _own_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
