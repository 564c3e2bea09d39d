"""統合: two records of one person become one by a pointer, never by re-pointed rows (H12); and the way back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.people.events import PartyJoined
from tsunagi.people.models import Involvement, Merge, NotSame, Party, Person, Protection
from tsunagi.people.rules import OneOfTwo, PartyKind, as_written, check_reason, which_stays
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .involvements import end_involvement, involve
from .protections import cover_twin
from .search_keys import rebuild_keys

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def merge_persons(
    one: Person | int,
    other: Person | int,
    *,
    reason: str,
    by: Worker,
    at: datetime,
    evidence: Iterable[str] = (),
    letting_see: Iterable[int] = (),
) -> Merge:
    """Say that two records are one person. Ask through both doors (`access.person_for`).

    Nobody sees more than before, but the offices in `letting_see`: they were involved with one of the two, and the
    worker confirms that they may see the other one too, for the same reasons. A protection of either protects both.
    Raises Refused when either is joined already.
    """
    ids = [person if isinstance(person, int) else person.pk for person in (one, other)]
    said = as_written(check_reason(reason))
    refuse_my_number(said, "わけ", "reason")
    parties = _locked(ids)
    stays_id, joins_id = which_stays(
        *(
            OneOfTwo(
                pk, parties[pk].kind == PartyKind.PERSON, parties[pk].same_as_id is not None,
                parties[pk].merged.count(),
            )
            for pk in ids
        )
    )  # fmt: skip
    stays, joins = parties[stays_id], parties[joins_id]
    joins.same_as = stays
    joins.save(update_fields=["same_as"])
    lowest, highest = sorted(ids)
    NotSame.objects.filter(one_id=lowest, other_id=highest, ended_at__isnull=True).update(ended_at=at)
    opened = [
        row
        for office in sorted(set(letting_see))
        for row in _let_see(office, stays_id, joins_id, by=by, at=at)
    ]
    merge = Merge.objects.create(
        kept=stays, joined=joins, reason=said, evidence=list(evidence), opened=opened, at=at, by=by
    )
    _protect_both(stays_id, joins_id, by=by, at=at)
    rebuild_keys(sorted(ids))
    for pk, twin in ((stays_id, joins_id), (joins_id, stays_id)):
        record(
            "person.merged", subject_kind="person", subject_id=pk, by=by.pk, at=at,
            detail={"with": twin, "merge": merge.pk, "offices": sorted(set(letting_see))},
        )  # fmt: skip
    announce(PartyJoined(joins_id, stays_id, by.pk, at))
    return merge


def part_persons(merge: Merge | int, *, reason: str, by: Worker, at: datetime) -> Merge:
    """Take a merge back: they are two people. What it opened closes; what is protected stays protected.

    Taking it back twice changes nothing. Rows are where they were written: who wrote for whom after the merge is asked
    one by one by the caller. Raises Refused without a reason.
    """
    said = as_written(check_reason(reason))
    refuse_my_number(said, "わけ", "reason")
    pk = merge if isinstance(merge, int) else merge.pk
    ends = Merge.objects.filter(pk=pk).values_list("kept_id", "joined_id").get()
    parties = _locked(list(ends))
    current = Merge.objects.select_for_update().get(pk=pk)
    if current.parted_at is not None:
        return current
    joins = parties[current.joined_id]
    joins.same_as = None
    joins.save(update_fields=["same_as"])
    current.parted_at, current.parted_by, current.parted_reason = at, by, said
    current.save(update_fields=["parted_at", "parted_by", "parted_reason"])
    for row in Involvement.objects.filter(pk__in=current.opened, ended_at__isnull=True).order_by("pk"):
        Involvement.objects.filter(pk=row.pk).update(ended_at=at)
        record(
            "involvement.ended", subject_kind="party", subject_id=row.party_id, by=by.pk, at=at,
            detail={"office": row.office_id, "reason": row.reason_kind, "reason_id": row.reason_id, "merge": pk},
        )  # fmt: skip
    lowest, highest = sorted(ends)
    NotSame.objects.get_or_create(
        one_id=lowest, other_id=highest, ended_at=None, defaults={"at": at, "by": by}
    )
    rebuild_keys(sorted(ends))
    for one, other in (ends, ends[::-1]):
        record(
            "person.parted", subject_kind="person", subject_id=one, by=by.pk, at=at,
            detail={"with": other, "merge": pk},
        )  # fmt: skip
    return current


def say_not_same(one: Person | int, other: Person | int, *, by: Worker, at: datetime) -> None:
    """別の人です: the two are not proposed again. Saying it twice changes nothing."""
    lowest, highest = sorted(person if isinstance(person, int) else person.pk for person in (one, other))
    if lowest == highest:
        raise Refused("同じ記録どうしです。画面を開き直してください。")
    _made, is_new = NotSame.objects.get_or_create(
        one_id=lowest, other_id=highest, ended_at=None, defaults={"at": at, "by": by}
    )
    if is_new:
        record(
            "person.not_same",
            subject_kind="person",
            subject_id=lowest,
            by=by.pk,
            at=at,
            detail={"other": highest},
        )


def involve_instead(
    office_id: int, reason_kind: str, reason_id: int, *, of: int, instead_of: int, by: Worker, at: datetime
) -> None:
    """A row turned out to be about the other one of two: its office sees that one now, and the first no more by it."""
    rows = list(
        Involvement.objects.filter(
            party_id=instead_of, office_id=office_id, reason_kind=reason_kind, reason_id=reason_id,
            ended_at__isnull=True,
        ).order_by("pk")
    )  # fmt: skip
    if not rows:
        return
    end_involvement(reason_kind, reason_id, office_id=office_id, at=at, by=by.pk)
    for row in rows:
        involve(
            of, office_id, ground=row.ground, facets=row.facets, reason_kind=reason_kind, reason_id=reason_id, at=at,
            worker_id=row.worker_id, until_on=row.until_on, by=by.pk,
        )  # fmt: skip


def _locked(ids: list[int]) -> dict[int, Party]:
    parties = {
        party.pk: party
        for party in Party.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=ids)
        .order_by("pk")
    }
    if len(parties) < 2:
        raise Refused("統合する記録が見つかりません。画面を開き直してください。")
    return parties


def _let_see(office_id: int, stays_id: int, joins_id: int, *, by: Worker, at: datetime) -> list[int]:
    """The office sees both from now on, for the reasons it had for one. Returns the involvements that began."""
    opened = []
    for has, lacks in ((stays_id, joins_id), (joins_id, stays_id)):
        if Involvement.objects.filter(party_id=lacks, office_id=office_id, ended_at__isnull=True).exists():
            continue
        for row in Involvement.objects.filter(
            party_id=has, office_id=office_id, ended_at__isnull=True
        ).order_by("pk"):
            begun = Involvement.objects.create(
                party_id=lacks, office_id=office_id, worker_id=row.worker_id, facets=row.facets, ground=row.ground,
                from_on=day_of(at), until_on=row.until_on,
                reason_kind=row.reason_kind, reason_id=row.reason_id,
            )  # fmt: skip
            opened.append(begun.pk)
            record(
                "involvement.begun", subject_kind="party", subject_id=lacks, by=by.pk, at=at, ground=row.ground,
                detail={"office": office_id, "reason": row.reason_kind, "reason_id": row.reason_id, "parties": [lacks]},
            )  # fmt: skip
        break
    return opened


def _protect_both(stays_id: int, joins_id: int, *, by: Worker, at: datetime) -> None:
    for has, lacks in ((stays_id, joins_id), (joins_id, stays_id)):
        for protection in Protection.objects.filter(person_id=has, ended_at__isnull=True).order_by("pk"):
            cover_twin(protection, lacks, by=by, at=at)
