"""A family of three with a file, for the tests of this module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.assessment.access import Family, family_of
from tsunagi.assessment.actions import write_section
from tsunagi.assessment.models import Assessment, Sheet
from tsunagi.assessment.rules import Given, Section, View
from tsunagi.cases.actions import open_case
from tsunagi.cases.models import Case
from tsunagi.people.models import Household, Membership, Party, Person


@dataclass(frozen=True)
class Household3:
    """The file, who writes it, and the people in it."""

    worker: Worker
    case: Case
    household: Household
    haru: Person
    kenichi: Person
    child: Person

    @property
    def family(self) -> Family:
        """As the worker sees it today."""
        return family_of(self.worker, self.case, on=TODAY)


def a_family_file(worker: Worker | None = None) -> Household3:
    """森田 ハル (82), her son 健一 (51) and his daughter 葵 (12) in one household, with an open file."""
    worker = worker or a_worker(an_office("福祉なんでも相談室"), name="相田 ゆき")
    haru = a_person("森田 ハル", birth_on=date(1944, 2, 3), birth_year=1944, birth_month=2, sex="female")
    kenichi = a_person("森田 健一", birth_on=date(1974, 11, 20), birth_year=1974, birth_month=11, sex="male")
    child = a_person("森田 葵", birth_on=date(2013, 7, 7), birth_year=2013, birth_month=7, sex="female")
    party = Party.objects.create(kind="household", created_at=NOW)
    household = Household.objects.create(party=party, label="森田さんの世帯")
    for person, relation in ((haru, "mother"), (kenichi, "self"), (child, "child")):
        Membership.objects.create(household=household, person=person, relation=relation)
    concern = a_concern(held_by=worker, of=household, description="家賃の滞納")
    case = open_case(household.pk, by=worker, at=NOW, title="8050の世帯", concern_ids=[concern.pk])
    connection.check_constraints()
    case = Case.objects.select_related("party__person", "party__household", "party__unknown").get(pk=case.pk)
    return Household3(worker, case, household, haru, kenichi, child)


def said(
    file: Household3,
    assessment: Assessment,
    section: str,
    person: Person | None = None,
    *,
    view: str = "supporter",
    revision: int | None = None,
    by: Worker | None = None,
    at: Any = NOW,
    **answers: Any,
) -> Sheet:
    """Answers as a worker gives them: a list of codes, or words."""
    given = {
        key: Given(tuple(value)) if isinstance(value, list | tuple) else Given((), value)
        for key, value in answers.items()
    }
    person_id = person.pk if person else None
    if revision is None:
        there = Sheet.objects.filter(assessment=assessment, section=section, person_id=person_id).first()
        revision = there.revision if there else 0
    return write_section(
        assessment, Section(section), person_id, View(view), given, revision=revision,
        facets=file.family.facets_of(person_id), by=by or file.worker, at=at,
    )  # fmt: skip
