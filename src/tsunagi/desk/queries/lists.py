"""What lists ask beside their rows: whether words name somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from tsunagi.people.access import visible_to

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def names_somebody(worker: Worker, words: str) -> bool:
    """Whether these words hold the name, or the family name of two letters or more, of somebody the worker may see."""
    squeezed = words.replace(" ", "").replace("\u3000", "")
    seen = visible_to(worker).exclude(name="").order_by().values("pk")
    sql, values = seen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM (SELECT translate(name, E'\u3000', ' ') AS name FROM people_person"
            f" WHERE party_id IN ({sql})) s WHERE position(replace(s.name, ' ', '') IN %s) > 0"
            " OR (position(' ' IN s.name) > 2 AND position(split_part(s.name, ' ', 1) IN %s) > 0))",
            [*values, squeezed, squeezed],
        )
        found = cursor.fetchone()
    return bool(found and found[0])
