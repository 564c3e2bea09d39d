"""Who may be meant, protected persons included: for the silent word to those who answer for them, and for nobody else.

Protected persons have no search keys; their keys are made here, in a job, from what is written of them, and thrown
away. Nothing of this may be called in a request of whoever asks: they must not learn it, not even by the time it takes.
One request alone calls it: that of a second person who confirms an emergency (decision 0057).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from tsunagi.people.access import protected_persons
from tsunagi.people.models import Address, Alias, Party, Person, Phone
from tsunagi.people.rules import LIKELY, Asked, evidence_of, person_keys, score, two_of_three

from .home import home
from .lookup import evidence_from_keys, keys_of, match

# A family's telephone or a reading alone is enough for a word to those who guard somebody, and for nobody else.
ENOUGH_FOR_THE_PROTECTED = LIKELY - 10


@dataclass(frozen=True)
class SilentMatch:
    """Somebody who may be meant. Told to those who answer for them; never to whoever asked."""

    person_id: int
    points: int
    certain: bool
    protected: bool


def silent_matches(asked: Asked) -> list[SilentMatch]:
    """Persons who may be meant, best first, the protected among them. Call it in a job, or where two people open."""
    asked = asked.keyed(home())
    if asked.empty:
        return []
    wanted = evidence_of(asked)
    found = [SilentMatch(m.person_id, m.points, m.certain, False) for m in match(asked)]
    for person_id, keys in _keys_of_the_protected().items():
        fits = score(person_id, wanted, evidence_from_keys(keys))
        if fits.points >= ENOUGH_FOR_THE_PROTECTED:
            found.append(SilentMatch(person_id, fits.points, fits.certain, True))
    return sorted(found, key=lambda one: (-one.points, one.person_id))


def _keys_of_the_protected() -> dict[int, list[tuple[str, str]]]:
    """Every key of every protected person, by the root; numbers and doors many share are left out."""
    records = dict(
        Party.objects.filter(pk__in=protected_persons()).order_by("pk").values_list("pk", "pk")
    ) | dict(
        Party.objects.filter(same_as_id__in=protected_persons())
        .order_by("pk")
        .values_list("pk", "same_as_id")
    )
    names: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    numbers: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    places: defaultdict[int, list[tuple[str, bool]]] = defaultdict(list)
    for alias in Alias.objects.filter(person_id__in=records).order_by("id"):
        names[alias.person_id].append((alias.name, alias.kana))
    for phone in Phone.objects.filter(person_id__in=records, shared_by_many=False).order_by("id"):
        numbers[phone.person_id].append((phone.digits, False))
    for address in Address.objects.filter(person_id__in=records, shared_by_many=False).order_by("id"):
        places[address.person_id].append((address.key, False))
    keys: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    for person in Person.objects.filter(pk__in=records).order_by("pk"):
        made = person_keys(
            names=[(person.name, person.kana), *names[person.pk]],
            birth=(person.birth_on, person.birth_year, person.birth_month, person.birth_about),
            numbers=numbers[person.pk],
            places=places[person.pk],
        )
        keys[records[person.pk]] += [(str(kind), key) for kind, key, _shared in made]
    return keys


def hinted_matches(asked: Asked) -> list[int]:
    """Unprotected persons of whom a lookup would give a hint: two of reading, birth date and phone agree."""
    asked = asked.keyed(home())
    wanted = evidence_of(asked)
    ids = [one.person_id for one in match(asked)]
    known = keys_of(ids)
    return [pk for pk in ids if two_of_three(wanted, known[pk])]
