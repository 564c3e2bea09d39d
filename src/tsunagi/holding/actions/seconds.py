"""二人目の確認: a deed that needs another person waits as a promise of theirs, and is done when they agree."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import (
    calendar_of,
    coordination_office,
    is_away_for_long,
    may_hold_in,
    workers_of,
)
from tsunagi.holding.events import SecondWordGiven
from tsunagi.holding.models import SecondWord
from tsunagi.holding.rules import PromiseKind
from tsunagi.journal.actions import record
from tsunagi.notices.actions import tell
from tsunagi.people.access import closed_to
from tsunagi.people.queries import may_oversee, overseers_of
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.refusal import Refused

from .promises import keep_promises_of, promise

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# deed -> what is done once the second person agrees; filled by the files of this package.
WHEN_AGREED: dict[str, Callable[[SecondWord, Worker, datetime], None]] = {}
SUBJECT = "second_word"


def ask_second(
    deed: str,
    what: str,
    *,
    subject_kind: str,
    subject_id: int,
    wish: dict[str, Any],
    words: str,
    office_id: int,
    by: Worker,
    at: datetime,
    party_id: int | None = None,
    of_worker: int | None = None,
) -> SecondWord:
    """Ask another person to agree: the named one, else a manager of the office, else くらし連携担当.

    Asking again while an answer is awaited is refused. Nothing happens to the subject until they answer.
    """
    if SecondWord.objects.filter(
        deed=deed, subject_kind=subject_kind, subject_id=subject_id, answered_at__isnull=True
    ).exists():
        raise Refused("もうひとりの確認を待っています。急ぐときは、その職員に声をかけてください。")
    helper, in_office = _second_person(
        office_id, by=by, of_worker=of_worker, party_id=party_id, on=day_of(at)
    )
    word = SecondWord.objects.create(
        deed=deed,
        subject_kind=subject_kind,
        subject_id=subject_id,
        wish=wish,
        words=words.strip()[:500],
        asked_by=by,
        asked_at=at,
    )
    promise(
        PromiseKind.SECOND_PERSON,
        what,
        subject_kind=SUBJECT,
        subject_id=word.pk,
        party_id=party_id,
        office_id=in_office,
        worker_id=helper,
        due_on=calendar_of(in_office, helper).add(day_of(at), 3),
        by=by,
        at=at,
    )
    record(
        "second.asked",
        subject_kind=SUBJECT,
        subject_id=word.pk,
        by=by.pk,
        at=at,
        detail={"deed": deed, "of": subject_kind, "number": subject_id, "helper": helper},
    )
    tell([helper], "二人目の確認を頼まれています。", "/", kind="second", at=at)
    return word


def answer_second(word: SecondWord, *, agreed: bool, words: str = "", by: Worker, at: datetime) -> None:
    """Agree, and the deed is done now; or say no with a reason, and it goes back to whoever asked."""
    locked = SecondWord.objects.select_for_update().get(pk=word.pk)
    if locked.answered_at is not None:
        raise Refused("この確認は、すでに答えがあります。")
    if locked.asked_by_id == by.pk:
        raise Refused("二人目の確認は、頼んだ人とは別の職員がしてください。")
    if not agreed and not words.strip():
        raise Refused("同意できないわけを書いてください。頼んだ人に伝わります。", field="words")
    locked.answered_by, locked.answered_at, locked.agreed = by, at, agreed
    locked.answer_words = words.strip()[:500]
    locked.save(update_fields=["answered_by", "answered_at", "agreed", "answer_words"])
    keep_promises_of(SUBJECT, locked.pk, (PromiseKind.SECOND_PERSON,), by=by, at=at)
    record(
        "second.agreed" if agreed else "second.refused",
        subject_kind=SUBJECT,
        subject_id=locked.pk,
        by=by.pk,
        at=at,
        detail={"deed": locked.deed, "of": locked.subject_kind, "number": locked.subject_id},
    )
    if agreed and locked.deed in WHEN_AGREED:
        WHEN_AGREED[locked.deed](locked, by, at)
    elif agreed:
        announce(
            SecondWordGiven(
                word_id=locked.pk,
                deed=locked.deed,
                subject_kind=locked.subject_kind,
                subject_id=locked.subject_id,
                asked_by=locked.asked_by_id,
                agreed_by=by.pk,
                at=at,
            )
        )
    tell(
        [locked.asked_by_id],
        "頼んだ確認に同意がありました。"
        if agreed
        else "頼んだ確認が戻ってきました。わけを読んで、もう一度決めてください。",
        f"/concerns/second/{locked.pk}/",
        kind="second",
        at=at,
    )


def _second_person(
    office_id: int, *, by: Worker, of_worker: int | None, party_id: int | None, on: date
) -> tuple[int, int]:
    if of_worker is not None:
        if of_worker == by.pk:
            raise Refused("二人目には、自分以外の職員を選んでください。", field="second")
        if not may_hold_in(of_worker, office_id):
            raise Refused("二人目には、同じ機関に今いる職員を選んでください。", field="second")
        return of_worker, office_id
    found = somebody_for(office_id, besides=by.pk, party_id=party_id, on=on)
    if found is not None:
        return found
    raise Refused(
        "確認できる職員がほかにいません。管理者に、機関の職員か代わりの機関を登録してもらってください。"
    )


def somebody_for(
    office_id: int,
    *,
    besides: int | Collection[int],
    party_id: int | None,
    on: date,
    only_here: bool = False,
) -> tuple[int, int] | None:
    """Who of an office may answer for something of this party now: (worker, office).

    Its managers first (not one who may not watch over it, sharing.md "Our own people"), then its workers, then くらし連携担当 (unless `only_here`); never somebody to whom the record is
    closed, nor somebody who is away for long (H14).
    """
    never = {besides} if isinstance(besides, int) else set(besides)
    names = [(pk, office_id) for pk in overseers_of(office_id, party_id)]
    names += [(card.id, office_id) for card in workers_of([office_id])]
    coordination = None if only_here else coordination_office()
    names += [(card.id, card.office_id) for card in (workers_of([coordination.pk]) if coordination else [])]
    may = [
        (pk, office)
        for pk, office in dict.fromkeys(names)
        if pk not in never and may_hold_in(pk, office) and may_know(pk, party_id)
    ]
    here = [who for who in may if not is_away_for_long(who[0], on)]
    # A manager who may not watch over it comes last: better than that nobody answers.
    kept_out = {pk for pk, _ in here} - set(may_oversee(dict.fromkeys(pk for pk, _ in here), party_id))
    return next((who for who in here if who[0] not in kept_out), next(iter(here), None))


def may_know(worker_id: int, party_id: int | None) -> bool:
    """Whether this record is not closed to the worker: not their own people, not the other party (sharing.md)."""
    return party_id is None or party_id not in closed_to(WorkerModel(pk=worker_id))


class Knowing:
    """`may_know` for a deed over many rows: what is closed to each worker is read once."""

    def __init__(self) -> None:
        self._closed: dict[int, frozenset[int]] = {}

    def __call__(self, worker_id: int, party_id: int | None) -> bool:
        """Whether this record is not closed to the worker."""
        if worker_id not in self._closed:
            self._closed[worker_id] = closed_to(WorkerModel(pk=worker_id))
        return party_id is None or party_id not in self._closed[worker_id]


def check_may_hold(worker_id: int, party_id: int | None, *, field: str) -> None:
    """Raise Refused for a colleague to whom the record is closed. Why is not said: whoever knows who the other party is, knows."""
    if not may_know(worker_id, party_id):
        raise Refused("この職員には、渡さないでください。ほかの職員を選んでください。", field=field)
