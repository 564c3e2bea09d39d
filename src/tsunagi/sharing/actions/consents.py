"""The deeds of consent. What rests on a consent higher up reacts to the events, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from tsunagi.accounts.models import Office
from tsunagi.codes import queries as codes
from tsunagi.journal.actions import record
from tsunagi.people.actions import end_involvement, involve
from tsunagi.people.models import Party, Person
from tsunagi.people.rules import ReasonKind
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.sharing.events import ConsentGiven, ConsentWithdrawn
from tsunagi.sharing.models import Consent, ConsentOffice, Explanation, PaperAskedBack
from tsunagi.sharing.queries.consents import records_of_one
from tsunagi.sharing.queries.grounds import grounds_between_offices
from tsunagi.sharing.queries.guardians import powers_over
from tsunagi.sharing.rules import (
    GIVEN,
    UNTIL_OF_AGE,
    ConsentBy,
    ConsentState,
    ConsentWish,
    DisclosureSource,
    EndKind,
    PaperBack,
    Powers,
    Preset,
    check_consent,
    eighteenth,
    facets_of,
    state_of,
)

from .ledger import write_disclosure

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SUBJECT = "consent"
GONE_ON = "この同意は、先にほかの人が動かしました。画面を開き直して、いまの様子を見てください。"
_TEXTS = {
    "purpose": "何のために",
    "given_by_name": "お名前・続柄",
    "child_word": "子ども本人のことば",
    "parent_harm": "親権者に聞かないわけ",
    "instead": "そのかわりにしたこと",
    "present": "その場にいた人",
    "kept_where": "紙の保管場所",
    "words": "本人のことば",
    "judged_by": "だれが判断したか",
    "judged_on": "何を見て",
}


def record_consent(person_id: int, wish: ConsentWish, *, office_id: int, by: Worker, at: datetime) -> Consent:
    """Write down what a person was told and answered. Where it is a yes, the offices named see what it names, from now.

    An answer that was not a yes is replaced by the new one; a consent given before stays until it is withdrawn or
    replaced. A no (拒否) ends what was given before. Raises Refused with what is missing.
    """
    for name, label in _TEXTS.items():
        refuse_my_number(str(getattr(wish, name)), label, name)
    person = _locked_person(person_id)
    on = day_of(at)
    check_consent(
        wish,
        age=_age(person, on),
        age_alone=int(codes.number("consent.age")),
        alive=person.died_on is None,
        on=on,
        powers=powers_over(person_id, on) if wish.given_by == ConsentBy.GUARDIAN else Powers.NOT_WRITTEN,
    )
    state = ConsentState(wish.state)
    given = state in GIVEN
    facets = facets_of(wish.preset, wish.facets) if given else ()
    if given:
        state = state_of(wish.preset, facets)
    offices = _offices(wish.office_ids, besides=office_id) if given else []
    before = _open_answers(person_id)
    row = Consent.objects.create(
        person_id=person_id,
        state=state,
        preset=Preset(wish.preset) if given else "",
        facets=list(facets),
        purpose=wish.purpose.strip()[:300],
        way=wish.way if given else "",
        given_by=ConsentBy(wish.given_by),
        given_by_name=wish.given_by_name.strip()[:120],
        child_word=wish.child_word.strip()[:500],
        parent_harm=wish.parent_harm.strip()[:500],
        instead=wish.instead.strip()[:300],
        second_id=wish.second_id if wish.given_by == ConsentBy.CHILD_ALONE else None,
        explanation_id=wish.explanation_id,
        explained_on=wish.explained_on,
        present=wish.present.strip()[:200],
        kept_where=wish.kept_where.strip()[:200],
        words=wish.words.strip(),
        judged_by=wish.judged_by.strip()[:120] if state == ConsentState.UNABLE else "",
        judged_on=wish.judged_on.strip()[:300] if state == ConsentState.UNABLE else "",
        ask_again_on=wish.ask_again_on,
        until_on=wish.until_on if given else None,
        of_age_on=_of_age_on(person, wish) if given else None,
        looked_at_on=on,
        asked_by=by,
        office_id=office_id,
        recorded_at=at,
        previous=before[0] if before else None,
    )
    for old in before:
        # What was only an answer (未説明, 検討中, 拒否, 同意困難) is replaced by the next one.
        _end(old, EndKind.CHANGED, "", by=by, at=at)
    _record("consent.recorded", row, by=by, at=at, state=str(state), preset=str(wish.preset) if given else "")
    if state == ConsentState.REFUSED:
        for old in _open_given(person_id):
            withdraw_consent(old, by=by, at=at, words="拒否", papers=True)
    if given:
        for office in offices:
            _open_to(row, office, giver_id=office_id, why="", told_on=on, by=by, at=at)
        _announce_given(row, [office.pk for office in offices], by=by, at=at)
    return row


def add_office(
    consent: Consent, receiver_id: int, *, why: str, told_on: date | None, by: Worker, at: datetime
) -> ConsentOffice:
    """Add an office under the standard preset. The person is told: on that day, or by a promise of the holder."""
    refuse_my_number(why, "加えるわけ", "why")
    locked = _locked(consent)
    if locked.preset != Preset.STANDARD or locked.state not in GIVEN:
        raise Refused(
            "「標準」の同意にだけ、機関を加えられます。ほかの同意は、本人にもう一度聞いてください。"
        )
    if not why.strip():
        raise Refused("この機関が要るわけを書いてください。本人にもそのように伝えます。", field="why")
    if told_on and told_on > day_of(at):
        raise Refused("まだ来ていない日です。本人に伝えた日を確かめてください。", field="told_on")
    offices = _offices([receiver_id], besides=locked.office_id)
    if not offices:
        raise Refused("聞いた機関とは別の機関を選んでください。", field="office")
    if locked.offices.filter(office_id=receiver_id, ended_at__isnull=True).exists():
        raise Refused("この機関は、もうこの同意に入っています。", field="office")
    row = _open_to(
        locked, offices[0], giver_id=locked.office_id, why=why.strip()[:300], told_on=told_on, by=by, at=at
    )
    _record("consent.office_added", locked, by=by, at=at, office=receiver_id)
    _announce_given(locked, [receiver_id], by=by, at=at)
    return row


def note_told(row: ConsentOffice, *, told_on: date, by: Worker, at: datetime) -> None:
    """The person was told of the office that was added, on this day."""
    if told_on > day_of(at):
        raise Refused("まだ来ていない日です。本人に伝えた日を確かめてください。", field="told_on")
    if told_on < day_of(row.added_at):
        raise Refused("機関を加えた日より前です。本人に伝えた日を確かめてください。", field="told_on")
    if ConsentOffice.objects.filter(pk=row.pk, told_on__isnull=True).update(told_on=told_on, told_by=by):
        _record("consent.person_told", row.consent, by=by, at=at, office=row.office_id)


def look_again(consent: Consent, *, by: Worker, at: datetime) -> None:
    """The yearly look: asked, and it stays as it is. Nothing ends by the calendar alone."""
    locked = _locked(consent)
    Consent.objects.filter(pk=locked.pk).update(looked_at_on=day_of(at), revision=locked.revision + 1)
    _record("consent.looked_at", locked, by=by, at=at)


def withdraw_consent(
    consent: Consent,
    *,
    by: Worker | None,
    at: datetime,
    words: str = "",
    office_ids: Sequence[int] | None = None,
    facets: Iterable[str] = (),
    papers: bool = True,
    how: EndKind = EndKind.WITHDRAWN,
    revision: int | None = None,
) -> Consent | None:
    """End a consent at once: for all, for these offices, or for these facets alone. Returns what stands afterwards.

    Ends the involvements that rest on it; announces `ConsentWithdrawn`, so that whatever rests on it higher up ends in the
    same transaction; asks paper back from each office that loses something. Raises Stale when it was changed meanwhile.
    """
    refuse_my_number(words, "本人のことば", "words")
    locked = _locked(consent)
    if revision is not None and revision != locked.revision:
        raise Stale(())
    if locked.state not in GIVEN:
        raise Refused("この記録は同意ではないので、取り消すものがありません。")
    living = list(
        ConsentOffice.objects.select_for_update()
        .filter(consent_id=locked.pk, ended_at__isnull=True)
        .select_related("office")
        .order_by("office_id")
    )
    dropped = {str(facet) for facet in facets}
    if dropped:
        return _narrow(locked, living, dropped, words, papers=papers, by=by, at=at)
    chosen = living if office_ids is None else [row for row in living if row.office_id in set(office_ids)]
    if office_ids is not None and not chosen:
        raise Refused("取り消す機関を、ひとつ以上選んでください。", field="offices")
    whole = len(chosen) == len(living)
    ids = [row.office_id for row in chosen]
    ConsentOffice.objects.filter(pk__in=[row.pk for row in chosen]).update(
        ended_at=at, ended_how=how if whole else EndKind.PARTLY if how == EndKind.WITHDRAWN else how
    )
    for office_id in ids:
        end_involvement(ReasonKind.CONSENT, locked.pk, office_id, at=at, by=by.pk if by else None)
    if whole:
        _end(locked, how, words, by=by, at=at)
    else:
        Consent.objects.filter(pk=locked.pk).update(revision=locked.revision + 1)
    if papers:
        _ask_papers(locked, ids, by=by, at=at)
    _record("consent.withdrawn", locked, by=by, at=at, how=str(how), offices=ids, whole=whole)
    announce(
        ConsentWithdrawn(locked.pk, locked.person_id, tuple(ids), (), str(how), by.pk if by else None, at)
    )
    locked.refresh_from_db()
    return None if whole else locked


def _narrow(
    locked: Consent,
    living: list[ConsentOffice],
    dropped: set[str],
    words: str,
    *,
    papers: bool,
    by: Worker | None,
    at: datetime,
) -> Consent | None:
    """Fewer facets: the consent ends and its successor opens what is left, to the same offices, in one step."""
    left = [facet for facet in locked.facets if facet not in dropped]
    if len(left) == len(locked.facets):
        raise Refused("この同意に入っていない項目です。取り消す項目を選び直してください。", field="facets")
    if not left or left == ["basic"]:
        return withdraw_consent(locked, by=by, at=at, words=words, papers=papers)
    ids = [row.office_id for row in living]
    grounds = {row.office_id: row.ground for row in living}
    told = {row.office_id: row.told_on for row in living}
    ConsentOffice.objects.filter(pk__in=[row.pk for row in living]).update(
        ended_at=at, ended_how=EndKind.CHANGED
    )
    _end(locked, EndKind.CHANGED, words, by=by, at=at)
    values = {
        field.attname: getattr(locked, field.attname)
        for field in Consent._meta.concrete_fields
        if field.attname not in ("id", "ended_at", "ended_how", "ended_by_id", "ended_words", "revision")
    }
    successor = Consent.objects.create(
        **(
            values
            | {
                "facets": left,
                "state": ConsentState.GIVEN_PART,
                "previous_id": locked.pk,
                "recorded_at": at,
                "looked_at_on": day_of(at),
            }
        )
    )
    for office_id in ids:
        end_involvement(ReasonKind.CONSENT, locked.pk, office_id, at=at, by=by.pk if by else None)
        row = ConsentOffice.objects.create(
            consent=successor,
            office_id=office_id,
            ground=grounds[office_id],
            added_at=at,
            added_by=by,
            told_on=told[office_id],
        )
        _involve(successor, row, at=at, by=by)
    if papers:
        _ask_papers(locked, ids, by=by, at=at)
    _record("consent.narrowed", locked, by=by, at=at, successor=successor.pk, facets=sorted(dropped))
    announce(
        ConsentWithdrawn(
            locked.pk,
            locked.person_id,
            tuple(ids),
            tuple(left),
            str(EndKind.PARTLY),
            by.pk if by else None,
            at,
        )
    )
    return successor


def withdraw_everything(person_id: int, *, words: str, by: Worker, at: datetime) -> int:
    """「すべて取り消す」: whatever was given, on every record of this person. Returns how many consents ended."""
    rows = _open_given(person_id)
    for row in rows:
        withdraw_consent(row, by=by, at=at, words=words)
    return len(rows)


def silence_after_joining(person_id: int, other_id: int, *, at: datetime) -> int:
    """Two records turned out to be one person: what was given on either before a later refusal on the other ends."""
    rows = list(
        Consent.objects.filter(person_id__in=[person_id, other_id], ended_at__isnull=True).order_by("id")
    )
    noes = [(row.recorded_at, row.pk) for row in rows if row.state == ConsentState.REFUSED]
    if not noes:
        return 0
    silenced = [row for row in rows if row.state in GIVEN and (row.recorded_at, row.pk) < max(noes)]
    for row in silenced:
        withdraw_consent(row, by=None, at=at, how=EndKind.WITHDRAWN)
    return len(silenced)


def answer_paper(row: PaperAskedBack, *, answer: str, words: str, by: Worker, at: datetime) -> None:
    """Record what became of the paper an office was asked to give back."""
    refuse_my_number(words, "ひとこと", "words")
    if not answer:
        raise Refused("紙がどうなったかを選んでください。", field="answer")
    if PaperBack(answer) == PaperBack.KEPT and not words.strip():
        raise Refused("返せないと言われたわけを書いてください。", field="words")
    if not PaperAskedBack.objects.filter(pk=row.pk, answered_at__isnull=True).update(
        answer=PaperBack(answer), words=words.strip()[:300], answered_at=at, answered_by=by
    ):
        raise Refused("この返事は、もう記録してあります。画面を開き直してください。")
    _record("consent.paper_answered", row.consent, by=by, at=at, office=row.office_id, answer=str(answer))


def write_explanation(
    *,
    title: str,
    words: str,
    plain_words: str,
    from_on: date,
    by: Worker,
    at: datetime,
    after: int | None = None,
) -> Explanation:
    """A new version of the 説明文書; the ones before stay as they were, and so does what was explained with them.

    `after`: the version it was written over; Raises Stale when somebody has written another since. Raises Refused for a day
    that is past: nobody was told then what was not written yet.
    """
    for name, label, text in (
        ("title", "題", title),
        ("words", "文", words),
        ("plain_words", "文", plain_words),
    ):
        refuse_my_number(text, label, name)
    if not title.strip() or not words.strip():
        raise Refused("題と文を書いてください。", field="words" if title.strip() else "title")
    if from_on < day_of(at):
        raise Refused("過ぎた日です。今日か、これからの日を入れてください。", field="from_on")
    # Two who write at once take their turns; the later one is told.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sharing.explanation'))")
    newest = Explanation.objects.order_by("-number").first()
    if after is not None and after != (newest.number if newest else 0):
        raise Stale(())
    row = Explanation.objects.create(
        number=newest.number + 1 if newest else 1,
        title=title.strip()[:120],
        words=words.strip(),
        plain_words=plain_words.strip(),
        from_on=from_on,
        written_at=at,
        written_by=by,
    )
    record("explanation.written", subject_kind="explanation", subject_id=row.pk, by=by.pk, at=at)
    return row


def end_of_the_dead(person_ids: Iterable[int], *, at: datetime, by: Worker | None = None) -> int:
    """Consents of the dead end; papers stay where they are. Returns how many ended."""
    rows = Consent.objects.filter(
        person_id__in=list(person_ids), ended_at__isnull=True, state__in=list(GIVEN)
    ).order_by("id")
    ended = 0
    for row in rows:
        withdraw_consent(row, by=by, at=at, papers=False, how=EndKind.DIED)
        ended += 1
    return ended


def end_consents_past_their_day(on: date, *, at: datetime) -> int:
    """What ends on a day: the person's own last day is over, or they are eighteen. Sight stopped on the day itself."""
    ended = 0
    due = Consent.objects.filter(ended_at__isnull=True, state__in=list(GIVEN))
    for row in due.filter(until_on__lt=on).order_by("id"):
        withdraw_consent(row, by=None, at=at, how=EndKind.DAY)
        ended += 1
    for row in due.filter(of_age_on__lte=on).order_by("id"):
        withdraw_consent(row, by=None, at=at, how=EndKind.OF_AGE)
        ended += 1
    for row in due.filter(person__died_on__isnull=False).order_by("id"):
        withdraw_consent(row, by=None, at=at, papers=False, how=EndKind.DIED)
        ended += 1
    return ended


