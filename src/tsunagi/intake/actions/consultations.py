"""A consultation is taken, corrected, sorted out and ended; until then its desk holds it by a promise (H10)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from tsunagi.accounts.queries import calendar_of, may_hold_in
from tsunagi.holding.actions import (
    ConsentBeside,
    Served,
    Stale,
    ask_second,
    consent_with_a_deed,
    hand_over_for_the_night,
    keep_promises_of,
    open_concern,
    pass_promise,
    promise,
    record_contact,
    withdraw_promise,
)
from tsunagi.holding.models import Concern, NightHandover, Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    CONSULTATION_OUTCOMES,
    ConsultationOutcome,
    ContactKind,
    HoldKind,
    PromiseKind,
    Urgency,
    check_batch,
    check_consultation_outcome,
    consultation_due,
    word_back_due,
)
from tsunagi.intake.events import ConsultationEnded
from tsunagi.intake.models import BlankSheet, Consultation, ConsultationChange, Informant
from tsunagi.intake.rules import CallerKind, InformantReach, WayBack
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.actions import end_involvement, involve, note_unknown, register_person
from tsunagi.people.models import Person
from tsunagi.people.rules import SUPPORTING_FACETS, ReasonKind, read_fields
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import NotADate, fiscal_year
from tsunagi.sharing.actions import leave_word
from tsunagi.sharing.rules import CallerRelation, ConsentWish, WordKind

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.holding.models import SecondWord

SUBJECT = "consultation"
HELD_BY = (PromiseKind.TRIAGE.value, PromiseKind.STOCKTAKING.value)
# What a worker may write and correct; everything may be empty.
TEXTS = {
    "words": "相談の内容",
    "wishes": "希望",
    "about_words": "だれのこと",
    "caller_words": "続柄・名乗り",
    "way_back_words": "連絡先",
}
WRITTEN = (
    *TEXTS,
    "means",
    "caller_kind",
    "way_back",
    "cut_off",
    "came_about",
    "worries",
    "urgency",
    "language",
    "interpreter",
)
ENDED = "この相談は、すでに終わっています。新しい動きは、課題の画面から記録してください。"


@dataclass(frozen=True)
class InformantWish:
    """What is written about who told us of somebody else, in a box of their own."""

    name: str = ""
    contact: str = ""
    relation: str = ""
    source_kind: str = ""
    reach: str = ""
    wants_word_back: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was written."""
        return not (self.name or self.contact or self.relation or self.source_kind or self.wants_word_back)


@dataclass(frozen=True)
class AboutWish:
    """Whom a consultation is about, as its writer says: somebody found, somebody written down now with what was
    typed, someone not yet known, or nobody said yet (then the typed words are kept as words)."""

    party_id: int | None = None
    new: bool = False
    unknown: bool = False
    name: str = ""
    kana: str = ""
    birth: str = ""
    phone: str = ""
    address: str = ""
    place: str = ""
    looks: str = ""
    words: str = ""

    @property
    def as_words(self) -> str:
        """What was typed, in one line."""
        said = (
            self.name,
            self.kana,
            self.birth,
            self.phone,
            self.address,
            self.place,
            self.looks,
            self.words,
        )
        return " ".join(text.strip() for text in said if text.strip())


@dataclass(frozen=True)
class ConcernWish:
    """One concern a consultation becomes."""

    description: str = ""
    codes: tuple[str, ...] = ()
    party_id: int | None = None
    whose: str = ""
    around: str = ""
    urgency: str = ""
    kind: str = HoldKind.TRIAGE.value
    worker_id: int | None = None
    danger: str = ""
    person_sees_it: str = ""
    family_support: bool = False


