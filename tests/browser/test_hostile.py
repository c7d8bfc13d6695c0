"""Whatever a reply says: nothing is fetched from elsewhere, nothing runs, and the page goes on."""

from __future__ import annotations

from collections.abc import Sequence

from playwright.sync_api import Dialog, Page, expect

from playground.conversation import Conversation
from tests.browser.conftest import StartApp
from tests.support.chat import ChatPage
from tests.support.conversations import answer, prompt
from tests.support.history import seed
from tests.support.hostile import LARGE, SMALL
from tests.support.watch import Watch

#: As many exchanges as the page draws at once.
AT_ONCE = 15
#: Characters up to which a text is a prompt as well.
MAX_PROMPT = 6_000

#: Set before anything else runs: notes what the policy had to refuse.
_WATCH = """
window.refused = [];
addEventListener("securitypolicyviolation", e => refused.push(`${e.effectiveDirective} ${e.blockedURI}`));
"""
#: What must not be in the page: anything that loads, runs, or leads elsewhere than to the web.
_LOOK = """
() => {
  const wrong = [...refused];
  if (window.hit) wrong.push("a script ran");
  const main = document.querySelector("#stMain");
  const names = "script, iframe, object, embed, form, base, meta, link, style, video, audio, use, image";
  for (const place of main.querySelectorAll(`[data-testid=stChatMessage] :is(${names})`))
    wrong.push(place.outerHTML.slice(0, 200));
  for (const image of main.querySelectorAll("[data-testid=stMarkdownContainer] img"))
    wrong.push(image.outerHTML.slice(0, 200));
  for (const link of main.querySelectorAll("a"))
    if (!/^(https?:\\/\\/|mailto:)/.test(link.getAttribute("href"))) wrong.push(link.outerHTML);
  for (const place of main.querySelectorAll("*"))
    for (const name of place.getAttributeNames())
      if (name.startsWith("on")) wrong.push(`${place.tagName} ${name}`);
  if (document.scrollingElement.scrollWidth > innerWidth || main.scrollWidth > innerWidth)
    wrong.push(...[...main.querySelectorAll("[data-testid=stChatMessage] *")]
      .filter(e => e.getBoundingClientRect().right > innerWidth)
      .filter(e => { // what scrolls within itself is at its place
        for (let up = e.parentElement; up !== main; up = up.parentElement)
          if (getComputedStyle(up).overflowX !== "visible") return false;
        return true;
      })
      .map(e => `wider than the page: ${e.outerHTML.slice(0, 99)}`).slice(-3));
  return wrong;
}
"""


def of_replies(texts: Sequence[str]) -> Conversation:
    """Return a conversation in which each text was said by both sides; a large one by the model."""
    made = Conversation()
    for text in texts:
        asked = prompt(text if len(text) < MAX_PROMPT else "Say much.", made.leaf)
        made = made.with_turn(asked).with_turn(answer(text, asked.id))
    return made


def parts(texts: Sequence[str], size: int) -> list[Sequence[str]]:
    """Return the texts in parts of `size`."""
    return [texts[start : start + size] for start in range(0, len(texts), size)]


def test_no_text_takes_the_page_over(start_app: StartApp, page: Page, watch: Watch) -> None:
    """Over 300 texts, as prompts and as replies, then one whole stream of them, live."""
    assert len(SMALL) + len(LARGE) >= 300
    batches = [*parts(SMALL, AT_ONCE), *parts(LARGE, 2)]
    app, chat = start_app(), ChatPage(page)
    ids = seed(app, *map(of_replies, batches))
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    page.add_init_script(_WATCH)
    wrong: dict[str, list[str]] = {}
    for conversation, batch in zip(ids, batches, strict=True):
        chat.open(f"{app.url}/?c={conversation}")
        expect(chat.messages).to_have_count(2 * len(batch))
        expect(chat.button("regenerate")).to_be_visible()
        chat.box.fill("Still here?")
        expect(chat.box).to_have_value("Still here?")
        if found := page.evaluate(_LOOK):
            wrong[batch[0][:60]] = found
    chat.open(app.url)
    chat.ask("/scenario hostile")
    if found := page.evaluate(_LOOK):
        wrong["live"] = found
    expect(chat.ask("What is the capital of France?")).to_contain_text("Paris")
    assert wrong == {}
    assert dialogs == []
    assert watch.problems == []
