"""Presets in the server's memory: bounded, and gone when the server stops."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import replace
from typing import Any

from playground.conversation import new_id
from playground.store.preset_rules import (
    MAX_PRESETS,
    checked_name,
    name_key,
    name_taken,
    too_many,
    written,
)
from playground.store.values import StoredPreset

#: Presets kept for all owners together; the one that was saved first goes first.
MAX_OF_ALL = 2000


class MemoryPresets:
    """The part of the store that keeps presets; see ConversationStore."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._presets: dict[str, tuple[str, StoredPreset]] = {}

    def presets(self, owner: str) -> tuple[StoredPreset, ...]:
        """Return the presets of the owner, by name."""
        with self._lock:
            own = self._presets_of(owner)
        # Copies: what is in a preset can be changed, and what is kept must not be.
        copies = [replace(p, content=json.loads(json.dumps(p.content))) for p in own]
        return tuple(sorted(copies, key=lambda preset: name_key(preset.name)))

    def save_preset(self, owner: str, name: str, content: dict[str, Any]) -> str:
        """Keep a preset, in the place of one of that name; see ConversationStore."""
        name, kept, now = checked_name(name), json.loads(written(content)), time.time()
        with self._lock:
            own = self._presets_of(owner)
            found = next((p for p in own if name_key(p.name) == name_key(name)), None)
            if found is None:
                if len(own) >= MAX_PRESETS:
                    raise too_many()
                if len(self._presets) >= MAX_OF_ALL:
                    del self._presets[next(iter(self._presets))]
                found = StoredPreset(new_id(), name, kept, now, now)
            changed = replace(found, name=name, content=kept, updated_at=now)
            self._presets[found.id] = (owner, changed)
            return found.id

    def rename_preset(self, owner: str, preset_id: str, name: str) -> bool:
        """Rename a preset; see ConversationStore."""
        name = checked_name(name)
        with self._lock:
            own = {preset.id: preset for preset in self._presets_of(owner)}
            if preset_id not in own:
                return False
            if any(p.id != preset_id and name_key(p.name) == name_key(name) for p in own.values()):
                raise name_taken(name)
            changed = replace(own[preset_id], name=name, updated_at=time.time())
            self._presets[preset_id] = (owner, changed)
            return True

    def delete_preset(self, owner: str, preset_id: str) -> bool:
        """Delete a preset for good; False if there is no such preset."""
        with self._lock:
            if preset_id not in {preset.id for preset in self._presets_of(owner)}:
                return False
            del self._presets[preset_id]
            return True

    def _presets_of(self, owner: str) -> list[StoredPreset]:
        return [preset for who, preset in self._presets.values() if who == owner]

    def _forget_presets(self, owner: str) -> None:
        for preset in self._presets_of(owner):
            del self._presets[preset.id]
