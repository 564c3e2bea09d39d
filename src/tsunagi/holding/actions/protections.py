"""Two people decide about a protection within five business days, end it after asking the person, show an address."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import (
    calendar_of,
    is_away_for_long,
    main_office_id,
    may_hold_in,
)
from tsunagi.codes import queries as codes
from tsunagi.holding.models import Promise, SecondWord
from tsunagi.holding.rules import PromiseKind
from tsunagi.notices.actions import tell
from tsunagi.people.access import sight_of
from tsunagi.people.actions import (
    ProtectionWish,
    agree_to_end,
    decide_protection,
    keep_protecting,
    show_address,
)
from tsunagi.people.events import MeasureMayConcern, PersonProtected
from tsunagi.people.models import Party, Protection
from tsunagi.people.queries import name_of, overseers_of
from tsunagi.people.rules import check_two_people
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .promises import keep_promises_of, promise
from .seconds import WHEN_AGREED, ask_second, may_know, somebody_for
from .words import answering_for

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "protection"
DECIDE, END, SHOW = "protection_decide", "protection_end", "address_show"


def promise_to_decide(event: PersonProtected) -> None:
    """仮保護: the manager of whoever protected promises that two people decide within five business days."""
    if event.main_id is not None or event.office_id is None:
        return
    who = somebody_for(event.office_id, besides=event.by_id, party_id=event.person_id, on=day_of(event.at))
    if (
        who is None
        and may_hold_in(event.by_id, event.office_id)
        and not is_away_for_long(event.by_id, day_of(event.at))
    ):
        who = event.by_id, event.office_id
    if who is None:
        # Protecting never waits for a colleague: the net lists what two people have not decided.
        tell(
            overseers_of(event.office_id, event.person_id),
            "仮保護がかかりました。ふたりで続けるかを決めてください。",
            "/",
            kind=SUBJECT,
            at=event.at,
        )
        return
    worker_id, office_id = who
    days = codes.span("protection.decide").n
    promise(
        PromiseKind.PROTECTION,
        "保護を続けるか終えるかを、ふたりで決める",
        subject_kind=SUBJECT,
        subject_id=event.protection_id,
        party_id=event.person_id,
        office_id=office_id,
        worker_id=worker_id,
        due_on=calendar_of(office_id, worker_id).add(day_of(event.at), days),
        by=WorkerModel.objects.get(pk=event.by_id),
        at=event.at,
    )
    if worker_id != event.by_id:
        tell(
            [worker_id],
            f"仮保護がかかりました。{days}開庁日のうちに、ふたりで続けるかを決めてください。",
            f"/concerns/protections/{event.protection_id}/",
            kind=SUBJECT,
            at=event.at,
        )


def ask_to_decide(
    protection: Protection, wish: ProtectionWish, *, covering: Iterable[int], by: Worker, at: datetime
) -> SecondWord:
    """Ask a second person that the protection goes on, as `wish` says. Nothing changes until they agree."""
    wish.check()
    members = list(dict.fromkeys(covering))
    said: dict[str, Any] = {
        name: value.isoformat() if isinstance(value, date) else value for name, value in vars(wish).items()
    }
    parties = Party.objects.filter(pk__in=members).select_related("person").order_by("pk")
    said |= {"covering": members, "covered_names": "、".join(name_of(party) for party in parties)}
    return _ask(DECIDE, "保護を続けるかを確かめる", protection, said, wish.reason, by=by, at=at)


def ask_to_end(
    protection: Protection, *, person_asked_on: date | None, words: str, by: Worker, at: datetime
) -> SecondWord:
    """Ask a second person that the protection ends; the person was asked on that day."""
    check_two_people(by=by.pk, second=0, asked_on=person_asked_on)
    if person_asked_on and person_asked_on > day_of(at):
        raise Refused(
            "本人に確かめた日が今日より後になっています。日付を確かめてください。", field="person_asked_on"
        )
    if not words.strip():
        raise Refused("本人がどう言っているかを書いてください。", field="words")
    refuse_my_number(words, "本人のことば", "words")
    asked_on = person_asked_on.isoformat() if person_asked_on else ""
    said = {"person_asked_on": asked_on, "words": words.strip()}
    return _ask(END, "保護を終えてよいかを確かめる", protection, said, words, by=by, at=at)


def ask_to_show(
    protection: Protection, *, worker_id: int, reason: str, until_on: date, by: Worker, at: datetime
) -> SecondWord:
    """Ask a second person that a named worker sees the protected address for some days."""
    refuse_my_number(reason, "わけ", "reason")
    if not reason.strip():
        raise Refused("住所が要るわけを書いてください。", field="reason")
    worker = WorkerModel.objects.filter(pk=worker_id, is_active=True).first()
    sight = sight_of(worker, protection.person_id) if worker else None
    if worker is None or sight is None or not sight.directly:
        raise Refused(
            "この職員は、この方の記録を開けません。先に、課題を受け持つかつなぎを受けてもらってください。",
            field="worker",
        )
    said = {
        "worker": worker_id,
        "to_worker": worker.name,
        "reason": reason.strip(),
        "until_on": until_on.isoformat(),
    }
    return _ask(SHOW, "保護した方の住所を見せてよいかを確かめる", protection, said, reason, by=by, at=at)


def _ask(
    deed: str,
    what: str,
    protection: Protection,
    wish: dict[str, Any],
    words: str,
    *,
    by: Worker,
    at: datetime,
) -> SecondWord:
    if protection.ended_at is not None:
        raise Refused("この保護は、すでに終わっています。必要なら、もう一度かけてください。")
    if deed == END and protection.ends_on is not None:
        raise Refused("終えることは、もう決まっています。終える日まで、ひとりで取り消せます。")
    office_id = main_office_id(by)
    if office_id is None:
        raise Refused("所属する機関がないため、この操作はできません。管理者に相談してください。")
    return ask_second(
        deed,
        what,
        subject_kind=SUBJECT,
        subject_id=protection.pk,
        party_id=protection.person_id,
        wish=wish,
        words=words,
        office_id=office_id,
        by=by,
        at=at,
    )


def _decided(word: SecondWord, by: Worker, at: datetime) -> None:
    said = dict(word.wish)
    covering = said.pop("covering", [])
    said.pop("covered_names", "")
    for name in ("from_on", "measure_until_on"):
        said[name] = date.fromisoformat(said[name]) if said[name] else None
    decide_protection(
        word.subject_id, ProtectionWish(**said), by=word.asked_by, second=by, at=at, covering=covering
    )
    keep_promises_of(SUBJECT, word.subject_id, (PromiseKind.PROTECTION,), by=by, at=at)


def _ended(word: SecondWord, by: Worker, at: datetime) -> None:
    asked_on = date.fromisoformat(word.wish["person_asked_on"])
    ends_on = agree_to_end(word.subject_id, by=word.asked_by, second=by, person_asked_on=asked_on, at=at)
    keep_promises_of(SUBJECT, word.subject_id, (PromiseKind.PROTECTION,), by=by, at=at)
    if ends_on is not None:
        person_id = Protection.objects.values_list("person_id", flat=True).get(pk=word.subject_id)
        tell(
            sorted({one.worker_id for one in answering_for(person_id, guarded=True)} | {word.asked_by_id}),
            f"保護を、ふたりで終えることになりました。{ends_on:%-m月%-d日}までは見えないままで、取り消せます。",
            f"/concerns/protections/{word.subject_id}/",
            kind=SUBJECT,
            at=at,
        )


def keep_on_protecting(protection: Protection, *, by: Worker, at: datetime) -> bool:
    """The agreed end is taken back by one person. A 仮保護 that was never decided on is promised to two people again."""
    if not keep_protecting(protection, by=by, at=at):
        return False
    if protection.decided_at is None:
        promise_to_decide(PersonProtected(protection.person_id, protection.pk, main_office_id(by), by.pk, at))
    return True


def _shown(word: SecondWord, by: Worker, at: datetime) -> None:
    person_id = Protection.objects.values_list("person_id", flat=True).get(pk=word.subject_id)
    show_address(
        person_id,
        worker_id=word.wish["worker"],
        reason=word.wish["reason"],
        until_on=date.fromisoformat(word.wish["until_on"]),
        by=word.asked_by,
        second=by,
        at=at,
    )
    tell([word.wish["worker"]], "非開示の住所を見られるようになりました。", "/", kind=SUBJECT, at=at)


def ask_whether_measure_is_theirs(event: MeasureMayConcern) -> None:
    """Tell whoever answers for somebody whom a measure of 市民課 may mean. Not who entered it, nor what it says."""
    who = answering_for(event.person_id, guarded=True)
    tell(
        sorted({one.worker_id for one in who}),
        "市民課から支援措置の連絡がありました。担当している方のことかもしれません。本人に確かめ、必要なら保護してください。",
        f"/people/{event.person_id}/protect/",
        kind=SUBJECT,
        at=event.at,
    )


WHEN_AGREED |= {DECIDE: _decided, END: _ended, SHOW: _shown}


def ask_writers_to_mend(
    person_id: int, rows: Iterable[tuple[str, int, int, int]], *, by: Worker, at: datetime
) -> int:
    """Let whoever wrote a text that tells where a protected person is mend it: a promise of theirs for the next open day.

    `rows`: (kind of record, its number, writer, office). A text asked for already is left out. Returns how many.
    """
    asked = 0
    for subject_kind, subject_id, writer, office in dict.fromkeys(rows):
        if not may_hold_in(writer, office):
            writer = next(iter(overseers_of(office, person_id)), by.pk)
        if not may_hold_in(writer, office) or not may_know(writer, person_id):
            continue
        if is_away_for_long(writer, day_of(at)):
            somebody = somebody_for(office, besides=writer, party_id=person_id, on=day_of(at), only_here=True)
            if somebody is None:
                continue
            writer = somebody[0]
        if Promise.objects.filter(
            kind=PromiseKind.MEND_PLACE, subject_kind=subject_kind, subject_id=subject_id, is_open=True
        ).exists():
            continue
        promise(
            PromiseKind.MEND_PLACE,
            "居場所の分かることばを、記録から除く",
            subject_kind=subject_kind,
            subject_id=subject_id,
            party_id=person_id,
            office_id=office,
            worker_id=writer,
            due_on=calendar_of(office, writer).add(day_of(at), 1),
            by=by,
            at=at,
        )
        tell([writer], "保護した方の居場所が分かる記録があります。直してください。", "/", kind=SUBJECT, at=at)
        asked += 1
    return asked
