"""What the holder does with a concern besides contacts: another way of holding, more time, another person, an end."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.queries import may_hold_in
from tsunagi.holding.models import Concern, Hold, Promise, Readiness, Rest, SecondWord
from tsunagi.holding.queries import city_settings
from tsunagi.holding.rules import (
    OUTCOMES,
    ClosingOutcome,
    ClosingWish,
    Decision,
    Deed,
    DeedWish,
    GapKind,
    HoldKind,
    PersonSays,
    PromiseKind,
    RethinkChoice,
    Urgency,
    WaitingFor,
    Who,
    WordOf,
    outcome_of,
    resting_until,
)
from tsunagi.journal.actions import record
from tsunagi.people.actions import record_death, record_move_away
from tsunagi.people.models import Party
from tsunagi.people.rules import PartyKind
from tsunagi.shared.days import day_of
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.actions import end_of_the_dead

from .chain import holder_calendar, locked_concerns, locked_hold, stand_beside
from .deeds import perform
from .promises import keep_promise
from .seconds import WHEN_AGREED, ask_second, check_may_hold

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

# How a concern may be held next, as a worker chooses it on the screen.
WAYS: dict[HoldKind, Deed] = {
    HoldKind.ASSESSING: Deed.ASSESS,
    HoldKind.SUPPORTING: Deed.SUPPORT,
    HoldKind.REACHING_OUT: Deed.REACH_OUT,
    HoldKind.PARTICIPATING: Deed.ARRANGE_PARTICIPATION,
    HoldKind.WATCHING: Deed.WATCH,
    HoldKind.FOLLOWING_THROUGH: Deed.FOLLOW_THROUGH,
}


def hold_as(
    kind: str, concern_id: int, *, by: Worker, at: datetime, due_on: date | None = None, reason: str = ""
) -> Decision:
    """Go on in another way (見立て・支援・アウトリーチ・参加支援・見守り・見届け)."""
    return perform(WAYS[HoldKind(kind)], concern_id, DeedWish(due_on=due_on, reason=reason), by=by, at=at)


def take_back(concern_id: int, *, by: Worker, at: datetime, reason: str = "") -> Decision:
    """見届け found that it did not connect: back to 見立て."""
    return perform(Deed.TAKE_BACK, concern_id, DeedWish(reason=reason), by=by, at=at)


def could_not(concern_id: int, *, by: Worker, at: datetime) -> Decision:
    """手が回らなかった: one key; counted per office, never per person."""
    return perform(Deed.COULD_NOT, concern_id, by=by, at=at)


def wait(
    concern_id: int,
    *,
    waiting_for: str,
    due_on: date,
    by: Worker,
    at: datetime,
    waiting_from: str = "",
    expected_on: date | None = None,
    second: int | None = None,
) -> Decision | SecondWord:
    """Say what is waited for, from whom, and the day we ask again: the row stands under 待ち."""
    wish = DeedWish(
        due_on=due_on,
        waiting_for=WaitingFor(waiting_for) if waiting_for else None,
        waiting_from=waiting_from,
        expected_on=expected_on,
    )
    beside: dict[str, Any] = {
        "waiting_for": waiting_for,
        "waiting_from": waiting_from.strip()[:120],
        "waiting_until": expected_on,
    }
    if second is not None:
        return _ask("wait", Deed.WAIT, concern_id, wish, by=by, at=at, second=second, beside=beside)
    return perform(Deed.WAIT, concern_id, wish, by=by, at=at, **beside)


def extend(
    concern_id: int, *, due_on: date, reason: str, by: Worker, at: datetime, second: int | None = None
) -> Decision | SecondWord:
    """A reasoned extension; without A or B the third needs another person's agreement (H3)."""
    wish = DeedWish(due_on=due_on, reason=reason)
    if second is not None:
        return _ask("extend", Deed.EXTEND, concern_id, wish, by=by, at=at, second=second)
    return perform(Deed.EXTEND, concern_id, wish, by=by, at=at)


