"""After an error: when it is over, who else serves the model, which guide helps."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from components import error_help
from components.resources import resources
from playground.errors import (
    AuthenticationFailed,
    ChatError,
    ContextTooLong,
    EndpointUnreachable,
    ModelNotServed,
    RateLimited,
)
from playground.rate_limits import Per, RateLimit
from tests.support.parts import Configure
from tests.support.tab import Tab, take_over

MINI = "Phi-3-mini-4k-instruct"
THREE = f"""
[connections.limited]
endpoint = "http://192.0.2.7/v1"
kind = "ollama"

[connections.spare]
label = "Spare :red[*]"
endpoint = "http://192.0.2.8/v1"
deployments = {{ "{MINI}" = "phi3:mini" }}

[connections.big]
endpoint = "http://192.0.2.9/v1"
deployments = {{ "Phi-3-medium-4k-instruct" = "phi3:medium" }}
"""


def failing(configure: Configure, tab: Tab, error: ChatError, secrets: str = THREE) -> Tab:
    """Ask "limited", which fails so."""
    configure(secrets)
    tab.open()
    take_over("limited").answer().put(error)
    return tab.send("Tell me :a: secret")


def test_a_daily_limit_offers_the_others_that_serve_the_model_in_one_click(
    configure: Configure, tab: Tab
) -> None:
    failing(configure, tab, RateLimited(retry_after=52_220))
    assert tab.has("ask_spare")
    assert not tab.has("ask_big"), "it does not serve this model"
    assert not tab.has("ask_limited")
    spare = take_over("spare")
    spare.answer("From the spare one.")
    tab.click("ask_spare")
    (request,) = spare.requests
    assert request.deployment == "phi3:mini"
    assert request.messages[-1].content == "Tell me :a: secret", "nothing was typed again"
    assert "From the spare one." in tab.said[1]
    assert r"via Spare :red[*]" in tab.said[1]
    assert len(tab.prompts) == 1
    assert tab.session.connection == "spare", "and what is asked next goes there too"
    assert not tab.has("ask_limited"), "nothing is offered where all is well"


def test_the_reset_is_counted_down(configure: Configure, tab: Tab) -> None:
    failing(configure, tab, RateLimited(retry_after=52_220))
    assert "Free again at" in tab.said[1]
    assert "14 hours 30 minutes" in tab.said[1]


def test_a_limit_that_is_over_says_so(
    configure: Configure, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(configure, tab, RateLimited(retry_after=40.0))
    began = time.time()
    monkeypatch.setattr(
        "components.error_help._now", lambda: dt.datetime.fromtimestamp(began + 41).astimezone()
    )
    tab.run()
    assert "The limit should be over" in tab.said[1]


@pytest.mark.parametrize(
    ("error", "offered"),
    [
        (AuthenticationFailed(status=401), True),
        (ModelNotServed(status=404), True),
        (EndpointUnreachable(), True),
        (ContextTooLong(status=400), False),
    ],
    ids=lambda case: getattr(case, "name", str(case)),
)
def test_another_connection_is_offered_where_it_can_help(
    configure: Configure,
    tab: Tab,
    error: ChatError,
    offered: bool,  # noqa: FBT001 - a case
) -> None:
    failing(configure, tab, error)
    assert tab.has("ask_spare") == offered


def test_the_guide_of_the_servers_kind_is_linked(configure: Configure, tab: Tab) -> None:
    failing(configure, tab, EndpointUnreachable())
    assert "connections?guide=ollama#guides" in tab.said[1]


def test_where_no_other_connection_serves_it_none_is_offered(
    configure: Configure, tab: Tab
) -> None:
    alone = THREE.partition("[connections.spare]")[0]
    failing(configure, tab, RateLimited(retry_after=52_220), alone)
    assert not [b for b in tab.at.button if str(b.key).startswith("ask_")]


def test_the_demo_is_never_offered_in_place_of_a_model(configure: Configure, tab: Tab) -> None:
    tab.open().send("/scenario rate-limit-day")
    assert not [b for b in tab.at.button if str(b.key).startswith("ask_")]


def test_what_is_left_of_the_limits_stands_on_the_card(configure: Configure, tab: Tab) -> None:
    limits = "requests_per_minute = 15\n"
    configure(THREE.replace('kind = "ollama"\n', 'kind = "ollama"\n' + limits))
    tab.open("connections")
    assert "15 of 15 requests a minute left" in tab.text
    resources().limits.heard(
        "spare", (RateLimit("tokens", Per.DAY, limit=900, remaining=30, reset=90.0),)
    )
    resources().limits.admit(resources().connections.all[0])
    text = tab.run().text
    assert "14 of 15 requests a minute left, more in " in text
    assert "30 of 900 tokens a day left, more in " in text


@pytest.mark.parametrize("reset", [None, 20.0])
def test_what_was_left_a_while_ago_is_not_told_as_if_it_still_were(
    configure: Configure, tab: Tab, monkeypatch: pytest.MonkeyPatch, reset: float | None
) -> None:
    configure(THREE)
    tab.open("connections")
    limit = RateLimit("requests", Per.MINUTE, limit=15, remaining=0, reset=reset)
    resources().limits.heard("spare", (limit,))
    assert "0 of 15 requests a minute left" in tab.run().text
    later = error_help._now() + dt.timedelta(seconds=61)
    monkeypatch.setattr(error_help, "_now", lambda: later)
    text = tab.run().text
    assert "0 of 15" not in text
    assert "15 requests a minute" in text
