"""Families on the database, built by meaning."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from tests.factories import NOW, a_concern
from tsunagi.people.actions import register_person
from tsunagi.people.models import Household, Membership, Party, Person, Relation


def related(one: Person, kind: str, other: Person, *, at: datetime = NOW, **more: Any) -> Relation:
    """`one` is the `kind` of `other`."""
    return Relation.objects.create(person=one, other=other, kind=kind, written_at=at, **more)


def living_together(*members: Person, at: datetime = NOW, label: str = "友岡のお宅") -> Household:
    party = Party.objects.create(kind="household", created_at=at)
    household = Household.objects.create(party=party, label=label)
    for member in members:
        Membership.objects.create(household=household, person=member)
    return household


def written(name: str, sex: str, birth: str = "", at: datetime = NOW) -> Person:
    """A person written down at that moment; nobody is involved with them."""
    return register_person(by=None, at=at, name=name, sex=sex, birth=birth)


class Family:
    """森田さん: an old mother and her son at home, a sister who left, a father who died, a child not told."""

    def __init__(self, worker: Any, at: datetime = NOW) -> None:
        self.haru = written("森田 ハル", "female", "1944-02-03", at)
        self.kenji = written("森田 健二", "male", "1972-05-06", at)
        self.yumi = written("青木 由美", "female", "1969-01-01", at)
        self.sho = written("森田 正一", "male", "1940-01-01", at)
        Person.objects.filter(pk=self.sho.pk).update(died_on="2010-03-04")
        related(self.haru, "spouse", self.sho, at=at)
        for child in (self.kenji, self.yumi):
            related(self.haru, "parent", child, at=at)
            related(self.sho, "parent", child, at=at)
        self.home = living_together(self.haru, self.kenji, at=at)
        self.concern = a_concern(held_by=worker, of=self.home, at=at)
        connection.check_constraints()
        for person in (self.haru, self.kenji, self.yumi, self.sho):
            person.refresh_from_db()
