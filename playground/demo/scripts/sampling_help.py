"""What the parameters do: in a model, and in this script."""

from __future__ import annotations

import re

from playground.demo.scripts.topic import Draft, Said, Topic
from playground.parameters import NUMERIC_PARAMETERS, NumericParameter

#: How each parameter acts on a script.
IN_THIS_DEMO = {
    "temperature": "0 gives the first wording of every reply; the higher it is, the more often "
    "another one is taken.",
    "max_tokens": "The reply is cut there, and ends with `length`.",
    "top_p": "The lower it is, the fewer wordings are left to choose from.",
    "presence_penalty": "Above 0, a sentence on another subject is added.",
    "frequency_penalty": "Above 0, a line that was already said is left out: ask for a song.",
    "seed": "The same seed gives the same wording.",
}

_ASKED = re.compile(
    r"\b(temperature|top p|max tokens|presence penalty|frequency penalty|seed|parameters?)\b"
)
_QUESTION = re.compile(r"\b(what|how|explain|why|when|which)\b")


def _parameters(said: Said) -> Draft | None:
    found = set(_ASKED.findall(said.plain))
    if not found or not _QUESTION.search(said.plain):
        return None
    about = [p for p in NUMERIC_PARAMETERS if p.name.replace("_", " ") in found]
    listed = "\n\n".join(map(_described, about or NUMERIC_PARAMETERS))
    return Draft((listed, f"In a model, and in this script:\n\n{listed}"))


def _described(parameter: NumericParameter) -> str:
    return f"**{parameter.label}**: {parameter.hint} *In this demo:* {IN_THIS_DEMO[parameter.name]}"


TOPICS = (Topic("What does temperature do?", _parameters),)
