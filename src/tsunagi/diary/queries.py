"""Appointments, papers carried outside and night papers as pages show them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from tsunagi.accounts.models import Absence, Posting
from tsunagi.accounts.queries import CalendarBook, absence_on, office_ids, posts_of
from tsunagi.holding.access import may_act
from tsunagi.holding.models import Concern, Hold, Promise
from tsunagi.holding.queries import called, holds_of_parties, parties_together, party_label
from tsunagi.people.access import closed_to, parties_seen_by, protected_persons
from tsunagi.people.models import Involvement, Membership
from tsunagi.people.queries import guarded_among, root_of
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole

from .access import SUBJECT, in_reach, leads
from .models import Appointment, AppointmentOn, NightKey, NightPaper, TakenOut
from .rules import (
    GOES_OUT,
    AppointmentKind,
    AppointmentState,
    Hours,
    HowReturned,
    PaperKind,
    at_once,
    remarks,
)

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

AT_HOME = "自宅"
HIDDEN_PLACE = "非開示（保護している方です）"
SOMEBODY_PROTECTED = "保護している方"
LISTED = 200


@dataclass(frozen=True)
class AppointmentCard:
    """An appointment on a list. Of a protected person, and of a household one of them lives in, there is no place and no
    word: lists are read over shoulders. `hidden`: who looks does not go there, and reads no name either."""

    id: int
    kind: str
    kind_label: str
    hours: Hours
    place: str
    at_home: bool
    party_id: int
    party_kind: str
    party_label: str
    worker_id: int
    worker: str
    acting_id: int | None
    second_id: int | None
    second: str
    note: str
    protected: bool
    office_id: int
    remarks: tuple[str, ...] = ()
    at_once: bool = False
    is_over: bool = False
    hidden: bool = False

    @property
    def who(self) -> str:
        """Who goes, in words."""
        return f"{self.worker}・{self.second}" if self.second else self.worker


_COLUMNS = (
    "id", "kind", "day", "begins", "ends", "at_home", "place", "note", "second_id", "second__name", "second__is_active",
    "guarded", "answers_id", "answers", "acts_id", "office", "party__kind", "party_id", "party__person__name",
    "party__person__kana", "party__household__label", "party__unknown__place", "party__unknown__looks",
)  # fmt: skip


def _with_promise(rows: Any) -> Any:
    """Appointments with who answers for them (their open promise) and whether the party is protected now."""
    promised = Promise.objects.filter(
        subject_kind=SUBJECT, subject_id=OuterRef("pk"), is_open=True
    ).order_by()
    guarded = protected_persons().filter(
        person_id=Coalesce(OuterRef("party__same_as_id"), OuterRef("party_id"))
    )
    lives_there = Membership.objects.filter(
        household_id=OuterRef("party_id"), ended_at__isnull=True, person_id__in=protected_persons()
    ).order_by()
    return rows.annotate(
        guarded=Exists(guarded) | Exists(lives_there),
        answers_id=Subquery(promised.values("worker_id")[:1]),
        answers=Subquery(promised.values("worker__name")[:1]),
        acts_id=Subquery(promised.values("acting_id")[:1]),
        office=Subquery(promised.values("office_id")[:1]),
    )


_OF_WORKER = Kept(
    lambda ids, who, offices, until: (
        _with_promise(Appointment.objects.filter(state=AppointmentState.PLANNED, day__lte=until))
        .filter(Q(id__any=ids) | Q(second_id=who, party_id__in=parties_seen_by(who, offices, [])))
        .order_by("day", "begins", "id")
        .values_list(*_COLUMNS)
    )
)


def appointments_of(
    worker: Worker, promised_ids: Sequence[int], now: datetime, book: CalendarBook, *, until: date
) -> list[AppointmentCard]:
    """The worker's planned appointments up to and with `until`, the oldest first: one query.

    `promised_ids` are those they answer or act for (from the promises 今日 has at hand); what they go along to is found
    here, as long as their office is with the person and the record is not closed to them.
    """
    offices = list(offices_for(worker, Purpose.READ_PERSON))
    cards = [_card(row, now, book) for row in _OF_WORKER.rows(list(promised_ids), worker.pk, offices, until)]
    along = {card.id for card in cards} - set(promised_ids)
    if along:
        closed = closed_to(worker)
        cards = [card for card in cards if card.id not in along or card.party_id not in closed]
    return _marked(cards, worker.pk)


def planned(worker: Worker, now: datetime, *, whose: str = "mine") -> list[AppointmentCard]:
    """Planned appointments, past ones first: the worker's own, or all of their offices."""
    mine = Promise.objects.filter(subject_kind=SUBJECT, is_open=True)
    mine = (
        mine.filter(office_id__in=office_ids(worker))
        if whose == "office"
        else mine.filter(Q(worker_id=worker.pk) | Q(acting_id=worker.pk))
    )
    rows = in_reach(worker).filter(state=AppointmentState.PLANNED)
    rows = rows.filter(Q(pk__in=mine.values("subject_id")) | Q(second_id=worker.pk))
    book = CalendarBook()
    found = _with_promise(rows).order_by("day", "begins", "id").values_list(*_COLUMNS)[:LISTED]
    return _marked([_for_others(_card(row, now, book), worker.pk) for row in found], worker.pk)


