"""What referrals do when a concern moves on without them."""

from __future__ import annotations

from tsunagi.accounts.models import Worker
from tsunagi.holding.actions import tell_about
from tsunagi.holding.events import HandingOverEnded, HoldPassed, PersonMet
from tsunagi.sharing.events import ConsentWithdrawn, NumberAsked
from tsunagi.sharing.models import Consent, SilentWord

from . import actions
from .models import Referral


def take_out_of_the_sheet(event: HandingOverEnded) -> None:
    """A concern that is not つなぎ中 any more is not offered any more (a suspicion, a death, 見届け …)."""
    actions.no_longer_offered(event.concern_id, at=event.at)


def withdraw_when_the_receiver_holds(event: HoldPassed) -> None:
    """The sender's office closed, and its rows passed to the very office that was asked: nothing is left to answer."""
    actions.held_by_the_receiver(
        event.concern_id, office_id=event.to_office, worker_id=event.to_worker, at=event.at
    )


def note_that_they_met(event: PersonMet) -> None:
    """A first meeting written down as a contact is the first contact of the sheet: nobody writes it twice."""
    actions.met_by_contact(
        event.concern_ids, met_at=event.met_at, by=Worker.objects.get(pk=event.worker_id), at=event.at
    )


def tell_of_number(event: NumberAsked) -> None:
    """Somebody pressed the button on the page of a number that was not theirs, and it is a referral."""
    if event.kind != "referral_id":
        return
    party_id = Referral.objects.filter(pk=event.number).values_list("party_id", flat=True).first()
    if party_id is not None:
        tell_about(SilentWord.objects.get(pk=event.word_id), party_id, at=event.at)


def leave_what_consent_let(event: ConsentWithdrawn) -> None:
    """A consent ended: what was handed over on it and waits for an answer is taken back, at once."""
    # A job ends it by the person's own day; then whoever asked for the consent stands for the deed.
    by_id = event.by_id or Consent.objects.values_list("asked_by_id", flat=True).get(pk=event.consent_id)
    actions.leave_what_consent_let(
        event.person_id,
        event.office_ids,
        event.facets,
        by=Worker.objects.get(pk=by_id),
        at=event.at,
    )
