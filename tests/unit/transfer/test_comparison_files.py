"""Each file of a comparison read back by an independent reader."""

from __future__ import annotations

import csv
import importlib
import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

import playground
from playground.store.memory import MemoryStore
from playground.transfer import TransferError, read_conversations
from playground.transfer.comparison_files import ComparisonFormat, export_comparison
from playground.transfer.comparison_store import add_comparison
from playground.transfer.comparison_view import ComparisonView
from playground.votes import tally
from tests.support.comparisons import AT, LOCAL, MEDIUM, full
from tests.support.conversations import plain
from tests.support.environment import ROOT

JSONSCHEMA: Any = importlib.import_module("jsonschema")
REFERENCING: Any = importlib.import_module("referencing")
DOCS = ROOT / "docs"
NAMES = ("export-format-comparison.schema.json", "export-format.schema.json")


def exported(form: ComparisonFormat, view: ComparisonView | None = None) -> bytes:
    """Return the file of a comparison."""
    return export_comparison(view or full(), form, at=AT).data


def validate(document: Any) -> None:
    """Check a document against the published schema."""
    schemas = {name: json.loads((DOCS / name).read_bytes()) for name in NAMES}
    registry = REFERENCING.Registry().with_resources(
        (name, REFERENCING.Resource.from_contents(schema)) for name, schema in schemas.items()
    )
    validator = JSONSCHEMA.Draft202012Validator(schemas[NAMES[0]], registry=registry)
    validator.check_schema(schemas[NAMES[0]])
    validator.validate(document)


