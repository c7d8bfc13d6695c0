"""The guides: read from the file as it is, and each complete for every shell."""

from __future__ import annotations

import re
import tomllib
from typing import cast

import pytest

from playground.catalog import load_catalog
from playground.connection_tables import connection_from_table
from playground.guides import (
    GUIDES_FILE,
    Commands,
    Guide,
    GuideError,
    Listing,
    Prose,
    Shell,
    load_guides,
    parse_guides,
)
from playground.kinds import facts

SLUGS = (
    "ollama",
    "lm-studio",
    "llamacpp",
    "vllm",
    "foundry-local",
    "azure-ml",
    "azure-ai-foundry",
    "kubernetes",
    "any-other-server",
)
EVERY = pytest.mark.parametrize("guide", load_guides().all, ids=SLUGS)


def test_each_way_has_a_guide() -> None:
    assert tuple(guide.slug for guide in load_guides()) == SLUGS
    assert load_guides().get("vllm") is load_guides().all[3]
    assert load_guides().get("nowhere") is None


@EVERY
def test_a_guide_has_commands_for_all_shells_and_ends_with_the_test(guide: Guide) -> None:
    commands = [part for part in guide.parts if isinstance(part, Commands)]
    assert commands
    assert all(list(part.texts) == list(Shell) for part in commands)
    assert all(text for part in commands for text in part.texts.values())
    testing = next(step for step in guide.steps if step.title.endswith("Test"))
    assert [s for s in guide.steps if "Delete" not in s.title][-1] is testing
    assert "Test connection" in cast("Prose", testing.parts[0]).text


@EVERY
def test_the_steps_are_numbered_in_order(guide: Guide) -> None:
    numbers = [step.title.partition(". ")[0] for step in guide.steps]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


@EVERY
def test_shells_set_variables_each_in_its_own_way(guide: Guide) -> None:
    """A line of one shell in the block of another is the usual slip."""
    for part in guide.parts:
        if isinstance(part, Commands):
            bash, powershell, cmd = part.texts.values()
            assert "$env:" not in bash + cmd
            assert "export " not in powershell + cmd
            assert not re.search(r"^set ", bash + "\n" + powershell, re.MULTILINE)


def test_nothing_of_the_file_is_lost() -> None:
    """Every line stands in exactly one part, in the order of the file."""
    text = GUIDES_FILE.read_text(encoding="utf-8")
    guides = load_guides()
    drawn = ["# Connecting the models", guides.intro]
    for guide in guides:
        drawn += [f"## {guide.title}", *map(written, guide.intro)]
        for step in guide.steps:
            drawn += [f"### {step.title}", *map(written, step.parts)]
    assert "\n\n".join(drawn) + "\n" == text


def written(part: Prose | Commands | Listing) -> str:
    """Return the Markdown of a part."""
    if isinstance(part, Prose):
        return part.text
    if isinstance(part, Listing):
        return f"```{part.language}\n{part.text}\n```"
    blocks = (f"**{s}**\n\n```{s.language}\n{text}\n```" for s, text in part.texts.items())
    return "\n\n".join(blocks)


def test_the_guides_name_only_models_that_there_are() -> None:
    text = GUIDES_FILE.read_text(encoding="utf-8")
    named = set(re.findall(r"Phi-3-(?:mini|small|medium)-\d+k-instruct", text))
    assert named <= set(load_catalog().names())
    assert len(named) >= 5


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("**bash**\n\n```bash\nls\n```\n", "bash stand without the other shells"),
        ("**bash**\n\n```bash\nls\n```\n\nSo.\n", "bash stand without the other shells"),
        ("**bash**\n\n```bat\nls\n```\n", "the block below bash is marked 'bat'"),
        ("**cmd**\n\n```bat\na\n```\n\n**cmd**\n\n```bat\nb\n```\n", "cmd stands twice"),
    ],
)
def test_a_guide_without_one_of_the_shells_is_refused(body: str, told: str) -> None:
    with pytest.raises(GuideError, match=f"X: {told}"):
        parse_guides(f"# T\n\n## X\n\n### 1. Do\n\n{body}")


def test_a_heading_inside_a_block_is_no_heading() -> None:
    guides = parse_guides("# T\n\nHello.\n\n## X\n\n### 1. Do\n\n```shell\n## a comment\n```\n")
    assert guides.intro == "Hello."
    assert [guide.title for guide in guides] == ["X"]
    assert guides.all[0].steps[0].parts == (Listing("shell", "## a comment"),)


@EVERY
def test_what_goes_into_secrets_toml_is_taken_as_it_stands(guide: Guide) -> None:
    listings = [p for p in guide.parts if isinstance(p, Listing) and p.language == "toml"]
    for listing in listings:
        ((name, table),) = tomllib.loads(listing.text)["connections"].items()
        made = connection_from_table(name, table)
        assert facts(made.kind).guide == guide.slug
    assert listings or guide.slug in ("azure-ml", "kubernetes"), "these two use the environment"