def take_consultation(
    *,
    by: Worker,
    at: datetime,
    office_id: int,
    came_at: datetime | None = None,
    party_id: int | None = None,
    about: AboutWish | None = None,
    informant: InformantWish | None = None,
    worker_id: int | None = None,
    relation: str = "",
    word: str = WordKind.CONSULTATION,
    sheet_number: str = "",
    consent: ConsentWish | None = None,
    **written: Any,
) -> Consultation:
    """Take a consultation. No field is required: 「戻り先なし」 and 「誰か分からない」 are answers (M19).

    `written` takes the fields of `WRITTEN`; `about` says whom it is about where `party_id` does not. The desk holds it from now: a promise of `worker_id` (default: whoever
    wrote it), due from the hour it came. `sheet_number` is what stands on a blank 相談受付票 that is typed in: the consultation gets that
    number. `consent` is what the person answered, written in the same deed. Raises Refused (個人番号 in a text, an hour that has not come yet, a sheet's number that was used or never printed).
    """
    came = came_at or at
    if came > at:
        raise Refused("来た時刻が、まだ来ていない時刻になっています。日時を直してください。", field="came_at")
    values = _clean(written)
    _refuse_my_numbers(values, informant, about)
    if party_id is None and about is not None:
        party_id = _party_of(about, office_id, by=by, at=at)
        if party_id is None and not values.get("about_words"):
            values["about_words"] = about.as_words[:200]
    sheet = _blank_sheet(sheet_number) if sheet_number.strip() else None
    consultation = Consultation.objects.create(
        number=sheet.number if sheet else next_number(day_of(at)),
        office_id=office_id,
        came_at=came,
        written_at=at,
        written_by=by,
        party_id=party_id,
        **values,
    )
    if sheet is not None:
        BlankSheet.objects.filter(pk=sheet.pk).update(consultation=consultation)
    if party_id is not None:
        _involve(consultation, party_id, at=at)
    if consent is not None:
        _write_consent(consultation, consent, by=by, at=at)
    if informant is not None and not informant.is_empty:
        _write_informant(consultation, informant)
        if informant.wants_word_back:
            _promise_word_back(consultation, worker_id or by.pk, by=by, at=at)
    urgency = Urgency(consultation.urgency or Urgency.LOW)
    promise(
        PromiseKind.TRIAGE,
        "相談を整理して、どうするかを決める",
        subject_kind=SUBJECT,
        subject_id=consultation.pk,
        party_id=party_id,
        office_id=office_id,
        worker_id=worker_id or by.pk,
        due_on=consultation_due(
            urgency, came_at=came, on=day_of(at), calendar=calendar_of(office_id), settings=city_settings()
        ),
        urgency=urgency,
        by=by,
        at=at,
    )
    record(
        "consultation.taken",
        subject_kind=SUBJECT,
        subject_id=consultation.pk,
        by=by.pk,
        at=at,
        detail={"office": office_id, "caller": consultation.caller_kind, "urgency": consultation.urgency},
    )
    _leave_word(consultation, about, kind=word, relation=relation, by=by, at=at)
    return consultation


def correct_consultation(
    consultation: Consultation,
    *,
    revision: int,
    by: Worker,
    at: datetime,
    came_at: datetime | None = None,
    informant: InformantWish | None = None,
    **written: Any,
) -> Consultation:
    """Correct what was written; the older words stay (訂正履歴). Raises Stale when somebody was first."""
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if locked.revision != revision:
        raise Stale(
            "ほかの人が先に書き直しました。下に両方を並べました。残したい方を選ぶか、書き直してください。"
        )
    if came_at is not None and came_at > at:
        raise Refused("来た時刻が、まだ来ていない時刻になっています。日時を直してください。", field="came_at")
    values = _clean(written)
    _refuse_my_numbers(values, informant, None)
    before = {name: getattr(locked, name) for name in values} | {"came_at": locked.came_at.isoformat()}
    ConsultationChange.objects.create(
        consultation=locked, at=at, by=by, before=before, revision=locked.revision
    )
    for name, value in values.items():
        setattr(locked, name, value)
    if came_at is not None:
        locked.came_at = came_at
    locked.revision += 1
    locked.save(update_fields=[*values, "came_at", "revision"])
    if informant is not None and not informant.is_empty:
        had_word_back = Informant.objects.filter(pk=locked.pk, wants_word_back=True).exists()
        _write_informant(locked, informant)
        if informant.wants_word_back and not had_word_back:
            _promise_word_back(locked, by.pk, by=by, at=at)
    _follow_urgency(locked, by=by, at=at)
    record(
        "consultation.corrected",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"revision": locked.revision},
    )
    return locked


def say_who(consultation: Consultation, party_id: int | None, *, by: Worker, at: datetime) -> None:
    """Say whom a consultation is about (or that it is not who we thought). A worker says so, never the matcher."""
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if locked.party_id == party_id:
        return
    if locked.party_id is not None:
        end_involvement(ReasonKind.CONSULTATION, locked.pk, at=at)
    Consultation.objects.filter(pk=locked.pk).update(party_id=party_id)
    consultation.party_id = party_id
    if party_id is not None and not locked.outcome:
        consultation.office_id = locked.office_id
        _involve(consultation, party_id, at=at)
    for held in _held(locked.pk):
        _hold_about(held, party_id, by=by, at=at)
    record(
        "consultation.person",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"party": party_id},
    )


