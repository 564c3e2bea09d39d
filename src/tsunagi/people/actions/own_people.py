"""Our own people: whom a worker declares as their own; those records close for them, known here or not."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.journal.actions import record
from tsunagi.people.events import OtherPartyKnown
from tsunagi.people.models import OwnPerson
from tsunagi.people.queries.silent import silent_matches
from tsunagi.people.rules import OwnRelation, as_written, read_fields
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.jobs import enqueue
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import NotADate

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# How well a record must fit to be taken for the declared person: a whole name and nothing that contradicts.
ENOUGH = 50


def declare_own(
    worker: Worker,
    *,
    relation: str,
    name: str,
    at: datetime,
    kana: str = "",
    birth: str = "",
    school: str = "",
    school_class: str = "",
) -> OwnPerson:
    """A worker declares somebody as their own. What is found, if anything, is never told to them.

    `school`, of an own child: records of that school's same year are shown to audit, by number. Nobody reads the words.
    """
    if not name.strip():
        raise Refused("お名前を入れてください。", field="name")
    if school.strip() and not birth.strip():
        raise Refused(
            "学校を書くときは、お子さんの生年月日も入れてください。学年が分かります。", field="birth"
        )
    for label, text in (("氏名", name), ("カナ", kana), ("学校", school), ("クラス", school_class)):
        refuse_my_number(text, label)
    try:
        read_fields(birth=birth, on=day_of(at))
    except NotADate as wrong:
        raise Refused(str(wrong), field="birth") from None
    own = OwnPerson.objects.create(
        worker=worker,
        relation=OwnRelation(relation),
        name=as_written(name),
        kana=as_written(kana),
        birth=birth.strip()[:40],
        school=as_written(school),
        school_class=as_written(school_class),
        declared_at=at,
    )
    record(
        "worker.own_declared",
        subject_kind="worker",
        subject_id=worker.pk,
        by=worker.pk,
        at=at,
        detail={"own": own.pk, "relation": str(relation)},
    )
    enqueue("people.match_own", own_id=own.pk)
    return own


def withdraw_own(worker: Worker, own_id: int, *, at: datetime) -> None:
    """The declaration is taken back (a mistake, a divorce long past); what it closed opens by the usual reasons."""
    if OwnPerson.objects.filter(pk=own_id, worker=worker, ended_at__isnull=True).update(ended_at=at):
        record(
            "worker.own_withdrawn",
            subject_kind="worker",
            subject_id=worker.pk,
            by=worker.pk,
            at=at,
            detail={"own": own_id},
        )


def match_own(own_id: int, *, at: datetime) -> None:
    """Find the records a declaration means (in a job); what the worker holds of them passes on at once."""
    own = OwnPerson.objects.select_for_update().filter(pk=own_id, ended_at__isnull=True).first()
    if own is None:
        return
    asked = read_fields(name=own.name, kana=own.kana, birth=own.birth, on=day_of(own.declared_at))
    found = sorted({one.person_id for one in silent_matches(asked) if one.points >= ENOUGH})
    if found != own.matched:
        OwnPerson.objects.filter(pk=own.pk).update(matched=found)
    if found:
        announce(OtherPartyKnown((own.worker_id,), at))


def match_all_own(*, at: datetime) -> None:
    """The same for every living declaration: records are written after it, too."""
    for own_id in OwnPerson.objects.filter(ended_at__isnull=True).order_by("pk").values_list("pk", flat=True):
        match_own(own_id, at=at)
