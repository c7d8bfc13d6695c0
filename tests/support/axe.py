"""What is wrong with a page for people who see, hear or hold it another way."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLate

#: What appears slowly has its colours only in the end. One that stands still has none, so after
#: five seconds it is looked at as it is.
_AT_REST = (
    "Promise.race([new Promise(done => setTimeout(done, 5000)), Promise.all(document.getAnimations()"
    ".filter(a => a.effect.getComputedTiming().iterations !== Infinity)"
    ".map(a => a.finished.catch(() => null)))]).then(() => true)"
)
_SIDEWAYS = (
    "[document.scrollingElement, document.querySelector('#stMain'),"
    "...document.querySelectorAll('[role=dialog]')]"
    ".some(place => place && place.scrollWidth > innerWidth)"
)
#: A box that has become too small for what is in it is given to the keyboard a moment later: the
#: page measures only now and then, since that makes the browser lay it out.
_UNREACHED = "scrollable-region-focusable"
_ALL_REACHED = (
    "places => places.map(place => document.querySelector(place))"
    ".every(box => !box || box.tabIndex >= 0)"
)
#: Milliseconds until it is no moment any more but a barrier.
_LATE = 10_000


def barriers(page: Page) -> list[str]:
    """Return what axe calls serious or critical, and whether the page scrolls sideways."""
    page.evaluate(_AT_REST)
    found = _violations(page)
    late = [place for rule, place, _ in found if rule == _UNREACHED]
    if late and _reachable(page, late):
        found = _violations(page)
    told = [f"{rule} at {place}: {why[:200]}" for rule, place, why in found]
    if sideways(page):
        told.append("scrolls sideways")
    return told


def _violations(page: Page) -> list[tuple[str, str, str]]:
    """Return the rule, the place as a selector, and the reason of each."""
    found = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            for node in violation["nodes"]:
                why = [check["message"] for check in node["any"] + node["all"] + node["none"]]
                found.append((violation["id"], node["target"][-1], "; ".join(why)))
    return found


def _reachable(page: Page, places: list[str]) -> bool:
    """Wait until the keyboard reaches these boxes, or they are gone; whether that came true."""
    try:
        page.wait_for_function(_ALL_REACHED, arg=places, timeout=_LATE)
    except TooLate:
        return False
    return True


def sideways(page: Page) -> bool:
    """Whether something is wider than the page."""
    return bool(page.evaluate(_SIDEWAYS))
