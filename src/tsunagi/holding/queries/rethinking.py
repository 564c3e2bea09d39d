"""見立て直し: whose turn it is that two people look again; 手が回らなかった: how often, by office."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection

from .settings import city_settings

# As holding.rules.rethink_due says: contacts since the last A, B or 見立て直し, or the days since.
_DUE = """
WITH mine AS MATERIALIZED (
    SELECT c.id, COALESCE(c.last_seen_on, (c.opened_at AT TIME ZONE 'Asia/Tokyo')::date) AS seen_on
      FROM holding_hold h JOIN holding_concern c ON c.id = h.concern_id
     WHERE h.closed_at IS NULL AND NOT h.look_back AND h.kind <> 'stocktaking' AND {which}
), again AS (
    SELECT r.concern_id, max(r.opened_at) AS at FROM holding_hold r JOIN mine ON mine.id = r.concern_id
     WHERE r.deed = 'rethink' GROUP BY 1
), seen AS (
    SELECT t.concern_id, max(t.at) AS at FROM holding_contacton t JOIN mine ON mine.id = t.concern_id
     WHERE t.kind IN ('met', 'seen') GROUP BY 1
), unseen AS (
    SELECT t.concern_id, count(*) AS n
      FROM holding_contacton t JOIN mine ON mine.id = t.concern_id
      LEFT JOIN again ON again.concern_id = t.concern_id
      LEFT JOIN seen ON seen.concern_id = t.concern_id
     WHERE t.kind NOT IN ('met', 'seen')
       AND t.at > COALESCE(again.at, '-infinity') AND t.at > COALESCE(seen.at, '-infinity')
     GROUP BY 1
)
SELECT mine.id FROM mine
  LEFT JOIN again ON again.concern_id = mine.id
  LEFT JOIN unseen ON unseen.concern_id = mine.id
 WHERE (%(on)s - GREATEST(mine.seen_on, (again.at AT TIME ZONE 'Asia/Tokyo')::date) >= %(days)s
        OR COALESCE(unseen.n, 0) >= %(contacts)s)
   AND NOT EXISTS (SELECT 1 FROM holding_secondword w
                    WHERE w.subject_kind = 'concern' AND w.subject_id = mine.id AND w.deed = 'rethink'
                      AND w.answered_at IS NULL)
"""


def _due(which: str, on: date, **values: object) -> set[int]:
    settings = city_settings()
    given: dict[str, Any] = {
        "on": on,
        "days": settings.rethink_after.count,
        "contacts": settings.rethink_contacts,
        **values,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(which=which), given)
        return {int(row[0]) for row in cursor.fetchall()}


def rethink_due_of(worker_id: int, on: date) -> set[int]:
    """Concerns this worker answers for, or acts in, whose 見立て直し is due and has not been asked for."""
    which = "(h.worker_id = %(who)s OR (h.acting_id = %(who)s AND h.acting_from <= %(on)s))"
    return _due(which, on, who=worker_id)


def rethink_due_in(office_ids: Sequence[int], on: date, *, hidden: Collection[int] = ()) -> int:
    """How many concerns of these offices, but for those of the `hidden` parties, are due for it."""
    which = "h.office_id = ANY(%(offices)s) AND NOT c.party_id = ANY(%(hidden)s::bigint[])"
    return len(_due(which, on, offices=list(office_ids), hidden=list(hidden)))


def rethink_is_due(concern_id: int, on: date) -> bool:
    """Whether it is due for this concern."""
    return bool(_due("h.concern_id = %(concern)s", on, concern=concern_id))


def could_not_by_office(office_ids: Sequence[int], on: date, *, days: int = 30) -> list[tuple[str, int]]:
    """How often 手が回らなかった was pressed in the last days, by office and never by person: where hands are missing."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT COALESCE(NULLIF(o.short_name, ''), o.name), count(*)
              FROM holding_hold h JOIN accounts_office o ON o.id = h.office_id
             WHERE h.deed = 'could_not' AND h.opened_on > %s AND h.opened_on <= %s AND h.office_id = ANY(%s)
             GROUP BY o.id ORDER BY 2 DESC, 1
            """,
            [date.fromordinal(on.toordinal() - days), on, list(office_ids)],
        )
        return [(str(name), int(count)) for name, count in cursor.fetchall()]
