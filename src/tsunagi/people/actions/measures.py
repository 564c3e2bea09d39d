"""支援措置の連絡: what 市民課 lets us know is entered by one office, and protects whoever is meant, known now or later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of, managers_of
from tsunagi.codes import queries as codes
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.events import MeasureMayConcern
from tsunagi.people.models import Involvement, MeasureNotice, Protection
from tsunagi.people.queries.silent import silent_matches
from tsunagi.people.rules import ADDRESS_OPENING_REASONS, ProtectionCategory, as_written, read_fields
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.jobs import enqueue
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import NotADate

from .protections import protect

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# A whole name that nothing contradicts: those who answer for them look; a certain match protects at once.
ENOUGH = 50
KEPT_DAYS = 365
"""Days after its last day that the name of a measure whom nobody here was is kept: it may be renewed late."""

LABELS = {
    "name": "氏名", "kana": "カナ", "birth": "生年月日", "phone": "電話", "municipality": "受け付けた市町村",
    "other_party_name": "相手方", "other_party_relation": "相手方との関係",
}  # fmt: skip


@dataclass(frozen=True)
class MeasureWish:
    """What the letter of 市民課 says. The new address is no part of it: nobody here needs it for this."""

    came_on: date
    name: str
    kana: str = ""
    birth: str = ""
    phone: str = ""
    category: str = ProtectionCategory.DV
    from_on: date | None = None
    measure_until_on: date | None = None
    municipality: str = ""
    other_party_name: str = ""
    other_party_relation: str = ""


def enter_measure(wish: MeasureWish, *, office_id: int, by: Worker, at: datetime) -> MeasureNotice:
    """Enter a measure. Whether anybody here is meant is found by a job and told to nobody who entered it.

    Raises Refused for a missing name, birth date and phone, a day to come, a 個人番号. Late, the office's managers are told.
    """
    on = day_of(at)
    if not wish.name.strip():
        raise Refused("支援措置を受けた方のお名前を入れてください。", field="name")
    if not wish.birth.strip() and not wish.phone.strip():
        raise Refused(
            "生年月日か電話番号の、どちらかを入れてください。同じ名前の別の方と分けるためです。",
            field="birth",
        )
    for name, label in LABELS.items():
        refuse_my_number(getattr(wish, name), label, name)
    if wish.came_on > on:
        raise Refused("連絡が来た日が、今日より後になっています。", field="came_on")
    if wish.category in (ProtectionCategory.PROVISIONAL, ProtectionCategory.OTHER):
        raise Refused("支援措置の種類を選んでください。", field="category")
    try:
        read_fields(birth=wish.birth, phone=wish.phone, on=on)
    except NotADate as wrong:
        raise Refused(str(wrong), field="birth") from None
    calendar = calendar_of(office_id)
    due_on = calendar.add(wish.came_on, codes.span("protection.list_days").n)
    late = next(days for days in range(400) if calendar.add(due_on, days) >= on) if on > due_on else 0
    said = vars(wish) | {name: as_written(getattr(wish, name)) for name in LABELS}
    notice = MeasureNotice.objects.create(
        **said, office_id=office_id, due_on=due_on, late_days=late, entered_at=at, entered_by=by
    )
    record(
        "measure.entered", subject_kind="measure", subject_id=notice.pk, by=by.pk, at=at,
        detail={"category": str(wish.category), "came": wish.came_on.isoformat(), "late": late},
    )  # fmt: skip
    enqueue("people.match_measure", notice_id=notice.pk)
    if late:
        tell(
            [pk for pk in managers_of(office_id) if pk != by.pk],
            f"支援措置の連絡を入れるのが、{late}開庁日遅れました。",
            "/people/measures/",
            kind="measure",
            at=at,
        )
    return notice


def withdraw_measure(notice_id: int, *, office_id: int, by: Worker, at: datetime) -> None:
    """It was entered by mistake: nobody is protected by it any more. Who is protected already stays so until two end it."""
    changed = MeasureNotice.objects.filter(
        pk=notice_id, office_id=office_id, withdrawn_at__isnull=True
    ).update(withdrawn_at=at, withdrawn_by=by)
    if not changed:
        raise Refused("この番号の連絡は見つかりません。画面を開き直してください。")
    record("measure.withdrawn", subject_kind="measure", subject_id=notice_id, by=by.pk, at=at)


def match_measure(notice_id: int, *, at: datetime) -> None:
    """Protect whom it means for certain (in a job); those who answer for somebody it may mean are told to look."""
    notice = (
        MeasureNotice.objects.select_for_update(of=("self",))
        .filter(pk=notice_id, withdrawn_at__isnull=True, forgotten_at__isnull=True)
        .select_related("entered_by")
        .first()
    )
    if notice is None:
        return
    asked = read_fields(
        name=notice.name,
        kana=notice.kana,
        birth=notice.birth,
        phone=notice.phone,
        on=day_of(notice.entered_at),
    )
    found = [one for one in silent_matches(asked) if one.points >= ENOUGH]
    sure = {one.person_id for one in found if one.certain} - set(notice.matched)
    maybe = {one.person_id for one in found if not one.certain} - set(notice.hinted) - set(notice.matched)
    for person_id in sorted(sure):
        _adopt(notice, person_id, at=at)
    for person_id in sorted(maybe):
        announce(MeasureMayConcern(person_id, notice.pk, at))
    if sure or maybe:
        MeasureNotice.objects.filter(pk=notice.pk).update(
            matched=sorted({*notice.matched, *sure}), hinted=sorted({*notice.hinted, *maybe})
        )


def _adopt(notice: MeasureNotice, person_id: int, *, at: datetime) -> None:
    """The person is protected by it; a measure that stands already gets its later last day (a renewal)."""
    standing = Protection.objects.filter(
        person_id=person_id, category=notice.category, ended_at__isnull=True
    ).first()
    if standing is None:
        names = (
            "category", "from_on", "measure_until_on", "municipality", "other_party_name", "other_party_relation",
        )  # fmt: skip
        protect(
            person_id, by=notice.entered_by, at=at, office_id=_who_is_with(person_id),
            **{name: getattr(notice, name) for name in names},
        )  # fmt: skip
        return
    # Protecting once more also takes back an end that two people had agreed to.
    protect(person_id, by=notice.entered_by, at=at, category=notice.category)
    until = notice.measure_until_on
    if until is not None and (standing.measure_until_on is None or standing.measure_until_on < until):
        Protection.objects.filter(pk=standing.pk).update(
            measure_until_on=until, municipality=notice.municipality or standing.municipality
        )
        record(
            "person.measure_renewed", subject_kind="person", subject_id=person_id, by=notice.entered_by_id, at=at,
            detail={"protection": standing.pk, "until": until.isoformat()}, channel="task",
        )  # fmt: skip


def match_all_measures(*, at: datetime) -> None:
    """The same each night for every living notice: records are written after it, too. Names nobody here bears are forgotten
    a year after their last day."""
    rows = MeasureNotice.objects.filter(withdrawn_at__isnull=True, forgotten_at__isnull=True)
    for notice_id in rows.order_by("pk").values_list("pk", flat=True):
        match_measure(notice_id, at=at)
    before = day_of(at) - timedelta(days=KEPT_DAYS)
    old = MeasureNotice.objects.filter(forgotten_at__isnull=True, matched=[]).filter(
        came_on__lt=before, measure_until_on__isnull=True
    ) | MeasureNotice.objects.filter(forgotten_at__isnull=True, matched=[], measure_until_on__lt=before)
    old.update(
        forgotten_at=at, name="", kana="", birth="", phone="", other_party_name="", other_party_relation="",
        municipality="",
    )  # fmt: skip


def _who_is_with(person_id: int) -> int | None:
    """The office whose people decide on it: one that answers for the person, never the one that entered it."""
    living = Involvement.objects.filter(party_id=person_id, ended_at__isnull=True, office__is_active=True)
    offices = living.filter(reason_kind__in=ADDRESS_OPENING_REASONS).order_by("id")
    return (
        offices.values_list("office_id", flat=True).first()
        or living.order_by("id").values_list("office_id", flat=True).first()
    )
