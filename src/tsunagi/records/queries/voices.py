"""Complaints and wishes as their pages show them; wishes counted; our own people as audit sees them (by number)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.db.models import Count

from tsunagi.accounts.models import Office
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.codes.queries import choices, label_of
from tsunagi.people.models import OwnPerson
from tsunagi.people.rules import birth_facts
from tsunagi.records.access import voices_in_reach
from tsunagi.records.models import Overseer, Voice
from tsunagi.records.rules.voices import VoiceFrom, VoiceKind, VoiceState
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import sees_whole

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class VoiceRow:
    """A complaint or wish on the list."""

    id: int
    kind: str
    said_by: str
    office: str
    came_on: date
    due_on: date
    answers: str
    state_label: str
    is_open: bool


def voice_rows(worker: Worker, *, is_open: bool = True) -> list[VoiceRow]:
    """What this worker answers or wrote down; never what is about them."""
    rows = voices_in_reach(worker)
    rows = rows.filter(state=VoiceState.OPEN) if is_open else rows.exclude(state=VoiceState.OPEN)
    return [
        VoiceRow(
            row.pk, VoiceKind.label_of(row.kind), VoiceFrom.label_of(row.said_by), row.about_office.label, row.came_on, row.due_on,
            row.answers.name, VoiceState.label_of(row.state), row.state == VoiceState.OPEN,
        )
        for row in rows.select_related("about_office", "answers").order_by(*(("due_on", "id") if is_open else ("-id",)))[:200]
    ]  # fmt: skip


@dataclass(frozen=True)
class VoicePage:
    """One complaint or wish."""

    id: int
    kind: str
    said_by: str
    name: str
    contact: str
    wants_answer: bool
    words: str
    topic: str
    about_worker: str
    office: str
    party_id: int | None
    came_on: date
    due_on: date
    taken_by: str
    answers: str
    answers_id: int
    is_open: bool
    state_label: str
    answer: str
    changed: str
    answered_at: datetime | None


def voice_page(row: Voice) -> VoicePage:
    """Ask through an open door."""
    return VoicePage(
        row.pk, VoiceKind.label_of(row.kind), VoiceFrom.label_of(row.said_by), row.name, row.contact, row.wants_answer, row.words,
        label_of("voice_topics", row.topic) if row.topic else "", row.about_worker.name if row.about_worker else "", row.about_office.label,
        row.party_id, row.came_on, row.due_on, row.taken_by.name, row.answers.name, row.answers_id, row.state == VoiceState.OPEN,
        VoiceState.label_of(row.state), row.answer, row.changed, row.answered_at,
    )  # fmt: skip


@sees_whole("numbers of the whole city; audit sees by number")
def topics_counted(since: date) -> list[tuple[str, str, int]]:
    """How often what was wished or complained about since a day: (kind, topic, count). Numbers of the whole city."""
    rows = (
        Voice.objects.filter(came_on__gte=since)
        .exclude(topic="")
        .values("kind", "topic")
        .annotate(count=Count("pk"))
    )
    return [
        (VoiceKind.label_of(row["kind"]), label_of("voice_topics", row["topic"]), row["count"])
        for row in rows.order_by("-count", "kind", "topic")
    ]


def office_choices() -> list[tuple[int, str]]:
    """Offices of the system."""
    return [
        (row.pk, row.label)
        for row in Office.objects.filter(is_active=True, signs_in=True).order_by("name", "pk")
    ]


def colleague_choices() -> list[tuple[int, str]]:
    """Everybody who works here."""
    return [
        (row.pk, row.name)
        for row in WorkerModel.objects.filter(is_active=True).order_by("kana", "name", "pk")
    ]


def topic_choices() -> list[tuple[str, str]]:
    """What it may be about."""
    return choices("voice_topics")


def overseers() -> list[tuple[str, str]]:
    """(office, who stands in)."""
    return [
        (row.office.label, row.worker.name)
        for row in Overseer.objects.select_related("office", "worker").order_by("office__name", "office_id")
    ]


# A record that may be the worker's own family, and which their office sees: the same family name as written, and an address of
# the household as the worker's own declared people have it, or the record of their manager. By number: audit sees no names.
_LIKE_OWN = """
    WITH named AS (
        SELECT w.id AS worker_id, split_part(translate(w.name, '　', ' '), ' ', 1) AS family FROM accounts_worker w WHERE w.is_active
    ), declared AS (
        SELECT o.worker_id, unnest(o.matched) AS person_id, o.relation FROM people_ownperson o WHERE o.ended_at IS NULL
    ), homes AS (
        SELECT DISTINCT d.worker_id, a.key FROM declared d JOIN people_address a ON a.person_id = d.person_id
         WHERE a.key <> '' AND a.until_on IS NULL AND NOT a.shared_by_many
    ), households AS (
        SELECT DISTINCT d.worker_id, m.household_id FROM declared d JOIN people_membership m ON m.person_id = d.person_id AND m.ended_at IS NULL
    ), children AS (
        SELECT * FROM unnest(%(workers)s::bigint[], %(schools)s::text[], %(from_on)s::date[], %(until_on)s::date[])
            AS given (worker_id, school, from_on, until_on)
    ), seen AS (
        SELECT DISTINCT q.worker_id, i.party_id FROM accounts_posting q
          JOIN people_involvement i ON i.office_id = q.office_id AND i.ended_at IS NULL WHERE q.ended_at IS NULL
    )
    SELECT s.worker_id, p.party_id, 'same_place' FROM seen s JOIN people_person p ON p.party_id = s.party_id
      JOIN named n ON n.worker_id = s.worker_id AND n.family <> '' AND split_part(translate(p.name, '　', ' '), ' ', 1) = n.family
     WHERE (EXISTS (SELECT 1 FROM people_address a JOIN homes h ON h.key = a.key AND h.worker_id = s.worker_id
                     WHERE a.person_id = p.party_id AND a.until_on IS NULL)
            OR EXISTS (SELECT 1 FROM people_membership m JOIN households h ON h.household_id = m.household_id AND h.worker_id = s.worker_id
                        WHERE m.person_id = p.party_id AND m.ended_at IS NULL))
       AND NOT EXISTS (SELECT 1 FROM declared d WHERE d.worker_id = s.worker_id AND d.person_id = p.party_id)
    UNION
    SELECT s.worker_id, p.party_id, 'child_class' FROM seen s JOIN people_person p ON p.party_id = s.party_id
      JOIN children c ON c.worker_id = s.worker_id AND p.birth_on BETWEEN c.from_on AND c.until_on
     WHERE EXISTS (SELECT 1 FROM people_address a JOIN places_schooldistrict d ON d.id = a.district_id
                     LEFT JOIN places_schooldistrict j ON j.id = d.parent_id
                    WHERE a.person_id = p.party_id AND a.until_on IS NULL AND c.school <> ''
                      AND (strpos(c.school, d.name) > 0 OR strpos(d.school_name, c.school) > 0
                           OR strpos(c.school, j.name) > 0 OR strpos(j.school_name, c.school) > 0))
       AND NOT EXISTS (SELECT 1 FROM people_protection g WHERE g.person_id = p.party_id AND g.ended_at IS NULL)
       AND NOT EXISTS (SELECT 1 FROM declared d WHERE d.worker_id = s.worker_id AND d.person_id = p.party_id)
    UNION
    SELECT s.worker_id, p.party_id, 'own_manager' FROM seen s JOIN people_person p ON p.party_id = s.party_id
      JOIN accounts_posting mine ON mine.worker_id = s.worker_id AND mine.ended_at IS NULL
      JOIN accounts_posting theirs ON theirs.office_id = mine.office_id AND theirs.ended_at IS NULL AND theirs.role = 'manager'
      JOIN accounts_worker m ON m.id = theirs.worker_id AND m.id <> s.worker_id
     WHERE translate(m.name, ' 　', '') <> '' AND translate(m.name, ' 　', '') = translate(p.name, ' 　', '')
     ORDER BY 1, 2, 3
     LIMIT 500
