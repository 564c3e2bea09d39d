"""Who becomes involved with a person, why, and when that ends: the only place that writes `Involvement`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db.models import Q

from tsunagi.journal.actions import record
from tsunagi.people.models import Involvement, Membership, Party
from tsunagi.people.rules import SUPPORTING_GROUND, NewInvolvement, PartyKind, ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused


def involve(
    party_id: int,
    office_id: int,
    *,
    ground: str,
    facets: Sequence[str],
    reason_kind: str,
    reason_id: int,
    at: datetime,
    worker_id: int | None = None,
    until_on: date | None = None,
    by: int | None = None,
) -> Involvement:
    """Let an office see a party for a reason. Asking again for the same reason changes nothing.

    Under ground 01 the households of a person are opened for the same reason, and a record that turned out to be
    somebody else opens that one. Other facets than before end the old involvement and begin a new one. Raises
    Refused for a party that does not exist.
    """
    facets = list(dict.fromkeys(str(facet) for facet in facets))
    reason_kind = str(reason_kind)
    targets = _targets(party_id, ground)
    kept = {
        row.party_id: row
        for row in Involvement.objects.select_for_update()
        .filter(party_id__in=targets, office_id=office_id, reason_kind=reason_kind, reason_id=reason_id)
        .filter(_of_worker(worker_id), ended_at__isnull=True)
        .order_by("id")
    }
    changed = [row.pk for row in kept.values() if set(row.facets) != set(facets) or row.ground != ground]
    missing = [target for target in targets if target not in kept or kept[target].pk in changed]
    if missing:
        Involvement.objects.filter(pk__in=changed).update(ended_at=at)
        Involvement.objects.bulk_create(
            [
                Involvement(
                    party_id=target,
                    office_id=office_id,
                    worker_id=worker_id,
                    facets=facets,
                    ground=ground,
                    from_on=day_of(at),
                    until_on=until_on,
                    reason_kind=reason_kind,
                    reason_id=reason_id,
                )
                for target in missing
            ],
            # Two deeds of one office at the same moment want the same row: whoever is second finds it there.
            ignore_conflicts=True,
        )
        _end_registered(targets, office_id, reason_kind, at)
        record(
            "involvement.begun",
            subject_kind="party",
            subject_id=party_id,
            by=by,
            at=at,
            ground=ground,
            detail={"office": office_id, "reason": reason_kind, "reason_id": reason_id, "parties": missing},
        )
    return Involvement.objects.get(
        _of_worker(worker_id),
        party_id=party_id,
        office_id=office_id,
        reason_kind=reason_kind,
        reason_id=reason_id,
        ended_at__isnull=True,
    )


def involve_many(rows: Iterable[NewInvolvement], *, at: datetime, by: int | None = None) -> int:
    """Begin many involvements at once (imports, demo); those that stand already stay. Returns how many were asked.

    Households of persons are opened under ground 01 as `involve` does. One journal line tells how many.
    """
    asked = list(rows)
    if not asked:
        return 0
    households: dict[int, list[int]] = {}
    persons = {row.party_id for row in asked if row.ground == SUPPORTING_GROUND}
    for household_id, person_id in Membership.objects.filter(
        person_id__in=persons, ended_at__isnull=True
    ).values_list("household_id", "person_id"):
        households.setdefault(person_id, []).append(household_id)
    on = day_of(at)
    Involvement.objects.bulk_create(
        (
            Involvement(
                party_id=target,
                office_id=row.office_id,
                facets=list(row.facets),
                ground=row.ground,
                from_on=on,
                reason_kind=str(row.reason_kind),
                reason_id=row.reason_id,
            )
            for row in asked
            for target in (
                row.party_id,
                *(households.get(row.party_id, ()) if row.ground == SUPPORTING_GROUND else ()),
            )
        ),
        ignore_conflicts=True,
        batch_size=5000,
    )
    record(
        "involvement.begun_many",
        subject_kind="party",
        subject_id=None,
        by=by,
        at=at,
        detail={"count": len(asked)},
    )
    return len(asked)


def end_involvement(
    reason_kind: str,
    reason_id: int,
    office_id: int | None = None,
    *,
    at: datetime,
    by: int | None = None,
    worker_id: int | None = None,
) -> int:
    """End what rests on this reason (for one office, or for all); returns how many involvements ended.

    With `worker_id` only what was opened to that worker alone.

    What the office wrote itself stays its own record; it ends for new reading.
    """
    rows = Involvement.objects.filter(
        reason_kind=str(reason_kind), reason_id=reason_id, ended_at__isnull=True
    )
    if office_id is not None:
        rows = rows.filter(office_id=office_id)
    if worker_id is not None:
        rows = rows.filter(worker_id=worker_id)
    ended = rows.update(ended_at=at)
    if ended:
        record(
            "involvement.ended",
            subject_kind="reason",
            subject_id=reason_id,
            by=by,
            at=at,
            detail={"office": office_id, "reason": str(reason_kind), "count": ended},
        )
    return ended


def hand_over_involvements(
    from_office: int, to_office: int, *, kinds: Iterable[str], at: datetime, by: int
) -> int:
    """An office closes: whom it saw for these reasons the office that follows sees, on the same ground. How many ended."""
    rows = list(
        Involvement.objects.filter(
            office_id=from_office, ended_at__isnull=True, reason_kind__in=[str(kind) for kind in kinds]
        ).order_by("id")
    )
    Involvement.objects.bulk_create(
        [
            Involvement(
                party_id=row.party_id, office_id=to_office, facets=row.facets, ground=row.ground, from_on=day_of(at),
                until_on=row.until_on, reason_kind=row.reason_kind, reason_id=row.reason_id,
            )
            for row in rows
            if row.worker_id is None
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    ended = Involvement.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
    if ended:
        record(
            "involvement.handed_over", subject_kind="office", subject_id=from_office, by=by, at=at,
            detail={"to": to_office, "count": ended},
        )  # fmt: skip
    return ended


def end_past_their_day(on: date, *, at: datetime) -> int:
    """End involvements whose last day has passed (an end the person asked for). Sight stopped on the day itself."""
    ended = Involvement.objects.filter(ended_at__isnull=True, until_on__lt=on).update(ended_at=at)
    if ended:
        record(
            "involvement.ended",
            subject_kind="reason",
            subject_id=None,
            by=None,
            at=at,
            detail={"count": ended},
        )
    return ended


def involve_registering_office(party_id: int, office_id: int | None, *, by: int | None, at: datetime) -> None:
    """Whoever writes somebody down can open what they wrote, until the office has a reason of its own."""
    from tsunagi.people.rules import SUPPORTING_FACETS

    if office_id is not None:
        involve(
            party_id,
            office_id,
            ground=SUPPORTING_GROUND,
            facets=SUPPORTING_FACETS,
            reason_kind=ReasonKind.REGISTERED,
            reason_id=party_id,
            at=at,
            by=by,
        )


def share_reasons_with_household(person_id: int, household_id: int, *, at: datetime) -> None:
    """Open the household to the offices that support the person (01), for the same reasons."""
    rows = Involvement.objects.filter(
        party_id=person_id, ended_at__isnull=True, ground=SUPPORTING_GROUND, worker__isnull=True
    ).order_by("id")
    Involvement.objects.bulk_create(
        [
            Involvement(
                party_id=household_id,
                office_id=row.office_id,
                facets=row.facets,
                ground=row.ground,
                from_on=day_of(at),
                until_on=row.until_on,
                reason_kind=row.reason_kind,
                reason_id=row.reason_id,
            )
            for row in rows
        ],
        ignore_conflicts=True,
    )


def take_reasons_from_household(person_id: int, household_id: int, *, at: datetime) -> None:
    """End what the household was opened for through this person alone."""
    others = Membership.objects.filter(household_id=household_id, ended_at__isnull=True).values("person_id")
    mine = set(_reasons(Q(party_id=person_id)))
    theirs = set(_reasons(Q(party_id__in=others)))
    for office_id, reason_kind, reason_id in sorted(mine - theirs):
        Involvement.objects.filter(
            party_id=household_id,
            office_id=office_id,
            reason_kind=reason_kind,
            reason_id=reason_id,
            ended_at__isnull=True,
        ).update(ended_at=at)


def _reasons(whose: Q) -> Iterable[tuple[int, str, int]]:
    return (
        Involvement.objects.filter(whose, ended_at__isnull=True)
        .order_by("id")
        .values_list("office_id", "reason_kind", "reason_id")
    )


def _of_worker(worker_id: int | None) -> Q:
    """The whole office's involvements, or those of one worker alone."""
    return Q(worker__isnull=True) if worker_id is None else Q(worker_id=worker_id)


def _targets(party_id: int, ground: str) -> list[int]:
    """The party, whom somebody not yet known turned out to be, and under 01 the households of the person.

    Another record of the same person is not opened: a merge widens nobody's sight (H12).
    """
    party = Party.objects.filter(pk=party_id).values_list("kind", "same_as_id", "same_as__kind").first()
    if party is None:
        raise Refused("この記録は見つかりません。画面を開き直してください。")
    kind, root, root_kind = party
    targets = [party_id] + ([root] if root and kind == PartyKind.UNKNOWN else [])
    if ground == SUPPORTING_GROUND and PartyKind.PERSON in (kind, root_kind):
        targets += Membership.objects.filter(person_id__in=targets, ended_at__isnull=True).values_list(
            "household_id", flat=True
        )
    return list(dict.fromkeys(targets))


def _end_registered(targets: Iterable[int], office_id: int, reason_kind: str, at: datetime) -> None:
    if reason_kind != ReasonKind.REGISTERED:
        Involvement.objects.filter(
            party_id__in=targets,
            office_id=office_id,
            reason_kind=ReasonKind.REGISTERED,
            ended_at__isnull=True,
        ).update(ended_at=at)
