"""The pages speak the language that was picked, else the browser's, else English."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from components.texts import speak
from playground.errors import AuthenticationFailed
from tests.support.sources import ScriptedEndpoint
from tests.support.tab import PAGES, Tab, take_over


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Leave no language behind."""
    yield
    speak("en")


def speaking(locale: str) -> Tab:
    """Return a tab of a browser in this language."""
    tab = Tab()
    tab.at.context = {"locale": locale}
    # AppTest writes down the options of a widget in this thread, where a browser sends them back.
    speak(locale.partition("-")[0])
    return tab


def ask(tab: Tab, prompt: str = "Hoi") -> ScriptedEndpoint:
    """Take over the demo, let it say "Hello." and ask."""
    demo = take_over("demo")
    demo.answer("Hello.")
    tab.send(prompt)
    return demo


@pytest.mark.usefixtures("configure")
def test_a_dutch_browser_gets_the_chat_in_dutch_and_models_what_they_always_get() -> None:
    tab = speaking("nl-NL").open()
    for word in ("Nieuwe chat", "Wat zullen we proberen?", "Meer parameters", "Systeembericht"):
        assert word in tab.text
    assert tab.widget("model_nl").options[0] == "Phi-3 mini 4k · 3,8B, 4k context"
    assert "Klein en snel" in tab.sidebar, "the core's sentences too"
    demo = ask(tab)
    said = tab.said[1]
    assert said.startswith("Hello."), "a reply stays as it is"
    assert "Compleet" in said
    assert "Opnieuw genereren" in tab.text
    assert demo.requests[0].messages[0].content == "You are a helpful assistant."


@pytest.mark.usefixtures("configure")
def test_an_error_says_in_dutch_what_happened_and_what_to_do() -> None:
    tab = speaking("nl-NL").open()
    take_over("demo").answer().put(AuthenticationFailed(detail="bad key")).end()
    tab.send("Hoi")
    (alert,) = tab.alerts
    assert "De sleutel is niet geaccepteerd." in alert
    assert "Controleer de sleutel van deze verbinding" in alert
    assert "bad key" in tab.text, "what the server said stays as it is"


@pytest.mark.usefixtures("configure")
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_in_dutch(page: str) -> None:
    titles = {
        "chat": "Wat zullen we proberen?",
        "models": "De zes Phi-3-modellen",
        "history": "Geschiedenis",
        "connections": "Verbindingen",
    }
    assert speaking("nl").open(page).title == titles[page]


@pytest.mark.usefixtures("configure")
@pytest.mark.parametrize("locale", ["en-GB", "fr-FR", ""])
def test_any_other_browser_gets_english(locale: str) -> None:
    assert speaking(locale).open().title == "What shall we try?"


@pytest.mark.usefixtures("configure")
def test_the_switch_changes_this_tab_and_no_other() -> None:
    tab, other = speaking("en-GB").open(), speaking("en-GB").open()
    tab.choose("language", "nl")
    speak("nl")
    assert tab.title == "Wat zullen we proberen?"
    assert tab.go("history").title == "Geschiedenis"
    speak("en")
    assert other.run().title == "What shall we try?"
