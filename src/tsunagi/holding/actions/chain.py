"""The chain of holds: the one place that opens and ends a hold, journals it, and keeps who may see in step (H13, H17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.queries import calendar_of, long_absence, may_hold_in, someone_in
from tsunagi.holding.models import Concern, Hold
from tsunagi.journal.actions import record
from tsunagi.people.actions import end_involvement, involve
from tsunagi.people.models import Involvement
from tsunagi.people.rules import SUPPORTING_FACETS, ReasonKind
from tsunagi.shared.days import Calendar, day_of
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.queries import may_be_told
from tsunagi.sharing.rules import CONSENT_GROUNDS

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

GONE_ON = "この課題は、先にほかの人が動かしました。画面を開き直して、いまの様子を見てください。"


def holder_calendar(hold: Hold) -> Calendar:
    """The calendar a hold counts by: its office's, narrowed to the holder's working weekdays."""
    return calendar_of(hold.office_id, hold.worker_id)


def locked_concerns(ids: Iterable[int]) -> list[Concern]:
    """The concerns, locked in the one order (by number) in which everybody locks."""
    return list(Concern.objects.select_for_update().filter(pk__in=list(ids)).order_by("pk"))


def locked_hold(concern: Concern) -> Hold:
    """The open hold of a locked concern, locked too; Refused when the concern is closed."""
    hold = Hold.objects.select_for_update().filter(concern_id=concern.pk, closed_at__isnull=True).first()
    if hold is None:
        raise Refused("この課題は、すでに終えています。続けるときは「再開する」を使ってください。")
    return hold


def open_first_hold(
    concern: Concern,
    *,
    kind: str,
    office_id: int,
    worker_id: int,
    due_on: date,
    deed: str,
    by: Worker | None,
    at: datetime,
    ground: str = "01",
    previous: Hold | None = None,
    **beside: Any,
) -> Hold:
    """Open a hold on a concern that has none open, let its office see, and journal it.

    An office that came in by the person's consent sees what the consent names, not more (sharing.md).
    """
    involve(
        concern.party_id,
        office_id,
        ground=ground,
        facets=facets_on(ground, concern.party_id, office_id, at=at),
        reason_kind=ReasonKind.CONCERN,
        reason_id=concern.pk,
        at=at,
    )
    if "acting_id" not in beside or beside["acting_id"] is None:
        beside |= acts_for(worker_id, office_id, day_of(at))
    hold = Hold.objects.create(
        concern=concern,
        kind=kind,
        office_id=office_id,
        worker_id=worker_id,
        due_on=due_on,
        opened_at=at,
        opened_on=day_of(at),
        opened_by=by,
        deed=deed,
        previous=previous,
        **beside,
    )
    record(
        "hold.opened",
        subject_kind="hold",
        subject_id=hold.pk,
        by=by.pk if by else None,
        at=at,
        detail={
            "concern": concern.pk,
            "kind": str(kind),
            "deed": str(deed),
            "office": office_id,
            "worker": worker_id,
            "due": due_on.isoformat(),
            "previous": previous.pk if previous else None,
            "from_office": previous.office_id if previous else None,
            "from_worker": previous.worker_id if previous else None,
        },
    )
    return hold


def acts_for(worker_id: int, office_id: int, on: date) -> dict[str, Any]:
    """Who acts in what is given to a worker with a long absence, as fields of a hold or promise (H14).

    Who was named for the absence; where nobody was, or they left: the duty worker of the office, else a colleague.
    """
    away = long_absence(worker_id, on)
    if away is None:
        return {}
    acting = away.acting_id
    if acting is None or not may_hold_in(acting, office_id):
        acting = someone_in(office_id, besides=[worker_id], on=on)
    if acting is None:
        raise Refused(
            "この職員には長い不在の記録があり、代行できる職員が機関にいません。別の職員を選ぶか、先に代行を決めてください。",
            field="worker",
        )
    return {"acting_id": acting, "acting_from": away.from_on, "acting_until": away.until_on}


def succeed(
    hold: Hold,
    *,
    deed: str,
    by: Worker | None,
    at: datetime,
    due_on: date | None = None,
    kind: str | None = None,
    office_id: int | None = None,
    worker_id: int | None = None,
    reason: str = "",
    ground: str = "",
    **beside: Any,
) -> Hold:
    """End this hold and open its successor in one step: there is no instant between (H4, H13).

    What is not named stays: kind, office, worker, due day, and the ground of the same office; who acts and who works
    beside stay with the same holder.
    """
    next_office = office_id or hold.office_id
    if not ground:
        ground = ground_of_hold(hold) if next_office == hold.office_id else "01"
    next_worker = worker_id or hold.worker_id
    if next_worker == hold.worker_id and next_office == hold.office_id:
        for name in ("together_with", "acting_id", "acting_from", "acting_until"):
            beside.setdefault(name, getattr(hold, name))
    close_hold(hold, by=by, at=at, reason=str(deed))
    successor = open_first_hold(
        hold.concern,
        kind=kind or hold.kind,
        office_id=next_office,
        worker_id=next_worker,
        due_on=due_on or hold.due_on,
        deed=deed,
        by=by,
        at=at,
        ground=ground,
        previous=hold,
        reason=reason,
        **beside,
    )
    if next_office != hold.office_id:
        end_involvement(ReasonKind.CONCERN, hold.concern_id, office_id=hold.office_id, at=at)
    return successor


def ground_of_hold(hold: Hold) -> str:
    """On what ground the holding office sees whom it holds for; 01 where it sees by something else."""
    grounds = Involvement.objects.filter(
        reason_kind=ReasonKind.CONCERN,
        reason_id=hold.concern_id,
        office_id=hold.office_id,
        ended_at__isnull=True,
    )
    return grounds.order_by("ground", "id").values_list("ground", flat=True).first() or "01"


def facets_on(ground: str, party_id: int, office_id: int, *, at: datetime) -> list[str]:
    """What an office that holds sees: what supporting needs; by consent what the consent names, where one is written."""
    told = may_be_told(party_id, office_id, on=day_of(at)) if ground in CONSENT_GROUNDS else frozenset()
    return [facet for facet in SUPPORTING_FACETS if facet in told] if told else list(SUPPORTING_FACETS)


def close_hold(hold: Hold, *, by: Worker | None, at: datetime, reason: str) -> None:
    """Mark a hold ended. The caller opens its successor or closes the concern in the same transaction (H1)."""
    changed = Hold.objects.filter(pk=hold.pk, closed_at__isnull=True).update(
        closed_at=at, closed_by=by, closing_reason=reason
    )
    if not changed:
        raise Refused(GONE_ON)
    hold.closed_at = at


def end_last_hold(hold: Hold, *, by: Worker | None, at: datetime, reason: str) -> None:
    """Close the hold of a concern that ends here; its office's sight that rested on it ends too."""
    close_hold(hold, by=by, at=at, reason=reason)
    end_involvement(ReasonKind.CONCERN, hold.concern_id, office_id=hold.office_id, at=at)
    record(
        "hold.closed",
        subject_kind="hold",
        subject_id=hold.pk,
        by=by.pk if by else None,
        at=at,
        detail={"concern": hold.concern_id, "deed": reason},
    )


def stand_beside(hold: Hold, *, by: Worker, at: datetime, **fields: Any) -> None:
    """Change what stands beside the answer (together_with, acting, waiting_for …); journalled, the chain stays."""
    Hold.objects.filter(pk=hold.pk, closed_at__isnull=True).update(**fields)
    for name, value in fields.items():
        setattr(hold, name, value)
    record(
        "hold.beside",
        subject_kind="hold",
        subject_id=hold.pk,
        by=by.pk,
        at=at,
        detail={
            name: value.isoformat() if isinstance(value, date) else getattr(value, "pk", value)
            for name, value in fields.items()
            if name != "waiting_from"
        },
    )
