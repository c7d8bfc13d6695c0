"""The demo endpoint over real sockets, in plain HTTP."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections.abc import Iterator

import httpx
import pytest

from playground.catalog import load_catalog
from playground.demo import DemoServer
from playground.demo.app import MAX_BODY
from playground.demo.scenarios import SCENARIOS
from tests.unit.demo.asking import MINI
from tests.unit.demo.wire import PATH, body, chunks, client, connect, read_raw, request

TEXT_END = "in a way that you can see."

#: Scenarios that last until the client leaves.
ENDLESS = {"stall", "silent", "keep-alive-only"}


@pytest.fixture(scope="module")
def fast() -> Iterator[DemoServer]:
    with DemoServer(pace=0) as running:
        yield running


@pytest.fixture(scope="module")
def http(fast: DemoServer) -> Iterator[httpx.Client]:
    with client(fast.url) as connected:
        yield connected


def streamed_text(response: httpx.Response) -> str:
    choices = [c["choices"][0] for c in chunks(response.text) if c.get("choices")]
    return "".join(choice["delta"].get("content", "") for choice in choices)


class TestAnswering:
    @pytest.mark.parametrize(
        "path", ["/v1/chat/completions", "/chat/completions", "/v1/chat/completions?api-version=x"]
    )
    def test_it_answers_under_every_usual_address(
        self, http: httpx.Client, fast: DemoServer, path: str
    ) -> None:
        root = fast.url.removesuffix("/v1")
        answer = http.post(root + path, json=body("What is the capital of France?")).json()
        assert answer["object"] == "chat.completion"
        (choice,) = answer["choices"]
        assert choice["message"] == {
            "role": "assistant",
            "content": "The capital of France is **Paris**.",
        }
        assert choice["finish_reason"] == "stop"
        assert answer["usage"] == {
            "prompt_tokens": 10,
            "completion_tokens": 9,
            "total_tokens": 19,
        }

    @pytest.mark.parametrize("stream", [False, True])
    def test_every_reply_is_labelled_as_scripted(self, http: httpx.Client, *, stream: bool) -> None:
        response = http.post(PATH, json=body(stream=stream))
        assert response.headers["x-playground-demo"] == "scripted"
        assert re.fullmatch(r"demo-[0-9a-f]{16}", response.headers["x-request-id"])
        for part in chunks(response.text) if stream else [response.json()]:
            assert part["model"] == f"scripted-demo/{MINI}"
            assert part["system_fingerprint"] == "scripted-demo"

    def test_a_stream_says_the_same_as_a_whole_reply(self, http: httpx.Client) -> None:
        whole = http.post(PATH, json=body("Show me some maths")).json()
        options = {"include_usage": True}
        stream = http.post(
            PATH, json=body("Show me some maths", stream=True, stream_options=options)
        )
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert streamed_text(stream) == whole["choices"][0]["message"]["content"]
        *_, finish, usage = chunks(stream.text)
        assert finish["choices"][0]["finish_reason"] == "stop"
        assert (usage["choices"], usage["usage"]) == ([], whole["usage"])

    def test_max_tokens_counts_what_is_streamed(self, http: httpx.Client) -> None:
        stream = http.post(PATH, json=body("Tell me a long story", stream=True, max_tokens=25))
        _role, *tokens, finish = chunks(stream.text)
        assert len(tokens) == 25
        assert finish["choices"][0]["finish_reason"] == "length"

    def test_the_models_are_listed(self, http: httpx.Client, fast: DemoServer) -> None:
        listed = http.get("/models").json()
        assert tuple(m["id"] for m in listed["data"]) == load_catalog().names()
        assert http.get(fast.url.removesuffix("/v1") + "/models").json() == listed

    def test_info_has_azures_shape(self, http: httpx.Client) -> None:
        info = http.get("/info").json()
        assert info.keys() == {"model_name", "model_type", "model_provider_name"}
        assert info["model_name"] == "scripted-demo"

    def test_it_takes_any_key_and_none(self, http: httpx.Client) -> None:
        for headers in ({}, {"authorization": "Bearer x", "api-key": "x"}):
            assert http.post(PATH, json=body(), headers=headers).status_code == 200

    def test_two_requests_share_a_connection(self, fast: DemoServer) -> None:
        with connect(fast, body()) as one:
            for _ in range(2):
                received = b""
                while not received.endswith(b"}}"):
                    received += one.recv(4096)
                assert received.startswith(b"HTTP/1.1 200 OK")
                one.sendall(request(body()))


class TestRefusing:
    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"{", 400, "invalid_json"),
            (b"{}", 400, "invalid_request"),
            (json.dumps(body(temperature=3)).encode(), 400, "invalid_request"),
            (json.dumps(body(model="Phi-9")).encode(), 404, "unknown_model"),
            (json.dumps(body("word " * 5000)).encode(), 400, "context_length_exceeded"),
            (b"x" * (MAX_BODY + 1), 413, "request_too_large"),
        ],
        ids=["no-json", "no-messages", "range", "model", "window", "size"],
    )
    def test_a_bad_request_is_refused_in_the_protocols_words(
        self, http: httpx.Client, content: bytes, status: int, code: str
    ) -> None:
        response = http.post(PATH, content=content)
        assert response.status_code == status
        assert response.headers["x-playground-demo"] == "scripted"
        error = response.json()["error"]
        assert error["code"] == code
        assert error["message"]

    def test_what_is_not_here_is_a_json_error_too(self, http: httpx.Client) -> None:
        missing = http.get("/nothing")
        assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
        wrong = http.get(PATH)
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")

    def test_a_refusal_has_its_headers_and_its_body(self, http: httpx.Client) -> None:
        limited = http.post(PATH, json=body("/scenario rate-limit-day"))
        assert limited.status_code == 429
        assert limited.headers["retry-after"] == "52220"
        filtered = http.post(PATH, json=body("/scenario filtered-prompt")).json()["error"]
        assert filtered["innererror"]["code"] == "ResponsibleAIPolicyViolation"
        assert "code" not in http.post(PATH, json=body("/scenario budget")).json()["error"]


class TestScenarios:
    @pytest.mark.parametrize("stream", [True, False])
    @pytest.mark.parametrize("name", [s.name for s in SCENARIOS if s.name not in ENDLESS])
    def test_every_scenario_comes_to_an_end(
        self, http: httpx.Client, name: str, *, stream: bool
    ) -> None:
        try:
            response = http.post(PATH, json=body(f"/scenario {name}", stream=stream))
        except httpx.RemoteProtocolError:
            assert name in {"cut", "flaky", "hang-up"}
        else:
            assert name != "cut"
            assert response.headers["x-playground-demo"] == "scripted"

    def test_a_cut_stream_has_text_and_no_end(self, http: httpx.Client) -> None:
        received, error = read_raw(http, body("/scenario cut", stream=True))
        assert isinstance(error, httpx.RemoteProtocolError)
        assert received.count(b'"content":') > 20
        assert b'"finish_reason":"' not in received
        assert b"DONE" not in received

    def test_a_cut_whole_reply_breaks_off_in_its_json(self, http: httpx.Client) -> None:
        received, error = read_raw(http, body("/scenario cut"))
        assert isinstance(error, httpx.RemoteProtocolError)
        assert received.startswith(b'{"id":')

    def test_flaky_breaks_before_the_first_token_and_then_answers(self, http: httpx.Client) -> None:
        asking = body("/scenario flaky", model="Phi-3-small-8k-instruct", stream=True)
        received, error = read_raw(http, asking)
        assert isinstance(error, httpx.RemoteProtocolError)
        assert received == b""
        assert streamed_text(http.post(PATH, json=asking)).endswith(TEXT_END)

    def test_hang_up_closes_without_an_answer(self, http: httpx.Client) -> None:
        for _ in range(2):
            with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
                http.post(PATH, json=body("/scenario hang-up"))

    def test_an_in_band_error_comes_after_text(self, http: httpx.Client) -> None:
        asking = body("/scenario in-band-error", stream=True)
        *before, last = chunks(http.post(PATH, json=asking).text)
        assert last["error"]["code"] == "server_error"
        assert len(before) > 20
        assert http.post(PATH, json=asking | {"stream": False}).status_code == 500

    def test_no_finish_has_no_reason_in_a_whole_reply_either(self, http: httpx.Client) -> None:
        answer = http.post(PATH, json=body("/scenario no-finish")).json()
        assert answer["choices"][0]["finish_reason"] is None

    def test_a_slow_start_has_a_comment_first(self, http: httpx.Client) -> None:
        text = http.post(PATH, json=body("/scenario slow-start", stream=True)).text
        assert text.startswith(": keep-alive\n\ndata: {")

    def test_garbage_stands_between_chunks(self, http: httpx.Client) -> None:
        text = http.post(PATH, json=body("/scenario garbled", stream=True)).text
        events = [e.removeprefix("data: ") for e in text.split("\n\n")[:-2]]
        broken = [event for event in events if not _is_json(event)]
        assert len(broken) == 1
        assert '{"choices":"none"}' in events

    @pytest.mark.parametrize("name", sorted(ENDLESS))
    @pytest.mark.parametrize("stream", [True, False])
    def test_the_endless_ones_are_still_there_when_the_client_gives_up(
        self, fast: DemoServer, name: str, *, stream: bool
    ) -> None:
        with connect(fast, body(f"/scenario {name}", stream=stream)) as one:
            one.settimeout(0.1)
            received = b""
            with contextlib.suppress(TimeoutError):
                # The comments alone would go on for ever.
                while len(received) < 500:
                    received += one.recv(4096)
        assert b"DONE" not in received
        silent = name == "silent" or not stream
        assert bool(received) is not silent

    def test_tokens_come_at_their_rate_whatever_the_pace(self, http: httpx.Client) -> None:
        start = time.monotonic()
        stream = http.post(PATH, json=body("/scenario tokens 200 at 400", stream=True))
        assert 0.49 < time.monotonic() - start < 1.5
        assert len(chunks(stream.text)) == 200 + 2

    def test_the_echo_shows_what_reached_the_wire(self, http: httpx.Client) -> None:
        asking = body("/scenario echo-parameters", top_p=0.25, stop=["x"], seed=7, logit_bias={})
        said = http.post(PATH, json=asking).json()["choices"][0]["message"]["content"]
        assert json.loads(said.removeprefix("```json\n").removesuffix("\n```")) == asking


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
