"""What screens ask of referrals: inbox, outbox, one referral with its rows and thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Window

from tsunagi.accounts.queries import CalendarBook, office_ids, offices
from tsunagi.accounts.rules import Field
from tsunagi.codes.queries import labels_of
from tsunagi.holding.queries import called, value_at
from tsunagi.holding.rules import DeclineReason, Lateness, Urgency, board_dates
from tsunagi.people.access import closed_to
from tsunagi.people.rules import Facet
from tsunagi.permissions.queries import offices_for
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.kept import Kept
from tsunagi.shared.rows import sees_whole
from tsunagi.sharing.queries import ground_of

from ..models import Referral, ReferralConcern, ReferralMessage
from ..rules import OPEN_STATES, PersonTold, ReferralResult, ReferralState, RowState

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class ReferralCard:
    """A referral as a list shows it."""

    id: int
    number: str
    party_id: int
    party_label: str
    from_office: str
    from_worker: str
    to_office: str
    to_signs_in: bool
    state: str
    state_label: str
    urgency: str
    reason: str
    concerns: int
    sent_at: datetime
    seen_at: datetime | None
    answer_due_on: date
    considering_until: date | None
    oral_yes_at: datetime | None
    answered_at: datetime | None
    first_contact_at: datetime | None
    result_label: str
    lateness: Lateness
    is_open: bool


def inbox(worker: Worker) -> QuerySet[Referral]:
    """Referrals the worker's offices received, newest first."""
    rows = Referral.objects.filter(to_office_id__in=offices_for(worker, Purpose.REFER))
    return _rows(rows.exclude(party__id__any=closed_to(worker)))


def outbox(worker: Worker) -> QuerySet[Referral]:
    """Referrals the worker's offices sent, newest first."""
    rows = Referral.objects.filter(from_office_id__in=offices_for(worker, Purpose.REFER))
    return _rows(rows.exclude(party__id__any=closed_to(worker)))


def waiting_for_us(worker: Worker) -> list[ReferralFacts]:
    """Received and not answered yet, the earliest answer first; at most `SHOWN`."""
    return _facts(_WAITING_FOR_US.rows(offices_for(worker, Purpose.REFER), closed_to(worker)))


def waiting_for_them(worker: Worker) -> list[ReferralFacts]:
    """Sent by this worker and not answered yet; at most `SHOWN`."""
    return _facts(_WAITING_FOR_THEM.rows(offices_for(worker, Purpose.REFER), worker.pk, closed_to(worker)))


def not_met_yet(worker: Worker) -> list[ReferralFacts]:
    """Accepted by our offices, first contact still open, newest first; at most `FEW`."""
    return _facts(_NOT_MET_YET.rows(offices_for(worker, Purpose.REFER), closed_to(worker)))


def of_parties(worker: Worker, party_ids: Iterable[int]) -> QuerySet[Referral]:
    """Referrals of these parties that the worker's offices sent or received."""
    mine = offices_for(worker, Purpose.REFER)
    return _rows(
        Referral.objects.filter(party_id__in=list(party_ids)).filter(
            Q(from_office_id__in=mine) | Q(to_office_id__in=mine)
        )
    )


def latest_of(worker: Worker, party_ids: Iterable[int]) -> list[ReferralFacts]:
    """`of_parties` for a page that lists the latest of them; at most 20."""
    return _facts(_LATEST_OF.rows(list(party_ids), offices_for(worker, Purpose.REFER)))


def cards(
    rows: Iterable[Referral | ReferralFacts], *, on: date, book: CalendarBook | None = None
) -> list[ReferralCard]:
    """Rows of a list with the colour of the answer that is due."""
    book = book or CalendarBook()
    return [_card(row if isinstance(row, ReferralFacts) else _facts_of(row), on, book) for row in rows]


def _rows(rows: QuerySet[Referral]) -> QuerySet[Referral]:
    # Counted by key for the rows that are shown; a join with GROUP BY would sort every column of every row.
    carried = (
        ReferralConcern.objects.filter(referral_id=OuterRef("pk"))
        .order_by()
        .values("referral_id")
        .annotate(count=Count("id"))
        .values("count")
    )
    return (
        rows.select_related(
            "from_office", "to_office", "from_worker", "party__person", "party__household", "party__unknown"
        )
        .annotate(concern_count=Subquery(carried))
        .order_by("-sent_at", "-id")
    )


