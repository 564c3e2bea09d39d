"""What intake does when another module announces something."""

from __future__ import annotations

from tsunagi.accounts.models import Worker
from tsunagi.holding.actions import tell_about
from tsunagi.holding.events import SecondWordGiven
from tsunagi.holding.models import SecondWord
from tsunagi.sharing.events import NumberAsked
from tsunagi.sharing.models import SilentWord

from .actions import end_agreed
from .models import Consultation


def finish_what_two_agreed(event: SecondWordGiven) -> None:
    """A second person agreed that a consultation ends, or a sheet of them: they end now (H10)."""
    if event.deed != "consultation_end":
        return
    word = SecondWord.objects.get(pk=event.word_id)
    asked_by = Worker.objects.get(pk=event.asked_by)
    for consultation_id in (event.subject_id, *word.wish.get("others", ())):
        end_agreed(
            consultation_id,
            outcome=word.wish["outcome"],
            words=word.wish["words"],
            by=asked_by,
            second=event.agreed_by,
            at=event.at,
        )


def tell_of_number(event: NumberAsked) -> None:
    """Somebody pressed the button on the page of a number that was not theirs, and it is a consultation."""
    if event.kind != "consultation_id":
        return
    party_id = Consultation.objects.filter(pk=event.number).values_list("party_id", flat=True).first()
    if party_id is not None:
        tell_about(SilentWord.objects.get(pk=event.word_id), party_id, at=event.at)
