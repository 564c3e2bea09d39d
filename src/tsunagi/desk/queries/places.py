"""Where a protected person's place still stands in texts: consultations, notes, concerns, contacts of theirs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.assessment.queries import texts_on
from tsunagi.cases.models import Note
from tsunagi.holding.models import Concern, Contact
from tsunagi.holding.queries import parties_together
from tsunagi.intake.models import Consultation
from tsunagi.people.models import Address, Party, Phone
from tsunagi.people.queries import members_of
from tsunagi.plans.queries import plan_texts_on
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import sees_whole

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

SHORTEST = 3
_BETWEEN = re.compile(r"[\s\u3000、,，]+")
_CITY = re.compile(r"^.*?[都道府県].*?[市区町村]|^.*?[市区町村]")


@dataclass(frozen=True)
class PlaceNamed:
    """A text that names the place: which record, when, whose words. The text itself is not repeated here."""

    subject_kind: str
    subject_id: int
    kind: str
    at: datetime
    on: date
    writer_id: int
    writer: str
    office_id: int
    url: str


@sees_whole("texts that name her place, wherever they stand")
def words_of_place(person_id: int, more: str = "") -> list[str]:
    """What would tell the place: addresses with and without the city's name, numbers, and the words typed."""
    found: set[str] = set()
    for text in Address.objects.filter(person_id=person_id).order_by("id").values_list("text", flat=True):
        whole = _folded(text)
        found |= {whole, _CITY.sub("", whole)}
    for number in Phone.objects.filter(person_id=person_id).order_by("id").values_list("number", flat=True):
        found.add(_folded(number))
    found |= {_folded(word) for word in _BETWEEN.split(more)}
    return sorted(word for word in found if len(word) >= SHORTEST)


@sees_whole("texts that name her place, wherever they stand")
def places_named(worker: Worker, person_id: int, words: Iterable[str]) -> list[PlaceNamed]:
    """Texts on this person (and on those she lives with) that hold one of the words, newest first.

    Ask through the person's open door, and only where her address is shown to this worker.
    """
    wanted = list(words)
    if not wanted:
        return []
    joined = list(Party.objects.filter(same_as_id=person_id).order_by("pk").values_list("pk", flat=True))
    parties = {person_id, *joined, *parties_together(person_id), *members_of(person_id)}
    rows: list[PlaceNamed] = []
    for one in (
        Consultation.objects.filter(party_id__in=parties)
        .select_related("written_by")
        .order_by("-came_at", "-id")
    ):
        texts = (
            one.words,
            one.wishes,
            one.about_words,
            one.outcome_words,
            *map(str, one.as_written.values()),
        )
        if one.written_by is not None and _says(texts, wanted):
            rows.append(
                _row(
                    "consultation",
                    one.pk,
                    "相談",
                    one.came_at,
                    one.written_by,
                    one.office_id,
                    f"/uketsuke/{one.pk}/",
                )
            )
    for note in (
        Note.objects.filter(case__party_id__in=parties)
        .select_related("worker")
        .order_by("-happened_at", "-id")
    ):
        if _says((note.facts, note.judgement, note.policy, note.place, note.partner, note.next_step), wanted):
            rows.append(
                _row(
                    "case",
                    note.case_id,
                    "支援の記録",
                    note.happened_at,
                    note.worker,
                    note.office_id,
                    f"/cases/{note.case_id}/",
                )
            )
    for text in (*texts_on(parties), *plan_texts_on(parties)):
        if _says(text.words, wanted):
            rows.append(_row("case", text.case_id, text.kind, text.at, text.by, text.office_id, text.url))
    concerns = Concern.objects.filter(party_id__in=parties).order_by("id")
    for contact in (
        Contact.objects.filter(concerns__in=concerns)
        .select_related("worker")
        .distinct()
        .order_by("-at", "-id")
        .prefetch_related("concerns")
    ):
        if _says((contact.words, contact.with_whom), wanted):
            number = min(concern.pk for concern in contact.concerns.all())
            rows.append(
                _row(
                    "concern",
                    number,
                    "連絡",
                    contact.at,
                    contact.worker,
                    contact.office_id,
                    f"/concerns/{number}/",
                )
            )
    return sorted(rows, key=lambda row: row.at, reverse=True)


def _row(
    subject_kind: str, subject_id: int, kind: str, at: datetime, writer: Worker, office_id: int, url: str
) -> PlaceNamed:
    return PlaceNamed(subject_kind, subject_id, kind, at, day_of(at), writer.pk, writer.name, office_id, url)


def _says(texts: Iterable[str], wanted: list[str]) -> bool:
    whole = "\n".join(_folded(text) for text in texts if text)
    return any(word in whole for word in wanted)


def _folded(text: str) -> str:
    """Width, blanks and kinds of dashes apart: 「開田２－２５－１４」 is 「開田2-25-14」."""
    plain = unicodedata.normalize("NFKC", text)
    plain = re.sub(r"[‐‑‒–—―−ー－]", "-", plain)
    plain = re.sub(r"(?<=\d)(丁目|番地?|号)(?=\d)", "-", plain)
    return re.sub(r"\s+", "", plain)
