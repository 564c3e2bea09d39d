"""The silent word: written for every question, whoever is meant or nobody, and passed on by a job after the commit."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef
from django.urls import Resolver404, resolve

from tsunagi.accounts.queries import main_office_id
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.notices.rules import NotForANotice
from tsunagi.people.rules import Asked
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.jobs import enqueue
from tsunagi.sharing.events import NumberAsked, WordLeft
from tsunagi.sharing.models import SilentWord, ToldHolder
from tsunagi.sharing.queries import stored_question
from tsunagi.sharing.rules import ONCE_A_DAY, CallerRelation, WordKind, is_worth_a_word, notice_of

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def leave_word(
    kind: str,
    *,
    by_id: int,
    office_id: int | None,
    at: datetime,
    asked: Asked | None = None,
    party_id: int | None = None,
    relation: str = "",
    link: str = "",
    subject_id: int | None = None,
) -> None:
    """Leave a word for whoever answers for the person that is meant. What is stored, and how, depends on what was
    typed alone, never on whether anybody is known."""
    if asked is not None and not is_worth_a_word(
        names=asked.words,
        readings=asked.kana,
        phone=asked.phone,
        address=asked.address,
        whole_birth=asked.birth.on is not None,
    ):
        asked = None
    if asked is None and party_id is None and not link:
        return
    word = SilentWord.objects.create(
        kind=kind,
        office_id=office_id,
        worker_id=by_id,
        at=at,
        relation=relation[:60],
        asked=stored_question(asked) if asked else {},
        party_id=party_id,
        link=link,
        subject_id=subject_id,
    )
    enqueue("sharing.pass_on", word_id=word.pk)


def keep_lookup(worker_id: int, office_id: int | None, asked: Asked, at: datetime) -> None:
    """A worker looked for somebody: the word is stored with the trail of the look."""
    leave_word(WordKind.LOOKUP, by_id=worker_id, office_id=office_id, at=at, asked=asked)


def knock(worker: Worker, page: str, *, at: datetime) -> None:
    """「担当がいれば声をかけます」: a word for whoever answers for the number in this address, if there is one."""
    link = page.split("?")[0].split("#")[0][:200]
    if not link.startswith("/"):
        link = "/"
    leave_word(WordKind.NUMBER, by_id=worker.pk, office_id=main_office_id(worker), at=at, link=link)


def pass_on(word_id: int, *, at: datetime) -> None:
    """Tell those who answer for whoever is meant (in a job); what was asked is forgotten then."""
    word = SilentWord.objects.select_for_update().filter(pk=word_id, done_at__isnull=True).first()
    if word is None:
        return
    if word.link:
        numbers = _numbers_in(word.link)
        for kind, number in numbers:
            announce(NumberAsked(word.pk, kind, number, at))
    else:
        announce(WordLeft(word.pk, at))
    told = SilentWord.objects.filter(pk=word.pk).filter(
        Exists(ToldHolder.objects.filter(word_id=OuterRef("pk")))
    )
    if told.exists():
        SilentWord.objects.filter(pk=word.pk).update(asked={}, done_at=at)
    else:
        SilentWord.objects.filter(pk=word.pk).delete()


def tell_holder(
    word: SilentWord, person_id: int, *, worker_id: int, office_id: int, guarded: bool, at: datetime
) -> bool:
    """Tell one worker who answers for this person. False when they asked themselves or were told today already."""
    if worker_id == word.worker_id:
        return False
    before = ToldHolder.objects.filter(
        person_id=person_id, worker_id=worker_id, word__worker_id=word.worker_id
    )
    if before.filter(word=word).exists():
        return False
    if word.kind in ONCE_A_DAY and before.filter(word__kind=word.kind, told_at__date=day_of(at)).exists():
        return False
    told = ToldHolder.objects.create(
        word=word, person_id=person_id, worker_id=worker_id, office_id=office_id, told_at=at
    )
    link = f"/sharing/told/{told.pk}/"
    when = f"{word.at:%-m月%-d日 %H:%M}"
    said: dict[str, Any] = {
        "when": when,
        "relation": CallerRelation.label_of(word.relation) if word.relation else "",
        "guarded": guarded,
    }
    desk = word.office.label if word.office else "窓口"
    try:
        tell([worker_id], notice_of(word.kind, desk=desk, **said), link, kind="word", at=at)
    except NotForANotice:
        # An office may be called 「…さんの家」: then the page alone names it.
        tell([worker_id], notice_of(word.kind, desk="ある窓口", **said), link, kind="word", at=at)
    record(
        "person.asked_about",
        subject_kind="person",
        subject_id=person_id,
        by=word.worker_id,
        at=at,
        detail={"word": word.pk, "kind": word.kind, "told": worker_id},
        channel="task",
    )
    return True


def _numbers_in(link: str) -> list[tuple[str, int]]:
    try:
        found = resolve(link)
    except Resolver404:
        return []
    # The first number of an address is the record itself; what follows is a part of it.
    return [(name, value) for name, value in found.kwargs.items() if isinstance(value, int)][:1]