SHOWN, FEW, LATEST = 30, 10, 20
_COLUMNS = (
    "id", "number", "from_office_id", "from_office__name", "from_office__short_name", "from_worker__name",
    "to_office__name", "to_office__short_name", "to_office__signs_in", "state", "urgency", "reason", "concern_count",
    "sent_at", "seen_at", "answer_due_on", "considering_until", "oral_yes_at", "answered_at", "first_contact_at",
    "result", "party__kind", "party_id", "party__person__name", "party__person__kana", "party__household__label",
    "party__unknown__place", "party__unknown__looks",
)  # fmt: skip


class ReferralFacts(NamedTuple):
    """What a list shows of a referral, in the order of `_COLUMNS`."""

    id: int
    number: str | None
    from_office_id: int
    from_office: str
    from_office_short: str
    from_worker: str
    to_office: str
    to_office_short: str
    to_signs_in: bool
    state: str
    urgency: str
    reason: str
    concerns: int | None
    sent_at: datetime
    seen_at: datetime | None
    answer_due_on: date
    considering_until: date | None
    oral_yes_at: datetime | None
    answered_at: datetime | None
    first_contact_at: datetime | None
    result: str
    party_kind: str
    party_id: int
    name: str | None
    kana: str | None
    household: str | None
    place: str | None
    looks: str | None


def _facts(rows: Iterable[tuple[Any, ...]]) -> list[ReferralFacts]:
    return [ReferralFacts(*row) for row in rows]


def _facts_of(row: Referral) -> ReferralFacts:
    """The same of a loaded row (`_rows`)."""
    return ReferralFacts(*(value_at(row, path) for path in _COLUMNS))


def _waiting(offices: list[int], closed: list[int]) -> QuerySet[Referral]:
    return (
        _rows(
            Referral.objects.filter(to_office__id__any=offices, state__in=OPEN_STATES).exclude(
                party__id__any=closed
            )
        )
        .order_by("answer_due_on", "id")
    )  # fmt: skip


def _unmet(offices: list[int], closed: list[int]) -> QuerySet[Referral]:
    accepted = Q(state=ReferralState.ACCEPTED) | Q(state=ReferralState.PARTLY)
    return _rows(
        Referral.objects.filter(
            accepted, to_office__id__any=offices, first_contact_at__isnull=True, result=""
        ).exclude(party__id__any=closed)
    )


def _sent(offices: list[int], worker_id: int, closed: list[int]) -> QuerySet[Referral]:
    mine = Referral.objects.filter(
        from_office__id__any=offices, state__in=OPEN_STATES, from_worker_id=worker_id
    )
    return _rows(mine.exclude(party__id__any=closed)).order_by("answer_due_on", "id")


def _latest(parties: list[int], offices: list[int]) -> QuerySet[Referral]:
    ours = Q(from_office__id__any=offices) | Q(to_office__id__any=offices)
    return _rows(Referral.objects.filter(ours, party__id__any=parties))


_WAITING_FOR_US = Kept(lambda offices, closed: _waiting(offices, closed).values_list(*_COLUMNS)[:SHOWN])
_WAITING_FOR_THEM = Kept(
    lambda offices, worker_id, closed: _sent(offices, worker_id, closed).values_list(*_COLUMNS)[:SHOWN]
)
_NOT_MET_YET = Kept(lambda offices, closed: _unmet(offices, closed).values_list(*_COLUMNS)[:FEW])
_LATEST_OF = Kept(lambda parties, offices: _latest(parties, offices).values_list(*_COLUMNS)[:LATEST])


