"""One consultation as its page shows it: what was written, who holds it, what became of it, what it said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from tsunagi.codes.queries import code_of, label_of, labels_of
from tsunagi.holding.models import Concern, Hold, NightHandover, Promise, SecondWord
from tsunagi.holding.queries import RowCard, RowMaker, holds, parties_together
from tsunagi.holding.rules import ConsultationOutcome, Lateness, NightRecipient, PromiseKind, Urgency
from tsunagi.intake.access import is_of_own_desk, may_see_informant, offer
from tsunagi.intake.models import Consultation, ConsultationChange
from tsunagi.intake.rules import CallerKind, WayBack
from tsunagi.people.access import address_withheld, closed_to, parties_seen_by, visible_parties
from tsunagi.people.queries import name_of, party_names, standing_for
from tsunagi.people.rules import WITHHELD
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of
from tsunagi.shared.kept import Kept

from .triage import HELD_BY, NAMELESS, SUBJECT, nameless, night_is_open

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SIGNS = {"circle": "○", "double": "◎"}
LABELS = {
    "words": "相談の内容",
    "wishes": "希望",
    "about_words": "だれのこと",
    "caller_kind": "だれから",
    "caller_words": "続柄・名乗り",
    "way_back": "戻り先",
    "way_back_words": "連絡先",
    "means": "方法",
    "cut_off": "途中で切れた",
    "came_about": "日時はおよそ",
    "came_at": "来た時刻",
    "worries": "困りごと",
    "urgency": "緊急度",
    "language": "ことば",
    "interpreter": "通訳",
}


@dataclass(frozen=True)
class ConcernLine:
    """A concern the consultation became, with who holds it now."""

    id: int
    description: str
    who: str
    urgency: str
    kind: str
    office: str
    worker: str
    due_on: date | None
    lateness: Lateness | None
    needs_report: bool
    needs_night: bool


@dataclass(frozen=True)
class Correction:
    """What it said before somebody corrected it."""

    at: datetime
    by: str
    before: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ConsultationRecord:
    """Everything a consultation's page shows; nothing of who told us but whether they may be asked for."""

    id: int
    number: str
    office: str
    came_at: datetime
    came_about: bool
    written_at: datetime
    written_by: str
    written_later: bool
    means: str
    caller: str
    caller_words: str
    way_back: str
    no_way_back: bool
    way_back_words: str
    cut_off: bool
    words: str
    wishes: str
    worries: tuple[tuple[str, str], ...]
    urgency: str
    language: str
    interpreter: str
    who: str
    who_kind: str
    party_id: int | None
    has_party: bool
    about_words: str
    revision: int
    is_open: bool
    is_ours: bool
    worker: str
    worker_id: int | None
    due_on: date | None
    lateness: Lateness | None
    needs_night: bool
    nights: tuple[tuple[datetime, str], ...]
    informant: bool
    word_back_on: date | None
    word_back_worker: str
    asked_second: tuple[tuple[int, str, str], ...]
    outcome: str
    outcome_at: datetime | None
    outcome_by: str
    outcome_words: str
    concerns: tuple[ConcernLine, ...]
    corrections: tuple[Correction, ...]
    imported_line: int | None
    as_written: tuple[tuple[str, str], ...]


