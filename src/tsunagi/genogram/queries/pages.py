"""What stands beside a picture to be worked with: one person's relations and ties, and what a new tie can lead to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.queries import offices
from tsunagi.people.access import sight_of
from tsunagi.people.models import Party
from tsunagi.people.queries import hidden_from, name_of, party_names, relations_of
from tsunagi.people.rules import Facet, PartyKind

from ..models import Tie
from ..rules.kinds import MANNERS, Emotion, Flow, Strength, TieKind

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class RelationRow:
    """A relation as the panel lists it."""

    id: int
    words: str
    untold: bool


@dataclass(frozen=True)
class TieRow:
    """A tie as the panel lists it."""

    id: int
    kind: str
    words: str
    untold: bool
    written_at: datetime
    by: str


@dataclass(frozen=True)
class Choice:
    """Somebody or something a tie can lead to."""

    value: str
    words: str


@dataclass(frozen=True)
class Panel:
    """One person of the picture (or the household itself): what is written of them."""

    id: int
    name: str
    is_person: bool
    relations: tuple[RelationRow, ...]
    ties: tuple[TieRow, ...]


def panel(worker: Worker, party: Party, *, on: date) -> Panel:
    """What may be ended or added here. Ask through an open door."""
    sight = sight_of(worker, party.pk)
    told = sight is not None and Facet.SEXUALITY_UNTOLD.value in sight.facets
    relations: tuple[RelationRow, ...] = ()
    if party.kind == PartyKind.PERSON:
        relations = tuple(
            RelationRow(row.id, row.words, row.untold)
            for row in relations_of(worker, party.person)
            if told or not row.untold
        )
    return Panel(
        party.pk,
        name_of(party),
        party.kind == PartyKind.PERSON,
        relations,
        tuple(_ties(worker, party, told=told)),
    )


def _ties(worker: Worker, party: Party, *, told: bool) -> list[TieRow]:
    rows = list(
        (Tie.objects.filter(party=party) | Tie.objects.filter(other=party))
        .filter(ended_at__isnull=True)
        .select_related("office", "written_by")
        .order_by("kind", "id")
    )
    others = {pk for row in rows for pk in (row.party_id, row.other_id) if pk and pk != party.pk}
    hidden = hidden_from(worker, others)
    names = party_names(worker, others | {party.pk})
    return [
        TieRow(
            row.pk, TieKind.label_of(row.kind), said(row, names), row.untold, row.written_at,
            row.written_by.name if row.written_by else "",
        )
        for row in rows
        if (told or not row.untold) and not {row.party_id, row.other_id} & hidden
    ]  # fmt: skip


def said(row: Any, names: dict[int, str]) -> str:
    """A tie in words."""
    one, other = names.get(row.party_id, ""), names.get(row.other_id, "") if row.other_id else ""
    kind = TieKind(row.kind)
    listed = MANNERS.get(kind)
    manner = listed.label_of(row.manner) if listed is not None and row.manner else ""
    if kind is TieKind.PARENT:
        words = f"{one} は {other} の親（{manner}{'・育てている' if row.custody else ''}）"
    elif kind is TieKind.KEY:
        words = f"{one} は {other} のキーパーソン"
    elif kind is TieKind.BIRTH:
        words = f"{one}{' と ' + other if other else ''}：{manner}"
    elif kind is TieKind.EMOTION:
        arrow = " → " if row.manner in (Emotion.VIOLENCE, Emotion.CONTROL) else " と "
        words = f"{one}{arrow}{other}：{manner}"
    elif kind is TieKind.SUPPORT:
        target = other or (row.office.name if row.office else row.place)
        parts = [
            Strength.label_of(row.manner),
            "負担・緊張がある" if row.stress else "",
            Flow.label_of(row.flow) if row.flow else "",
        ]
        words = f"{one} と {target}：{'、'.join(part for part in parts if part)}"
    else:
        words = f"{one} と {other}：{manner}"
    more = [row.words, f"{row.since}から" if row.since else ""]
    return words + "".join(f"（{word}）" for word in more if word)


def offices_to_choose() -> list[Choice]:
    """Offices an ecomap can name."""
    return [Choice(str(office.pk), office.name) for office in offices()]
