"""How it stands with a person's consent: for meetings, papers and doors. Ask inside the person's open door.

Of two records of one person the words of both are heard (`rules.heard`); what a consent opens stays with the record it was
given on (a merge widens nobody's sight, H12).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from tsunagi.people.models import Party, Person
from tsunagi.people.rules import Facet, PartyKind
from tsunagi.shared.rows import sees_whole
from tsunagi.sharing.models import Consent, ConsentOffice, Explanation
from tsunagi.sharing.rules import (
    ConsentBy,
    ConsentState,
    ConsentWay,
    EndKind,
    Preset,
    Said,
    heard,
    how_it_stands,
    told_to,
)


@dataclass(frozen=True)
class ConsentOfficeCard:
    """An office a consent opens to. `told_on`: when the person was told of it."""

    id: int
    office_id: int
    office: str
    ground: str
    added_at: datetime
    why: str
    told_on: date | None
    needs_telling: bool
    ended_at: datetime | None
    ended_how: str


@dataclass(frozen=True)
class ConsentCard:
    """One consent as it was recorded, and how it stands. `is_open`: it has not ended; `stands`: it opens something."""

    id: int
    person_id: int
    state: ConsentState
    preset: str
    facets: tuple[str, ...]
    facet_labels: tuple[str, ...]
    purpose: str
    way: str
    given_by: str
    given_by_name: str
    child_word: str
    parent_harm: str
    instead: str
    second: str
    explanation: str
    explained_on: date | None
    present: str
    kept_where: str
    words: str
    judged_by: str
    judged_on: str
    ask_again_on: date | None
    until_on: date | None
    of_age_on: date | None
    looked_at_on: date
    look_again_on: date
    look_again: bool
    asked_by: str
    office: str
    recorded_at: datetime
    previous_id: int | None
    ended_at: datetime | None
    ended_how: str
    ended_words: str
    was_withdrawn: bool
    is_open: bool
    stands: bool
    offices: tuple[ConsentOfficeCard, ...]
    revision: int

    @property
    def state_label(self) -> str:
        """同意あり(全部) … as the person's page says it."""
        if self.was_withdrawn:
            return ConsentState.WITHDRAWN.label
        return self.state.label

    @property
    def living_offices(self) -> tuple[ConsentOfficeCard, ...]:
        """To whom it opens now."""
        return tuple(row for row in self.offices if row.ended_at is None)


def consent_state(person_id: int, *, on: date) -> ConsentState:
    """How it stands with this person's consent on a day. 未説明 for a person nobody asked."""
    return how_it_stands(_said([person_id]).get(person_id, ()), on=on)


def consent_states(person_ids: Iterable[int], *, on: date) -> dict[int, ConsentState]:
    """The same for many persons in three statements."""
    ids = list(dict.fromkeys(person_ids))
    said = _said(ids)
    return {person_id: how_it_stands(said.get(person_id, ()), on=on) for person_id in ids}


def may_be_told(person_id: int, office_id: int, *, on: date) -> frozenset[str]:
    """The facets this office may be told of this person by consent on a day; empty when none."""
    return told_to(_said([person_id]).get(person_id, ()), office_id, on=on)


def offices_within_consent(person_id: int, *, on: date) -> frozenset[int]:
    """The offices the person's consent opens to on a day."""
    standing = heard(_said([person_id]).get(person_id, ()), on=on)
    return frozenset(office for row in standing for office, facets in row.opens.items() if facets)


def named_on_papers(person_ids: Iterable[int], office_id: int | None, on: date) -> frozenset[int]:
    """Of these persons, whose name may stand on a paper for this office (None: for nobody in particular) by consent.

    A person is named whose consent lets this office be told 基本. A paper for nobody in particular names whoever gave the
    standard consent in whole. The subject of a paper is not asked here; everybody else is masked as relation and age.
    """
    ids = list(dict.fromkeys(person_ids))
    named = set()
    for person_id, rows in _said(ids).items():
        if office_id is None:
            if any(row.state == ConsentState.GIVEN_ALL for row in heard(rows, on=on)):
                named.add(person_id)
        elif Facet.BASIC.value in told_to(rows, office_id, on=on):
            named.add(person_id)
    return frozenset(named)


def consents_of(person_id: int, *, on: date) -> list[ConsentCard]:
    """Everything ever said by this record about consent, newest first; cards that stand on the day say so."""
    rows = list(
        Consent.objects.filter(person_id=person_id)
        .select_related("asked_by", "office", "explanation", "second")
        .prefetch_related("offices__office")
        .order_by("-id")
    )
    standing = {row.id for row in heard(_said([person_id]).get(person_id, ()), on=on)}
    return [_card(row, row.pk in standing, on) for row in rows]


def consent_card(consent: Consent | int, *, on: date) -> ConsentCard:
    """One consent with its offices."""
    number = consent if isinstance(consent, int) else consent.pk
    row = (
        Consent.objects.select_related("asked_by", "office", "explanation", "second")
        .prefetch_related("offices__office")
        .get(pk=number)
    )
    standing = {said.id for said in heard(_said([row.person_id]).get(row.person_id, ()), on=on)}
    return _card(row, row.pk in standing, on)


@dataclass(frozen=True)
class ExplanationCard:
    """A version of the 説明文書."""

    id: int
    number: int
    title: str
    words: str
    plain_words: str
    from_on: date

    @property
    def label(self) -> str:
        """第1版 個人情報の管理・取扱いについて."""
        return f"第{self.number}版 {self.title}"


