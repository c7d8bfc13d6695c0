"""Decides how a request is answered."""

from __future__ import annotations

from playground.demo.answers import Answer, Tempo, script
from playground.demo.asked import Asked


class Director:
    """Answers requests. One for each server, since it remembers what failed once."""

    def answer(self, asked: Asked) -> Answer:
        import json
        if asked.prompt.strip() == "/scenario echo-parameters":
            return script("```json\n" + json.dumps(asked.body, indent=2, ensure_ascii=False) + "\n```")
        if "france" in asked.prompt.lower():
            return script("The capital of France is **Paris**.")
        if "spain" in asked.prompt.lower():
            return script("The capital of Spain is **Madrid**.")
        return script(f"This is a scripted demo; no model runs here. You wrote: `{asked.prompt[:160]}`")

    def tempo(self, asked: Asked) -> Tempo:
        return Tempo(0.15, 60)
