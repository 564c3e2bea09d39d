"""Who may act for a person, and how far an application has come, as pages and papers show them.

For others: `powers_of(worker, party_id, on)` (all living powers), `signers_of(worker, party_id, on)` (those who may sign
or receive). Both are gated by what the worker's offices may see of the person, and leave no trail: ask inside a door.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from tsunagi.accounts.queries import office_ids, offices, workers_of
from tsunagi.codes import queries as codes
from tsunagi.holding.models import Promise
from tsunagi.holding.queries import RowCard, RowMaker, holds_of_parties, promised
from tsunagi.people.access import address_withheld, closed_to, parties_seen_by, sight_of
from tsunagi.people.models import Involvement, Party, Person, Protection, Relation
from tsunagi.people.queries import (
    hidden_from,
    households_of,
    members_of,
    relations_of,
    same_person,
    shown_name,
)
from tsunagi.people.rules import Facet
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole
from tsunagi.sharing.rules import Powers

from .access import PETITION, POWER, reads_money
from .models import Petition, PetitionStep, Power, PowerVersion
from .rules import (
    STEPS,
    WHAT_IT_IS,
    Acts,
    Aid,
    Aimed,
    HowEnded,
    PetitionState,
    PowerKind,
    Step,
    StepState,
    acts_for,
    end_of,
    is_ahead,
    may_consent_for,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

HOLDER_KINDS, SOURCES = "guardian_kinds", "guardianship_sources"
NOT_SHOWN = "非開示（保護している方です）"


@dataclass(frozen=True)
class PowerCard:
    """A power as a page or a paper shows it.

    `untold`: it tells of a relation that is 未告知, so never on a paper. `guarded`: the person is protected, and who acts for
    them would tell where they are: no name, no court, no telephone on a paper.
    """

    id: int
    person_id: int
    person_name: str
    kind: str
    kind_label: str
    holder_name: str
    holder_id: int | None
    holder_kind: str
    reach_words: str
    acts: str
    acts_label: str
    scope: tuple[str, ...]
    agency_words: str
    consent_words: str
    from_on: date | None
    until_on: date | None
    is_past: bool
    is_ahead: bool
    ended_on: date | None
    how_ended: str
    ended_words: str
    settled_words: str
    successor_id: int | None
    court: str
    case_number: str
    aid: str
    aid_words: str
    source: str
    source_on: date | None
    note: str
    untold: bool
    guarded: bool
    revision: int

    @property
    def may_sign(self) -> bool:
        """Whether they may sign or receive for the person, wholly or within the written range."""
        return self.ended_on is None and self.acts != Acts.NONE

    @property
    def is_over(self) -> bool:
        """Whether somebody said that it is over."""
        return self.ended_on is not None


@dataclass(frozen=True)
class Answering:
    """Who answers for the end of a power or the open step of an application, and by when."""

    row: RowCard

    @property
    def who(self) -> str:
        """Office and worker in words."""
        return f"{self.row.office} {self.row.worker}"


@dataclass(frozen=True)
class VersionCard:
    """What a power said before it was corrected."""

    replaced_at: datetime
    by: str
    why: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PowerPage:
    """One power with who answers for its end, and what it said before."""

    card: PowerCard
    stated_at: datetime
    stated_by: str
    stated_for: str
    answering: Answering | None
    versions: tuple[VersionCard, ...]


@dataclass(frozen=True)
class StepCard:
    """One step of an application."""

    step: str
    label: str
    what_it_is: str
    state: str
    state_label: str
    done_on: date | None
    words: str
    by: str


@dataclass(frozen=True)
class PetitionCard:
    """An application with its steps and who answers for the open one."""

    id: int
    person_id: int
    person_name: str
    office: str
    aimed: str
    asked_by: str
    asked_on: date
    why: str
    fee_words: str
    aid: str
    aid_words: str
    court: str
    case_number: str
    state: str
    state_label: str
    is_open: bool
    stopped_words: str
    ended_at: datetime | None
    power_id: int | None
    steps: tuple[StepCard, ...]
    now_at: str
    now_label: str
    answering: Answering | None
    shows_money: bool
    revision: int


def powers_of(worker: Worker, party_id: int, on: date, *, ended: bool = False) -> list[PowerCard]:
    """Living powers over this person (of a household: over its members), the widest first; with `ended` also those past.

    Only of records this worker sees with 世帯・関係; what a guardian costs only with 経済. Three to five queries.
    """
    shown, money = _shown(worker, party_id, on)
    if not shown:
        return []
    rows = Power.objects.filter(person__party__id__any=list(shown))
    if not ended:
        rows = rows.filter(ended_on__isnull=True)
    found = list(
        rows.select_related("person", "holder", "holder_office").order_by(
            F("ended_on").desc(nulls_first=True), "id"
        )
    )
    return _cards(worker, found, on, money)


def signers_of(worker: Worker, party_id: int, on: date) -> list[PowerCard]:
    """Who may sign or receive for this person on that day; those whose day has passed are left out."""
    return [
        card
        for card in powers_of(worker, party_id, on)
        if card.may_sign and not card.is_past and (card.from_on is None or card.from_on <= on)
    ]


@sees_whole("a power counts whoever asks; what it covers leaves, no name")
def consent_powers(person_id: int, on: date) -> Powers:
    """What is on file of who may consent in this person's place on a day, on every record of theirs. For a deed: it looks at
    every power, whoever may see it, and tells none of them."""
    rows = Power.objects.filter(
        person_id__in=[person_id, *same_person(person_id)], ended_on__isnull=True
    ).select_related("person")
    standing = list(rows.order_by("id"))
    if not standing:
        return Powers.NOT_WRITTEN
    covers = any(
        may_consent_for(
            PowerKind(row.kind), row.agency_words, cares=row.cares, from_on=row.from_on, on=on,
            until_on=end_of(PowerKind(row.kind), row.until_on, row.person.birth_on),
        )
        for row in standing
    )  # fmt: skip
    return Powers.COVERS if covers else Powers.OUTSIDE


def power_page(worker: Worker, power: Power, now: datetime) -> PowerPage:
    """One power, through an open door."""
    on = now.date()
    sight = sight_of(worker, power.person_id, on=on)
    money = {power.person_id} if sight is not None and reads_money(sight) else set()
    versions = PowerVersion.objects.filter(power=power).select_related("replaced_by").order_by("-revision")
    return PowerPage(
        _cards(worker, [power], on, money)[0],
        power.stated_at,
        power.stated_by.name,
        power.stated_for.label,
        answering_for(POWER, [power.pk], now).get(power.pk),
        tuple(
            VersionCard(row.replaced_at, row.replaced_by.name, row.why, tuple(_lines(row.body, bool(money))))
            for row in versions
        ),
    )


def petitions_of(worker: Worker, party_id: int, now: datetime) -> list[PetitionCard]:
    """Applications for this person (of a household: for its members), open ones first, as far as the worker sees them."""
    on = now.date()
    everybody = _of_party(party_id)
    ids = sorted(_seen(worker, everybody, Facet.PROGRESS, on))
    money = _seen(worker, everybody, Facet.MONEY, on) if ids else set()
    if not ids:
        return []
    rows = list(
        Petition.objects.filter(person__party__id__any=ids)
        .select_related("person", "office")
        .order_by(F("ended_at").desc(nulls_first=True), "-id")
    )
    return _petition_cards(rows, now, money)


def petition_card(worker: Worker, petition: Petition, now: datetime) -> PetitionCard:
    """One application, through an open door."""
    sight = sight_of(worker, petition.person_id, on=now.date())
    money = {petition.person_id} if sight is not None and reads_money(sight) else set()
    return _petition_cards([petition], now, money)[0]


def answering_for(subject: str, ids: Iterable[int], now: datetime) -> dict[int, Answering]:
    """The open promise of each of these powers or applications, with its colour."""
    rows = {
        subject_id: pk
        for pk, subject_id in Promise.objects.filter(
            subject_kind=subject, subject_id__in=list(ids), is_open=True
        )
        .order_by("id")
        .values_list("id", "subject_id")
    }
    if not rows:
        return {}
    maker = RowMaker(now)
    cards = {row.id: Answering(maker.of_promised(row)) for row in promised(rows.values())}
    return {subject_id: cards[pk] for subject_id, pk in rows.items() if pk in cards}


def owners_for(worker: Worker, person_id: int) -> list[tuple[int, str]]:
    """Who may answer for a step or an end: colleagues, and workers of offices that support the person."""
    cards = workers_of(owner_offices(worker, person_id))
    return list({card.id: f"{card.name}（{card.office}）" for card in reversed(cards)}.items())[::-1]


def owner_offices(worker: Worker, person_id: int) -> list[int]:
    """The offices whose workers `owners_for` offers, the worker's own first."""
    supporting = (
        Involvement.objects.filter(
            party_id=person_id, ended_at__isnull=True, facets__contains=[Facet.PROGRESS.value]
        )
        .order_by("office_id")
        .values_list("office_id", flat=True)
        .distinct()
    )
    return list(dict.fromkeys((*office_ids(worker), *supporting)))


