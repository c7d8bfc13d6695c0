"""The scripts: every topic the demo can talk about, and what it says to anything else."""

from __future__ import annotations

from playground.demo.asked import Asked
from playground.demo.quoting import quoted
from playground.demo.scripts import (
    capitals,
    languages,
    numbers,
    prose,
    sampling_help,
    showpieces,
    talk,
)
from playground.demo.scripts.topic import Draft, Topic, views

#: In the order in which they are tried.
TOPICS: tuple[Topic, ...] = (
    *capitals.TOPICS,
    *languages.TOPICS,
    *talk.TOPICS,
    *sampling_help.TOPICS,
    *showpieces.TOPICS,
    *prose.TOPICS,
    *numbers.TOPICS,
)

EXAMPLES = tuple(topic.example for topic in TOPICS if topic.example)

#: The ones that show the most, for those who did not know what to ask.
_STARTERS = (
    "What is the capital of France?",
    "Show me a table, some code and a formula.",
    "Compare the six Phi-3 models.",
    "Tell me a long story.",
    "/scenario",
)


def draft_for(asked: Asked) -> Draft:
    """Return what the scripts have to say to the last prompt of `asked`."""
    for view in views(asked):
        for topic in TOPICS:
            draft = topic.draft(view)
            if draft is not None:
                return draft
    return _anything_else(asked.prompt)


def _anything_else(prompt: str) -> Draft:
    if not prompt.strip():
        return Draft(("There is no prompt in this request, so a script has nothing to go by.",))
    quote = quoted(prompt)
    starters = "\n".join(f"- {quoted(starter)}" for starter in _STARTERS)
    try_these = f"Try one of these:\n\n{starters}\n\n{talk.CONNECT}"
    return Draft(
        (
            (
                f"You wrote {quote}, and that deserves a model. None is connected yet: this reply is "
                f"scripted, and the script does not go that far. {try_these}"
            ),
            (
                f"A model would have something to say to {quote}. I am only the script that answers "
                f"until one is connected. {try_these}"
            ),
            f"{quote} is beyond me: no model runs here, only prepared answers. {try_these}",
        ),
        ("All prompts it has an answer for: " + ", ".join(f"*{example}*" for example in EXAMPLES),),
    )
