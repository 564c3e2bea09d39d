"""One file: its concerns with holders, its notes a page at a time, what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Prefetch, Q, QuerySet

from tsunagi.cases.models import Case, Note, NoteVersion
from tsunagi.cases.rules import CaseState, Consent, NoteKind, Stage, stages_by_hand
from tsunagi.guardianship.queries import PowerCard, powers_of
from tsunagi.holding.models import Hold
from tsunagi.holding.queries import (
    Happened,
    RowCard,
    RowMaker,
    history_of,
    holds,
    holds_of_parties,
    parties_together,
    party_label,
)
from tsunagi.holding.rules import NoKeyPerson
from tsunagi.people.access import visible_parties
from tsunagi.people.models import Party
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import TOKYO
from tsunagi.workbench.queries import CirculationCard, FileCard, circulations_of, files_of

from .beside import (
    JottingCard,
    OwnWordsCard,
    SupervisionCard,
    by_note,
    jottings_of,
    own_words_of,
    supervisions_of,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

NOTES = 30
"""Entries on one page of a file."""
HISTORY = 40


@dataclass(frozen=True)
class NoteAsked:
    """Which entries of a file are shown; `before` is the last entry of the page above."""

    kind: str = ""
    worker_id: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    words: str = ""
    before: int | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.kind or self.worker_id or self.from_on or self.until_on or self.words.strip())


@dataclass(frozen=True)
class NoteCard:
    """One entry as the file prints it."""

    id: int
    kind: str
    happened_at: datetime
    written_at: datetime
    minutes: int | None
    partner: str
    place: str
    facts: str
    judgement: str
    policy: str
    next_step: str
    worker: str
    office: str
    revision: int
    versions: tuple[NoteVersion, ...]
    is_contact: bool
    files: tuple[FileCard, ...]
    own_words: tuple[OwnWordsCard, ...] = ()


@dataclass(frozen=True)
class CasePage:
    """One file as its page prints it. `notes` are one page of `note_total`; `next_before` leads to older ones."""

    id: int
    number: str
    title: str
    party_id: int
    party_label: str
    office: str
    worker: str
    is_open: bool
    state_label: str
    plan_until: date | None
    review_on: date | None
    consent: str
    consent_on: date | None
    opened_at: datetime
    closed_on: date | None
    main_office: str
    no_main_reason: str
    closing_words: str
    rows: tuple[RowCard, ...]
    notes: tuple[NoteCard, ...]
    note_total: int
    next_before: int | None
    history: tuple[Happened, ...]
    is_ours: bool
    revision: int
    powers: tuple[PowerCard, ...] = ()
    own_words: tuple[OwnWordsCard, ...] = ()
    supervisions: tuple[SupervisionCard, ...] = ()
    jottings: tuple[JottingCard, ...] = ()
    circulations: tuple[CirculationCard, ...] = ()
    may_change_stage: bool = False

    @property
    def may_add_files(self) -> bool:
        """Whether files may be brought to its notes and taken off."""
        return self.is_ours and self.is_open


def case_page(
    worker: Worker, case: Case, now: datetime, *, asked: NoteAsked | None = None, on_paper: bool = False
) -> CasePage:
    """One file, in a fixed number of queries however many entries, persons and concerns it has.

    `on_paper`: every entry that is asked for, without supervision and jottings.
    """
    maker = RowMaker(now)
    asked = asked or NoteAsked()
    ids = list(case.case_concerns.order_by("id").values_list("concern_id", flat=True))
    words = own_words_of(case)
    total, found, more = _notes(case, asked, None if on_paper else NOTES)
    ours = case.office_id in offices_for(worker, Purpose.WRITE_CASE)
    return CasePage(
        id=case.pk,
        number=case.number or str(case.pk),
        title=case.title,
        party_id=case.party_id,
        party_label=party_label(case.party),
        office=case.office.label,
        worker=case.worker.name,
        is_open=case.state == CaseState.OPEN,
        state_label=Stage(case.stage).label,
        plan_until=case.plan_until,
        review_on=case.review_on,
        consent=Consent(case.consent).label if case.consent else "",
        consent_on=case.consent_on,
        opened_at=case.opened_at,
        closed_on=case.closed_on,
        main_office=case.main_office,
        no_main_reason=NoKeyPerson(case.no_main_reason).label if case.no_main_reason else "",
        closing_words=case.closing_words,
        rows=tuple(maker.of_hold(row) for row in holds(Hold.objects.filter(concern_id__in=ids))),
        notes=tuple(_cards(found, by_note(words))),
        note_total=total,
        next_before=found[-1].pk if more else None,
        history=tuple(history_of(ids)[:HISTORY]),
        is_ours=ours,
        revision=case.revision,
        powers=tuple(powers_of(worker, case.party_id, maker.on)),
        own_words=tuple(card for card in words if card.note_id is None),
        supervisions=() if on_paper else tuple(supervisions_of(worker, case)),
        jottings=() if on_paper else tuple(jottings_of(worker, case, maker.on)),
        circulations=tuple(circulations_of("case", case.pk)),
        may_change_stage=ours and bool(stages_by_hand(Stage(case.stage))),
    )


def concern_choices(worker: Worker, party_id: int) -> list[tuple[int, str]]:
    """Open concerns of the household that a file can work on."""
    seen = set(
        Party.objects.filter(pk__in=parties_together(party_id))
        .filter(pk__in=visible_parties(worker))
        .values_list("pk", flat=True)
    )
    return [
        (
            row.concern_id,
            f"{party_label(row.concern.party)}: {row.concern.description[:50]}({row.office.label} {row.worker.name})",
        )
        for row in holds_of_parties(seen)
    ]


def chosen_concerns(case: Case) -> list[int]:
    """The concerns a file works on."""
    return list(case.case_concerns.order_by("id").values_list("concern_id", flat=True))


def my_concern_choices(worker: Worker, case: Case) -> list[tuple[int, str]]:
    """The file's concerns that this worker holds: what a note can be a contact for."""
    rows = Hold.objects.filter(
        concern__in=case.case_concerns.values("concern_id"), worker_id=worker.pk, closed_at__isnull=True
    ).select_related("concern")
    return [
        (row.concern_id, row.concern.description[:50] or f"課題 {row.concern_id}")
        for row in rows.order_by("id")
    ]


