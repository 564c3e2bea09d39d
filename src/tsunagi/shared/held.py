"""What each module holds of a party, said in one place (`retention.py`), so that a disposal finds all of it.

A disposal empties rows in place: numbers, codes and days stay, so that laws, totals and the journal stay whole
(decision 0050). Only rows that are nothing but a name, a number or an older wording are deleted.
"""

from __future__ import annotations

from dataclasses import dataclass, field

GONE = "（廃棄）"
"""What stands where something was written and is no more."""


@dataclass(frozen=True)
class Held:
    """Rows of one table that belong to parties.

    `where`: SQL that selects them by `%(parties)s` (an array of party numbers). `blank`: columns that are emptied;
    `delete`: the rows go altogether. `keeps`: columns with words that stay, because they are codes or name nobody.
    `frozen_by`: triggers that refuse a change for everybody and are passed by for this one deed.
    """

    table: str
    where: str = ""
    blank: tuple[str, ...] = ()
    delete: bool = False
    keeps: tuple[str, ...] = ()
    frozen_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Moment:
    """From when a kind of record is counted: SQL with (party, the day its work ended, whether it still goes on).

    `sql` is filtered from outside by party; the second column is a date or NULL, the third a boolean.
    """

    kind: str
    sql: str


@dataclass(frozen=True)
class Loose:
    """Records of no party, disposed of one by one: SQL with (id, day, still open) and what is emptied by `%(ids)s`."""

    kind: str
    key: str
    label: str
    sql: str
    held: tuple[Held, ...] = field(default=())