def _open_to(
    row: Consent,
    office: Office,
    *,
    giver_id: int,
    why: str,
    told_on: date | None,
    by: Worker | None,
    at: datetime,
) -> ConsentOffice:
    giver = Office.objects.get(pk=giver_id)
    offers = grounds_between_offices(giver, office, consent=True)
    ground = next((offer.ground.code for offer in offers if offer.ground.needs_consent), "02")
    opened = ConsentOffice.objects.create(
        consent=row,
        office=office,
        ground=ground,
        added_at=at,
        added_by=by,
        why=why,
        told_on=told_on,
    )
    _involve(row, opened, at=at, by=by)
    write_disclosure(
        giver_id=giver_id,
        receiver_id=office.pk,
        person_id=row.person_id,
        facets=row.facets,
        reason=row.purpose or why or "本人の同意による支援の共有",
        ground=ground,
        until_on=row.until_on,
        source=DisclosureSource.CONSENT,
        source_id=row.pk,
        by=by,
        at=at,
    )
    return opened


def _involve(row: Consent, opened: ConsentOffice, *, at: datetime, by: Worker | None) -> None:
    """The office sees what the consent names, where it works in the system; an office outside is told by paper."""
    if not opened.office.signs_in or not opened.office.is_active:
        return
    involve(
        row.person_id,
        opened.office_id,
        ground=opened.ground,
        facets=row.facets,
        reason_kind=ReasonKind.CONSENT,
        reason_id=row.pk,
        until_on=row.until_on,
        at=at,
        by=by.pk if by else None,
    )


