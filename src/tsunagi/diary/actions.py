"""The deeds of the diary: plan, move, cancel, say what happened; papers out and back; the papers of the night."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db.models import F, Q

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import main_office_id, may_hold_in, office_ids
from tsunagi.holding.access import may_act
from tsunagi.holding.actions import (
    Recorded,
    Served,
    keep_promise,
    pass_promise,
    promise,
    record_contact,
    withdraw_promise,
)
from tsunagi.holding.actions.chain import locked_concerns
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.access import closed_to
from tsunagi.shared.days import TOKYO, day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .access import SUBJECT
from .models import Appointment, AppointmentMove, AppointmentOn, NightKey, NightPaper, TakenOut
from .queries import busy_at_once, hours_of, may_go_along, open_concerns_of, remarks_on
from .rules import (
    LETTERS,
    PASSWORD_LETTERS,
    AppointmentKind,
    AppointmentState,
    Hours,
    HowReturned,
    PaperKind,
    check_hours,
    check_password,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SETTLED = "この予定は、すでに済んでいるか取りやめられています。画面を開き直してください。"
STALE = "この予定は、ほかの人が先に動かしました。画面を開き直して、新しい日時を確かめてください。"


@dataclass(frozen=True)
class Wish:
    """When, where and who goes."""

    day: date | None
    begins: time | None = None
    ends: time | None = None
    at_home: bool = False
    place: str = ""
    note: str = ""
    worker_id: int | None = None
    second_id: int | None = None

    @property
    def hours(self) -> Hours:
        """The hours. Raises Refused without a day."""
        if self.day is None:
            raise Refused("いつの予定か、日を入れてください。時刻は空のままでもかまいません。", field="day")
        return Hours(self.day, self.begins, self.ends)


@dataclass(frozen=True)
class Planned:
    """A stored appointment and what is odd about it: said, never refused."""

    appointment: Appointment
    said: tuple[str, ...]


def plan(kind: str, concern_ids: Sequence[int], wish: Wish, *, by: Worker, at: datetime) -> Planned:
    """Plan a visit, an accompaniment, a consultation of an expert, a coming or a call for these concerns.

    They belong to one household (or one person, or someone not yet known). `wish.worker_id` (default: `by`) answers for it by a
    promise until somebody says what became of it. Raises Refused for a day that has passed, a closed concern, a
    worker who may not hold here, a second whose office is not with the person, or a 個人番号.
    """
    _refuse_numbers(wish.place, wish.note)
    check_hours(wish.hours, today=day_of(at))
    concerns = locked_concerns(concern_ids)
    if not concerns or len(concerns) != len(set(concern_ids)):
        raise Refused("どの課題のための予定かを、ひとつ以上選んでください。", field="concerns")
    if any(concern.closed_at for concern in concerns):
        raise Refused("終えた課題が選ばれています。画面を開き直してください。", field="concerns")
    if not all(may_act(by, concern.pk) for concern in concerns):
        raise Refused(
            "ほかの機関が受け持つ課題が選ばれています。画面を開き直してください。", field="concerns"
        )
    office_id, worker_id = _office_for(concerns[0].pk, by), wish.worker_id or by.pk
    party_id = concerns[0].party_id
    _check_workers(worker_id, wish.second_id, office_id, party_id)
    appointment = Appointment.objects.create(
        party_id=party_id,
        kind=AppointmentKind(kind),
        made_at=at,
        made_by=by,
        second_id=wish.second_id,
        **_when_and_where(wish),
    )
    AppointmentOn.objects.bulk_create(
        AppointmentOn(appointment=appointment, concern=concern) for concern in concerns
    )
    promise(
        PromiseKind.APPOINTMENT,
        f"{AppointmentKind(kind).label}の予定",
        subject_kind=SUBJECT,
        subject_id=appointment.pk,
        party_id=party_id,
        office_id=office_id,
        worker_id=worker_id,
        due_on=wish.hours.day,
        by=by,
        at=at,
    )
    _journal("appointment.planned", appointment, by, at, concerns=[concern.pk for concern in concerns])
    _tell_others(appointment, worker_id, "予定が入りました。", by=by, at=at)
    return Planned(appointment, _said(appointment, office_id, worker_id))


def move(
    appointment: Appointment, wish: Wish, *, revision: int, reason: str = "", by: Worker, at: datetime
) -> Planned:
    """Move it: another day, hours, place or other people. What it said before stays. Raises Refused like `plan`."""
    _refuse_numbers(wish.place, wish.note, reason)
    check_hours(wish.hours, today=day_of(at))
    locked, kept = _locked(appointment, revision)
    worker_id = wish.worker_id or kept.worker_id
    _check_workers(worker_id, wish.second_id, kept.office_id, locked.party_id)
    AppointmentMove.objects.create(
        appointment=locked, day=locked.day, begins=locked.begins, ends=locked.ends, at_home=locked.at_home,
        place=locked.place, reason=reason.strip()[:200], at=at, by=by,
    )  # fmt: skip
    second_before = locked.second_id
    Appointment.objects.filter(pk=locked.pk).update(
        second_id=wish.second_id, revision=F("revision") + 1, **_when_and_where(wish)
    )
    if (kept.worker_id, kept.due_on) != (worker_id, wish.hours.day):
        pass_promise(kept, worker_id=worker_id, due_on=wish.hours.day, by=by, at=at, reason="予定を動かした")
    locked.refresh_from_db()
    _journal("appointment.moved", locked, by, at)
    _tell_others(locked, worker_id, "予定が動きました。", by=by, at=at, also=(kept.worker_id, second_before))
    return Planned(locked, _said(locked, kept.office_id, worker_id))


def cancel(appointment: Appointment, *, reason: str, revision: int, by: Worker, at: datetime) -> None:
    """Take it out of the diary, with a reason."""
    refuse_my_number(reason, "わけ", "reason")
    if not reason.strip():
        raise Refused("取りやめるわけを、ひとこと書いてください（例：本人から電話で断り）。", field="reason")
    locked, kept = _locked(appointment, revision)
    withdraw_promise(kept, by=by, at=at, reason="予定を取りやめた")
    Appointment.objects.filter(pk=locked.pk).update(
        state=AppointmentState.CANCELLED, reason=reason.strip()[:200], settled_at=at, settled_by=by,
        revision=F("revision") + 1,
    )  # fmt: skip
    _journal("appointment.cancelled", locked, by, at)
    _tell_others(locked, kept.worker_id, "予定が取りやめになりました。", by=by, at=at)


def happened(
    appointment: Appointment,
    kind: str,
    *,
    words: str = "",
    with_whom: str = "",
    due_on: date | None = None,
    clock: time | None = None,
    revision: int,
    by: Worker,
    at: datetime,
) -> Recorded | None:
    """Say what became of it: one contact for all its concerns, by the contact's own deed and table of days.

    A visit where nobody opened is a contact too (試みた). The moment is the appointment's day and `clock` (default: when it was
    to begin, else now). Concerns that ended or passed on meanwhile are left out; None when none is left: then the appointment is only
    settled. Raises Refused for an appointment whose hour has not come.
    """
    locked, kept = _locked(appointment, revision)
    when = _moment(locked, clock, at)
    open_ids = [pk for pk, _words in open_concerns_of(locked, by)]
    recorded = None
    if open_ids:
        recorded = record_contact(
            kind, [Served(pk, due_on) for pk in open_ids], by=by, at=at, happened_at=when, means=_MEANS[AppointmentKind(locked.kind)],
            with_whom=with_whom, words=words,
        )  # fmt: skip
    elif words.strip() or with_whom.strip():
        raise Refused(
            "この予定の課題は、どれも終わったか、ほかの機関に移っています。ようすは支援の記録か、人のページから書いてください。ここは空けて「済み」にできます。",
            field="words",
        )
    keep_promise(kept, by=by, at=at)
    Appointment.objects.filter(pk=locked.pk).update(
        state=AppointmentState.HAPPENED, contact=recorded.contact if recorded else None, settled_at=at, settled_by=by,
        revision=F("revision") + 1,
    )  # fmt: skip
    _journal("appointment.happened", locked, by, at, contact=recorded.contact.pk if recorded else None)
    return recorded


def leave_what_is_closed(worker_ids: Sequence[int]) -> int:
    """Whoever may be the other party goes along no more; how many appointments that changes. Nothing says why."""
    from tsunagi.accounts.models import Worker as WorkerModel

    changed = 0
    for worker in WorkerModel.objects.filter(pk__in=list(worker_ids)).order_by("pk"):
        changed += Appointment.objects.filter(
            state=AppointmentState.PLANNED, second_id=worker.pk, party_id__in=closed_to(worker)
        ).update(second=None)
    return changed


_MEANS = {
    AppointmentKind.VISIT: "visit_there",
    AppointmentKind.TOGETHER: "accompany",
    AppointmentKind.EXPERT: "visit_here",
    AppointmentKind.COMES: "visit_here",
    AppointmentKind.PHONE: "phone",
}


def _moment(appointment: Appointment, clock: time | None, at: datetime) -> datetime:
    hour = clock or appointment.begins
    if appointment.day > day_of(at):
        raise Refused("まだ来ていない予定です。早まったときは、先に「日時を動かす」で今日にしてください。")
    if appointment.day == day_of(at) and (
        hour is None or datetime.combine(appointment.day, hour, TOKYO) > at
    ):
        if clock is None:
            return at
        raise Refused("まだ来ていない時刻です。会った時刻を直してください。", field="clock")
    return datetime.combine(appointment.day, hour or time(12, 0), TOKYO)


def _locked(appointment: Appointment, revision: int) -> tuple[Appointment, Promise]:
    locked = Appointment.objects.select_for_update().get(pk=appointment.pk)
    kept = Promise.objects.select_for_update().filter(
        subject_kind=SUBJECT, subject_id=locked.pk, is_open=True
    ).first()  # fmt: skip
    if locked.state != AppointmentState.PLANNED or kept is None:
        raise Refused(SETTLED)
    if locked.revision != revision:
        raise Refused(STALE)
    return locked, kept


def _office_for(concern_id: int, by: Worker) -> int:
    holding = (
        Hold.objects.filter(concern_id=concern_id, closed_at__isnull=True, office_id__in=office_ids(by))
        .values_list("office_id", flat=True)
        .first()
    )
    office_id = holding or main_office_id(by)
    if office_id is None:
        raise Refused("いまの所属がありません。管理者に配属を登録してもらってください。")
    return office_id


def _check_workers(worker_id: int, second_id: int | None, office_id: int, party_id: int) -> None:
    if not may_hold_in(worker_id, office_id):
        raise Refused(
            "この職員は、この機関で予定を受け持てません。同じ機関の職員を選んでください。", field="worker"
        )
    if second_id is None:
        return
    if second_id == worker_id:
        raise Refused(
            "ふたりとも同じ職員です。もうひとりは空けるか、別の職員を選んでください。", field="second"
        )
    if second_id not in dict(may_go_along(party_id)):
        raise Refused(
            "この職員は選べません。この方に関わっている機関の職員から選んでください。", field="second"
        )


def _when_and_where(wish: Wish) -> dict[str, object]:
    return {
        "day": wish.hours.day,
        "begins": wish.begins,
        "ends": wish.ends,
        "at_home": wish.at_home,
        "place": "" if wish.at_home else wish.place.strip()[:120],
        "note": wish.note.strip()[:200],
    }


def _refuse_numbers(place: str, note: str, reason: str = "") -> None:
    for name, text, label in (
        ("place", place, "場所"),
        ("note", note, "ひとこと"),
        ("reason", reason, "わけ"),
    ):
        refuse_my_number(text, label, name)


def _said(appointment: Appointment, office_id: int, worker_id: int) -> tuple[str, ...]:
    """What is odd, for the sentence after the deed."""
    who = [pk for pk in (worker_id, appointment.second_id) if pk]
    odd = [f"{words}。" for words in remarks_on(office_id, worker_id, appointment.second_id, appointment.day)]
    busy = busy_at_once(hours_of(appointment), who, besides=appointment.pk)
    return (*odd, *(f"{name}さんは、同じ時間にほかの予定があります。" for name in busy))


def _tell_others(
    appointment: Appointment,
    worker_id: int,
    sentence: str,
    *,
    by: Worker,
    at: datetime,
    also: Sequence[int | None] = (),
) -> None:
    """Who goes is told when somebody else changed it; by number, never by name."""
    who = {worker_id, appointment.second_id, *also} - {by.pk, None}
    tell(who, sentence, f"/yotei/{appointment.pk}/", kind="appointment", at=at)


def _journal(action: str, appointment: Appointment, by: Worker, at: datetime, **detail: object) -> None:
    record(
        action,
        subject_kind=SUBJECT,
        subject_id=appointment.pk,
        by=by.pk,
        at=at,
        detail={"kind": appointment.kind, "day": appointment.day.isoformat(), **detail},
    )


# -- 持ち出し簿 ---------------------------------------------------------------------------------------------------------


def take_out(
    kind: str, *, persons: int, by_number: bool, by: Worker, at: datetime, office_id: int | None = None
) -> TakenOut:
    """Write into 持ち出し簿 that a paper with so many persons was printed; it stays a row until it is back."""
    office = office_id or main_office_id(by)
    if office is None:
        raise Refused("いまの所属がありません。管理者に配属を登録してもらってください。")
    taken = TakenOut.objects.create(
        kind=PaperKind(kind), worker=by, office_id=office, printed_at=at, printed_on=day_of(at), persons=persons,
        by_number=by_number,
    )  # fmt: skip
    record(
        "paper.taken_out", subject_kind="paper", subject_id=taken.pk, by=by.pk, at=at,
        detail={"kind": str(kind), "persons": persons, "by_number": by_number},
    )  # fmt: skip
    return taken


def bring_back(taken: TakenOut, *, how: str, by: Worker, at: datetime) -> None:
    """Tick a paper as back. A second time changes nothing. What was lost is told to the office's managers."""
    if how not in [value for value, _label in HowReturned.choices()]:
        raise Refused("紙をどうしたかを選んでください。", field="how")
    changed = TakenOut.objects.filter(pk=taken.pk, returned_at__isnull=True).update(
        returned_at=at, returned_by=by, how=how
    )
    if not changed:
        return
    record(
        "paper.brought_back", subject_kind="paper", subject_id=taken.pk, by=by.pk, at=at, detail={"how": how}
    )
    if how == HowReturned.LOST:
        from tsunagi.accounts.queries import managers_of

        tell(
            managers_of(taken.office_id),
            "持ち出した紙が見つからないと記録されました。持ち出し簿を見て、漏えいの手順に進んでください。",
            "/yotei/mochidashi/",
            kind="paper_lost",
            at=at,
        )


