"""What was written is read into the index of words."""

from __future__ import annotations

from tsunagi.desk.queries import all_ids, texts_of
from tsunagi.search.actions import put_due, put_many, take_due, take_out
from tsunagi.search.rules import TextKind


def read_words() -> int:
    """Read the next texts on the list into the index; returns how many were on it. One transaction for a batch."""
    due = take_due()
    for kind, ids in due.items():
        texts = texts_of(kind, ids)
        take_out(kind, set(ids) - {text.source_id for text in texts})
        put_many(texts)
    return sum(len(ids) for ids in due.values())


def read_everything_anew() -> int:
    """Put every text on the list (a new dictionary, a damaged index); returns how many."""
    count = 0
    for kind in TextKind:
        ids = list(all_ids(kind))
        put_due(kind, ids)
        count += len(ids)
    return count
