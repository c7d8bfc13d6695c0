"""What is wrong with a page for people who see, hear or hold it another way."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

#: What appears slowly has its colours only in the end.
_AT_REST = (
    "Promise.all(document.getAnimations()"
    ".filter(a => a.effect.getComputedTiming().iterations !== Infinity)"
    ".map(a => a.finished.catch(() => null))).then(() => true)"
)
_SIDEWAYS = (
    "[document.scrollingElement, document.querySelector('#stMain'),"
    "...document.querySelectorAll('[role=dialog]')]"
    ".some(place => place && place.scrollWidth > innerWidth)"
)


def barriers(page: Page) -> list[str]:
    """Return what axe calls serious or critical, and whether the page scrolls sideways."""
    page.evaluate(_AT_REST)
    found = []
    for violation in Axe().run(page).response["violations"]:
        if violation["impact"] in ("serious", "critical"):
            for node in violation["nodes"]:
                why = [check["message"] for check in node["any"] + node["all"] + node["none"]]
                found.append(f"{violation['id']} at {node['target']}: {'; '.join(why)[:200]}")
    if sideways(page):
        found.append("scrolls sideways")
    return found


def sideways(page: Page) -> bool:
    """Whether something is wider than the page."""
    return bool(page.evaluate(_SIDEWAYS))
