"""Pictures: for a screen with links, for a paper without; masked where a paper may not say more."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import reverse

from tsunagi.accounts.rules import TELLING_FIELDS
from tsunagi.codes import queries as codes
from tsunagi.people.access import address_withheld, sight_of
from tsunagi.people.models import Party
from tsunagi.people.queries import involvements_of, name_of
from tsunagi.people.rules import Facet, PartyKind, RelationKind
from tsunagi.shared import wareki

from ..rules import ecomap as eco
from ..rules.drawing import Words, draw
from ..rules.family import Family
from ..rules.kinds import Flow, Form, Notation, Strength, TieKind
from ..rules.kinship import listed, terms, veiled
from ..rules.place import lay_out
from .families import family_of, key
from .gather import Gathered, gather

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

BY_NUMBER = (Notation.JAPAN, Notation.JAPAN_FILLED, Notation.MCGOLDRICK)
WITHHELD = "非開示"


@dataclass(frozen=True)
class Picture:
    """A picture with the same in words: (heading, lines). `people` are (number, words) of those who may be opened."""

    svg: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    findings: tuple[str, ...]
    people: tuple[tuple[int, str], ...]
    notation: Notation
    title: str
    whose: str = ""
    empty: bool = False


def notation_of(asked: str | None = None) -> Notation:
    """The notation asked for, else the city's."""
    if asked and asked in Notation.values():
        return Notation(asked)
    return BY_NUMBER[codes.number("genogram.notation")]


def genogram(
    worker: Worker,
    party: Party,
    *,
    on: date,
    masked: bool = False,
    paper: bool = False,
    notation: str | None = None,
    consented: Collection[int] = (),
    editing: bool = False,
) -> Picture:
    """The genogram of a party by a day. Ask through an open door. On paper nothing untold is drawn, and no link;
    `editing` makes the symbols lead to where relations and ties are written."""
    found = gather(worker, party, on=on, with_untold=not (paper or masked))
    family = family_of(found, on=on, link=_link(party.pk, plain=paper or masked, editing=editing))
    people = _people(found, family)
    if masked:
        family = veiled(family, frozenset(key(pk) for pk in consented))
    scene = lay_out(family)
    findings = () if masked else tuple(scene.findings)
    whose = "家族" if masked else name_of(party)
    style = notation_of(notation)
    sections = tuple(listed(family, findings))
    words = Words(f"{whose}のジェノグラム", _described(sections), f"{wareki.show(on)}現在")
    return Picture(
        draw(scene, family, words, notation=style, links=not (paper or masked)), sections, findings, people, style,
        words.title, whose, empty=not family.members,
    )  # fmt: skip


def ecomap(
    worker: Worker,
    party: Party,
    *,
    on: date,
    masked: bool = False,
    paper: bool = False,
    notation: str | None = None,
    consented: Collection[int] = (),
    editing: bool = False,
) -> Picture:
    """The ecomap of a party's household by a day: what is written, and on screen the offices involved. As `genogram`."""
    found = gather(worker, party, on=on, with_untold=not (paper or masked))
    family = family_of(found, on=on, link=_link(party.pk, plain=paper or masked, editing=editing))
    people = _people(found, family)
    called = terms(family)
    inside = {key(pk) for pk in _at_home(found)}
    if masked:
        family = veiled(family, frozenset(key(pk) for pk in consented))
    members = tuple(
        member for member in family.members if member.key in inside and member.form is Form.PERSON
    )
    guarded = bool(found.protected & _at_home(found))
    withheld = guarded and (paper or masked or address_withheld(worker, party.pk, on=on))
    world = _world(worker, found, members, called, paper=paper or masked, masked=masked, withheld=withheld)
    whose = "家族" if masked else name_of(party)
    style = notation_of(notation)
    sections = tuple(eco.listed(world))
    words = Words(f"{whose}のエコマップ", _described(sections), f"{wareki.show(on)}現在")
    return Picture(
        eco.draw(world, words, notation=style, links=not (paper or masked)), sections, (), people, style, words.title,
        whose, empty=not members,
    )  # fmt: skip


def picture_svg(
    worker: Worker,
    party_id: int,
    *,
    on: date,
    masked: bool,
    notation: str | None = None,
    consented: Collection[int] = (),
) -> bytes:
    """The genogram for a paper: nothing untold, no links; `masked` leaves relation and age by tens but of `consented`.

    For `press`: `image(bytes(values.svg))` in a typst paper. Http404 when the worker may not see the family.
    """
    return genogram(
        worker,
        _party(worker, party_id),
        on=on,
        masked=masked,
        paper=True,
        notation=notation,
        consented=consented,
    ).svg.encode()


def ecomap_svg(
    worker: Worker,
    party_id: int,
    *,
    on: date,
    masked: bool,
    notation: str | None = None,
    consented: Collection[int] = (),
) -> bytes:
    """The ecomap for a paper; as `picture_svg`."""
    return ecomap(
        worker,
        _party(worker, party_id),
        on=on,
        masked=masked,
        paper=True,
        notation=notation,
        consented=consented,
    ).svg.encode()


