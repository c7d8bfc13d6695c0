"""Comparing: one prompt becomes a run in every pane, and no pane's trouble is another's."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from playground.catalog import Catalog
from playground.chat import Chat, Kept
from playground.comparison import Comparison, Pane
from playground.connections import Connections
from playground.conversation import Conversation, Run, Turn, new_id, title_from
from playground.errors import BadRequest, ChatError, ProtocolError, SettingsError, TooManyRunning
from playground.generation import Generation
from playground.generations import Generations
from playground.messages import Role
from playground.pane_run import pane_run, unsent_run
from playground.reply import Reply, Status
from playground.store import ConversationStore, StoreError

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of asking.

    Attributes:
        comparison: as it then is.
        errors: why panes could not even keep the prompt, by their ids; the text should not be lost.
    """

    comparison: Comparison
    errors: Mapping[str, ChatError] = field(default_factory=dict)


class Comparing:
    """The use cases of the compare page.

    Connections are given with each call: which there are depends on who asks.

    Args:
        store: where comparisons and the conversations of their panes are kept.
        chat: what asks in each pane.
        generations: the runs of this process, the same as the chat's.
        catalog: the models, for what their templates take.
    """

    def __init__(
        self, store: ConversationStore, chat: Chat, generations: Generations, catalog: Catalog
    ) -> None:
        self._store = store
        self._chat = chat
        self._generations = generations
        self._catalog = catalog

    def open(self, owner: str, comparison_id: str) -> Comparison | None:
        """Return the comparison, or None if there is none of this owner's."""
        return self._store.comparison(owner, comparison_id)

    def save(self, owner: str, comparison: Comparison) -> Comparison | None:
        """Create the comparison or keep what was changed in it.

        What runs in panes that are gone is stopped. Returns it as it then is, or None if it is
        another owner's or deleted.
        """
        before = self._store.comparison(owner, comparison.id)
        gone = [p.id for p in before.panes if comparison.pane(p.id) is None] if before else []
        removed = [self._store.get(owner, pane_id) for pane_id in gone]
        saved = self._store.save_comparison(owner, comparison)
        if saved is not None:
            for conversation in removed:
                self._stop(conversation)
        return saved

    def view(self, owner: str, comparison: Comparison) -> dict[str, Conversation]:
        """Return the conversation of each pane as it stands now, by the pane's id, in order."""
        return {
            pane.id: self._chat.view(owner, pane.id) or Conversation(id=pane.id)
            for pane in comparison.panes
        }

    def ask(
        self,
        owner: str,
        comparison: Comparison,
        connections: Connections,
        prompt: str | Mapping[str, str],
        round_id: str | None = None,
    ) -> Asked | None:
        """Keep the comparison and start the runs of all panes that are asked.

        A pane that cannot be asked gets a reply that failed and says why; the others go on. Where
        panes answer several times, the further answers are alternatives of the first.

        Args:
            owner: whoever asks.
            comparison: as it stands on the page.
            connections: those that may be used.
            prompt: for all panes that do not get their own, or by the ids of the panes to ask.
            round_id: the id of a prompt that other panes were asked, if it is that prompt: then the
                answers are compared with theirs.

        Returns:
            None if the comparison is another owner's or deleted.

        Raises:
            StoreError: the comparison cannot be kept; then nothing was asked.
        """
        if isinstance(prompt, str):
            prompts = {pane.id: prompt for pane in comparison.panes if not pane.own_prompt}
        else:
            prompts = {pane.id: prompt[pane.id] for pane in comparison.panes if pane.id in prompt}
        if not comparison.title:
            comparison = replace(comparison, title=title_from(next(iter(prompts.values()), "")))
        kept = self.save(owner, comparison)
        if kept is None:
            return None
        errors: dict[str, ChatError] = {}
        answers: dict[str, str] = {}
        round_id = round_id or new_id()
        asked = [pane for pane in comparison.panes if pane.id in prompts]

        def keep(pane: Pane) -> Kept | ChatError:
            return self._kept(owner, pane, connections, prompts[pane.id], round_id)

        # At the same time: the disk is waited for once, not once for each pane.
        with ThreadPoolExecutor(max(1, len(asked)), "keep") as together:
            outcomes = list(together.map(keep, asked))
        for pane, outcome in zip(asked, outcomes, strict=True):
            if isinstance(outcome, ChatError):
                errors[pane.id] = outcome
            else:
                answers[pane.id] = outcome.start().leaf or ""
        for _ in range(comparison.repeat - 1):
            for pane_id, answer in answers.items():
                self._again(owner, comparison.pane(pane_id), connections, answer)
        if comparison.repeat > 1:
            for pane_id, answer in answers.items():
                self._store.set_leaf(owner, pane_id, answer)
        return Asked(self._store.comparison(owner, kept.id) or kept, errors)

    def retry(
        self,
        owner: str,
        comparison: Comparison,
        connections: Connections,
        pane_id: str,
        turn_id: str | None = None,
    ) -> Conversation | None:
        """Ask one pane again, as it is set up now; the earlier answer stays as an alternative.

        Args:
            owner: whoever asks.
            comparison: as it stands on the page.
            connections: those that may be used.
            pane_id: the pane.
            turn_id: the reply to make anew; the last one if None.

        Returns:
            The pane's conversation as it then is; None if there is nothing to ask again.

        Raises:
            ChatError: nothing could be started; then nothing was changed.
        """
        return self._more(self._chat.ask_again, owner, comparison, connections, pane_id, turn_id)

    def carry_on(
        self, owner: str, comparison: Comparison, connections: Connections, pane_id: str
    ) -> Conversation | None:
        """Go on with the last answer of one pane where it broke off, as the pane is set up now.

        Returns and raises as `retry` does.
        """
        return self._more(self._chat.carry_on, owner, comparison, connections, pane_id)

    def running(self, conversation: Conversation) -> tuple[Generation, ...]:
        """Return what runs in a pane: of all its answers, not only the one on the page."""
        found = (
            self._generations.get(turn.id) for turn in conversation.turns if turn.reply is not None
        )
        return tuple(run for run in found if run is not None and run.running)

    def stop(self, owner: str, comparison: Comparison, pane_id: str) -> None:
        """Stop all that runs in one pane."""
        if comparison.pane(pane_id) is not None:
            self._stop(self._store.get(owner, pane_id))

    def stop_all(self, owner: str, comparison: Comparison) -> None:
        """Stop all that runs in any pane."""
        for pane in comparison.panes:
            self.stop(owner, comparison, pane.id)

    def _kept(
        self, owner: str, pane: Pane, connections: Connections, prompt: str, round_id: str
    ) -> Kept | ChatError:
        """Keep the prompt in one pane; return what starts its run, or why it cannot be kept."""
        try:
            kept = self._prepared(owner, pane, connections, prompt, round_id)
        except ChatError as error:
            return error
        except Exception:
            logger.exception("a pane could not be asked")
            return ProtocolError("The playground itself failed to ask this pane.")
        if kept is None:
            return SettingsError("This pane is not there any more.", advice="Load the page anew.")
        return kept

    def _prepared(
        self, owner: str, pane: Pane, connections: Connections, prompt: str, round_id: str
    ) -> Kept | None:
        before = self._store.get(owner, pane.id)
        if before is not None and self.running(before):
            raise TooManyRunning("The answer above is still running.")
        try:
            run = pane_run(pane, connections, self._catalog)
        except ChatError as error:
            return self._failed(owner, pane, connections, prompt, round_id, error)
        try:
            return self._chat.keep(owner, pane.id, prompt, run, turn_id=round_id)
        except (StoreError, BadRequest):
            raise  # it cannot be kept, or the prompt is one that cannot be
        except ChatError as error:
            return self._failed(owner, pane, connections, prompt, round_id, error)

    def _more(
        self,
        start: Callable[[str, str, str, Run], Conversation | None],
        owner: str,
        comparison: Comparison,
        connections: Connections,
        pane_id: str,
        turn_id: str | None = None,
    ) -> Conversation | None:
        pane = comparison.pane(pane_id)
        conversation = self._store.get(owner, pane_id) if pane else None
        if pane is None or conversation is None:
            return None
        if self.running(conversation):
            raise TooManyRunning("The answer above is still running.")
        run = pane_run(pane, connections, self._catalog)
        return start(owner, pane_id, turn_id or conversation.leaf or "", run)

    def _again(self, owner: str, pane: Pane | None, connections: Connections, answer: str) -> None:
        """Ask one pane once more for the prompt it was just asked."""
        if pane is None:
            return
        try:
            self._chat.ask_again(owner, pane.id, answer, pane_run(pane, connections, self._catalog))
        except ChatError:
            # Why is told by the first answer, or by those that are there being fewer.
            logger.info("a repeated answer could not be started", exc_info=True)

    def _failed(
        self,
        owner: str,
        pane: Pane,
        connections: Connections,
        prompt: str,
        round_id: str,
        error: ChatError,
    ) -> Kept | None:
        conversation = self._store.get(owner, pane.id)
        parent = conversation.leaf if conversation else None
        reply = Reply(Status.FAILED, started_at=time.time(), error=error)
        run = unsent_run(pane, connections)
        failed = self._store.append(
            owner,
            pane.id,
            Turn(round_id, parent, Role.USER, prompt),
            Turn(new_id(), round_id, Role.ASSISTANT, run=run, reply=reply),
        )
        return Kept(failed, lambda: failed) if failed else None

    def _stop(self, conversation: Conversation | None) -> None:
        for run in self.running(conversation) if conversation else ():
            run.stop()
