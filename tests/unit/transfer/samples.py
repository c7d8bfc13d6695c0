"""Conversations to export: one with everything in it, and any there can be."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from playground.conversation import Conversation, Run, Turn
from playground.errors import ChatError, ConnectionLost, RateLimited, StreamStalled
from playground.events import Usage
from playground.growth import Growth
from playground.messages import Role
from playground.parameters import Parameters
from playground.reply import Phase, Reply, Status

#: 2026-11-24 08:05 UTC.
AT = 1_795_507_500.0

RUN = Run(
    model="Phi-3-mini-4k-instruct",
    deployment="phi3:mini",
    connection="local",
    connection_label="My machine",
    parameters=Parameters(temperature=0.25, stop=("###", "\n\n"), seed=7),
    system_message="Answer like a pirate.",
)
DEMO = Run("Phi-3-medium-128k-instruct", "phi-3-medium", "demo", "Demo", scripted=True)

ANSWER = """# Arrr

Use `print("hi")`:

```python
def hi():
    print("<b>&amp;</b>")
```

| a | b |
|:-:|--:|
| 1 | *2* |

See [the docs](https://docs.python.org/3/) and $e^{i\\pi} + 1 = 0$.
"""

FULL = Conversation(
    id="conversation_1",
    title="Ahoy: <how> to *greet*?",
    created_at=AT,
    updated_at=AT + 60.5,
    turns=(
        Turn("q1", None, Role.USER, "How do I greet?\n  <script>alert(1)</script>", AT),
        Turn(
            "a1",
            "q1",
            Role.ASSISTANT,
            created_at=AT + 0.125,
            run=RUN,
            reply=Reply(
                Status.COMPLETED,
                Phase.STREAMING,
                ANSWER,
                started_at=AT + 0.125,
                first_token_after=0.31,
                elapsed=2.31,
                pieces=101,
                usage=Usage(23, 101),
                model_reported="phi3:mini-4k",
                fingerprint="fp_1",
                request_id="req-1",
                growth=Growth((0.31, 1.125, 2.297), (1, 80, len(ANSWER))),
            ),
        ),
        Turn(
            "a1b",
            "q1",
            Role.ASSISTANT,
            created_at=AT + 10,
            run=RUN,
            reply=Reply(
                Status.INTERRUPTED,
                Phase.STREAMING,
                "Ahoy! ```",
                started_at=AT + 10,
                first_token_after=1.5,
                elapsed=12.0,
                pieces=2,
                skipped=1,
                error=StreamStalled(detail="idle for 30 s"),
            ),
        ),
        Turn("q2", "a1", Role.USER, "And in the demo?", AT + 20),
        Turn(
            "a2",
            "q2",
            Role.ASSISTANT,
            created_at=AT + 21,
            run=DEMO,
            reply=Reply(Status.TRUNCATED, Phase.STREAMING, "I am scripted.", AT + 21, 0.1, 0.5, 4),
        ),
        Turn("q3", "a2", Role.USER, "Again?", AT + 30),
        Turn(
            "a3",
            "q3",
            Role.ASSISTANT,
            created_at=AT + 31,
            run=RUN,
            reply=Reply(
                Status.FAILED,
                started_at=AT + 31,
                elapsed=0.2,
                error=RateLimited(status=429, code="too_many", request_id="r", retry_after=17.5),
            ),
        ),
    ),
    leaf="a3",
    title_edited=True,
    pinned=True,
)


def _optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


#: Any text, half pairs and U+0000 among it.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=40)
_TIMES = st.floats(0, 253_402_300_799, allow_nan=False) | st.integers(0, 2**31)
_SECONDS = st.floats(0, 1e6, allow_nan=False)
_COUNTS = st.integers(0, 2**63 - 1)

PARAMETERS = st.builds(
    Parameters,
    temperature=st.floats(0, 2),
    max_tokens=st.integers(1, 4096),
    top_p=st.floats(0, 1),
    presence_penalty=st.floats(-2, 2),
    frequency_penalty=st.floats(-2, 2),
    stop=st.lists(TEXTS, max_size=4).map(tuple),
    seed=_optional(st.integers(0, 2**31 - 1)),
)
RUNS = st.builds(
    Run,
    model=TEXTS,
    deployment=TEXTS,
    connection=TEXTS,
    connection_label=TEXTS,
    parameters=PARAMETERS,
    system_message=TEXTS,
    scripted=st.booleans(),
    folded=st.booleans(),
    left_out=st.lists(st.sampled_from(["t0", "t1", "gone-1"]), max_size=3).map(tuple),
)
_FIELDS = {
    "happened": TEXTS,
    "detail": TEXTS,
    "advice": TEXTS,
    "status": _optional(st.integers(100, 599)),
    "code": _optional(TEXTS),
    "request_id": _optional(TEXTS),
    "retry_after": _optional(_SECONDS),
}
ERRORS = st.one_of(
    *(st.builds(kind, **_FIELDS) for kind in (ChatError, ConnectionLost, RateLimited))
)


@st.composite
def growths(draw: st.DrawFn) -> Growth:
    """Return any growth there can be."""
    characters = sorted(draw(st.sets(st.integers(1, 2**63 - 1), min_size=1, max_size=64)))
    size = len(characters)
    seconds = draw(st.lists(_SECONDS, min_size=size, max_size=size))
    return Growth(tuple(sorted(seconds)), tuple(characters))


REPLIES = st.builds(
    Reply,
    status=st.sampled_from([s for s in Status if s is not Status.RUNNING]),
    phase=st.sampled_from(Phase),
    text=TEXTS,
    started_at=_TIMES,
    first_token_after=_optional(_SECONDS),
    elapsed=_SECONDS,
    pieces=_COUNTS,
    usage=_optional(st.builds(Usage, prompt_tokens=_COUNTS, completion_tokens=_COUNTS)),
    model_reported=_optional(TEXTS),
    fingerprint=_optional(TEXTS),
    request_id=_optional(TEXTS),
    error=_optional(ERRORS),
    skipped=_COUNTS,
    retry_at=_optional(_SECONDS),
    growth=_optional(growths()),
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Return any conversation whose turns make a tree."""
    turns: list[Turn] = []
    for number in range(draw(st.integers(0, 5))):
        parent = draw(st.sampled_from([None, *(t.id for t in turns)]))
        role = draw(st.sampled_from(Role))
        answer = role is Role.ASSISTANT
        turns.append(
            Turn(
                f"t{number}",
                parent,
                role,
                draw(TEXTS),
                draw(_TIMES),
                draw(_optional(RUNS)) if answer else None,
                draw(_optional(REPLIES)) if answer else None,
            )
        )
    return Conversation(
        id=draw(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True)),
        title=draw(TEXTS),
        created_at=draw(_TIMES),
        updated_at=draw(_TIMES),
        turns=tuple(turns),
        leaf=draw(st.sampled_from([None, *(t.id for t in turns)])),
        title_edited=draw(st.booleans()),
        pinned=draw(st.booleans()),
    )
