"""Files made to do harm, and any bytes at all: a sentence, in time, and nothing else."""

from __future__ import annotations

import io
import json
import time
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from playground.conversation import Conversation, Turn
from playground.messages import Role
from playground.reply import Reply, Status
from playground.transfer import Format, ImportResult, TransferError, export, read_conversations
from playground.transfer import reading as reading_module
from playground.transfer.archive import written_archive
from playground.transfer.json_export import json_document
from playground.transfer.limits import MAX_ENTRIES, MAX_FILE
from tests.unit.transfer.samples import AT, FULL, RUN, TEXTS

#: Seconds of processor time that a refusal may take on a slow machine.
PATIENCE = 120.0

GOOD = json_document(FULL)


def refusal(data: bytes) -> TransferError:
    """Return the error with which `data` is refused, which must come in time."""
    started = time.process_time()
    with pytest.raises(TransferError) as caught:
        read_conversations(data)
    assert time.process_time() - started < PATIENCE
    assert caught.value.happened
    assert caught.value.advice.startswith("Nothing was changed.")
    return caught.value


def read(data: bytes) -> ImportResult | None:
    """Return what `data` holds, or None if it is refused; another exception fails the test."""
    try:
        return read_conversations(data)
    except TransferError:
        return None


def packed(name: str, data: bytes) -> bytes:
    return written_archive([(name, data)])


@given(st.binary(max_size=300))
@example(b"")
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + b"\0" * 18)
@example(b'"\\')
@example(b'{"a": "\xff"}')
def test_any_bytes_give_a_result_or_a_sentence(data: bytes) -> None:
    read(data)


@given(st.data())
def test_any_change_of_bytes_in_a_good_file_gives_a_result_or_a_sentence(
    data: st.DataObject,
) -> None:
    whole = data.draw(st.sampled_from([GOOD, packed("conversations.json", GOOD)]))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    read(whole[:start] + data.draw(st.binary(max_size=10)) + whole[end:])


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner),
    max_leaves=4,
)
IDS = st.sampled_from("abcd") | ANY


def either(*strategies: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(ANY, *strategies)


CHATGPT_MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "author": either(
            st.fixed_dictionaries(
                {"role": either(st.sampled_from(["user", "assistant", "tool", "system"]))}
            )
        ),
        "create_time": either(st.floats()),
        "status": either(),
        "recipient": either(st.just("all")),
        "content": either(
            st.fixed_dictionaries(
                {
                    "content_type": either(
                        st.sampled_from(["text", "code", "multimodal_text", "thoughts"])
                    ),
                    "parts": either(st.lists(ANY, max_size=3)),
                    "text": either(),
                    "language": either(),
                }
            )
        ),
        "metadata": either(
            st.fixed_dictionaries(
                {"finish_details": either(), "attachments": either(st.lists(ANY, max_size=2))}
            )
        ),
    },
)
CHATGPT = st.fixed_dictionaries(
    {
        "mapping": st.dictionaries(
            st.sampled_from("abcd"),
            either(
                st.fixed_dictionaries(
                    {
                        "parent": IDS,
                        "children": either(st.lists(IDS, max_size=3)),
                        "message": either(CHATGPT_MESSAGES),
                    }
                )
            ),
            max_size=4,
        )
    },
    optional={"title": ANY, "create_time": ANY, "update_time": ANY, "current_node": IDS},
)
OPENWEBUI_MESSAGES = st.fixed_dictionaries(
    {"role": either(st.sampled_from(["user", "assistant"])), "content": either(TEXTS)},
    optional={
        "parentId": IDS,
        "childrenIds": either(st.lists(IDS, max_size=3)),
        "timestamp": ANY,
        "error": ANY,
        "usage": either(st.dictionaries(st.sampled_from(["prompt_tokens", "eval_count"]), ANY)),
        "files": ANY,
        "done": ANY,
        "model": ANY,
    },
)
OPENWEBUI = st.fixed_dictionaries(
    {
        "chat": st.fixed_dictionaries(
            {
                "history": st.fixed_dictionaries(
                    {
                        "messages": st.dictionaries(
                            st.sampled_from("abcd"), either(OPENWEBUI_MESSAGES), max_size=4
                        ),
                        "currentId": IDS,
                    }
                )
            },
            optional={"title": ANY, "files": ANY, "system": ANY, "timestamp": ANY},
        )
    },
    optional={"title": ANY, "created_at": ANY, "updated_at": ANY, "pinned": ANY},
)


