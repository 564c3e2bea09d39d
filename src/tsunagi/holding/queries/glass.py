"""What the pages of 「ふたりで開く」 show: to whom to telephone, how long the number is good, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.models import Office, Posting
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import coordination_office
from tsunagi.accounts.rules import Role
from tsunagi.sharing.models import BrokenGlass, GlassPair
from tsunagi.sharing.rules import NEVER_SECOND, PairEnd

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class PairCard:
    """One asking of a second person. `minutes` that are left, at least one while it is awaited."""

    id: int
    code: str
    awaited: bool
    found: bool
    agreed: bool
    ended: str
    minutes: int
    until_at: datetime


@dataclass(frozen=True)
class ToCall:
    """Somebody who may be the second, with how to reach them."""

    name: str
    office: str
    phone: str


def pair_card(glass: BrokenGlass, *, at: datetime) -> PairCard | None:
    """The last asking, or None. One whose time has passed is over, whether the job has noted it or not."""
    row = GlassPair.objects.filter(glass=glass).order_by("-id").first()
    if row is None:
        return None
    late = row.ended_at is None and row.until_at < at
    how = PairEnd.TIMED_OUT if late else row.how
    left = max(1, -(-int((row.until_at - at).total_seconds()) // 60)) if not how else 0
    return PairCard(
        id=row.pk,
        code=f"{row.code[:3]} {row.code[3:]}" if not how else "",
        awaited=not how,
        found=row.second_id is not None,
        agreed=how == PairEnd.AGREED,
        ended=PairEnd.label_of(how) if how else "",
        minutes=left,
        until_at=row.until_at,
    )


def to_call(worker: Worker, office_id: int) -> list[ToCall]:
    """Whom to telephone: the office's 当番 and managers, those of its stand-in, くらし連携担当; never oneself."""
    office = Office.objects.filter(pk=office_id).first()
    coordination = coordination_office()
    numbers = [
        pk
        for pk in (
            office_id,
            office.stand_in_office_id if office else None,
            coordination.pk if coordination else None,
        )
        if pk
    ]
    houses = {
        row.pk: row
        for row in Office.objects.filter(pk__in=numbers, is_active=True, signs_in=True)
        .exclude(legal_kind__in=NEVER_SECOND)
        .select_related("duty_worker")
        .order_by("pk")
    }
    managers = Posting.objects.filter(
        office_id__in=houses, role=Role.MANAGER, ended_at__isnull=True
    ).order_by("id")
    who: list[tuple[int, int]] = [
        (row.duty_worker_id, row.pk) for pk in numbers if (row := houses.get(pk)) and row.duty_worker_id
    ]
    who += list(managers.values_list("worker_id", "office_id"))
    people = WorkerModel.objects.filter(Q(pk__in=[pk for pk, _ in who]), is_active=True).in_bulk()
    found: dict[int, ToCall] = {}
    for pk, house in who:
        if pk in people and pk != worker.pk and pk not in found:
            found[pk] = ToCall(people[pk].name, houses[house].label, people[pk].phone or houses[house].phone)
    return list(found.values())
