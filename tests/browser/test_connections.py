"""From nothing to the first token: found, connected, tested, chatted with, broken and mended."""

from __future__ import annotations

import http.server
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from playground.demo import DemoServer
from tests.browser.conftest import Browse, StartApp
from tests.support.app import App
from tests.support.axe import barriers
from tests.support.connections import ConnectionsPage
from tests.support.peers import ALIAS, KEY, LiteLLM, LlamaCpp, StartLlamaCpp
from tests.support.tiny_phi3 import FRANCE, PARIS

MINI = "Phi-3-mini-4k-instruct"
CANARY = "sk-canary-2b7f-in-no-place"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def named(tmp_path: Path) -> Iterator[LlamaCpp]:
    """A llama.cpp server that calls the tiny model by the name of one of the six."""
    server = LlamaCpp(tmp_path)
    server._command[server._command.index(ALIAS)] = MINI
    with server:
        yield server


def test_a_server_on_this_machine_is_found_connected_tested_and_chatted_with(
    start_app: StartApp, page: Page, named: LlamaCpp
) -> None:
    """Nothing is configured: it takes three clicks to the first token of a real model."""
    app = start_app(PLAYGROUND_DISCOVERY=str(named.port))
    here = ConnectionsPage(page, app.url)
    here.open()
    expect(page.get_by_text("Serves Phi-3 mini 4k.")).to_be_visible()
    here.press("Connect")
    expect(here.typed).to_contain_text("llama.cpp on this machine")
    expect(here.typed).to_contain_text(MINI)
    table = here.test("Works")
    expect(table.locator("tbody tr")).to_have_count(8)
    expect(table).not_to_contain_text("✖")
    assert table.inner_text().count("✔") == 7, "all but TLS, which a loopback does not need"
    here.press("Chat", here.typed)
    expect(here.chat.box).to_be_editable()
    reply = here.chat.ask(FRANCE)
    expect(reply).to_contain_text(PARIS.strip())
    expect(reply).to_contain_text("via llama.cpp on this machine")
    expect(reply).to_contain_text("Complete")


def test_a_wrong_key_is_told_and_kept_nowhere_and_the_right_one_works(
    start_app: StartApp, page: Page, start_llama_cpp: StartLlamaCpp
) -> None:
    server = start_llama_cpp(key=KEY)
    app = start_app(PLAYGROUND_DISCOVERY=str(server.port))
    here = ConnectionsPage(page, app.url)
    here.open()
    expect(page.get_by_text("Wants a key.")).to_be_visible()
    here.press("Enter its key")
    expect(here.key()).to_have_attribute("type", "password")
    here.key().fill(CANARY)
    here.key().press("Tab")  # to the button in the field: what was typed counts all the same
    here.press("Add")
    table = here.test("Does not work: Key accepted")
    expect(table.locator("tbody tr").nth(2)).to_contain_text("✖")
    here.press("Chat", here.typed)
    expect(here.chat.box).to_be_editable()
    expect(here.chat.ask(FRANCE)).to_contain_text("The key was not accepted")
    page.locator("a", has_text="Connections").first.click()
    expect(here.typed).to_be_visible()
    here.press("Keep it", here.typed)
    expect(page.get_by_text("put your key here")).to_be_visible()
    assert CANARY not in page.content()
    assert CANARY not in app.text()
    assert not [
        f
        for f in app.database.parent.rglob("*")
        if f.is_file() and CANARY.encode() in f.read_bytes()
    ]
    page.keyboard.press("Escape")
    here.press("Remove", here.typed)
    expect(here.typed).to_have_count(0)
    here.press("Enter its key")
    here.key().fill(KEY)
    here.press("See what it serves")
    expect(page.get_by_text("It serves 1 models")).to_be_visible()
    here.press("Add")
    here.press("Chat", here.typed)
    expect(here.chat.box).to_be_editable()
    here.chat.pick("Model", f"{ALIAS} · not one of the six")
    expect(page.get_by_text("Not one of the six: nothing is known")).to_be_visible()
    expect(here.chat.ask(FRANCE)).to_contain_text(PARIS.strip())