def _ask_papers(row: Consent, office_ids: Iterable[int], *, by: Worker | None, at: datetime) -> None:
    PaperAskedBack.objects.bulk_create(
        [
            PaperAskedBack(consent=row, office_id=office_id, asked_at=at, asked_by=by or row.asked_by)
            for office_id in office_ids
        ]
    )


def _end(row: Consent, how: str, words: str, *, by: Worker | None, at: datetime) -> None:
    if not Consent.objects.filter(pk=row.pk, ended_at__isnull=True).update(
        ended_at=at, ended_how=how, ended_by=by, ended_words=words.strip()[:300], revision=row.revision + 1
    ):
        raise Refused(GONE_ON)


def _announce_given(row: Consent, office_ids: list[int], *, by: Worker, at: datetime) -> None:
    announce(ConsentGiven(row.pk, row.person_id, tuple(office_ids), tuple(row.facets), by.pk, at))


def _locked_person(person_id: int) -> Person:
    # The party's row is what everybody locks who changes what a person said.
    Party.objects.select_for_update(no_key=True).get(pk=person_id)
    return Person.objects.get(pk=person_id)


def _locked(consent: Consent) -> Consent:
    _locked_person(consent.person_id)
    row = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
    if row.ended_at is not None:
        raise Refused("この同意は、すでに終わっています。画面を開き直してください。")
    return row