def _for_others(card: AppointmentCard, worker_id: int) -> AppointmentCard:
    """Colleagues who do not go there read that somebody goes out, and not to whom."""
    if not card.protected or worker_id in (card.worker_id, card.second_id, card.acting_id):
        return card
    return replace(card, party_label=SOMEBODY_PROTECTED, hidden=True)


def planned_for(party_ids: Iterable[int], now: datetime, book: CalendarBook) -> list[AppointmentCard]:
    """Planned appointments of these parties (already asked through a door)."""
    return [_card(row, now, book) for row in _OF_PARTIES.rows(list(party_ids))]


_OF_PARTIES = Kept(
    lambda ids: (
        _with_promise(Appointment.objects.filter(state=AppointmentState.PLANNED, party__id__any=ids))
        .order_by("day", "begins", "id")
        .values_list(*_COLUMNS)[:20]
    )
)


def _card(row: tuple[Any, ...], now: datetime, book: CalendarBook) -> AppointmentCard:
    (
        pk, kind, day, begins, ends, at_home, place, note, second_id, second, second_works, guarded, worker_id, worker,
        acting_id, office_id, *party,
    ) = row  # fmt: skip
    hours = Hours(day, begins, ends)
    said = list(
        remarks(
            office_open=book.of(office_id).is_open(day),
            worker_works=book.of(office_id, worker_id).is_open(day),
            away=acting_id is not None,
        )
    )
    if second_id and not second_works:
        said.append("もうひとりは、もう職員ではありません")
    return AppointmentCard(
        id=pk,
        kind=kind,
        kind_label=AppointmentKind(kind).label,
        hours=hours,
        place="" if guarded else (AT_HOME if at_home else place),
        at_home=at_home,
        party_id=party[1],
        party_kind=party[0],
        party_label=called(*party),
        worker_id=worker_id or 0,
        worker=worker or "",
        acting_id=acting_id,
        second_id=second_id,
        second=second or "",
        note="" if guarded else note,
        protected=guarded,
        office_id=office_id or 0,
        remarks=tuple(said),
        is_over=hours.is_over(now),
    )


def _marked(cards: list[AppointmentCard], worker_id: int) -> list[AppointmentCard]:
    """The same, with those marked that need this worker's hands at the same time."""
    mine = [
        (card.id, card.hours)
        for card in cards
        if worker_id in (card.worker_id, card.second_id, card.acting_id) and not card.is_over
    ]
    twice = at_once(mine)
    return [replace(card, at_once=True) if card.id in twice else card for card in cards]


def busy_at_once(hours: Hours, worker_ids: Iterable[int], *, besides: int | None = None) -> list[str]:
    """Who of these workers has something else at that time, by name; never with whom."""
    found = []
    for worker_id in worker_ids:
        promised = Promise.objects.filter(subject_kind=SUBJECT, is_open=True).filter(
            Q(worker_id=worker_id) | Q(acting_id=worker_id)
        )
        rows = (
            Appointment.objects.filter(state=AppointmentState.PLANNED, day=hours.day)
            .filter(Q(pk__in=promised.values("subject_id")) | Q(second_id=worker_id))
            .exclude(pk=besides or 0)
            .order_by("id")
        )
        if any(hours.meets(Hours(row.day, row.begins, row.ends)) for row in rows):
            found.append(worker_id)
    names = dict(
        Posting.objects.filter(worker_id__in=found).order_by("id").values_list("worker_id", "worker__name")
    )
    return [names[pk] for pk in found if pk in names]


