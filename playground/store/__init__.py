"""Where conversations are kept: one interface, in memory or in a database.

    values      what a store tells and can be asked        words, excerpts   what a search finds
    interface   ConversationStore                          memory, matching  in memory
    sql         in a database, made of trees, replies, lists, search, index, shares, deletion,
                presets, comparisons
    preset_rules, memory_presets                           what is taken as a preset; in memory
    memory_comparisons, shared                             comparisons in memory; what others see
    engine, schema, migrations, migrate, faults            the database itself
    presence, saver, housekeeping                          processes, and what runs beside them
    resilient, link, journal                               going on while the database fails
    snapshot, restore, files, rebuild                      backups

`sql` is not imported here: what uses no database does not pay for one.
"""

from playground.store.errors import StoreError
from playground.store.interface import ConversationStore
from playground.store.memory import MemoryStore
from playground.store.shared import SharedComparison
from playground.store.values import (
    Excerpt,
    Found,
    Hit,
    Piece,
    Share,
    StoredPreset,
    Summary,
    Wanted,
)

__all__ = [
    "ConversationStore",
    "Excerpt",
    "Found",
    "Hit",
    "MemoryStore",
    "Piece",
    "Share",
    "SharedComparison",
    "StoreError",
    "StoredPreset",
    "Summary",
    "Wanted",
]
