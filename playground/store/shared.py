"""What a link to a comparison shows: its panes and answers as they were when the link was made."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from playground.comparison import Comparison
from playground.comparison_records import pane_from, pane_record
from playground.conversation import Conversation
from playground.store.copies import branch


@dataclass(frozen=True, slots=True)
class SharedComparison:
    """A comparison for others to read; connections, votes and prompts still to come are not in it.

    Attributes:
        conversations: of the panes, by their ids; one that was deleted since is not in it.
    """

    comparison: Comparison
    conversations: Mapping[str, Conversation]


def as_it_is(comparison: Comparison, leaves: Mapping[str, str | None]) -> str | None:
    """Return what to keep of a comparison that is shared; None if nothing was said in it.

    Args:
        comparison: what is shared.
        leaves: the last turn on the page of each pane, by the pane's id.
    """
    if not any(leaves.values()):
        return None
    panes = [{"pane": pane_record(pane), "leaf": leaves.get(pane.id)} for pane in comparison.panes]
    return json.dumps(panes, ensure_ascii=False)


def as_it_was(
    comparison: Comparison, kept: str, get: Callable[[str], Conversation | None]
) -> SharedComparison:
    """Return what a link shows.

    Args:
        comparison: as it is now.
        kept: what `as_it_is` returned when the link was made.
        get: returns a pane's conversation by its id.
    """
    panes = tuple((pane_from(entry["pane"]), entry["leaf"]) for entry in json.loads(kept))
    found: dict[str, Conversation] = {}
    for pane, leaf in panes:
        conversation = get(pane.id)
        # Of a turn that was deleted since, nothing is shown.
        if conversation is not None and conversation.turn(leaf) is not None:
            found[pane.id] = branch(conversation, leaf)
    shown = replace(
        comparison,
        # The name of a connection can be all that keeps others from using it.
        panes=tuple(replace(pane, connection="") for pane, _ in panes),
        pinned=False,
        blind=None,
        votes=(),
        prompts=(),
    )
    return SharedComparison(shown, found)
