// Runs before Streamlit's own scripts, on every page.
"use strict";

// On a deep link such as /models, Streamlit looks for its server under that path first, and each
// miss is an error in the console. Every page of ours stands right below the base path.
window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: new URL("./", location.href).href };

// Calls `look` after the page has changed, before it is seen; with a `pause`, in milliseconds, not
// more often than that. Returns what makes it look without a change.
const whenChanged = (look, { pause = 0 } = {}) => {
  let due = false;
  const now = () => {
    due = false;
    look();
  };
  const soon = () => {
    if (due) return;
    due = true;
    if (pause) setTimeout(now, pause);
    else requestAnimationFrame(now);
  };
  const everything = { childList: true, characterData: true, subtree: true };
  new MutationObserver(soon).observe(document.documentElement, everything);
  return soon;
};

// Each paragraph and list runs in the direction of its own script.
(() => {
  const SAID =
    ':is([data-testid="stChatMessage"], [class*="st-key-body_"], [class*="st-key-said_"]) ' +
    ':is([data-testid="stText"], :is(p, ul, ol, blockquote, table, h1, h2, h3, h4, h5, h6)):not([dir])';
  const BOX = '[data-testid="stChatInput"] textarea:not([dir])';
  whenChanged(() => {
    for (const said of document.querySelectorAll(`${SAID}, ${BOX}`)) said.dir = "auto";
  });
})();

// What is wider than its place scrolls there, so the keyboard has to reach it.
(() => {
  const PAUSE = 500; // milliseconds between two looks: measuring makes the browser lay out the page
  const WIDE = ':is([data-testid="stTable"], [data-testid="stMarkdownContainer"]) ' +
    ":is(pre, pre > *, div:has(> table), .katex-display, .katex-html)";
  const look = () => {
    for (const wide of document.querySelectorAll(WIDE)) {
      if (wide.tabIndex < 0 && wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    }
  };
  addEventListener("resize", whenChanged(look, { pause: PAUSE }));
})();

// Copies what the page hands over in the container "clipboard", once.
(() => {
  let last = null;
  const byHand = (text) => {
    // Where the clipboard is not given to scripts: on a plain http address that is not this machine.
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  };
  whenChanged(() => {
    const now = document.querySelector(".st-key-clipboard code");
    if (now === last) return;
    last = now;
    if (!now) return;
    const text = now.textContent;
    if (navigator.clipboard) navigator.clipboard.writeText(text).catch(() => byHand(text));
    else byHand(text);
  });
})();

// Tells the browser which language the page speaks, and keeps the one that was picked.
(() => {
  const KEPT = 400 * 24 * 3600; // seconds; the longest that browsers keep a cookie
  let before = "";
  whenChanged(() => {
    const place = document.querySelector('[class*="st-key-speaks_"], [class*="st-key-picked_"]');
    const found = place && /st-key-(speaks|picked)_([a-z]+)/.exec(place.className);
    if (!found || found[0] === before) return;
    const [all, how, language] = found;
    before = all;
    if (how === "picked") {
      const secure = location.protocol === "https:" ? "; secure" : "";
      document.cookie =
        `playground_language=${language}; path=/; max-age=${KEPT}; samesite=lax${secure}`;
    }
    document.documentElement.lang = language;
  });
})();

// Has a screen reader speak what the page hands over in the container "announcement", once: an id
// and words. What stays there, or is drawn again with the page, has the same id.
(() => {
  const region = document.createElement("div");
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  region.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)";
  let spoken = "";
  whenChanged(() => {
    if (!region.isConnected) document.body?.append(region);
    const said = document.querySelector('.st-key-announcement [data-testid="stText"]')?.textContent;
    const [, id, words] = /^(\S+) (.+)/.exec(said ?? "") ?? [];
    if (!id || id === spoken) return;
    spoken = id;
    region.textContent = words;
  });
})();

// Keys, listed under "?". They do nothing while somebody writes, but for Escape, which stops.
(() => {
  const press = (key) => {
    const found = document.querySelectorAll(`.st-key-${key} button:not(:disabled)`);
    if (found.length) found[found.length - 1].click();
  };
  // The arrow of the last message that has several versions, even where it leads no further.
  const turn = (way) => {
    const found = [...document.querySelectorAll('[class*="st-key-alternatives_"]')];
    found.pop()?.querySelector(`[class*="st-key-${way}_"] button:not(:disabled)`)?.click();
  };
  const keys = {
    n: () => press("new_chat"),
    y: () => press("copy_last"),
    "[": () => turn("previous"),
    "]": () => turn("next"),
    "?": () => press("shortcuts"),
    "/": () => document.querySelector('[data-testid="stBottom"] textarea')?.focus(),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('[role="dialog"]')) return;
    if (event.key === "Escape") {
      const presenter = document.querySelector(".st-key-presenter");
      const leave = presenter && !presenter.querySelector(".st-key-stop button");
      const running = document.querySelector(".st-key-stop button");
      press(leave ? "presenter_leave" : running ? "stop" : "cancel_edit");
      return;
    }
    if (event.target.closest?.("input, textarea, select, [contenteditable], [role=slider]")) return;
    if (!(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
})();