def _offices(ids: Iterable[int], *, besides: int) -> list[Office]:
    wanted = [office_id for office_id in dict.fromkeys(ids) if office_id != besides]
    found = list(Office.objects.filter(pk__in=wanted, is_active=True).order_by("code", "id"))
    if len(found) != len(wanted):
        raise Refused("選んだ機関が見つからないか、閉じています。選び直してください。", field="offices")
    return found


def _open_answers(person_id: int) -> list[Consent]:
    return list(
        Consent.objects.select_for_update()
        .filter(person_id=person_id, ended_at__isnull=True)
        .exclude(state__in=list(GIVEN))
        .order_by("-id")
    )


def _open_given(person_id: int) -> list[Consent]:
    """On every record of the same person: a no is said once."""
    same = records_of_one([person_id]).get(person_id, [person_id])
    rows = Consent.objects.filter(person_id__in=same, ended_at__isnull=True, state__in=list(GIVEN))
    return list(rows.order_by("person_id", "id"))


def _age(person: Person, on: date) -> int | None:
    born = person.birth_on
    if born is None:
        return on.year - person.birth_year if person.birth_year else None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _of_age_on(person: Person, wish: ConsentWish) -> date | None:
    if ConsentBy(wish.given_by) not in UNTIL_OF_AGE:
        return None
    if person.birth_on is None:
        raise Refused(
            "18歳になる日に親権者の同意が終わるため、生年月日が要ります。先に本人の記録に入れてください。",
            field="given_by",
        )
    return eighteenth(person.birth_on)


def _record(action: str, row: Consent, *, by: Worker | None, at: datetime, **detail: object) -> None:
    record(
        action,
        subject_kind="person",
        subject_id=row.person_id,
        by=by.pk if by else None,
        at=at,
        detail={"consent": row.pk, **detail},
    )