def ask_rethink(
    concern_id: int,
    *,
    choice: str,
    due_on: date | None,
    reason: str,
    by: Worker,
    at: datetime,
    next_kind: str = "",
    second: int | None = None,
) -> SecondWord:
    """見立て直し: two people look again. Done when the other agrees."""
    wish = DeedWish(
        due_on=due_on,
        reason=reason,
        rethink=RethinkChoice(choice),
        next_kind=HoldKind(next_kind) if next_kind else None,
    )
    return _ask("rethink", Deed.RETHINK, concern_id, wish, by=by, at=at, second=second)


def ask_reassign(
    concern_id: int,
    *,
    to_worker: int,
    by: Worker,
    at: datetime,
    handed_note: str = "",
    handed_told: str = "",
    introduced_how: str = "",
) -> SecondWord:
    """Ask a colleague of the office to take a concern over; it passes when they say yes (H4). The day travels."""
    (concern,) = locked_concerns([concern_id])
    hold = locked_hold(concern)
    if to_worker == hold.worker_id:
        raise Refused("いまの受け持ちと同じ職員です。別の職員を選んでください。", field="to_worker")
    if not may_hold_in(to_worker, hold.office_id):
        raise Refused(
            "同じ機関に今いる職員を選んでください。ほかの機関へは「つなぐ」を使います。", field="to_worker"
        )
    check_may_hold(to_worker, concern.party_id, field="to_worker")
    return ask_second(
        "reassign",
        "担当を替わってほしい課題があります",
        subject_kind="concern",
        subject_id=concern_id,
        wish={
            "to_worker": to_worker,
            "handed_note": handed_note,
            "handed_told": handed_told[:40],
            "introduced_how": introduced_how,
        },
        words=handed_note,
        office_id=hold.office_id,
        party_id=concern.party_id,
        by=by,
        at=at,
        of_worker=to_worker if to_worker != by.pk else None,
    )


def take_over(concern_id: int, *, by: Worker, at: datetime, reason: str = "") -> Decision:
    """A manager gives a concern to themselves, or a colleague takes it up: their own yes is the acceptance."""
    return perform(
        Deed.REASSIGN, concern_id, DeedWish(accepted=True, reason=reason), by=by, at=at, to_worker=by.pk
    )


def stand_in(
    concern_id: int, *, acting_id: int | None, from_on: date, until_on: date, by: Worker, at: datetime
) -> None:
    """Name who acts while the holder is away; the holder still answers."""
    (concern,) = locked_concerns([concern_id])
    hold = locked_hold(concern)
    if acting_id is not None and not may_hold_in(acting_id, hold.office_id):
        raise Refused("代行には、同じ機関に今いる職員を選んでください。", field="acting")
    if acting_id is not None:
        check_may_hold(acting_id, concern.party_id, field="acting")
    if acting_id == hold.worker_id:
        raise Refused("代行には、受け持っている人とは別の職員を選んでください。", field="acting")
    perform(
        Deed.STAND_IN,
        concern_id,
        by=by,
        at=at,
        acting_id=acting_id,
        acting_from=from_on if acting_id else None,
        acting_until=until_on if acting_id else None,
    )


def work_together(concern_id: int, *, worker_ids: list[int], by: Worker, at: datetime) -> None:
    """Name who works beside the holder (いっしょに); one answers."""
    (concern,) = locked_concerns([concern_id])
    hold = locked_hold(concern)
    beside = sorted({worker_id for worker_id in worker_ids if worker_id != hold.worker_id})
    stand_beside(hold, by=by, at=at, together_with=beside)


