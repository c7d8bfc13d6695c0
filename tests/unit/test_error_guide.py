"""The table of errors is checked as it is read, and can be asked of errors that were stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.connections import Connection, Kind
from playground.error_guide import Case, GuideError, guide_section, lesson, load_guide
from playground.errors import ModelNotServed, ProtocolError, RateLimited
from playground.settings import demo_connection

OLLAMA = Connection("o", "O", "http://127.0.0.1:11434/v1", kind=Kind.OLLAMA)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ('name = "a"', "row 1 (a) says nothing"),
        ('advice = "Wait."', "row 1 (without a name) says nothing"),
        ('name = "a"\nadvise = "Wait."\nadvice = "W"', "row 1 (a): unknown: advise"),
        ('name = "a"\nadvice = "Ask {who}."', "row 1 (a): its message finds no who"),
        ('name = "a"\nadvice = "W"\nkinds = ["olama"]', "is unknown"),
        ('name = "a"\nadvice = "W"\nerror = ["Refusal"]', "is unknown"),
        ('name = "a"\nbecomes = "Path"', "is unknown"),
    ],
)
def test_a_row_that_contradicts_itself_is_told(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "guide.toml"
    path.write_text(f"[[row]]\n{row}\n", encoding="utf-8")
    with pytest.raises(GuideError) as caught:
        load_guide(path)
    assert told in str(caught.value)


def test_the_first_row_that_fits_counts_and_none_says_nothing() -> None:
    case = Case(Kind.OLLAMA, "ModelNotServed", 404, "", 'model "x" not found, try pulling it first')
    assert lesson(case).happened == "Ollama has not pulled x."
    nothing = lesson(Case(Kind.VLLM, "RateLimited", 429, "", "slow down"))
    assert (nothing.becomes, nothing.happened, nothing.advice) == (None, "", "")


def test_what_a_server_writes_in_braces_stays_text() -> None:
    message = 'model "{model} {0} {x!r}" not found, try pulling it first'
    assert lesson(Case(None, "ModelNotServed", 404, "", message)).happened == (
        "Ollama has not pulled {model} {0} {x!r}."
    )


def test_the_section_is_that_of_the_row_or_else_of_the_kind() -> None:
    pulled = ModelNotServed(detail="model 'x' not found, try pulling it first", status=404)
    assert guide_section(pulled, None) == "ollama", "the connection may be gone"
    assert guide_section(RateLimited(status=429), OLLAMA) == "ollama"
    assert guide_section(ProtocolError(), None) == ""
    assert guide_section(RateLimited(status=429), demo_connection("http://127.0.0.1:1/v1")) == ""