def _card(row: ReferralFacts, on: date, book: CalendarBook) -> ReferralCard:
    is_open = row.state in OPEN_STATES
    due = max(row.answer_due_on, row.considering_until or row.answer_due_on)
    colour = Lateness.GREEN
    if is_open:
        colour = board_dates(on, book.of(row.from_office_id)).colour(due, Urgency(row.urgency or Urgency.LOW))
    return ReferralCard(
        id=row.id,
        number=row.number or str(row.id),
        party_id=row.party_id,
        party_label=called(*row[-7:]),
        from_office=row.from_office_short or row.from_office,
        from_worker=row.from_worker,
        to_office=row.to_office_short or row.to_office,
        to_signs_in=row.to_signs_in,
        state=row.state,
        state_label=ReferralState(row.state).label,
        urgency=row.urgency,
        reason=row.reason,
        concerns=row.concerns or 0,
        sent_at=row.sent_at,
        seen_at=row.seen_at,
        answer_due_on=row.answer_due_on,
        considering_until=row.considering_until,
        oral_yes_at=row.oral_yes_at,
        answered_at=row.answered_at,
        first_contact_at=row.first_contact_at,
        result_label=ReferralResult(row.result).label if row.result else "",
        lateness=colour,
        is_open=is_open,
    )


@dataclass(frozen=True)
class RowCard:
    """One concern of a referral."""

    concern_id: int
    description: str
    kinds: tuple[str, ...]
    urgency: str
    state: str
    state_label: str


@dataclass(frozen=True)
class ReferralPage:
    """One referral as its page prints it."""

    card: ReferralCard
    rows: tuple[RowCard, ...]
    messages: tuple[ReferralMessage, ...]
    wishes: str
    troubles: tuple[str, ...]
    household_words: str
    how_introduced: str
    person_told: str
    person_told_words: str
    ground: str
    facets: tuple[str, ...]
    seen_by: str
    oral_yes_who: str
    answered_by: str
    answered_who: str
    answer_words: str
    decline_label: str
    result_words: str
    result_at: datetime | None
    withdrawn_at: datetime | None
    withdrawn_words: str
    is_receiver: bool
    is_sender: bool


HOW_INTRODUCED = {
    "together": "同行",
    "telephone": "電話",
    "letter": "手紙",
    "person_alone": "本人が自分で行く",
    "sheet": "シートだけ",
}


@sees_whole("what an office sent stays its own record")
def referral_page(worker: Worker, referral: Referral, *, on: date) -> ReferralPage:
    """The page of a referral the worker came to through a door."""
    found = _rows(Referral.objects.filter(pk=referral.pk)).select_related(
        "from_office", "to_office", "from_worker", "seen_by", "answered_by", "party__person", "party__household",
        "party__unknown",
    ).get()  # fmt: skip
    mine = offices_for(worker, Purpose.REFER)
    rows = found.rows.select_related("concern").order_by("id")
    return ReferralPage(
        card=_card(_facts_of(found), on, CalendarBook()),
        rows=tuple(
            RowCard(
                row.concern_id,
                row.concern.description,
                tuple(labels_of("case_types", row.concern.codes)),
                row.concern.urgency,
                row.state,
                RowState(row.state).label,
            )
            for row in rows
        ),
        messages=tuple(found.messages.select_related("office", "worker").order_by("id")),
        wishes=found.wishes,
        troubles=tuple(labels_of("tsunagu_worries", found.troubles)),
        household_words=found.household_words,
        how_introduced=HOW_INTRODUCED.get(found.how_introduced, ""),
        person_told=PersonTold(found.person_told).label if found.person_told else "",
        person_told_words=found.person_told_words,
        ground=_ground_words(found.ground),
        facets=tuple(Facet(facet).label for facet in found.facets),
        seen_by=found.seen_by.name if found.seen_by else "",
        oral_yes_who=found.oral_yes_who,
        answered_by=found.answered_by.name if found.answered_by else "",
        answered_who=found.answered_who,
        answer_words=found.answer_words,
        decline_label=DeclineReason(found.decline_reason).label if found.decline_reason else "",
        result_words=found.result_words,
        result_at=found.result_at,
        withdrawn_at=found.withdrawn_at,
        withdrawn_words=found.withdrawn_words,
        is_receiver=found.to_office_id in mine,
        is_sender=found.from_office_id in mine,
    )


def _ground_words(code: str) -> str:
    ground = ground_of(code)
    return f"{code} {ground.name}" if ground else code


def offered_rows(referral: Referral) -> list[tuple[int, str]]:
    """The concerns still waiting for an answer, to be ticked."""
    rows = referral.rows.filter(state=RowState.OFFERED).select_related("concern").order_by("id")
    return [(row.concern_id, row.concern.description[:60] or f"課題 {row.concern_id}") for row in rows]


