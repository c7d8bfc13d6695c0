"""What a system message does to a script: "be brief" and "talk like a pirate" are followed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playground.demo.asked import Asked
from playground.demo.scripts.topic import plain_words
from playground.messages import Role

_BRIEF = re.compile(
    r"\b(one sentence|single sentence|be brief|briefly|brief answers?|be concise|concisely"
    r"|short answers?|keep it short|kurz)\b"
)
_PIRATE = re.compile(r"\b(pirate|pirat)\b")

#: Code and formulas: what must stay as it is.
_UNTOUCHABLE = re.compile(
    r"(```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|\\\(.*?\\\)|\\\[.*?\\\])", re.DOTALL
)
_SENTENCE = re.compile(r".*?[.!?]['\"*)]*(?=\s|$)", re.DOTALL)

_PIRATE_WORDS = {
    "you": "ye",
    "your": "yer",
    "are": "be",
    "is": "be",
    "my": "me",
    "hello": "ahoy",
    "yes": "aye",
    "friend": "matey",
}
_PIRATE_WORD = re.compile(rf"\b({'|'.join(_PIRATE_WORDS)})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Manner:
    """How to say things."""

    brief: bool = False
    pirate: bool = False

    def apply(self, text: str) -> str:
        """Return `text` said in this manner."""
        if self.brief:
            text = first_sentence(text)
        return _as_a_pirate(text) if self.pirate else text


def manner_for(asked: Asked) -> Manner:
    """Return the manner that the system message of `asked` wishes for.

    A model whose published template drops the system message does not see it here, either; it
    sees what stands above the first prompt, set off by a blank line.
    """
    wish = plain_words(_instructions(asked))
    return Manner(brief=bool(_BRIEF.search(wish)), pirate=bool(_PIRATE.search(wish)))


def _instructions(asked: Asked) -> str:
    if asked.model.takes_system_message:
        return "\n".join(m.content for m in asked.messages if m.role is Role.SYSTEM)
    return asked.prompts[0].rpartition("\n\n")[0] if asked.prompts else ""


def first_sentence(text: str) -> str:
    """Return the first sentence of `text`; where its first paragraph has none, that."""
    paragraph = text.partition("\n\n")[0]
    found = _SENTENCE.match(paragraph)
    sentence = found[0] if found else paragraph
    return f"{sentence[:-1]}." if sentence.endswith(":") else sentence


def _as_a_pirate(text: str) -> str:
    parts = _UNTOUCHABLE.split(text)
    parts[::2] = [_PIRATE_WORD.sub(_pirate_word, part) for part in parts[::2]]
    between = " " if text[:1].isalnum() or text.startswith("**") else "\n\n"
    return f"Arr!{between}{''.join(parts)}"


def _pirate_word(found: re.Match[str]) -> str:
    word = _PIRATE_WORDS[found[0].lower()]
    return word.capitalize() if found[0][0].isupper() else word
