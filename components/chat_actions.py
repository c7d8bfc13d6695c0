"""What is done in a chat: sending, editing, deleting, asking again, going on, stopping."""

from __future__ import annotations

from collections.abc import Callable

from components.context_gauge import measure
from components.resources import resources
from components.session import give_back_prompt, session
from components.texts import _
from playground.bounds import check_prompt, system_message_problem
from playground.chat import run_for
from playground.context_fit import Verdict
from playground.conversation import Conversation, Run
from playground.errors import BadRequest, ChatError, TooManyRunning
from playground.quirks import needs_folding


def send(prompt: str) -> None:
    """Send what was typed, unless it does not fit: then the gauge offers what helps."""
    here = session()
    if not prompt.strip():
        return
    try:
        # What cannot be sent at all is told before what would not fit.
        check_prompt(prompt)
        _run()
    except ChatError as error:
        here.notice = error
        give_back_prompt(prompt)
        return
    measured = measure(prompt)
    if measured is not None and measured.verdict is Verdict.OVER:
        here.blocked = prompt
        give_back_prompt(prompt)
        return
    send_anyway(prompt)


def send_anyway(prompt: str) -> None:
    """Send what was typed; if that cannot be, say why and put it back into the box."""
    here, chat = session(), resources().chat
    if here.blocked:
        here.blocked = ""
        give_back_prompt("")  # it is still in the box when a button sends it
    try:
        if chat.run_of(chat.view(here.owner, here.conversation.id) or here.conversation):
            raise TooManyRunning(_("The answer above is still running."))
        conversation = chat.ask(
            here.owner, here.conversation.id, prompt, _run(), instead_of=here.editing
        )
    except ChatError as error:
        here.notice = error
        give_back_prompt(prompt)
        return
    if conversation is None:
        give_back_prompt(prompt)
        here.new_chat()
        return
    here.conversation = conversation
    here.editing = None
    here.announcer.begin(conversation.id)


def edit(turn_id: str) -> None:
    """Put an earlier prompt into the box, to be sent anew in its place."""
    here = session()
    turn = here.conversation.turn(turn_id)
    if turn is not None:
        here.editing = turn_id
        give_back_prompt(turn.text)


def delete(turn_id: str) -> None:
    """Delete a message and all that follows it."""
    here = session()
    try:
        resources().chat.delete(here.owner, here.conversation.id, turn_id)
    except ChatError as error:
        here.notice = error


def ask_again(turn_id: str, model: str | None = None) -> None:
    """Regenerate or retry a reply, with the parameters (and the model) that are picked now."""
    _more(resources().chat.ask_again, turn_id, model)


def carry_on(turn_id: str) -> None:
    """Go on with a reply where it broke off, with the model and parameters picked now."""
    _more(resources().chat.carry_on, turn_id)


def _more(
    start: Callable[[str, str, str, Run], Conversation | None],
    turn_id: str,
    model: str | None = None,
) -> None:
    here, chat = session(), resources().chat
    if chat.run_of(chat.view(here.owner, here.conversation.id) or here.conversation):
        return  # a second click, or another tab was quicker: that run is on the page
    try:
        asked = start(here.owner, here.conversation.id, turn_id, _run(model))
    except ChatError as error:
        here.notice = error
        return
    if asked is not None:
        here.announcer.begin(asked.id)


def stop() -> None:
    """Stop the running reply of this conversation."""
    here = session()
    resources().chat.stop(here.conversation)


def _run(model: str | None = None) -> Run:
    here = session()
    connection = here.connections.get(here.connection)
    if connection is None:
        raise BadRequest(_("The picked connection is gone."), advice=_("Pick another connection."))
    found = here.parameters.problems(temperature_max=connection.temperature_max)
    problems = [why for name, why in found.items() if name in connection.parameters]
    too_long = system_message_problem(here.system_message)
    problems += [too_long] if too_long else []
    if problems:
        raise BadRequest(
            " ".join(problems),
            advice=_("Correct it in the sidebar, or reset it; your text is kept in the box."),
        )
    name = model or here.model
    asked = resources().catalog.get(name)
    return run_for(
        connection,
        name,
        here.parameters,
        here.system_message,
        folded=asked is not None and here.fold and needs_folding(asked, here.system_message),
        left_out=here.left_out,
    )
