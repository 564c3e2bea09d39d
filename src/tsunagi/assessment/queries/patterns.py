"""What a household shows (世帯の形), asked when a worker opens the file's page and nowhere else; stored nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Max

from tsunagi.assessment.access import Family, Kin, life_kinds, scope_of
from tsunagi.assessment.models import Answer, LifeEvent, PatternWord
from tsunagi.assessment.rules import (
    PAGE_OF,
    RULE_OF,
    SILENT_AFTER_DAYS,
    Basis,
    Ended,
    Found,
    Given,
    HouseholdFacts,
    Member,
    Pattern,
    Section,
    Verdict,
    View,
    chief,
    find_patterns,
    question_of,
    rests,
    shows,
)
from tsunagi.holding.models import Closing, ContactOn
from tsunagi.intake.models import Consultation
from tsunagi.people.models import Relation
from tsunagi.people.rules import Facet, RelationKind
from tsunagi.shared.days import TOKYO, day_of

from .sheets import in_words, visible_given

if TYPE_CHECKING:
    from tsunagi.cases.models import Case

# What the rules ask of persons and of the household: (section, question).
_OF_PERSONS = (
    (Section.WORK_SCHOOL, "work"),
    (Section.WORK_SCHOOL, "school"),
    (Section.WORK_SCHOOL, "withdrawn"),
    (Section.RELATIONS, "care"),
    (Section.RELATIONS, "care_hours"),
    (Section.RELATIONS, "contacts"),
    (Section.HEALTH, "daily_help"),
    (Section.HEALTH, "care_level"),
    (Section.BASIC, "marriage"),
)
_OF_HOUSEHOLD = ((Section.MONEY, "budget"), (Section.MONEY, "arrears"), (Section.RELATIONS, "community"))
_AWAY_FROM_SCHOOL = ("不登校", "学校に行け", "学校へ行け", "登校でき", "中退", "休学")


@dataclass(frozen=True)
class BasisCard:
    """A record a pattern rests on, and where it stands: a section, a life, a concern, a person."""

    words: str
    kind: str
    number: int
    section: str


@dataclass(frozen=True)
class WordCard:
    """What a worker said of a pattern."""

    verdict: str
    verdict_label: str
    reason: str
    until_on: date | None
    at: datetime
    by: str


@dataclass(frozen=True)
class PatternCard:
    """A pattern the household shows. `word` is an answer that still holds; `earlier` one whose records changed since,
    or whose day has come."""

    pattern: str
    label: str
    persons: str
    fingerprint: str
    words: str
    plain: str
    source: str
    basis: tuple[BasisCard, ...]
    word: WordCard | None
    earlier: WordCard | None

    @property
    def is_asked(self) -> bool:
        """Whether a worker's answer is still wanted."""
        return self.word is None


def patterns_of(case: Case, family: Family, *, on: date) -> tuple[PatternCard, ...]:
    """What this household shows to a worker who opened the file, with what was answered. Rests only on what the
    worker's office may see (`family`)."""
    words = _words_of(case)
    return tuple(_card(found, words, on) for found in find_patterns(household_facts(case, family, on=on)))


def pattern_found(case: Case, family: Family, pattern: str, persons: str, *, on: date) -> Found | None:
    """One pattern as it shows now, for the deed of answering; None when the records no longer show it."""
    return next(
        (
            found
            for found in find_patterns(household_facts(case, family, on=on))
            if found.pattern == pattern and found.key == persons
        ),
        None,
    )


def household_facts(case: Case, family: Family, *, on: date) -> HouseholdFacts:
    """What was recorded of the household, as far as it may be seen."""
    answers = _answers(case, family)
    life = _school_left(family)
    members = tuple(_member(kin, answers, life) for kin in family.members if kin.died_on is None)
    told = {
        key: answers[(section, None, key)]
        for section, key in _OF_HOUSEHOLD
        if (section, None, key) in answers
    }
    return HouseholdFacts(
        members=members,
        parents=_parents(family),
        budget=_one(told.get("budget")),
        arrears=_one(told.get("arrears")),
        community=_one(told.get("community")),
        basis={key: basis for key, (_, basis) in told.items()},
        ended=_ended(case, family, on) if Facet.PROGRESS in family.facets else (),
    )


_Told = Mapping[tuple[Section, int | None, str], tuple[Given, Basis]]


def _answers(case: Case, family: Family) -> dict[tuple[Section, int | None, str], tuple[Given, Basis]]:
    """(section, person, question) → what stands, of the newest answers over all assessments of the file."""
    keys = {key for _, key in (*_OF_PERSONS, *_OF_HOUSEHOLD)}
    rows = (
        Answer.objects.filter(sheet__assessment__case=case, question__in=keys)
        .order_by("sheet__section", "sheet__person_id", "question", "view", "-id")
        .distinct("sheet__section", "sheet__person_id", "question", "view")
        .values_list("sheet__section", "sheet__person_id", "question", "view", "values", "words")
    )
    by_view: dict[tuple[Section, int | None, str], dict[View, Given]] = {}
    for section_value, person_id, key, view, values, words in rows:
        section = Section(section_value)
        wanted = (section, key) in (_OF_HOUSEHOLD if person_id is None else _OF_PERSONS)
        facets = family.facets_of(person_id)
        question = question_of(section, scope_of(person_id), key)
        if wanted and question is not None and shows(PAGE_OF[section], facets):
            given = visible_given(question, Given(tuple(values), words), facets)
            by_view.setdefault((section, person_id, key), {})[View(view)] = given
    found = {}
    for place, views in by_view.items():
        section, person, key = place
        standing = chief(views)
        question = question_of(section, scope_of(person), key)
        if standing is None or question is None or views[standing].is_unknown:
            continue
        given = views[standing]
        words = f"{family.label_of(person)}：{question.label} {in_words(question, given)}（{standing.label}の見方）"
        state = ",".join([*sorted(given.values), given.words])
        found[place] = (given, Basis(f"answer.{section.value}.{key}", person or 0, words, state))
    return found