def record_of(consultation: Consultation, worker: Worker, now: datetime) -> ConsultationRecord:
    """The page of a consultation that was opened through its door; the same number of queries whatever it became."""
    row = consultation
    promises = list(
        Promise.objects.filter(subject_kind=SUBJECT, subject_id=row.pk, is_open=True)
        .select_related("worker")
        .order_by("id")
    )
    held = next((promise for promise in promises if promise.kind in HELD_BY), None)
    back = next((promise for promise in promises if promise.kind == PromiseKind.WORD_BACK), None)
    nights = list(NightHandover.objects.filter(subject_kind=SUBJECT, subject_id=row.pk).order_by("id"))
    maker = RowMaker(now)
    party = row.party.stands_for if row.party else None
    opens, hidden = nameless(worker, {party.pk} if party else set())
    ours = is_of_own_desk(worker, row)
    # The desk that is still sorting it out calls back; for everybody else a protected person's ways are 非開示.
    withheld = (
        party is not None and not (ours and held) and address_withheld(worker, party.pk, on=day_of(now))
    )
    needs_night = held is not None and night_is_open(row, maker, handed_over=bool(nights))
    lateness = None
    if held is not None:
        lateness = maker.dates(held.office_id, held.worker_id).colour(held.due_on, Urgency(held.urgency))
    return ConsultationRecord(
        id=row.pk,
        number=row.number or "",
        office=row.office.label,
        came_at=row.came_at,
        came_about=row.came_about,
        written_at=row.written_at,
        written_by=row.written_by.name if row.written_by else row.worker_as_written,
        written_later=day_of(row.written_at) != day_of(row.came_at),
        means=label_of("contact_means", row.means) if row.means else "",
        caller=CallerKind.label_of(row.caller_kind) if row.caller_kind else "",
        caller_words=row.caller_words,
        way_back=WayBack.label_of(row.way_back) if row.way_back else "",
        no_way_back=row.way_back == WayBack.NONE,
        way_back_words=_told(row.way_back_words, withheld),
        cut_off=row.cut_off,
        words=row.words,
        wishes=row.wishes,
        worries=_worries(row.worries),
        urgency=row.urgency,
        language=label_of("languages", row.language) if row.language else "",
        interpreter=label_of("interpreter_needs", row.interpreter) if row.interpreter else "",
        who="" if party is None else NAMELESS if party.pk in hidden else name_of(party),
        who_kind=party.kind if party else "unknown",
        party_id=party.pk if party and party.pk in opens else None,
        has_party=party is not None,
        about_words=_told(row.about_words, withheld),
        revision=row.revision,
        is_open=not row.outcome,
        is_ours=ours,
        worker=held.worker.name if held else "",
        worker_id=held.worker_id if held else None,
        due_on=held.due_on if held else None,
        lateness=Lateness.FALLING if needs_night else lateness,
        needs_night=needs_night,
        nights=tuple(
            (one.handed_at, f"{NightRecipient.label_of(one.to_kind)} {one.to_name}") for one in nights
        ),
        informant=may_see_informant(worker, row),
        word_back_on=back.due_on if back else None,
        word_back_worker=back.worker.name if back else "",
        asked_second=_asked_second(row.pk),
        outcome=ConsultationOutcome.label_of(row.outcome) if row.outcome else "",
        outcome_at=row.outcome_at,
        outcome_by="・".join(who.name for who in (row.outcome_by, row.outcome_second_by) if who),
        outcome_words=row.outcome_words,
        concerns=_concerns(worker, row.pk, maker),
        corrections=() if withheld else _corrections(row),
        imported_line=row.line,
        as_written=tuple(
            (str(column), str(value))
            for column, value in row.as_written.items()
            if value not in (None, "") and not withheld
        ),
    )


def _told(words: str, withheld: bool) -> str:
    return WITHHELD if words and withheld else words


