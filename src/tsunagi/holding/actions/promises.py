"""Promises (約束): made, kept, withdrawn, passed on. The hold says who answers; promises say what was agreed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.holding.models import Promise
from tsunagi.holding.rules import BY_OWN_PAGE, PromiseKind, Urgency
from tsunagi.journal.actions import record
from tsunagi.people.actions import end_involvement, involve
from tsunagi.people.models import Involvement
from tsunagi.people.rules import REFERRAL_FACETS, ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .chain import acts_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def promise(
    kind: str,
    what: str,
    *,
    subject_kind: str,
    subject_id: int,
    office_id: int,
    worker_id: int,
    due_on: date,
    by: Worker | None,
    at: datetime,
    party_id: int | None = None,
    urgency: str = Urgency.LOW,
    weight: int = 0,
    ground: str = "01",
    previous: Promise | None = None,
    facets: Sequence[str] = REFERRAL_FACETS,
) -> Promise:
    """Promise that this worker will do this by this day (H16). With a party, the office may see it meanwhile (H17).

    `facets`: how much of the party the promise needs; whoever it is passed to sees as much.
    """
    made = Promise.objects.create(
        kind=kind,
        what=what,
        subject_kind=subject_kind,
        subject_id=subject_id,
        party_id=party_id,
        office_id=office_id,
        worker_id=worker_id,
        due_on=due_on,
        urgency=urgency or Urgency.LOW,
        weight=weight,
        opened_at=at,
        opened_by=by,
        previous=previous,
        **acts_for(worker_id, office_id, day_of(at)),
    )
    if party_id is not None:
        involve(
            party_id,
            office_id,
            ground=ground,
            facets=facets,
            reason_kind=ReasonKind.PROMISE,
            reason_id=made.pk,
            at=at,
        )
    record(
        "promise.made",
        subject_kind="promise",
        subject_id=made.pk,
        by=by.pk if by else None,
        at=at,
        detail={
            "kind": str(kind),
            "of": subject_kind,
            "number": subject_id,
            "office": office_id,
            "worker": worker_id,
            "due": due_on.isoformat(),
            "previous": previous.pk if previous else None,
        },
    )
    return made


def keep_promise(kept: Promise, *, by: Worker, at: datetime) -> None:
    """Mark a promise done. A double click changes nothing."""
    if Promise.objects.filter(pk=kept.pk, done_at__isnull=True, withdrawn_at__isnull=True).update(
        done_at=at, done_by=by
    ):
        _ended(kept, "promise.kept", by=by, at=at)


# Kinds that end through a deed of their own, never by a mere 「果たした」.
_BY_OWN_DEED = {
    PromiseKind.TRIAGE: "相談がどうなったかを選ぶと、この約束も終わります。",
    PromiseKind.STOCKTAKING: "棚卸しで「続いている・終わっていた・分からない」を選ぶと、この約束も終わります。",
    PromiseKind.SECOND_PERSON: "同意するか、同意できないかを答えると、この約束も終わります。",
    PromiseKind.COORDINATION_REQUEST: "この依頼は断れません。受け持つ職員を決めてください。",
    PromiseKind.ENQUIRY: "心当たり照会に返事をすると、この約束も終わります。",
    PromiseKind.PROTECTION: "保護を続けるか終えるかをふたりで決めると、この約束も終わります。",
    PromiseKind.SECRET_DOOR: "3つの入れ方からひとつを選ぶと、この約束も終わります。",
    PromiseKind.APPOINTMENT: "予定がどうなったかを選ぶと、この約束も終わります。",
    PromiseKind.PLAN_ROLE: "プランの役割で「済んだ・続ける・取りやめる」を選ぶと、この約束も終わります。",
    PromiseKind.MONITORING: "モニタリングを書くと、この約束も終わり、次の日が決まります。",
    PromiseKind.FOLLOW_UP: "フォローアップのようすを書くと、この約束も終わります。",
}


def keep_plain_promise(kept: Promise, *, by: Worker, at: datetime) -> None:
    """「果たした」 for promises that no other deed ends. Raises Refused for those that one does."""
    why_not = _BY_OWN_DEED.get(PromiseKind(kept.kind)) or BY_OWN_PAGE.get(kept.subject_kind)
    if why_not:
        raise Refused(why_not)
    keep_promise(kept, by=by, at=at)


def withdraw_promise(kept: Promise, *, by: Worker | None, at: datetime, reason: str) -> None:
    """Take a promise back, with a reason; never silently. A request to くらし連携担当 cannot be taken back (H5)."""
    if kept.kind == PromiseKind.COORDINATION_REQUEST:
        raise Refused(_BY_OWN_DEED[PromiseKind.COORDINATION_REQUEST])
    _withdraw(kept, by=by, at=at, reason=reason)


def _withdraw(kept: Promise, *, by: Worker | None, at: datetime, reason: str) -> None:
    if not reason.strip():
        raise Refused("約束を取り下げるわけを書いてください。", field="reason")
    changed = Promise.objects.filter(pk=kept.pk, done_at__isnull=True, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=by, withdrawn_reason=reason.strip()[:300]
    )
    if not changed:
        raise Refused("この約束は、すでに果たされたか取り下げられています。画面を開き直してください。")
    _ended(kept, "promise.withdrawn", by=by, at=at)


def keep_promises_of(
    subject_kind: str, subject_id: int, kinds: tuple[str, ...], *, by: Worker, at: datetime
) -> int:
    """Mark every open promise of these kinds of a subject done; how many there were."""
    rows = list(
        Promise.objects.select_for_update()
        .filter(subject_kind=subject_kind, subject_id=subject_id, kind__in=kinds, is_open=True)
        .order_by("pk")
    )
    for row in rows:
        keep_promise(row, by=by, at=at)
    return len(rows)


def pass_promise(
    kept: Promise,
    *,
    worker_id: int,
    by: Worker | None,
    at: datetime,
    office_id: int | None = None,
    due_on: date | None = None,
    reason: str = "引き継ぎ",
    party_id: int | None = None,
) -> Promise:
    """Give a promise to another worker, or another day: the old one ends with a reason, its successor opens."""
    facets, ground = _opened_by(kept)
    _withdraw(kept, by=by, at=at, reason=reason)
    return promise(
        kept.kind,
        kept.what,
        subject_kind=kept.subject_kind,
        subject_id=kept.subject_id,
        office_id=office_id or kept.office_id,
        worker_id=worker_id,
        due_on=due_on or kept.due_on,
        by=by,
        at=at,
        party_id=party_id or kept.party_id,
        urgency=kept.urgency,
        weight=kept.weight,
        previous=kept,
        facets=facets,
        ground=ground if office_id in (None, kept.office_id) else "01",
    )


def _opened_by(kept: Promise) -> tuple[Sequence[str], str]:
    """How much of the party this promise opens, and on what ground."""
    opened = Involvement.objects.filter(
        reason_kind=ReasonKind.PROMISE, reason_id=kept.pk, ended_at__isnull=True
    ).values_list("facets", "ground")
    return opened.order_by("id").first() or (REFERRAL_FACETS, "01")


def _ended(kept: Promise, action: str, *, by: Worker | None, at: datetime) -> None:
    if kept.party_id is not None:
        end_involvement(ReasonKind.PROMISE, kept.pk, office_id=kept.office_id, at=at)
    record(
        action,
        subject_kind="promise",
        subject_id=kept.pk,
        by=by.pk if by else None,
        at=at,
        detail={"kind": kept.kind, "of": kept.subject_kind, "number": kept.subject_id},
    )


SUBJECT_CONSULTATION = "consultation"
TRIAGE_KINDS = (PromiseKind.TRIAGE.value, PromiseKind.STOCKTAKING.value)
