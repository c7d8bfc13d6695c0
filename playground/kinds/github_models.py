"""GitHub Models: retired, kept because its protocol lives on.

It was retired on 30 July 2026 for everyone; usable is only a server of its protocol that one names.
"""

from __future__ import annotations

from playground.connections import Kind
from playground.kinds.facts import KeyUse, KindFacts

FACTS = KindFacts(
    kind=Kind.GITHUB_MODELS,
    label="GitHub Models (retired)",
    summary="Retired on 30 July 2026 for everyone. Usable only with a server of its protocol that "
    "you name.",
    endpoint="https://HOST/inference",
    guide="any-other-server",
    key=KeyUse.REQUIRED,
    temperature_max=1.0,
    usual_names={
        "Phi-3-mini-4k-instruct": "microsoft/phi-3-mini-4k-instruct",
        "Phi-3-mini-128k-instruct": "microsoft/phi-3-mini-128k-instruct",
        "Phi-3-small-8k-instruct": "microsoft/phi-3-small-8k-instruct",
        "Phi-3-small-128k-instruct": "microsoft/phi-3-small-128k-instruct",
        "Phi-3-medium-4k-instruct": "microsoft/phi-3-medium-4k-instruct",
        "Phi-3-medium-128k-instruct": "microsoft/phi-3-medium-128k-instruct",
    },
    quirks=(
        (
            "Since October 2026 its own address answers 200 with the word OK to every request, which "
            "is no reply."
        ),
    ),
)