def reach_out_to_holder(row_kind: str, row_id: int, *, by: Worker, at: datetime) -> date:
    """声をかけた: the row rests three open days on this worker's board, never in the counts (H7)."""
    row = (
        Hold.objects.filter(pk=row_id, closed_at__isnull=True).first()
        if row_kind == "hold"
        else Promise.objects.filter(pk=row_id, is_open=True).first()
    )
    if row is None:
        raise Refused("この行は、もう動いています。画面を開き直してください。")
    until = resting_until(day_of(at), _calendar(row), city_settings())
    Rest.objects.create(worker=by, row_kind=row_kind, row_id=row_id, until_on=until, at=at)
    record("row.reached_out", subject_kind=row_kind, subject_id=row_id, by=by.pk, at=at)
    return until


def _calendar(row: Hold | Promise) -> Any:
    if isinstance(row, Hold):
        return holder_calendar(row)
    from tsunagi.accounts.queries import calendar_of

    return calendar_of(row.office_id)


def make_ready(concern_id: int, *, words: str, closed_from: date, by: Worker, at: datetime) -> Readiness:
    """備えあり: before closed days, whom they can call and what is in the house (休み前の点検)."""
    if not words.strip():
        raise Refused("だれに連絡できるか、家に何があるかを、ひとことでも書いてください。", field="words")
    refuse_my_number(words, "備え", "words")
    ready = Readiness.objects.create(
        concern_id=concern_id, for_closed_from=closed_from, words=words.strip()[:300], at=at, by=by
    )
    record("concern.ready", subject_kind="concern", subject_id=concern_id, by=by.pk, at=at)
    return ready


def make_ready_for_many(settled: Mapping[int, tuple[str, date]], *, by: Worker, at: datetime) -> int:
    """備えあり for many at once: concern → (words, first closed day). All or none; how many were settled."""
    for concern_id, (words, closed_from) in settled.items():
        make_ready(concern_id, words=words, closed_from=closed_from, by=by, at=at)
    return len(settled)


def close_concern(
    concern_id: int,
    wish: ClosingWish,
    *,
    by: Worker,
    at: datetime,
    gap_needed: str = "",
    second: int | None = None,
) -> Decision | SecondWord:
    """Close with a stated outcome (H8). Where it needs a second person, they are asked, and it closes on their yes."""
    if OUTCOMES[outcome_of(wish)].second_person:
        _try_closing(concern_id, wish, by=by, at=at)
        return _ask(
            "close",
            Deed.CLOSE,
            concern_id,
            DeedWish(closing=wish, reason=wish.reason),
            by=by,
            at=at,
            second=second,
            beside={"gap_needed": gap_needed},
        )
    return perform(
        Deed.CLOSE,
        concern_id,
        DeedWish(closing=wish, reason=wish.reason),
        by=by,
        at=at,
        gap_needed=gap_needed,
    )


def _try_closing(concern_id: int, wish: ClosingWish, *, by: Worker, at: datetime) -> None:
    """Say what is missing now, not after the second person has looked."""
    from tsunagi.accounts.queries import calendar_of
    from tsunagi.holding.rules import decide

    from .deeds import facts_of, part_of

    (concern,) = locked_concerns([concern_id])
    hold = locked_hold(concern)
    facts = facts_of(concern, hold, at=at)
    part = part_of(by, hold, (Who.HOLDER, Who.ACTING))
    decide(
        Deed.CLOSE,
        facts,
        DeedWish(by=part, worker=by.pk, closing=wish, reason=wish.reason, agreed_by=-1),
        on=day_of(at),
        calendar=calendar_of(hold.office_id),
        settings=city_settings(),
    )


def look_back_done(concern_id: int, *, by: Worker, at: datetime, words: str = "") -> Decision:
    """ふりかえり found no trouble: the concern is closed as it was decided."""
    return perform(Deed.CLOSE, concern_id, DeedWish(reason=words), by=by, at=at)


def reopen(
    concern_id: int,
    *,
    reason: str,
    office_id: int,
    worker_id: int,
    by: Worker,
    at: datetime,
    urgency: str = "",
) -> Decision:
    """再開: a closed concern, or one looking back, is held again."""
    return perform(
        Deed.REOPEN,
        concern_id,
        DeedWish(reason=reason, urgency=Urgency(urgency) if urgency else None),
        by=by,
        at=at,
        to_office=office_id,
        to_worker=worker_id,
    )


