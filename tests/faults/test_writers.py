"""Fifty write at once, in five processes: all of it is there, in order, and nobody was refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.store.sql import open_store
from tests.faults import children as child
from tests.faults.children import OWNER, Children

PROCESSES = 5
WRITERS = 50
#: Writers who all write to one conversation.
SHARED = 5


@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_and_the_order_is_kept(
    kind: str,
    tmp_path: Path,
    children: Children,
    request: pytest.FixtureRequest,
    *,
    thorough: bool,
) -> None:
    messages = 200 if thorough else 30
    url = request.getfixturevalue("postgres_store_url") if kind == "postgresql" else ""
    open_store(url, tmp_path).close()
    conversation = {f"w{i}": "shared" if i < SHARED else f"own-{i}" for i in range(WRITERS)}
    started = []
    for place in range(PROCESSES):
        own = {w: c for w, c in conversation.items() if int(w[1:]) % PROCESSES == place}
        started.append(children.start(child.write_many, url, tmp_path, own, messages))
    failed = [failure for _, pipe in started for failure in pipe.recv()]
    for process, _ in started:
        process.join()
    assert failed == []

    store = open_store(url, tmp_path)
    said: dict[str, list[int]] = {}
    for name in set(conversation.values()):
        found = store.get(OWNER, name)
        assert found is not None
        for turn in found.turns:
            writer, number = turn.id.split(":")
            assert conversation[writer] == name
            assert turn.text == f"{writer} says {number}"
            said.setdefault(writer, []).append(int(number))
    store.close()
    assert said == {writer: list(range(messages)) for writer in conversation}
