// Runs in the page before anything else: notes when a reply's text is on the screen, and counts
// what comes through the websocket. Times are those of performance.now(), in milliseconds.
(() => {
  const letters = (text) => text.replace(/[^A-Za-z]/g, "");

  const Native = window.WebSocket;
  const bench = { bytes: 0, heard: 0 };
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

  bench.expect = (prompt, text) => {
    const before = said([...messages()].at(-1));
    // The language of a code block is not on the screen.
    const goal = letters(text.replace(/^```.*$/gm, ""));
    Object.assign(bench, { prompt, goal, before, sent: null, first: null, last: null });
    Object.assign(bench, { bytes: 0, shown: "", updates: [] });
  };

  const look = () => {
    due = false;
    if (bench.sent === null || bench.last !== null) return;
    const [question, answer] = [...messages()].slice(-2);
    if (!question?.textContent.includes(bench.prompt)) return;
    const text = said(answer);
    // A message of the run before may still stand where the new one is going to be.
    if (text === bench.shown || (bench.first === null && text === bench.before)) return;
    const words = letters(text);
    if (!words || !words.startsWith(bench.goal.slice(0, words.length).slice(0, 20))) return;
    const now = performance.now();
    bench.first ??= now;
    bench.shown = text;
    bench.updates.push(now);
    if (words.startsWith(bench.goal)) bench.last = now;
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
