"""Years of casework written down at once: rows are collected with their numbers and stored in the order of the laws.

Each thread keeps the chain as the deeds would have left it: no instant without a holder, every hold in the journal,
who may see in step with who holds. The laws' triggers check all of it when the transaction ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import JSONField, Model
from psycopg.types.json import Json

from tsunagi.cases.models import Case, CaseConcern, Note
from tsunagi.holding.models import (
    Closing,
    Concern,
    Contact,
    ContactOn,
    Gap,
    Hold,
    Promise,
    SafetyReport,
)
from tsunagi.holding.rules import CONTACTS, ContactKind
from tsunagi.intake.models import Consultation, Informant
from tsunagi.journal.actions import Line, record_many
from tsunagi.people.models import Involvement
from tsunagi.people.rules import SUPPORTING_FACETS, ReasonKind
from tsunagi.referrals.models import Referral, ReferralConcern
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import copy_in

SUPPORTING = list(SUPPORTING_FACETS)
ORDER: tuple[type[Model], ...] = (
    Involvement, Consultation, Informant, Concern, Hold, Promise, Contact, ContactOn, SafetyReport, Gap, Closing,
    Referral, ReferralConcern, Case, CaseConcern, Note,
)  # fmt: skip


class Books:
    """Everything that will be stored, by table."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], list[Any]] = {model: [] for model in ORDER}
        self.lines: list[Line] = []
        self._numbers: dict[type[Model], Iterator[int]] = {}

    def add(self, row: Any) -> Any:
        """Give the row its number and keep it."""
        model = type(row)
        if row.pk is None:
            row.pk = self.number(model)
        self.rows[model].append(row)
        return row

    def number(self, model: type[Model]) -> int:
        """A fresh number of the table's own sequence."""
        try:
            return next(self._numbers[model])
        except (KeyError, StopIteration):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence('public.' || %s, 'id')) FROM generate_series(1, 500)",
                    [model._meta.db_table],
                )
                self._numbers[model] = iter([number for (number,) in cursor.fetchall()])
            return next(self._numbers[model])

    def note(
        self, action: str, of: str, subject: int | None, who: int | None, moment: datetime, **detail: Any
    ) -> None:
        """A line of the journal."""
        self.lines.append(Line(action, of, subject, who, moment, detail))

    def involve(
        self,
        parties: tuple[int, ...],
        office: int,
        *,
        kind: str,
        number: int,
        on: date,
        ended_at: datetime | None = None,
        facets: list[str] | None = None,
    ) -> list[Involvement]:
        """Let an office see these parties for a reason."""
        return [
            self.add(
                Involvement(
                    party_id=party,
                    office_id=office,
                    facets=facets or SUPPORTING,
                    ground="01",
                    from_on=on,
                    reason_kind=kind,
                    reason_id=number,
                    ended_at=ended_at,
                )
            )
            for party in parties
        ]

    def store(self) -> None:
        """Store what was collected, the journal last and in the order of time."""
        for model in ORDER:
            if self.rows[model]:
                _copy(model, self.rows[model])
        record_many(sorted(self.lines, key=lambda line: line.at))
        self.rows = {model: [] for model in ORDER}
        self.lines = []


def _copy(model: type[Model], rows: list[Any]) -> None:
    """Store rows by COPY: five times as fast as INSERT, and the same triggers look at them."""
    fields = [row for row in model._meta.concrete_fields if not getattr(row, "generated", False)]
    names = [(row.attname, isinstance(row, JSONField)) for row in fields]
    copy_in(
        model._meta.db_table,
        [str(row.column) for row in fields],
        ([_plain(getattr(row, name), json) for name, json in names] for row in rows),
    )


def _plain(value: Any, json: bool) -> Any:
    if json:
        return Json(value)
    return str(value) if isinstance(value, str) else value