class Limited(http.server.BaseHTTPRequestHandler):
    """Answers every prompt as GitHub Models did to the 151st of a day."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        message = (
            "Rate limit of 150 per 86400s exceeded for UserByModelByDay. Please wait 52220 seconds "
            "before retrying."
        )
        body = json.dumps({"error": {"code": "RateLimitReached", "message": message}}).encode()
        self.send_response(429)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("retry-after", "52220")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def limited() -> Iterator[str]:
    """The base URL of a server whose daily limit is reached."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Limited) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()
        thread.join()


def test_when_the_daily_limit_is_reached_another_connection_answers_in_one_click(
    start_app: StartApp, page: Page, limited: str, named: LlamaCpp
) -> None:
    app = start_app(AZURE_INFERENCE_ENDPOINT=limited, PLAYGROUND_DISCOVERY=str(named.port))
    here = ConnectionsPage(page, app.url)
    here.open()
    here.press("Connect")
    expect(here.typed).to_contain_text("llama.cpp on this machine")
    here.press("Chat", page.locator(".st-key-connection_environment"))
    failed = here.chat.ask(FRANCE)
    expect(failed).to_contain_text("The server's limit is reached")
    expect(failed).to_contain_text(
        re.compile(
            r"Free again at \d{4}-\d\d-\d\d \d\d:\d\d, in 14 hours|Free again at \d\d:\d\d, in 14 hours"
        )
    )
    assert barriers(page) == []
    failed.get_by_role("button", name="llama.cpp on this machine").click()
    expect(here.chat.last).to_contain_text(PARIS.strip())
    expect(here.chat.last).to_contain_text("via llama.cpp on this machine")
    expect(here.chat.messages).to_have_count(2)


def test_where_others_reach_the_server_nobody_types_an_endpoint(
    start_app: StartApp, page: Page
) -> None:
    with DemoServer(pace=0) as server:
        port = server.url.rpartition(":")[2].partition("/")[0]
        app = start_app(
            STREAMLIT_SERVER_ADDRESS="0.0.0.0",  # noqa: S104 - reached from here only
            PLAYGROUND_DISCOVERY=port,
        )
        here = ConnectionsPage(page, app.url)
        here.open()
        expect(page.get_by_text("Servers cannot be added here")).to_be_visible()
        expect(page.get_by_role("button", name="Add", exact=True)).to_have_count(0)
        expect(page.get_by_role("heading", name="Found on this machine")).to_have_count(0)
        expect(page.locator("[class*='st-key-form_']")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_the_page(browse: Browse, app: App, scheme: str) -> None:
    """The list, a test, the open form and a guide, on a phone; the guide has its own address."""
    page = browse(color_scheme=scheme, viewport=PHONE)
    here = ConnectionsPage(page, app.url)
    here.open("?guide=llamacpp")
    expect(page.get_by_role("heading", name="1. Install llama.cpp")).to_be_visible()
    expect(page.get_by_text("brew install llama.cpp")).to_be_visible()
    assert barriers(page) == []
    page.get_by_text("PowerShell", exact=True).last.click()
    expect(page.get_by_text("winget install --id ggml.llamacpp")).to_be_visible()
    page.get_by_text("vLLM", exact=True).last.click()
    expect(page.get_by_text("$env:AZURE_INFERENCE_CREDENTIAL")).to_be_visible()
    expect(page).to_have_url(re.compile(r"guide=vllm"))
    page.get_by_text("Add a server").first.click()
    here.press("Test connection")
    expect(page.locator(".st-key-connection_demo")).to_contain_text("Works")
    assert barriers(page) == []


def test_a_gateway_that_is_found_wants_its_key_and_tells_what_it_serves(
    start_app: StartApp, page: Page, litellm: LiteLLM
) -> None:
    app = start_app(PLAYGROUND_DISCOVERY=str(litellm.port))
    here = ConnectionsPage(page, app.url)
    here.open()
    expect(page.locator("[class*='st-key-found_gateway']")).to_contain_text("Wants a key.")
    here.press("Enter its key")
    here.key().fill(litellm.key)
    here.press("See what it serves")
    expect(page.get_by_text("It serves 2 models")).to_be_visible()
    here.press("Add")
    here.test("Works")
    here.press("Chat", here.typed)
    expect(here.chat.box).to_be_editable()
    expect(here.chat.ask(FRANCE)).to_contain_text(PARIS.strip())