def _party(worker: Worker, party_id: int) -> Party:
    """The party by its root, for callers who opened its door already: seen, with 世帯・関係, or 404."""
    sight = sight_of(worker, party_id)
    if sight is None or Facet.HOUSEHOLD.value not in sight.facets:
        raise Http404
    return Party.objects.select_related("person", "household", "unknown").get(pk=sight.party_id)


def _link(party_id: int, *, plain: bool, editing: bool) -> Callable[[int], str]:
    """Where a symbol leads: nowhere on paper, to what is written of them while editing, else to their page."""
    if plain:
        return lambda pk: ""
    if editing:
        return lambda pk: reverse("genogram:person", args=[party_id, pk])
    return lambda pk: reverse("desk:person", args=[pk])


def _described(sections: Collection[tuple[str, tuple[str, ...]]]) -> str:
    return " ".join(f"{heading}：{'。'.join(lines)}。" for heading, lines in sections if lines)


def _people(found: Gathered, family: Family) -> tuple[tuple[int, str], ...]:
    """Who may be opened from the picture: number and words."""
    called = terms(family)
    return tuple(
        (
            int(member.key[1:]),
            " ".join(word for word in dict.fromkeys((called[member.key], member.name)) if word),
        )
        for member in family.members
        if member.form is Form.PERSON and member.known
    )


def _at_home(found: Gathered) -> set[int]:
    """Who stands in the middle of the ecomap: who lives with the person, or is in the household."""
    if found.party.kind == PartyKind.HOUSEHOLD:
        return {row.person_id for row in found.memberships if row.household_id == found.party.pk}
    homes = {
        row.household_id for row in found.memberships if row.person_id == found.party.pk and row.lives_here
    }
    together = {row.person_id for row in found.memberships if row.household_id in homes and row.lives_here}
    return (together & set(found.persons)) | ({found.party.pk} & set(found.persons))


def _world(
    worker: Worker, found: Gathered, members: tuple[Any, ...], called: dict[str, str], *, paper: bool, masked: bool,
    withheld: bool,
) -> eco.World:  # fmt: skip
    inside = {member.key for member in members}
    around: dict[str, eco.Around] = {}
    threads: list[eco.Thread] = []

    def put(name: str, label: str, sort: str, link: str = "") -> str:
        around.setdefault(name, eco.Around(name, label, sort, link))
        return name

    for row in found.ties:
        if row.kind != TieKind.SUPPORT:
            continue
        whom = (
            ""
            if row.party_id == found.party.pk and found.party.kind == PartyKind.HOUSEHOLD
            else key(row.party_id)
        )
        if whom and whom not in inside:
            continue
        target = _target(row, found, called, put, masked=masked, withheld=withheld, links=not paper)
        if target is None:
            continue
        threads.append(
            eco.Thread(
                target, whom, Strength(row.manner) if row.manner in Strength.values() else Strength.NORMAL, row.stress,
                Flow(row.flow) if row.flow in Flow.values() else Flow.NONE, "" if masked else row.words,
            )
        )  # fmt: skip
    for row in found.relations:
        if row.kind in (RelationKind.GUARDIAN, RelationKind.ACQUAINTANCE) and not masked:
            whom, other = (
                (key(row.other_id), row.person_id)
                if key(row.other_id) in inside
                else (key(row.person_id), row.other_id)
            )
            person = found.persons.get(other) or found.outside.get(other)
            if whom in inside and person is not None and other in found.seen:
                label = f"{person.name or person.kana or 'お名前が分からない方'}（{row.words or RelationKind.label_of(row.kind)}）"
                threads.append(eco.Thread(put(f"p{other}", label, "person"), whom))
    if not paper:
        written = {one.label for one in around.values()}
        for card in involvements_of(worker, found.party):
            if card.office not in written:
                written.add(card.office)
                threads.append(
                    eco.Thread(put(f"i{card.id}", card.office, "office"), "", words="関わりのある機関")
                )
    return eco.World(members, tuple(around.values()), tuple(threads), "この世帯")


def _target(
    row: Any, found: Gathered, called: dict[str, str], put: Any, *, masked: bool, withheld: bool, links: bool
) -> str | None:
    """What a tie to the world leads to, in words this reader may have."""
    if row.other_id is not None:
        person = found.persons.get(row.other_id) or found.outside.get(row.other_id)
        if person is None or row.other_id not in found.seen:
            return None
        words = called.get(key(row.other_id)) or "知人"
        label = words if masked else person.name or person.kana or words
        link = reverse("desk:person", args=[row.other_id]) if links else ""
        return str(put(key(row.other_id), label, "person", link))
    if withheld:
        return str(put(f"w{row.id}", WITHHELD, "office" if row.office_id else "place"))
    if row.office_id is not None:
        # An office whose very name tells why somebody goes there is not named where there is no consent.
        label = (
            "相談・支援の機関"
            if masked and row.office__field in TELLING_FIELDS
            else row.office__short_name or row.office__name
        )
        return str(put(f"o{row.office_id}", label, "office"))
    return str(put(f"x{row.place}", row.place, "place"))
