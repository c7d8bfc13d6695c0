"""The demo endpoint through the real SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from azure.ai.inference import ChatCompletionsClient
from azure.core.credentials import AzureKeyCredential
from azure.core.exceptions import AzureError, HttpResponseError

from playground.demo import DemoServer
from tests.unit.demo.asking import MINI
from tests.unit.demo.wire import body

TEXT_END = "in a way that you can see."


@pytest.fixture(scope="module")
def fast() -> Iterator[DemoServer]:
    with DemoServer(pace=0) as running:
        yield running


@pytest.fixture(scope="module")
def sdk(fast: DemoServer) -> Iterator[ChatCompletionsClient]:
    with ChatCompletionsClient(
        fast.url, AzureKeyCredential("any-key"), retry_total=0, use_env_settings=False
    ) as connected:
        yield connected


def test_it_answers_and_reports_usage(sdk: ChatCompletionsClient) -> None:
    answer = sdk.complete(**body("What is the capital of France?"))
    assert answer.choices[0].message.content == "The capital of France is **Paris**."
    assert answer.choices[0].finish_reason == "stop"
    assert answer.model == f"scripted-demo/{MINI}"
    assert answer.usage is not None
    assert answer.usage.total_tokens == 19


def test_it_streams_with_usage(sdk: ChatCompletionsClient) -> None:
    updates = list(
        sdk.complete(
            **body("Write a haiku", stream=True),
            model_extras={"stream_options": {"include_usage": True}},
        )
    )
    text = "".join(u.choices[0].delta.content or "" for u in updates if u.choices)
    assert text.startswith("> Old prompt, blinking box:")
    assert updates[-1].usage is not None
    assert updates[-1].usage["completion_tokens"] == 26


def test_it_carries_the_history(sdk: ChatCompletionsClient) -> None:
    messages = [
        {"role": "system", "content": "You are a helpful assistant."},
        {"role": "user", "content": "What is the capital of France?"},
        {"role": "assistant", "content": "The capital of France is **Paris**."},
        {"role": "user", "content": "What about Spain?"},
    ]
    answer = sdk.complete(messages=messages, model=MINI, temperature=0)
    assert answer.choices[0].message.content == "The capital of Spain is **Madrid**."


def test_it_reads_the_info(sdk: ChatCompletionsClient) -> None:
    info = sdk.get_model_info()
    assert (info.model_name, info.model_type) == ("scripted-demo", "chat_completion")


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("unauthorized", 401, "unauthorized"),
        ("no-access", 403, "no_access"),
        ("unknown-model", 404, "unknown_model"),
        ("retired", 410, "github_models_retirement_brownout"),
        ("too-large", 413, "tokens_limit_reached"),
        ("context-length", 400, "context_length_exceeded"),
        ("filtered-prompt", 400, "content_filter"),
        ("rate-limit-day", 429, "RateLimitReached"),
        ("server-error", 500, "internal_server_error"),
    ],
)
def test_it_understands_the_errors(
    sdk: ChatCompletionsClient, name: str, status: int, code: str, *, stream: bool
) -> None:
    with pytest.raises(HttpResponseError) as caught:
        sdk.complete(**body(f"/scenario {name}", stream=stream))
    assert caught.value.status_code == status
    assert caught.value.error is not None
    assert caught.value.error.code == code


def test_it_notices_a_cut(sdk: ChatCompletionsClient) -> None:
    received: list[Any] = []
    with pytest.raises(AzureError):
        received.extend(_noted(sdk.complete(**body("/scenario cut", stream=True)), received))
    assert len(received) > 20


def test_it_notices_a_closed_connection(sdk: ChatCompletionsClient) -> None:
    with pytest.raises(AzureError):
        sdk.complete(**body("/scenario hang-up"))


def test_it_notices_a_break_before_the_first_token(sdk: ChatCompletionsClient) -> None:
    asking = body("/scenario flaky", model="Phi-3-medium-4k-instruct")
    with pytest.raises(AzureError):
        sdk.complete(**asking)
    assert sdk.complete(**asking).choices[0].message.content.endswith(TEXT_END)


def _noted(updates: Any, received: list[Any]) -> Iterator[Any]:
    """Note each of `updates`; yield none."""
    for update in updates:
        received.append(update)  # noqa: PERF402 - kept also when the next one raises
    yield from ()
