"""Doors: a word to the one who was told, an enquiry to its asker, a question to its holder, a secret to its writer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from tsunagi.accounts.queries import office_ids, posts_of
from tsunagi.accounts.rules import Role
from tsunagi.people.access import closed_to, party_for, sight_of
from tsunagi.people.models import Party
from tsunagi.people.rules import Facet, PartyKind
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail

from .models import Enquiry, EnquiryAnswer, GuardedText, ToldHolder, UsualFlow
from .rules import CONSENT_GROUNDS

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


def party_to_explain(worker: Worker, party_id: int, *, on: date) -> Party:
    """A person, a household or somebody not yet known of whom this worker may explain who sees them, or Http404: an office
    that came in by consent may not."""
    party = party_for(worker, party_id, Purpose.READ_PERSON, on=on)
    sight = sight_of(worker, party.pk, on=on)
    if sight is None or sight.ground in CONSENT_GROUNDS or Facet.PROGRESS not in sight.facets:
        raise Http404
    return party


def person_to_explain(worker: Worker, person_id: int, *, on: date) -> Party:
    """The same of a person, for the draft the 開示 desk decides on."""
    party = party_to_explain(worker, person_id, on=on)
    if party.kind != PartyKind.PERSON:
        raise Http404
    return party


def may_see_ledger(worker: Worker) -> bool:
    """Whether the ledger opens to this worker: for the navigation; leaves no trail."""
    return reach_of(worker, Purpose.DISCLOSURE) > Reach.NONE or bool(_manages(worker))


def explanations_for(worker: Worker) -> None:
    """The versions of the 説明文書: read by whoever asks for consent or answers 開示, or Http404."""
    if reach_of(worker, Purpose.CONSENT) == Reach.NONE and not may_write_explanation(worker):
        raise Http404
    purpose = next(
        one
        for one in (Purpose.CONSENT, Purpose.DISCLOSURE, Purpose.ADMINISTER)
        if reach_of(worker, one) > Reach.NONE
    )
    leave_trail("explanation.seen", subject_kind="explanation", subject_id=None, purpose=purpose)


def may_write_explanation(worker: Worker) -> bool:
    """Whether this worker may write the next version: 情報公開担当, and who changes the city's settings."""
    return any(reach_of(worker, purpose) > Reach.NONE for purpose in (Purpose.DISCLOSURE, Purpose.ADMINISTER))


def explanation_writer(worker: Worker) -> None:
    """The door of a new version; Http404 for everybody else."""
    if not may_write_explanation(worker):
        raise Http404
    purpose = Purpose.DISCLOSURE if reach_of(worker, Purpose.DISCLOSURE) > Reach.NONE else Purpose.ADMINISTER
    leave_trail("explanation.opened", subject_kind="explanation", subject_id=None, purpose=purpose)


def ledger_for(worker: Worker) -> None:
    """The ledger is for 情報公開担当, and for the managers of the offices that gave; Http404 for everybody else."""
    purpose = Purpose.DISCLOSURE if reach_of(worker, Purpose.DISCLOSURE) > Reach.NONE else Purpose.ANSWER_FOR
    if purpose is Purpose.ANSWER_FOR and not _manages(worker):
        raise Http404
    leave_trail("ledger.seen", subject_kind="ledger", subject_id=None, purpose=purpose)


def ledger_office_for(worker: Worker) -> frozenset[int] | None:
    """For which giving offices this worker may decide usual flows; None for all (情報公開担当); Http404 for none."""
    ledger_for(worker)
    return None if reach_of(worker, Purpose.DISCLOSURE) > Reach.NONE else _manages(worker)


def flow_for(worker: Worker, flow_id: int) -> UsualFlow:
    """A usual flow this worker may take back, or Http404."""
    mine = ledger_office_for(worker)
    found = UsualFlow.objects.filter(pk=flow_id).first()
    if found is None or (mine is not None and found.giver_id not in mine):
        raise Http404
    return found


def _manages(worker: Worker) -> frozenset[int]:
    return frozenset(post.office_id for post in posts_of(worker) if post.role == Role.MANAGER)


def _directly(worker: Worker, person_id: int) -> bool:
    sight = sight_of(worker, person_id)
    return sight is not None and sight.directly