# -- the papers of the night ---------------------------------------------------------------------------------------------


def night_folder() -> Path:
    """Where the papers of the night lie: outside the web root, for the program alone."""
    return Path(settings.VAR) / "night"


def night_file(office_id: int, night_on: date) -> Path:
    """The one file of an office and a night."""
    return night_folder() / night_on.isoformat() / f"office-{office_id}.pdf"


def night_password(office_id: int, *, at: datetime) -> str:
    """The password of the office's night papers; the first time one is made. Raises Refused when it cannot be unsealed."""
    key = NightKey.objects.filter(office_id=office_id).first()
    if key is None:
        made = "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LETTERS))
        key, _new = NightKey.objects.get_or_create(
            office_id=office_id, defaults={"sealed": _seal(made), "changed_at": at}
        )
    try:
        return _box().decrypt(key.sealed.encode()).decode()
    except InvalidToken:
        raise Refused(
            "この機関のパスワードが読めません（システムの鍵が替わっています）。新しいパスワードを決めてください。"
        ) from None


def show_night_password(office: Office, *, by: Worker, at: datetime) -> str:
    """The password, for the manager who keeps it on paper; that it was read stands in the journal."""
    password = night_password(office.pk, at=at)
    record("night_key.seen", subject_kind="office", subject_id=office.pk, by=by.pk, at=at)
    return password