def likely_owner(worker: Worker, person_id: int) -> int:
    """Who is proposed to answer: a colleague who holds a concern of this person, else whoever writes."""
    ours = set(office_ids(worker))
    for hold in holds_of_parties([person_id]):
        if hold.office_id in ours:
            return hold.worker_id
    return worker.pk


def holder_choices(worker: Worker, person: Person, on: date) -> list[tuple[int, str]]:
    """Persons on file who can be chosen as guardian: those this worker sees in the household or as relations."""
    found: dict[int, str] = {}
    for household in households_of(worker, person, on=on):
        for member in household.members:
            if member.person_id != person.pk:
                found[member.person_id] = f"{member.name}（{member.relation or '同じ世帯'}）"
    for relation in relations_of(worker, person):
        found.setdefault(relation.other_id, relation.other_name)
    return list(found.items())


def persons_to_choose(worker: Worker, party_id: int, on: date) -> list[tuple[int, str]]:
    """The person, or the members of a household, whose powers this worker may read."""
    shown, _money = _shown(worker, party_id, on)
    names = {row.pk: shown_name(row) for row in Person.objects.filter(pk__in=shown).order_by("pk")}
    return [(pk, names[pk]) for pk in shown if pk in names]


def holder_offices() -> list[tuple[int, str]]:
    """Offices and agencies that can hold a power themselves (法人後見, 日常生活自立支援)."""
    return [(office.pk, office.label) for office in offices()]