def say_who_as(consultation: Consultation, about: AboutWish, *, by: Worker, at: datetime) -> None:
    """Say whom it is about in the words of a form: somebody found, written down now, or not yet known."""
    _refuse_my_numbers({}, None, about)
    _leave_word(consultation, about, kind=WordKind.CONSULTATION, relation="", by=by, at=at)
    party_id = _party_of(about, consultation.office_id, by=by, at=at)
    if party_id is None:
        raise Refused(
            "だれのことかを選んでください。新しく書くときは、お名前か読みを入れてください。", field="about"
        )
    say_who(consultation, party_id, by=by, at=at)


def give_consultation(consultation: Consultation, *, worker_id: int, by: Worker, at: datetime) -> None:
    """Let a colleague of the desk sort it out; the day travels, and they are told."""
    if Consultation.objects.filter(pk=consultation.pk).exclude(outcome="").exists():
        raise Refused(ENDED)
    if not may_hold_in(worker_id, consultation.office_id):
        raise Refused("同じ窓口に今いる職員を選んでください。", field="worker")
    for held in _held(consultation.pk):
        if held.worker_id != worker_id:
            pass_promise(held, worker_id=worker_id, by=by, at=at, reason="担当を替えた")
            tell(
                [worker_id],
                "相談の整理を渡されました。",
                f"/uketsuke/{consultation.pk}/",
                kind="consultation",
                at=at,
            )


def make_concerns(
    consultation: Consultation,
    wishes: Iterable[ConcernWish],
    *,
    by: Worker,
    at: datetime,
    outcome: str = ConsultationOutcome.NEW_CONCERN,
    as_unknown: bool = False,
) -> list[Concern]:
    """The consultation becomes concerns, each held by the desk (or the worker named) from this moment (H1, H10).

    `as_unknown`: where nobody was said yet, it is begun with 「まだ分からない人」 and the words there are.

    What another office will carry is another concern: it is opened here and then referred; the desk holds it
    until the other accepts (H4).
    """
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if locked.outcome:
        raise Refused(ENDED)
    if locked.party_id is None and as_unknown:
        say_who_as(locked, AboutWish(unknown=True, words=locked.about_words), by=by, at=at)
    opened = []
    for wish in wishes:
        party_id = wish.party_id or locked.party_id
        if party_id is None:
            raise Refused(
                "だれの困りごとかを選んでください。まだ分からないときは「まだ分からない人」として始められます。",
                field="party",
            )
        if not (wish.description.strip() or wish.codes):
            raise Refused("困りごとを、ひとことか種類で書いてください。", field="description")
        opened.append(
            open_concern(
                party_id,
                office_id=locked.office_id,
                worker_id=wish.worker_id or by.pk,
                by=by,
                at=at,
                whose=wish.whose,
                around=wish.around,
                codes=wish.codes,
                description=wish.description,
                urgency=wish.urgency or locked.urgency or Urgency.LOW,
                kind=wish.kind,
                noticed_by=locked.caller_kind,
                person_sees_it=wish.person_sees_it,
                family_support=wish.family_support,
                danger=wish.danger,
                came_at=locked.came_at,
                source_kind=SUBJECT,
                source_id=locked.pk,
            )
        )
    if not opened:
        raise Refused("課題をひとつ以上書いてください。", field="description")
    if locked.caller_kind == CallerKind.SELF:
        # The person spoke with us: that is a contact of kind A, once, for all of them.
        record_contact(
            ContactKind.MET,
            [Served(concern.pk) for concern in opened],
            by=by,
            at=at,
            happened_at=locked.came_at,
            means=locked.means,
            with_whom="本人",
        )
    _pass_the_night_on(locked, opened, by=by, at=at)
    _end(locked, ConsultationOutcome(outcome), words="", by=by, at=at)
    return opened


