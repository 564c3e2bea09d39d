"""会議 of the invented city: 支援会議 with what was decided, its papers and minutes, the next one, a body without persons."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import NAMESPACE_URL, uuid5

from tsunagi.accounts.models import Posting, Worker
from tsunagi.accounts.queries import city_calendar
from tsunagi.holding.models import Hold
from tsunagi.meetings import actions
from tsunagi.meetings.actions import room
from tsunagi.meetings.actions.minutes import agree_minutes, draft_minutes, write_words
from tsunagi.meetings.actions.papers import ask_copy_back, make_copies, settle_copy
from tsunagi.meetings.models import Body, BodyMember, Copy, Item, Sitting
from tsunagi.meetings.queries.papers import shares
from tsunagi.meetings.rules import days_ahead
from tsunagi.shared.days import day_of

SECRETARY, PROPOSER = "renkei", "soudan"


def sittings(at: datetime) -> None:
    """Two bodies, a sitting that is over and the next one."""
    secretary = Worker.objects.get(sign_in_name=SECRETARY)
    proposer = Worker.objects.get(sign_in_name=PROPOSER)
    body = _body(secretary, at, "くらし支援会議", "support", ("support", "layered", "no_persons"))
    seats = [
        _seat(body, secretary, "secretary", secretary, at),
        _seat(body, proposer, "member", secretary, at),
    ]
    for seat, who in zip(seats, (secretary, proposer), strict=True):
        actions.acknowledge(seat, by=who, at=at)
    network = _body(
        secretary, at, "生活困窮者・重層的支援体制整備ネットワーク会議", "network", ("no_persons",)
    )
    _seat(network, secretary, "secretary", secretary, at)
    parties = list(
        Hold.objects.filter(worker=proposer, closed_at__isnull=True)
        .order_by("concern__party_id")
        .values_list("concern__party_id", flat=True)
        .distinct()[:3]
    )
    _past(body, seats, parties[:1], secretary, proposer, at)
    _next(body, seats, parties[1:], secretary, proposer, at)


def _body(secretary: Worker, at: datetime, name: str, kind: str, modes: tuple[str, ...]) -> Body:
    office = (
        Posting.objects.filter(worker=secretary, ended_at__isnull=True)
        .order_by("-is_main", "id")[0]
        .office_id
    )
    wish = actions.BodyWish(
        name=name,
        modes=modes,
        office_id=office,
        week=3,
        weekday=2,
        begins=time(14),
        place="市役所 3階 会議室",
    )
    return actions.make_body(kind, wish, by=secretary, at=at)


def _seat(body: Body, worker: Worker, role: str, by: Worker, at: datetime) -> BodyMember:
    office = (
        Posting.objects.filter(worker=worker, ended_at__isnull=True).order_by("-is_main", "id")[0].office_id
    )
    return actions.add_member(
        body,
        office_id=office,
        worker_id=worker.pk,
        role=role,
        from_on=day_of(at) - timedelta(days=200),
        by=by,
        at=at,
    )


def _past(
    body: Body, seats: list[BodyMember], parties: list[int], secretary: Worker, proposer: Worker, at: datetime
) -> None:
    """It sat today: one item in the room, one decision with its role, numbered copies, agreed minutes."""
    day = city_calendar().on_or_before(day_of(at))
    sitting = actions.new_sitting(
        body,
        actions.SittingWish(day_of(at), time(9), "相談室", is_ad_hoc=True, reason="住まいを失うおそれ"),
        by=secretary,
        at=at,
    )
    for party_id in parties:
        wish = actions.ItemWish(
            mode="support", kind="person", party_id=party_id, asked="だれが見守り、いつもう一度話し合うか"
        )
        item = actions.take_item(actions.propose(sitting, wish, by=proposer, at=at), by=secretary, at=at)
        actions.choose_members(item, {seat.pk: () for seat in seats}, by=secretary, at=at)
    # A copy is a row: its pages are made when somebody opens it.
    copies = make_copies(sitting, shares(sitting, day_of(at)), run_id=None, by=secretary, at=at)
    # It ended ten minutes ago; just after midnight it all happened now.
    began = at - timedelta(minutes=60)
    began, step = (began, timedelta(minutes=10)) if day_of(began) == day_of(at) else (at, timedelta())
    sitting = actions.open_sitting(sitting, by=secretary, at=began)
    actions.record_attendance(sitting, {seat.pk: "present" for seat in seats}, by=secretary, at=began)
    for item in sitting.items.order_by("position"):
        _talk(sitting, item, seats[1], secretary, began, step, day)
    room.end_room(sitting, by=secretary, at=began + 3 * step)
    _papers_and_minutes(sitting, copies, secretary, began + 4 * step)


def _talk(
    sitting: Sitting, item: Item, seat: BodyMember, secretary: Worker, at: datetime, step: timedelta, day: date
) -> None:  # fmt: skip
    """The item before the room: read out, a row typed, decided, done."""
    room.show_item(sitting, item.pk, by=secretary, at=at)
    room.read_out(item, by=secretary, at=at)
    row = {
        "kind": "role", "what": "週に一度、電話で様子を聞く", "owner_id": str(seat.pk), "owner_words": "", "removed": "",
        "due": (day + timedelta(days=14)).isoformat(),
    }  # fmt: skip
    said = at + step
    key = uuid5(NAMESPACE_URL, f"demo:line:{item.pk}")
    room.write_line(item, key=key, write=key, base=0, values=row, by=secretary, at=said)
    room.settle_lines(
        item,
        "roles",
        "相談室が電話を続け、来月もう一度話し合う。",
        by=secretary,
        at=at + timedelta(minutes=18),
    )
    room.finish_here(sitting, by=secretary, at=at + 2 * step)


def _papers_and_minutes(sitting: Sitting, copies: list[Copy], secretary: Worker, at: datetime) -> None:
    """One copy came back, one is asked for; the minutes are agreed."""
    settle_copy(copies[0], "returned", by=secretary, at=at)
    for copy in copies[1:]:
        ask_copy_back(copy, by=secretary, at=at)
    draft = draft_minutes(sitting, by=secretary, at=at)
    for part in draft.parts.filter(item__isnull=False).order_by("position"):
        write_words(
            part, "次回までに、電話に出なかった日と時間帯を書きとめておく。", revision=part.revision, by=secretary, at=at
        )  # fmt: skip
    agree_minutes(draft, by=secretary, at=at)


def _next(
    body: Body, seats: list[BodyMember], parties: list[int], secretary: Worker, proposer: Worker, at: datetime
) -> None:
    ahead = days_ahead(week=3, weekday=2, holiday_rule="after", calendar=city_calendar(), after=day_of(at))
    planned = actions.plan_sittings(body, [one.day for one in ahead[:6] if one.day], by=secretary, at=at)
    actions.call_sitting(planned[0], by=secretary, at=at)
    for place, party_id in enumerate(parties):
        wish = actions.ItemWish(
            mode="support", kind="person", party_id=party_id, asked="同意の求め方と、それまでの見守り"
        )
        item = actions.propose(planned[0], wish, by=proposer, at=at)
        if not place:
            taken = actions.take_item(item, by=secretary, at=at)
            actions.choose_members(taken, {seat.pk: () for seat in seats}, by=secretary, at=at)
    papers = actions.ItemWish(
        mode="no_persons", kind="resources", title="夜に過ごせる場所が足りない", asked="どこに声をかけるか"
    )
    actions.propose(planned[0], papers, by=proposer, at=at)
