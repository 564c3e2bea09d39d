"""Doors to concerns, holds and promises. 404 for absent and for not-yours alike; every look leaves a trail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse

from tsunagi.accounts.models import Office, Posting
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import office_ids, posts_of
from tsunagi.accounts.rules import Role
from tsunagi.people.access import closed_to, person_for, sight_of
from tsunagi.people.models import Person, Protection
from tsunagi.people.queries import may_oversee, not_overseen, overseers_of, watched_instead
from tsunagi.people.rules import Facet
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.rows import sees_whole
from tsunagi.sharing.models import BrokenGlass, Consent, ConsentOffice, PaperAskedBack
from tsunagi.sharing.rules import CONSENT_GROUNDS
from tsunagi.workbench.access import Place

from .models import Concern, ContactOn, Gap, Hold, Promise, SecondWord

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@sees_whole("what an office held to its end stays its own record")
def concern_for(worker: Worker, concern_id: int, purpose: Purpose = Purpose.HOLD) -> Concern:
    """A concern of a party the worker's offices are involved with, or Http404.

    An office that was only asked (a referral not yet accepted) sees the sheet, not the file: it needs 支援経過 among
    its facets, unless it is くらし連携担当 or a second person asked about this very concern.
    """
    require(worker, purpose)
    concern = (
        Concern.objects.filter(pk=concern_id)
        .select_related("party__person", "party__household", "party__unknown")
        .first()
    )
    ground = _ground_of(worker, concern) if concern else None
    if concern is None or ground is None:
        raise Http404
    leave_trail("concern.seen", subject_kind="concern", subject_id=concern.pk, purpose=purpose, ground=ground)
    return concern


@sees_whole("what an office held to its end stays its own record")
def may_open_concern(worker: Worker, concern_id: int) -> bool:
    """Whether this worker could open the concern; asks for another (供覧) and leaves no trail."""
    concern = Concern.objects.filter(pk=concern_id).first()
    if concern is None or reach_of(worker, Purpose.HOLD) is Reach.NONE:
        return False
    return _ground_of(worker, concern) is not None


def _ground_of(worker: Worker, concern: Concern) -> str | None:
    sight = sight_of(worker, concern.party_id)
    if sight and (Facet.PROGRESS in sight.facets or _is_asked(worker, concern.pk)):
        return sight.ground
    if concern.party_id in closed_to(worker):
        return None
    if concern.closed_at and _ended_here(worker, concern.pk):
        return "01"
    return None


def _ended_here(worker: Worker, concern_id: int) -> bool:
    """What an office held to its end stays its own record, and can be reopened there."""
    last = (
        Hold.objects.filter(concern_id=concern_id).order_by("-id").values_list("office_id", flat=True).first()
    )
    return last in office_ids(worker)


def may_act(worker: Worker, concern_id: int) -> bool:
    """Whether this worker may do deeds on the concern: as holder, acting, beside, or colleague of the office."""
    return _held_by(worker, concern_id).exists()


def _held_by(worker: Worker, concern_id: int) -> QuerySet[Hold]:
    return Hold.objects.filter(concern_id=concern_id, closed_at__isnull=True).filter(
        Q(office_id__in=office_ids(worker))
        | Q(acting_id=worker.pk)
        | Q(worker_id=worker.pk)
        | Q(together_with__contains=[worker.pk])
    )


def _is_asked(worker: Worker, concern_id: int) -> bool:
    about = Q(subject_kind="concern", subject_id=concern_id) | Q(
        subject_kind="second_word",
        subject_id__in=SecondWord.objects.filter(subject_kind="concern", subject_id=concern_id).values("id"),
    )
    return Promise.objects.filter(about, is_open=True, office_id__in=office_ids(worker)).exists()


def held_concern_for(worker: Worker, concern_id: int) -> tuple[Concern, Hold]:
    """A concern the worker may act on: as holder, acting, beside, or as a colleague of the holding office."""
    concern = concern_for(worker, concern_id)
    hold = _held_by(worker, concern.pk).select_related("office", "worker", "acting").first()
    if hold is None:
        raise Http404
    return concern, hold


def promise_for(worker: Worker, promise_id: int) -> Promise:
    """A promise of the worker, or of their office, or one they act for; or Http404."""
    require(worker, Purpose.TODAY)
    found = (
        Promise.objects.filter(pk=promise_id)
        .filter(Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=office_ids(worker)))
        .exclude(party_id__in=closed_to(worker))
        .select_related("office", "worker")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("promise.seen", subject_kind="promise", subject_id=found.pk, purpose=Purpose.TODAY)
    return found


def second_word_for(worker: Worker, word_id: int) -> SecondWord:
    """A question for a second person that this worker may answer: one whose promise stands in their office."""
    require(worker, Purpose.AGREE)
    word = SecondWord.objects.filter(pk=word_id).select_related("asked_by", "answered_by").first()
    if (
        word is None
        or not Promise.objects.filter(
            Q(worker_id=worker.pk) | Q(acting_id=worker.pk) | Q(office_id__in=office_ids(worker)),
            subject_kind="second_word",
            subject_id=word_id,
        )
        .exclude(party_id__in=closed_to(worker))
        .exists()
    ):
        raise Http404
    leave_trail("second_word.seen", subject_kind="second_word", subject_id=word.pk, purpose=Purpose.AGREE)
    return word


@sees_whole("H7: a row by number, office and kind")
def row_for(worker: Worker, row_kind: str, row_id: int) -> Hold | Promise:
    """A board row as managers and くらし連携担当 may see it: by number, office and kind, never by name (H7). Not of whom is closed
    to the worker, nor what passed out of a manager's oversight; whoever watches over it instead may, wherever it is held."""
    reach = require(worker, Purpose.NET)
    rows = (
        Hold.objects.filter(closed_at__isnull=True)
        if row_kind == "hold"
        else Promise.objects.filter(is_open=True)
    )
    found = rows.filter(pk=row_id).first() if row_kind in ("hold", "promise") else None
    if found is None or not _in_sight(worker, found, reach):
        raise Http404
    leave_trail("row.seen", subject_kind=row_kind, subject_id=row_id, purpose=Purpose.NET)
    return found