@dataclass
class Thread:
    """One concern and its chain while it is being written."""

    books: Books
    concern: Concern
    parties: tuple[int, ...]
    """The concern's party first, then the households that open with it."""
    hold: Hold | None = None
    sight: list[Involvement] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    spans: list[Hold] = field(default_factory=list)

    @classmethod
    def begin(cls, books: Books, parties: tuple[int, ...], *, by: int, at: datetime, **fields: Any) -> Thread:
        """A concern that is noticed now; `opened` gives it its first hold."""
        concern = books.add(
            Concern(
                party_id=parties[0],
                urgency_judged_at=fields.get("came_at", at),
                came_at=fields.pop("came_at", at),
                opened_at=at,
                opened_by_id=by,
                **fields,
            )
        )
        books.note(
            "concern.opened", "concern", concern.pk, by, at,
            party=parties[0], whose=concern.whose, urgency=concern.urgency,
        )  # fmt: skip
        return cls(books, concern, parties)

    def held(
        self,
        kind: str,
        *,
        at: datetime,
        due_on: date,
        deed: str,
        office: int | None = None,
        worker: int | None = None,
        by: int | None = None,
        **beside: Any,
    ) -> Hold:
        """Close the hold that stands and open the next: kind, day or holder changes."""
        before = self.hold
        office = office or (before.office_id if before else 0)
        worker = worker or (before.worker_id if before else 0)
        by = by or worker
        if before is not None:
            before.closed_at, before.closed_by_id, before.closing_reason = at, by, deed
        hold = self.books.add(
            Hold(
                concern=self.concern,
                kind=kind,
                office_id=office,
                worker_id=worker,
                due_on=due_on,
                opened_at=at,
                opened_on=day_of(at),
                opened_by_id=by,
                deed=deed,
                previous_id=before.pk if before else None,
                **beside,
            )
        )
        self.books.note(
            "hold.opened", "hold", hold.pk, by, at,
            concern=self.concern.pk, kind=kind, deed=deed, office=office, worker=worker, due=due_on.isoformat(),
            previous=before.pk if before else None,
        )  # fmt: skip
        if before is None or before.office_id != office:
            self._end_sight(at)
            self.sight = self.books.involve(
                self.parties, hold.office_id, kind=ReasonKind.CONCERN, number=self.concern.pk, on=day_of(at)
            )
        self.hold = hold
        self.spans.append(hold)
        return hold

    def contact(
        self,
        kind: str,
        *,
        at: datetime,
        means: str,
        with_whom: str,
        words: str,
        due_on: date | None,
    ) -> Contact:
        """One contact of the holder; with a day it moves the chain on."""
        hold = self.hold
        assert hold is not None  # a contact is the holder's
        contact = self.books.add(
            Contact(
                kind=kind,
                at=at,
                written_at=at,
                worker_id=hold.worker_id,
                office_id=hold.office_id,
                means=means,
                with_whom=with_whom,
                words=words,
            )
        )
        self.serve(contact, moved=due_on is not None)
        self.contacts.append(contact)
        self.books.note(
            "contact.recorded",
            "contact",
            contact.pk,
            hold.worker_id,
            at,
            kind=kind,
            concerns=[self.concern.pk],
        )
        if due_on is not None:
            self.held(hold.kind, at=at, due_on=due_on, deed=str(CONTACTS[ContactKind(kind)].deed))
        return contact

    def serve(self, contact: Contact, *, moved: bool = False) -> None:
        """This concern was served by a contact too."""
        self.books.add(
            ContactOn(
                contact=contact, concern=self.concern, kind=contact.kind, at=contact.at, moved_due=moved
            )
        )
        if CONTACTS[ContactKind(contact.kind)].resets_last_seen:
            on, seen = day_of(contact.at), self.concern.last_seen_on
            self.concern.last_seen_on = max(seen, on) if seen else on

    def close(self, outcome: str, *, at: datetime, by: int, ends: bool = True, **fields: Any) -> Closing:
        """The decision; with `ends` nothing is held any more, else a look-back goes on."""
        closing = self.books.add(
            Closing(concern=self.concern, outcome=outcome, decided_on=day_of(at), by_id=by, at=at, **fields)
        )
        if ends:
            self.end(at=at, by=by)
        return closing

    def end(self, *, at: datetime, by: int, deed: str = "close") -> None:
        """The last hold closes, and with it the office's reason to see."""
        hold = self.hold
        assert hold is not None  # what ends was held
        hold.closed_at, hold.closed_by_id, hold.closing_reason = at, by, deed
        self.concern.closed_at = at
        self._end_sight(at)
        self.books.note("hold.closed", "hold", hold.pk, by, at, concern=self.concern.pk, deed=deed)
        self.hold = None

    def holder_on(self, at: datetime) -> int | None:
        """Who held at that moment."""
        for hold in self.spans:
            if hold.opened_at <= at and (hold.closed_at is None or at < hold.closed_at):
                return hold.worker_id
        return None

    def _end_sight(self, at: datetime) -> None:
        for row in self.sight:
            row.ended_at = at
        self.sight = []
