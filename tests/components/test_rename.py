"""The title above a conversation: drawn from the first prompt, and changed where one reads it."""

from __future__ import annotations

from components.resources import Resources
from tests.support.tab import Tab, take_over


def test_the_title_stands_above_and_can_be_changed_there(tab: Tab, parts: Resources) -> None:
    tab.open()
    assert not tab.has("title"), "where nothing was said there is nothing to name"
    demo = take_over("demo")
    demo.answer("Paris.")
    demo.answer("Madrid.")
    tab.send("What is the capital of France?")
    assert tab.at.button("title").label == "What is the capital of France\\?"
    tab.click("title")
    assert tab.at.text_input("new_title").value == "What is the capital of France?"
    # Here every run is a whole one, so what opened the dialog has to stay pressed.
    tab.at.button("title").click()
    tab.at.text_input("new_title").set_value("  ")
    tab.click("save_title")
    assert "A title needs a word." in tab.text
    tab.at.button("title").click()
    tab.at.text_input("new_title").set_value("Capital " * 30)
    tab.click("save_title")
    kept = parts.store.get(tab.session.owner, tab.session.conversation.id)
    assert kept is not None
    assert kept.title == ("Capital " * 25).strip(), "too long a paste is cut, not swallowed"
    tab.click("title")
    tab.at.button("title").click()
    tab.at.text_input("new_title").set_value("  *Capitals*  ")
    tab.click("save_title")
    kept = parts.store.get(tab.session.owner, tab.session.conversation.id)
    assert kept is not None
    assert kept.title == "*Capitals*"
    tab.run()
    assert tab.at.button("title").label == "\\*Capitals\\*", "words, not Markdown"
    tab.send("And of Spain?")
    assert tab.at.button("title").label == "\\*Capitals\\*", "nothing else changes it any more"
    assert "*Capitals*" in tab.sidebar
