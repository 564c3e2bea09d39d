"""What a merge left behind: rows written after it, and who looked meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import office_ids
from tsunagi.cases.models import Case
from tsunagi.holding.models import Concern
from tsunagi.intake.access import visible_to as visible_consultations
from tsunagi.journal.queries import looks
from tsunagi.people.models import Involvement

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.people.models import Merge


@dataclass(frozen=True)
class RowSince:
    """A row written on either record after the merge: whose it stands for now, and what it says."""

    kind: str
    id: int
    party_id: int
    label: str
    words: str
    at: datetime
    by: str

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class LookedMeanwhile:
    """A worker who opened either record while they were one."""

    worker: str
    party_id: int
    times: int
    first: datetime
    last: datetime
    saw_both: bool
    """Their office was let see both with the merge: they may have read what was not theirs to read."""


def rows_since(worker: Worker, merge: Merge) -> list[RowSince]:
    """Concerns, files and consultations written on either record since the merge, as far as the worker sees them."""
    ends = (merge.kept_id, merge.joined_id)
    rows = [
        RowSince(
            "concern",
            one.pk,
            one.party_id,
            "課題",
            one.description,
            one.opened_at,
            one.opened_by.name if one.opened_by else "",
        )
        for one in Concern.objects.filter(party_id__in=ends, opened_at__gte=merge.at)
        .select_related("opened_by")
        .order_by("pk")
    ]
    rows += [
        RowSince("case", one.pk, one.party_id, "支援", one.title, one.opened_at, one.opened_by.name)
        for one in Case.objects.filter(party_id__in=ends, opened_at__gte=merge.at)
        .select_related("opened_by")
        .order_by("pk")
    ]
    rows += [
        RowSince(
            "consultation",
            one.pk,
            one.party_id or 0,
            "相談",
            one.words,
            one.written_at,
            one.written_by.name if one.written_by else "",
        )
        for one in visible_consultations(worker)
        .filter(party_id__in=ends, written_at__gte=merge.at)
        .select_related("written_by")
        .order_by("pk")
    ]
    return sorted(rows, key=lambda row: (row.at, row.key))


def looked_meanwhile(merge: Merge, *, until: datetime) -> list[LookedMeanwhile]:
    """Who opened either record from the merge until it was taken back (or until now), from the journal."""
    ends = (merge.kept_id, merge.joined_id)
    found = looks("person", ends, from_at=merge.at, until_at=merge.parted_at or until)
    workers = WorkerModel.objects.in_bulk({row.worker_id for row in found})
    widened = set(Involvement.objects.filter(pk__in=merge.opened).values_list("office_id", flat=True))
    return [
        LookedMeanwhile(
            workers[row.worker_id].name, row.subject_id, row.times, row.first, row.last,
            bool(widened & set(office_ids(workers[row.worker_id]))),
        )
        for row in found
        if row.worker_id in workers
    ]  # fmt: skip
