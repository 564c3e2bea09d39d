"""A concern is opened with the hold that answers for it; its words are corrected; unknown people become known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of
from tsunagi.holding.models import Concern, Hold, NightHandover, Promise, SafetyReport
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    AbuseKind,
    Deed,
    DeedWish,
    HoldKind,
    NightRecipient,
    PromiseKind,
    SafetyWord,
    Urgency,
    Whose,
    check_night_handover,
    first_due,
    safety_check_by,
)
from tsunagi.journal.actions import record
from tsunagi.people.actions import involve_instead
from tsunagi.people.models import Party
from tsunagi.people.rules import PartyKind, ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .chain import locked_concerns, locked_hold, open_first_hold
from .deeds import perform
from .promises import pass_promise, promise
from .seconds import WHEN_AGREED, ask_second

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.holding.models import SecondWord

STALE = "ほかの人が先に書き直しました。下に両方を並べました。残したい方を選ぶか、書き直してください。"


class Stale(Refused):
    """Two people edited the same thing: both texts are shown, neither is lost."""


def open_concern(
    party_id: int,
    *,
    office_id: int,
    worker_id: int,
    by: Worker,
    at: datetime,
    whose: str = "",
    around: str = "",
    codes: Iterable[str] = (),
    description: str = "",
    urgency: str = Urgency.LOW,
    kind: str = HoldKind.TRIAGE,
    due_on: date | None = None,
    noticed_by: str = "",
    person_sees_it: str = "",
    family_support: bool = False,
    danger: str = "",
    no_service_fits: bool = False,
    came_at: datetime | None = None,
    source_kind: str = "worker",
    source_id: int | None = None,
    imported: bool = False,
    ground: str = "01",
) -> Concern:
    """Open a concern and, in the same transaction, the hold that answers for it (H1).

    Without `due_on` the day follows urgency and kind, counted from the hour it came (H10). `whose` follows from the
    party unless it is the trouble of those around. Raises Refused.
    """
    refuse_my_number(description, "内容")
    party = Party.objects.filter(pk=party_id).first()
    if party is None:
        raise Refused(
            "だれの困りごとかを選んでください。まだ分からないときは「まだ分からない人」を選べます。",
            field="party",
        )
    urgency = Urgency(urgency or Urgency.LOW)
    came = came_at or at
    calendar = calendar_of(office_id)
    due = due_on or first_due(
        HoldKind(kind), urgency, on=day_of(at), came_at=came, calendar=calendar, settings=city_settings()
    )
    concern = Concern.objects.create(
        party=party,
        whose=whose or PartyKind(party.kind).value,
        around=around.strip()[:120],
        codes=list(codes),
        description=description.strip(),
        urgency=urgency,
        urgency_judged_at=came,
        noticed_by=noticed_by,
        person_sees_it=person_sees_it,
        family_support=family_support,
        danger=AbuseKind(danger).value if danger else "",
        no_service_fits=no_service_fits,
        came_at=came,
        opened_at=at,
        opened_by=by,
        source_kind=source_kind,
        source_id=source_id,
        imported=imported,
    )
    if whose == Whose.AROUND and not around.strip() and not description.strip():
        raise Refused("周りのだれが、何に困っているかを書いてください。", field="description")
    record(
        "concern.opened",
        subject_kind="concern",
        subject_id=concern.pk,
        by=by.pk,
        at=at,
        detail={"party": party_id, "whose": concern.whose, "urgency": concern.urgency, "from": source_kind},
    )
    hold = open_first_hold(
        concern,
        kind=kind,
        office_id=office_id,
        worker_id=worker_id,
        due_on=due,
        deed=Deed.COORDINATE if kind == HoldKind.COORDINATING else Deed.RECEIVE,
        by=by,
        at=at,
        ground=ground,
    )
    if concern.danger:
        _promise_safety_check(concern, hold, by=by, at=at)
    return concern


def change_concern(
    concern: Concern,
    *,
    revision: int,
    by: Worker,
    at: datetime,
    description: str,
    codes: Iterable[str],
    person_sees_it: str = "",
    family_support: bool = False,
    noticed_by: str = "",
) -> Concern:
    """Correct the words of a concern; the older words stay in its history. Raises Stale when somebody was first."""
    refuse_my_number(description, "内容")
    (locked,) = locked_concerns([concern.pk])
    if locked.revision != revision:
        raise Stale(STALE)
    locked.description = description.strip()
    locked.codes = list(codes)
    locked.person_sees_it = person_sees_it
    locked.family_support = family_support
    locked.noticed_by = noticed_by
    locked.revision += 1
    locked.save(
        update_fields=["description", "codes", "person_sees_it", "family_support", "noticed_by", "revision"]
    )
    record(
        "concern.changed",
        subject_kind="concern",
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"revision": locked.revision},
    )
    return locked


def suspect_abuse(concern: Concern, *, danger: str, by: Worker, at: datetime) -> None:
    """Record suspected abuse or danger of self-harm. Until somebody is told, the row is falling (H15)."""
    (locked,) = locked_concerns([concern.pk])
    perform(Deed.REPORT_ABUSE, locked.pk, DeedWish(safety_word=SafetyWord.SUSPECTED), by=by, at=at)
    Concern.objects.filter(pk=locked.pk).update(danger=AbuseKind(danger))
    locked.danger = AbuseKind(danger)
    _promise_safety_check(locked, locked_hold(locked), by=by, at=at)


def report_abuse(
    concern: Concern, *, to_whom: str, reported_at: datetime, by: Worker, at: datetime
) -> SafetyReport:
    """Record 通告・通報・相談: to whom and when (H15)."""
    if not to_whom.strip():
        raise Refused("通告・通報・相談した先を書いてください。", field="to_whom")
    if reported_at > at:
        raise Refused("通告・通報した時刻が先になっています。時刻を直してください。", field="reported_at")
    perform(
        Deed.REPORT_ABUSE,
        concern.pk,
        DeedWish(safety_word=SafetyWord.REPORTED, reported_to=to_whom, reported_at=reported_at),
        by=by,
        at=at,
    )
    return SafetyReport.objects.create(
        concern=concern, reported=True, to_whom=to_whom.strip()[:120], at=reported_at, by=by
    )


def ask_not_to_report(
    concern: Concern, *, reason: str, by: Worker, at: datetime, second: int | None = None
) -> SecondWord:
    """Ask another person to agree that nobody need be told, with the reason (H15). Until then the row is falling."""
    if not reason.strip():
        raise Refused("知らせないと判断した理由を書いてください。", field="reason")
    (locked,) = locked_concerns([concern.pk])
    hold = locked_hold(locked)
    return ask_second(
        "safety_not",
        "虐待・自傷の疑いを、どこにも知らせない判断の確認",
        subject_kind="concern",
        subject_id=concern.pk,
        wish={"reason": reason.strip()[:500]},
        words=reason,
        office_id=hold.office_id,
        party_id=concern.party_id,
        by=by,
        at=at,
        of_worker=second,
    )


def _not_reported(word: SecondWord, by: Worker, at: datetime) -> None:
    concern = Concern.objects.get(pk=word.subject_id)
    perform(
        Deed.REPORT_ABUSE,
        concern.pk,
        DeedWish(safety_word=SafetyWord.NOT_BY_TWO, reason=word.wish["reason"], agreed_by=word.asked_by_id),
        by=by,
        at=at,
    )
    SafetyReport.objects.create(
        concern=concern, reported=False, reason=word.wish["reason"], at=at, by=word.asked_by, second_by=by
    )


WHEN_AGREED["safety_not"] = _not_reported


def hand_over_for_the_night(
    *,
    subject_kind: str,
    subject_id: int,
    to_kind: str,
    to_name: str,
    handed_at: datetime,
    by: Worker,
    at: datetime,
) -> NightHandover:
    """Say to whom a 高 was handed for the night or the closed days, with name and hour."""
    check_night_handover(to_kind=to_kind, to_name=to_name, at=handed_at)
    handed = NightHandover.objects.create(
        concern_id=subject_id if subject_kind == "concern" else None,
        subject_kind=subject_kind,
        subject_id=subject_id,
        to_kind=NightRecipient(to_kind),
        to_name=to_name.strip()[:100],
        handed_at=handed_at,
        by=by,
    )
    record(
        "night.handed",
        subject_kind=subject_kind,
        subject_id=subject_id,
        by=by.pk,
        at=at,
        detail={"to": handed.to_kind},
    )
    return handed


def _promise_safety_check(concern: Concern, hold: Hold, *, by: Worker, at: datetime) -> None:
    until = safety_check_by(AbuseKind(concern.danger), at, city_settings())
    if until is None:
        return
    promise(
        PromiseKind.SAFETY_CHECK,
        "48時間以内に、子どもの姿を直接確かめる",
        subject_kind="concern",
        subject_id=concern.pk,
        party_id=concern.party_id,
        office_id=hold.office_id,
        worker_id=hold.worker_id,
        due_on=day_of(until),
        urgency=Urgency.HIGH,
        by=by,
        at=at,
    )


def say_whose(concern: Concern | int, party_id: int, *, by: Worker, at: datetime) -> Concern:
    """The concern was written for another record than it belongs to: its holder goes on holding it, for that one.

    Open promises about it go with it, by the same worker until the same day. Raises Refused while a つなぎ waits.
    """
    number = concern if isinstance(concern, int) else concern.pk
    locked = Concern.objects.select_for_update().get(pk=number)
    if locked.party_id == party_id:
        return locked
    hold = Hold.objects.select_for_update().filter(concern=locked, closed_at__isnull=True).first()
    if hold is not None and hold.kind == HoldKind.HANDING_OVER:
        raise Refused("つなぎの返事を待っている課題は、返事のあとに移してください。")
    before = locked.party_id
    locked.party_id = party_id
    locked.revision += 1
    locked.save(update_fields=["party_id", "revision"])
    for office_id in sorted(set(locked.holds.values_list("office_id", flat=True))):
        involve_instead(office_id, ReasonKind.CONCERN, number, of=party_id, instead_of=before, by=by, at=at)
    for kept in Promise.objects.filter(
        subject_kind="concern", subject_id=number, party_id=before, is_open=True
    ).order_by("pk"):
        pass_promise(
            kept, worker_id=kept.worker_id, by=by, at=at, reason="別の方の記録へ移した", party_id=party_id
        )
    record(
        "concern.whose", subject_kind="concern", subject_id=number, by=by.pk, at=at,
        detail={"from": before, "to": party_id},
    )  # fmt: skip
    return locked
