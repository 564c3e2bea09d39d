"""The hand-over list of somebody who leaves, who is away, who has not been here, and offices that end (H2, H14)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from tsunagi.accounts.models import Absence, Office, Posting
from tsunagi.accounts.models import Worker as WorkerModel
from tsunagi.accounts.queries import CalendarBook, WorkerCard, long_away, workers_of
from tsunagi.accounts.rules import AbsenceReason, RunBy
from tsunagi.codes.queries import number
from tsunagi.holding.models import Hold, LeavingRow, OfficeEnding, Promise
from tsunagi.holding.rules import HandoverIntroduction, cautions_for, changes_often
from tsunagi.people.models import Address, Membership, Protection
from tsunagi.people.queries import not_overseen
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.days import day_of
from tsunagi.shared.rows import sees_whole

from .rows import RowCard, RowMaker, holds, promises
from .settings import city_settings

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class LeavingLine:
    """One row of the hand-over list, with what was written for it and what stands against it."""

    row: RowCard
    key: str
    area: str
    revision: int
    successor: str
    handed_note: str
    handed_told: str
    introduced: str
    written_by: str
    cautions: tuple[str, ...]

    @property
    def is_prepared(self) -> bool:
        """Whether a successor is written."""
        return bool(self.successor)


@dataclass(frozen=True)
class Load:
    """What a colleague holds now, and what the list would give them."""

    worker_id: int
    name: str
    now: int
    coming: int
    heavy: bool

    @property
    def after(self) -> int:
        """How many they would answer for."""
        return self.now + self.coming


@dataclass(frozen=True)
class LeavingList:
    """The hand-over list (引き継ぎ表) as the manager works on it; `shown` is what the filter leaves."""

    lines: tuple[LeavingLine, ...]
    shown: tuple[LeavingLine, ...]
    loads: tuple[Load, ...]
    areas: tuple[str, ...]
    elsewhere: int

    @property
    def prepared(self) -> int:
        """How many rows have a successor."""
        return sum(line.is_prepared for line in self.lines)

    @property
    def cautioned(self) -> int:
        """How many rows have something against their successor."""
        return sum(bool(line.cautions) for line in self.lines)


@sees_whole("how many rows a leaver holds elsewhere, as a number")
def leaving_list(
    leaver_id: int,
    office_ids: Sequence[int],
    now: datetime,
    *,
    area: str = "",
    urgency: str = "",
    kind: str = "",
    state: str = "",
    to_office: int | None = None,
    hidden: Collection[int] = (),
) -> LeavingList:
    """The rows of a leaver in these offices, those that come first on top. `to_office`: they go there (an office ends).

    Rows of the `hidden` parties, which whoever reads the list may not watch over, are not on it: they pass all the same.
    """
    maker = RowMaker(now)
    mine = Q(worker_id=leaver_id)
    held, promised = _open(hidden)
    rows = [maker.of_hold(row) for row in holds(held.filter(mine, office_id__in=office_ids))]
    rows += [maker.of_promise(row) for row in promises(promised.filter(mine, office_id__in=office_ids))]
    rows.sort(key=lambda row: (-row.weight, row.shown_on, row.id))
    elsewhere = (
        held.filter(mine).exclude(office_id__in=office_ids).count()
        + promised.filter(mine).exclude(office_id__in=office_ids).count()
    )
    written = {
        (line.row_kind, line.row_id): line
        for line in LeavingRow.objects.filter(leaver_id=leaver_id)
        .select_related("successor", "written_by")
        .order_by("id")
    }
    lines = _lines(rows, written, maker, to_office)
    shown = tuple(
        line
        for line in lines
        if (not area or line.area == area)
        and (not urgency or line.row.urgency == urgency)
        and (not kind or line.row.kind == kind)
        and (state != "open" or not line.is_prepared)
        and (state != "caution" or line.cautions)
    )
    where = [to_office] if to_office else list(office_ids)
    coming = Counter(line.successor_id for line in written.values() if _is_among(line, rows))
    return LeavingList(
        lines=tuple(lines),
        shown=shown,
        loads=tuple(_loads(where, leaver_id, coming, hidden)),
        areas=tuple(sorted({line.area for line in lines if line.area})),
        elsewhere=elsewhere,
    )


def _open(hidden: Collection[int]) -> tuple[QuerySet[Hold], QuerySet[Promise]]:
    """Open holds and promises without those of the hidden parties."""
    kept = list(hidden)
    promised = Promise.objects.filter(is_open=True).exclude(party__id__any=kept)
    return Hold.objects.filter(closed_at__isnull=True).exclude(concern__party__id__any=kept), promised


def _is_among(line: LeavingRow, rows: Sequence[RowCard]) -> bool:
    return any(row.row_kind == line.row_kind and row.id == line.row_id for row in rows)


def _lines(
    rows: Sequence[RowCard],
    written: dict[tuple[str, int], LeavingRow],
    maker: RowMaker,
    to_office: int | None,
) -> list[LeavingLine]:
    areas = areas_of([row.party_id for row in rows if row.party_id])
    named = {line.successor_id for line in written.values()}
    posted = {
        (who, where)
        for who, where in Posting.objects.filter(
            worker_id__in=named, ended_at__isnull=True, worker__is_active=True
        )
        .order_by("id")
        .values_list("worker_id", "office_id")
    }
    away = long_away(named, maker.on)
    held = _held_by(named)
    coming = Counter(line.successor_id for line in written.values())
    lines = []
    for row in rows:
        line = written.get((row.row_kind, row.id))
        cautions: tuple[str, ...] = ()
        if line is not None:
            who = line.successor
            found = cautions_for(
                posted=(who.pk, to_office or row.office_id) in posted,
                away=who.pk in away,
                leaving_too=who.leaving_on is not None,
                load_after=held[who.pk] + coming[who.pk],
                settings=maker.settings,
            )
            cautions = tuple(caution.label for caution in found)
        lines.append(
            LeavingLine(
                row=row,
                key=f"{row.row_kind}:{row.id}",
                area=areas.get(row.party_id or 0, ""),
                revision=line.revision if line else 0,
                successor=line.successor.name if line else "",
                handed_note=line.handed_note if line else "",
                handed_told=line.handed_told if line else "",
                introduced=HandoverIntroduction(line.introduced_how).label
                if line and line.introduced_how
                else "",
                written_by=line.written_by.name if line and line.written_by else "",
                cautions=cautions,
            )
        )
    return lines


def _loads(
    office_ids: Sequence[int], leaver_id: int, coming: Counter[int], hidden: Collection[int]
) -> Iterable[Load]:
    colleagues = {card.id: card.name for card in workers_of(list(office_ids)) if card.id != leaver_id}
    held = _held_by(colleagues, hidden=hidden)
    limit = city_settings().load_shown_from
    for who, name in colleagues.items():
        yield Load(who, name, held[who], coming[who], held[who] + coming[who] > limit)


def _held_by(
    worker_ids: Iterable[int], office_ids: Sequence[int] | None = None, *, hidden: Collection[int] = ()
) -> Counter[int]:
    """How many open holds and promises each of these workers answers for, in these offices or in all."""
    found: Counter[int] = Counter()
    ids = list(worker_ids)
    for rows in _open(hidden):
        rows = rows.filter(worker_id__in=ids)
        if office_ids is not None:
            rows = rows.filter(office_id__in=list(office_ids))
        counted = rows.order_by().values("worker_id")
        for row in counted.annotate(n=Count("id")):
            found[row["worker_id"]] += row["n"]
    return found


def areas_of(party_ids: Iterable[int]) -> dict[int, str]:
    """Party → school district where they live; nothing for protected persons, whose place is nobody's list."""
    ids = set(party_ids)
    living = list(
        Membership.objects.filter(household_id__in=ids, ended_at__isnull=True)
        .order_by("-id")
        .values_list("household_id", "person_id")
    )
    members = dict(living)
    persons = ids | {person for _, person in living}
    protected = set(
        Protection.objects.filter(person_id__in=persons, ended_at__isnull=True)
        .order_by()
        .values_list("person_id", flat=True)
    )
    protected |= {household for household, person in living if person in protected}
    lives = dict(
        Address.objects.filter(
            person_id__in=persons - protected, district__isnull=False, until_on__isnull=True
        )
        .order_by("-id")
        .values_list("person_id", "district__name")
    )
    return {pk: lives[members.get(pk, pk)] for pk in ids - protected if members.get(pk, pk) in lives}