def remarks_on(office_id: int, worker_id: int, second_id: int | None, day: date) -> tuple[str, ...]:
    """What is odd about this day for those who go."""
    book = CalendarBook()
    return remarks(
        office_open=book.of(office_id).is_open(day),
        worker_works=book.of(office_id, worker_id).is_open(day),
        away=absence_on(worker_id, day) is not None,
        second_away=second_id is not None and absence_on(second_id, day) is not None,
    )


@dataclass(frozen=True)
class MoveLine:
    """What an appointment said before."""

    hours: Hours
    place: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class AppointmentPage:
    """An appointment as its own page shows it."""

    id: int
    kind_label: str
    state: str
    state_label: str
    is_open: bool
    hours: Hours
    place: str
    note: str
    party_id: int
    party_label: str
    worker: str
    office: str
    acting: str
    second: str
    concerns: tuple[tuple[int, str], ...]
    moves: tuple[MoveLine, ...]
    remarks: tuple[str, ...]
    busy: tuple[str, ...]
    is_over: bool
    made_by: str
    made_at: datetime
    settled_by: str
    settled_at: datetime | None
    reason: str
    outing: str
    revision: int


@sees_whole("who is guarded must never be missed by who looks")
def is_guarded(party_id: int) -> bool:
    """Whether this is a protected person, or a household one of them lives in."""
    return party_id in guarded_among([party_id, *([root] if (root := root_of(party_id)) else [])])


def outing_words(kind: str, hours: Hours, *, guarded: bool) -> str:
    """What to write into the booking of a car, a board of where everybody is, a shared calendar: never whom, never where.
    Of a protected person not even what for. Empty for what nobody goes out to."""
    if kind not in GOES_OUT:
        return ""
    return f"外出　{hours.words}" if guarded else f"{AppointmentKind(kind).label}　{hours.words}"


def promise_of(appointment: Appointment) -> Promise | None:
    """The promise that answers for it: the open one, else the last."""
    rows = Promise.objects.filter(subject_kind=SUBJECT, subject_id=appointment.pk)
    return rows.select_related("worker", "office", "acting").order_by("-is_open", "-id").first()


def appointment_page(appointment: Appointment, now: datetime, *, withheld: bool) -> AppointmentPage:
    """One appointment that came through a door. `withheld`: places are 非開示 for who looks."""
    kept = promise_of(appointment)
    hours = hours_of(appointment)
    is_open = appointment.state == AppointmentState.PLANNED
    who = [pk for pk in (kept.worker_id if kept else None, appointment.second_id) if pk]
    return AppointmentPage(
        id=appointment.pk,
        kind_label=AppointmentKind(appointment.kind).label,
        state=appointment.state,
        state_label=AppointmentState(appointment.state).label,
        is_open=is_open,
        hours=hours,
        place=place_words(appointment, withheld=withheld),
        note="" if withheld else appointment.note,
        party_id=appointment.party_id,
        party_label=party_label(appointment.party),
        worker=kept.worker.name if kept else "",
        office=kept.office.label if kept else "",
        acting=kept.acting.name if kept and kept.acting else "",
        second=appointment.second.name if appointment.second else "",
        concerns=tuple(concerns_of(appointment)),
        moves=tuple(
            MoveLine(
                Hours(row.day, row.begins, row.ends),
                HIDDEN_PLACE
                if withheld and (row.at_home or row.place)
                else (AT_HOME if row.at_home else row.place),
                "" if withheld else row.reason,
                row.at,
                row.by.name,
            )
            for row in appointment.moves.select_related("by").order_by("-id")
        ),
        remarks=remarks_on(kept.office_id, kept.worker_id, appointment.second_id, appointment.day)
        if kept and is_open
        else (),
        busy=tuple(busy_at_once(hours, who, besides=appointment.pk))
        if is_open and not hours.is_over(now)
        else (),
        is_over=hours.is_over(now),
        made_by=appointment.made_by.name,
        made_at=appointment.made_at,
        settled_by=appointment.settled_by.name if appointment.settled_by else "",
        settled_at=appointment.settled_at,
        reason="" if withheld else appointment.reason,
        outing=outing_words(appointment.kind, hours, guarded=is_guarded(appointment.party_id)),
        revision=appointment.revision,
    )


