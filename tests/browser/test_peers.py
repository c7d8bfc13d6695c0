"""Chatting in the browser with servers that no one here wrote: configured, typed in, and broken."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartApp
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.connections import ConnectionsPage
from tests.support.gate import Gate
from tests.support.peers import ALIAS, LlamaCpp, Peer, StartLlamaCpp
from tests.support.tiny_phi3 import COUNT, COUNTED, FRANCE, PARIS, STORY, STORY_BEGINS, TOO_LONG

WRONG_KEY = "sk-a-wrong-key-of-the-tests"


@pytest.fixture(params=["llama_cpp", "litellm"])
def peer(request: pytest.FixtureRequest) -> Peer:
    """A llama.cpp server, and a LiteLLM proxy in front of it."""
    server: Peer = request.getfixturevalue(request.param)
    return server


def app_with(start_app: StartApp, url: str, key: str) -> App:
    return start_app(AZURE_INFERENCE_ENDPOINT=f"{url}/v1", AZURE_INFERENCE_CREDENTIAL=key)


def test_two_turns(peer: Peer, start_app: StartApp, page: Page) -> None:
    chat = ChatPage(page)
    chat.open(app_with(start_app, peer.url, peer.key).url)
    first = chat.ask(FRANCE)
    expect(first).to_contain_text(PARIS.strip())
    expect(first).to_contain_text("Complete")
    expect(first).to_contain_text("via Your endpoint")
    expect(first).to_contain_text(re.compile(r"\d+ tokens in, 17 out"))
    second = chat.ask(COUNT)
    expect(second).to_contain_text(COUNTED.strip())
    expect(second).to_contain_text("Complete")
    expect(chat.messages).to_have_count(4)


def test_stop_in_mid_story(peer: Peer, start_app: StartApp, page: Page) -> None:
    chat = ChatPage(page)
    # About 70 tokens of the 244: the tiny model is too quick to be stopped by hand.
    with Gate(peer.url, hold_after=20_000) as gate:
        chat.open(app_with(start_app, gate.url, peer.key).url)
        chat.send(STORY)
        expect(chat.last).to_contain_text(STORY_BEGINS.strip())
        gate.left.clear()
        chat.stop_button.click()
        reply = chat.ended(1)
        expect(reply).to_contain_text("Stopped by you")
        assert gate.left.wait(1), "the connection to the server is closed"
        expect(chat.button("regenerate")).to_be_visible()
        kept = reply.inner_text()
        gate.open()
        page.reload()
        chat.ended(1)
        expect(chat.last, "it does not grow back").to_have_text(kept, use_inner_text=True)
        chat.button("new_chat").click()
        expect(chat.messages).to_have_count(0)
        expect(chat.ask(FRANCE)).to_contain_text(PARIS.strip())


@dataclass(frozen=True, slots=True)
class Ways:
    """What is told of a peer when it is typed in, tested and broken.

    Attributes:
        kind: what it is in the form.
        tested: what its test comes to.
        wrong_key, wrong_model: words of the reply.
    """

    kind: str
    tested: str
    wrong_key: str
    wrong_model: str


GATEWAY = "LiteLLM or another gateway"
WAYS = {
    "llama_cpp": Ways(
        "llama.cpp",
        "Works",
        "Use the key that llama.cpp was started with",
        f"Says {ALIAS}",  # it ignores the name
    ),
    "litellm": Ways(
        GATEWAY,
        "Works",
        "The gateway does not know the key",
        "The gateway has no alias Phi-3-small-8k-instruct",
    ),
    "lm_proxy": Ways(
        GATEWAY,
        "Answers, with remarks",
        "Correct the key of this connection on the Connections page",
        "do so when they do not serve the model",
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_a_peer_is_typed_in_tested_chatted_with_and_broken_in_each_way(
    name: str,
    app: App,
    page: Page,
    request: pytest.FixtureRequest,
    endless_llama_cpp: LlamaCpp,
) -> None:
    """A wrong key, a wrong model, a prompt over the window, and a death in mid-answer."""
    peer: Peer = request.getfixturevalue(name)
    ways = WAYS[name]
    with Gate(peer.url) as gate:
        here = ConnectionsPage(page, app.url)
        here.open()
        here.type_in(ways.kind, f"{gate.url}/v1", WRONG_KEY)
        here.test("Does not work: Key accepted")
        chat = here.go_chat()
        expect(chat.ask(FRANCE)).to_contain_text(ways.wrong_key)
        assert WRONG_KEY not in page.content()

        here.come_back()
        here.change_key(peer.key)
        here.test(ways.tested)
        here.go_chat()
        chat.button("retry").click()
        expect(chat.ended(1)).to_contain_text(PARIS.strip())
        expect(chat.last).to_contain_text("Complete")

        chat.pick("Model", "Phi-3 small 8k")
        expect(chat.ask(COUNT)).to_contain_text(ways.wrong_model)

        chat.pick("Model", "Phi-3 mini 128k")
        new_chat(chat)
        _too_long(chat)

        new_chat(chat)
        dies: Peer = peer if name == "lm_proxy" else endless_llama_cpp
        if name == "llama_cpp":
            gate.lead_to(endless_llama_cpp.url)
        gate.cut(8_000, dies.kill)  # some 25 tokens of a thousand
        try:
            lost = chat.ask(STORY)
        finally:
            dies.restart()  # others use it too
        expect(lost).to_contain_text("Once upon a time there was")
        expect(lost).to_contain_text("Incomplete: the connection was lost")
        expect(chat.button("continue")).to_be_visible()


def new_chat(chat: ChatPage) -> None:
    chat.button("new_chat").click()
    expect(chat.messages).to_have_count(0)


def _too_long(chat: ChatPage) -> None:
    """Send a prompt over the window: it is refused in clear words, and not lost."""
    reply = chat.ask(TOO_LONG.strip())
    expect(reply).to_contain_text("Too long for this model")
    expect(reply).to_contain_text("tokens is longer than the server's window of 4096")
    expect(chat.messages.first).to_contain_text(TOO_LONG.strip())
    expect(chat.button("retry")).to_be_visible()


def test_a_server_without_a_key_that_is_down_and_comes_back(
    start_llama_cpp: StartLlamaCpp, start_app: StartApp, page: Page
) -> None:
    server = start_llama_cpp()
    chat = ChatPage(page)
    chat.open(start_app(AZURE_INFERENCE_ENDPOINT=server.endpoint).url)
    server.kill()
    failed = chat.ask(FRANCE)
    expect(failed).to_contain_text(f"Nothing listens at 127.0.0.1:\u2060{server.port}")
    server.start()
    chat.button("retry").click()
    expect(chat.last).to_contain_text(PARIS.strip())
    expect(chat.last).to_contain_text(f"Says {ALIAS}")
    expect(chat.messages).to_have_count(2)