def _one(told: tuple[Given, Basis] | None) -> str:
    return told[0].values[0] if told and told[0].values else ""


def _member(kin: Kin, answers: _Told, life: Mapping[int, tuple[Basis, ...]]) -> Member:
    told = {
        key: answers[(section, kin.id, key)]
        for section, key in _OF_PERSONS
        if (section, kin.id, key) in answers
    }

    def many(key: str) -> frozenset[str]:
        return frozenset(told[key][0].values) if key in told else frozenset()

    return Member(
        id=kin.id,
        name=kin.name,
        youngest=kin.youngest,
        oldest=kin.oldest,
        lives_here=kin.lives_here,
        work=_one(told.get("work")),
        school=_one(told.get("school")),
        withdrawn=_one(told.get("withdrawn")),
        care=many("care"),
        daily_help=many("daily_help"),
        care_level=_one(told.get("care_level")),
        contacts=many("contacts"),
        marriage=_one(told.get("marriage")),
        life=life.get(kin.id, ()),
        basis={key: basis for key, (_, basis) in told.items()},
    )


def _parents(family: Family) -> frozenset[tuple[int, int]]:
    """(parent, child) among the people seen: by relations (never an untold one), and by 続柄 to the centre."""
    ids = [kin.id for kin in family.members]
    rows = Relation.objects.filter(
        person_id__in=ids, other_id__in=ids, kind=RelationKind.PARENT, untold=False, ended_at__isnull=True
    )
    pairs = set(rows.order_by().values_list("person_id", "other_id"))
    centre = next((kin.id for kin in family.members if kin.relation == "self"), None)
    for kin in family.members:
        if centre is None or kin.id == centre:
            continue
        if kin.relation in ("father", "mother"):
            pairs.add((kin.id, centre))
        elif kin.relation == "child":
            pairs.add((centre, kin.id))
    return frozenset(pairs)


def _school_left(family: Family) -> dict[int, tuple[Basis, ...]]:
    """Life events that say that somebody stayed away from school or left it."""
    ids = [kin.id for kin in family.members if life_kinds(family, kin.id)]
    rows = LifeEvent.objects.filter(
        person_id__in=ids, kind__in=["school", "hard"], removed_at__isnull=True
    ).order_by("id")
    found: dict[int, tuple[Basis, ...]] = {}
    for row in rows:
        if any(word in row.words or word in row.detail for word in _AWAY_FROM_SCHOOL):
            when = f"{row.since_text} " if row.since_text else ""
            basis = Basis(
                "life", row.pk, f"{family.label_of(row.person_id)}：{when}{row.words}", str(row.revision)
            )
            found[row.person_id] = (*found.get(row.person_id, ()), basis)
    return found


def _ended(case: Case, family: Family, on: date) -> tuple[Ended, ...]:
    """Support of these people that ended half a year ago or longer, and whether anything was heard since."""
    parties = [
        case.party_id,
        *(kin.id for kin in family.members if {Facet.PROGRESS, Facet.CONSULTATION} <= kin.facets),
    ]
    before = datetime(on.year, on.month, on.day, tzinfo=TOKYO) - timedelta(days=SILENT_AFTER_DAYS)
    rows = list(
        Closing.objects.filter(
            concern__party_id__in=parties,
            concern__closed_at__isnull=False,
            reopened_at__isnull=True,
            at__lt=before,
        )
        .order_by("concern_id", "-id")
        .distinct("concern_id")
        .values_list("concern_id", "concern__party_id", "concern__description", "at", "outcome")
    )
    if not rows:
        return ()
    heard: dict[int, datetime] = dict(
        ContactOn.objects.filter(concern__party_id__in=parties)
        .order_by()
        .values_list("concern__party_id")
        .annotate(last=Max("at"))
    )
    for party_id, came in (
        Consultation.objects.filter(party_id__in=parties)
        .order_by()
        .values_list("party_id")
        .annotate(last=Max("came_at"))
    ):
        heard[party_id] = max(came, heard.get(party_id, came))
    return tuple(
        Ended(
            concern_id, description or "内容の書かれていない課題", day_of(at), outcome,
            party_id in heard and heard[party_id] > at,
        )
        for concern_id, party_id, description, at, outcome in rows
    )  # fmt: skip


def _words_of(case: Case) -> dict[tuple[str, str], PatternWord]:
    rows = (
        PatternWord.objects.filter(case=case)
        .select_related("by")
        .order_by("pattern", "persons", "-id")
        .distinct("pattern", "persons")
    )
    return {(row.pattern, row.persons): row for row in rows}


def _card(found: Found, words: Mapping[tuple[str, str], PatternWord], on: date) -> PatternCard:
    row = words.get((found.pattern.value, found.key))
    said = (
        WordCard(row.verdict, Verdict(row.verdict).label, row.reason, row.until_on, row.at, row.by.name)
        if row
        else None
    )
    holds = row is not None and rests(
        Verdict(row.verdict),
        same_records=row.fingerprint == found.fingerprint,
        until_on=row.until_on,
        today=on,
    )
    rule = RULE_OF[Pattern(found.pattern)]
    return PatternCard(
        found.pattern.value, found.pattern.label, found.key, found.fingerprint, found.words, rule.plain, rule.source,
        tuple(_basis(one) for one in found.basis), said if holds else None, None if holds else said,
    )  # fmt: skip


def _basis(one: Basis) -> BasisCard:
    kind, _, rest = one.kind.partition(".")
    return BasisCard(one.words, kind, one.number, rest.partition(".")[0])
