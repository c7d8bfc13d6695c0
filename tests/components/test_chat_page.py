"""Asking, stopping, asking again and going on, by what the buttons do; and whose page it is."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from components import growing
from components.resources import Resources
from components.starters import STARTERS
from components.watching import Watched, watch_all
from playground.conversation import Conversation, Run, Turn
from playground.errors import ConnectionLost, TooManyRunning
from playground.events import Finished, FinishReason
from playground.generations import Generations
from playground.messages import Role
from playground.reply import Reply, Status
from tests.support.sources import PATIENCE, until
from tests.support.tab import Tab, ended, look_away, run_of, take_over


def stored(tab: Tab, parts: Resources) -> Conversation:
    """Return what is kept of the conversation on the page, once its run is over."""
    assert run_of(tab).join(PATIENCE)
    found = parts.store.get(tab.session.owner, tab.session.conversation.id)
    assert found is not None
    return found


def test_what_was_asked_and_answered_is_on_the_page_in_the_store_and_in_the_address(
    tab: Tab, parts: Resources
) -> None:
    tab.open()
    assert tab.address == {}, "an empty chat has no address of its own"
    take_over("demo").answer("It is **Paris**.")
    tab.send("What is the capital of France?")
    assert tab.prompts[0] == "What is the capital of France?"
    assert tab.said[1].startswith("It is **Paris**.")
    kept = stored(tab, parts)
    assert tab.address == {"c": kept.id}
    assert [turn.content for turn in kept.turns] == [
        "What is the capital of France?",
        "It is **Paris**.",
    ]


def test_the_next_question_carries_what_was_said(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("One.")
    demo.answer("Two.")
    tab.send("First").send("Second")
    assert [(m.role, m.content) for m in demo.requests[1].messages[1:]] == [
        (Role.USER, "First"),
        (Role.ASSISTANT, "One."),
        (Role.USER, "Second"),
    ]


@pytest.mark.usefixtures("unwatched")
def test_stop_ends_the_run_and_keeps_its_text(tab: Tab, parts: Resources) -> None:
    tab.open()
    tap = take_over("demo").answer().say("Once upon", " a time")
    tab.send("Tell me a story")
    assert tab.has("stop")
    run = run_of(tab)
    until(run, lambda: run.snapshot().text == "Once upon a time")
    tab.click("stop")
    assert tap.left.wait(PATIENCE), "the connection is given up"
    assert not tab.has("stop")
    assert tab.has("regenerate")
    assert "Once upon a time" in tab.said[1]
    assert "Stopped by you" in tab.said[1]
    reply = stored(tab, parts).turns[-1].reply
    assert reply is not None
    assert (reply.status, reply.text) == (Status.STOPPED, "Once upon a time")


@pytest.mark.usefixtures("unwatched")
def test_a_click_elsewhere_does_not_end_the_run(tab: Tab) -> None:
    tab.open()
    tap = take_over("demo").answer().say("Half")
    tab.send("Tell me a story")
    tab.choose("parameter_temperature", 0.5).go("models").go("chat")
    assert tab.has("stop"), "it runs on"
    tap.say(" and half").done()
    ended(tab)
    assert tab.said[1].startswith("Half and half")
    assert not tab.has("stop")


@pytest.mark.usefixtures("unwatched")
def test_while_a_reply_runs_nothing_else_is_sent_and_the_prompt_is_given_back(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    tap = demo.answer()
    tab.send("First").send("Second")
    assert ["The answer above is still running." in alert for alert in tab.alerts] == [True]
    assert tab.at.chat_input[0].value == "Second"
    assert len(demo.requests) == 1
    tap.say("Done.").done()
    ended(tab)
    assert tab.alerts == [], "the notice is shown once"


def test_the_notice_goes_when_what_it_tells_to_wait_for_has_ended(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab.open()
    tap = take_over("demo").answer()

    def watch_to_the_end(watched: Sequence[Watched], *, running: int) -> None:
        tap.say("Done.").done()
        watch_all(watched, running=running)

    monkeypatch.setattr(growing, "watch_all", look_away)
    tab.send("First")
    monkeypatch.setattr(growing, "watch_all", watch_to_the_end)
    tab.send("Second")
    assert "Complete" in tab.said[1], "the answer ended in the run that drew the notice"
    assert tab.at.chat_input[0].value == "Second"
    assert tab.alerts == []


def test_regenerating_asks_the_same_with_what_is_picked_now(tab: Tab, parts: Resources) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("First answer.")
    demo.answer("Second answer.")
    tab.send("Hello")
    tab.choose("model", "Phi-3-small-8k-instruct").choose("parameter_temperature", 0.3)
    tab.click("regenerate")
    first, second = demo.requests
    assert second.messages == first.messages
    assert second.deployment == "Phi-3-small-8k-instruct"
    assert second.parameters.temperature == 0.3
    assert len(tab.messages) == 2
    assert "Second answer." in tab.said[1]
    assert "Phi-3 small 8k" in tab.said[1]
    assert "First answer." in [turn.content for turn in stored(tab, parts).turns], "it is kept"


def test_retry_after_a_failure_asks_again(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer().put(ConnectionLost()).end()
    demo.answer("Now it works.")
    tab.send("Hello")
    assert "Failed" in tab.said[1] or "Incomplete" in tab.said[1]
    assert not tab.has("regenerate")
    tab.click("retry")
    assert len(tab.messages) == 2
    assert "Now it works." in tab.said[1]
    assert "Complete" in tab.said[1]


def test_going_on_draws_one_message_with_the_figures_of_both_parts(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer().say("Once upon").put(Finished(FinishReason.LENGTH)).end()
    demo.answer(" a time.")
    tab.send("Tell me a story").click("continue")
    assert len(tab.messages) == 2
    assert tab.said[1].startswith("Once upon a time.")
    assert "Cut off at max tokens" in tab.said[1]
    assert "Complete" in tab.said[1]
    assert demo.requests[1].messages[-1].content == "Once upon"
    assert not tab.has("continue")


def test_there_is_nothing_to_go_on_with_after_a_whole_answer(tab: Tab) -> None:
    tab.open()
    take_over("demo").answer("All of it.")
    assert not tab.send("Hello").has("continue")


@pytest.mark.parametrize("prompt", ["", "  \n "])
def test_an_empty_prompt_is_not_sent(tab: Tab, prompt: str) -> None:
    tab.open()
    demo = take_over("demo")
    tab.send(prompt)
    assert demo.requests == []
    assert tab.messages == []


@pytest.mark.parametrize("number", range(len(STARTERS)))
def test_each_starter_is_sent_by_a_click(tab: Tab, number: int) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("Fine.")
    tab.click(f"starter_{number}")
    assert demo.requests[0].messages[-1].content == STARTERS[number][2]
    assert tab.prompts[0] == STARTERS[number][2]
    assert not tab.has("starter_0"), "a chat that began has no starters"


def test_a_new_chat_is_empty_and_its_address_too(tab: Tab) -> None:
    tab.open().send("Hello")
    before = tab.session.conversation.id
    tab.click("new_chat")
    assert tab.messages == []
    assert tab.address == {}
    assert tab.has("starter_0")
    assert tab.session.conversation.id != before
    assert tab.open(c=before).prompts[0] == "Hello", "the one before is kept"


def test_a_chat_opened_again_asks_as_it_was_asked_last(tab: Tab) -> None:
    tab.open().choose("model", "Phi-3-medium-128k-instruct").choose("parameter_temperature", 0.5)
    tab.choose("system_message", "Be kind.").choose("fold", value=False).send("Hello")
    again = Tab().open(c=tab.session.conversation.id)  # as after a reload
    for name in ("model", "connection", "parameters", "system_message", "fold"):
        assert getattr(again.session, name) == getattr(tab.session, name), name
    assert again.widget("parameter_temperature").value == 0.5
    tab.click("new_chat").choose("model", "Phi-3-mini-4k-instruct").run()
    assert tab.session.model == "Phi-3-mini-4k-instruct", "what is picked on the page stays picked"


def test_a_chat_with_what_is_not_here_any_more_is_asked_of_what_is(
    tab: Tab, parts: Resources
) -> None:
    asked = Run("gpt-4o", "gpt-4o", "gone", "Gone", system_message="Be brief.")
    said = Conversation().with_turn(Turn("p", None, Role.USER, "Hello"))
    said = said.with_turn(Turn("r", "p", Role.ASSISTANT, run=asked, reply=Reply(text="Hello.")))
    tab.open()
    parts.store.add(tab.session.owner, said)
    again = Tab().open(c=said.id)
    assert again.said[1].startswith("Hello.")
    assert (again.session.model, again.session.connection) == (
        tab.session.model,
        tab.session.connection,
    )
    assert again.session.system_message == "Be brief."


def test_a_link_says_which_temperature_is_too_high_for_the_connection(tab: Tab) -> None:
    tab.open(temp="1.5")
    assert tab.session.parameters.temperature == 1
    assert ["was lowered to 1:" in alert for alert in tab.alerts] == [True]
    assert ["lowered" in alert for alert in Tab().open(temp="0.5").alerts] == [False]


def test_an_unknown_address_says_so_and_is_dropped(tab: Tab) -> None:
    tab.open(c="nonsense")
    assert ["This conversation is not here" in alert for alert in tab.alerts] == [True]
    assert tab.address == {}
    assert tab.messages == []
    assert tab.run().alerts == []


@pytest.mark.usefixtures("strangers")
def test_the_address_of_somebody_elses_chat_looks_like_an_unknown_one(tab: Tab) -> None:
    tab.open().send("A secret plan")
    theirs = tab.session.conversation.id
    other = Tab().open(c=theirs)
    unknown = Tab().open(c="nonsense")
    assert "secret plan" not in other.text
    assert other.alerts == unknown.alerts
    assert other.address == {}


@pytest.mark.usefixtures("strangers")
def test_nothing_is_added_to_somebody_elses_chat(tab: Tab, parts: Resources) -> None:
    tab.open().send("Mine")
    other = Tab().open()
    other.session.conversation = tab.session.conversation
    other.send("Let me in")
    assert [t.content for t in stored(tab, parts).turns if t.role is Role.USER] == ["Mine"]
    assert "Mine" not in other.text
    assert other.at.chat_input[0].value == "Let me in", "the text is not lost"


def test_a_second_tab_shows_the_same_chat(tab: Tab) -> None:
    tab.open()
    demo = take_over("demo")
    demo.answer("One.")
    demo.answer("Two.")
    tab.send("First")
    other = Tab().open(c=tab.session.conversation.id)
    assert other.said == tab.said
    other.send("Second")
    assert tab.run().said == other.said


def test_too_many_at_once_is_said_and_the_prompt_given_back(
    tab: Tab, parts: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: Generations, __: str) -> None:
        raise TooManyRunning

    monkeypatch.setattr(Generations, "check", full)
    tab.open().send("Hello")
    assert [TooManyRunning.title in alert for alert in tab.alerts] == [True]
    assert tab.at.chat_input[0].value == "Hello"
    assert tab.messages == []
    assert parts.store.recent(tab.session.owner, 9) == ()