def end_consultation(
    consultation: Consultation,
    *,
    outcome: str,
    words: str = "",
    became: Iterable[int] = (),
    by: Worker,
    at: datetime,
    second: int | None = None,
) -> SecondWord | None:
    """End a consultation with what it has become (H10). Where two must agree, the other is asked, and it ends then.

    `became`: concerns or referrals, where the outcome names them. Raises Refused with what is missing.
    """
    refuse_my_number(words, "伝えたこと・わけ")
    locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
    if locked.outcome:
        raise Refused(ENDED)
    chosen = ConsultationOutcome(outcome) if outcome else None
    became = tuple(became)
    check_consultation_outcome(chosen, words=words, became=became, second_agreed=True)
    if chosen is None:
        raise Refused("どうなったかを選んでください。", field="outcome")
    if CONSULTATION_OUTCOMES[chosen].second_person:
        return ask_second(
            "consultation_end",
            f"相談を「{chosen.label}」で終える確認",
            subject_kind=SUBJECT,
            subject_id=locked.pk,
            wish={"outcome": str(chosen), "words": words},
            words=words,
            office_id=locked.office_id,
            party_id=locked.party_id,
            by=by,
            at=at,
            of_worker=second,
        )
    _end(locked, chosen, words=words, by=by, at=at, became=became)
    return None


def end_batch(
    consultations: Sequence[Consultation], *, words: str, by: Worker, at: datetime, second: int | None = None
) -> SecondWord:
    """Several that were none (間違い・営業・いたずら): one sheet, which another agrees to; then all of them end (H10).

    Raises Refused for more than fifty, for several desks, for one that has ended, and for a missing word.
    """
    refuse_my_number(words, "わけ", "words")
    chosen = list(
        Consultation.objects.select_for_update()
        .filter(pk__in=[one.pk for one in consultations])
        .order_by("pk")
    )
    outcome = ConsultationOutcome.NOT_A_CONSULTATION
    if not chosen:
        raise Refused("終える相談を、ひとつ以上選んでください。", field="consultations")
    check_batch(outcome, len(chosen), second_agreed=True)
    check_consultation_outcome(outcome, words=words, second_agreed=True)
    if any(one.outcome for one in chosen):
        raise Refused(
            "選んだ中に、もう終わった相談があります。画面を開き直してください。", field="consultations"
        )
    if len({one.office_id for one in chosen}) > 1:
        raise Refused("まとめられるのは、同じ窓口の相談だけです。", field="consultations")
    numbers = "、".join(one.number or f"#{one.pk}" for one in chosen)
    return ask_second(
        "consultation_end",
        f"相談{len(chosen)}件を「{outcome.label}」で終える確認",
        subject_kind=SUBJECT,
        subject_id=chosen[0].pk,
        wish={"outcome": str(outcome), "words": words, "others": [one.pk for one in chosen[1:]]},
        words=f"{words.strip()[:200]}（{len(chosen)}件：{numbers}）",
        office_id=chosen[0].office_id,
        by=by,
        at=at,
        of_worker=second,
    )


def end_agreed(
    consultation_id: int, *, outcome: str, words: str, by: Worker, second: int, at: datetime
) -> None:
    """End a consultation two people agreed on. One that became something else meanwhile stays what it became."""
    locked = Consultation.objects.select_for_update().get(pk=consultation_id)
    if locked.outcome:
        return
    _end(locked, ConsultationOutcome(outcome), words=words, by=by, at=at, second=second)


def give_word_back(held: Promise, *, by: Worker, at: datetime) -> None:
    """「受け止めました」 was said to whoever told us, in a sentence that reveals nothing."""
    keep_promises_of(held.subject_kind, held.subject_id, (PromiseKind.WORD_BACK,), by=by, at=at)


# -- pieces -----------------------------------------------------------------------------------------------------------


def _end(
    locked: Consultation,
    outcome: ConsultationOutcome,
    *,
    words: str,
    by: Worker,
    at: datetime,
    second: int | None = None,
    became: Iterable[int] = (),
) -> None:
    locked.outcome, locked.outcome_at, locked.outcome_by = outcome, at, by
    locked.outcome_words, locked.outcome_second_by_id = words.strip(), second
    locked.revision += 1
    locked.save(
        update_fields=[
            "outcome",
            "outcome_at",
            "outcome_by",
            "outcome_words",
            "outcome_second_by",
            "revision",
        ]
    )
    keep_promises_of(SUBJECT, locked.pk, HELD_BY, by=by, at=at)
    end_involvement(ReasonKind.CONSULTATION, locked.pk, at=at)
    record(
        "consultation.ended",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"outcome": str(outcome), "second": second, "became": list(became)},
    )
    announce(ConsultationEnded(consultation_id=locked.pk, outcome=str(outcome), at=at))


