"""The gauge over the box: it counts what would be sent, with what is set."""

from __future__ import annotations

import re

from tests.support.tab import Tab, take_over


def counted(tab: Tab) -> int:
    """Return the tokens that the gauge says the prompt takes."""
    (gauge,) = tab.at.get("progress")
    found = re.search(r"about ([\d,]+) tokens", gauge.proto.text)
    assert found is not None, gauge.proto.text
    return int(found[1].replace(",", ""))


def test_an_edited_prompt_is_counted_with_what_stands_before_it_and_nothing_after(
    tab: Tab,
) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("One.")
    demo.answer("word " * 500)
    first = counted(tab.send("First"))
    whole = counted(tab.send("Second"))
    assert whole > first + 400
    tab.session.editing = tab.session.conversation.path()[2].id
    assert first < counted(tab.run()) < first + 50
    tab.click("cancel_edit")
    assert counted(tab) == whole