def _worries(marked: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Sign and words of each marked worry, ◎ first, in the order of the sheet."""
    lines = [(SIGNS.get(mark, "○"), label_of("worries", code)) for code, mark in sorted(marked.items())]
    return tuple(sorted(lines, key=lambda line: line[0] != "◎"))


def _asked_second(consultation_id: int) -> tuple[tuple[int, str, str], ...]:
    rows = SecondWord.objects.filter(
        Q(subject_id=consultation_id) | Q(wish__others__contains=[consultation_id]),
        deed="consultation_end",
        subject_kind=SUBJECT,
        answered_at__isnull=True,
    ).select_related("asked_by")
    return tuple(
        (row.pk, row.asked_by.name, ConsultationOutcome.label_of(row.wish.get("outcome")))
        for row in rows.order_by("id")
    )


def _concerns(worker: Worker, consultation_id: int, maker: RowMaker) -> tuple[ConcernLine, ...]:
    concerns = list(
        Concern.objects.filter(
            source_kind=SUBJECT, source_id=consultation_id, party_id__in=visible_parties(worker)
        ).order_by("id")
    )
    held = holds(Hold.objects.filter(concern_id__in=[row.pk for row in concerns]))
    rows = {hold.concern_id: maker.of_hold(hold) for hold in held}
    names = party_names(worker, {row.party_id for row in concerns})
    return tuple(_line(row, rows.get(row.pk), names[row.party_id]) for row in concerns)


def _line(row: Concern, held: RowCard | None, who: str) -> ConcernLine:
    return ConcernLine(
        id=row.pk,
        description=row.description or "・".join(labels_of("case_types", row.codes)),
        who=f"{who}の周り" if row.whose == "around" else who,
        urgency=row.urgency,
        kind=held.kind if held else "",
        office=held.office if held else "",
        worker=held.worker if held else "",
        due_on=held.due_on if held else None,
        lateness=held.lateness if held else None,
        needs_report=held is not None and held.needs_report,
        needs_night=held is not None and held.needs_night_handover,
    )


def _corrections(row: Consultation) -> tuple[Correction, ...]:
    """Newest first, each with the fields that were different afterwards."""
    found = []
    after: dict[str, Any] = {name: getattr(row, name) for name in LABELS} | {
        "came_at": row.came_at.isoformat()
    }
    for change in ConsultationChange.objects.filter(consultation=row).select_related("by").order_by("-id"):
        before = {name: value for name, value in change.before.items() if name in LABELS}
        differing = tuple(
            (LABELS[name], _said(name, value)) for name, value in before.items() if value != after.get(name)
        )
        found.append(Correction(change.at, change.by.name, differing))
        after = after | before
    return tuple(found)


def _said(name: str, value: Any) -> str:
    if name == "worries":
        return "、".join(f"{sign}{label}" for sign, label in _worries(value or {})) or "（空）"
    if name == "came_at":
        return f"{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    kinds = {"caller_kind": CallerKind, "way_back": WayBack, "urgency": Urgency}
    if name in kinds and value:
        return kinds[name].label_of(value)
    lists = {"means": "contact_means", "language": "languages", "interpreter": "interpreter_needs"}
    if name in lists and value:
        return label_of(lists[name], value) if code_of(lists[name], value) else value
    return value or "（空）"


def choices_of_whose(worker: Worker, consultation: Consultation) -> list[tuple[str, str]]:
    """Whose a concern may be: the one it is about, their household and its members, those around, or nobody yet."""
    row = consultation
    if row.party is None:
        return [
            ("unknown", "まだ分からない人（いまある言葉で始める）"),
            ("around", "周りの人（まだ分からない人の周り）"),
        ]
    root = row.party.stands_for.pk
    together = parties_together(root or 0)
    opens, _ = nameless(worker, together)
    together = [pk for pk in together if pk == root or pk in opens]
    names = party_names(worker, together)
    return [
        *((offer(worker, pk), names[pk]) for pk in together if pk in names),
        ("around", f"周りの人（{names.get(root or 0, '')}の周り）"),
    ]


def open_concerns_of(worker: Worker, consultation: Consultation) -> list[tuple[int, str]]:
    """The open concerns of whom it is about and their household that this worker may see, to add it to one of them."""
    if consultation.party is None:
        return []
    root = consultation.party.stands_for.pk
    rows = Concern.objects.filter(party_id__in=parties_together(root or 0), closed_at__isnull=True).filter(
        party_id__in=visible_parties(worker)
    )
    lines = list(rows.order_by("id"))
    names = party_names(worker, {row.party_id for row in lines})
    return [(row.pk, f"{names[row.party_id]}：{row.description[:40] or '（内容はまだ）'}") for row in lines]


def latest_consultations(worker: Worker, party_ids: list[int]) -> list[Any]:
    """The latest consultations about these parties that the worker may see (`access.visible_to`), newest first.

    Rows with id, number, came_at, caller_kind, words, written_by__name, worker_as_written; at most 60.
    """
    desks, offices = offices_for(worker, Purpose.CONSULT), offices_for(worker, Purpose.READ_PERSON)
    return _LATEST.named(list(party_ids), list(desks), worker.pk, list(offices), closed_to(worker))


def _latest(
    parties: list[int], desks: list[int], worker_id: int, offices: list[int], closed: list[int]
) -> QuerySet[Any, Any]:
    return (
        Consultation.objects.filter(party__in=standing_for(parties))
        .filter(Q(office__id__any=desks) | Q(party_id__in=parties_seen_by(worker_id, offices, closed)))
        .order_by("-came_at", "-id")
        .values_list(
            "id", "number", "came_at", "caller_kind", "words", "written_by__name", "worker_as_written"
        )[:60]
    )


_LATEST = Kept(_latest)
