"""Strengths and lives as screens and papers print them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from tsunagi.assessment.access import Family, Kin, family_of, life_kinds, may_see_strength
from tsunagi.assessment.models import LifeEvent, LifeEventVersion, Strength, StrengthVersion
from tsunagi.assessment.rules import (
    MILESTONE_SIGNS,
    Gap,
    LifeKind,
    Source,
    Span,
    View,
    When,
    Whose,
    ages_at,
    in_order,
    read_when,
    timeline,
)
from tsunagi.people.rules import PartyKind
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .sheets import narrowed

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.cases.models import Case


@dataclass(frozen=True)
class Earlier:
    """What something said before it was put right."""

    words: str
    at: datetime
    by: str


@dataclass(frozen=True)
class StrengthCard:
    """One strength. `party_id` is the person, or the household; `ended_on` when it is none any more."""

    id: int
    party_id: int
    subject: str
    whose: str
    whose_label: str
    words: str
    evidence: str
    told_by: str
    told_by_label: str
    since: str
    ended_on: date | None
    ended_words: str
    at: datetime
    by: str
    revision: int
    earlier: tuple[Earlier, ...]


@dataclass(frozen=True)
class LifeCard:
    """One thing of a life."""

    id: int
    kind: str
    kind_label: str
    sign: str
    words: str
    detail: str
    when: str
    first_year: int | None
    ages: str
    source: str
    at: datetime | None
    by: str
    revision: int
    earlier: tuple[Earlier, ...]
    goes_on: bool


@dataclass(frozen=True)
class GapCard:
    """Years of which nothing is known yet."""

    first: int
    last: int
    ages: str

    @property
    def words(self) -> str:
        """1998〜2006年."""
        return f"{self.first}〜{self.last}年"


@dataclass(frozen=True)
class LifeLine:
    """One line of a life: an event or a gap, in order of time."""

    event: LifeCard | None = None
    gap: GapCard | None = None


@dataclass(frozen=True)
class LifeHistory:
    """One person's life as far as it is known. `unplaced`: nobody can say when. `removed`: taken out as wrong."""

    person_id: int
    name: str
    label: str
    born: date | None
    lines: tuple[LifeLine, ...]
    unplaced: tuple[LifeCard, ...]
    removed: tuple[tuple[str, str, str, datetime], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was written down."""
        return not self.unplaced and not any(line.event for line in self.lines)

    @property
    def gaps(self) -> tuple[GapCard, ...]:
        """The gaps alone."""
        return tuple(line.gap for line in self.lines if line.gap)


def strengths_of(
    worker: Worker,
    case: Case,
    *,
    on: date,
    ended: bool = True,
    facets_shown: Iterable[str] | None = None,
    family: Family | None = None,
) -> tuple[StrengthCard, ...]:
    """The strengths of a file's household that this worker may see, the person's first; without those that ended when
    `ended` is False. A plan's goals point at their `id`."""
    family = family or family_of(worker, case, on=on)
    if facets_shown is not None:
        family = narrowed(family, facets_shown)
    parties = [case.party_id, *(kin.id for kin in family.members)]
    rows = (
        Strength.objects.filter(party_id__in=parties)
        .select_related("by")
        .prefetch_related(
            Prefetch("versions", StrengthVersion.objects.select_related("replaced_by").order_by("-revision"))
        )
        .order_by("id")
    )
    if not ended:
        rows = rows.filter(ended_on__isnull=True)
    order = {whose.value: place for place, whose in enumerate(Whose)}
    cards = [_strength(row, family, case) for row in rows if may_see_strength(family, case, row.party_id)]
    return tuple(sorted(cards, key=lambda card: (card.ended_on is not None, order[card.whose], card.id)))


def history_of(
    worker: Worker,
    case: Case,
    *,
    on: date,
    facets_shown: Iterable[str] | None = None,
    family: Family | None = None,
) -> tuple[LifeHistory, ...]:
    """The lives of the people of a file's household whose 生育歴 this worker may see, the person at the centre first."""
    family = family or family_of(worker, case, on=on)
    if facets_shown is not None:
        family = narrowed(family, facets_shown)
    seen = [kin for kin in family.members if life_kinds(family, kin.id)]
    rows = (
        LifeEvent.objects.filter(person_id__in=[kin.id for kin in seen])
        .select_related("by", "removed_by")
        .prefetch_related(
            Prefetch("versions", LifeEventVersion.objects.select_related("replaced_by").order_by("-revision"))
        )
        .order_by("id")
    )
    by_person: dict[int, list[LifeEvent]] = {}
    for row in rows:
        if LifeKind(row.kind) in life_kinds(family, row.person_id):
            by_person.setdefault(row.person_id, []).append(row)
    return tuple(_life(kin, by_person.get(kin.id, []), on) for kin in seen)


def strength_subjects(family: Family, case: Case) -> list[tuple[int, str]]:
    """Whose a strength can be: the household, and each person whose strengths are open to the worker."""
    found = []
    if case.party.kind != PartyKind.PERSON and may_see_strength(family, case, case.party_id):
        found.append((case.party_id, "世帯・周り" if family.members else "この方・周り"))
    found += [(kin.id, kin.name) for kin in family.members if may_see_strength(family, case, kin.id)]
    return found


def _strength(row: Strength, family: Family, case: Case) -> StrengthCard:
    kin = family.member(row.party_id)
    born = kin.born[0] if kin and kin.born else None
    return StrengthCard(
        row.pk,
        row.party_id,
        family.label_of(row.party_id),
        row.whose,
        Whose(row.whose).label,
        row.words,
        row.evidence,
        row.told_by,
        View(row.told_by).label,
        said(row.since_text, born=born, on=day_of(row.at)).shown,
        row.ended_on,
        row.ended_words,
        row.at,
        row.by.name,
        row.revision,
        tuple(Earlier(version.body.get("words", ""), version.replaced_at, version.replaced_by.name) for version in row.versions.all()),
    )  # fmt: skip


def _life(kin: Kin, rows: list[LifeEvent], on: date) -> LifeHistory:
    first_born = kin.born[0] if kin.born else None
    spans, cards = [], {}
    end = min(on, kin.died_on) if kin.died_on else on
    for row in rows:
        if row.removed_at is not None:
            continue
        since = said(row.since_text, born=first_born, on=row.said_on)
        until = said(row.until_text, born=first_born, on=row.said_on) if row.until_text else None
        spans.append(Span(row.pk, since, until, row.goes_on))
        cards[row.pk] = _card(row, since, until, kin)
    birth_written = any(row.kind == LifeKind.BIRTH and row.removed_at is None for row in rows)
    if kin.born is not None and not birth_written:
        when = When("", kin.born[0], kin.born[1], kin.born[0] != kin.born[1])
        spans.append(Span(0, when))
        shown = when.shown if when.is_a_day else f"{kin.born[0].year}年ごろ"
        cards[0] = LifeCard(
            0, LifeKind.BIRTH, LifeKind.BIRTH.label, MILESTONE_SIGNS[LifeKind.BIRTH], "生まれる", "", shown, kin.born[0].year,
            "0歳", "", None, "", 0, (), False,
        )  # fmt: skip
    lines = []
    for line in timeline(spans, born_year=first_born.year if first_born else None, today=end):
        if isinstance(line, Gap):
            lines.append(LifeLine(gap=GapCard(line.first, line.last, _gap_ages(line, kin))))
        else:
            lines.append(LifeLine(event=cards[line.key]))
    _, unplaced = in_order(spans)
    removed = tuple(
        (row.words, row.removed_why, row.removed_by.name, row.removed_at)
        for row in rows
        if row.removed_at is not None and row.removed_by is not None
    )
    return LifeHistory(
        kin.id,
        kin.name,
        kin.label,
        kin.born_on,
        tuple(lines),
        tuple(cards[span.key] for span in unplaced),
        removed,
    )


def _card(row: LifeEvent, since: When, until: When | None, kin: Kin) -> LifeCard:
    shown = since.shown
    if row.goes_on:
        shown = f"{shown} から、いまも" if shown else "いまも"
    elif until is not None:
        shown = f"{shown} から {until.shown} まで"
    source = Source(row.source).label if row.source else ""
    if row.source_words:
        source = f"{source}（{row.source_words}）" if source else row.source_words
    kind = LifeKind(row.kind)
    return LifeCard(
        row.pk, kind.value, kind.label, MILESTONE_SIGNS[kind], row.words, row.detail, shown or "いつか分からない",
        since.first.year if since.first else None, ages_at(since, born=kin.born), source, row.at, row.by.name, row.revision,
        tuple(
            Earlier(
                "・".join(part for part in (version.body.get("since_text", ""), version.body.get("words", "")) if part),
                version.replaced_at, version.replaced_by.name,
            )
            for version in row.versions.all()
        ),
        row.goes_on,
    )  # fmt: skip


def _gap_ages(gap: Gap, kin: Kin) -> str:
    if kin.born is None:
        return ""
    first, last = max(0, gap.first - kin.born[0].year), max(0, gap.last - kin.born[0].year)
    return f"{first}〜{last}歳ごろ"


def said(text: str, *, born: date | None, on: date) -> When:
    """A stored time, read again; one that no longer can be read stays as it was said."""
    if not text:
        return When("")
    try:
        return read_when(text, born=born, on=on)
    except Refused:
        return When(text)
