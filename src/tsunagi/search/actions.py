"""Keeping the index: called by the deed that writes a text, in its transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from .models import Due, Passage
from .rules import Text, TextKind, vector_of

BATCH = 500


def put(text: Text) -> None:
    """Make this text findable as it is now; one without words is found no more."""
    put_many([text])


def put_many(texts: Iterable[Text]) -> int:
    """The same for many at once (an import, a new index); returns how many texts are found now."""
    count = 0
    batch: list[Text] = []
    for text in texts:
        batch.append(text)
        if len(batch) == BATCH:
            count += _store(batch)
            batch = []
    return count + _store(batch)


def take_out(kind: TextKind, source_ids: Iterable[int]) -> None:
    """These texts are found no more."""
    Passage.objects.filter(kind=kind, source_id__in=list(source_ids)).delete()


def take_due(size: int = BATCH) -> dict[TextKind, list[int]]:
    """The next texts whose words are to be read anew, taken off the list in this transaction; {} when there are none.

    Two who work at once take different ones. The texts must be read after this call: what is written later stands on
    the list again.
    """
    rows = list(Due.objects.select_for_update(skip_locked=True).order_by("id")[:size])
    Due.objects.filter(pk__in=[row.pk for row in rows]).delete()
    found: dict[TextKind, list[int]] = {}
    for row in rows:
        found.setdefault(TextKind(row.kind), []).append(row.source_id)
    return {kind: list(dict.fromkeys(ids)) for kind, ids in found.items()}


def put_due(kind: TextKind, source_ids: Iterable[int]) -> None:
    """Let these texts be read anew (a new dictionary, a repair)."""
    Due.objects.bulk_create((Due(kind=kind, source_id=pk) for pk in source_ids), batch_size=5_000)


def _store(texts: Sequence[Text]) -> int:
    found = [(text, words) for text in texts if (words := vector_of(text.words))]
    rows = [(text, party, keys, words) for text, words in found for party, keys in text.rows()]
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OUT, [[text.kind.value for text in texts], [text.source_id for text in texts]])
        if rows:
            cursor.execute(
                _PUT,
                [
                    [text.kind.value for text, *_ in rows],
                    [text.source_id for text, *_ in rows],
                    [party for _, party, _, _ in rows],
                    [text.office_id for text, *_ in rows],
                    [text.at for text, *_ in rows],
                    [",".join(keys) for _, _, keys, _ in rows],
                    [words for *_, words in rows],
                ],
            )
    return len(found)


_TAKE_OUT = """
DELETE FROM search_passage p USING unnest(%s::text[], %s::bigint[]) AS gone(kind, source_id)
 WHERE p.kind = gone.kind AND p.source_id = gone.source_id
"""
_PUT = """
INSERT INTO search_passage (kind, source_id, party, office, at, keys, words)
SELECT kind, source_id, party, office, at, string_to_array(keys, ','), words::tsvector
  FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[], %s::text[], %s::text[])
       AS new(kind, source_id, party, office, at, keys, words)
"""
