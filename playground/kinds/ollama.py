"""Ollama (https://docs.ollama.com/api/openai-compatibility, read in copies of November 2026)."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import NO_FILTER, WITHOUT_SMALL, KindFacts

FACTS = KindFacts(
    kind=Kind.OLLAMA,
    label="Ollama",
    summary="The quickest start on a laptop: one command fetches a model, another serves it.",
    endpoint="http://127.0.0.1:11434/v1",
    guide="ollama",
    port=11434,
    # The first request loads the model, which takes as long as the disk does.
    first_token_timeout=180.0,
    serves=WITHOUT_SMALL,
    usual_names={
        "Phi-3-mini-4k-instruct": "phi3:mini",
        "Phi-3-medium-4k-instruct": "phi3:medium",
        "Phi-3-medium-128k-instruct": "phi3:medium-128k",
    },
    filtering=NO_FILTER,
    hints=(
        "A model has to be pulled before it is served: `ollama pull phi3:mini`.",
        "The names it serves are those of `ollama list`, with the part after the colon.",
    ),
    quirks=(
        (
            "A prompt over its context window is cut at the front without a word. The window is 4,096 "
            "tokens on most machines unless OLLAMA_CONTEXT_LENGTH says otherwise: state it as "
            "`context_limit`."
        ),
        "It takes any key and looks at none.",
        "A model that was not used for five minutes is unloaded; the next first token takes longer.",
    ),
)
