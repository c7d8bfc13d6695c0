"""Sets of prompts from text, CSV and JSONL; what is refused."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.errors import SettingsError
from playground.prompt_sets import MAX_FILE, MAX_PROMPTS, as_text, pasted, read_prompts

PROMPTS = ("Why?", "Say “=1+1”, then\nstop.", "Où?")


def test_a_text_has_a_prompt_a_line_or_between_marks() -> None:
    assert pasted(" one \r\n\n two\rthree") == ("one", "two", "three")
    assert pasted("one\nmore\n---\ntwo\n --- \n") == ("one\nmore", "two")
    assert read_prompts("\ufeffone\ntwo".encode(), "a.txt") == ("one", "two")
    assert read_prompts("one\r\nOù?".encode("utf-16"), "a.txt") == ("one", "Où?")
    assert pasted("one\ntwo\n one") == ("one", "two"), "asked once"


@given(st.lists(st.text("ab \n-", min_size=1).filter(str.strip), min_size=1, max_size=5))
def test_what_is_shown_reads_as_the_same_set(texts: list[str]) -> None:
    prompts = tuple(t.strip() for t in texts)
    if not any(line.strip() == "---" for p in prompts for line in p.split("\n")):
        assert pasted(as_text(prompts)) == tuple(dict.fromkeys(prompts))


@pytest.mark.parametrize("head", [["id", "Prompt"], ["id", "question"], None])
def test_csv_gives_the_column_with_the_prompts(head: list[str] | None) -> None:
    held = io.StringIO(newline="")
    rows = [[p] for p in PROMPTS] if head is None else [[str(n), p] for n, p in enumerate(PROMPTS)]
    csv.writer(held).writerows([head, *rows] if head else rows)
    assert read_prompts(held.getvalue().encode(), "set.CSV") == PROMPTS


@pytest.mark.parametrize("mark", [";", "\t"])
def test_csv_of_a_spreadsheet_may_have_other_marks_between_columns(mark: str) -> None:
    held = io.StringIO(newline="")
    rows = [["topic", "Prompt"], *(["a, b", prompt] for prompt in PROMPTS)]
    csv.writer(held, delimiter=mark, quoting=csv.QUOTE_ALL).writerows(rows)
    assert read_prompts(held.getvalue().encode("utf-8-sig"), "set.csv") == PROMPTS
    assert read_prompts(b"Why; and how?\nWhen?", "set.csv") == ("Why; and how?", "When?")


def test_jsonl_gives_texts_and_fields() -> None:
    lines = [json.dumps(PROMPTS[0]), json.dumps({"id": 1, "prompt": PROMPTS[1]}), ""]
    lines.append(json.dumps({"text": PROMPTS[2]}))
    assert read_prompts("\n".join(lines).encode(), "set.jsonl") == PROMPTS
    assert read_prompts('"one\u2028line"\r\n'.encode(), "set.jsonl") == ("one\u2028line",)
    assert read_prompts(json.dumps(PROMPTS).encode(), "set.json") == PROMPTS


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (b"", "a.txt", "no prompt"),
        (b"\xe9t\xe9", "a.txt", "UTF-8"),
        (b"\xff\xfea", "a.txt", "UTF-8"),
        (b"\xff\xfe", "a.txt", "no prompt"),
        (b"a" * (MAX_FILE + 1), "a.txt", "larger"),
        ("\n".join(map(str, range(MAX_PROMPTS + 1))).encode(), "a.txt", "more than"),
        (b"a" * 30_000, "a.txt", "characters"),
        (b"a\x00b", "a.txt", "control"),
        (b'"a', "a.csv", "damaged"),
        (b'"ok"\n{"no": 1}', "a.jsonl", "Line 2"),
        (b"[" * 100_000, "a.jsonl", "not JSON"),
        (b"{", "a.jsonl", "Line 1"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(data: bytes, name: str, why: str) -> None:
    with pytest.raises(SettingsError, match=why) as caught:
        read_prompts(data, name)
    assert caught.value.advice.startswith("Nothing was changed")


def test_a_file_in_another_encoding_is_refused_with_a_way_out() -> None:
    with pytest.raises(SettingsError) as refused:
        read_prompts("prompt\nGr\u00fc\u00dfe".encode("cp1252"), "excel.csv")
    assert "Save it as UTF-8" in refused.value.advice
