"""From rows to a family that the rules can draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from tsunagi.people.rules import RelationKind
from tsunagi.shared.wareki import age_on

from ..rules.family import Family, Feeling, Home, Member, Parenthood, Twins, Union
from ..rules.kinds import Bond, Emotion, Form, Nature, Sex, TieKind, Twinship
from ..rules.kinship import terms
from ..rules.ties import read_day
from .gather import Gathered

BONDS = {
    RelationKind.SPOUSE: Bond.MARRIED,
    RelationKind.PARTNER: Bond.COHABITING,
    RelationKind.FORMER_SPOUSE: Bond.DIVORCED,
}
SEXES = {"male": Sex.MALE, "female": Sex.FEMALE, "other": Sex.OTHER}
# 続柄 of a household: how a member stands to its centre.
CENTRE = "self"


def key(pk: int) -> str:
    """The key of a person in a family."""
    return f"p{pk}"


def family_of(found: Gathered, *, on: date, link: Callable[[int], str]) -> Family:
    """The family as gathered: everybody once, nothing added but what 続柄 says where no relation is written."""
    people = found.persons
    index = found.party.pk if found.party.pk in people else _centre(found)
    keys = {
        row.party_id
        for row in found.ties
        if row.kind == TieKind.KEY and row.party_id in people and row.other_id in (index, found.party.pk)
    }
    members = [_member(row, on, index, keys, found, link) for row in people.values()]
    members.sort(key=lambda member: not member.index)
    unions, parents, siblings, grand = _relations(found)
    _from_homes(found, people, unions, parents, siblings, grand)
    twins, feelings = _ties(found, unions, parents)
    births = [row for row in found.ties if row.kind == TieKind.BIRTH and row.party_id in people]
    for row in births:
        members.append(_unborn(row))
        parents += [Parenthood(key(pk), f"t{row.id}") for pk in (row.party_id, row.other_id) if pk in people]
    family = Family(
        tuple(members), tuple(unions), tuple(parents), tuple(siblings), tuple(grand), tuple(twins), tuple(feelings),
        tuple(_homes(found)),
    )  # fmt: skip
    return _captioned(family)


def _centre(found: Gathered) -> int | None:
    """Whom a household's picture is about: its centre, else the first of its members."""
    centres = [
        row.person_id
        for row in found.memberships
        if row.relation == CENTRE and row.household_id == found.party.pk
    ]
    return next(iter([*centres, *found.seeds]), None)


def _member(
    row: Any, on: date, index: int | None, keys: set[int], found: Gathered, link: Callable[[int], str]
) -> Member:
    pk = row.party_id
    known = pk in found.seen or pk == found.party.pk
    dead = row.died_on is not None and row.died_on <= on
    if not known:
        return Member(key(pk), "", SEXES.get(row.sex, Sex.UNKNOWN), known=False, index=pk == index, dead=dead)
    born: tuple[int, ...] = ()
    age = None
    if row.birth_on:
        born, age = (row.birth_on.year, row.birth_on.month, row.birth_on.day), age_on(row.birth_on, on)
    elif row.birth_year:
        born = (row.birth_year, row.birth_month) if row.birth_month else (row.birth_year,)
        age = on.year - row.birth_year
    return Member(
        key(pk), row.name or row.kana, SEXES.get(row.sex, Sex.UNKNOWN), born,
        age if age is not None and age >= 0 else None, about=row.birth_on is None and age is not None, dead=dead,
        index=pk == index, key_person=pk in keys, link=link(pk),
    )  # fmt: skip


def _unborn(row: Any) -> Member:
    form = Form(row.manner) if row.manner in Form.values() else Form.PREGNANCY
    day = read_day(row.since)
    words = form.label + (f" {day[0]}" if day and form is not Form.PREGNANCY else "")
    return Member(
        f"t{row.id}", "", born=() if form is Form.PREGNANCY else day, form=form,
        caption=tuple(word for word in (words, row.words) if word),
    )  # fmt: skip


def _relations(
    found: Gathered,
) -> tuple[list[Union], list[Parenthood], list[tuple[str, str]], list[tuple[str, str]]]:
    unions: list[Union] = []
    parents: list[Parenthood] = []
    siblings: list[tuple[str, str]] = []
    grand: list[tuple[str, str]] = []
    for row in found.relations:
        one, other = key(row.person_id), key(row.other_id)
        if row.kind in BONDS:
            since = (row.from_on.year, row.from_on.month, row.from_on.day) if row.from_on else ()
            unions.append(Union(one, other, BONDS[RelationKind(row.kind)], since, row.words))
        elif row.kind == RelationKind.PARENT:
            parents.append(Parenthood(one, other, _nature_in(row.words)))
        elif row.kind == RelationKind.SIBLING:
            siblings.append((one, other))
        elif row.kind == RelationKind.GRANDPARENT:
            grand.append((one, other))
    return unions, parents, siblings, grand


def _nature_in(words: str) -> Nature:
    """What the words of a relation say of parenthood (養父, 里親, 継母 …); nothing else is guessed."""
    for sign, nature in (
        ("養", Nature.ADOPTED),
        ("里親", Nature.FOSTER),
        ("里母", Nature.FOSTER),
        ("里父", Nature.FOSTER),
        ("継", Nature.STEP),
    ):
        if sign in words:
            return nature
    return Nature.BIRTH