def hours_of(appointment: Appointment) -> Hours:
    """When it is."""
    return Hours(appointment.day, appointment.begins, appointment.ends)


def place_words(appointment: Appointment, *, withheld: bool) -> str:
    """Where it is, in words; 非開示 where the person's place is not for who looks. The address itself never stands here."""
    if withheld:
        return HIDDEN_PLACE if appointment.at_home or appointment.place else ""
    return AT_HOME if appointment.at_home else appointment.place


def concerns_of(appointment: Appointment) -> list[tuple[int, str]]:
    """The concerns it is about: (number, words)."""
    rows = AppointmentOn.objects.filter(appointment=appointment).select_related("concern").order_by("id")
    return [(row.concern_id, row.concern.description) for row in rows]


def open_concerns_of(appointment: Appointment, worker: Worker) -> list[tuple[int, str]]:
    """Of its concerns, those that are open and that this worker may still act on."""
    open_ids = set(
        Hold.objects.filter(
            concern__in=AppointmentOn.objects.filter(appointment=appointment).values("concern_id"),
            closed_at__isnull=True,
        ).values_list("concern_id", flat=True).order_by("concern_id")
    )  # fmt: skip
    return [row for row in concerns_of(appointment) if row[0] in open_ids and may_act(worker, row[0])]


def concerns_to_choose(worker: Worker, party_id: int) -> list[tuple[int, str]]:
    """Open concerns of this party and whom one visit serves that the worker's offices hold: (number, words)."""
    rows = holds_of_parties(parties_together(party_id))
    mine = set(office_ids(worker))
    return [
        (row.concern_id, f"{party_label(row.concern.party)}：{row.concern.description[:40]}")
        for row in rows
        if (
            row.office_id in mine
            or worker.pk in (row.worker_id, row.acting_id)
            or worker.pk in row.together_with
        )
        and not row.look_back
    ]


def party_of_concern(concern_id: int) -> int | None:
    """Whose concern this is."""
    return Concern.objects.filter(pk=concern_id).values_list("party_id", flat=True).first()


def may_go_along(party_id: int) -> list[tuple[int, str]]:
    """Who may be the second: workers of offices that are with this party themselves. Nobody else learns of it."""
    offices = Involvement.objects.filter(
        party_id__in=parties_together(party_id), ended_at__isnull=True
    ).values("office_id")
    rows = (
        Posting.objects.filter(
            office_id__in=offices, ended_at__isnull=True, worker__is_active=True, office__is_active=True
        )
        .select_related("worker", "office")
        .order_by("office__code", "worker__kana", "worker_id", "id")
    )
    found: dict[int, str] = {}
    for row in rows:
        if row.worker_id not in found and party_id not in closed_to(row.worker):
            found[row.worker_id] = f"{row.worker.name}（{row.office.label}）"
    return list(found.items())


# -- 持ち出し簿 ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TakenCard:
    """A paper that was printed to be carried outside."""

    id: int
    kind: str
    kind_label: str
    worker: str
    office: str
    printed_at: datetime
    printed_on: date
    persons: int
    by_number: bool
    returned_at: datetime | None
    how: str
    is_late: bool
    opens: bool


def not_back(worker: Worker, on: date) -> list[TakenCard]:
    """The papers this worker printed that are not back: one query."""
    return [_taken(row, worker.pk, on) for row in _NOT_BACK.named(worker.pk)]


_TAKEN_COLUMNS = (
    "id", "kind", "worker_id", "worker__name", "office__name", "office__short_name", "printed_at", "printed_on", "persons",
    "by_number", "returned_at", "how",
)  # fmt: skip
_NOT_BACK = Kept(
    lambda who: (
        TakenOut.objects.filter(worker_id=who, returned_at__isnull=True)
        .order_by("id")
        .values_list(*_TAKEN_COLUMNS)
    )
)


