"""When somebody was born, as far as it is known."""

from __future__ import annotations

from datetime import date

from tsunagi.assessment.access import born_bounds
from tsunagi.people.models import Person


def born_of(person_id: int) -> tuple[date, date] | None:
    """The first and last day on which this person may have been born; None when nothing is known."""
    person = Person.objects.filter(pk=person_id).first()
    return born_bounds(person) if person else None
