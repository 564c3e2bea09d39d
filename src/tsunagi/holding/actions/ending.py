"""The end of an office, or of the contract it was entrusted with: prepared months ahead, carried out in one deed (H2)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.models import Office, Posting
from tsunagi.accounts.queries import someone_in
from tsunagi.holding.events import OfficeClosed
from tsunagi.holding.models import Hold, LeavingRow, OfficeEnding, Promise
from tsunagi.holding.rules import Deed
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.actions import hand_over_involvements
from tsunagi.people.rules import ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.models import Consent
from tsunagi.sharing.rules import EndKind

from .leaving import can_take, key_of, lines_of, pass_rows

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def prepare_ending(
    office: Office,
    *,
    to_office: Office,
    ends_on: date,
    words: str = "",
    revision: int = 0,
    by: Worker,
    at: datetime,
) -> OfficeEnding:
    """Write down which office follows, and on which day. Nothing passes until `close_office`.

    `revision`: of the record the form was opened on (0: there was none); Stale when another manager wrote meanwhile.
    """
    refuse_my_number(words, "引き継ぎのことば", "words")
    _check_follower(office, to_office)
    list(Office.objects.select_for_update().filter(pk=office.pk))
    found = OfficeEnding.objects.filter(office=office).select_related("to_office").first()
    values = {"to_office": to_office, "ends_on": ends_on, "words": words.strip()}
    if found is None:
        found = OfficeEnding.objects.create(office=office, written_at=at, written_by=by, **values)
    else:
        differences = [
            (label, str(theirs), str(mine))
            for label, theirs, mine in (
                ("引き継ぐ機関", found.to_office.label, to_office.label),
                ("終わる日", found.ends_on, ends_on),
                ("引き継ぎのことば", found.words, words.strip()),
            )
            if theirs != mine
        ]
        if revision != found.revision and differences:
            raise Stale(differences)
        OfficeEnding.objects.filter(pk=found.pk).update(
            revision=found.revision + 1, written_at=at, written_by=by, **values
        )
    record(
        "office.ending_prepared",
        subject_kind="office",
        subject_id=office.pk,
        by=by.pk,
        at=at,
        detail={"to": to_office.pk, "on": ends_on.isoformat()},
    )
    return found


def _check_follower(office: Office, to_office: Office) -> None:
    if to_office.pk == office.pk or to_office.duty_worker_id is None or not to_office.is_active:
        raise Refused("引き継ぐ機関を選んでください。当番のいる、別の機関です。", field="to_office")


def close_office(office: Office, *, to_office: Office, by: Worker, at: datetime) -> int:
    """Close an office, or end an entrusting contract: every row passes to another office in one transaction (H2).

    A row goes to the worker of that office whom the hand-over list names, else to the one its duty worker may give it
    to: the duty worker. Refused before the day that was prepared. Returns how many rows passed.
    """
    _check_follower(office, to_office)
    list(Office.objects.select_for_update().filter(pk__in=[office.pk, to_office.pk]).order_by("pk"))
    if not Office.objects.filter(pk=office.pk, is_active=True).exists():
        raise Refused("この機関は、もう終わっています。")
    ending = OfficeEnding.objects.filter(office=office).first()
    if ending is not None and day_of(at) < ending.ends_on:
        raise Refused(
            f"終わる日({ending.ends_on.month}月{ending.ends_on.day}日)は、まだ来ていません。"
            "早まったときは、終わる日を直してから押してください。"
        )
    duty = someone_in(to_office.pk, besides=[], on=day_of(at))
    if duty is None:
        raise Refused(
            "引き継ぐ機関に、いま受け持てる職員がいません。別の機関を選んでください。", field="to_office"
        )
    rows: list[Hold | Promise] = [
        *Hold.objects.select_for_update(of=("self",))
        .filter(office=office, closed_at__isnull=True)
        .select_related("concern")
        .order_by("concern_id"),
        *Promise.objects.select_for_update().filter(office=office, is_open=True).order_by("pk"),
    ]
    lines = lines_of(rows)
    passing = []
    for row in rows:
        line = lines.get(key_of(row))
        named = line.successor_id if line and can_take(line.successor_id, to_office.pk, day_of(at)) else duty
        passing.append((row, named, to_office.pk))
    passed = pass_rows(passing, lines, deed=Deed.CLOSE_OFFICE, reason="機関の終了", by=by, at=at)
    # What it saw by consent ends (the person is asked anew); for every other living reason the office that follows sees.
    for consent in Consent.objects.filter(
        offices__office=office, offices__ended_at__isnull=True, ended_at__isnull=True
    ).order_by("pk"):
        sharing.withdraw_consent(
            consent, by=by, at=at, office_ids=[office.pk], papers=False, how=EndKind.OFFICE_CLOSED
        )
    kinds = (ReasonKind.CONSULTATION, ReasonKind.REFERRAL, ReasonKind.CASE, ReasonKind.REGISTERED)
    hand_over_involvements(office.pk, to_office.pk, kinds=kinds, at=at, by=by.pk)
    Posting.objects.filter(office=office, ended_at__isnull=True).update(ended_at=at)
    Office.objects.filter(pk=office.pk).update(is_active=False)
    LeavingRow.objects.filter(pk__in=[line.pk for line in lines.values()]).delete()
    record(
        "office.closed",
        subject_kind="office",
        subject_id=office.pk,
        by=by.pk,
        at=at,
        detail={"rows": passed, "to": to_office.pk},
    )
    announce(OfficeClosed(office_id=office.pk, to_office_id=to_office.pk, at=at))
    if to_office.duty_worker_id:
        tell(
            [to_office.duty_worker_id],
            f"閉じた機関から{passed}件を引き継ぎました。",
            "/",
            kind="handover",
            at=at,
        )
    return passed
