"""Chatting: a prompt becomes a turn, a run and a reply that is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from playground.bounds import check_prompt, check_room, check_system_message
from playground.connections import Connection
from playground.conversation import Conversation, Run, Turn, new_id
from playground.endpoint import Endpoint
from playground.errors import SettingsError, TooManyRunning
from playground.generation import Generation
from playground.generations import Generations
from playground.messages import Role
from playground.parameters import Parameters
from playground.queueing import Queue, QueuedEndpoint
from playground.reply import Reply, Status
from playground.request import ChatRequest
from playground.retrying import stream_with_retries
from playground.store import ConversationStore


@dataclass(frozen=True, slots=True)
class Kept:
    """A prompt that is kept, and with it the place of the answer, whose run is not started yet.

    Attributes:
        conversation: as it then is.
        start: starts the run; returns the conversation as it is after that.
    """

    conversation: Conversation
    start: Callable[[], Conversation]


class Chat:
    """The use cases of the chat page.

    Args:
        store: where conversations are kept; written before a request leaves.
        generations: the runs of this process.
        endpoint_for: returns the endpoint of a connection by the connection's name, or None if
            there is no usable connection of that name.
        queue: where requests wait until their connection takes them.
    """

    def __init__(
        self,
        store: ConversationStore,
        generations: Generations,
        endpoint_for: Callable[[str], Endpoint | None],
        queue: Queue | None = None,
    ) -> None:
        self._store = store
        self._generations = generations
        self._endpoint_for = endpoint_for
        self._queue = queue or Queue()

    def ask(
        self,
        owner: str,
        conversation_id: str,
        prompt: str,
        run: Run,
        *,
        instead_of: str | None = None,
    ) -> Conversation | None:
        """Add `prompt` to the conversation and start the run that answers it.

        With `instead_of`, the id of an earlier prompt, it becomes an alternative of that prompt:
        a branch of its own, beside the one that was there.

        Returns the conversation as it then is, or None if it is another owner's.

        Raises:
            ChatError: if nothing could be started; then nothing was added either.
        """
        kept = self.keep(owner, conversation_id, prompt, run, instead_of=instead_of)
        return kept.start() if kept else None

    def keep(
        self,
        owner: str,
        conversation_id: str,
        prompt: str,
        run: Run,
        *,
        instead_of: str | None = None,
        turn_id: str | None = None,
    ) -> Kept | None:
        """Do what `ask` does, but for starting the run. Several can be kept at the same time.

        With `turn_id` the turn of the prompt gets that id.
        """
        check_prompt(prompt)
        conversation = self._store.get(owner, conversation_id)
        if conversation is not None:
            check_room(len(conversation.turns), 2)
        leaf = conversation.leaf if conversation else None
        edited = conversation.turn(instead_of) if conversation and instead_of else None
        if edited is not None:
            leaf = edited.parent
        asked = Turn(turn_id or new_id(), parent=leaf, role=Role.USER, text=prompt)
        run = _before(leaf, conversation, run)
        return self._keep(owner, conversation_id, asked.id, run, asked)

    def ask_again(
        self, owner: str, conversation_id: str, turn_id: str, run: Run
    ) -> Conversation | None:
        """Start another run for the prompt that the reply `turn_id` answers.

        The earlier reply stays in the conversation, as an alternative. Returns None also where
        `turn_id` is no reply. Raises as `ask` does.
        """
        conversation = self._store.get(owner, conversation_id)
        turn = conversation.turn(turn_id) if conversation else None
        if conversation is None or turn is None or turn.role is not Role.ASSISTANT:
            return None
        prompt = conversation.prompt_of(turn_id)
        if prompt is None:
            return None
        check_room(len(conversation.turns), 1)
        run = _before(prompt.parent, conversation, run)
        kept = self._keep(owner, conversation_id, prompt.id, run)
        return kept.start() if kept else None

    def carry_on(
        self, owner: str, conversation_id: str, turn_id: str, run: Run
    ) -> Conversation | None:
        """Start a run that goes on with the reply `turn_id` where it broke off.

        The new part is a turn of its own below it, with its own figures and ending. Returns None
        also where there is no such reply, or none with text. Raises as `ask` does.
        """
        conversation = self._store.get(owner, conversation_id)
        turn = conversation.turn(turn_id) if conversation else None
        if conversation is None or turn is None or turn.role is not Role.ASSISTANT:
            return None
        check_room(len(conversation.turns), 1)
        prompt = conversation.prompt_of(turn_id)
        run = _before(prompt.parent if prompt else None, conversation, run)
        kept = self._keep(owner, conversation_id, turn_id, run)
        return kept.start() if kept else None

    def delete(self, owner: str, conversation_id: str, turn_id: str) -> Conversation | None:
        """Delete a turn and all that follows it, and stop what runs there.

        Returns the conversation as it then is, or None if there is no such turn.
        """
        conversation = self._store.get(owner, conversation_id)
        if conversation is None:
            return None
        kept = {turn.id for turn in conversation.without_turn(turn_id).turns}
        for turn in conversation.turns:
            generation = None if turn.id in kept else self._generations.get(turn.id)
            if generation is not None:
                generation.stop()
        return self._store.delete_turn(owner, conversation_id, turn_id)

    def view(self, owner: str, conversation_id: str) -> Conversation | None:
        """Return the conversation as it stands now, with the text of running replies."""
        conversation = self._store.get(owner, conversation_id)
        if conversation is None:
            return None
        for turn in conversation.turns:
            if turn.reply is not None and turn.reply.running:
                run = self._generations.get(turn.id)
                # What runs without being ours is another process's: it stands as last saved.
                if run is not None:
                    conversation = conversation.with_reply(turn.id, run.snapshot())
        return conversation

    def run_of(self, conversation: Conversation) -> Generation | None:
        """Return the run that goes on for the branch on the page, or None."""
        generation = self._generations.get(conversation.leaf or "")
        return generation if generation is not None and generation.running else None

    def stop(self, conversation: Conversation) -> None:
        """Stop what runs for the branch on the page."""
        generation = self.run_of(conversation)
        if generation is not None:
            generation.stop()

    def _keep(
        self, owner: str, conversation_id: str, parent: str, run: Run, *asked: Turn
    ) -> Kept | None:
        server = self._endpoint_for(run.connection)
        if server is None:
            raise SettingsError(
                f"There is no usable connection called {run.connection}.",
                advice="Pick another connection and send it again; your text is kept.",
            )
        check_system_message(run.system_message)
        self._generations.check(owner)
        answer = Turn(id=new_id(), parent=parent, role=Role.ASSISTANT, run=run, reply=Reply())
        conversation = self._store.append(owner, conversation_id, *asked, answer)
        if conversation is None:
            return None
        request = ChatRequest(
            deployment=run.deployment,
            messages=conversation.messages(
                parent, run.system_message, fold_system=run.folded, leave_out=run.left_out
            ),
            parameters=run.parameters,
        )
        endpoint = QueuedEndpoint(server, self._queue, run.connection, owner)

        def record(reply: Reply) -> None:
            self._store.save_reply(owner, conversation_id, answer.id, reply)

        def start() -> Conversation:
            try:
                self._generations.start(
                    owner,
                    answer.id,
                    lambda stop: stream_with_retries(endpoint, request, stop),
                    record,
                )
            except TooManyRunning as error:
                # Somebody took the last place since it was checked: the prompt is kept, with Retry.
                failed = Reply(status=Status.FAILED, error=error)
                record(failed)
                return conversation.with_reply(answer.id, failed)
            return conversation

        return Kept(conversation, start)


def _before(leaf: str | None, conversation: Conversation | None, run: Run) -> Run:
    """Return the run with what it leaves out of the branch to `leaf`, and nothing else.

    What is asked, or continued, comes after that and is always sent.
    """
    if not run.left_out:
        return run
    branch = conversation.path(leaf) if conversation is not None and leaf is not None else ()
    left_out = frozenset(run.left_out)
    return replace(run, left_out=tuple(turn.id for turn in branch if turn.id in left_out))


def run_for(
    connection: Connection,
    model: str,
    parameters: Parameters,
    system_message: str,
    *,
    folded: bool = False,
    left_out: tuple[str, ...] = (),
) -> Run:
    """Return the run that asks `model` (a catalog name) at `connection`; the rest as in Run."""
    return Run(
        model=model,
        deployment=connection.deployment(model),
        connection=connection.name,
        connection_label=connection.label,
        parameters=parameters,
        system_message=system_message,
        scripted=connection.scripted,
        folded=folded,
        left_out=left_out,
    )
