"""Those who answer for somebody are told what was asked about them; those who hold are asked in 心当たり照会."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import calendar_of
from tsunagi.codes import queries as codes
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.notices.actions import tell
from tsunagi.people.access import tier_of
from tsunagi.people.models import Involvement, Party
from tsunagi.people.queries import (
    hinted_matches,
    household_ids_of,
    is_protected,
    members_of,
    overseers_of,
    root_of,
    same_person,
    silent_matches,
)
from tsunagi.people.rules import PartyKind, Tier
from tsunagi.shared.days import day_of
from tsunagi.sharing.actions import ask_holder, send_enquiry, tell_holder, write_reply
from tsunagi.sharing.models import Enquiry, EnquiryAnswer, SilentWord
from tsunagi.sharing.queries import read_question
from tsunagi.sharing.rules import MOST_PERSONS, WordKind

from .promises import keep_promises_of, promise
from .seconds import may_know

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.people.rules import Asked

ENQUIRY = "enquiry"
# What only a protected person's holders are told of: of others the desk sees the card, or asks.
ONLY_FOR_THE_PROTECTED = frozenset({WordKind.LOOKUP, WordKind.ENQUIRY})


@dataclass(frozen=True)
class Answering:
    """Somebody who answers for a person: by a hold, a promise, or as manager of an office that is with them."""

    worker_id: int
    office_id: int


def pass_word_on(word_id: int, *, at: datetime) -> None:
    """Tell those who answer for whoever a word may mean. Runs in a job: nothing of it reaches the asker."""
    word = SilentWord.objects.select_related("office").get(pk=word_id)
    if word.party_id is not None:
        tell_about(word, root_of(word.party_id), at=at)
        known = {root_of(word.party_id)}
    else:
        known = set()
    if not word.asked:
        return
    found = [one for one in silent_matches(read_question(word.asked)) if one.person_id not in known]
    others = [one for one in found if not one.protected]
    sure = [one for one in others if one.certain]
    if len(others) > MOST_PERSONS:
        others = sure
    for one in [*(one for one in found if one.protected), *others]:
        tell_about(word, one.person_id, at=at)


def tell_about(word: SilentWord, party_id: int, *, at: datetime) -> int:
    """Tell those who answer for this person, household or unknown; how many were told."""
    told = 0
    for person_id in _persons_of(party_id):
        guarded = is_protected(person_id)
        if word.kind in ONLY_FOR_THE_PROTECTED and not guarded:
            continue
        for who in answering_for(person_id, guarded=guarded, besides=word):
            # Colleagues of one desk see its consultations on their list; whoever guards somebody is told all the same.
            if not guarded and who.office_id == word.office_id:
                continue
            told += tell_holder(
                word, person_id, worker_id=who.worker_id, office_id=who.office_id, guarded=guarded, at=at
            )
    return told


def answering_for(person_id: int, *, guarded: bool, besides: SilentWord | None = None) -> list[Answering]:
    """Who answers for a person now: holders and who acts for them, promises, else the managers of involved offices.

    The household's holders answer for its members, but not for a protected one: they may be his.
    """
    parties = [
        person_id,
        *Party.objects.filter(same_as_id=person_id).order_by("pk").values_list("pk", flat=True),
        *same_person(person_id),
    ]
    own = list(parties)
    if not guarded:
        parties += household_ids_of(person_id)
    found: dict[int, Answering] = {}
    for worker, acting, office in (
        Hold.objects.filter(concern__party_id__in=parties, closed_at__isnull=True)
        .order_by("id")
        .values_list("worker_id", "acting_id", "office_id")
    ):
        for one in filter(None, (worker, acting)):
            found.setdefault(one, Answering(one, office))
    promises = Promise.objects.filter(party_id__in=parties, is_open=True).exclude(kind=PromiseKind.ENQUIRY)
    asked_in = besides.subject_id if besides is not None else None
    if besides is not None and asked_in and besides.kind in (WordKind.CONSULTATION, WordKind.ASKED_ABOUT):
        promises = promises.exclude(subject_kind="consultation", subject_id=asked_in)
    for worker, office in promises.order_by("id").values_list("worker_id", "office_id"):
        found.setdefault(worker, Answering(worker, office))
    if not found:
        offices = (
            Involvement.objects.filter(party_id__in=own, ended_at__isnull=True)
            .filter(office__is_active=True, office__signs_in=True)
            .order_by("office_id")
        )
        if besides is not None and besides.subject_id is not None:
            offices = offices.exclude(
                Q(reason_kind="consultation", reason_id=besides.subject_id) | Q(office_id=besides.office_id)
            )
        for office in dict.fromkeys(offices.values_list("office_id", flat=True)):
            for worker in overseers_of(office, person_id):
                found.setdefault(worker, Answering(worker, office))
    return [who for who in found.values() if may_know(who.worker_id, person_id)]


def _persons_of(party_id: int) -> list[int]:
    kind = Party.objects.filter(pk=party_id).values_list("kind", flat=True).first()
    if kind == PartyKind.HOUSEHOLD:
        return members_of(party_id)
    return [party_id] if kind == PartyKind.PERSON else []


# -- 心当たり照会 -----------------------------------------------------------------------------------------


def enquire(
    asked: Asked,
    *,
    told_words: str,
    reason: str,
    relation: str,
    ground: str,
    office_id: int,
    by: Worker,
    at: datetime,
) -> Enquiry:
    """Ask whoever may know this person; they have two business days (setting)."""
    due_on = calendar_of(office_id).add(day_of(at), codes.span("enquiry.answer").n)
    return send_enquiry(
        asked,
        told_words=told_words,
        reason=reason,
        relation=relation,
        ground=ground,
        office_id=office_id,
        due_on=due_on,
        by=by,
        at=at,
    )


def ask_those_who_hold(enquiry_id: int, *, at: datetime) -> int:
    """Make the enquiry a promise of each office that holds for the person it may mean (in a job); how many.

    A protected person is never asked about: those who guard them were told, and act if they want to.
    """
    enquiry = Enquiry.objects.select_related("worker").get(pk=enquiry_id)
    asked = 0
    for person_id in _meant(enquiry):
        by_office: dict[int, Answering] = {}
        for who in answering_for(person_id, guarded=False):
            if who.office_id != enquiry.office_id:
                by_office.setdefault(who.office_id, who)
        for who in by_office.values():
            answer = ask_holder(enquiry, person_id, who.office_id)
            if answer is None:
                continue
            due_on = calendar_of(who.office_id, who.worker_id).add(
                day_of(enquiry.asked_at), codes.span("enquiry.answer").n
            )
            promise(
                PromiseKind.ENQUIRY,
                "心当たり照会に返事をする",
                subject_kind=ENQUIRY,
                subject_id=answer.pk,
                party_id=person_id,
                office_id=who.office_id,
                worker_id=who.worker_id,
                due_on=due_on,
                by=None,
                at=at,
            )
            tell(
                [who.worker_id],
                "心当たり照会が届いています。2開庁日のうちに返事をお願いします。",
                f"/concerns/enquiries/answer/{answer.pk}/",
                kind=ENQUIRY,
                at=at,
            )
            asked += 1
    return asked


def answer_enquiry(answer: EnquiryAnswer, *, reply: str, words: str, by: Worker, at: datetime) -> None:
    """The holder answers; the promise is kept, and the asker is told that an answer came."""
    write_reply(answer, reply=reply, words=words, by=by, at=at)
    keep_promises_of(ENQUIRY, answer.pk, (PromiseKind.ENQUIRY,), by=by, at=at)
    tell(
        [answer.enquiry.worker_id],
        "心当たり照会に返事がありました。",
        f"/concerns/enquiries/{answer.enquiry_id}/",
        kind=ENQUIRY,
        at=at,
    )


def _meant(enquiry: Enquiry) -> Iterable[int]:
    """Whom the asker may be told about: what their lookup shows as a card or as a hint, and no further."""
    asked = read_question(enquiry.asked)
    if tier_of(WorkerModel.objects.get(pk=enquiry.worker_id)) is Tier.INDEX:
        return [one.person_id for one in silent_matches(asked) if not one.protected][:MOST_PERSONS]
    return hinted_matches(asked)[:MOST_PERSONS]