"""
WHY = {
    "same_place": "同じ姓で、同じ住所か世帯",
    "own_manager": "自分の管理職と同じ名前",
    "child_class": "自分の子と同じ学校の同じ学年",
}


@sees_whole("numbers of the whole city; audit sees by number")
def like_own_people() -> list[tuple[int, int, str]]:
    """(worker, record, why) by number, for audit: the worker may be too near to a record that their office sees."""
    with connection.cursor() as cursor:
        cursor.execute(_LIKE_OWN, _children())
        return [(worker, party, WHY[why]) for worker, party, why in cursor.fetchall()]


@sees_whole("numbers of the whole city; audit sees by number")
def _children() -> dict[str, list[object]]:
    """Declared children with their school, and the birthdays of their school year (2 April to 1 April, 学校教育法17条).

    A protected child is not looked at: the same class would tell audit the school.
    """
    found: dict[str, list[object]] = {"workers": [], "schools": [], "from_on": [], "until_on": []}
    rows = OwnPerson.objects.filter(ended_at__isnull=True).exclude(school="").order_by("pk")
    for row in rows:
        born = birth_facts(row.birth, on=day_of(row.declared_at)).birth_on
        if born is None:
            continue
        year = born.year if (born.month, born.day) >= (4, 2) else born.year - 1
        found["workers"].append(row.worker_id)
        found["schools"].append(_school_name(row.school))
        found["from_on"].append(date(year, 4, 2))
        found["until_on"].append(date(year + 1, 4, 1))
    return found


def _school_name(typed: str) -> str:
    """長法寺小学校・長岡京市立長法寺小 → 長法寺: what a district is called."""
    name = "".join(typed.split()).split("立")[-1]
    for ending in ("小中学校", "小学校", "中学校", "小", "中"):
        name = name.removesuffix(ending)
    return name
