"""A paper that leaves the office: on what ground, how much of it, and who may stand on it by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import offices
from tsunagi.accounts.rules import Field, LegalKind
from tsunagi.paperwork.rules import OTHER, check_leaving
from tsunagi.people.rules import NARROW_FACETS, SUPPORTING_FACETS, SUPPORTING_GROUND, Facet
from tsunagi.sharing.queries import consent_briefs, grounds, grounds_between, may_be_told
from tsunagi.sharing.rules import CONSENT_GROUNDS, ConsentState

if TYPE_CHECKING:
    from tsunagi.paperwork.models import Printed

# Whom an unlisted receiver is taken for, before the law: 民間, the narrowest.
UNLISTED = LegalKind.PRIVATE.value


@dataclass(frozen=True)
class Going:
    """Where a paper goes beyond this office. `office_id` None: to somebody not on the list. `opened`: the facets that may stand
    on it. `proposed`: the ground pre-chosen from what both are and what the person consented to."""

    office_id: int | None
    ground: str
    proposed: str
    opened: frozenset[str]

    @property
    def sees_household(self) -> bool:
        """Whether the receiver sees the household by their own work (01): then nobody of it is masked."""
        return self.ground == SUPPORTING_GROUND

    def sight(self) -> dict[str, Any]:
        """What `File` needs to know of it."""
        return {
            "leaves": not self.sees_household,
            "for_office": self.office_id,
            "opened": None if self.sees_household else self.opened,
        }


def going(to: str, ground: str, *, giver_id: int, person_id: int | None, on: date) -> Going | None:
    """Where it goes, or None when it stays. Raises Refused for a ground that cannot be right, or a consent that is not there."""
    if not to:
        return None
    giver = Office.objects.get(pk=giver_id)
    receiver = None if to == OTHER else Office.objects.filter(pk=int(to), is_active=True).first()
    check_leaving(
        found=to == OTHER or receiver is not None, own=receiver is not None and receiver.pk == giver_id
    )
    told = _told(person_id, receiver.pk if receiver else None, on)
    offers = grounds_between(
        giver.legal_kind, receiver.legal_kind if receiver else UNLISTED, consent=bool(told), on=on
    )
    proposed = offers[0].ground.code if offers else "99"
    chosen = ground or proposed
    check_leaving(
        fits=chosen in {offer.ground.code for offer in offers},
        consented=bool(told) or chosen not in CONSENT_GROUNDS,
    )
    plain = frozenset(facet.value for facet in Facet if facet not in NARROW_FACETS)
    return Going(
        receiver.pk if receiver else None, chosen, proposed, told if chosen in CONSENT_GROUNDS else plain
    )


def gone(row: Printed, person_id: int | None, on: date) -> dict[str, Any]:
    """The sight of a copy that was printed: as on the day, without asking again."""
    if not row.leaves:
        return {}
    plain = frozenset(facet.value for facet in Facet if facet not in NARROW_FACETS)
    told = _told(person_id, row.to_office_id, on) if row.ground in CONSENT_GROUNDS else plain
    return Going(row.to_office_id, row.ground, row.ground, told).sight()


def receivers(own: Sequence[int]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Offices a paper may go to, by field."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for office in offices():
        if office.pk not in own:
            groups.setdefault(Field(office.field).label, []).append((str(office.pk), office.label))
    return list(groups.items())


def ground_choices(on: date) -> list[tuple[str, str]]:
    """The grounds in force."""
    return [(card.code, card.label) for card in grounds(on=on)]


def _told(person_id: int | None, office_id: int | None, on: date) -> frozenset[str]:
    """What the person lets this receiver be told: of nobody in particular, what a standard consent in whole opens."""
    if person_id is None:
        return frozenset()
    if office_id is not None:
        return may_be_told(person_id, office_id, on=on)
    whole = consent_briefs([person_id], on=on)[person_id].state == ConsentState.GIVEN_ALL
    return frozenset(SUPPORTING_FACETS) if whole else frozenset()
