"""Decides how a request is answered."""

from __future__ import annotations

import re
from dataclasses import replace

from playground.demo.answers import Answer, Finish, Say, Script
from playground.demo.asked import Asked
from playground.demo.attempts import Attempts
from playground.demo.context import over_the_window
from playground.demo.manner import manner_for
from playground.demo.sampling import limited, penalised, pick
from playground.demo.scenarios import scenario_answer
from playground.demo.scripts import EXAMPLES, draft_for
from playground.demo.scripts.topic import plain_words
from playground.demo.voices import voice_of
from playground.messages import Message, Role

_GO_ON = re.compile(r"(please )?(continue|go on|keep going|more|weiter)( please)?")

_NOTHING_LEFT = "\n\nThat was all: the script has no more to say here."
_NOT_MINE = "\n\nThis is a script, and it can only go on with what it began itself."


class Director:
    """Answers requests. One for each server, since it remembers what failed before."""

    def __init__(self) -> None:
        self._attempts = Attempts()

    def answer(self, asked: Asked) -> Answer:
        """Return the answer to `asked`."""
        scenario = scenario_answer(asked, self._attempts)
        if scenario is not None:
            return scenario
        return over_the_window(asked) or _reply(replace(asked, messages=resumed(asked.messages)))


def resumed(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return `messages` with each "go on" taken out, and the replies around it joined."""
    kept: list[Message] = []
    going_on = False
    for message in messages:
        last = kept[-1].role if kept else None
        if (
            message.role is Role.USER
            and last is Role.ASSISTANT
            and _GO_ON.fullmatch(plain_words(message.content[:100]))
        ):
            going_on = True
        elif going_on and message.role is Role.ASSISTANT:
            kept[-1] = Message(Role.ASSISTANT, kept[-1].content + message.content)
            going_on = False
        else:
            kept.append(message)
            going_on = False
    return tuple(kept)


def _reply(asked: Asked) -> Script:
    wordings = _wordings(asked)
    if asked.begun:
        begun = asked.begun
        rests = [text[len(begun) :] for text in wordings if text.startswith(begun)]
        text = (rests[0] or _NOTHING_LEFT) if rests else _NOT_MINE
    else:
        text = pick(wordings, asked.sampling, asked.prompt)
    tokens, reason = limited(text, asked.sampling)
    return Script((Say(tokens), Finish(reason)))


def _wordings(asked: Asked) -> list[str]:
    """Return all replies there could be to `asked`, the likeliest first."""
    draft = draft_for(asked)
    manner = manner_for(asked)
    breath = 0 if manner.brief else voice_of(asked.model).breath
    texts = (
        manner.apply(draft.joint.join((wording, *draft.more[:breath])))
        for wording in draft.wordings
    )
    return [penalised(text, asked.sampling, EXAMPLES) for text in texts]
