"""Small talk, and what the demo says about itself."""

from __future__ import annotations

from playground.demo.scripts.topic import Draft, Said, Topic, asks
from playground.demo.tokens import count_messages
from playground.messages import Role
from playground.settings import ENDPOINT

#: How to get from the script to a model. The address is the one llama.cpp listens at by default.
CONNECT = f"""\
To chat with a real Phi-3, run one anywhere that speaks the chat-completions protocol (llama.cpp, \
Ollama, LM Studio, vLLM, an Azure deployment) and put its address \
into the file `.env`. For llama.cpp on this machine, that is:

```bash
{ENDPOINT}=http://127.0.0.1:8080/v1
```

Then start the playground again. The **Connections** page shows every way."""

_WHO = Draft(
    (
        "I am the scripted demo of this playground: **no model runs here**. Every sentence was "
        "written beforehand, so that you can see the app at work before you connect anything.\n\n"
        + CONNECT,
        "Honestly? A script. I stand in for the six Phi-3 models until you connect one; "
        "**nothing I say was made by a model**.\n\n" + CONNECT,
        "A stand-in, made of prepared answers and **no model at all**.\n\n" + CONNECT,
    ),
    (
        (
            "What you see of the app is real: the request went over HTTP, the reply came back token "
            "by token, and the figures below it were measured."
        ),
        (
            "Type `/scenario` for a list of everything that can go wrong with a reply, each of which "
            "can be had on demand."
        ),
    ),
)

_GREETING = Draft(
    (
        (
            "Hello! I am a scripted demo, and glad of company. Ask me for the capital of France, a "
            "table, some code, or a long story."
        ),
        (
            "Hi there! No model is connected yet, so a script answers. It knows some capitals, a "
            "haiku and a long story."
        ),
        (
            "Good to see you! Everything I say was written beforehand, but the streaming is real. "
            "Try *Show me a table, some code and a formula.*"
        ),
        "Hello, hello! You have reached the script that keeps the seat warm for a model.",
    ),
    ("If you like it short, lower *max tokens* and see where I stop.",),
)

_GERMAN_GREETING = Draft(
    (
        (
            "Grüß dich! Hier antwortet ein Drehbuch und kein Modell. Frag mich nach der Hauptstadt "
            "von Frankreich oder nach einer langen Geschichte."
        ),
        (
            "Hallo und willkommen! Noch ist kein Modell verbunden; bis dahin antworte ich, ein "
            "Drehbuch mit Umlauten: äöüß."
        ),
    ),
    ("Am besten kann ich Englisch, weil auch die Phi-3-Modelle das am besten können.",),
)

_HOW_ARE_YOU = Draft(
    (
        "Very well, thank you: a script has no bad days. How are you?",
        "As well as when I was written. And you?",
        "Unchanged, which for a script is the best there is. Yourself?",
    )
)

_THANKS = Draft(
    (
        "You are welcome!",
        "My pleasure, as far as a script has any.",
        "Any time. I shall say the same again if you wish.",
    )
)

_GOODBYE = Draft(
    (
        "Goodbye! The conversation stays where it is, in the address of this page.",
        "See you. I shall not have changed.",
    )
)

_JOKE = Draft(
    (
        "Why did the language model bring a ladder? It had heard there was a top P.",
        "An SQL query walks into a bar, goes up to two tables and asks: may I join you?",
        "I know a joke about UDP, but you might not get it.",
        "There are two hard things in computing: naming, cache invalidation, and counting.",
    )
)


def _messages_sent(said: Said) -> Draft:
    sent = said.asked.messages
    yours = sum(m.role is Role.USER for m in sent)
    system = sum(m.role is Role.SYSTEM for m in sent)
    replies = len(sent) - yours - system
    parts = [_number(replies, "reply of mine", "replies of mine")] if replies else []
    parts += [_number(system, "system message", "system messages")] if system else []
    others = f", with {' and '.join(parts)}" if parts else ""
    tokens = count_messages(sent)
    return Draft(
        (
            (
                f"You have sent me **{_number(yours, 'message', 'messages')}**, this one included. "
                f"The request came to {tokens:,} tokens{others}."
            ),
            (
                f"**{_number(yours, 'message', 'messages')}** of yours came in this request, "
                f"{tokens:,} tokens in all{others}."
            ),
        ),
        (
            (
                "All of them are sent again each time. A server keeps nothing between two requests; "
                "what looks like memory is repetition."
            ),
        ),
    )


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


_count = asks(r"\bhow many (messages|turns|questions|prompts)\b", Draft(("",)))


def _count_messages(said: Said) -> Draft | None:
    return _messages_sent(said) if _count(said) else None


TOPICS = (
    Topic("How many messages did I send you?", _count_messages),
    Topic(
        "Who are you?",
        asks(
            r"\b(who|what) (are|r) (you|u)\b|\bare you (a|an|the|real|phi)\b|\bwer bist du\b"
            r"|\bwhat can you do\b|\byour name\b|\bhow (do|can) i connect\b",
            _WHO,
        ),
    ),
    Topic("", asks(r"(help|hilfe|what is this)( please)?", _WHO, whole=True)),
    Topic(
        "Hello!",
        asks(
            r"(hi|hello|hey|good (morning|evening|afternoon|day)|greetings|howdy)"
            r"( there| you| everyone| again| demo)*",
            _GREETING,
            whole=True,
        ),
    ),
    Topic(
        "",
        asks(
            r"(hallo|gruss (dich|gott)|guten (tag|morgen|abend)|servus|moin|tag)( .{1,12})?",
            _GERMAN_GREETING,
            whole=True,
        ),
    ),
    Topic(
        "",
        asks(r"((hi|hello|hey) )?how (are|do) you( do| doing)?( today)?", _HOW_ARE_YOU, whole=True),
    ),
    Topic("", asks(r"(many )?(thanks|thank you|thx|danke|merci)( .{1,20})?", _THANKS, whole=True)),
    Topic("", asks(r"(good ?bye|bye|see you|tschuss|ciao)( .{1,12})?", _GOODBYE, whole=True)),
    Topic("Tell me a joke.", asks(r"\b(joke|witz)\b", _JOKE)),
)
