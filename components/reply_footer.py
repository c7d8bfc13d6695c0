"""The line under a reply: who answered, how fast, how much, and how it ended."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped
from components.resources import resources
from playground.conversation import Run
from playground.leaks import without_markers
from playground.reply import Reply, Status

#: How each ending is told: an icon, a colour and words; colour is never the only sign.
ENDINGS: dict[Status, tuple[str, str, str]] = {
    Status.COMPLETED: ("check_circle", "gray", "Complete"),
    Status.TRUNCATED: ("content_cut", "orange", "Cut off at max tokens"),
    Status.FILTERED: ("filter_alt", "orange", "Ended by the content filter"),
    Status.STOPPED: ("stop_circle", "gray", "Stopped by you"),
    Status.INTERRUPTED: ("link_off", "orange", "Incomplete: the connection was lost"),
    Status.FAILED: ("error", "red", "Failed"),
    Status.RUNNING: ("hourglass", "gray", "Running"),
}


def reply_footer(run: Run, reply: Reply, *, key: str) -> None:
    """Draw the line under a finished reply."""
    icon, colour, words = ENDINGS[reply.status]
    if window_full(run, reply):
        words = "Cut off below max tokens: a limit of the server, or the window is full"
    ending = f":{colour}[:material/{icon}: {words}]"
    if reply.status is not Status.COMPLETED:
        ending = f":{colour}-badge[:material/{icon}: {words}]"
    scripted = ":violet-badge[:material/theater_comedy: Scripted demo, no model] " * run.scripted
    with st.container(key=key):
        st.markdown(f"{scripted}:small[:gray[{' · '.join(figures(run, reply))} ·] {ending}]")


def figures(run: Run, reply: Reply) -> list[str]:
    """Return the facts about a reply as pieces of Markdown."""
    model = resources().catalog.get(run.model)
    parts = [
        f"**{escaped(model.label if model else run.model)}** via {escaped(run.connection_label)}"
    ]
    if differs(run, reply):
        parts.append(f"the server says **{escaped(reply.model_reported or '')}**")
    if reply.first_token_after is not None:
        parts.append(f"first token {seconds(reply.first_token_after)}")
    if reply.tokens_per_second is not None:
        about = "" if reply.usage else "~"
        parts.append(f"{about}{reply.tokens_per_second:.0f} tokens/s")
    tokens, _ = reply.completion_tokens
    if reply.usage is not None:
        parts.append(f"{reply.usage.prompt_tokens:,} tokens in, {tokens:,} out")
    elif tokens:
        parts.append(f"~{tokens:,} tokens out")
    if run.folded:
        parts.append("system message in the first prompt")
    if run.left_out:
        parts.append(f"{len(run.left_out)} earlier messages not sent")
    markers = without_markers(reply.text).markers
    if markers:
        parts.append(f"{markers} leaked template marker{'s' * (markers > 1)} cut, see Raw")
    if reply.skipped:
        parts.append(f"{reply.skipped} unreadable pieces left out")
    return parts


def differs(run: Run, reply: Reply) -> bool:
    """Whether the server names another model than the one that was asked for."""
    reported = reply.model_reported
    return bool(reported) and str(reported).casefold() != run.deployment.casefold()


def window_full(run: Run, reply: Reply) -> bool:
    """Whether a reply was cut off before max tokens, so that only the window can be the cause."""
    tokens, counted = reply.completion_tokens
    return reply.status is Status.TRUNCATED and counted and tokens < run.parameters.max_tokens


def seconds(value: float) -> str:
    """Return a duration with the digits that matter: "0.31 s", "12.4 s"."""
    return f"{value:.2f} s" if value < 10 else f"{value:.1f} s"