def take_coordination(request: Promise, *, worker_id: int, by: Worker, at: datetime) -> Decision:
    """くらし連携担当 takes a concern that fits no office, by naming a worker; until then the sender holds (H5)."""
    if request.kind != PromiseKind.COORDINATION_REQUEST or not may_hold_in(worker_id, request.office_id):
        raise Refused("くらし連携担当の職員を選んでください。", field="worker")
    decision = perform(
        Deed.COORDINATE,
        request.subject_id,
        DeedWish(accepted=True, next_kind=HoldKind.COORDINATING),
        by=by,
        at=at,
        as_part=Who.COORDINATOR,
        to_office=request.office_id,
        to_worker=worker_id,
    )
    keep_promise(request, by=by, at=at)
    return decision


def managers_word(concern_id: int, *, by: Worker, at: datetime, words: str) -> None:
    """高 that has stood five open days: the manager says how it goes on."""
    if not words.strip():
        raise Refused("どうするかを、ひとことでも書いてください。", field="words")
    Concern.objects.filter(pk=concern_id).update(managers_word_at=at)
    record("concern.managers_word", subject_kind="concern", subject_id=concern_id, by=by.pk, at=at)


def move_away(
    party_id: int,
    *,
    moved_on: date,
    next_municipality: str,
    by: Worker,
    at: datetime,
    persons_own_word: bool = False,
    told_return: str = "",
) -> int:
    """転出: every open concern of the person ends, with the hand-over to the next municipality or why not (H8)."""
    count = 0
    for concern in _open_concerns(party_id):
        wish = ClosingWish(
            ClosingOutcome.MOVED_AWAY,
            word_of=WordOf.SUPPORTER,
            told_return=told_return,
            next_municipality=next_municipality,
            persons_own_word=persons_own_word,
        )
        perform(Deed.MOVE_AWAY, concern.pk, DeedWish(closing=wish, ends=True), by=by, at=at)
        count += 1
    record_move_away(party_id, moved_on=moved_on, by=by, at=at)
    return count


def die(party_id: int, *, died_on: date, left_behind: str, by: Worker, at: datetime) -> int:
    """死亡: the person's own concerns end; those of the household and of those around stay held (H8)."""
    count = 0
    for concern in _open_concerns(party_id):
        wish = ClosingWish(
            ClosingOutcome.DIED, word_of=WordOf.SUPPORTER, died_on=died_on, left_behind=left_behind
        )
        perform(Deed.DIE, concern.pk, DeedWish(closing=wish, ends=True), by=by, at=at)
        count += 1
    record_death(party_id, died_on=died_on, by=by, at=at)
    end_of_the_dead([party_id], by=by, at=at)
    return count


def join_concerns(concern_id: int, *, into: int, by: Worker, at: datetime) -> Decision:
    """他の課題に統合: the same difficulty was written twice."""
    if concern_id == into:
        raise Refused("同じ課題どうしはまとめられません。", field="into")
    return close_concern(concern_id, ClosingWish(ClosingOutcome.JOINED, into=into), by=by, at=at)  # type: ignore[return-value]


def _open_concerns(party_id: int) -> list[Concern]:
    roots = list(Party.objects.filter(pk=party_id).values_list("pk", flat=True))
    # Another record of the same person may not be seen by who does this: its holders are asked by themselves.
    joined = Party.objects.filter(same_as_id=party_id, kind=PartyKind.UNKNOWN)
    roots += list(joined.order_by("pk").values_list("pk", flat=True))
    return list(Concern.objects.filter(party_id__in=roots, closed_at__isnull=True).order_by("pk"))


# -- deeds that wait for a second person ------------------------------------------------------------------------------