def destinations(worker: Worker) -> list[tuple[str, list[tuple[int, str]]]]:
    """Offices a referral can go to, grouped by field; those without an account are marked ※."""
    groups: dict[str, list[tuple[int, str]]] = {}
    mine = set(office_ids(worker))
    for office in offices():
        if office.pk in mine and len(mine) == 1:
            continue
        label = office.name if office.signs_in else f"※ {office.name}"
        groups.setdefault(Field(office.field).label, []).append((office.pk, label))
    return list(groups.items())


def filtered(rows: QuerySet[Referral], show: str, *, on: date) -> QuerySet[Referral]:
    """A list narrowed: open, late, unmet, answered or all."""
    if show == "open":
        return rows.filter(state__in=OPEN_STATES).order_by("answer_due_on", "id")
    if show == "late":
        late = rows.filter(state__in=OPEN_STATES, answer_due_on__lt=on).exclude(considering_until__gte=on)
        return late.order_by("answer_due_on", "id")
    if show == "unmet":
        return rows.filter(
            state__in=[ReferralState.ACCEPTED, ReferralState.PARTLY], first_contact_at__isnull=True, result=""
        )
    if show == "answered":
        return rows.exclude(state__in=OPEN_STATES)
    return rows


def page_of(rows: QuerySet[Referral], after: str, size: int) -> tuple[list[Referral], str]:
    """The rows after a key and the key of the next page ("" = there is none); a key nobody can read starts anew.

    The key is what the list is ordered by: the day of the answer or the moment of sending, and the number.
    """
    by_due = rows.query.order_by[0] == "answer_due_on"
    key, _, number = after.partition("_")
    if number.isdigit():
        with contextlib.suppress(ValueError):
            if by_due:
                day = date.fromisoformat(key)
                rows = rows.filter(Q(answer_due_on__gt=day) | Q(answer_due_on=day, pk__gt=int(number)))
            else:
                moment = datetime.fromisoformat(key)
                rows = rows.filter(Q(sent_at__lt=moment) | Q(sent_at=moment, pk__lt=int(number)))
    shown = list(rows[: size + 1])
    if len(shown) <= size:
        return shown, ""
    last = shown[size - 1]
    value = last.answer_due_on.isoformat() if by_due else last.sent_at.astimezone(UTC).strftime(KEY)
    return shown[:size], f"{value}_{last.pk}"


KEY = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class First:
    """The first of a list, and how many there are."""

    rows: tuple[ReferralFacts, ...]
    count: int


def first_late(office_ids: Iterable[int], *, on: date, hidden: Iterable[int] = ()) -> First:
    """Sent by these offices and past the day of the answer (and of the considering); the first `FEW`. None of the `hidden`
    parties."""
    return _first(_LATE.rows(list(office_ids), on, on, list(hidden)))


def first_unmet(office_ids: Iterable[int], *, hidden: Iterable[int] = ()) -> First:
    """Accepted by these offices, nobody met yet; the longest wait first, at most `FEW`. None of the `hidden` parties."""
    return _first(_UNMET.rows(list(office_ids), list(hidden)))


def _late(
    office_ids: list[int], due_before: date, considered_until: date, hidden: list[int]
) -> QuerySet[Referral]:
    late = Referral.objects.filter(
        from_office__id__any=office_ids, state__in=OPEN_STATES, answer_due_on__lt=due_before
    ).exclude(party__id__any=hidden)
    return _rows(late).exclude(considering_until__gte=considered_until).order_by("answer_due_on", "id")


def _unmet_longest(office_ids: list[int], hidden: list[int]) -> QuerySet[Referral]:
    return _unmet(office_ids, hidden).filter(to_office__signs_in=True).order_by("answered_at", "id")


def _first(rows: list[tuple[Any, ...]]) -> First:
    return First(tuple(ReferralFacts(*row[:-1]) for row in rows), rows[0][-1] if rows else 0)


def _counted(rows: QuerySet[Referral]) -> QuerySet[Referral, tuple[Any, ...]]:
    return rows.annotate(of_all=Window(Count("id"))).values_list(*_COLUMNS, "of_all")[:FEW]


_LATE = Kept(lambda offices, due, considered, hidden: _counted(_late(offices, due, considered, hidden)))
_UNMET = Kept(lambda offices, hidden: _counted(_unmet_longest(offices, hidden)))
