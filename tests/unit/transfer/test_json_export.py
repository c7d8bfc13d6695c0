"""JSON out and in: nothing is lost, and what is written is what the documentation says."""

from __future__ import annotations

import importlib
import json
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import playground
from playground.conversation import Conversation, Run, Turn
from playground.events import Usage
from playground.messages import Role
from playground.parameters import Parameters
from playground.reply import Reply, Status
from playground.store import MemoryStore
from playground.transfer import ImportResult, Source, TransferError, read_conversations
from playground.transfer.json_export import json_document, json_parts
from tests.support.environment import ROOT
from tests.unit.transfer.samples import AT, FULL, RUN, conversations

SCHEMA = json.loads((ROOT / "docs" / "export-format.schema.json").read_text(encoding="utf-8"))
# It comes with Streamlit's charts, and has no types.
VALIDATOR: Any = importlib.import_module("jsonschema").Draft202012Validator(SCHEMA)


def renamed(data: bytes, old: Conversation, new: Conversation) -> bytes:
    """Return an export of `new` with the ids of `old`."""
    text = data.decode()
    pairs = [(new.id, old.id), *((n.id, o.id) for n, o in zip(new.turns, old.turns, strict=True))]
    for now, before in pairs:
        text = text.replace(f'"{now}"', f'"{before}"')
    return text.encode()


def without_error(turn: Turn) -> Turn:
    return replace(turn, reply=turn.reply and replace(turn.reply, error=None))


def error_of(turn: Turn) -> tuple[type[Exception], dict[str, Any]] | None:
    error = turn.reply.error if turn.reply is not None else None
    return None if error is None else (type(error), vars(error))


@given(st.lists(conversations(), max_size=3, unique_by=lambda c: c.id))
def test_what_is_exported_imported_and_exported_again_gives_the_same_bytes(
    given_ones: list[Conversation],
) -> None:
    first = json_document(*given_ones)
    result = read_conversations(first)
    assert json_document(*result.conversations) == first
    assert result.source is Source.PLAYGROUND
    assert result.left_out == ()


@given(conversations())
def test_every_export_is_valid_by_the_documented_schema(conversation: Conversation) -> None:
    VALIDATOR.validate(json.loads(json_document(conversation)))


def test_an_import_gives_the_values_that_were_exported() -> None:
    (got,) = read_conversations(json_document(FULL)).conversations
    # Errors are compared by what they say: each is an object of its own.
    assert [without_error(t) for t in got.turns] == [without_error(t) for t in FULL.turns]
    assert [error_of(t) for t in got.turns] == [error_of(t) for t in FULL.turns]
    assert replace(got, turns=()) == replace(FULL, turns=())


def test_free_ids_are_kept_and_taken_ones_renewed_on_their_way_into_a_store() -> None:
    store, data = MemoryStore(), json_document(FULL)
    (read,) = read_conversations(data).conversations
    assert store.add("me", read) == (FULL.id,)

    (again,) = read_conversations(data).conversations
    (copied,) = store.add("me", again)
    assert copied != FULL.id
    copy = store.get("me", copied)
    assert copy is not None
    assert not {t.id for t in copy.turns} & {t.id for t in FULL.turns}
    assert renamed(json_document(copy), FULL, copy) == data


def test_the_same_id_twice_in_one_file_is_renewed_and_reported() -> None:
    result = read_conversations(json_document(FULL, FULL))
    first, second = result.conversations
    assert first.id == FULL.id
    assert second.id != FULL.id
    assert result.left_out == ("1 conversation stands twice in the file; the second got a new id.",)
    assert renamed(json_document(second), FULL, second) == json_document(FULL)


def test_a_running_reply_is_exported_as_interrupted_with_what_has_come() -> None:
    running = Reply(Status.RUNNING, text="So far", started_at=AT)
    made = Conversation(turns=(Turn("a", None, Role.ASSISTANT, created_at=AT, reply=running),))
    data = json_document(made)
    (got,) = read_conversations(data).conversations
    reply = got.turns[0].reply
    assert reply is not None
    assert (reply.status, reply.text) == (Status.INTERRUPTED, "So far")
    assert reply.error is not None
    assert json_document(got) == data


