"""Doors to a household's assessment: the file's own door, and within it only what the worker's office may see of whom.

A section whose facet the office lacks is not shown, nor that it exists: its address answers as an unknown one.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import Http404

from tsunagi.cases.access import case_for, own_case_for
from tsunagi.cases.models import Case
from tsunagi.codes.queries import label_of
from tsunagi.people.access import closed_to, living, sight_of
from tsunagi.people.models import Membership, Protection
from tsunagi.people.rules import SUPPORTING_GROUND, Facet, PartyKind
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail
from tsunagi.shared.rows import sees_whole
from tsunagi.shared.wareki import age_on

from .models import Assessment, LifeEvent, Sheet, Strength, Unknown
from .rules import PAGE_OF, LifeKind, Scope, Section, kinds_seen, scopes, shows

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

UNNAMED = "お名前が分からない方"
HOUSEHOLD_LABEL = "世帯"


@dataclass(frozen=True)
class Kin:
    """One person of the household as this worker may see them, with the facets their office has of this person."""

    id: int
    name: str
    relation: str
    relation_label: str
    lives_here: bool
    born: tuple[date, date] | None
    born_on: date | None
    died_on: date | None
    youngest: int | None
    oldest: int | None
    facets: frozenset[str]

    @property
    def age(self) -> str:
        """78歳, 77〜78歳くらい; "" when it is not known or they died."""
        if self.died_on is not None:
            return "故人"
        if self.youngest is None or self.oldest is None:
            return ""
        return (
            f"{self.youngest}歳"
            if self.youngest == self.oldest
            else f"{self.youngest}〜{self.oldest}歳くらい"
        )

    @property
    def label(self) -> str:
        """Name, relation and age in one line."""
        beside = "・".join(part for part in (self.relation_label, self.age) if part)
        return f"{self.name}（{beside}）" if beside else self.name


@dataclass(frozen=True)
class Family:
    """Whose file it is, and the people of the household this worker may see; the person at the centre first."""

    case_id: int
    party_id: int
    kind: str
    facets: frozenset[str]
    members: tuple[Kin, ...]

    def member(self, person_id: int | None) -> Kin | None:
        """One of them by number."""
        return next((kin for kin in self.members if kin.id == person_id), None)

    def facets_of(self, person_id: int | None) -> frozenset[str]:
        """What may be seen of a person, or (None) of the household; nothing of somebody who is not here."""
        if person_id is None:
            return self.facets
        kin = self.member(person_id)
        return kin.facets if kin else frozenset()

    def label_of(self, person_id: int | None) -> str:
        """How the pages call them."""
        kin = self.member(person_id)
        return kin.name if kin else HOUSEHOLD_LABEL

    def subjects(self, section: Section) -> list[int | None]:
        """Of whom this section is asked, as far as it may be seen: the household (None) and persons by number."""
        page = PAGE_OF[section]
        found: list[int | None] = []
        asked = set(scopes(section))
        if Scope.HOUSEHOLD in asked and shows(page, self.facets):
            found.append(None)
        if Scope.PERSON in asked:
            found += [kin.id for kin in self.members if shows(page, kin.facets)]
        return found


def scope_of(person_id: int | None) -> Scope:
    """Which questions are asked of this subject."""
    return Scope.HOUSEHOLD if person_id is None else Scope.PERSON


def family_of(worker: Worker, case: Case, *, on: date) -> Family:
    """The household of a file that was come to through its door. The number of questions does not grow with people."""
    party = case.party
    own = sight_of(worker, party.pk, Purpose.READ_CASE, on=on)
    facets = own.facets if own else frozenset()
    households = [party.pk] if party.kind == PartyKind.HOUSEHOLD else []
    if party.kind == PartyKind.PERSON:
        households = list(
            Membership.objects.filter(person_id=party.pk, ended_at__isnull=True)
            .order_by("id")
            .values_list("household_id", flat=True)
        )
    rows = list(
        Membership.objects.filter(household_id__in=households, ended_at__isnull=True)
        .select_related("person")
        .order_by("id")
    )
    persons = {row.person_id: row.person for row in rows}
    if party.kind == PartyKind.PERSON:
        persons.setdefault(party.pk, party.person)
    written = Sheet.objects.filter(assessment__case=case, person__isnull=False).select_related("person")
    for sheet in written.order_by("id"):
        # Who left the household keeps what was said of them, for whoever is with them still.
        if sheet.person is not None:
            persons.setdefault(sheet.person.pk, sheet.person)
    seen = _facets_among(worker, list(persons), rows, on)
    if party.kind == PartyKind.PERSON:
        facets = seen[party.pk] = seen.get(party.pk, frozenset()) | facets
    relation = {row.person_id: row for row in reversed(rows)}
    members = []
    for pk, person in persons.items():
        if pk not in seen:
            continue
        row = relation.get(pk)
        born = born_bounds(person)
        oldest = age_on(born[0], on) if born and born[0] <= on else None
        youngest = max(0, age_on(min(born[1], on), on)) if born and born[0] <= on else None
        code = row.relation if row else ""
        members.append(
            Kin(
                pk, person.name or person.kana or UNNAMED, code, label_of("relations", code) if code else "",
                row.lives_here if row else pk == party.pk, born, person.birth_on, person.died_on, youngest, oldest, seen[pk],
            )
        )  # fmt: skip
    members.sort(key=lambda kin: (kin.id != party.pk, kin.relation != "self"))
    return Family(case.pk, party.pk, party.kind, facets, tuple(members))


@sees_whole("who is guarded must never be missed by who looks")
def _facets_among(
    worker: Worker, person_ids: list[int], memberships: list[Membership], on: date
) -> dict[int, frozenset[str]]:
    """What this worker's offices may see of each of these persons, as `people.access.visible_parties(facet=)` finds them:
    by involvements with the person, and (ground 01, nobody protected) by those with a household of theirs."""
    household_ids = {row.household_id for row in memberships}
    closed = closed_to(worker)
    guarded = set(
        Protection.objects.filter(person_id__in=person_ids, ended_at__isnull=True).values_list(
            "person_id", flat=True
        )
    )
    direct: dict[int, set[str]] = {}
    through: dict[int, set[str]] = {}
    rows = living(worker, Purpose.READ_CASE, on=on).filter(party_id__in=[*person_ids, *household_ids])
    for party_id, facets, ground in rows.order_by().values_list("party_id", "facets", "ground"):
        if party_id not in household_ids:
            direct.setdefault(party_id, set()).update(facets)
        elif ground == SUPPORTING_GROUND:
            through.setdefault(party_id, set()).update(facets)
    found = {pk: frozenset(facets) for pk, facets in direct.items()}
    for row in memberships:
        if row.person_id not in guarded and row.person_id not in closed and row.household_id in through:
            found[row.person_id] = found.get(row.person_id, frozenset()) | through[row.household_id]
    return found


def born_bounds(person: object) -> tuple[date, date] | None:
    """The first and last day on which this person may have been born."""
    day, year = getattr(person, "birth_on", None), getattr(person, "birth_year", None)
    month, about = getattr(person, "birth_month", None), getattr(person, "birth_about", False)
    if day is not None:
        return (day, day)
    if year is None:
        return None
    if month is not None and not about:
        return (date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return (date(year - about, 1, 1), date(year + about, 12, 31))


# -- doors --------------------------------------------------------------------------------------------------------


def file_for(worker: Worker, case_id: int, *, on: date, write: bool = False) -> tuple[Case, Family]:
    """The file with its household; with `write`, only for who may write in it."""
    case = own_case_for(worker, case_id) if write else case_for(worker, case_id)
    return case, family_of(worker, case, on=on)


def section_for(
    worker: Worker, case_id: int, section: str, person_id: int | None, *, on: date, write: bool = True
) -> tuple[Case, Family, Section]:
    """A section of whom the office has its facet; 404 for one it lacks as for one that does not exist."""
    case, family = file_for(worker, case_id, on=on, write=write)
    try:
        wanted = Section(section)
    except ValueError:
        raise Http404 from None
    if person_id not in family.subjects(wanted):
        raise Http404
    leave_trail(
        "assessment.section", subject_kind="case", subject_id=case.pk, purpose=Purpose.READ_CASE,
        detail={"section": wanted.value, "person": person_id},
    )  # fmt: skip
    return case, family, wanted


def open_assessment(case: Case) -> Assessment | None:
    """The assessment that is being written, or None."""
    return Assessment.objects.filter(case=case, finished_on__isnull=True).select_related("begun_by").first()


def assessment_for(case: Case, number: int) -> Assessment:
    """One assessment of a file by its number, or Http404."""
    found = (
        Assessment.objects.filter(case=case, number=number).select_related("begun_by", "finished_by").first()
    )
    if found is None:
        raise Http404
    return found


def unknown_for(worker: Worker, case_id: int, unknown_id: int, *, on: date) -> Unknown:
    """Something not known yet, of a section the worker may write in; or Http404."""
    found = (
        Unknown.objects.filter(pk=unknown_id, sheet__assessment__case_id=case_id)
        .select_related("sheet", "promise")
        .first()
    )
    if found is None:
        own_case_for(worker, case_id)
        raise Http404
    section_for(worker, case_id, found.sheet.section, found.sheet.person_id, on=on)
    return found


def strengths_open(facets: frozenset[str]) -> bool:
    """Whether who sees these facets of somebody sees their strengths: they belong to the 支援経過."""
    return Facet.PROGRESS in facets


def strength_for(worker: Worker, case_id: int, strength_id: int, *, on: date) -> tuple[Strength, Family]:
    """A strength of this household the worker may write, or Http404."""
    case, family = file_for(worker, case_id, on=on, write=True)
    found = Strength.objects.filter(pk=strength_id).select_related("party", "by").first()
    if found is None or not may_see_strength(family, case, found.party_id):
        raise Http404
    return found, family


def may_see_strength(family: Family, case: Case, party_id: int) -> bool:
    """Whether a strength of this party is shown in this file."""
    if party_id == case.party_id:
        return strengths_open(family.facets)
    return family.member(party_id) is not None and strengths_open(family.facets_of(party_id))


def life_kinds(family: Family, person_id: int) -> frozenset[LifeKind]:
    """The kinds of life events this worker sees of a person; empty when they may not see the 生育歴 at all."""
    return kinds_seen(family.facets_of(person_id))


def life_event_for(worker: Worker, case_id: int, event_id: int, *, on: date) -> tuple[LifeEvent, Family]:
    """A life event of this household the worker may write, or Http404."""
    _case, family = file_for(worker, case_id, on=on, write=True)
    found = (
        LifeEvent.objects.filter(pk=event_id, removed_at__isnull=True).select_related("person", "by").first()
    )
    if found is None or LifeKind(found.kind) not in life_kinds(family, found.person_id):
        raise Http404
    return found, family


def sheet_at(assessment: Assessment, section: Section, person_id: int | None) -> Sheet | None:
    """The sheet of a section, if somebody began it."""
    return (
        Sheet.objects.filter(assessment=assessment, section=section, person_id=person_id)
        .select_related("touched_by")
        .first()
    )
