"""What cases do when another module announces something."""

from __future__ import annotations

from tsunagi.holding.actions import tell_about
from tsunagi.sharing.events import NumberAsked
from tsunagi.sharing.models import SilentWord

from .models import Case


def tell_of_number(event: NumberAsked) -> None:
    """Somebody pressed the button on the page of a number that was not theirs, and it is a file."""
    if event.kind != "case_id":
        return
    party_id = Case.objects.filter(pk=event.number).values_list("party_id", flat=True).first()
    if party_id is not None:
        tell_about(SilentWord.objects.get(pk=event.word_id), party_id, at=event.at)