# -- the manager's page ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HolderLine:
    """A colleague on the manager's page: what they hold, when they leave, whether they are away or not seen."""

    worker_id: int
    name: str
    office: str
    rows: int
    prepared: int
    leaving_on: date | None
    leaving_is_past: bool
    posting_id: int
    secondment_until: date | None
    employer: str
    away_from: date | None
    away_until: date | None
    away_open_ended: bool
    away_lapsed: bool
    away_reason: str
    acting: str
    last_seen_on: date | None
    unseen_bd: int
    not_signed_in: bool


@dataclass(frozen=True)
class EndingLine:
    """An office whose contract ends, or that ends: when, how much it holds, and who follows."""

    office_id: int
    office: str
    ends_on: date
    days_left: int
    rows: int
    to_office: str
    is_entrusted: bool


@dataclass(frozen=True)
class ChangedOften:
    """A concern whose holder has changed often. The name stands where the manager's office holds it."""

    concern_id: int
    in_60_days: int
    in_a_year: int
    worker: str
    office: str


@dataclass(frozen=True)
class HandingOver:
    """What the page 引き継ぎ・不在 prints."""

    holders: tuple[HolderLine, ...]
    endings: tuple[EndingLine, ...]
    changed: tuple[ChangedOften, ...]

    @property
    def leaving(self) -> tuple[HolderLine, ...]:
        """Who leaves, or whose secondment ends within half a year."""
        return tuple(line for line in self.holders if line.leaving_on or line.secondment_until)

    @property
    def away(self) -> tuple[HolderLine, ...]:
        """Who is away, or will be."""
        return tuple(line for line in self.holders if line.away_from)

    @property
    def unseen(self) -> tuple[HolderLine, ...]:
        """Who holds and has not signed in for days without a recorded absence: a finding, never a violation."""
        return tuple(line for line in self.holders if line.not_signed_in)


