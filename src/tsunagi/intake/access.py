"""Doors to consultations: those of the worker's own offices, and those about people they are involved with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core import signing
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from tsunagi.accounts.queries import posts_of
from tsunagi.holding.models import Promise
from tsunagi.holding.rules import PromiseKind
from tsunagi.people.access import closed_to, sight_of, visible_parties
from tsunagi.people.queries import is_protected
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import offices_for, reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import leave_trail
from tsunagi.workbench.access import Place

from .models import (
    BlankSheet,
    Consultation,
    Informant,
    LedgerImport,
    LinkProposal,
    OfficeMeeting,
    Slip,
    StocktakingSheet,
)
from .rules import InformantReach, SlipConsent

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tsunagi.accounts.models import Worker

_OFFER = "intake.offer"


def desks_for(worker: Worker) -> list[tuple[int, str]]:
    """The desks this worker takes consultations at, (id, name), main one first; Http404 when there is none."""
    require(worker, Purpose.CONSULT)
    ids = offices_for(worker, Purpose.CONSULT)
    desks = list(
        dict.fromkeys((post.office_id, post.office) for post in posts_of(worker) if post.office_id in ids)
    )
    if not desks:
        raise Http404
    return desks


def visible_to(worker: Worker) -> QuerySet[Consultation]:
    """Consultations this worker may see: their desk's own, and those about a party they are involved with."""
    rows = Consultation.objects.filter(
        Q(office_id__in=offices_for(worker, Purpose.CONSULT)) | Q(party_id__in=visible_parties(worker))
    )
    closed = closed_to(worker)
    return rows.exclude(party_id__in=closed) if closed else rows


def consultation_for(
    worker: Worker, consultation_id: int, purpose: Purpose = Purpose.CONSULT
) -> Consultation:
    """A consultation the worker may see, or Http404."""
    require(worker, purpose)
    found = (
        visible_to(worker)
        .filter(pk=consultation_id)
        .select_related(
            "office",
            "written_by",
            "outcome_by",
            "outcome_second_by",
            "party__person",
            "party__household",
            "party__unknown",
            "party__same_as__person",
            "party__same_as__household",
        )
        .first()
    )
    if found is None:
        raise Http404
    leave_trail(
        "consultation.seen", subject_kind="consultation", subject_id=found.pk, purpose=purpose, ground="01"
    )
    return found


def is_of_own_desk(worker: Worker, consultation: Consultation) -> bool:
    """Whether the worker's own desk took it: it alone corrects, sorts out and ends it."""
    return consultation.office_id in offices_for(worker, Purpose.CONSULT)


def own_consultation_for(worker: Worker, consultation_id: int) -> Consultation:
    """A consultation of the worker's own desk: the one that may correct, sort out and end it."""
    found = consultation_for(worker, consultation_id)
    if not is_of_own_desk(worker, found):
        raise Http404
    return found


def may_see_informant(worker: Worker, consultation: Consultation) -> bool:
    """Whether somebody told us and this worker may know who; leaves no trail, for it shows nothing of them."""
    reach = Informant.objects.filter(pk=consultation.pk).values_list("reach", flat=True).first()
    return reach is not None and (is_of_own_desk(worker, consultation) or reach == InformantReach.SUCCESSORS)


def informant_for(worker: Worker, consultation: Consultation) -> Informant | None:
    """Who told us: for the desk that heard it; for a later holder only if the informant said so."""
    if not may_see_informant(worker, consultation):
        return None
    leave_trail(
        "informant.seen", subject_kind="consultation", subject_id=consultation.pk, purpose=Purpose.CONSULT
    )
    return Informant.objects.get(pk=consultation.pk)


def word_back_for(worker: Worker, consultation: Consultation) -> Promise:
    """The open promise of a word back to whoever told us, of the worker's own desk; or Http404."""
    found = Promise.objects.filter(
        subject_kind="consultation", subject_id=consultation.pk, kind=PromiseKind.WORD_BACK, is_open=True
    ).first()
    if found is None or not is_of_own_desk(worker, consultation):
        raise Http404
    return found


def offer(worker: Worker, party_id: int) -> str:
    """A mark that this person was shown to this worker by a lookup: only who was shown can be chosen."""
    return signing.Signer(salt=_OFFER).sign(f"{worker.pk}.{party_id}")


def offered(worker: Worker, mark: str) -> int | None:
    """The person a mark stands for; None when it is no mark, another's, or somebody protected meanwhile."""
    try:
        whose, _, party_id = signing.Signer(salt=_OFFER).unsign(mark).partition(".")
    except signing.BadSignature:
        return None
    if whose != str(worker.pk):
        return None
    hidden = is_protected(int(party_id)) and sight_of(worker, int(party_id), Purpose.LOOK_UP) is None
    return None if hidden else int(party_id)


