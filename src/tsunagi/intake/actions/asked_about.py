"""Whoever asks about another person is a caller: what they want is stored as their own consultation (sharing.md)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.intake.models import Consultation
from tsunagi.intake.rules import CallerKind
from tsunagi.sharing.rules import CallerRelation, WordKind

from .consultations import AboutWish, take_consultation

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# Who asks, as the list of consultations knows callers.
KINDS = {
    CallerRelation.SPOUSE: CallerKind.FAMILY,
    CallerRelation.FORMER_SPOUSE: CallerKind.FAMILY,
    CallerRelation.PARENT: CallerKind.FAMILY,
    CallerRelation.CHILD: CallerKind.FAMILY,
    CallerRelation.SIBLING: CallerKind.FAMILY,
    CallerRelation.KIN: CallerKind.FAMILY,
    CallerRelation.GUARDIAN: CallerKind.FAMILY,
    CallerRelation.LAWYER: CallerKind.AGENCY,
    CallerRelation.SCHOOL: CallerKind.AGENCY,
    CallerRelation.POLICE: CallerKind.AGENCY,
    CallerRelation.AGENCY: CallerKind.AGENCY,
    CallerRelation.EMPLOYER: CallerKind.NEIGHBOUR,
    CallerRelation.NEIGHBOUR: CallerKind.NEIGHBOUR,
    CallerRelation.UNKNOWN: CallerKind.ANONYMOUS,
}


def take_enquiry_about(
    about: AboutWish,
    *,
    relation: str,
    caller: str,
    words: str,
    means: str,
    way_back: str,
    way_back_words: str,
    office_id: int,
    by: Worker,
    at: datetime,
) -> Consultation:
    """Take what a caller wants to know of somebody else. Nobody is linked, looked up or answered for; those who answer
    for that person, if anybody does, are told by a job."""
    asker = CallerRelation(relation or CallerRelation.UNKNOWN)
    return take_consultation(
        by=by,
        at=at,
        office_id=office_id,
        about=about,
        word=WordKind.ASKED_ABOUT,
        relation=asker,
        words=words,
        caller_kind=KINDS[asker],
        caller_words="・".join(part for part in (asker.label, caller.strip()) if part)[:120],
        means=means,
        way_back=way_back,
        way_back_words=way_back_words,
    )