def handing_over_of(worker: Worker, now: datetime) -> HandingOver:
    """The manager's page, for the offices they lead."""
    ids = offices_for(worker, Purpose.HAND_OVER)
    return HandingOver(
        holders=tuple(holder_lines(ids, now, hidden=not_overseen(worker))),
        endings=tuple(ending_lines(ids, day_of(now))),
        changed=tuple(changed_often(ids, day_of(now), hidden=not_overseen(worker))),
    )


def holder_lines(
    office_ids: Sequence[int], now: datetime, *, hidden: Collection[int] = ()
) -> list[HolderLine]:
    """Everybody who may hold in these offices, by office and kana, in a fixed number of queries.

    Who works in several of them is one line; what is counted is what they hold in these offices.
    """
    on, book = day_of(now), CalendarBook()
    cards: dict[int, list[WorkerCard]] = {}
    for card in workers_of(list(office_ids)):
        cards.setdefault(card.id, []).append(card)
    workers = {row.pk: row for row in WorkerModel.objects.filter(pk__in=cards).order_by("pk")}
    held, prepared = _held_by(cards, office_ids, hidden=hidden), _prepared(cards, office_ids, hidden)
    away = {
        absence.worker_id: absence
        for absence in Absence.objects.filter(worker_id__in=cards, returned_at__isnull=True)
        .select_related("acting")
        .order_by("-from_on")
    }
    posts: dict[int, list[Posting]] = {}
    for post in Posting.objects.filter(
        worker_id__in=cards, office_id__in=list(office_ids), ended_at__isnull=True
    ).order_by("-is_main", "id"):
        posts.setdefault(post.worker_id, []).append(post)
    return [
        _holder_line(
            workers[who], mine, posts[who], away.get(who), held[who], prepared[who], on=on, book=book
        )
        for who, mine in cards.items()
    ]