@settings(max_examples=60)
@given(st.lists(either(CHATGPT), max_size=3) | st.lists(either(OPENWEBUI), max_size=3) | CHATGPT)
def test_wrong_types_anywhere_in_other_programs_files_give_a_result_or_a_sentence(
    document: Any,
) -> None:
    result = read(json.dumps(document).encode())
    if result is not None:
        # What came of it is whole: it can be exported, imported again and drawn.
        assert read(json_document(*result.conversations)) is not None
        for form in Format:
            assert export(result.conversations, form, at=AT).data


@pytest.mark.parametrize(
    ("data", "said"),
    [
        pytest.param(b"[" * 10_000_000, "nests", id="10-MB-of-lists"),
        pytest.param(b'{"a":' * 2_000_000, "nests", id="10-MB-of-objects"),
        pytest.param(b'["\\"[",' * 1_000_000 + b"[" * 200, "nests", id="brackets-in-strings"),
        pytest.param(b'"' * 10_000_000, "values", id="quotes"),
        pytest.param(b'"' + b'\\"' * 9_000_000, "cut off", id="a-string-without-an-end"),
        pytest.param(b"[" + b"[]," * 4_000_000 + b"[]]", "values", id="millions-of-lists"),
        pytest.param(b"\0" * 1_000_000, "not JSON", id="zeros"),
        pytest.param(b"\xff\xfe[\0]\0", "not text in UTF-8", id="utf-16"),
        pytest.param(b"[" + b"9" * 1_000_000 + b"]", "not JSON", id="a-number-of-a-million-digits"),
        pytest.param(b'[{"mapping": {}, "create_time": NaN}]', "not JSON", id="NaN"),
        pytest.param(b'{"format": "phi3-playground", "version": Infinity}', "not JSON", id="inf"),
        pytest.param(GOOD[:-20], "cut off", id="truncated"),
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"[]", "nothing that can be imported", id="an-empty-list"),
        pytest.param(b'{"messages": []}', "nothing that can be imported", id="something-else"),
        pytest.param(b" " * (MAX_FILE + 1), "larger than 20 MB", id="too-large"),
    ],
)
def test_a_hostile_file_is_refused_in_time_with_its_reason(data: bytes, said: str) -> None:
    assert said in refusal(data).happened


def test_depth_is_refused_before_anything_recurses_into_it() -> None:
    """The deepest nesting that is let through is read, in the deepest call that is likely."""
    deepest = b"[" * 100 + b"]" * 100

    def deep(levels: int) -> None:
        if levels:
            deep(levels - 1)
        else:
            assert "nothing that can be imported" in refusal(deepest).happened

    deep(400)
    assert "nests" in refusal(b"[" + deepest + b"]").happened


