"""llama.cpp's own server, `llama-server` (seen in this project's tests, see docs/servers.md)."""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import NO_FILTER, WITHOUT_SMALL, KeyUse, KindFacts

FACTS = KindFacts(
    kind=Kind.LLAMA_CPP,
    label="llama.cpp",
    summary="One program and one GGUF file, with full control.",
    endpoint="http://127.0.0.1:8080/v1",
    guide="llamacpp",
    key=KeyUse.OPTIONAL,
    port=8080,
    serves=WITHOUT_SMALL,
    filtering=NO_FILTER,
    hints=(
        (
            "`--ctx-size` is the window, divided among the slots (`--parallel`): state what is left "
            "for one as `context_limit`."
        ),
        "`--alias Phi-3-mini-4k-instruct` gives the model the name that the playground asks for.",
    ),
    quirks=(
        (
            "It serves one model and ignores the name in the request: whatever you pick, that model "
            "answers. The line under each reply says which."
        ),
        (
            "It says nothing at all until the first token, so `first_token_timeout` has to cover the "
            "queue and the prompt."
        ),
        "It never supported Phi-3-small.",
    ),
)
