"""Scenarios in which what comes back is not what was expected."""

from __future__ import annotations

from playground.demo.answers import Answer, Dialect, Finish, Garbage, Page, Script
from playground.demo.scenarios.scenario import Call, Scenario

#: Lines that are no chunks: cut JSON, no choices, and choices that hold nothing.
_GARBAGE = (
    '{"id":"chatcmpl-demo","object":"chat.completion.chunk","choices":[{"ind',
    '{"object":"chat.completion.chunk"}',
    '{"choices":"none"}',
)

#: The most bad lines one can ask for.
_MOST_GARBAGE = 100

_LOGIN_PAGE = """\
<!DOCTYPE html>
<html lang="en">
  <head><title>Sign in to the network</title></head>
  <body><h1>Sign in</h1><p>Please sign in to use this network.</p></body>
</html>
"""


def _not_a_stream(_: Call) -> Answer:
    return Page("OK", "text/plain")


def _html_page(_: Call) -> Answer:
    return Page(_LOGIN_PAGE, "text/html")


def _garbled(call: Call) -> Answer:
    first, second = call.halves()
    wanted = int(call.argument) if call.argument.isdecimal() else len(_GARBAGE)
    bad = [Garbage(_GARBAGE[i % len(_GARBAGE)]) for i in range(min(wanted, _MOST_GARBAGE))]
    return Script((first, *bad, second, Finish()))


def _crlf(call: Call) -> Answer:
    return Script((*call.halves(), Finish()), dialect=Dialect.ORNATE)


def _other_model(call: Call) -> Answer:
    return Script((*call.halves(), Finish()), model="Phi-4-mini-instruct")


SCENARIOS = (
    Scenario("not-a-stream", 'Status 200, and the plain text "OK".', _not_a_stream),
    Scenario("html-page", "Status 200, and a sign-in page.", _html_page),
    Scenario(
        "garbled",
        "Three lines of the stream cannot be read, or as many as you say; the rest is fine.",
        _garbled,
        argument="[LINES]",
    ),
    Scenario(
        "crlf",
        "A BOM, CRLF, comments, event names and split data: unusual, but a valid stream.",
        _crlf,
    ),
    Scenario("other-model", "The server reports another model than was asked for.", _other_model),
)
