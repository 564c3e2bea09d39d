"""Every deed on a held concern goes through `perform`: gather facts, ask the table, change, journal, announce."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import F

from tsunagi.accounts.queries import calendar_of, coordination_office, office_ids, posts_of
from tsunagi.accounts.rules import Role
from tsunagi.holding.events import ConcernClosed, HandingOverEnded, HoldPassed
from tsunagi.holding.models import Closing, Concern, ContactOn, Gap, Hold, Promise
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    CONTACTS,
    TRANSITIONS,
    ClosingOutcome,
    ContactKind,
    Decision,
    Deed,
    DeedWish,
    HoldFacts,
    HoldKind,
    PromiseKind,
    Run,
    SafetyWord,
    Standing,
    State,
    Urgency,
    Who,
    Whose,
    board_dates,
    decide,
    run_of,
)
from tsunagi.journal.actions import record
from tsunagi.people.queries import is_protected
from tsunagi.shared.days import day_of
from tsunagi.shared.events import announce
from tsunagi.shared.refusal import Refused

from .chain import end_last_hold, locked_concerns, locked_hold, open_first_hold, stand_beside, succeed
from .gaps import record_gap
from .promises import keep_promises_of, promise

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

NOT_YOURS = "この課題は、いまあなたの受け持ちではありません。受け持っている人に声をかけてください。"

_WHAT = {
    PromiseKind.LOOK_BACK: "ふりかえり",
    PromiseKind.OFFER: "もう一度声をかける",
    PromiseKind.NAME_HOLDER: "受け持つ職員を決める",
    PromiseKind.FIRST_CONTACT: "はじめて会えたか確かめる",
    PromiseKind.SAFETY_CHECK: "48時間以内に姿を確かめる",
    PromiseKind.COORDINATION_REQUEST: "行き先のない課題を受ける",
}


def part_of(by: Worker, hold: Hold | None, among: Iterable[Who], *, on: Any = None) -> Who:
    """In what part this worker does a deed that these parts may do; Refused when in none of them.

    A colleague of the holding office who takes a call does it as one who works beside.
    """
    roles = {post.role for post in posts_of(by)}
    parts: list[Who] = []
    if hold is not None:
        if hold.worker_id == by.pk:
            parts.append(Who.HOLDER)
        if hold.acting_id == by.pk:
            parts.append(Who.ACTING)
        if by.pk in hold.together_with or hold.office_id in office_ids(by):
            parts.append(Who.BESIDE)
        if any(post.role == Role.MANAGER and post.office_id == hold.office_id for post in posts_of(by)):
            parts.append(Who.MANAGER)
    else:
        parts.append(Who.DESK)
        if Role.MANAGER in roles:
            parts.append(Who.MANAGER)
    if Role.COORDINATOR in roles:
        parts.append(Who.COORDINATOR)
    allowed = set(among)
    for part in parts:
        if part in allowed:
            return part
    raise Refused(NOT_YOURS)


def facts_of(concern: Concern, hold: Hold | None, *, at: datetime) -> HoldFacts:
    """What the rules must know of a concern and its open hold (six short queries, by key)."""
    chain = list(Hold.objects.filter(concern_id=concern.pk).order_by("id"))
    report = concern.safety_reports.order_by("id").last()
    word = None
    if report is not None:
        word = SafetyWord.REPORTED if report.reported else SafetyWord.NOT_BY_TWO
    elif concern.danger:
        word = SafetyWord.SUSPECTED
    closing = Closing.objects.filter(concern_id=concern.pk, reopened_at__isnull=True).first()
    state: State
    if hold is not None:
        state = Standing.LOOKING_BACK if hold.look_back else HoldKind(hold.kind)
    else:
        state = Standing.CLOSED if concern.closed_at else Standing.NEW
    judged_on = day_of(concern.urgency_judged_at)
    urgency = Urgency(concern.urgency)
    handing = [row for row in chain if row.kind == HoldKind.HANDING_OVER]
    before = [row for row in chain if row.kind != HoldKind.HANDING_OVER]
    promised = set(
        Promise.objects.filter(
            subject_kind="concern",
            subject_id=concern.pk,
            kind__in=[PromiseKind.COORDINATION_REQUEST, PromiseKind.ROLE],
        ).values_list("kind", "is_open")
    )
    colour = None
    if hold is not None:
        own, office = calendar_of(hold.office_id, hold.worker_id), calendar_of(hold.office_id)
        colour = board_dates(day_of(at), own, office=office, settings=city_settings()).colour(
            hold.due_on, urgency
        )
    facts: dict[str, Any] = {
        "state": state,
        "urgency": urgency,
        "due_on": hold.due_on if hold else None,
        "opened_on": hold.opened_on if hold else None,
        "came_at": concern.came_at if hold is None else None,
        "run": _run(chain, concern),
        "seen": concern.last_seen_on is not None and concern.last_seen_on >= judged_on,
        "last_seen_on": concern.last_seen_on,
        "whose": Whose(concern.whose),
        "family_support": concern.family_support,
        "high_since": judged_on if urgency is Urgency.HIGH else None,
        "managers_word_on": day_of(concern.managers_word_at) if concern.managers_word_at else None,
        "suspected": bool(concern.danger),
        "safety_word": word,
        "protected": is_protected(concern.party_id),
        "kind_before": HoldKind(before[-1].kind) if handing and before else None,
        "declines": sum(1 for row in chain if row.deed == Deed.DECLINE),
        "request_open": (PromiseKind.COORDINATION_REQUEST.value, True) in promised,
        "oral_yes_used": bool(hold and hold.kind == HoldKind.HANDING_OVER and hold.oral_yes_until),
        "roles_agreed": any(kind == PromiseKind.ROLE for kind, _ in promised),
        "closed_as": ClosingOutcome(closing.outcome) if closing and hold is not None else None,
    }
    if colour is not None:
        facts["colour"] = colour
    return HoldFacts(**facts)


def _run(chain: list[Hold], concern: Concern) -> Run:
    """What was done since the person was last seen: the chain of holds and the contacts that moved no day."""
    past: list[tuple[datetime, int, Deed, HoldKind | None]] = [
        (row.opened_at, row.pk, Deed(row.deed), HoldKind(row.kind)) for row in chain
    ]
    kind_at = [(row.opened_at, HoldKind(row.kind)) for row in chain]
    still = ContactOn.objects.filter(concern_id=concern.pk, moved_due=False).order_by("contact_id")
    for kind, written_at, key in still.values_list("kind", "contact__written_at", "contact_id"):
        then = [held for opened_at, held in kind_at if opened_at <= written_at]
        past.append((written_at, key, CONTACTS[ContactKind(kind)].deed, then[-1] if then else None))
    past.sort(key=lambda row: row[:2])
    return run_of((deed, kind) for _, _, deed, kind in past)


def perform(
    deed: Deed,
    concern_id: int,
    wish: DeedWish | None = None,
    *,
    by: Worker,
    at: datetime,
    to_office: int | None = None,
    to_worker: int | None = None,
    as_part: Who | None = None,
    known: dict[str, Any] | None = None,
    **beside: Any,
) -> Decision:
    """Do a deed on a concern. Raises Refused with what is missing; returns what it led to.

    `to_office`/`to_worker`: the next holder where the deed changes it. `as_part`: the part the worker acts in where
    their office alone cannot tell (the receiver of a referral). `known`: facts only the caller has (a request to
    くらし連携担当). `beside`: fields to store on the hold (waiting_from, handed_note, look_back …).
    """
    found = locked_concerns([concern_id])
    if not found:
        raise Refused("この課題が見つかりません。画面を開き直してください。")
    (concern,) = found
    hold = None if concern.closed_at else locked_hold(concern)
    facts = facts_of(concern, hold, at=at)
    if known:
        facts = HoldFacts(**{name: getattr(facts, name) for name in facts.__slots__} | known)
    wish = wish or DeedWish()
    allowed = TRANSITIONS[(facts.state, deed)].who
    part = as_part or (part_of(by, hold, allowed) if allowed else wish.by)
    wish = DeedWish(**{name: getattr(wish, name) for name in wish.__slots__} | {"by": part, "worker": by.pk})
    office_id = hold.office_id if hold else to_office
    calendar = calendar_of(office_id)
    decision = decide(deed, facts, wish, on=day_of(at), calendar=calendar, settings=city_settings())
    _change(concern, hold, decision, wish, by=by, at=at, to_office=to_office, to_worker=to_worker, **beside)
    record(
        f"concern.{deed}",
        subject_kind="concern",
        subject_id=concern.pk,
        by=by.pk,
        at=at,
        detail={"part": str(part), "moved": decision.moved, "next": str(decision.next)},
    )
    return decision


def _change(
    concern: Concern,
    hold: Hold | None,
    decision: Decision,
    wish: DeedWish,
    *,
    by: Worker,
    at: datetime,
    to_office: int | None,
    to_worker: int | None,
    **beside: Any,
) -> None:
    if decision.urgency != concern.urgency:
        Concern.objects.filter(pk=concern.pk).update(
            urgency=decision.urgency, urgency_judged_at=at, revision=F("revision") + 1
        )
    gap = None
    needed = beside.pop("gap_needed", "")
    if decision.gap is not None:
        gap = record_gap(
            decision.gap,
            office_id=hold.office_id if hold else (to_office or 0),
            by=by,
            at=at,
            concern=concern,
            needed=needed,
            words=wish.reason,
        )
    closing_fields = beside.pop("closing_fields", {})
    looked_back = hold is not None and hold.look_back
    if decision.closing is not None and not looked_back:
        _store_closing(concern, decision, wish, gap, by=by, at=at, fields=closing_fields)
    successor = _next_hold(
        concern, hold, decision, wish, by=by, at=at, to_office=to_office, to_worker=to_worker, **beside
    )
    for made in decision.promises:
        holder = successor or hold
        # The first contact is promised once for the whole sheet, by the referral.
        if holder is None or (decision.deed is Deed.ACCEPT and made.kind == PromiseKind.FIRST_CONTACT):
            continue
        if made.kind == PromiseKind.COORDINATION_REQUEST:
            # It stands with くらし連携担当, never with the office that asks (H5).
            ask_coordination(concern, by=by, at=at)
            continue
        promise(
            made.kind,
            _WHAT.get(made.kind, made.kind.label),
            subject_kind="concern",
            subject_id=concern.pk,
            party_id=concern.party_id,
            office_id=holder.office_id,
            worker_id=holder.worker_id,
            due_on=made.due_on,
            urgency=decision.urgency,
            by=by,
            at=at,
        )
    if decision.asks_coordination:
        ask_coordination(concern, by=by, at=at)


def _next_hold(
    concern: Concern,
    hold: Hold | None,
    decision: Decision,
    wish: DeedWish,
    *,
    by: Worker,
    at: datetime,
    to_office: int | None,
    to_worker: int | None,
    **beside: Any,
) -> Hold | None:
    if decision.next is Standing.CLOSED:
        if hold is not None:
            end_last_hold(hold, by=by, at=at, reason=str(decision.deed))
        Concern.objects.filter(pk=concern.pk).update(closed_at=at, revision=F("revision") + 1)
        _say_handing_over_ended(hold, None, at=at)
        # What was still promised about the end of the waiting is settled by the end itself.
        keep_promises_of("concern", concern.pk, _SETTLED_BY_THE_END, by=by, at=at)
        outcome = decision.closing.outcome if decision.closing else ""
        announce(ConcernClosed(concern_id=concern.pk, outcome=str(outcome), by=by.pk, at=at))
        return None
    kind = decision.kind
    if hold is None:
        last = Hold.objects.filter(concern_id=concern.pk).order_by("-id").first()
        if to_office is None or to_worker is None or kind is None or decision.due_on is None:
            raise Refused("受け持つ機関と職員を選んでください。", field="worker")
        if concern.closed_at:
            Closing.objects.filter(concern_id=concern.pk, reopened_at__isnull=True).update(reopened_at=at)
            Concern.objects.filter(pk=concern.pk).update(closed_at=None, revision=F("revision") + 1)
        return open_first_hold(
            concern,
            kind=kind,
            office_id=to_office,
            worker_id=to_worker,
            due_on=decision.due_on,
            deed=decision.deed,
            by=by,
            at=at,
            previous=last,
            reason=wish.reason[:500],
            **beside,
        )
    if decision.deed is Deed.REOPEN and hold.look_back:
        Closing.objects.filter(concern_id=concern.pk, reopened_at__isnull=True).update(reopened_at=at)
    if not decision.changes_hold:
        fields = {name: beside[name] for name in _BESIDE if name in beside}
        if decision.oral_yes_until is not None:
            fields["oral_yes_until"] = decision.oral_yes_until
        if fields:
            stand_beside(hold, by=by, at=at, **fields)
        return hold
    moved = succeed(
        hold,
        deed=decision.deed,
        by=by,
        at=at,
        due_on=decision.due_on,
        kind=kind,
        office_id=to_office if decision.holder_changes else None,
        worker_id=to_worker if decision.holder_changes else None,
        reason=wish.reason[:500],
        look_back=decision.look_back,
        oral_yes_until=decision.oral_yes_until,
        **beside,
    )
    _say_handing_over_ended(hold, moved, at=at, deed=decision.deed)
    if moved.worker_id != hold.worker_id:
        announce(
            HoldPassed(
                concern_id=concern.pk,
                from_worker=hold.worker_id,
                to_worker=moved.worker_id,
                from_office=hold.office_id,
                to_office=moved.office_id,
                at=at,
            )
        )
    return moved


def _say_handing_over_ended(hold: Hold | None, then: Hold | None, *, at: datetime, deed: str = "") -> None:
    if hold is None or hold.kind != HoldKind.HANDING_OVER:
        return
    if then is None or then.kind != HoldKind.HANDING_OVER:
        announce(HandingOverEnded(concern_id=hold.concern_id, deed=str(deed), at=at))


_SETTLED_BY_THE_END = (
    PromiseKind.COORDINATION_REQUEST,
    PromiseKind.NAME_HOLDER,
    PromiseKind.SAFETY_CHECK,
)
_BESIDE = (
    "together_with",
    "waiting_for",
    "waiting_from",
    "waiting_until",
    "acting_id",
    "acting_from",
    "acting_until",
)


def _store_closing(
    concern: Concern,
    decision: Decision,
    wish: DeedWish,
    gap: Gap | None,
    *,
    by: Worker,
    at: datetime,
    fields: dict[str, Any],
) -> Closing:
    closing = decision.closing
    said = wish.closing
    if closing is None or said is None:
        raise Refused("終わり方を選んでください。", field="outcome")
    stored = Closing.objects.create(
        concern=concern,
        outcome=closing.outcome,
        decided_on=closing.decided_on,
        word_of=said.word_of or "",
        person_says=said.person_says or "",
        told_return=said.told_return[:300],
        words=said.reason,
        tries=said.tries,
        card=said.card[:200],
        heard_from=said.heard_from[:120],
        heard_on=said.heard_on,
        capacity_and_danger=said.capacity_and_danger[:300],
        next_municipality=said.next_municipality[:300],
        left_behind=said.left_behind[:200],
        died_on=said.died_on,
        into_id=said.into,
        gap=gap,
        look_back_on=closing.look_back_on,
        offer_on=closing.offer_on,
        key_office=said.key_office[:120],
        short_retention=closing.short_retention,
        by_id=fields.get("asked_by", by.pk),
        second_by_id=fields.get("second_by"),
        at=at,
    )
    record(
        "concern.closing",
        subject_kind="concern",
        subject_id=concern.pk,
        by=by.pk,
        at=at,
        detail={"outcome": str(closing.outcome), "second": fields.get("second_by"), "closing": stored.pk},
    )
    return stored


def ask_coordination(concern: Concern, *, by: Worker | None, at: datetime) -> Promise | None:
    """A request to くらし連携担当 that cannot be declined: it stands with them until they name a worker (H5)."""
    if Promise.objects.filter(
        kind=PromiseKind.COORDINATION_REQUEST, subject_kind="concern", subject_id=concern.pk, is_open=True
    ).exists():
        return None
    office = coordination_office()
    if office is None or office.duty_worker_id is None:
        raise Refused("くらし連携担当の機関がまだありません。管理者に登録を頼んでください。")
    return promise(
        PromiseKind.COORDINATION_REQUEST,
        _WHAT[PromiseKind.COORDINATION_REQUEST],
        subject_kind="concern",
        subject_id=concern.pk,
        party_id=concern.party_id,
        office_id=office.pk,
        worker_id=office.duty_worker_id,
        due_on=calendar_of(office.pk).add(day_of(at), 5),
        urgency=concern.urgency,
        by=by,
        at=at,
    )
