// Runs in the page before anything else: notes when the text of replies is on the screen, and counts
// what comes through the websocket. Times are those of performance.now(), in milliseconds.
(() => {
  const letters = (text) => text.replace(/[^A-Za-z]/g, "");

  const Native = window.WebSocket;
  const bench = { bytes: 0, heard: 0, replies: [] };
  let looks = [];
  window.WebSocket = class extends Native {
    constructor(...args) {
      super(...args);
      this.addEventListener("message", ({ data }) => {
        bench.bytes += data.byteLength ?? data.size ?? data.length;
        bench.heard = performance.now();
      });
    }
  };

  const messages = () => document.querySelectorAll('[data-testid="stChatMessage"]');

  // What the reply says, without the lines that the page itself puts below it.
  const TEXT = '[data-testid="stMarkdownContainer"], [data-testid="stCode"]';
  const said = (message) =>
    [...(message?.querySelectorAll(TEXT) ?? [])]
      .filter((part) => !part.closest('[data-testid="stCaptionContainer"]'))
      .filter((part) => !part.parentElement.closest(TEXT))
      .map((part) => part.textContent)
      .join("");

  // Waits for the reply `text`: `place` returns the element that it is going to stand in, where
  // `before` may still stand.
  const follow = (place, before, text) => {
    // The language of a code block is not on the screen.
    const goal = letters(text.replace(/^```.*$/gm, ""));
    const updates = []; // the first is that of the first text, the last that of the whole
    let shown = "";
    let ended = false;
    const look = () => {
      if (ended) return true;
      const text = said(place());
      if (text === shown || (!updates.length && text === before)) return false;
      const words = letters(text);
      if (!words || !words.startsWith(goal.slice(0, words.length).slice(0, 20))) return false;
      shown = text;
      updates.push(performance.now());
      ended = words.startsWith(goal);
      return ended;
    };
    looks.push(look);
    bench.replies.push(updates);
  };

  const begin = () => {
    looks = [];
    Object.assign(bench, { sent: null, bytes: 0, replies: [], ended: false });
  };

  // The reply `text` as the chat message below the one that holds `prompt`.
  bench.expect = (prompt, text) => {
    begin();
    const answer = () => {
      const [question, last] = [...messages()].slice(-2);
      return question?.textContent.includes(prompt) ? last : null;
    };
    follow(answer, said([...messages()].at(-1)), text);
  };

  // The reply `text` in each of the first `count` elements that `selector` finds.
  bench.expectEach = (selector, count, text) => {
    begin();
    for (let n = 0; n < count; n++) {
      const place = () => document.querySelectorAll(selector)[n];
      follow(place, said(place()), text);
    }
  };

  const look = () => {
    due = false;
    if (bench.sent !== null) bench.ended = looks.map((each) => each()).every(Boolean);
  };

  let due = false;
  new MutationObserver(() => {
    // The time that counts is that of the frame which shows the change.
    if (!due) requestAnimationFrame(look);
    due = true;
  }).observe(document, { subtree: true, childList: true, characterData: true });

  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Enter" && bench.sent === null) bench.sent = event.timeStamp;
    },
    true,
  );

  window.bench = bench;
})();