def change_night_password(office: Office, typed: str, *, by: Worker, at: datetime) -> None:
    """Set the password; an empty one is drawn. It counts from the next night's papers on."""
    password = (
        check_password(typed)
        if typed.strip()
        else "".join(secrets.choice(LETTERS) for _ in range(PASSWORD_LETTERS))
    )
    key, new = NightKey.objects.get_or_create(
        office_id=office.pk, defaults={"sealed": _seal(password), "changed_at": at, "changed_by": by}
    )
    if not new:
        NightKey.objects.filter(pk=key.pk).update(sealed=_seal(password), changed_at=at, changed_by=by)
    record("night_key.changed", subject_kind="office", subject_id=office.pk, by=by.pk, at=at)


def store_night_paper(office_id: int, pdf: bytes, *, night_on: date, at: datetime) -> Path:
    """Write the locked paper of a night (mode 0600, whole or not at all) and note that it is there."""
    target = night_file(office_id, night_on)
    for folder in (night_folder(), target.parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = target.with_suffix(".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pdf)
    beside.chmod(0o600)
    beside.replace(target)
    _note_night(office_id, night_on, at, size=len(pdf), trouble="")
    return target


def note_night_trouble(office_id: int, trouble: str, *, night_on: date, at: datetime) -> None:
    """Note that the paper of a night could not be written. `trouble` is the kind of error, never its words."""
    _note_night(office_id, night_on, at, size=0, trouble=trouble[:40])


def remove_old_nights(*, before: date, at: datetime) -> int:
    """Delete the papers of nights before this day; how many files."""
    gone = 0
    for folder in sorted(night_folder().glob("????-??-??")):
        try:
            night_on = date.fromisoformat(folder.name)
        except ValueError:
            continue
        if night_on >= before:
            continue
        for file in sorted(folder.iterdir()):
            file.unlink()
            gone += 1
        folder.rmdir()
    NightPaper.objects.filter(Q(night_on__lt=before), removed_at__isnull=True).update(removed_at=at)
    return gone


def _note_night(office_id: int, night_on: date, at: datetime, *, size: int, trouble: str) -> None:
    values = {"made_at": at, "size": size, "trouble": trouble, "removed_at": None}
    row, new = NightPaper.objects.get_or_create(office_id=office_id, night_on=night_on, defaults=values)
    if not new:
        NightPaper.objects.filter(pk=row.pk).update(**values)
    record(
        "night_paper.failed" if trouble else "night_paper.written", subject_kind="office", subject_id=office_id,
        by=None, at=at, detail={"night": night_on.isoformat(), "size": size},
    )  # fmt: skip


def _seal(password: str) -> str:
    return _box().encrypt(password.encode()).decode()


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"night:{settings.SECRET_KEY}".encode()).digest()))
