"""Drawing a reply while it grows.

Each st.markdown sends its whole text, so a growing reply drawn as one would cost the square of its
length. Here a Markdown block that is complete is drawn once in an element of its own, where its
beginning stood, and never touched again; a frame sends only the unfinished tail.
"""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from components.texts import _, number, translated
from playground.leaks import without_markers
from playground.markdown import BlockSplitter, code_block, safe_markdown
from playground.reply import Phase, Reply

#: How often the waiting time is redrawn, in seconds.
TICK = 0.2
#: How often the speed is told anew, in seconds.
STATUS_PACE = 0.5
#: After so many seconds without a token, say what may be going on.
PATIENCE = 5.0


class StatusLine:
    """The place on the page that tells what a running reply is doing, and nothing after its end."""

    def __init__(self, place: DeltaGenerator | None = None) -> None:
        self._place = place or st.empty()
        self._shown = ""
        self._phase: Phase | None = None
        self._due = 0.0

    def draw(self, reply: Reply, *, quiet: float = 0.0) -> None:
        """Tell it anew, where it is time to."""
        status = self._now(reply, quiet)
        if status == self._shown:
            return
        self._shown = status
        if status:
            self._place.caption(status)
        else:
            self._place.empty()

    def _now(self, reply: Reply, quiet: float) -> str:
        if not reply.running:
            return ""
        if reply.phase is self._phase and reply.elapsed < self._due:
            return self._shown
        self._phase = reply.phase
        pace = STATUS_PACE if reply.phase is Phase.STREAMING else TICK
        self._due = reply.elapsed + pace
        return status_line(reply, quiet)


class LiveReply:
    """The place on the page where one reply grows.

    Args:
        before: the text that this reply continues, drawn with it as one.
        status: where it is told what the reply is doing; below the text if None.
    """

    def __init__(self, before: str = "", status: StatusLine | None = None) -> None:
        self._before = before
        self._blocks = st.container()
        self._tail: DeltaGenerator | None = None
        self._status = status or StatusLine()
        self._splitter = BlockSplitter()
        self._drawn = 0
        self._shown_tail = ""

    def draw(self, reply: Reply, *, quiet: float = 0.0) -> None:
        """Draw what is new. `quiet` says for how many seconds no text has come."""
        said = without_markers(self._before + reply.text, growing=reply.running).text
        blocks = self._splitter.feed(said, final=not reply.running)
        for block in blocks.finished[self._drawn :]:
            self._block(block)
            self._tail, self._shown_tail = None, ""
        self._drawn = len(blocks.finished)
        tail = blocks.tail
        if tail != self._shown_tail:
            self._shown_tail = tail
            if self._tail is None:
                self._tail = self._blocks.empty()
            if tail.strip():
                self._tail.markdown(safe_markdown(tail), anchors=False)
            else:
                self._tail.empty()
        self._status.draw(reply, quiet=quiet)

    def _block(self, block: str) -> None:
        # Where its beginning stands: drawn below that, it would be seen twice for a moment.
        place = self._tail or self._blocks
        code = code_block(block)
        if code is not None:
            # Markdown cannot keep every byte of code; this can, but for the line breaks around it.
            place.code(f"\n{code.code}\n", language=code.language or None, wrap_lines=True)
            return
        drawn = safe_markdown(block)
        if drawn.strip():
            place.markdown(drawn, anchors=False)
        elif self._tail is not None:
            self._tail.empty()


def status_line(reply: Reply, quiet: float = 0.0) -> str:
    """Return what a running reply is doing, in words that count up."""
    if reply.phase is Phase.RETRYING and reply.retry_at is not None and reply.error is not None:
        left = max(0.0, reply.retry_at - reply.elapsed)
        return _(":material/refresh: {error}: trying again in {seconds} s…").format(
            error=translated(reply.error.title), seconds=number(left, ".0f")
        )
    if reply.phase is Phase.STREAMING and quiet > PATIENCE:
        return _(
            ":material/hourglass_top: No text for {seconds} s. The server may be busy…"
        ).format(seconds=number(quiet, ".0f"))
    if reply.phase is Phase.STREAMING:
        speed = reply.tokens_per_second
        if not speed:
            return _(":material/graphic_eq: Answering…")
        return _(":material/graphic_eq: Answering, ~{speed} tokens/s").format(
            speed=number(speed, ".0f")
        )
    if reply.phase is Phase.QUEUED:
        return _queue_line(reply.ahead or 0)
    doing = _("Connecting") if reply.phase is Phase.CONNECTING else _("Waiting for the first token")
    line = f":material/hourglass_top: {doing}, {number(reply.elapsed, '.1f')} s"
    if reply.elapsed > PATIENCE:
        line += ". " + _(
            "The server may still be loading the model, or reading a long prompt; "
            "a small machine takes a while."
        )
    return line


def _queue_line(ahead: int) -> str:
    if ahead == 0:
        return _(":material/hourglass_empty: Queued, next")
    return _(":material/hourglass_empty: Queued, {n} ahead").format(n=number(ahead, ",d"))