def import_desks_for(worker: Worker) -> list[tuple[int, str]]:
    """The offices whose old ledgers this worker may take in, (id, name), main one first; Http404 when there is none."""
    require(worker, Purpose.IMPORT)
    ids = offices_for(worker, Purpose.IMPORT)
    desks = list(
        dict.fromkeys((post.office_id, post.office) for post in posts_of(worker) if post.office_id in ids)
    )
    if not desks:
        raise Http404
    return desks


def import_for(worker: Worker, import_id: int) -> LedgerImport:
    """A ledger of the worker's own office, without its file, or Http404."""
    ids = [office_id for office_id, _name in import_desks_for(worker)]
    found = (
        LedgerImport.objects.filter(pk=import_id, office_id__in=ids)
        .defer("file")
        .select_related("office", "worker")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("import.seen", subject_kind="import", subject_id=found.pk, purpose=Purpose.IMPORT)
    return found


def proposal_for(worker: Worker, proposal_id: int) -> LinkProposal:
    """A proposal for a consultation of the worker's own desk, or Http404."""
    ids = [office_id for office_id, _name in import_desks_for(worker)]
    found = (
        LinkProposal.objects.filter(pk=proposal_id, consultation__office_id__in=ids)
        .select_related("consultation")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail(
        "proposal.seen", subject_kind="consultation", subject_id=found.consultation_id, purpose=Purpose.IMPORT
    )
    return found


def stocktaking_sheet_for(worker: Worker, sheet_id: int) -> StocktakingSheet:
    """A sheet of the worker's own desk, or Http404."""
    ids = [office_id for office_id, _name in desks_for(worker)]
    found = (
        StocktakingSheet.objects.filter(pk=sheet_id, office_id__in=ids)
        .select_related("office", "asked_by", "agreed_by")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("stocktaking.seen", subject_kind="stocktaking", subject_id=found.pk, purpose=Purpose.CONSULT)
    return found


def meeting_for(worker: Worker, meeting_id: int) -> OfficeMeeting:
    """A 所内会議 sheet of the worker's own office, or Http404."""
    ids = [office_id for office_id, _name in desks_for(worker)]
    found = (
        OfficeMeeting.objects.filter(pk=meeting_id, office_id__in=ids)
        .select_related("office", "concluded_by")
        .first()
    )
    if found is None:
        raise Http404
    leave_trail("meeting.seen", subject_kind="meeting", subject_id=found.pk, purpose=Purpose.CONSULT)
    return found


def may_open_consultation(worker: Worker, consultation_id: int) -> bool:
    """Whether this worker could open the consultation; asks for another (供覧) and leaves no trail."""
    return (
        reach_of(worker, Purpose.CONSULT) > Reach.NONE
        and visible_to(worker).filter(pk=consultation_id).exists()
    )


def may_open_meeting(worker: Worker, meeting_id: int) -> bool:
    """Whether this worker could open the sheet; asks for another (供覧) and leaves no trail."""
    return OfficeMeeting.objects.filter(
        pk=meeting_id, office_id__in=offices_for(worker, Purpose.CONSULT)
    ).exists()


def slip_for(worker: Worker, slip_id: int) -> Slip:
    """A slip of the worker's own office, or Http404."""
    require(worker, Purpose.CONSULT)
    return _slip(Slip.objects.filter(pk=slip_id, office_id__in=offices_for(worker, Purpose.CONSULT)))


def slip_to_take_for(worker: Worker, slip_id: int) -> Slip:
    """A slip the person agreed to that is not taken in yet: whoever has the paper in hand takes it; or Http404."""
    require(worker, Purpose.CONSULT)
    return _slip(Slip.objects.filter(pk=slip_id, consent=SlipConsent.YES, agreed_by=worker))


def _slip(rows: QuerySet[Slip]) -> Slip:
    found = rows.select_related("office", "made_by").first()
    if found is None:
        raise Http404
    leave_trail("slip.seen", subject_kind="slip", subject_id=found.pk, purpose=Purpose.CONSULT)
    return found


def sheets_for(worker: Worker, sheet_id: int) -> list[BlankSheet]:
    """Blanks printed together with this one at a desk of the worker, as far as they were not typed in; or Http404."""
    offices = [pk for pk, _name in desks_for(worker)]
    first = BlankSheet.objects.filter(pk=sheet_id, office_id__in=offices).first()
    rows = (
        list(
            BlankSheet.objects.filter(
                office_id=first.office_id, printed_at=first.printed_at, consultation__isnull=True
            )
            .select_related("office")
            .order_by("id")
        )
        if first
        else []
    )
    if not rows:
        raise Http404
    leave_trail(
        "blank_sheets.printed", subject_kind="blank_sheet", subject_id=rows[0].pk, purpose=Purpose.CONSULT
    )
    return rows


def consultation_with_files(worker: Worker, consultation_id: int, add: bool) -> Place:
    """The door of a consultation's attachments: seen with it; brought and taken off by its own desk alone."""
    found = (own_consultation_for if add else consultation_for)(worker, consultation_id)
    return Place(f"相談 {found.number or f'#{found.pk}'}", reverse("intake:detail", args=[found.pk]))
