"""The blind test: what the browser receives before a vote tells nobody whose answers these are."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocket, expect

from playground.catalog import load_catalog
from playground.comparison import Comparison, Pane
from playground.votes import Blind
from tests.support.app import App
from tests.support.axe import barriers
from tests.support.compare import ComparePage, keep
from tests.support.history import LOCAL, store_of

MINI, MEDIUM, SMALL = (load_catalog().models[n] for n in (0, 4, 2))
SLOW = "/scenario tokens 150 at 60"


class Wire:
    """What the server sends over websockets."""

    def __init__(self, page: Page) -> None:
        self._frames: list[bytes] = []
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._take)

    def _take(self, frame: bytes | str) -> None:
        self._frames.append(frame if isinstance(frame, bytes) else frame.encode())

    def taken(self) -> bytes:
        """Return what came since this was asked last."""
        frames = b"\n".join(self._frames)
        self._frames.clear()
        return frames


def names(comparison: Comparison) -> list[str]:
    """Return what would tell whose answers these are."""
    found = []
    for pane in comparison.panes:
        model = load_catalog().get(pane.model)
        assert model is not None
        found += [model.name, model.label, model.label.removeprefix("Phi-3 "), pane.id]
    return [*found, "tokens/s", "first token", "Demo (scripted)"]


def leaks(page: Page, wire: Wire, comparison: Comparison) -> list[str]:
    """Return what of it is on the page, in its address, or came over the wire."""
    everything = "\n".join(
        [page.url, page.title(), page.content(), wire.taken().decode(errors="replace")]
    ).casefold()
    return [name for name in names(comparison) if name.casefold() in everything]


def test_two_answers_are_judged_by_keys_and_nothing_is_given_away(app: App, page: Page) -> None:
    comparison = Comparison(
        (Pane(MINI.name, "demo"), Pane(MEDIUM.name, "demo")),
        blind=Blind(),
        prompts=(SLOW, "What is the capital of Chile?"),
    )
    wire, compare = Wire(page), ComparePage(page)
    compare.open(keep(app, comparison))
    expect(page.locator(".st-key-blind_ask")).to_contain_text("2 prompts of the set are left")
    assert leaks(page, wire, comparison) == []

    page.keyboard.press("Escape")
    page.locator(".st-key-blind_title").click()
    page.keyboard.press("ArrowRight")
    board = page.locator(".st-key-blind_board")
    expect(page.get_by_text("Shown when all answers are complete")).to_be_visible()
    expect(board).to_have_text("AB")
    expect(page.locator(".st-key-vote_a button")).to_be_visible()
    expect(board).not_to_have_text("AB")
    assert leaks(page, wire, comparison) == []
    assert barriers(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert barriers(page) == []
    page.set_viewport_size({"width": 1280, "height": 800})

    page.keyboard.press("b")
    expect(page.get_by_text("your choice")).to_be_visible()
    expect(board).to_contain_text(MINI.label)
    expect(board).to_contain_text(MEDIUM.label)
    expect(page.locator(".st-key-blind_tally")).to_contain_text("too few to tell")
    compare.settled()
    assert MEDIUM.label in leaks(page, wire, comparison), "else this would see no leak"
    page.keyboard.press("ArrowRight")
    expect(page.locator(".st-key-blind_prompt")).to_contain_text("capital of Chile")
    expect(page.locator(".st-key-vote_tie button")).to_be_visible()
    compare.settled()
    assert leaks(page, wire, comparison) == [], "names of the round before are gone"
    page.keyboard.press("t")
    expect(page.get_by_text("your choice")).to_have_count(0)
    expect(page.locator(".st-key-blind_next button")).to_contain_text("Done")

    # A refresh forgets nothing; another person starts anew.
    page.reload()
    expect(page.get_by_text("2 of 2 prompts voted on")).to_be_visible()
    page.get_by_label("Voting as").fill("Ann")
    page.get_by_label("Voting as").press("Enter")
    expect(page.get_by_text("0 of 2 prompts voted on")).to_be_visible()
    page.locator(".st-key-vote_bad button").click()
    expect(page.locator(".st-key-tally_voter")).to_contain_text("Ann")
    with store_of(app) as store:
        kept = store.comparison(LOCAL, comparison.id)
    assert kept is not None
    assert [(v.voter, v.winner is not None, v.bad) for v in kept.votes] == [
        ("", True, False),
        ("", False, False),
        ("Ann", False, True),
    ]
    page.locator(".st-key-blind_end button").first.click()
    expect(compare.panes).to_have_count(2)
    expect(page.locator(".st-key-results")).to_contain_text(MEDIUM.label)


def test_three_answers_are_ranked_by_keys(app: App, page: Page) -> None:
    comparison = Comparison(
        tuple(Pane(m.name, "demo") for m in (MINI, SMALL, MEDIUM)), blind=Blind(wait=False)
    )
    compare = ComparePage(page)
    compare.open(keep(app, comparison))
    compare.send("What is the capital of Peru?")
    expect(page.locator(".st-key-rank_A button")).to_be_visible()
    compare.settled()
    page.locator(".st-key-blind_title").click()
    page.keyboard.press("3")
    expect(page.locator(".st-key-rank_C button")).to_be_disabled()
    compare.settled()
    page.keyboard.press("1")
    expect(page.get_by_text("your choice")).to_be_visible()
    with store_of(app) as store:
        kept = store.comparison(LOCAL, comparison.id)
    assert kept is not None
    assert kept.votes[0].ranks == (2, 3, 1)
