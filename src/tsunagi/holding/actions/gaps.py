"""はざま: what no service fitted is recorded, and when something is built, those it failed are asked again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.queries import calendar_of, coordination_office
from tsunagi.holding.models import Closing, Concern, Gap
from tsunagi.holding.rules import GapKind, PromiseKind
from tsunagi.journal.actions import record
from tsunagi.people.queries import district_id_of
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .promises import promise

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def record_gap(
    kind: str,
    *,
    office_id: int,
    by: Worker | None,
    at: datetime,
    concern: Concern | None = None,
    needed: str = "",
    words: str = "",
    district_id: int | None = None,
) -> Gap:
    """Record a gap: its kind, what was needed, in which district (the concern's, unless another is named)."""
    refuse_my_number(needed, "あればよかったもの")
    refuse_my_number(words, "ようす")
    if district_id is None and concern is not None:
        district_id = district_id_of(concern.party_id)
    gap = Gap.objects.create(
        kind=GapKind(kind),
        needed=needed.strip()[:300],
        words=words.strip()[:500],
        district_id=district_id,
        concern=concern,
        found_at=at,
        found_by=by,
        office_id=office_id,
    )
    record(
        "gap.recorded",
        subject_kind="gap",
        subject_id=gap.pk,
        by=by.pk if by else None,
        at=at,
        detail={"kind": gap.kind, "concern": concern.pk if concern else None, "district": district_id},
    )
    return gap


def solve_gap(gap: Gap, *, by: Worker, at: datetime, words: str) -> int:
    """Something now fits: every concern closed on this gap comes back as one row 「使えるものができました」 (H8).

    Returns how many rows came back. Each stands with the office that had closed it, else with くらし連携担当.
    """
    if not words.strip():
        raise Refused(
            "何ができたかを書いてください。以前あきらめた方に声をかけるために使います。", field="solved_words"
        )
    changed = Gap.objects.filter(pk=gap.pk, solved_at__isnull=True).update(
        solved_at=at, solved_words=words.strip()[:300]
    )
    if not changed:
        raise Refused("このはざまは、すでに「できた」となっています。")
    record("gap.solved", subject_kind="gap", subject_id=gap.pk, by=by.pk, at=at)
    fallback = coordination_office()
    came_back = 0
    for closing in Closing.objects.filter(Q(gap=gap), reopened_at__isnull=True).select_related("concern"):
        last = closing.concern.holds.order_by("-id").select_related("office", "worker").first()
        office = last.office if last and last.office.is_active and last.office.signs_in else fallback
        if office is None or office.duty_worker_id is None:
            continue
        holder = last.worker_id if last and last.office_id == office.pk and last.worker.is_active else None
        promise(
            PromiseKind.GAP_SOLVED,
            f"使えるものができました: {words.strip()}"[:300],
            subject_kind="concern",
            subject_id=closing.concern_id,
            party_id=closing.concern.party_id,
            office_id=office.pk,
            worker_id=holder or office.duty_worker_id,
            due_on=calendar_of(office.pk).add(day_of(at), 5),
            by=by,
            at=at,
        )
        came_back += 1
    return came_back
