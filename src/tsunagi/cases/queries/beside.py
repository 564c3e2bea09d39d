"""What stands beside the record as pages and papers show it: supervision, jottings, own words, templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from tsunagi.accounts.queries import office_ids, posts_of
from tsunagi.cases.access import keeps_the_citys, may_change_template, reads_supervision
from tsunagi.cases.models import Case, Jotting, NoteTemplate, OwnWords, Supervision
from tsunagi.cases.rules import HowGiven, NoteKind, TemplateOf, WordsOn, fill
from tsunagi.holding.queries import party_label
from tsunagi.people.access import seen_among
from tsunagi.people.models import Person
from tsunagi.people.queries import members_of, shown_name
from tsunagi.people.rules import PartyKind
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.kept import Kept

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

UNNAMED = "お名前が分からない方"
BOXES = ("facts", "judgement", "policy", "next_step")


@dataclass(frozen=True)
class SupervisionCard:
    """One supervision."""

    id: int
    held_on: date
    supervisor: str
    about: str
    next_try: str
    worker: str
    written_at: datetime


@dataclass(frozen=True)
class JottingCard:
    """One of the worker's own jottings, and the day on whose night it goes."""

    id: int
    words: str
    written_at: datetime
    gone_on: date
    days_left: int


@dataclass(frozen=True)
class OwnWordsCard:
    """The person's own words; `replaced`: newer words say it otherwise."""

    id: int
    on: str
    on_label: str
    on_words: str
    note_id: int | None
    person: str
    words: str
    said_on: date
    how: str
    worker: str
    written_at: datetime
    replaced: bool
    corrects: bool


@dataclass(frozen=True)
class TemplateCard:
    """A template as lists and the note's form show it."""

    id: int
    of: str
    of_label: str
    office: str
    name: str
    kind: str
    kind_label: str
    facts: str
    judgement: str
    policy: str
    next_step: str
    revision: int
    may_change: bool


def supervisions_of(worker: Worker, case: Case) -> list[SupervisionCard]:
    """The supervisions of a file, newest first: for workers and managers of the file's own office, nobody else."""
    if not reads_supervision(worker, case):
        return []
    return [SupervisionCard(*row) for row in _SUPERVISIONS.rows(case.pk)]


_SUPERVISIONS = Kept(
    lambda case: (
        Supervision.objects.filter(case_id=case)
        .order_by("-held_on", "-id")
        .values_list("id", "held_on", "supervisor", "about", "next_try", "worker__name", "written_at")[:50]
    )
)


def jottings_of(worker: Worker, case: Case, on: date) -> list[JottingCard]:
    """This worker's own jottings on a file that are not past their day, the newest first."""
    return [
        JottingCard(pk, words, written_at, gone_on, (gone_on - on).days)
        for pk, words, written_at, gone_on in _JOTTINGS.rows(worker.pk, case.pk, on)
    ]


_JOTTINGS = Kept(
    lambda worker, case, on: (
        Jotting.objects.filter(worker_id=worker, case_id=case, gone_on__gte=on)
        .order_by("-id")
        .values_list("id", "words", "written_at", "gone_on")
    )
)


def own_words_of(case: Case) -> list[OwnWordsCard]:
    """The person's own words beside this file, its entries and its assessment, in the order in which they were said.

    For papers too: they are printed with what they stand beside. What was corrected stays, marked `replaced`.
    """
    rows = _OWN_WORDS.named(case.pk)
    replaced = {row.replaces_id for row in rows if row.replaces_id}
    return [
        OwnWordsCard(
            row.id,
            row.on,
            WordsOn(row.on).label,
            row.on_words,
            row.note_id,
            row.person__name or row.person__kana or UNNAMED,
            row.words,
            row.said_on,
            HowGiven(row.how).label,
            row.worker__name,
            row.written_at,
            row.id in replaced,
            row.replaces_id is not None,
        )
        for row in rows
    ]


_OWN_WORDS = Kept(
    lambda case: OwnWords.objects.filter(case_id=case)
    .order_by("said_on", "id")
    .values_list(
        "id", "on", "on_words", "note_id", "words", "said_on", "how", "written_at", "replaces_id", "person__name",
        "person__kana", "worker__name",
    )
)  # fmt: skip


def speakers_of(worker: Worker, case: Case) -> list[tuple[int, str]]:
    """Whose words can be written beside this file: the person's, or those of a household's members the worker sees."""
    party = case.party.stands_for
    ids = members_of(party.pk) if party.kind == PartyKind.HOUSEHOLD else [party.pk]
    seen = seen_among(worker, ids, Purpose.READ_CASE)
    found = {row.pk: shown_name(row) for row in Person.objects.filter(pk__in=seen).order_by("pk")}
    return [(pk, found[pk]) for pk in ids if pk in found]


def templates_for(worker: Worker) -> list[TemplateCard]:
    """Templates this worker may use: their own, their offices', the city's."""
    mine = list(office_ids(worker))
    rows = (
        NoteTemplate.objects.filter(retired_at__isnull=True)
        .filter(Q(of="city") | Q(of="office", office__id__any=mine) | Q(of="own", worker_id=worker.pk))
        .select_related("office")
        .order_by("id")
    )
    cards = [_template(row, may_change_template(worker, row)) for row in rows]
    order = [TemplateOf.OWN.value, TemplateOf.OFFICE.value, TemplateOf.CITY.value]
    return sorted(cards, key=lambda card: order.index(card.of))


def template_kinds(worker: Worker) -> list[tuple[str, str]]:
    """Whose a new template of this worker may be."""
    found = []
    if offices_for(worker, Purpose.WRITE_CASE):
        found += [TemplateOf.OWN, TemplateOf.OFFICE]
    if keeps_the_citys(worker):
        found.append(TemplateOf.CITY)
    return [(kind.value, kind.label) for kind in found]


def filled(worker: Worker, case: Case, template_id: int, now: datetime) -> dict[str, str] | None:
    """What a template puts into an empty form on this file; None for one this worker may not use."""
    card = next((card for card in templates_for(worker) if card.id == template_id), None)
    if card is None:
        return None
    posts = posts_of(worker)
    values = {
        "日付": f"{now:%Y}年{now.month}月{now.day}日",
        "時刻": f"{now:%H:%M}",
        "氏名": party_label(case.party),
        "わたし": worker.name,
        "機関": posts[0].office if posts else "",
    }
    return {"kind": card.kind} | {name: fill(getattr(card, name), values) for name in BOXES}


def by_note(words: Iterable[OwnWordsCard]) -> dict[int, tuple[OwnWordsCard, ...]]:
    """Own words by the entry they stand beside."""
    found: dict[int, list[OwnWordsCard]] = {}
    for card in words:
        if card.note_id is not None:
            found.setdefault(card.note_id, []).append(card)
    return {pk: tuple(cards) for pk, cards in found.items()}


def _template(row: NoteTemplate, may_change: bool) -> TemplateCard:
    return TemplateCard(
        row.pk,
        row.of,
        TemplateOf(row.of).label,
        row.office.label if row.office else "",
        row.name,
        row.kind,
        NoteKind(row.kind).label if row.kind else "",
        row.facts,
        row.judgement,
        row.policy,
        row.next_step,
        row.revision,
        may_change,
    )
