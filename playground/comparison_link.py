"""A link that opens the compare page with the same panes: a set-up for each, and the prompt.

As `playground.setup_link`, of which each pane's part is one: never a key, a connection or an
endpoint, and opening it sends nothing. What is wrong in it is left out, with a sentence for each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from playground.comparison import MAX_PANES, MIN_PANES, Pane
from playground.setup_link import MAX_URL, PROMPT, Link, Setup, read_setup, setup_link

#: The query parameter that a link repeats for each pane.
PANE = "pane"


def comparison_link(panes: Sequence[Pane], prompt: str = "", base_length: int = 0) -> Link:
    """Return the query that `read_comparison_link` reads as these panes and this prompt.

    Args:
        panes: connections are not part of the link.
        prompt: what is put into the box; empty for nothing.
        base_length: characters of the address in front of the query, its `?` included. The whole
            is kept within `setup_link.MAX_URL`: by leaving out the prompt, then system messages.
    """
    setups = [Setup(pane.model, pane.parameters, pane.system_message) for pane in panes]
    room = MAX_URL - base_length
    problems: tuple[str, ...] = ()
    whole = _query(setups, prompt)
    if len(whole.query) > room and prompt:
        whole = _query(setups, "")
        problems = ("The prompt is not part of the link, which would be too long with it.",)
    if len(whole.query) > room:
        whole = _query(
            [replace(setup, system_message=Setup().system_message) for setup in setups], ""
        )
        problems += ("The system messages are not part of the link, for the same reason.",)
    if len(whole.query) > room:
        whole = _query([Setup(setup.model) for setup in setups], "")
        problems += ("The parameters are not part of the link, for the same reason.",)
    return replace(whole, problems=tuple(dict.fromkeys((*whole.problems, *problems))))


def read_comparison_link(
    values: Sequence[str], query: Mapping[str, str]
) -> tuple[tuple[Setup, ...], str, tuple[str, ...]]:
    """Return a set-up for each pane, the prompt, and a sentence for each thing left out.

    Args:
        values: every value of the parameter `PANE`, decoded once.
        query: the other parameters of the address.

    There are no set-ups where the link names fewer than two panes.
    """
    problems: list[str] = []
    setups: list[Setup] = []
    for number, value in enumerate(values[:MAX_PANES], 1):
        setup = read_setup(dict(parse_qsl(value[:MAX_URL], keep_blank_values=True)))
        problems += [f"Pane {number}: {problem}" for problem in setup.problems]
        setups.append(replace(setup, prompt="", problems=()))
    if len(values) > MAX_PANES:
        problems.append(f"This link names {len(values)} panes; the first {MAX_PANES} are shown.")
    if len(setups) < MIN_PANES:
        problems.append(f"This link names fewer than {MIN_PANES} panes.")
        setups = []
    rest = read_setup({key: text for key, text in query.items() if key == PROMPT})
    return tuple(setups), rest.prompt, (*problems, *rest.problems)


def _query(setups: Sequence[Setup], prompt: str) -> Link:
    links = [setup_link(setup) for setup in setups]
    asked = setup_link(Setup(prompt=prompt))
    pairs = [urlencode({PANE: link.query}) for link in links]
    problems = [problem for link in (*links, asked) for problem in link.problems]
    return Link("&".join(filter(None, [*pairs, asked.query])), tuple(problems))