class Page(HTMLParser):
    """What a parser of HTML finds in a document."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.words = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(data.decode())
        self.close()

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_json_keeps_to_its_schema_and_loses_nothing() -> None:
    view = full()
    data = exported(ComparisonFormat.JSON)
    document = json.loads(data)
    validate(document)
    assert document["app"] == playground.__version__
    assert document["comparison"]["panes"][1]["differs"] == list(view.differs[1])
    (read,) = read_conversations(data).comparisons
    assert read.comparison == view.comparison
    assert plain(read.conversations) == plain(tuple(view.conversations.values()))
    again = replace(view, conversations={c.id: c for c in read.conversations})
    assert exported(ComparisonFormat.JSON, again) == data


def test_an_imported_comparison_is_kept_as_it_was_and_a_second_time_as_a_copy() -> None:
    view, store = full(), MemoryStore()
    found = read_conversations(exported(ComparisonFormat.JSON))
    assert found.summary() == "1 comparison with 9 messages from this playground."
    (read,) = found.comparisons
    first = add_comparison(store, "owner", read)
    assert first == view.comparison.id
    kept_as = store.comparison("owner", first)
    assert kept_as is not None
    # A comparison is as new as the last that was said in it.
    assert replace(kept_as, updated_at=view.comparison.updated_at) == view.comparison
    for pane in view.panes:
        kept = store.get("owner", pane.id)
        assert kept is not None
        assert kept.leaf == view.conversations[pane.id].leaf
        assert plain(kept.turns) == plain(view.conversations[pane.id].turns)
    for owner in ("owner", "another"):
        second = store.comparison(owner, add_comparison(store, owner, read))
        assert second is not None
        assert second.id != first
        ids = [pane.id for pane in second.panes]
        assert not {*ids} & {p.id for p in view.panes}
        assert tally(second.votes, ids)[1].wins == 1, "the votes go with the panes"


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"version": True},
        {"unknown": 1},
        {"comparison": {"id": "x"}},
        {"conversations": [{"id": 7}]},
        {"exported_at": "now"},
    ],
    ids=str,
)
def test_what_is_not_as_documented_is_refused(change: dict[str, Any]) -> None:
    document = json.loads(exported(ComparisonFormat.JSON)) | change
    with pytest.raises(JSONSCHEMA.ValidationError):
        validate(document)
    with pytest.raises(TransferError, match="file"):
        read_conversations(json.dumps(document).encode())


def test_contradictions_within_a_comparison_are_refused() -> None:
    for path, value in (
        (("panes", 1, "id"), "pane_a"),
        (("votes", 0, "ranks"), [2, 2]),
        (("panes", 0, "id"), "stranger"),
    ):
        document = json.loads(exported(ComparisonFormat.JSON))
        place = document["comparison"]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        with pytest.raises(TransferError, match="In this file"):
            read_conversations(json.dumps(document).encode())


def test_csv_has_a_row_for_each_answer_and_no_formula() -> None:
    text = exported(ComparisonFormat.CSV).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [(r["round"], r["pane"], r["version"], r["shown"]) for r in rows] == [
        ("1", "1", "1", "no"),
        ("1", "1", "2", "yes"),
        ("1", "2", "1", "yes"),
        ("2", "1", "1", "yes"),
        ("2", "2", "1", "yes"),
    ]
    first, again, other, failed, _ = rows
    assert first["answer"] == "'=1+1 because of *scattering*."
    assert again["answer"].startswith("'@Because")
    assert failed["prompt"] == "'+And at night?"
    assert first["system_message"].startswith("'=") or first["system_message"][:1].isalpha()
    for row in rows:
        for cell in row.values():
            number = cell.replace(".", "", 1).lstrip("-").isdigit()
            assert number or not cell.lstrip().startswith(tuple("=+-@\uff1d")), cell
    assert (other["tokens_in"], other["tokens_out"], other["tokens_estimated"]) == (
        "12",
        "80",
        "no",
    )
    assert (other["first_token_s"], other["total_s"], other["currency"]) == ("0.8", "4.8", "EUR")
    assert (failed["status"], failed["answer"], failed["first_token_s"]) == ("failed", "", "")
    assert failed["error"]
    assert (other["votes_won"], other["app_version"]) == ("1", playground.__version__)


def test_html_is_one_file_that_loads_and_runs_nothing() -> None:
    page = Page(exported(ComparisonFormat.HTML))
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "link", "iframe", "img", "object", "embed", "base"}
    assert not [a for _, attrs in page.tags for a in attrs if a.startswith("on") or a == "src"]
    assert "<script>alert(1)</script>" in page.words
    assert "Sky: <blue> & *why*" in page.words
    for words in (
        "Light | scatters.",
        "+And at night?",
        "Failed: no answer came",
        "too few to tell",
    ):
        assert words in page.words
    assert [tag for tag, _ in page.tags].count("table") == 3
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_markdown_is_read_by_a_parser_as_it_was_meant() -> None:
    data = exported(ComparisonFormat.MARKDOWN)
    tokens = MarkdownIt("commonmark").enable("table").parse(data.decode())
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 3
    headings = [
        tokens[place + 1].content for place, kind in enumerate(kinds) if kind == "heading_open"
    ]
    assert headings[1:3] == ["Panes", "Prompt 1"]
    assert "Votes" in headings
    assert "Light | scatters." in data.decode()


@pytest.mark.parametrize("form", [ComparisonFormat.HTML, ComparisonFormat.MARKDOWN])
def test_people_read_all_settings_and_the_votes_of_each(form: ComparisonFormat) -> None:
    view = full()
    more = replace(view.comparison.votes[0], voter="<Bob>")
    votes = (*view.comparison.votes, more)
    data = exported(form, replace(view, comparison=replace(view.comparison, votes=votes)))
    read = Page(data).words if form is ComparisonFormat.HTML else data.decode().replace("\\", "")
    settings = f"{MEDIUM} · Temperature 0.25 · Max tokens 1000 · Top P 1 · Presence penalty 0"
    for words in (settings, "Votes of 2 people", "Votes of Ann", "Votes of <Bob>"):
        assert words in read
    assert read.count("too few to tell (n = 2)") == 2
    assert "Votes of one person" in exported(form).decode().replace("\\", "")


@pytest.mark.parametrize("form", ComparisonFormat)
def test_the_address_of_a_server_is_told_only_when_asked_for(form: ComparisonFormat) -> None:
    assert LOCAL.endpoint.encode() not in exported(form)
    told = replace(full(), endpoints={"pane_a": LOCAL.endpoint})
    data = exported(form, told)
    assert b"secret-host.example" in data.replace(b"\\", b"")
    if form is ComparisonFormat.JSON:
        validate(json.loads(data))
        assert read_conversations(data).comparisons[0].comparison == told.comparison