def _holder_line(
    who: WorkerModel,
    cards: Sequence[WorkerCard],
    posts: Sequence[Posting],
    gone: Absence | None,
    held: int,
    prepared: int,
    *,
    on: date,
    book: CalendarBook,
) -> HolderLine:
    seen = day_of(who.last_seen_at) if who.last_seen_at else who.joined_on
    unseen = book.of(cards[0].office_id, who.pk).count(seen or posts[0].since, on)
    half_a_year = on + timedelta(days=183)
    ending = [post for post in posts if post.planned_until and post.planned_until <= half_a_year]
    long_unseen = unseen >= city_settings().not_signed_in.count
    return HolderLine(
        worker_id=who.pk,
        name=who.name,
        office="・".join(card.office for card in cards),
        rows=held,
        prepared=prepared,
        leaving_on=who.leaving_on,
        leaving_is_past=who.leaving_on is not None and who.leaving_on < on,
        posting_id=ending[0].pk if ending else posts[0].pk,
        secondment_until=ending[0].planned_until if ending else None,
        employer=who.employer,
        away_from=gone.from_on if gone else None,
        away_until=gone.until_on if gone else None,
        away_open_ended=gone.is_open_ended if gone else False,
        away_lapsed=gone is not None and gone.until_on < on,
        away_reason=AbsenceReason.label_of(gone.reason) if gone else "",
        acting=gone.acting.name if gone and gone.acting else "",
        last_seen_on=day_of(who.last_seen_at) if who.last_seen_at else None,
        unseen_bd=max(0, unseen),
        not_signed_in=bool(held) and long_unseen and (gone is None or gone.from_on > on),
    )


def _prepared(
    worker_ids: Iterable[int], office_ids: Sequence[int], hidden: Collection[int] = ()
) -> Counter[int]:
    """How many lines of each leaver's list name a successor for a row that is still theirs."""
    ids = list(worker_ids)
    found: Counter[int] = Counter()
    held, promised = _open(hidden)
    numbers: dict[str, Any] = {
        "hold": held.filter(worker_id__in=ids, office_id__in=office_ids),
        "promise": promised.filter(worker_id__in=ids, office_id__in=office_ids),
    }
    for kind, rows in numbers.items():
        lines = LeavingRow.objects.filter(
            leaver_id__in=ids, row_kind=kind, row_id__in=rows.order_by().values("pk")
        )
        found.update(lines.order_by().values_list("leaver_id", flat=True))
    return found


def ending_lines(office_ids: Sequence[int] | None, on: date) -> list[EndingLine]:
    """Offices that end, or whose contract ends, within the months the city looks ahead (the cliff of 31 March)."""
    ahead = on + timedelta(days=number("cliff.months") * 31)
    rows = Office.objects.filter(is_active=True, signs_in=True).select_related("ending__to_office")
    if office_ids is not None:
        rows = rows.filter(pk__in=list(office_ids))
    rows = rows.filter(Q(contract_until__lte=ahead) | Q(ending__ends_on__isnull=False))
    found = list(rows.order_by("contract_until", "code"))
    held: Counter[int] = Counter()
    for model, is_open in ((Hold, Q(closed_at__isnull=True)), (Promise, Q(is_open=True))):
        counted = model.objects.filter(is_open, office_id__in=[row.pk for row in found]).order_by()
        for one in counted.values("office_id").annotate(n=Count("id")):
            held[one["office_id"]] += one["n"]
    lines = []
    for office in found:
        ending: OfficeEnding | None = getattr(office, "ending", None)
        # A contract until 31 March: the hand-over is carried out on the next day.
        ends_on = ending.ends_on if ending else office.contract_until
        if ends_on is None:
            continue
        lines.append(
            EndingLine(
                office.pk,
                office.label,
                ends_on,
                (ends_on - on).days,
                held[office.pk],
                ending.to_office.label if ending else "",
                office.run_by == RunBy.ENTRUSTED,
            )
        )
    return lines


