// Keeps a conversation at its end while a reply grows, until the reader scrolls up.
//
// Streamlit has this for a chat box of its own, but there a reader cannot get away while the text
// grows at every look: it takes each scroll for one of its own. Here the rule is: who scrolls up is
// left alone, who comes back to the end or sends something is taken along again.
(() => {
  const NEAR = 48; // pixels from the end that still count as the end
  let box = null;
  let pinned = true;
  let top = 0;
  let height = 0;
  let address = location.href;
  let held = null; // while earlier messages come in: the message that is read, and where it stands

  const messages = () => [...document.querySelectorAll('[data-testid="stChatMessage"]')];

  const holdWhatIsRead = () => {
    const all = messages();
    const at = all.findIndex((message) => message.getBoundingClientRect().bottom > 80); // the header
    if (at < 0) return;
    const { top: y } = all[at].getBoundingClientRect();
    held = { text: all[at].textContent, fromEnd: all.length - at, y };
    pinned = false;
  };

  const putBack = () => {
    const all = messages();
    // By its text: while the page is drawn anew, its place in the list is not yet the right one.
    const off = (message) => Math.abs(all.length - all.indexOf(message) - held.fromEnd);
    const same = all.filter((message) => message.textContent === held.text);
    if (!same.length) return;
    const read = same.reduce((best, message) => (off(message) < off(best) ? message : best));
    box.scrollTop += read.getBoundingClientRect().top - held.y;
  };

  const remember = () => {
    top = box.scrollTop;
    height = box.scrollHeight;
  };

  const look = () => {
    // Shrinking content also moves the view up; that is not the reader.
    if (box.scrollTop < top - 2 && box.scrollHeight >= height) pinned = false;
    if (box.scrollHeight - box.clientHeight - box.scrollTop < NEAR) pinned = true;
    remember();
  };

  const follow = () => {
    if (location.pathname.endsWith("/shared")) return; // only read there, from its beginning
    const now = document.getElementById("stMain");
    if (!now || !now.querySelector('[data-testid="stChatMessage"]')) return;
    if (now !== box) {
      box = now;
      pinned = true;
      remember();
      box.addEventListener("scroll", look, { passive: true });
    }
    if (location.pathname + location.search !== address) {
      address = location.pathname + location.search;
      pinned = true;
      held = null;
    } else if (box.scrollTop < top - 2 && box.scrollHeight >= height) {
      pinned = false;
    }
    if (held) putBack();
    else if (pinned) box.scrollTop = box.scrollHeight;
    remember();
  };

  const inChatBox = (event) => event.target.closest?.('[data-testid="stChatInput"]');
  const sent = (event) => {
    if (inChatBox(event) && (event.type === "click" || event.key === "Enter")) pinned = true;
  };

  addEventListener("wheel", (event) => { if (event.deltaY < 0) pinned = false; }, { passive: true });
  // What is held is let go as soon as the reader does anything else.
  for (const kind of ["wheel", "touchmove", "pointerdown", "keydown"]) {
    addEventListener(kind, () => { held = null; }, { capture: true, passive: true });
  }
  addEventListener("click", (event) => {
    if (event.target.closest?.(".st-key-show_earlier button")) holdWhatIsRead();
  }, true);
  addEventListener("keydown", sent, true);
  addEventListener("click", sent, true);
  whenChanged(follow);
})();

