"""Chatting in the browser with servers that no one here wrote, configured as the README says."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import StartApp
from tests.support.app import App
from tests.support.chat import ChatPage
from tests.support.gate import Gate
from tests.support.peers import ALIAS, Peer, StartLlamaCpp
from tests.support.tiny_phi3 import COUNT, COUNTED, FRANCE, PARIS, STORY, STORY_BEGINS, TOO_LONG


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


def test_a_prompt_over_the_window_is_refused_in_clear_words_and_not_lost(
    peer: Peer, start_app: StartApp, page: Page
) -> None:
    chat = ChatPage(page)
    chat.open(app_with(start_app, peer.url, peer.key).url)
    reply = chat.ask(TOO_LONG.strip())
    expect(reply).to_contain_text("Too long for this model")
    reply.get_by_text("What the server said").click()
    expect(reply.get_by_text("exceeds the available context size (4096 tokens)")).to_be_visible()
    expect(chat.messages.first).to_contain_text(TOO_LONG.strip())
    expect(chat.button("retry")).to_be_visible()
    chat.button("new_chat").click()
    expect(chat.messages).to_have_count(0)
    expect(chat.ask(FRANCE)).to_contain_text(PARIS.strip())


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
    expect(chat.last).to_contain_text(f"the server says {ALIAS}")
    expect(chat.messages).to_have_count(2)