def test_what_no_file_and_no_database_can_hold_is_replaced_once() -> None:
    made = replace(FULL, title="a\0b\ud800c\ud83d\ude00")
    data = json_document(made)
    (got,) = read_conversations(data).conversations
    assert got.title == "a\ufffdb\ufffdc\U0001f600"
    assert json_document(got) == data


def test_a_server_that_claims_more_tokens_than_a_database_takes_spoils_no_export() -> None:
    reply = Reply(Status.COMPLETED, text="x", usage=Usage(10**30, 1))
    made = Conversation(turns=(Turn("a", None, Role.ASSISTANT, created_at=AT, reply=reply),))
    (got,) = read_conversations(json_document(made)).conversations
    assert got.turns[0].reply is not None
    assert got.turns[0].reply.usage == Usage(2**63 - 1, 1)


def test_the_head_of_a_document_says_what_it_is() -> None:
    document = json.loads(json_document())
    assert document == {
        "format": "phi3-playground",
        "version": 1,
        "app": playground.__version__,
        "conversations": [],
    }
    assert read_conversations(json_document()) == ImportResult(Source.PLAYGROUND, ())


def test_each_run_is_written_once() -> None:
    (written,) = json.loads(json_document(FULL))["conversations"]
    assert [run["model"] for run in written["runs"]] == [RUN.model, "Phi-3-medium-128k-instruct"]
    assert [turn.get("run") for turn in written["turns"]] == [None, 0, 0, None, 1, None, 0]


def test_many_conversations_are_parted_and_no_part_is_larger_than_asked() -> None:
    many = [replace(FULL, id=f"c{number}") for number in range(10)]
    size = len(json_document(FULL)) * 3
    parts = list(json_parts(many, size))
    assert len(parts) > 3
    assert all(len(part) <= size for part in parts)
    read = [c for part in parts for c in read_conversations(part).conversations]
    assert [c.id for c in read] == [c.id for c in many]
    assert list(json_parts([])) == [json_document()]


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_no_figure_that_is_no_number_is_ever_written(bad: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        json_document(replace(FULL, created_at=bad))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.data())
def test_what_is_not_valid_by_the_schema_is_not_imported(data: st.DataObject) -> None:
    """Puts anything in one place of a good document, takes a field out, or adds one."""
    document = json.loads(json_document(FULL))
    here = document
    while True:
        keys: list[Any] = list(here) if isinstance(here, dict) else list(range(len(here)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(here[key], dict | list) and here[key] and data.draw(st.booleans()):
            here = here[key]
            continue
        break
    change = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if change == "remove":
        del here[key]
    elif change == "add" and isinstance(here, dict):
        here[data.draw(st.text(max_size=5))] = data.draw(JSON)
    else:
        here[key] = data.draw(JSON)
    try:
        written = json.dumps(document, allow_nan=False).encode()
    except ValueError:
        written = json.dumps(document).encode()  # with NaN, which is no JSON
    try:
        read_conversations(written)
    except TransferError:
        return
    assert VALIDATOR.is_valid(json.loads(written))


@pytest.mark.parametrize(
    ("name", "kind", "elsewhere"),
    [
        ("conversation", Conversation, {"runs"}),
        ("turn", Turn, set()),
        ("run", Run, set()),
        ("parameters", Parameters, set()),
        ("reply", Reply, set()),
    ],
)
def test_the_format_has_every_field_there_is(name: str, kind: type, elsewhere: set[str]) -> None:
    """A field that is new in the code must come into the format, by a new version."""
    documented = SCHEMA["$defs"][name]["properties"].keys()
    # How many are ahead in a line is true of a moment only, and not kept.
    assert documented - elsewhere == {field.name for field in fields(kind)} - {"ahead"}
