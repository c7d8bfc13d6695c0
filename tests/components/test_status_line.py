"""What a running reply is doing is told in words."""

from __future__ import annotations

import pytest

from components.live_reply import status_line
from playground.reply import Phase, Reply


@pytest.mark.parametrize(("ahead", "words"), [(2, "Queued, 2 ahead"), (0, "Queued, next")])
def test_who_waits_in_line_is_told_how_many_are_ahead(ahead: int, words: str) -> None:
    assert words in status_line(Reply(phase=Phase.QUEUED, ahead=ahead, elapsed=60.0))
