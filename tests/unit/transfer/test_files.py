"""Names of downloads that every system takes, and what is in them."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.conversation import Conversation
from playground.transfer import Format, export, file_name, read_conversations
from playground.transfer import files as files_module
from tests.unit.transfer.samples import AT, FULL, TEXTS

RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")


@given(TEXTS | st.text("\u202e./\\:\n\t é漢😀‍", max_size=300), st.floats())
def test_a_name_is_safe_on_all_three_systems(title: str, at: float) -> None:
    name = file_name(title, at)
    assert not set(name) & set('<>:"/\\|?*')
    assert not {unicodedata.category(c) for c in name} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    assert len(name.encode()) < 200
    assert not RESERVED.fullmatch(name)
    assert name[0].isalnum()
    assert name[-1] not in " ."


@given(TEXTS)
def test_a_file_can_be_made_by_that_name(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:
    path = tmp_path_factory.getbasetemp() / f"{file_name(title, AT)}.json"
    path.write_bytes(b"{}")
    assert path.read_bytes() == b"{}"
    path.unlink()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Capital of France?", "2026-11-24 Capital of France"),
        ("../../etc/passwd", "2026-11-24 etc passwd"),
        ("CON", "2026-11-24 CON"),
        ("", "2026-11-24 Conversation"),
        ("a\u202egpj.exe", "2026-11-24 agpj.exe"),
        ("Größe 漢字", "2026-11-24 Größe 漢字"),
        ("x" * 100, "2026-11-24 " + "x" * 60),
    ],
)
def test_a_name_is_made_of_date_and_title(title: str, name: str) -> None:
    assert file_name(title, AT) == name


@pytest.mark.parametrize(
    ("form", "kind", "begin"),
    [
        (Format.JSON, "application/json", b'{"format": "phi3-playground"'),
        (Format.MARKDOWN, "text/markdown", b"# "),
        (Format.HTML, "text/html", b"<!DOCTYPE html>"),
    ],
)
def test_one_conversation_is_one_document(form: Format, kind: str, begin: bytes) -> None:
    file = export([FULL], form, at=AT)
    assert file.name == f"2026-11-24 Ahoy how to greet.{form.value}"
    assert file.media_type == kind
    assert file.data.startswith(begin)


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.HTML])
def test_several_are_an_archive_with_a_document_each(form: Format) -> None:
    titles = ["Same", "same", "Same (2)", "Other", "Same"]
    many = [replace(FULL, id=f"c{n}", title=title) for n, title in enumerate(titles)]
    file = export(iter(many), form, at=AT)
    assert file.name == "2026-11-24 Phi-3 playground conversations.zip"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert len({name.casefold() for name in names}) == 5
    assert all(Path(name).suffix == f".{form.value}" for name in names)
    assert export(many, form, at=AT) == file


def test_several_are_one_document_as_json() -> None:
    file = export([FULL, replace(FULL, id="b")], Format.JSON, at=AT)
    assert file.name == "2026-11-24 Phi-3 playground conversations.json"
    assert len(read_conversations(file.data).conversations) == 2
    assert read_conversations(export([], Format.JSON, at=AT).data).conversations == ()


def large(number: int) -> Conversation:
    text = "word " * 300_000
    turns = tuple(replace(t, text=text) for t in FULL.turns if t.reply is None)
    return replace(FULL, id=f"c{number}", turns=(turns[0],), leaf="q1")


def test_what_is_too_large_for_one_document_is_packed_so_that_it_can_be_imported() -> None:
    many = [large(number) for number in range(15)]
    file = export(many, Format.JSON, at=AT)
    assert (file.name[-4:], file.media_type) == (".zip", "application/zip")
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.namelist() == ["conversations-001.json", "conversations-002.json"]
        parts = [archive.read(name) for name in archive.namelist()]
    assert [c.id for c in read_conversations(file.data).conversations] == [c.id for c in many]
    assert sum(len(read_conversations(part).conversations) for part in parts) == 15


def test_one_conversation_too_large_to_import_is_packed_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files_module, "MAX_FILE", 1000)
    file = export([FULL], Format.JSON, at=AT)
    assert file.name == "2026-11-24 Phi-3 playground conversations.zip"
    assert read_conversations(file.data).messages == len(FULL.turns)
