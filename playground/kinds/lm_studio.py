"""LM Studio (https://lmstudio.ai/docs/app/api, read in copies of November 2026)."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import NO_FILTER, WITHOUT_SMALL, KindFacts

FACTS = KindFacts(
    kind=Kind.LM_STUDIO,
    label="LM Studio",
    summary="A desktop app that finds, loads and serves models with buttons.",
    endpoint="http://127.0.0.1:1234/v1",
    guide="lm-studio",
    port=1234,
    # It loads a model when it is first asked for.
    first_token_timeout=180.0,
    serves=WITHOUT_SMALL,
    usual_names={
        "Phi-3-mini-4k-instruct": "phi-3-mini-4k-instruct",
        "Phi-3-mini-128k-instruct": "phi-3-mini-128k-instruct",
        "Phi-3-medium-4k-instruct": "phi-3-medium-4k-instruct",
        "Phi-3-medium-128k-instruct": "phi-3-medium-128k-instruct",
    },
    filtering=NO_FILTER,
    hints=(
        "Start its server: the Developer tab, or `lms server start`.",
        "The context length is chosen when a model is loaded; state it as `context_limit`.",
    ),
    quirks=(
        "It lists every model on the disk, loaded or not, and loads one when it is asked for.",
        (
            "Some versions answer a prompt over the window with nothing at all: state the context "
            "length as `context_limit`, and the page tells before you send."
        ),
    ),
)