def _ask(
    name: str,
    deed: Deed,
    concern_id: int,
    wish: DeedWish,
    *,
    by: Worker,
    at: datetime,
    second: int | None = None,
    beside: dict[str, Any] | None = None,
) -> SecondWord:
    (concern,) = locked_concerns([concern_id])
    hold = locked_hold(concern)
    return ask_second(
        name,
        f"{deed.label}: もうひとりの確認",
        subject_kind="concern",
        subject_id=concern_id,
        wish={"deed": str(deed), "wish": _plain(wish), "beside": _plain_dict(beside or {})},
        words=wish.reason or (wish.closing.reason if wish.closing else ""),
        office_id=hold.office_id,
        party_id=concern.party_id,
        by=by,
        at=at,
        of_worker=second,
    )


def _agreed(word: SecondWord, by: Worker, at: datetime) -> None:
    """Do the deed in the name of whoever asked, with the second person's agreement."""
    wish = _typed(word.wish["wish"])
    beside = dict(word.wish.get("beside", {}))
    if beside.get("waiting_until"):
        beside["waiting_until"] = date.fromisoformat(beside["waiting_until"])
    perform(
        Deed(word.wish["deed"]),
        word.subject_id,
        DeedWish(**{name: getattr(wish, name) for name in wish.__slots__} | {"agreed_by": by.pk}),
        by=word.asked_by,
        at=at,
        closing_fields={"asked_by": word.asked_by_id, "second_by": by.pk},
        **beside,
    )


def _reassigned(word: SecondWord, by: Worker, at: datetime) -> None:
    wish = word.wish
    if wish["to_worker"] != by.pk and word.asked_by_id != wish["to_worker"]:
        raise Refused("替わるように頼まれた職員だけが答えられます。")
    perform(
        Deed.REASSIGN,
        word.subject_id,
        DeedWish(accepted=True, agreed_by=by.pk),
        by=word.asked_by,
        at=at,
        to_worker=wish["to_worker"],
        handed_note=wish["handed_note"],
        handed_told=wish["handed_told"],
        introduced_how=wish["introduced_how"],
    )


for _name in ("wait", "extend", "rethink", "close"):
    WHEN_AGREED[_name] = _agreed
WHEN_AGREED["reassign"] = _reassigned


def _plain(wish: DeedWish) -> dict[str, Any]:
    values = {name: getattr(wish, name) for name in wish.__slots__ if getattr(wish, name) is not None}
    closing = values.pop("closing", None)
    plain = _plain_dict(values)
    if closing is not None:
        plain["closing"] = _plain_dict(dataclasses.asdict(closing))
    return plain


def _plain_dict(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat()
        if isinstance(value, date)
        else (str(value) if hasattr(value, "label") else value)
        for name, value in values.items()
        if value is not None
    }


_DEED_TYPES: dict[str, Any] = {
    "next_kind": HoldKind,
    "urgency": Urgency,
    "waiting_for": WaitingFor,
    "rethink": RethinkChoice,
    "by": Who,
    "due_on": date.fromisoformat,
    "expected_on": date.fromisoformat,
}
_CLOSING_TYPES: dict[str, Any] = {
    "outcome": ClosingOutcome,
    "word_of": WordOf,
    "person_says": PersonSays,
    "gap": GapKind,
    "heard_on": date.fromisoformat,
    "offer_on": date.fromisoformat,
    "died_on": date.fromisoformat,
    "look_back_on": date.fromisoformat,
}


def _typed(plain: dict[str, Any]) -> DeedWish:
    values = dict(plain)
    closing = values.pop("closing", None)
    typed = {name: _DEED_TYPES.get(name, lambda given: given)(value) for name, value in values.items()}
    if closing is not None:
        typed["closing"] = ClosingWish(
            **{name: _CLOSING_TYPES.get(name, lambda given: given)(value) for name, value in closing.items()}
        )
    return DeedWish(**typed)