// Panes of a comparison scroll by themselves: each stays at its end while its answer grows, until the
// reader scrolls it up; on request they scroll together.
(() => {
  const NEAR = 48; // pixels from the end that still count as the end
  const PANES =
    '.st-key-panes [class*="st-key-body_"], .st-key-presenter_board [class*="st-key-answer_"]';
  const LEAVING = ["wheel", "touchmove", "pointerdown", "keydown"];
  const seen = new WeakMap(); // of a pane: whether it follows, and where it was
  let stood = null; // where the page and its panes stood before the presenter view
  let touched = null; // the pane that the reader has in hand; the others go along with it

  const atEnd = (box) => box.scrollHeight - box.clientHeight - box.scrollTop < NEAR;
  const together = () => document.querySelector(".st-key-scroll_together input:checked");
  const inHand = (event) => { touched = event.currentTarget; };

  const scrolled = (event) => {
    const box = event.currentTarget;
    const state = seen.get(box);
    if (box.scrollTop < state.top - 2 && box.scrollHeight >= state.height) state.pinned = false;
    if (atEnd(box)) state.pinned = true;
    [state.top, state.height] = [box.scrollTop, box.scrollHeight];
    if (box !== touched || !together()) return;
    const share = box.scrollTop / Math.max(1, box.scrollHeight - box.clientHeight);
    for (const other of document.querySelectorAll(PANES)) {
      if (other === box) continue;
      other.scrollTop = share * (other.scrollHeight - other.clientHeight);
      const its = seen.get(other);
      if (its) its.pinned = state.pinned;
    }
  };

  const keyOf = (box) => /st-key-body_[\w-]+/.exec(box.className)?.[0];
  const noteWhereItStands = () => {
    stood = { top: document.querySelector("#stMain")?.scrollTop ?? 0, panes: new Map(), left: false };
    for (const box of document.querySelectorAll(PANES)) {
      if (!atEnd(box)) stood.panes.set(keyOf(box), box.scrollTop);
    }
  };
  // What was drawn anew comes bit by bit and takes its height later still, so this is done again
  // and again for a while.
  const SETTLES = 3000; // milliseconds
  const putBack = () => {
    const main = document.querySelector("#stMain");
    for (const box of document.querySelectorAll(PANES)) {
      const top = stood.panes.get(keyOf(box));
      if (top === undefined) continue;
      seen.get(box).pinned = false;
      box.scrollTop = top;
      if (box.scrollTop >= top - 2) stood.panes.delete(keyOf(box));
    }
    main.scrollTop = stood.top;
    if (stood.settles) return;
    const place = stood;
    place.settles = setInterval(() => { if (stood === place) putBack(); }, 100);
    setTimeout(() => {
      clearInterval(place.settles);
      if (stood === place) stood = null;
    }, SETTLES);
  };

  // Before an audience an answer that is whole is read from its beginning.
  let shown = "";
  let ran = false;
  const turnedTo = (presenter) => {
    const prompt = presenter?.querySelector(".st-key-presenter_prompt")?.textContent ?? "";
    const runs = Boolean(document.querySelector(".st-key-stop"));
    const begun = runs && !ran;
    const turned = presenter && prompt !== shown && !runs;
    [shown, ran] = [prompt, runs];
    if (!begun && !turned) return;
    for (const box of document.querySelectorAll(PANES)) {
      const state = seen.get(box);
      if (state) state.pinned = begun;
      if (turned) box.scrollTop = 0;
    }
  };

  const follow = () => {
    const presenter = document.querySelector(".st-key-presenter");
    turnedTo(presenter);
    for (const box of document.querySelectorAll(PANES)) {
      let state = seen.get(box);
      if (!state) {
        const whole = presenter && !ran && box.scrollHeight > box.clientHeight;
        state = { pinned: !whole, top: 0, height: 0 };
        seen.set(box, state);
        box.tabIndex = 0; // so that the arrow keys can scroll it
        box.addEventListener("scroll", scrolled, { passive: true });
        for (const kind of ["pointerenter", "touchstart", "wheel", "keydown"]) {
          box.addEventListener(kind, inHand, { passive: true });
        }
        box.addEventListener("wheel", (event) => {
          if (event.deltaY < 0) state.pinned = false;
        }, { passive: true });
      }
      if (state.pinned && (!atEnd(box) || box.scrollHeight !== state.height)) {
        box.scrollTop = box.scrollHeight;
      }
      [state.top, state.height] = [box.scrollTop, box.scrollHeight];
    }
    if (stood && presenter) stood.left = true;
    else if (stood?.left && document.querySelector(".st-key-panes")) putBack();
  };

  const sent = (event) => {
    if (!event.target.closest?.('[data-testid="stChatInput"]')) return;
    if (event.type === "keydown" && event.key !== "Enter") return;
    for (const box of document.querySelectorAll(PANES)) {
      const state = seen.get(box);
      if (state) state.pinned = true;
    }
  };

  addEventListener("keydown", sent, true);
  addEventListener("click", sent, true);
  addEventListener("click", (event) => {
    if (event.target.closest?.(".st-key-present button")) noteWhereItStands();
  }, true);
  for (const kind of LEAVING) {
    addEventListener(kind, () => {
      if (stood?.left && !document.querySelector(".st-key-presenter")) stood = null;
    }, { capture: true, passive: true });
  }
  whenChanged(follow);
})();
