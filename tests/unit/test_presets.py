"""Presets: the ones that come along are right, files come back the same, hostile ones are refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.catalog import load_catalog
from playground.errors import SettingsError
from playground.parameters import Parameters
from playground.presets import (
    MAX_FILE,
    MAX_NAME,
    Preset,
    builtin_presets,
    export_presets,
    free_name,
    import_presets,
    preset_from,
    preset_record,
)

MINI = "Phi-3-mini-4k-instruct"
FULL = Preset(
    "Mine",
    MINI,
    Parameters(0.5, 300, 0.9, -1.0, 1.5, ("END", "\n\n"), 7),
    "Say »hello«.\nTwice.",
    "For tests",
)


def document(*presets: Any, **head: Any) -> bytes:
    whole = {"format": "phi3-playground-presets", "version": 1, "presets": list(presets)}
    return json.dumps(whole | head).encode()


def changed(**changes: Any) -> dict[str, Any]:
    return preset_record(FULL) | changes


def test_the_presets_that_come_along_differ_and_can_be_sent_anywhere() -> None:
    presets = builtin_presets()
    assert 4 <= len(presets) <= 8
    for preset in presets:
        assert load_catalog().get(preset.model)
        # 1 is what the strictest server takes.
        assert preset.parameters.problems(temperature_max=1.0) == {}
        assert preset.purpose.endswith(".")
        assert "\n" not in preset.system_message
    assert len({(p.system_message, p.parameters) for p in presets}) == len(presets)


def test_a_mistake_in_the_presets_that_come_along_is_named(tmp_path: Path) -> None:
    file = tmp_path / "presets.toml"
    file.write_text('[[presets]]\nname = "A"\nmodel = "none"\nsystem_message = ""\n', "utf-8")
    with pytest.raises(SettingsError, match=r"presets\[0\].model is not the name of a model"):
        builtin_presets(file)


def test_a_preset_comes_back_from_plain_data() -> None:
    record = json.loads(json.dumps(preset_record(FULL)))
    assert preset_from(record) == FULL


names = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=20)
presets = st.builds(
    Preset,
    names,
    st.sampled_from(load_catalog().names()),
    st.builds(
        Parameters,
        temperature=st.floats(0, 2),
        max_tokens=st.integers(1, 4096),
        seed=st.none() | st.integers(0, 2**31 - 1),
        stop=st.lists(names, max_size=4).map(tuple),
    ),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200),
    names | st.just(""),
)


@given(st.lists(presets, max_size=5, unique_by=lambda preset: preset.name.casefold()))
def test_an_export_imports_as_what_it_was(some: list[Preset]) -> None:
    assert import_presets(export_presets(some)) == tuple(some)


def test_an_export_is_the_same_each_time_and_readable() -> None:
    exported = export_presets([FULL])
    assert exported == export_presets([FULL])
    assert "Say »hello«." in exported.decode()


def test_what_a_file_does_not_say_has_its_default() -> None:
    short = {"name": " Short ", "model": MINI.lower(), "system_message": ""}
    assert import_presets(document(short)) == (Preset("Short", MINI, Parameters(), ""),)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"[" * 100_000, "levels deep"),
        (b"[]", "no presets of this playground"),
        (b'{"format": "phi3-playground"}', "no presets of this playground"),
        (b"null", "no presets of this playground"),
        (b" " * (MAX_FILE + 1), "never larger than 4 MB"),
        (document(version=2), "another version"),
        (document(version=True), "another version"),
        (document(version=None), "another version"),
        (document(presets=None), "presets is not a list"),
        (document(presets={}), "presets is not a list"),
        (document(*[changed(name=f"P{n}") for n in range(201)]), "a list of at most 100"),
        (document(1), "presets[0] is not an object"),
        (document(changed(), changed()), "same name"),
        (document(changed(name="A"), changed(name="a")), "same name"),
    ],
)
def test_a_file_that_is_not_of_presets_is_refused_with_a_sentence(
    data: bytes, sentence: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        import_presets(data)
    assert sentence in refused.value.happened
    assert "Nothing was changed" in refused.value.advice


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, ".name is not a text of 1 to 60 characters"),
        ({"name": "x" * 61}, ".name is not a text of 1 to 60 characters"),
        ({"name": "a\nb"}, ".name is not one line of visible characters"),
        ({"name": "a\u202eb"}, ".name is not one line of visible characters"),
        ({"name": None}, ".name is not a text"),
        ({"purpose": "x" * 201}, ".purpose is not a text of 0 to 200 characters"),
        ({"model": "gpt-4"}, ".model is not the name of a model in the catalog"),
        ({"model": 3}, ".model is not the name of a model in the catalog"),
        ({"system_message": "é" * 10_001}, ".system_message is not a text of at most 20 kB"),
        ({"system_message": "a\x00"}, ".system_message is not text without control characters"),
        ({"system_message": "\ud800"}, ".system_message is not text without control characters"),
        ({"system_message": ["x"]}, ".system_message is not text without control characters"),
        ({"parameters": []}, ".parameters is not an object"),
        ({"parameters": {"temperature": 2.5}}, ".temperature is not a number from 0 to 2"),
        ({"parameters": {"temperature": float("nan")}}, "not JSON"),
        ({"parameters": {"temperature": True}}, ".temperature is not a number"),
        ({"parameters": {"max_tokens": 0}}, ".max_tokens is not a whole number from 1 to 4096"),
        ({"parameters": {"max_tokens": 1.5}}, ".max_tokens is not a whole number"),
        ({"parameters": {"max_tokens": None}}, ".max_tokens is not a whole number"),
        ({"parameters": {"seed": "1"}}, ".seed is not a whole number"),
        ({"parameters": {"stop": "END"}}, ".stop is not a list"),
        ({"parameters": {"stop": ["a"] * 5}}, ".stop is not a list of at most 4"),
        ({"parameters": {"stop": [""]}}, ".stop[0] is not a text of 1 to 200 characters"),
        ({"parameters": {"top_k": 1}}, ".top_k is not a field of this version"),
        ({"endpoint": "http://evil.example"}, ".endpoint is not a field of this version"),
    ],
)
def test_a_preset_with_a_mistake_is_refused_and_the_place_named(
    changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        import_presets(document(changed(name="First"), changed(**changes)))
    assert sentence in refused.value.happened


@pytest.mark.parametrize("read", [preset_from, lambda record: import_presets(document(record))])
def test_a_field_that_is_missing_is_named(read: Callable[[Any], Any]) -> None:
    record = preset_record(FULL)
    del record["model"]
    with pytest.raises(SettingsError, match=r"presets\[0\].model is not there"):
        read(record)


def test_a_free_name_is_near_the_wanted_one_and_never_too_long() -> None:
    assert free_name("Mine", ["Other"]) == "Mine"
    assert free_name("Mine", ["mine", "MINE (2)"]) == "Mine (3)"
    assert free_name("STRASSE  X", ["Straße x"]) == "STRASSE  X (2)", "the same to the store"
    long = "x" * MAX_NAME
    assert free_name(long, [long]) == "x" * (MAX_NAME - 4) + " (2)"
