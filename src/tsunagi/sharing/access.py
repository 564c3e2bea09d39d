"""Doors: a word to the one who was told, an enquiry to its asker, a question to its holder, a secret to its writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from tsunagi.accounts.queries import office_ids
from tsunagi.people.access import closed_to, sight_of
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail

from .models import Enquiry, EnquiryAnswer, GuardedText, ToldHolder

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def told_for(worker: Worker, told_id: int) -> ToldHolder:
    """A word this worker was told, or a colleague of the office that is itself with the person; or Http404."""
    require(worker, Purpose.TODAY)
    found = (
        ToldHolder.objects.filter(pk=told_id)
        .filter(Q(worker_id=worker.pk) | Q(office_id__in=office_ids(worker)))
        .exclude(person_id__in=closed_to(worker))
        .select_related("word__office", "word__worker", "person")
        .first()
    )
    if found is None or (found.worker_id != worker.pk and not _directly(worker, found.person_id)):
        raise Http404
    leave_trail("told.seen", subject_kind="person", subject_id=found.person_id, purpose=Purpose.TODAY)
    return found


def enquiry_for(worker: Worker, enquiry_id: int) -> Enquiry:
    """An enquiry of one's own desk, or Http404."""
    require(worker, Purpose.CONSULT)
    found = (
        Enquiry.objects.filter(pk=enquiry_id, office_id__in=office_ids(worker))
        .select_related("office", "worker")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("enquiry.seen", subject_kind="enquiry", subject_id=found.pk, purpose=Purpose.CONSULT)
    return found


def answer_for(worker: Worker, answer_id: int) -> EnquiryAnswer:
    """A question one's own office is asked about somebody it is with, or Http404."""
    require(worker, Purpose.HOLD)
    found = (
        EnquiryAnswer.objects.filter(pk=answer_id, office_id__in=office_ids(worker))
        .exclude(person_id__in=closed_to(worker))
        .select_related("enquiry__office", "enquiry__worker", "office", "answered_by")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("enquiry.asked", subject_kind="person", subject_id=found.person_id, purpose=Purpose.HOLD)
    return found


def guarded_for(worker: Worker, text_id: int) -> GuardedText:
    """A fact under a special secret, for its writer alone; or Http404."""
    require(worker, Purpose.CONSULT)
    found = GuardedText.objects.filter(pk=text_id, writer_id=worker.pk).select_related("writer").first()
    if found is None:
        raise Http404
    leave_trail(
        "guarded.seen", subject_kind=found.subject_kind, subject_id=found.subject_id, purpose=Purpose.CONSULT
    )
    return found


def _directly(worker: Worker, person_id: int) -> bool:
    sight = sight_of(worker, person_id)
    return sight is not None and sight.directly