def _leave_word(
    consultation: Consultation, about: AboutWish | None, *, kind: str, relation: str, by: Worker, at: datetime
) -> None:
    """A silent word to whoever may answer for the person that is meant; the same whoever that is, or nobody."""
    asked = None
    if about is not None and about.party_id is None:
        fields = {"name": about.name, "kana": about.kana, "phone": about.phone, "address": about.address}
        try:
            asked = read_fields(**fields, birth=about.birth, on=day_of(at))
        except NotADate:
            asked = read_fields(**fields, on=day_of(at))
    leave_word(
        kind,
        by_id=by.pk,
        office_id=consultation.office_id,
        at=at,
        asked=asked,
        party_id=consultation.party_id if asked is None else None,
        relation=relation or _RELATIONS.get(consultation.caller_kind, ""),
        subject_id=consultation.pk,
    )


# Who came, as the holders are told; somebody who speaks for themselves is no 「尋ねた方」.
_RELATIONS: dict[str, str] = {
    CallerKind.FAMILY: CallerRelation.KIN,
    CallerKind.NEIGHBOUR: CallerRelation.NEIGHBOUR,
    CallerKind.COMMISSIONER: CallerRelation.AGENCY,
    CallerKind.AGENCY: CallerRelation.AGENCY,
    CallerKind.SECTION: CallerRelation.AGENCY,
    CallerKind.ANONYMOUS: CallerRelation.UNKNOWN,
}


def _party_of(about: AboutWish, office_id: int, *, by: Worker, at: datetime) -> int | None:
    if about.party_id is not None:
        return about.party_id
    if about.unknown:
        return note_unknown(
            by=by,
            at=at,
            place=about.place,
            looks=about.looks,
            words=about.words or about.name,
            office=office_id,
        ).pk
    if about.new and about.as_words:
        return register_person(
            by=by,
            at=at,
            name=about.name,
            kana=about.kana,
            birth=about.birth,
            phones=[about.phone] if about.phone.strip() else [],
            addresses=[about.address] if about.address.strip() else [],
            office=office_id,
        ).pk
    return None


def _hold_about(held: Promise, party_id: int | None, *, by: Worker, at: datetime) -> None:
    """The desk's promise goes on, about somebody else now: the office's reason to see the first one ends with it."""
    withdraw_promise(held, by=by, at=at, reason="だれのことかを改めた")
    promise(
        held.kind,
        held.what,
        subject_kind=held.subject_kind,
        subject_id=held.subject_id,
        office_id=held.office_id,
        worker_id=held.worker_id,
        due_on=held.due_on,
        by=by,
        at=at,
        party_id=party_id,
        urgency=held.urgency,
        weight=held.weight,
        previous=held,
    )


def _pass_the_night_on(locked: Consultation, opened: list[Concern], *, by: Worker, at: datetime) -> None:
    """What was handed over for the night with the consultation stays handed over for its urgent concerns."""
    handed = NightHandover.objects.filter(subject_kind=SUBJECT, subject_id=locked.pk).order_by("-id").first()
    for concern in opened:
        if handed is not None and concern.urgency == Urgency.HIGH:
            hand_over_for_the_night(
                subject_kind="concern",
                subject_id=concern.pk,
                to_kind=handed.to_kind,
                to_name=handed.to_name,
                handed_at=handed.handed_at,
                by=by,
                at=at,
            )


def _held(consultation_id: int) -> list[Promise]:
    return list(
        Promise.objects.select_for_update()
        .filter(subject_kind=SUBJECT, subject_id=consultation_id, kind__in=HELD_BY, is_open=True)
        .order_by("pk")
    )


def _involve(consultation: Consultation, party_id: int, *, at: datetime) -> None:
    involve(
        party_id,
        consultation.office_id,
        ground="01",
        facets=SUPPORTING_FACETS,
        reason_kind=ReasonKind.CONSULTATION,
        reason_id=consultation.pk,
        at=at,
    )


def _write_consent(consultation: Consultation, consent: ConsentWish, *, by: Worker, at: datetime) -> None:
    """What the person answered is theirs, so it must be said whose it is: a household or somebody unknown answers nothing."""
    party_id = consultation.party_id
    if party_id is None or not Person.objects.filter(pk=party_id).exists():
        raise Refused(
            "同意を記録するには、だれのことかを決めてください。「この方は」で選ぶか、「新しく登録する」にします。決まっていなければ「ここでは書かない」にして、あとで記録できます。",
            field="consent",
        )
    consent_with_a_deed(ConsentBeside(party_id, consent), office_id=consultation.office_id, by=by, at=at)


