"""Doors to referrals: the office that sent it and the office that received it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse

from tsunagi.people.access import closed_to
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.rows import sees_whole
from tsunagi.workbench.access import Place

from ..models import Referral, ReferralConcern
from ..rules import RowState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tsunagi.accounts.models import Worker


def visible_to(worker: Worker) -> QuerySet[Referral]:
    """Referrals the worker's offices sent or received, or whose concerns they hold now (a closed office's rows)."""
    mine = offices_for(worker, Purpose.REFER)
    rows = Referral.objects.filter(
        Q(from_office_id__in=mine) | Q(to_office_id__in=mine) | Exists(_offered_and_held_by(mine))
    )
    closed = closed_to(worker)
    return rows.exclude(party_id__in=closed) if closed else rows


def _offered_and_held_by(offices: Collection[int]) -> QuerySet[ReferralConcern]:
    return ReferralConcern.objects.filter(
        referral_id=OuterRef("pk"),
        state=RowState.OFFERED,
        concern__holds__closed_at__isnull=True,
        concern__holds__office_id__in=offices,
    )


@sees_whole("what an office sent stays its own record")
def referral_for(worker: Worker, referral_id: int) -> Referral:
    """A referral one of the worker's offices sent or received, or Http404."""
    require(worker, Purpose.REFER)
    found = (
        visible_to(worker)
        .filter(pk=referral_id)
        .select_related(
            "from_office",
            "to_office",
            "from_worker",
            "answered_by",
            "party__person",
            "party__household",
            "party__unknown",
        )
        .first()
    )
    if found is None:
        raise Http404
    leave_trail(
        "referral.seen",
        subject_kind="referral",
        subject_id=found.pk,
        purpose=Purpose.REFER,
        ground=found.ground,
    )
    return found


def received_referral_for(worker: Worker, referral_id: int) -> Referral:
    """A referral that one of the worker's offices received."""
    found = referral_for(worker, referral_id)
    if found.to_office_id not in offices_for(worker, Purpose.REFER):
        raise Http404
    return found


def sent_referral_for(worker: Worker, referral_id: int) -> Referral:
    """A referral that one of the worker's offices sent, or answers for since the sending office closed."""
    found = referral_for(worker, referral_id)
    mine = offices_for(worker, Purpose.REFER)
    if found.from_office_id in mine:
        return found
    if found.to_office_id in mine or not visible_to(worker).filter(pk=found.pk).exists():
        raise Http404
    return found


def reporting_referral_for(worker: Worker, referral_id: int) -> Referral:
    """A referral whose outcome this worker can tell: the receiver's side, or the sender's for an agency outside."""
    found = referral_for(worker, referral_id)
    teller = found.to_office_id if found.to_office.signs_in else found.from_office_id
    if teller not in offices_for(worker, Purpose.REFER):
        raise Http404
    return found


def sheet_with_files(worker: Worker, referral_id: int, add: bool) -> Place:
    """The door of what goes with the sheet: seen by both sides; brought and taken off by the sender."""
    return _with_files((sent_referral_for if add else referral_for)(worker, referral_id))


def answer_with_files(worker: Worker, referral_id: int, add: bool) -> Place:
    """The door of what came with the answer: seen by both; brought by the receiver, or the sender for an agency outside."""
    return _with_files((reporting_referral_for if add else referral_for)(worker, referral_id))


def _with_files(found: Referral) -> Place:
    return Place(f"つなぎ {found.number or f'#{found.pk}'}", reverse("referrals:detail", args=[found.pk]))