class TestArchives:
    def test_a_bomb_is_refused_by_its_ratio_and_never_unpacked_whole(self) -> None:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("conversations.json", b" " * 40_000_000)
        assert "far more than any text" in refusal(held.getvalue()).happened

    def test_an_entry_over_the_limit_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("playground.transfer.archive.MAX_DOCUMENT", len(GOOD))
        assert read(packed("a.json", GOOD)) is not None
        assert "is larger than" in refusal(packed("a.json", GOOD + b" ")).happened

    def test_what_is_exported_is_never_taken_for_a_bomb(self) -> None:
        text = "again " * 2_500_000
        data = json_document(replace(FULL, title=text))
        assert read(packed("a.json", data)) is not None

    def test_all_entries_together_are_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("playground.transfer.archive.MAX_UNPACKED", 2 * len(GOOD))
        two = [(f"{number}.json", GOOD) for number in range(2)]
        assert read(written_archive(two)) is not None
        assert "unpacked" in refusal(written_archive([*two, ("3.json", GOOD)])).happened

    def test_too_many_entries_are_refused_before_the_directory_is_read(self) -> None:
        many = ((f"{number}", b"") for number in range(MAX_ENTRIES + 1))
        assert "more than 20,000 files" in refusal(written_archive(many)).happened

    def test_an_encrypted_archive_says_what_to_do(self) -> None:
        data = bytearray(packed("conversations.json", GOOD))
        data[data.index(b"PK\x01\x02") + 8] |= 1
        assert "Unpack it" in refusal(bytes(data)).advice

    def test_an_unknown_packing_is_refused(self) -> None:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_LZMA) as archive:
            archive.writestr("conversations.json", GOOD)
        assert "not known here" in refusal(held.getvalue()).happened

    def test_a_damaged_entry_is_refused(self) -> None:
        data = bytearray(packed("conversations.json", GOOD))
        data[len(data) // 2] ^= 0xFF
        assert "damaged" in refusal(bytes(data)).happened

    def test_names_that_lead_out_of_a_folder_lead_nowhere(self) -> None:
        """Nothing is ever unpacked to a disk, so a name is just a name."""
        result = read_conversations(packed("../../etc/cron.d/x.json", GOOD))
        assert result.messages == len(FULL.turns)

    def test_what_a_mac_adds_and_other_files_are_left_alone(self) -> None:
        files = [
            ("__MACOSX/._conversations.json", b"\0\5\x16\7"),
            ("export/conversations.json", GOOD),
            ("chat.html", b"<html>"),
            ("user.json", b'{"id": "u"}'),
        ]
        result = read_conversations(written_archive(files))
        assert result.messages == len(FULL.turns)
        assert result.left_out == ("3 other files in the archive were left out.",)

    def test_an_archive_with_nothing_to_import_is_refused(self) -> None:
        assert "nothing that can be imported" in refusal(packed("a.txt", b"a")).happened


def test_a_failure_changes_nothing_even_if_it_comes_last() -> None:
    """One bad document spoils the archive: no part of it is returned."""
    bad = GOOD.replace(b'"pinned": true', b'"pinned": 1')
    assert "pinned" in refusal(written_archive([("1.json", GOOD), ("2.json", bad)])).happened


def test_too_many_messages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_module, "MAX_MESSAGES", 2 * (len(FULL.turns) + 1))
    assert read(json_document(FULL, replace(FULL, id="b"))) is not None
    three = json_document(FULL, replace(FULL, id="b"), replace(FULL, id="c"))
    assert "more than 16 messages" in refusal(three).happened


def long_conversation(length: int) -> Conversation:
    turns: list[Turn] = []
    for number in range(length):
        parent = turns[-1].id if turns else None
        if number % 2:
            reply = Reply(Status.COMPLETED, text="Because.", started_at=AT, elapsed=1.0)
            turns.append(Turn(f"t{number}", parent, Role.ASSISTANT, "", AT, RUN, reply))
        else:
            turns.append(Turn(f"t{number}", parent, Role.USER, "Why?", AT))
    return Conversation(id="long", title="Long", turns=tuple(turns), leaf=turns[-1].id)


@pytest.mark.parametrize(
    ("form", "messages"), [(Format.JSON, 100_000), (Format.MARKDOWN, 10_000), (Format.HTML, 10_000)]
)
def test_long_conversations_come_and_go_in_time(form: Format, messages: int) -> None:
    long = long_conversation(messages)
    started = time.process_time()
    file = export([long], form, at=AT)
    if form is Format.JSON:
        assert read_conversations(file.data).messages == messages
    assert time.process_time() - started < PATIENCE * messages / 100_000
