"""What holding does when a module below announces something."""

from __future__ import annotations

from tsunagi.people.events import MeasureMayConcern, OtherPartyKnown, PersonProtected
from tsunagi.sharing.events import (
    ConsentWithdrawn,
    EnquirySent,
    GlassBroken,
    GlassOpenedByTwo,
    NumberAsked,
    WordLeft,
)
from tsunagi.sharing.models import SilentWord

from . import actions
from .models import Concern


def promise_to_decide(event: PersonProtected) -> None:
    """A protection is decided on by two people within five business days."""
    actions.promise_to_decide(event)


def pass_on_what_is_closed(event: OtherPartyKnown) -> None:
    """Whoever may be the other party holds nothing of the person any more; whoever watches over the rows in
    their manager's place is told."""
    for worker_id in event.worker_ids:
        actions.pass_on_what_is_closed(worker_id, at=event.at)
        actions.tell_who_watches_instead(worker_id, at=event.at)


def pass_word_on(event: WordLeft) -> None:
    """Those who answer for whoever was asked about are told."""
    actions.pass_word_on(event.word_id, at=event.at)


def tell_of_number(event: NumberAsked) -> None:
    """The number of a person, a household, someone not yet known, or a concern."""
    party_id = event.number if event.kind in ("party_id", "person_id") else None
    if event.kind == "concern_id":
        party_id = Concern.objects.filter(pk=event.number).values_list("party_id", flat=True).first()
    if party_id is not None:
        actions.tell_about(SilentWord.objects.get(pk=event.word_id), party_id, at=event.at)


def ask_those_who_hold(event: EnquirySent) -> None:
    """An enquiry becomes a promise of each office that holds for the person."""
    actions.ask_those_who_hold(event.enquiry_id, at=event.at)


def follow_the_withdrawal(event: ConsentWithdrawn) -> None:
    """What is held and promised on the consent goes back in the same deed; offices are told what to stop."""
    actions.follow_the_withdrawal(event)


def tell_of_glass(event: GlassBroken) -> None:
    """Holder and manager are told at once; the manager promises to look whether it was right."""
    actions.tell_of_glass(event)


def tell_of_two(event: GlassOpenedByTwo) -> None:
    """Who guards the person is told that two opened it; neither of the two reviews it."""
    actions.tell_of_two(event)


def look_whether_it_is_theirs(event: MeasureMayConcern) -> None:
    """Those who answer for the person look whether the measure is theirs, and protect them if it is."""
    actions.ask_whether_measure_is_theirs(event)
