"""What a screen reader is told: each start and each end of an answer once, and nothing of the past."""

from __future__ import annotations

import pytest

from playground.errors import ConnectionLost
from tests.support.tab import Tab, ended, take_over


def told(tab: Tab) -> tuple[str, str]:
    """Return what the page hands over to be spoken: an id, and words; empty for nothing."""
    known = tab.session.announcer.told
    on_page = [text.value for text in tab.at.text if text.value == known]
    assert len(on_page) == bool(known)
    one, _, words = known.partition(" ")
    return one, words


@pytest.mark.usefixtures("unwatched")
def test_an_answer_is_told_to_start_and_to_end_each_once_however_often_it_is_drawn(
    tab: Tab,
) -> None:
    tab.open()
    assert told(tab) == ("", "")
    tap = take_over("demo").answer().say("Half")
    tab.send("Tell me a story")
    start = told(tab)
    assert start[1] == "Answer started"
    assert told(tab.choose("parameter_temperature", 0.5)) == start, "drawn again, it is the same"
    tap.say(" and half").done()
    end = told(ended(tab))
    assert end[1] == "Answer ended: Complete"
    assert end[0] != start[0]
    assert told(tab.run()) == end


def test_an_answer_that_is_over_before_the_page_is_drawn_is_told_as_well(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("Yes.")
    first = told(tab.send("Well?"))
    assert first[1] == "Answer ended: Complete"
    demo.answer().put(ConnectionLost()).end()
    assert told(tab.click("regenerate"))[1] == "Answer ended: Failed"
    demo.answer("Yes.")
    last = told(tab.click("retry"))
    assert last[1] == first[1]
    assert last[0] != first[0], "the same words, told anew"


def test_nothing_is_told_of_a_conversation_that_is_only_opened(tab: Tab) -> None:
    tab.open().send("Hello")
    assert told(tab)[1]
    address = str(tab.address["c"])
    assert told(Tab().open(c=address)) == ("", "")
    assert told(tab.click("new_chat")) == ("", "")
    assert told(tab.open(c=address)) == ("", "")


def test_the_panes_of_a_comparison_are_told_as_one(tab: Tab) -> None:
    tab.open("compare")
    assert told(tab) == ("", "")
    demo = take_over("demo")
    demo.answer("Yes.")
    demo.answer().put(ConnectionLost()).end()
    tab.send("Well?")
    ending = told(tab)[1]
    assert set(ending.removeprefix("Answer ended: ").split(", ")) == {"Complete", "Failed"}
    assert told(tab.go("chat")) == ("", ""), "that was said elsewhere"


def test_of_a_blind_test_it_is_not_told_how_an_answer_ended(tab: Tab) -> None:
    tab.open("compare").send("Hello")
    assert told(tab)[1] == "Answer ended: Complete"
    tab.click("blind_begin").click("vote_tie").click("blind_next").send("And then?")
    assert told(tab)[1] == "Answer ended"
