"""A conversation as one HTML file: no script, nothing loaded from anywhere, opens from a disk."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path

from playground.conversation import Conversation
from playground.messages import Role
from playground.transfer.facts import (
    APP,
    SCRIPTED,
    Facts,
    datetime_of,
    facts_of,
    moment,
    title_of,
)
from playground.transfer.html_text import escaped, html_of, plain_html

SCRIPTED_NOTE = (
    '<p class="note scripted"><strong>This page holds scripted replies: they come from a demo, and '
    "no model wrote them.</strong> Each of them says so.</p>\n"
)


def html_document(conversation: Conversation, *, at: float, zone: dt.tzinfo = dt.UTC) -> bytes:
    """Return the document as UTF-8: the branch on the page.

    Prompts are shown as they were typed, replies as the chat page draws them, but for formulas,
    which stay TeX, and images, which are named and never loaded.

    Args:
        conversation: its branch on the page is written.
        at: the time of the export, in seconds since the epoch.
        zone: the time zone in which times are written.
    """
    return "".join(_page(conversation, at, zone)).encode()


def _page(conversation: Conversation, at: float, zone: dt.tzinfo) -> Iterator[str]:
    title = escaped(title_of(conversation))
    branch = facts_of(conversation)
    yield head(title)
    yield f'<header>\n<h1 dir="auto">{title}</h1>\n'
    yield f'<p class="about">Begun {time_html(conversation.created_at, zone)}</p>\n'
    if any(facts.scripted for facts in branch):
        yield SCRIPTED_NOTE
    yield "</header>\n<main>\n"
    if not branch:
        yield "<p>This conversation has no messages.</p>\n"
    for number, facts in enumerate(branch, 1):
        yield from article(facts, str(number), zone)
    yield foot(at, zone)


def head(title: str, *sheets: str) -> str:
    """Return a document up to its body.

    Args:
        title: as HTML.
        sheets: names of further style sheets beside this module.
    """
    style, policy = _style("page.css", *sheets)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="robots" content="noindex">\n'
        f'<meta name="generator" content="{escaped(APP)}">\n'
        f"<title>{title}</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )


def foot(at: float, zone: dt.tzinfo) -> str:
    """Return the end of a document that was exported at this time."""
    return (
        f"</main>\n<footer>\n<p>Exported from {escaped(APP)} on {time_html(at, zone)}. "
        "What a model says may be wrong.</p>\n</footer>\n</body>\n</html>\n"
    )


def article(
    facts: Facts, number: str, zone: dt.tzinfo, *, level: int = 2, name: str = ""
) -> Iterator[str]:
    """Yield a turn.

    Args:
        facts: the turn and what is said about it.
        number: names the turn within the document.
        zone: the time zone in which times are written.
        level: the level of its heading.
        name: who speaks; what the facts say if empty.
    """
    turn = facts.turn
    reply = turn.role is Role.ASSISTANT
    yield (
        f'<article class="{"reply" if reply else "prompt"}" id="message-{number}" '
        f'aria-labelledby="by-{number}">\n'
        f'<h{level} id="by-{number}" dir="auto">{escaped(name or facts.speaker)}</h{level}>\n'
    )
    about = [time_html(turn.created_at, zone), *map(escaped, facts.line)]
    yield f'<p class="facts">{" · ".join(about)}</p>\n'
    if facts.scripted:
        yield f'<p class="note scripted"><strong>{escaped(SCRIPTED)}</strong></p>\n'
    if facts.system_message is not None:
        said = plain_html(facts.system_message) if facts.system_message.strip() else "<p>none</p>"
        yield f'<div class="note system"><p><strong>System message</strong></p>{said}</div>\n'
    yield from _text(facts, level + 1)
    if facts.ending and not facts.whole:
        yield f'<p class="note ending"><strong>{escaped(facts.ending)}</strong></p>\n'
    if facts.error:
        title, *sentences = facts.error
        told = "".join(f"<p>{escaped(sentence)}</p>" for sentence in sentences)
        yield f'<div class="note error"><p><strong>{escaped(title)}</strong></p>{told}</div>\n'
    yield "</article>\n"


def _text(facts: Facts, level: int) -> Iterator[str]:
    turn = facts.turn
    if turn.content.strip():
        shown = (
            html_of(turn.content, level=level)
            if turn.role is Role.ASSISTANT
            else plain_html(turn.content)
        )
        yield f'<div class="text" dir="auto">\n{shown}</div>\n'
    elif not facts.error:
        yield '<p class="facts">(empty)</p>\n'


def time_html(seconds: float, zone: dt.tzinfo) -> str:
    """Return a time as people and programs read it."""
    when = datetime_of(seconds, zone)
    shown = escaped(moment(seconds, zone))
    if when is None:
        return shown
    return f'<time datetime="{when.isoformat(timespec="seconds")}">{shown}</time>'


@functools.cache
def _style(*sheets: str) -> tuple[str, str]:
    """Return the style sheets as one, and a policy that allows it and nothing else."""
    here = Path(__file__)
    style = "\n".join(here.with_name(sheet).read_text(encoding="utf-8") for sheet in sheets)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    return style, policy