def _follow_urgency(locked: Consultation, *, by: Worker, at: datetime) -> None:
    """A consultation judged more urgent is due sooner; never later by a correction."""
    urgency = Urgency(locked.urgency or Urgency.LOW)
    due_on = consultation_due(
        urgency,
        came_at=locked.came_at,
        on=day_of(at),
        calendar=calendar_of(locked.office_id),
        settings=city_settings(),
    )
    for held in _held(locked.pk):
        if held.kind == PromiseKind.TRIAGE and (held.urgency != urgency or due_on < held.due_on):
            _repromise(held, urgency, min(due_on, held.due_on), by=by, at=at)


def _repromise(held: Promise, urgency: Urgency, due_on: date, *, by: Worker, at: datetime) -> None:
    held.urgency = urgency
    pass_promise(held, worker_id=held.worker_id, due_on=due_on, by=by, at=at, reason="緊急度を見直した")


def _write_informant(consultation: Consultation, wish: InformantWish) -> None:
    Informant.objects.update_or_create(
        consultation=consultation,
        defaults={
            "name": wish.name.strip()[:120],
            "contact": wish.contact.strip()[:200],
            "relation": wish.relation.strip()[:120],
            "source_kind": wish.source_kind,
            "reach": InformantReach(wish.reach) if wish.reach else "",
            "wants_word_back": wish.wants_word_back,
        },
    )


def _promise_word_back(consultation: Consultation, worker_id: int, *, by: Worker, at: datetime) -> None:
    promise(
        PromiseKind.WORD_BACK,
        "知らせてくれた方へ「受け止めました」と伝える",
        subject_kind=SUBJECT,
        subject_id=consultation.pk,
        office_id=consultation.office_id,
        worker_id=worker_id,
        due_on=word_back_due(day_of(at), calendar_of(consultation.office_id), city_settings()),
        by=by,
        at=at,
    )


def _clean(written: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(written) - set(WRITTEN)
    if unknown:
        raise TypeError(f"unknown fields: {sorted(unknown)}")
    values = dict(written)
    for name in TEXTS:
        if name in values:
            values[name] = (values[name] or "").strip()
    if values.get("caller_kind"):
        values["caller_kind"] = CallerKind(values["caller_kind"])
    if values.get("way_back"):
        values["way_back"] = WayBack(values["way_back"])
    if values.get("urgency"):
        values["urgency"] = Urgency(values["urgency"])
    if "worries" in values:
        values["worries"] = {
            code: mark for code, mark in (values["worries"] or {}).items() if mark in ("circle", "double")
        }
    return values


def _refuse_my_numbers(
    values: Mapping[str, Any], informant: InformantWish | None, about: AboutWish | None
) -> None:
    for name, label in TEXTS.items():
        refuse_my_number(values.get(name, ""), label, name)
    if informant is not None:
        for name, text in (
            ("informant_name", informant.name),
            ("informant_contact", informant.contact),
            ("informant_relation", informant.relation),
        ):
            refuse_my_number(text, "知らせてくれた方", name)
    if about is not None:
        for name in ("name", "kana", "birth", "phone", "address", "place", "looks", "words"):
            refuse_my_number(getattr(about, name), "だれのこと", f"about_{name}")


def _blank_sheet(typed: str) -> BlankSheet:
    """The printed blank of this number, still to be used."""
    plain = re.sub(r"[\s‐-―−ー－]+", "-", unicodedata.normalize("NFKC", typed).strip())
    sheet = BlankSheet.objects.select_for_update().filter(number=plain).first()
    if sheet is not None and sheet.consultation_id is None:
        return sheet
    if sheet is not None or Consultation.objects.filter(number=plain).exists():
        raise Refused(
            "この番号の相談は、すでに受け付けてあります。同じ紙を二度入れていないか、受付の一覧で確かめてください。別の相談なら、番号を空けて受け付けると新しい番号が付きます。",
            field="sheet_number",
        )
    raise Refused(
        "この番号の受付票は、まだ印刷されていません。紙の右上の番号をもう一度確かめてください。読めないときは空けたままで受け付けられます。",
        field="sheet_number",
    )


def next_number(on: date) -> str:
    """The next 受付番号: fiscal year of 令和 and a count that never repeats."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('intake_number')")
        (count,) = cursor.fetchone()
    return f"{fiscal_year(on) - 2018}-{count:05d}"