def note_workers(case: Case) -> list[tuple[int, str]]:
    """Who wrote in this file, whoever wrote last first: for the filter."""
    return list(
        Note.objects.filter(case=case)
        .values_list("worker_id", "worker__name")
        .annotate(last=Max("happened_at"), many=Count("id"))
        .order_by("-last", "worker_id")
        .values_list("worker_id", "worker__name")
    )


def note_choices(case: Case, *, limit: int = 50) -> list[tuple[int, str]]:
    """The latest entries, by day and first words, for what own words stand beside."""
    rows = (
        Note.objects.filter(case=case)
        .order_by("-happened_at", "-id")
        .values_list("id", "happened_at", "kind", "facts", "judgement")[:limit]
    )
    return [
        (pk, f"{at.astimezone(TOKYO):%Y-%m-%d} {NoteKind.label_of(kind)} {(facts or judgement)[:24]}".strip())
        for pk, at, kind, facts, judgement in rows
    ]


# -- pieces ----------------------------------------------------------------------------------------------


def _notes(case: Case, asked: NoteAsked, limit: int | None) -> tuple[int, list[Note], bool]:
    """How many entries are asked for, one page of them, and whether there are older ones."""
    rows = _asked(Note.objects.filter(case=case), asked)
    total = rows.count()
    if asked.before is not None:
        # The last entry's own place is asked again; one that belongs to another file leads nowhere.
        last = Note.objects.filter(case=case, pk=asked.before).values_list("happened_at", flat=True).first()
        if last is not None:
            rows = rows.filter(Q(happened_at__lt=last) | Q(happened_at=last, pk__lt=asked.before))
    rows = (
        rows.select_related("worker", "office")
        .prefetch_related(
            Prefetch("versions", NoteVersion.objects.select_related("replaced_by").order_by("-revision"))
        )
        .order_by("-happened_at", "-id")
    )
    found = list(rows if limit is None else rows[: limit + 1])
    return total, found if limit is None else found[:limit], limit is not None and len(found) > limit


def _asked(rows: QuerySet[Note], asked: NoteAsked) -> QuerySet[Note]:
    if asked.kind in NoteKind.values():
        rows = rows.filter(kind=asked.kind)
    if asked.worker_id is not None:
        rows = rows.filter(worker_id=asked.worker_id)
    if asked.from_on is not None:
        rows = rows.filter(happened_at__gte=datetime.combine(asked.from_on, time.min, TOKYO))
    if asked.until_on is not None:
        rows = rows.filter(
            happened_at__lt=datetime.combine(asked.until_on + timedelta(days=1), time.min, TOKYO)
        )
    for word in asked.words.split()[:5]:
        rows = rows.filter(
            Q(facts__icontains=word)
            | Q(judgement__icontains=word)
            | Q(policy__icontains=word)
            | Q(next_step__icontains=word)
            | Q(partner__icontains=word)
            | Q(place__icontains=word)
        )
    return rows


def _cards(rows: list[Note], words: dict[int, tuple[OwnWordsCard, ...]]) -> list[NoteCard]:
    files = files_of("note", [row.pk for row in rows])
    return [
        NoteCard(
            row.pk,
            NoteKind(row.kind).label if row.kind else "",
            row.happened_at,
            row.written_at,
            row.minutes,
            row.partner,
            row.place,
            row.facts,
            row.judgement,
            row.policy,
            row.next_step,
            row.worker.name,
            row.office.label,
            row.revision,
            tuple(row.versions.all()),
            row.contact_id is not None,
            tuple(files.get(row.pk, ())),
            words.get(row.pk, ()),
        )
        for row in rows
    ]
