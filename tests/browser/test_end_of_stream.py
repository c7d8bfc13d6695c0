"""The finished message looks like its stream: at its end nothing jumps and nothing scrolls."""

from __future__ import annotations

import threading
from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image, ImageChops
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.conftest import Browse, StartApp
from tests.endpoint.fault_server import (
    DONE,
    FINISH,
    PATIENCE,
    FaultServer,
    Peer,
    chunked,
    delta,
    event,
    head,
)
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
    chat.box.fill("/scenario tokens 1200 at 200")
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


WORDS = "A *word* with `code`, and $a^2$ in a line.\n\n- one\n- two\n\n"
TABLE = "| From | Height |\n|:--|--:|\n| a table | 1 m |\n| a tower | 100 m |\n\n"
CODE = '```python\ndef fall(height: float) -> float:\n    return height  # "metres"\n```\n\n'
MATHS = "$$\nt = \\sqrt{\\frac{2h}{g}}\n$$\n\n"
#: By what each ends with: that block is still open when the stream ends.
ANSWERS = {
    "maths": WORDS + TABLE + CODE + MATHS.rstrip(),
    "a table": WORDS + CODE + MATHS + TABLE.rstrip(),
    "code": WORDS + TABLE + MATHS + CODE.rstrip(),
    "words": CODE + TABLE + MATHS + WORDS.rstrip(),
}


def held(text: str, go: threading.Event) -> Callable[[Peer], None]:
    """Stream all of `text`, and tell only at `go` that it was all."""

    def script(peer: Peer) -> None:
        peer.send(head())
        for start in range(0, len(text), 40):
            peer.send(chunked(event(delta(text[start : start + 40]))))
        assert go.wait(PATIENCE)
        peer.send(chunked(FINISH) + chunked(DONE) + chunked(b""))

    return script


def picture(page: Page, clip: FloatRect) -> Image.Image:
    """Return what is seen there, once it no longer changes."""
    pictures = [b"first", b"second"]
    while pictures[-1] != pictures[-2]:
        assert len(pictures) < 30, "it does not come to rest"
        pictures.append(page.screenshot(clip=clip, animations="disabled", caret="hide"))
    return Image.open(BytesIO(pictures[-1])).convert("RGB")


def test_the_finished_text_is_pixel_by_pixel_what_was_seen_last(
    start_app: StartApp, browse: Browse
) -> None:
    """Whatever kind of block the answer ends with: table, code, maths or words."""
    page = browse(viewport={"width": 1000, "height": 1400})
    chat = ChatPage(page)
    changed = {}
    with FaultServer() as server:
        chat.open(start_app(AZURE_INFERENCE_ENDPOINT=server.url).url)
        for kind, text in ANSWERS.items():
            go = threading.Event()
            server.script(held(text, go))
            chat.send("Show me all of it.")
            expect(chat.last.locator("table")).to_contain_text("100 m")
            expect(chat.last.locator("code").filter(has_text="metres")).to_be_visible()
            expect(chat.last.locator(".katex-display")).to_be_visible()
            expect(chat.last.get_by_text("two", exact=True)).to_be_visible()
            status = chat.last.get_by_test_id("stCaptionContainer")
            expect(status).to_contain_text("Answering")
            message, below = chat.last.bounding_box(), status.bounding_box()
            assert message is not None
            assert below is not None
            assert below["y"] < 1200, "all of it is in view"
            clip: FloatRect = {**message, "height": below["y"] - message["y"]}
            before = picture(page, clip)
            go.set()
            chat.ended(1)
            chat.settled()
            found = ImageChops.difference(before, picture(page, clip)).getbbox()
            if found is not None:
                changed[kind] = found
            chat.button("new_chat").click()
            expect(chat.messages).to_have_count(0)
    assert changed == {}