def taken_out(worker: Worker, on: date, *, limit: int = 100) -> list[TakenCard]:
    """持ち出し簿: the worker's own papers, and a manager's office's; what is not back first."""
    led = offices_for(worker, Purpose.HAND_OVER) if leads(worker) else ()
    rows = TakenOut.objects.filter(Q(worker_id=worker.pk) | Q(office_id__in=led))
    named = rows.order_by("returned_at", "-id").select_related("worker", "office")
    # PostgreSQL sorts what is missing last: what is not back would stand at the end.
    waiting = list(named.filter(returned_at__isnull=True).order_by("id")[:limit])
    back = list(named.filter(returned_at__isnull=False).order_by("-id")[: max(0, limit - len(waiting))])
    return [_taken_row(row, worker.pk, on) for row in (*waiting, *back)]


def led_offices(worker: Worker) -> list[tuple[int, str]]:
    """The offices this worker leads, (number, name): whose night papers they keep."""
    led = offices_for(worker, Purpose.HAND_OVER)
    return list(
        dict.fromkeys((post.office_id, post.office) for post in posts_of(worker) if post.office_id in led)
    )


def _taken(row: Any, worker_id: int, on: date) -> TakenCard:
    return TakenCard(
        row.id, row.kind, PaperKind(row.kind).label, row.worker__name, row.office__short_name or row.office__name,
        row.printed_at, row.printed_on, row.persons, row.by_number, row.returned_at,
        HowReturned(row.how).label if row.how else "", row.returned_at is None and row.printed_on < on,
        row.worker_id == worker_id and row.printed_on == on and row.returned_at is None,
    )  # fmt: skip


def _taken_row(row: TakenOut, worker_id: int, on: date) -> TakenCard:
    return TakenCard(
        row.pk, row.kind, PaperKind(row.kind).label, row.worker.name, row.office.label, row.printed_at, row.printed_on,
        row.persons, row.by_number, row.returned_at, HowReturned(row.how).label if row.how else "",
        row.returned_at is None and row.printed_on < on,
        row.worker_id == worker_id and row.printed_on == on and row.returned_at is None,
    )  # fmt: skip


# -- the papers of the night ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NightLine:
    """The papers of one night for one office."""

    id: int
    office_id: int
    office: str
    night_on: date
    made_at: datetime
    size: int
    trouble: str
    there: bool


def night_lines(office_ids: Iterable[int], *, limit: int = 30) -> list[NightLine]:
    """The last nights of these offices, newest first."""
    rows = NightPaper.objects.filter(office_id__in=list(office_ids)).select_related("office")
    return [
        NightLine(
            row.pk, row.office_id, row.office.label, row.night_on, row.made_at, row.size, row.trouble,
            row.removed_at is None and not row.trouble,
        )
        for row in rows.order_by("-night_on", "office__code")[:limit]
    ]  # fmt: skip


def key_changed_at(office_id: int) -> datetime | None:
    """When the office's password was last set; None while there is none."""
    return NightKey.objects.filter(office_id=office_id).values_list("changed_at", flat=True).first()


def away_today(worker_ids: Iterable[int], on: date) -> set[int]:
    """Who of these has a recorded absence today."""
    rows = Absence.objects.filter(
        worker_id__in=list(worker_ids), returned_at__isnull=True, from_on__lte=on, until_on__gte=on
    )
    return set(rows.order_by().values_list("worker_id", flat=True))


def next_contact_at(party_ids: Iterable[int], now: datetime) -> Hours | None:
    """The next planned day with this party that does not lie behind us, if any."""
    rows = (
        Appointment.objects.filter(
            state=AppointmentState.PLANNED, party_id__in=list(party_ids), day__gte=day_of(now)
        )
        .order_by("day", "begins", "id")
        .values_list("day", "begins", "ends")
    )
    ahead = (Hours(*row) for row in rows[:20])
    return next((hours for hours in ahead if not hours.is_over(now)), None)


def tomorrow_of(now: datetime, calendar: Any) -> date:
    """The last day 今日 shows appointments of: tomorrow, or the next open day when tomorrow is closed."""
    on = day_of(now)
    return max(on + timedelta(days=1), calendar.add(on, 1))
