"""The blind test: what the browser receives before a vote tells nobody whose answers these are."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import Page, WebSocket, expect

from playground.catalog import load_catalog
from playground.comparison import Comparison, Pane
from playground.votes import LETTERS, Blind, by_rank
from tests.support.app import App
from tests.support.axe import barriers
from tests.support.compare import ComparePage, keep
from tests.support.history import LOCAL, store_of

MINI, MEDIUM = (load_catalog().models[n] for n in (0, 4))
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
    compare.settled()
    with store_of(app) as store:
        kept = store.comparison(LOCAL, comparison.id)
        assert kept is not None
        elsewhere = replace(kept.votes[0], voter="Zoe")
        store.save_comparison(LOCAL, replace(kept, votes=(*kept.votes, elsewhere)))
    page.locator(".st-key-vote_bad button").click()
    for person in ("Ann", "Zoe"):
        expect(page.locator(".st-key-tally_voter")).to_contain_text(person)
    with store_of(app) as store:
        kept = store.comparison(LOCAL, comparison.id)
    assert kept is not None
    assert [(v.voter, v.winner is not None, v.bad) for v in kept.votes] == [
        ("", True, False),
        ("", False, False),
        ("Zoe", True, False),
        ("Ann", False, True),
    ], "a vote cast in another tab is not lost"
    page.locator(".st-key-blind_end button").first.click()
    expect(compare.panes).to_have_count(2)
    expect(page.locator(".st-key-results")).to_contain_text(MEDIUM.label)


def test_what_was_seen_before_goes_when_a_test_begins(app: App, page: Page) -> None:
    """Names stand over answers that still run; of them nothing may stay, nor come again."""
    comparison = Comparison((Pane(MINI.name, "demo"), Pane(MEDIUM.name, "demo")))
    wire, compare = Wire(page), ComparePage(page)
    compare.open(keep(app, comparison))
    compare.send("/scenario tokens 900 at 5")
    expect(page.locator("[class*='st-key-stop_']").first).to_be_visible()
    assert MINI.label in leaks(page, wire, comparison)
    page.locator(".st-key-blind_begin button").first.click()
    expect(page.locator(".st-key-blind")).to_be_visible()
    expect(
        page.locator(".st-key-panes, .st-key-compare_bar, .st-key-more_parameters")
    ).to_have_count(0)
    wire.taken()
    compare.stop_all.click()
    expect(page.locator(".st-key-vote_a button")).to_be_visible()
    compare.settled()
    assert leaks(page, wire, comparison) == []


def test_six_answers_are_ranked_by_keys_with_the_buttons_in_view(app: App, page: Page) -> None:
    panes = tuple(Pane(model.name, "demo") for model in load_catalog().models)
    ids = [pane.id for pane in panes]
    earlier = tuple(
        by_rank(f"earlier {n}", ids, [0, 1, 2, 3, 4], voter=("Ann", "Bob")[n % 2])
        for n in range(11)
    )
    comparison = Comparison(panes, blind=Blind(), votes=earlier)
    compare = ComparePage(page)
    compare.open(keep(app, comparison))
    compare.send("/scenario tokens 400 at 2000")
    bar, board = page.locator(".st-key-blind_votes"), page.locator(".st-key-blind_board")
    expect(page.locator(".st-key-rank_A button")).to_be_visible()
    compare.settled()
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        for letter in LETTERS:
            expect(page.locator(f".st-key-rank_{letter} button")).to_be_in_viewport(ratio=1)
        # The last answer can be read to its end: the buttons stand below it.
        page.locator("#stMain").evaluate("main => { main.scrollTop = main.scrollHeight; }")
        last = board.locator("[class*='st-key-board_']").last
        expect(last).to_be_in_viewport()
        below = last.evaluate("box => box.getBoundingClientRect().bottom")
        assert below <= bar.evaluate("box => box.getBoundingClientRect().top")
        assert barriers(page) == []

    # The box that was written in is gone, so that the keys are those of the vote.
    page.keyboard.press("3")
    expect(page.locator(".st-key-rank_C button")).to_be_disabled()
    expect(page.locator(".st-key-board_C h4")).to_have_text("C 1")
    compare.settled()
    page.keyboard.press("Backspace")
    expect(page.locator(".st-key-rank_C button")).to_be_enabled()
    for place, letter in ((6, "F"), (3, "C"), (1, "A"), (2, "B")):
        compare.settled()
        page.keyboard.press(str(place))
        expect(page.locator(f".st-key-rank_{letter} button")).to_be_disabled()
    compare.settled()
    page.keyboard.press("4")
    expect(bar).to_contain_text(MEDIUM.label)
    expect(page.locator(".st-key-blind_next button")).to_be_in_viewport(ratio=1)
    with store_of(app) as store:
        kept = store.comparison(LOCAL, comparison.id)
    assert kept is not None
    assert kept.votes[-1].ranks == (3, 4, 2, 5, 6, 1)

    # Twelve votes say something; those of one person are too few.
    tally = page.locator(".st-key-blind_tally")
    expect(tally).to_contain_text(re.compile(r"\d+% \(\d+% to \d+%\)"))
    tally.get_by_role("radio", name="Ann").click()
    expect(tally.locator("table")).to_contain_text("too few to tell")
    expect(tally.locator("table")).not_to_contain_text("%")


def test_a_set_is_pasted_or_read_and_voted_through_by_the_keyboard(app: App, page: Page) -> None:
    # Both are asked, though one would get prompts of its own otherwise.
    comparison = Comparison((Pane(MINI.name, "demo"), Pane(MEDIUM.name, "demo", own_prompt=True)))
    compare = ComparePage(page)
    compare.open(keep(app, comparison))
    page.locator(".st-key-prompts button").first.focus()
    page.keyboard.press("Enter")
    panel = page.locator(".st-key-prompt_set")
    panel.locator("input[type=file]").set_input_files(
        {"name": "latin.csv", "mimeType": "text/csv", "buffer": "prompt\nO\xf9?".encode("latin-1")}
    )
    panel.locator("[class*='st-key-prompt_set_read'] button").press("Enter")
    expect(panel).to_contain_text("The file is not text in UTF-8. Nothing was changed")
    panel.locator("textarea").press("ControlOrMeta+a")
    page.keyboard.insert_text('What is the capital of Chile?\nWhat is the capital of "Peru"?\n')
    panel.locator("[class*='st-key-prompt_set_take'] button").press("Enter")
    expect(panel).to_contain_text("2 prompts in the set")
    expect(panel).not_to_contain_text("UTF-8")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    page.locator(".st-key-blind_begin button").first.press("Enter")
    for voted, key in ((1, "a"), (2, "x")):
        ask = "blind_ask_next" if voted == 1 else "blind_next"
        expect(page.locator(f".st-key-{ask} button")).to_be_visible()
        compare.settled()
        page.keyboard.press("ArrowRight")
        expect(page.locator(".st-key-vote_a button")).to_be_visible()
        compare.settled()
        page.keyboard.press(key)
        expect(page.get_by_text(f"{voted} of 2 prompts voted on")).to_be_visible()
    expect(page.locator(".st-key-blind_next button")).to_contain_text("Done")
    compare.settled()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Every prompt is voted on")).to_be_visible()
