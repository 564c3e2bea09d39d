"""What an import will store, row by row, before anything is written (H11)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Absence, Office, Posting
from tsunagi.accounts.queries import calendar_of, managers_of
from tsunagi.accounts.rules import HOLDING_ROLES, Role
from tsunagi.codes.queries import span
from tsunagi.holding.rules import ConsultationOutcome, spread_due_days
from tsunagi.intake.ledger.endings import Ending, EndingKind
from tsunagi.intake.ledger.identities import identity
from tsunagi.intake.ledger.reading import Ledger
from tsunagi.intake.ledger.rows import LedgerRow, Rejected, ending_of
from tsunagi.intake.ledger.words import folded
from tsunagi.intake.models import Consultation
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .import_people import About, Told, people_of

if TYPE_CHECKING:
    from collections.abc import Callable

_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_HASHES_AT_ONCE = 5000


@dataclass
class Planned:
    """One row to store: what was read, what it becomes, whom it is about, who answers and by when."""

    row: LedgerRow
    ending: Ending
    row_hash: str
    came_at: datetime
    came_about: bool
    about: About = field(default_factory=lambda: About(Told()))
    worker_id: int | None = None
    due_on: date | None = None

    @property
    def closed(self) -> bool:
        """Whether the row is closed history."""
        return self.ending.kind is EndingKind.CLOSED_HISTORY


@dataclass
class Plan:
    """A whole ledger as it would be stored. rows == len(stored) + known + len(rejected), always."""

    rows: int
    stored: list[Planned]
    known: int
    rejected: list[Rejected]
    persons: list[Told]
    repairs: Counter[str]

    def figures(self) -> dict[str, Any]:
        """The counts alone: for the command line, the journal, the import's record."""
        endings = Counter(one.ending.kind for one in self.stored)
        return {
            "rows": self.rows,
            "stored": len(self.stored),
            "known": self.known,
            "rejected": len(self.rejected),
            "linked": sum(one.about.person_id is not None for one in self.stored),
            "new_persons": len(self.persons),
            "of_new_persons": sum(one.about.new is not None for one in self.stored),
            "proposed": sum(bool(one.about.proposed) for one in self.stored),
            "closed_history": endings[EndingKind.CLOSED_HISTORY],
            "stocktaking": endings[EndingKind.STOCKTAKING],
            "following_through": endings[EndingKind.FOLLOWING_THROUGH],
            "repairs": dict(self.repairs),
        }


def plan_of(
    ledger: Ledger, office: Office, *, at: datetime, report: Callable[[int, str], None] | None = None
) -> Plan:
    """Read the whole ledger and say what becomes of each row; nothing is written.

    `report(rows so far, sentence)` may raise to stop. Raises Refused where nobody of the office can answer for rows.
    """
    tell = report or (lambda _done, _sentence: None)
    rows: list[LedgerRow] = []
    rejected: list[Rejected] = []
    for number, one in enumerate(ledger.rows(), 1):
        if isinstance(one, Rejected):
            rejected.append(one)
        else:
            rows.append(one)
        if number % 200 == 0:
            tell(number, "台帳を読んでいます。")
    hashes = [identity(row) for row in rows]
    before = known_hashes(office.pk, hashes)
    fresh = [(row, mark) for row, mark in zip(rows, hashes, strict=True) if mark not in before]
    tell(len(rows), "同じ方の記録をさがしています。")
    planned = _planned(fresh, at)
    found, persons = people_of([one.row for one in planned])
    for each, about in zip(planned, found, strict=True):
        each.about = about
    _give_out(planned, office, at)
    repairs: Counter[str] = Counter(each.kind.value for kept in planned for each in kept.row.repairs)
    return Plan(len(rows) + len(rejected), planned, len(rows) - len(fresh), rejected, persons, repairs)


def known_hashes(office_id: int, hashes: Sequence[str]) -> set[str]:
    """Which of these rows the office has stored before."""
    known: set[str] = set()
    for start in range(0, len(hashes), _HASHES_AT_ONCE):
        part = hashes[start : start + _HASHES_AT_ONCE]
        known.update(
            mark
            for mark in Consultation.objects.filter(office_id=office_id, row_hash__in=part)
            .order_by()
            .values_list("row_hash", flat=True)
            if mark
        )
    return known


def digest_of_file(data: bytes) -> str:
    """A hash of a file, in letters only: twelve figures in a row would look like a 個人番号."""
    return hashlib.sha256(data).hexdigest().translate(_LETTERS)