_CHANGED = """
    SELECT h.concern_id,
           count(*) FILTER (WHERE h.opened_on > %(on)s - 60) AS sixty, count(*) AS year
      FROM holding_hold h JOIN holding_hold before ON before.id = h.previous_id
     WHERE before.worker_id <> h.worker_id AND h.opened_on > %(on)s - 365 AND h.opened_on <= %(on)s {which}
     GROUP BY h.concern_id
"""


def changes_of_holder(concern_id: int, on: date) -> tuple[int, int]:
    """How often the holder of a concern has changed: in 60 days, in a year."""
    with connection.cursor() as cursor:
        cursor.execute(
            _CHANGED.format(which="AND h.concern_id = %(concern)s"), {"on": on, "concern": concern_id}
        )
        row = cursor.fetchone()
    return (int(row[1]), int(row[2])) if row else (0, 0)


def changed_often(
    office_ids: Sequence[int], on: date, *, limit: int = 50, hidden: Collection[int] = ()
) -> list[ChangedOften]:
    """Open concerns held in these offices whose holder has changed so often that somebody should ask why."""
    which = (
        "AND EXISTS (SELECT 1 FROM holding_hold o WHERE o.concern_id = h.concern_id AND o.closed_at IS NULL"
        " AND o.office_id = ANY(%(offices)s))"
    )
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED.format(which=which), {"on": on, "offices": list(office_ids)})
        counted = {row[0]: (int(row[1]), int(row[2])) for row in cursor.fetchall()}
    often = {
        pk: counts
        for pk, counts in counted.items()
        if changes_often(in_60_days=counts[0], in_a_year=counts[1])
    }
    rows = _open(hidden)[0].filter(concern_id__in=often).select_related("worker", "office")
    return sorted(
        (
            ChangedOften(row.concern_id, *often[row.concern_id], row.worker.name, row.office.label)
            for row in rows.order_by("concern_id")
        ),
        key=lambda one: (-one.in_60_days, -one.in_a_year, one.concern_id),
    )[:limit]


# -- small questions of the screens -------------------------------------------------------------------------------------


def absence_rows(away: Worker, maker: RowMaker, *, hidden: Collection[int] = ()) -> list[RowCard]:
    """Everything somebody answers for, but for the `hidden` parties: each row needs who acts when they are away for long (H14)."""
    held, promised = _open(hidden)
    rows = [maker.of_hold(row) for row in holds(held.filter(worker_id=away.pk))]
    rows += [maker.of_promise(row) for row in promises(promised.filter(worker_id=away.pk))]
    return sorted(rows, key=lambda row: (-row.weight, row.shown_on, row.id))


def open_absences(worker_id: int) -> list[Absence]:
    """Absences of a worker that stand: now, ahead, or passed without a return; the earliest first."""
    return list(
        Absence.objects.filter(worker_id=worker_id, returned_at__isnull=True)
        .select_related("acting", "recorded_by")
        .order_by("from_on")
    )


def leaving_summary(leaver: Worker, office_ids: Sequence[int] | None) -> list[Posting]:
    """The living postings of a worker, in these offices or in all."""
    rows = Posting.objects.filter(worker_id=leaver.pk, ended_at__isnull=True, office__is_active=True)
    if office_ids is not None:
        rows = rows.filter(office_id__in=list(office_ids))
    return list(rows.select_related("office").order_by("-is_main", "id"))


def ending_of(office_id: str | int | None, allowed: Sequence[int]) -> OfficeEnding | None:
    """What was prepared for the end of an office, if it is one of these."""
    if not str(office_id or "").isdecimal() or int(office_id or 0) not in allowed:
        return None
    return (
        OfficeEnding.objects.filter(office_id=int(office_id or 0), office__is_active=True)
        .select_related("to_office", "office", "written_by")
        .first()
    )


def holders_in(office_id: int, now: datetime, *, hidden: Collection[int] = ()) -> list[HolderLine]:
    """Who holds in an office that ends, and how far each list is."""
    return [line for line in holder_lines([office_id], now, hidden=hidden) if line.rows]