def _from_homes(
    found: Gathered,
    people: dict[int, Any],
    unions: list[Union],
    parents: list[Parenthood],
    siblings: list[tuple[str, str]],
    grand: list[tuple[str, str]],
) -> None:
    """What 続柄 says of two of whom no relation is written: it stands on the household's sheet."""
    related = {frozenset((key(row.person_id), key(row.other_id))) for row in found.relations}
    homes: dict[int, list[Any]] = {}
    for row in found.memberships:
        homes.setdefault(row.household_id, []).append(row)
    for rows in homes.values():
        centre = next((row.person_id for row in rows if row.relation == CENTRE), None)
        if centre is None:
            continue
        me = key(centre)
        mate = next((row for row in rows if row.relation in ("spouse", "partner")), None)
        for row in rows:
            them = key(row.person_id)
            if frozenset((me, them)) in related or me == them or row.person_id not in people:
                continue
            if row.relation == "spouse":
                unions.append(Union(me, them))
            elif row.relation == "partner":
                unions.append(Union(me, them, Bond.COHABITING))
            elif row.relation in ("father", "mother"):
                parents.append(Parenthood(them, me))
            elif row.relation == "child":
                parents.append(Parenthood(me, them))
                if (
                    mate is not None
                    and frozenset((key(mate.person_id), them)) not in related
                    and not _has_parents(parents, them, me)
                ):
                    parents.append(Parenthood(key(mate.person_id), them))
            elif row.relation == "sibling":
                siblings.append((me, them))
            elif row.relation == "grandparent":
                grand.append((them, me))
            elif row.relation == "grandchild":
                grand.append((me, them))


def _has_parents(parents: list[Parenthood], child: str, besides: str) -> bool:
    return any(row.child == child and row.parent != besides for row in parents)


def _ties(
    found: Gathered, unions: list[Union], parents: list[Parenthood]
) -> tuple[list[Twins], list[Feeling]]:
    twins: list[Twins] = []
    feelings: list[Feeling] = []
    for row in found.ties:
        if row.other_id is None or row.other_id not in found.persons or row.party_id not in found.persons:
            continue
        one, other = key(row.party_id), key(row.other_id)
        if row.kind == TieKind.PARENT:
            _say_parent(
                parents,
                one,
                other,
                Nature(row.manner) if row.manner in Nature.values() else Nature.BIRTH,
                row.custody,
            )
        elif row.kind == TieKind.UNION:
            _say_union(
                unions, one, other, Bond(row.manner) if row.manner in Bond.values() else Bond.MARRIED, row
            )
        elif row.kind == TieKind.TWIN:
            twins.append(
                Twins(
                    (one, other), Twinship(row.manner) if row.manner in Twinship.values() else Twinship.UNSURE
                )
            )
        elif row.kind == TieKind.EMOTION and row.manner in Emotion.values():
            feelings.append(Feeling(one, other, row.manner))
    # A child of whom something is not told came as every child comes.
    for place, link in enumerate(parents):
        if int(link.child[1:]) in found.untold and link.nature is not Nature.BIRTH:
            parents[place] = replace(link, nature=Nature.BIRTH)
    return twins, feelings


def _say_parent(parents: list[Parenthood], parent: str, child: str, nature: Nature, custody: bool) -> None:
    for place, row in enumerate(parents):
        if (row.parent, row.child) == (parent, child):
            parents[place] = replace(row, nature=nature, custody=custody)
            return
    parents.append(Parenthood(parent, child, nature, custody))


def _say_union(unions: list[Union], one: str, other: str, bond: Bond, row: Any) -> None:
    """What was written of a couple last: a separation stands over the marriage it is of."""
    for place, union in enumerate(unions):
        if {union.a, union.b} == {one, other}:
            unions[place] = replace(
                union, bond=bond, since=union.since or read_day(row.since), words=row.words or union.words
            )
            return
    unions.append(Union(one, other, bond, read_day(row.since), row.words))


def _homes(found: Gathered) -> list[Home]:
    homes: dict[int, list[Any]] = {}
    for row in found.memberships:
        if row.lives_here:
            homes.setdefault(row.household_id, []).append(row)
    listed = []
    for household_id, rows in homes.items():
        who = list(dict.fromkeys(key(row.person_id) for row in rows))
        guarded = any(row.person_id in found.protected for row in rows)
        # A household is often called by where it lives.
        label = "" if guarded else found.households[household_id].label
        listed.append(Home(f"h{household_id}", label or "同居", tuple(who)))
    return listed


def _captioned(family: Family) -> Family:
    """What stands under a symbol: the name as it is stored; without one, how they are related."""
    called = terms(family)
    members = []
    for member in family.members:
        words = member.caption
        if not words:
            words = (member.name or called[member.key] or "お名前が分からない方",)
            if member.dead:
                words = (*words, "故人")
        members.append(replace(member, caption=words))
    return replace(family, members=tuple(members))