def _in_sight(worker: Worker, row: Hold | Promise, reach: Reach) -> bool:
    party_id = row.concern.party_id if isinstance(row, Hold) else row.party_id
    if party_id is not None and party_id in not_overseen(worker):
        return False
    return (
        reach >= Reach.CITY
        or row.office_id in offices_for(worker, Purpose.NET)
        or (row.office_id, party_id) in watched_instead(worker)
    )


def gap_for(worker: Worker, gap_id: int) -> Gap:
    """A gap, by kind and district; whoever builds resources may see it."""
    require(worker, Purpose.GAPS)
    found = Gap.objects.filter(pk=gap_id).first()
    if found is None:
        raise Http404
    return found


def leaver_for(worker: Worker, worker_id: int) -> WorkerModel:
    """A colleague of an office this manager leads, who leaves."""
    require(worker, Purpose.HAND_OVER)
    found = (
        WorkerModel.objects.filter(
            pk=worker_id,
            is_active=True,
            postings__office_id__in=offices_for(worker, Purpose.HAND_OVER),
            postings__ended_at__isnull=True,
        )
        .distinct()
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("leaving.seen", subject_kind="worker", subject_id=worker_id, purpose=Purpose.HAND_OVER)
    return found


def ending_office_for(worker: Worker, office_id: int) -> Office:
    """An office this manager leads, whose end is prepared; or Http404."""
    require(worker, Purpose.HAND_OVER)
    found = Office.objects.filter(
        pk=office_id, is_active=True, pk__in=offices_for(worker, Purpose.HAND_OVER)
    ).first()
    if found is None:
        raise Http404
    leave_trail("office.ending_seen", subject_kind="office", subject_id=office_id, purpose=Purpose.HAND_OVER)
    return found


def posting_for(worker: Worker, posting_id: int) -> Posting:
    """A living posting in an office this manager leads, which ends (異動・出向の終わり); or Http404."""
    require(worker, Purpose.HAND_OVER)
    found = (
        Posting.objects.filter(
            pk=posting_id, ended_at__isnull=True, office_id__in=offices_for(worker, Purpose.HAND_OVER)
        )
        .select_related("worker", "office")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("posting.seen", subject_kind="posting", subject_id=posting_id, purpose=Purpose.HAND_OVER)
    return found


def worker_for(worker_id: int) -> WorkerModel:
    """A colleague to leave a message for; Http404 when they are not here any more."""
    found = WorkerModel.objects.filter(pk=worker_id, is_active=True).first()
    if found is None:
        raise Http404
    return found


def protection_for(worker: Worker, protection_id: int, purpose: Purpose = Purpose.PROTECT) -> Protection:
    """A protection of somebody the worker's office is itself with, or Http404. Ended ones stay readable there."""
    require(worker, purpose)
    found = (
        Protection.objects.filter(pk=protection_id)
        .select_related("person__party", "set_by", "decided_by", "decided_with", "ended_by", "ended_with")
        .first()
    )
    sight = sight_of(worker, found.person_id) if found else None
    if found is None or sight is None or not sight.directly:
        raise Http404
    leave_trail(
        "protection.seen",
        subject_kind="person",
        subject_id=found.person_id,
        purpose=purpose,
        ground=sight.ground,
    )
    return found


def contact_with_files(worker: Worker, contact_id: int, add: bool) -> Place:
    """The door of a contact's attachments: any concern it served that opens; brought by whoever may act on that one."""
    served = (
        ContactOn.objects.filter(contact_id=contact_id)
        .order_by("concern_id")
        .values_list("concern_id", flat=True)
    )
    for concern_id in served:
        try:
            concern = concern_for(worker, concern_id)
        except Http404:
            continue
        if not add or may_act(worker, concern_id):
            return Place("連絡の記録", reverse("holding:concern", args=[concern.pk]))
    raise Http404


def consents_person_for(worker: Worker, person_id: int, *, on: date | None = None) -> Person:
    """A person whose consents this worker may read and write, or Http404: an office that came in by consent may not."""
    person = person_for(worker, person_id, Purpose.CONSENT, on=on)
    sight = sight_of(worker, person.pk, Purpose.CONSENT, on=on)
    if sight is None or sight.ground in CONSENT_GROUNDS:
        raise Http404
    # Who handed a concern on sees the sheet alone, and still takes back a consent they asked for.
    asked = Consent.objects.filter(person_id=person.pk, office_id__in=office_ids(worker))
    if Facet.PROGRESS not in sight.facets and not asked.exists():
        raise Http404
    return person


def consent_for(worker: Worker, consent_id: int, *, on: date | None = None) -> Consent:
    """A consent of a person this worker may ask for consent, or Http404."""
    found = Consent.objects.select_related("office").filter(pk=consent_id).first()
    if found is None:
        require(worker, Purpose.CONSENT)
        raise Http404
    consents_person_for(worker, found.person_id, on=on)
    return found


def consent_office_for(worker: Worker, row_id: int, *, on: date) -> ConsentOffice:
    """An office that was added to a consent, or Http404."""
    found = ConsentOffice.objects.select_related("consent", "office").filter(pk=row_id).first()
    if found is None:
        require(worker, Purpose.CONSENT)
        raise Http404
    consents_person_for(worker, found.consent.person_id, on=on)
    return found


@sees_whole("an office that is asked to give back what it was told still reads whose it is")
def consent_paper_for(worker: Worker, paper_id: int, *, on: date) -> PaperAskedBack:
    """What an office was asked to stop and to give back: for that office, and for whoever may ask the person; or Http404."""
    require(worker, Purpose.REFER)
    rows = PaperAskedBack.objects.select_related("office", "consent__person__party__person")
    found = rows.filter(pk=paper_id).first()
    if found is None:
        raise Http404
    if found.office_id not in office_ids(worker) or found.consent.person_id in closed_to(worker):
        consents_person_for(worker, found.consent.person_id, on=on)
    leave_trail(
        "consent.paper_seen",
        subject_kind="person",
        subject_id=found.consent.person_id,
        purpose=Purpose.REFER,
        ground="01",
    )
    return found


def consent_with_files(worker: Worker, consent_id: int, add: bool) -> Place:
    """The door of the signed paper's image: whoever may ask this person for consent."""
    found = consent_for(worker, consent_id)
    return Place("同意の記録", reverse("holding:consent", args=[found.pk]))


def glass_for(worker: Worker, glass_id: int) -> BrokenGlass:
    """What was opened in an emergency: for who opened it, for who is to look whether it was right, and for the managers of
    the office (or whoever watches over it where they may not); or Http404."""
    require(worker, Purpose.BREAK_GLASS)
    found = (
        BrokenGlass.objects.select_related("worker", "office", "reviewed_by", "person__party")
        .filter(pk=glass_id)
        .first()
    )
    if found is None or (found.person_id is not None and found.person_id in closed_to(worker)):
        raise Http404
    manages = (
        any(post.role == Role.MANAGER and post.office_id == found.office_id for post in posts_of(worker))
        and bool(may_oversee([worker.pk], found.person_id))
    ) or worker.pk in overseers_of(found.office_id, found.person_id)
    asked = Promise.objects.filter(
        subject_kind="break_glass", subject_id=found.pk, worker_id=worker.pk
    ).exists()
    if found.worker_id != worker.pk and not manages and not asked:
        raise Http404
    leave_trail("glass.seen", subject_kind="break_glass", subject_id=found.pk, purpose=Purpose.BREAK_GLASS)
    return found
