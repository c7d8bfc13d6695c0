"""Records as people read them."""

from __future__ import annotations

import json

from hypothesis import given

from playground.growth import Growth
from playground.records import readable, reply_record
from playground.reply import Reply
from tests.unit.transfer.samples import REPLIES


def test_how_a_text_came_takes_a_line_for_the_times_and_one_for_the_counts() -> None:
    growth = Growth((0.25, 1.5e-05, 2.0), (1, 20, 300))
    lines = [line.strip() for line in readable(reply_record(Reply(growth=growth))).splitlines()]
    assert '"seconds": [0.25, 1.5e-05, 2.0],' in lines
    assert '"characters": [1, 20, 300]' in lines


@given(REPLIES)
def test_what_is_made_readable_says_the_same(reply: Reply) -> None:
    record = reply_record(reply)
    assert json.loads(readable(record)) == record
