"""Deeds: a tie is written, a tie ends. Nothing is overwritten: a picture of any day shows what was written by then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.journal.actions import record
from tsunagi.people.actions import register_person, relate
from tsunagi.people.models import Party, Person
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

from .models import Tie
from .rules.kinds import MUTUAL, Nature, TieKind
from .rules.roles import WRITTEN, Role
from .rules.ties import NewTie, check_tie

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

ONE_AT_A_TIME = frozenset({TieKind.PARENT, TieKind.UNION, TieKind.TWIN, TieKind.KEY, TieKind.SUPPORT})


def write_tie(wish: NewTie, *, by: Worker | None, at: datetime) -> Tie:
    """Write a tie. What stood between the same two in the same sense ends; the same again changes nothing.

    Raises Refused when an end is missing or the manner is none of its kind, and for a 個人番号 in the words.
    """
    refuse_my_number(wish.words, "ことばで", "words")
    refuse_my_number(wish.place, "場所・人・集まり", "place")
    wish = replace(wish, words=wish.words.strip(), place=wish.place.strip())
    check_tie(wish)
    _lock(wish)
    standing = list(_between(wish))
    same = next((row for row in standing if _says(row, wish)), None)
    if same is not None:
        return same
    for row in standing:
        end_tie(row, by=by, at=at)
    tie = Tie.objects.create(
        kind=wish.kind, party_id=wish.party_id, other_id=wish.other_id, office_id=wish.office_id, place=wish.place,
        manner=wish.manner, custody=wish.custody, stress=wish.stress, flow=wish.flow, untold=wish.untold,
        words=wish.words, since=wish.since, written_at=at, written_by=by,
    )  # fmt: skip
    record(
        "tie.written",
        subject_kind="party",
        subject_id=tie.party_id,
        by=by.pk if by else None,
        at=at,
        detail={"tie": tie.pk, "kind": str(tie.kind), "other": tie.other_id, "office": tie.office_id},
    )
    return tie


def end_tie(tie: Tie | int, *, by: Worker | None, at: datetime) -> None:
    """A tie does not stand any more, or was written by mistake; the row stays. Ending it twice is ending it once."""
    current = Tie.objects.select_for_update(no_key=True).get(pk=tie if isinstance(tie, int) else tie.pk)
    if current.ended_at is not None:
        return
    current.ended_at, current.ended_by = at, by
    current.save(update_fields=["ended_at", "ended_by"])
    record(
        "tie.ended",
        subject_kind="party",
        subject_id=current.party_id,
        by=by.pk if by else None,
        at=at,
        detail={"tie": current.pk, "kind": str(current.kind)},
    )


def _lock(wish: NewTie) -> None:
    """Two who write between the same two wait for each other."""
    wanted = sorted(pk for pk in (wish.party_id, wish.other_id) if pk is not None)
    found = list(Party.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    if len(found) != len(set(wanted)):
        raise Refused("この方の記録は見つかりません。画面を開き直してください。")


def _between(wish: NewTie) -> list[Tie]:
    """What stands between the same two in the same sense. Births and feelings may be several."""
    rows = Tie.objects.filter(kind=wish.kind, ended_at__isnull=True)
    pair = Q(party_id=wish.party_id, other_id=wish.other_id, office_id=wish.office_id, place=wish.place)
    if wish.kind in MUTUAL:
        pair |= Q(party_id=wish.other_id, other_id=wish.party_id)
    found = list(rows.filter(pair).order_by("id"))
    if wish.kind in ONE_AT_A_TIME:
        return found
    return [row for row in found if row.manner == wish.manner and row.since == wish.since]


def _says(row: Tie, wish: NewTie) -> bool:
    return all(
        getattr(row, name) == getattr(wish, name)
        for name in ("manner", "custody", "stress", "flow", "untold", "words", "since")
    )


@dataclass(frozen=True)
class NewKin:
    """Somebody to be added beside a person: an existing record, or who they are as far as told."""

    role: Role
    other: Person | None = None
    name: str = ""
    sex: str = ""
    birth: str = ""
    nature: str = ""
    since: date | None = None
    untold: bool = False


def add_kin(person: Person, wish: NewKin, *, by: Worker, at: datetime, office: int | None) -> Person:
    """Add somebody to the family of a person: register them where they have no record, write the relation, and what
    kind of parenthood it is. Raises Refused when neither a record nor anything to know them by is given."""
    other = wish.other
    if other is None:
        if not (wish.name.strip() or wish.birth.strip() or wish.sex):
            raise Refused(
                "図の中から選ぶか、はじめての方のことを、分かるところだけでも書いてください。", field="name"
            )
        other = register_person(by=by, at=at, name=wish.name, sex=wish.sex, birth=wish.birth, office=office)
    kind, added_first = WRITTEN[wish.role]
    first, second = (other, person) if added_first else (person, other)
    relate(first, second, kind=kind, by=by, at=at, untold=wish.untold, from_on=wish.since)
    if kind == "parent" and wish.nature and wish.nature != Nature.BIRTH:
        write_tie(
            NewTie(TieKind.PARENT, first.pk, second.pk, manner=wish.nature, untold=wish.untold), by=by, at=at
        )
    return other
