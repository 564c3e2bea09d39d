"""Whoever may be the other party, or whose own people it is, hands over at once: they lose every path (sharing.md)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import overseer_named
from tsunagi.holding.events import HoldPassed
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.rules import Deed
from tsunagi.notices.actions import tell
from tsunagi.notices.models import Notice
from tsunagi.people.access import closed_to
from tsunagi.people.models import Protection
from tsunagi.people.queries import kept_apart
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce

from .chain import succeed
from .promises import pass_promise
from .seconds import somebody_for

REASON = "担当の交代"
"""What the chain says; why is nobody's business."""


def pass_on_what_is_closed(worker_id: int, *, at: datetime) -> int:
    """Pass everything this worker holds of records that are closed to them to a colleague of the same office (else to
    くらし連携担当); how many rows. Who acts, and who works beside, changes too. Nothing says why."""
    worker = WorkerModel.objects.get(pk=worker_id)
    closed = closed_to(worker)
    if not closed:
        return 0
    passed = 0
    holds = Hold.objects.select_for_update(of=("self",)).filter(
        concern__party_id__in=closed, closed_at__isnull=True
    )
    for hold in holds.filter(worker_id=worker_id).select_related("concern").order_by("concern_id"):
        who = somebody_for(hold.office_id, besides=worker_id, party_id=hold.concern.party_id, on=day_of(at))
        if who is None:
            continue
        successor, office_id = who
        succeed(
            hold,
            deed=Deed.REASSIGN,
            by=None,
            at=at,
            worker_id=successor,
            office_id=office_id,
            look_back=hold.look_back,
            waiting_for=hold.waiting_for,
            waiting_from=hold.waiting_from,
            waiting_until=hold.waiting_until,
            handed_note="担当が替わりました。いちど、これまでの記録を読んでください。",
        )
        announce(HoldPassed(hold.concern_id, worker_id, successor, hold.office_id, office_id, at))
        _tell(successor, at)
        passed += 1
    beside = holds.filter(Q(acting_id=worker_id) | Q(together_with__contains=[worker_id])).order_by("pk")
    for hold in beside:
        fields = {"together_with": [pk for pk in hold.together_with if pk != worker_id]}
        if hold.acting_id == worker_id:
            fields |= {"acting": None, "acting_from": None, "acting_until": None}  # type: ignore[dict-item]
        Hold.objects.filter(pk=hold.pk).update(**fields)
        passed += 1
    for row in (
        Promise.objects.select_for_update()
        .filter(party_id__in=closed, worker_id=worker_id, is_open=True)
        .order_by("pk")
    ):
        who = somebody_for(row.office_id, besides=worker_id, party_id=row.party_id, on=day_of(at))
        if who is not None:
            successor, office_id = who
            pass_promise(row, worker_id=successor, office_id=office_id, by=None, at=at, reason=REASON)
            _tell(successor, at)
            passed += 1
    return passed


def pass_on_everything_closed(*, at: datetime) -> int:
    """What came to workers meanwhile of records that are closed to them (by a duty, by an import) passes on the same night."""
    workers = sorted({worker for _, _, worker in kept_apart()})
    return sum(pass_on_what_is_closed(worker_id, at=at) for worker_id in workers)


def tell_who_watches_instead(worker_id: int, *, at: datetime) -> None:
    """Rows of this worker's offices passed out of their managers' oversight: whoever the city named is told to look, without
    a name. Where nobody is named they stand on the boards of くらし連携担当 anyway. Told once for a protection: the nightly look says it again to nobody."""
    apart = {(office, party) for office, party, who in kept_apart() if who == worker_id}
    held = Hold.objects.filter(closed_at__isnull=True, concern__party_id__in={party for _, party in apart})
    held_in = {
        (office, party) for office, party in held.values_list("office_id", "concern__party_id").order_by("pk")
    }
    passed = apart & held_in
    stand_in = [overseer_named(office) for office in sorted({office for office, _ in passed})]
    named = {pk for pk in stand_in if pk is not None and pk != worker_id}
    begun = Protection.objects.filter(
        person_id__in={party for _, party in passed}, ended_at__isnull=True
    ).aggregate(at=Max("set_at"))["at"]
    known = Notice.objects.filter(kind="instead", worker_id__in=named, told_at__gte=begun or at)
    tell(
        sorted(named - set(known.order_by("pk").values_list("worker_id", flat=True))),
        "管理職に代わって見る行があります。網の「代わりに見る行」を見てください。",
        "/net/#instead",
        kind="instead",
        at=at,
    )


def _tell(worker_id: int, at: datetime) -> None:
    tell([worker_id], "担当が替わり、あなたの受け持ちになったものがあります。", "/", kind="handover", at=at)