def code_choices(key: str) -> list[tuple[str, str]]:
    """What a code list offers."""
    return codes.choices(key)


# -- pieces ----------------------------------------------------------------------------------------------


def _of_party(party_id: int) -> list[int]:
    """The person with their other records; of a household its members. Not filtered by who asks."""
    members = members_of(party_id)
    return members or [party_id, *same_person(party_id)]


def _shown(worker: Worker, party_id: int, on: date) -> tuple[list[int], set[int]]:
    """Records whose powers may be read, and those of which money may be read: two queries, however many persons."""
    ids = _of_party(party_id)
    seen = _seen(worker, ids, Facet.HOUSEHOLD, on)
    return [pk for pk in ids if pk in seen], _seen(worker, ids, Facet.MONEY, on) if seen else set()


def _seen(worker: Worker, ids: list[int], facet: Facet, on: date) -> set[int]:
    offices = list(offices_for(worker, Purpose.READ_PERSON))
    return {pk for (pk,) in _SEEN[facet].rows(worker.pk, offices, sorted(closed_to(worker)), on, ids)}


def _seen_with(facet: Facet) -> Kept:
    return Kept(
        lambda who, offices, closed, on, ids: (
            Party.objects.filter(id__any=ids)
            .filter(pk__in=parties_seen_by(who, offices, closed, on=on, facet=facet))
            .order_by()
            .values_list("id")
        )
    )


_SEEN = {facet: _seen_with(facet) for facet in (Facet.HOUSEHOLD, Facet.MONEY, Facet.PROGRESS)}


def _cards(worker: Worker, rows: list[Power], on: date, money: Collection[int]) -> list[PowerCard]:
    holders = {row.holder_id for row in rows if row.holder_id}
    hidden = hidden_from(worker, holders) if holders else set()
    untold = _untold(rows) if holders else set()
    guarded = _guarded({row.person_id for row in rows})
    withheld = {pk for pk in guarded if address_withheld(worker, pk, on=on)}
    months = codes.number("cliff.months")
    return [
        _card(
            row,
            on,
            months,
            money,
            row.holder_id in hidden or row.person_id in withheld,
            untold,
            row.person_id in guarded,
        )
        for row in rows
    ]


@sees_whole("who is guarded must never be missed by who looks")
def _guarded(person_ids: set[int]) -> set[int]:
    """Those of these persons who are protected now, by their own record or another one of theirs (H12)."""
    if not person_ids:
        return set()
    rows = Protection.objects.filter(ended_at__isnull=True).filter(
        Q(person__party__id__any=list(person_ids)) | Q(person__party__same_as__id__any=list(person_ids))
    )
    return set(
        rows.order_by().values_list(Coalesce("person__party__same_as_id", "person_id"), flat=True)
    ) | set(rows.order_by().values_list("person_id", flat=True))


@sees_whole("who is guarded must never be missed by who looks")
def _untold(rows: list[Power]) -> set[frozenset[int]]:
    """Pairs whose relation is 未告知."""
    ids = {row.person_id for row in rows}
    return {
        frozenset(pair)
        for pair in Relation.objects.filter(untold=True, ended_at__isnull=True)
        .filter(Q(person__party__id__any=list(ids)) | Q(other__party__id__any=list(ids)))
        .order_by()
        .values_list("person_id", "other_id")
    }