def explanations(*, on: date | None = None) -> list[ExplanationCard]:
    """The versions of the 説明文書, newest first; with a day only those in force by then."""
    rows = Explanation.objects.order_by("-number")
    if on is not None:
        rows = rows.filter(from_on__lte=on)
    return [
        ExplanationCard(row.pk, row.number, row.title, row.words, row.plain_words, row.from_on)
        for row in rows
    ]


def records_of_one(person_ids: Iterable[int]) -> dict[int, list[int]]:
    """Of each person every record of the same person (統合), itself included."""
    ids = list(dict.fromkeys(person_ids))
    roots = {
        pk: root or pk
        for pk, root in Party.objects.filter(pk__in=ids, kind=PartyKind.PERSON)
        .order_by("id")
        .values_list("id", "same_as_id")
    }
    wanted = set(roots.values())
    groups: dict[int, list[int]] = {}
    for pk, root in (
        Party.objects.filter(Q(pk__in=wanted) | Q(same_as_id__in=wanted), kind=PartyKind.PERSON)
        .order_by("id")
        .values_list("id", "same_as_id")
    ):
        groups.setdefault(root or pk, []).append(pk)
    return {pk: groups.get(root, [pk]) for pk, root in roots.items()}


@sees_whole("what a person said counts whoever asks; states, facets and offices leave")
def _said(person_ids: Iterable[int]) -> dict[int, list[Said]]:
    """What was said by each of these persons, on any record of theirs."""
    records = records_of_one(person_ids)
    owners: dict[int, list[int]] = {}
    for person_id, same in records.items():
        for record in same:
            owners.setdefault(record, []).append(person_id)
    rows = list(Consent.objects.filter(person_id__in=owners).order_by("id"))
    dead = set(
        Person.objects.filter(pk__in=owners, died_on__isnull=False).values_list("pk", flat=True)
        if rows
        else ()
    )
    opens: dict[int, dict[int, frozenset[str]]] = {}
    facets = {row.pk: frozenset(row.facets) for row in rows}
    for consent_id, office_id in (
        ConsentOffice.objects.filter(consent_id__in=facets, ended_at__isnull=True)
        .order_by("id")
        .values_list("consent_id", "office_id")
        if facets
        else ()
    ):
        opens.setdefault(consent_id, {})[office_id] = facets[consent_id]
    said: dict[int, list[Said]] = {}
    for row in rows:
        if row.person_id in dead:
            # Consents end with death, also before the job has written it down.
            continue
        one = Said(
            row.pk,
            row.state,
            row.recorded_at,
            row.ended_at,
            row.ended_how,
            _earliest(row.until_on, row.of_age_on),
            opens.get(row.pk, {}),
        )
        for person_id in owners[row.person_id]:
            said.setdefault(person_id, []).append(one)
    return said


def _earliest(until_on: date | None, of_age_on: date | None) -> date | None:
    """The last day on which a consent stands: the person's own last day, and the day before the eighteenth birthday."""
    from datetime import timedelta

    days = [day for day in (until_on, of_age_on - timedelta(days=1) if of_age_on else None) if day]
    return min(days) if days else None


def look_again_day(row: Consent) -> date:
    """A year after it was last looked at; amber on the holder's board from then on, nothing ends."""
    seen = row.looked_at_on
    try:
        return seen.replace(year=seen.year + 1)
    except ValueError:
        return date(seen.year + 1, 3, 1)


def _card(row: Consent, stands: bool, on: date) -> ConsentCard:
    offices = tuple(
        ConsentOfficeCard(
            id=office.pk,
            office_id=office.office_id,
            office=office.office.label,
            ground=office.ground,
            added_at=office.added_at,
            why=office.why,
            told_on=office.told_on,
            needs_telling=office.told_on is None and office.ended_at is None,
            ended_at=office.ended_at,
            ended_how=EndKind.label_of(office.ended_how) if office.ended_how else "",
        )
        for office in sorted(row.offices.all(), key=lambda office: office.pk)
    )
    again = look_again_day(row)
    return ConsentCard(
        id=row.pk,
        person_id=row.person_id,
        state=ConsentState(row.state),
        preset=Preset.label_of(row.preset) if row.preset else "",
        facets=tuple(row.facets),
        facet_labels=tuple(Facet.label_of(facet) for facet in row.facets),
        purpose=row.purpose,
        way=ConsentWay.label_of(row.way) if row.way else "",
        given_by=ConsentBy.label_of(row.given_by),
        given_by_name=row.given_by_name,
        child_word=row.child_word,
        parent_harm=row.parent_harm,
        instead=row.instead,
        second=row.second.name if row.second else "",
        explanation=f"第{row.explanation.number}版 {row.explanation.title}" if row.explanation else "",
        explained_on=row.explained_on,
        present=row.present,
        kept_where=row.kept_where,
        words=row.words,
        judged_by=row.judged_by,
        judged_on=row.judged_on,
        ask_again_on=row.ask_again_on,
        until_on=row.until_on,
        of_age_on=row.of_age_on,
        looked_at_on=row.looked_at_on,
        look_again_on=again,
        look_again=stands and again <= on,
        asked_by=row.asked_by.name,
        office=row.office.label,
        recorded_at=row.recorded_at,
        previous_id=row.previous_id,
        ended_at=row.ended_at,
        ended_how=EndKind.label_of(row.ended_how) if row.ended_how else "",
        ended_words=row.ended_words,
        was_withdrawn=row.ended_how in (EndKind.WITHDRAWN, EndKind.PARTLY),
        is_open=row.ended_at is None,
        stands=stands,
        offices=offices,
        revision=row.revision,
    )
