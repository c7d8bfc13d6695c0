"""The finished message looks like its stream: at its end nothing jumps and nothing scrolls."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.app import App
from tests.support.chat import ChatPage

#: The end of a reply is shown when its footer stands; until then the page notes what is where, each
#: time it is drawn, so that the last note before the end can be compared with the page after it.
_NOTE = """
() => {
  const main = document.querySelector("#stMain");
  const look = () => {
    const message = [...document.querySelectorAll("[data-testid=stChatMessage]")].at(-1);
    const base = message.getBoundingClientRect().top;
    const blocks = message.querySelectorAll(
      "[data-testid=stMarkdownContainer] > *, [data-testid=stCode]");
    return {
      scroll: main.scrollTop,
      blocks: [...blocks]
        .filter(b => !b.closest("[class*=st-key-footer], [class*=st-key-actions],"
          + "[class*=st-key-alternatives], [data-testid=stCaptionContainer]"))
        .filter(b => !b.parentElement.closest("blockquote, ul, ol, table, [data-testid=stCode]"))
        .map(b => {
          const box = b.getBoundingClientRect();
          const text = b.textContent.length;
          return [b.tagName, text, Math.round(box.top - base), Math.round(box.width),
                  Math.round(box.height)].join(" ");
        }),
    };
  };
  window.look = look;
  const draw = () => {
    if (document.querySelector("[class*=st-key-footer_]")) return;
    const now = look();
    if (now.blocks.length) window.before = now;
    requestAnimationFrame(draw);
  };
  draw();
}
"""


@pytest.mark.parametrize("reading", ["the end", "further up"])
def test_nothing_jumps_when_the_answer_ends(app: App, page: Page, reading: str) -> None:
    """Each block stands where it stood; who reads further up stays there, to the pixel."""
    chat = ChatPage(page)
    chat.open(app.url)
    chat.box.fill("/scenario tokens 1500 at 400")
    chat.box.press("Enter")
    expect(chat.last).to_contain_text("Answering")
    page.evaluate(_NOTE)
    if reading == "further up":
        page.mouse.move(700, 300)
        page.wait_for_function("() => document.querySelector('#stMain').scrollTop > 200")
        page.mouse.wheel(0, -150)
        page.wait_for_function("() => look().scroll < before.scroll + 1 && look().scroll > 0")
    chat.ended(1)
    chat.settled()
    before, after = page.evaluate("[before, look()]")
    assert len(after["blocks"]) > 8
    # The last block may have grown with the last words, which came together with the end.
    assert after["blocks"][: len(before["blocks"]) - 1] == before["blocks"][:-1]
    if reading == "further up":
        assert after["scroll"] == before["scroll"]
    else:
        assert (
            page.evaluate(
                "() => { const m = document.querySelector('#stMain');"
                " return m.scrollHeight - m.clientHeight - m.scrollTop }"
            )
            < 48
        )