def _card(
    row: Power,
    on: date,
    months: int,
    money: Collection[int],
    is_hidden: bool,
    untold: Collection[frozenset[int]],
    guarded: bool,
) -> PowerCard:
    kind = PowerKind(row.kind)
    acts = acts_for(kind, row.agency_words)
    shows_money = row.person_id in money
    scope = ("身上保護",) * row.cares + ("財産管理",) * row.keeps_money
    return PowerCard(
        id=row.pk,
        person_id=row.person_id,
        person_name=shown_name(row.person),
        kind=row.kind,
        kind_label=kind.label,
        holder_name=NOT_SHOWN if is_hidden else _holder(row),
        holder_id=None if is_hidden else row.holder_id,
        holder_kind=codes.label_of(HOLDER_KINDS, row.holder_kind) if row.holder_kind else "",
        reach_words="" if is_hidden else row.reach_words,
        acts=acts.value,
        acts_label=acts.label,
        scope=scope,
        agency_words=row.agency_words,
        consent_words=row.consent_words,
        from_on=row.from_on,
        until_on=row.until_on,
        is_past=row.ended_on is None and row.until_on is not None and row.until_on < on,
        is_ahead=row.ended_on is None and is_ahead(row.until_on, today=on, months=months),
        ended_on=row.ended_on,
        how_ended=HowEnded.label_of(row.how_ended) if row.how_ended else "",
        ended_words=row.ended_words,
        settled_words=row.settled_words,
        successor_id=row.successor_id,
        court="" if is_hidden else row.court,
        case_number="" if is_hidden else row.case_number,
        aid=Aid(row.aid).label if shows_money and row.aid else "",
        aid_words=row.aid_words if shows_money else "",
        source=codes.label_of(SOURCES, row.source) if row.source else "",
        source_on=row.source_on,
        note=row.note,
        untold=row.holder_id is not None and frozenset((row.person_id, row.holder_id)) in untold,
        guarded=guarded,
        revision=row.revision,
    )


def _holder(row: Power) -> str:
    if row.holder is not None:
        return shown_name(row.holder)
    return row.holder_office.label if row.holder_office is not None else row.holder_name


_CALLED = (
    ("kind", "種類"), ("holder_name", "名前・法人"), ("agency_words", "代理権の範囲"), ("consent_words", "同意権・取消権"),
    ("from_on", "始まり"), ("until_on", "終わり"), ("court", "裁判所"), ("case_number", "事件番号"),
    ("aid_words", "報酬・助成"), ("note", "ひとこと"),
)  # fmt: skip


def _lines(body: dict[str, Any], money: bool) -> Iterable[tuple[str, str]]:
    for name, label in _CALLED:
        value = body.get(name)
        if not value or (name == "aid_words" and not money):
            continue
        yield label, PowerKind.label_of(value) if name == "kind" else str(value)


def _petition_cards(rows: list[Petition], now: datetime, money: Collection[int]) -> list[PetitionCard]:
    ids = [row.pk for row in rows]
    steps: dict[int, dict[str, PetitionStep]] = {}
    for step in PetitionStep.objects.filter(petition_id__in=ids).select_related("settled_by").order_by("id"):
        steps.setdefault(step.petition_id, {})[step.step] = step
    answering = answering_for(PETITION, ids, now)
    made = []
    for row in rows:
        cards = [_step(step, steps.get(row.pk, {}).get(step.value)) for step in STEPS]
        now_at = next((card for card in cards if card.state == StepState.OPEN), None)
        shows = row.person_id in money
        made.append(
            PetitionCard(
                id=row.pk,
                person_id=row.person_id,
                person_name=shown_name(row.person),
                office=row.office.label,
                aimed=Aimed(row.aimed).label if row.aimed else "",
                asked_by=row.asked_by,
                asked_on=row.asked_on,
                why=row.why,
                fee_words=row.fee_words if shows else "",
                aid=Aid(row.aid).label if shows and row.aid else "",
                aid_words=row.aid_words if shows else "",
                court=row.court,
                case_number=row.case_number,
                state=row.state,
                state_label=PetitionState(row.state).label,
                is_open=row.state == PetitionState.OPEN,
                stopped_words=row.stopped_words,
                ended_at=row.ended_at,
                power_id=row.power_id,
                steps=tuple(cards),
                now_at=now_at.step if now_at else "",
                now_label=now_at.label if now_at else "",
                answering=answering.get(row.pk),
                shows_money=shows,
                revision=row.revision,
            )
        )
    return made


def _step(step: Step, row: PetitionStep | None) -> StepCard:
    state = StepState(row.state) if row else StepState.WAITING
    return StepCard(
        step=step.value,
        label=step.label,
        what_it_is=WHAT_IT_IS[step],
        state=state.value,
        state_label=state.label,
        done_on=row.done_on if row else None,
        words=row.words if row else "",
        by=row.settled_by.name if row and row.settled_by else "",
    )
