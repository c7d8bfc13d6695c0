"""The line under a reply: who answered, how fast, how much, and how it ended."""

from __future__ import annotations

import streamlit as st

from components.notices import escaped
from components.resources import resources
from components.texts import _, _n, later, number, translated
from playground.conversation import Conversation, Run
from playground.leaks import without_markers
from playground.model_names import catalog_model
from playground.reply import Reply, Status

#: How each ending is told: an icon, a colour and words; colour is never the only sign.
ENDINGS: dict[Status, tuple[str, str, str]] = {
    Status.COMPLETED: ("check_circle", "gray", later("Complete")),
    Status.TRUNCATED: ("content_cut", "orange", later("Cut off at max tokens")),
    Status.FILTERED: ("filter_alt", "orange", later("Ended by the content filter")),
    Status.STOPPED: ("stop_circle", "gray", later("Stopped by you")),
    Status.INTERRUPTED: ("link_off", "orange", later("Incomplete: the connection was lost")),
    Status.FAILED: ("error", "red", later("Failed")),
    Status.RUNNING: ("hourglass", "gray", later("Running")),
}


def reply_footer(run: Run, reply: Reply, *, key: str) -> None:
    """Draw the line under a finished reply."""
    icon, colour, _words = ENDINGS[reply.status]
    words = ending_words(run, reply)
    told = f":material/{icon}:\u00a0{words}"  # the icon and its first word stay on one line
    ending = f":{colour}[{told}]"
    if reply.status is not Status.COMPLETED:
        ending = f":{colour}-badge[{told}]"
    demo = _("Scripted demo, no model")
    scripted = f":violet-badge[:material/theater_comedy: {demo}] " * run.scripted
    with st.container(key=key):
        st.markdown(f"{scripted}:small[:gray[{' · '.join(figures(run, reply))} ·] {ending}]")


def ending_words(run: Run, reply: Reply) -> str:
    """Return how a reply ended, in words."""
    if window_full(run, reply):
        return _("Cut off below max tokens: a limit of the server, or the window is full")
    return _(ENDINGS[reply.status][2])


def last_ending(conversation: Conversation) -> str:
    """Return how the last reply of the branch on the page ended, in words; empty if there is none."""
    last = conversation.turn(conversation.leaf)
    if last is None or last.run is None or last.reply is None:
        return ""
    return ending_words(last.run, last.reply)


def figures(run: Run, reply: Reply) -> list[str]:
    """Return the facts about a reply as pieces of Markdown."""
    model = resources().catalog.get(run.model)
    parts = [
        _("**{model}** via {connection}").format(
            model=escaped(model.label if model else run.model),
            connection=escaped(translated(run.connection_label)),
        )
    ]
    if another_model(run, reply):
        parts.append(mismatch_badge(reply))
    elif differs(run, reply):
        reported = escaped(reply.model_reported or "")
        parts.append(_("the server says **{model}**").format(model=reported))
    if reply.first_token_after is not None:
        parts.append(_("first token {time}").format(time=seconds(reply.first_token_after)))
    if reply.tokens_per_second is not None:
        about = "" if reply.usage else "~"
        speed = number(reply.tokens_per_second, ".0f")
        parts.append(about + _("{speed} tokens/s").format(speed=speed))
    tokens = reply.completion_tokens[0]
    if reply.usage is not None:
        parts.append(
            _("{read} tokens in, {written} out").format(
                read=number(reply.usage.prompt_tokens), written=number(tokens)
            )
        )
    elif tokens:
        parts.append("~" + _("{written} tokens out").format(written=number(tokens)))
    if run.folded:
        parts.append(_("system message in the first prompt"))
    if run.left_out:
        parts.append(_("{count} earlier messages not sent").format(count=len(run.left_out)))
    markers = without_markers(reply.text).markers
    if markers:
        parts.append(
            _n(
                "{count} leaked template marker cut, see Raw",
                "{count} leaked template markers cut, see Raw",
                markers,
            ).format(count=markers)
        )
    if reply.skipped:
        parts.append(_("{count} unreadable pieces left out").format(count=reply.skipped))
    return parts


def differs(run: Run, reply: Reply) -> bool:
    """Whether the server names another model than the one that was asked for."""
    reported = reply.model_reported
    return bool(reported) and str(reported).casefold() != run.deployment.casefold()


def another_model(run: Run, reply: Reply) -> bool:
    """Whether the server names a model that is not the one asked for, by whatever name it goes."""
    return differs(run, reply) and catalog_model(reply.model_reported or "") != run.model


def mismatch_badge(reply: Reply) -> str:
    """Return, in Markdown, that the server names another model, so that it stands out."""
    says = _("Says {model}").format(model=escaped(reply.model_reported or ""))
    return f":orange-badge[:material/sync_problem: {says}]"


def window_full(run: Run, reply: Reply) -> bool:
    """Whether a reply was cut off before max tokens, so that only the window can be the cause."""
    tokens, counted = reply.completion_tokens
    return reply.status is Status.TRUNCATED and counted and tokens < run.parameters.max_tokens


def seconds(value: float) -> str:
    """Return a duration with the digits that matter: "0.31 s", "12.4 s"."""
    return f"{number(value, '.2f' if value < 10 else '.1f')} s"