def outcome_of(row: LedgerRow) -> ConsultationOutcome:
    """How a row that has ended is told in our words: only what the ledger expressly says, else 移行時に確認."""
    said = folded(row.outcome or row.response)
    if "取下" in said or "取り下げ" in said:
        return ConsultationOutcome.WITHDRAWN
    if any(word in said for word in ("いたずら", "間違い電話", "営業", "相談ではない")):
        return ConsultationOutcome.NOT_A_CONSULTATION
    if any(
        word in said
        for word in ("情報提供", "案内のみ", "説明のみ", "助言のみ", "問合せのみ", "問い合わせのみ")
    ):
        return ConsultationOutcome.INFORMATION_GIVEN
    return ConsultationOutcome.CHECKED_ON_IMPORT


def _planned(rows: Sequence[tuple[LedgerRow, str]], at: datetime) -> list[Planned]:
    planned = []
    last: date | None = None
    for row, mark in rows:
        day = (
            row.came_on or (row.came_partial.earliest if row.came_partial else None) or row.came_near or last
        )
        last = row.came_on or last
        came = datetime.combine(day, row.came_at or time(0), at.tzinfo) if day else at
        about = row.came_on is None or row.came_at is None
        if came > at:  # a year written wrong: no consultation comes from the future
            came, about = at, True
        planned.append(Planned(row, ending_of(row), mark, came, about))
    return planned


# -- who answers, and by when --------------------------------------------------------------------------


def _give_out(planned: Sequence[Planned], office: Office, at: datetime) -> None:
    held = [one for one in planned if not one.closed]
    if not held:
        return
    staff = _Staff(office, day_of(at))
    days = spread_due_days(
        [one.ending.weight for one in held],
        day_of(at),
        calendar_of(office.pk),
        over=span("spread.stocktaking").n,
    )
    for one, day in zip(held, days, strict=True):
        one.worker_id = staff.answering(one.row.worker)
        one.due_on = staff.working_day(one.worker_id, day)


class _Staff:
    """Who of an office can hold now, found by the name a ledger calls them (H2, H14)."""

    def __init__(self, office: Office, on: date) -> None:
        self._office_id = office.pk
        posts = (
            Posting.objects.filter(
                office_id=office.pk, ended_at__isnull=True, worker__is_active=True, role__in=HOLDING_ROLES
            )
            .select_related("worker")
            .order_by("id")
        )
        # Nobody holds while away (H14): a long absence that is known sends the row to somebody who is there.
        away = set(
            Absence.objects.filter(
                returned_at__isnull=True, business_days__gt=5, until_on__gte=on
            ).values_list("worker_id", flat=True)
        )
        here = [post for post in posts if post.worker_id not in away]
        self._names: dict[int, tuple[str, str]] = {}
        for post in here:
            family = post.worker.name.replace("　", " ").split(" ")[0]
            self._names[post.worker_id] = (folded(post.worker.name), folded(family))
        managers = [post.worker_id for post in here if post.role == Role.MANAGER]
        duty = [number for number in managers_of(office.pk) if number in self._names]
        self._fallback = next(iter([*managers, *duty, *self._names]), None)
        self._found: dict[str, int | None] = {}
        self._days: dict[tuple[int, date], date] = {}
        if self._fallback is None:
            raise Refused(
                f"「{office.label}」に、台帳の相談を受け持てる職員が今いません。"
                "機関の管理職か当番を登録してもらってから、もう一度取り込んでください。"
            )

    def answering(self, written: str) -> int:
        """The worker a ledger names, else the manager."""
        if written not in self._found:
            self._found[written] = self._named(written)
        return self._found[written] or self._fallback or 0

    def _named(self, written: str) -> int | None:
        name = folded(written.split("(")[0].split("（")[0])
        for suffix in ("さん", "様", "氏", "職員", "相談員", "保健師"):
            name = name.removesuffix(suffix)
        if not name:
            return None
        for place in (0, 1):
            same = [number for number, names in self._names.items() if names[place] == name]
            if len(same) == 1:
                return same[0]
        return None

    def working_day(self, worker_id: int, day: date) -> date:
        """The worker's next own working day: a day off would be shown as due before it, perhaps in the past."""
        key = (worker_id, day)
        if key not in self._days:
            self._days[key] = calendar_of(self._office_id, worker_id).on_or_after(day)
        return self._days[key]
