"""What was decided: words, the plan's own record of it, a gap, and roles that somebody answers for from then on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from tsunagi.accounts.queries import calendar_of, main_office_id, may_hold_in, someone_in
from tsunagi.holding.actions import keep_promise, pass_promise, perform, promise, record_gap, withdraw_promise
from tsunagi.holding.models import Hold, Promise
from tsunagi.holding.rules import AgreedIn, Deed, DeedWish, HoldKind, PromiseKind
from tsunagi.meetings.access import ROLE, ground_of, opened_members
from tsunagi.meetings.models import Attendance, Decision, DecisionRole, Item, RoleNote
from tsunagi.meetings.rules import (
    NEEDS_CONSENT,
    PLAN_RESULT,
    DecisionKind,
    ItemState,
    Mode,
    Presence,
    RoleDeed,
    RoleState,
    SittingState,
    check_decision,
    facets_for,
    next_role_state,
)
from tsunagi.notices.actions import tell
from tsunagi.people.actions import end_involvement, involve
from tsunagi.people.rules import REFERRAL_FACETS, ReasonKind
from tsunagi.plans.actions import confer, decide, record_conference
from tsunagi.plans.models import Conference
from tsunagi.plans.rules import MeetingKind, PlanState
from tsunagi.shared.days import day_of
from tsunagi.shared.refusal import Refused

from .pieces import journal, locked_item, refuse_numbers, within

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker

ANSWER_DAYS = 5
"""Business days in which somebody who was not at the table answers whether they take a role (H4)."""
REVIEW_DAYS = 20
"""Business days after which a role that is done is looked at again, unless a later sitting did."""


@dataclass(frozen=True)
class RoleWish:
    """A row of the role table: who does what by when."""

    office_id: int
    worker_id: int
    what: str
    due_on: date
    facets: tuple[str, ...] = REFERRAL_FACETS


@dataclass(frozen=True)
class DecisionWish:
    """A decision as typed. `gap_kind` is for はざま; `decided_by` for a plan the meeting itself decides; `watch_on` moves
    the hold of the item's concern into 見守り until then."""

    kind: str
    words: str = ""
    roles: Sequence[RoleWish] = ()
    gap_kind: str = ""
    decided_by: str = ""
    watch_on: date | None = None


def decide_item(item: Item, wish: DecisionWish, *, by: Worker, at: datetime) -> Decision:
    """Record a decision: its roles become promises in the same deed. 支援会議 never decides a plan.

    Refused before the sitting has begun, and for an item that is not on the agenda.
    """
    refuse_numbers({"words": ("決定のことば", wish.words), "decided_by": ("決定した人", wish.decided_by)})
    locked = locked_item(item)
    if locked.sitting.state not in (SittingState.OPEN, SittingState.ENDED):
        raise Refused("会議を始めてから、決まったことを書いてください。")
    if locked.state not in (ItemState.TAKEN, ItemState.DONE):
        raise Refused("取り上げた議題にだけ、決まったことを書けます。")
    kind = DecisionKind(wish.kind)
    check_decision(locked.mode, kind, has_plan=locked.plan_id is not None)
    if not wish.words.strip() and not wish.roles and kind not in PLAN_RESULT:
        raise Refused("何が決まったかを書くか、役割を入れてください。", field="words")
    decision = Decision.objects.create(
        item=locked, kind=kind, words=wish.words.strip(), decided_at=at, decided_by=by,
        conference=_of_the_plan(locked, kind, wish, by=by, at=at),
    )  # fmt: skip
    for row in wish.roles:
        give_role(decision, locked, row, by=by, at=at)
    if kind == DecisionKind.WATCH and wish.watch_on is not None:
        _watch(locked, wish.watch_on, by=by, at=at)
    if wish.gap_kind:
        office = main_office_id(by) or locked.sitting.body.office_id
        record_gap(
            wish.gap_kind, office_id=office, concern=locked.concern, needed=wish.words[:300], by=by, at=at
        )
    journal(
        "meeting_item.decided",
        locked,
        by=by,
        at=at,
        decision=decision.pk,
        kind=kind.value,
        roles=len(wish.roles),
    )
    return decision


def _of_the_plan(
    item: Item, kind: DecisionKind, wish: DecisionWish, *, by: Worker, at: datetime
) -> Conference | None:
    if kind not in PLAN_RESULT:
        return None
    plan = item.plan
    if plan is None:  # check_decision has refused it
        raise Refused("どのプランのことかが分かりません。")
    if plan.state == PlanState.DRAFT:
        confer(plan, by=by, at=at)
    which = MeetingKind.SUPPORT if item.mode == Mode.COORDINATION else MeetingKind.MULTI
    said = record_conference(
        plan, held_on=min(item.sitting.day, day_of(at)), kind=which, result=PLAN_RESULT[kind], words=wish.words, by=by, at=at
    )  # fmt: skip
    if wish.decided_by.strip() and kind != DecisionKind.PLAN_AGAIN:
        plan.refresh_from_db()
        decide(plan, decided_on=day_of(at), decided_by=wish.decided_by, words="", by=by, at=at)
    return said


def _watch(item: Item, until: date, *, by: Worker, at: datetime) -> None:
    """The concern goes on as 見守り with its own holder; the day is when they look next."""
    if item.concern_id is None:
        return
    hold = (
        Hold.objects.filter(concern_id=item.concern_id, closed_at__isnull=True)
        .select_related("worker")
        .first()
    )
    if hold is not None and hold.kind != HoldKind.WATCHING:
        perform(
            Deed.WATCH,
            item.concern_id,
            DeedWish(due_on=until, reason="会議で見守りと決まった", agreed_in=AgreedIn.SUPPORT_MEETING),
            by=hold.worker,
            at=at,
        )


def take_back_decision(decision: Decision, *, reason: str, by: Worker, at: datetime) -> None:
    """Take a decision back with a reason; its roles that are not done stop. What a plan recorded stands: it is taken up
    again by its own deeds."""
    refuse_numbers({"reason": ("わけ", reason)})
    if not reason.strip():
        raise Refused("取り消すわけを書いてください。", field="reason")
    locked_item(decision.item_id)
    locked = Decision.objects.select_for_update(of=("self",)).select_related("item").get(pk=decision.pk)
    if locked.taken_back_at is not None:
        raise Refused("この決定は、もう取り消されています。")
    if locked.conference_id is not None:
        raise Refused(
            "プランの協議結果は、プランに記録されています。直すときは、もう一度協議の結果を書いてください。"
        )
    for role in locked.roles.filter(state__in=[RoleState.ASKED, RoleState.OPEN, RoleState.DONE]).order_by(
        "id"
    ):
        _stop(_locked_role(role.pk), "決定が取り消された", by=by, at=at)
    Decision.objects.filter(pk=locked.pk).update(
        taken_back_at=at, taken_back_by=by, taken_back_reason=reason.strip()[:300]
    )
    journal("meeting_item.decision_taken_back", locked.item, by=by, at=at, decision=locked.pk)


# -- roles ----------------------------------------------------------------------------------------------------


def give_role(decision: Decision, item: Item, wish: RoleWish, *, by: Worker, at: datetime) -> DecisionRole:
    """Give a role. Who sits at the table has said yes there; anybody else is asked, and until they answer the secretary
    answers for it (H4)."""
    refuse_numbers({"what": ("何を", wish.what)})
    today = day_of(at)
    if not wish.what.strip():
        raise Refused("役割には「何を」を書いてください。", field="what")
    if wish.due_on < today:
        raise Refused("過ぎた日です。役割の期日を確かめてください。", field="due_on")
    if not may_hold_in(wish.worker_id, wish.office_id):
        raise Refused("この職員は、その機関で受け持つ役割にありません。選び直してください。", field="worker")
    facets = _role_facets(item, wish, at)
    at_the_table = wish.worker_id == by.pk or _at_the_table(item, wish.worker_id, wish.office_id)
    office_id, worker_id = (wish.office_id, wish.worker_id) if at_the_table else _who_asks(item, by, at)
    role = DecisionRole.objects.create(
        decision=decision, office_id=office_id, worker_id=worker_id, what=wish.what.strip()[:300], due_on=wish.due_on,
        facets=list(facets), state=RoleState.OPEN if at_the_table else RoleState.ASKED,
        asked_office_id=None if at_the_table else wish.office_id,
        asked_worker_id=None if at_the_table else wish.worker_id, asked_at=None if at_the_table else at,
    )  # fmt: skip
    made = _promise(role, item, due_on=wish.due_on if at_the_table else _answer_by(role, at), by=by, at=at)
    DecisionRole.objects.filter(pk=role.pk).update(promise=made)
    role.promise = made
    _open_role(role, item, at=at, by=by)
    sentence = "会議で決まった役割があります。今日の画面で、することと期日を見てください。"
    if not at_the_table:
        sentence = "会議から役割を頼まれています。受けるかどうかを答えてください。"
    tell({wish.worker_id} - {by.pk}, sentence, f"/kaigi/role/{role.pk}/", kind="meeting", at=at)
    return role


def say_of_role(
    role: DecisionRole,
    deed: str,
    *,
    words: str = "",
    due_on: date | None = None,
    office_id: int | None = None,
    worker_id: int | None = None,
    by: Worker,
    at: datetime,
) -> DecisionRole:
    """受ける・受けられない・済んだ・続ける・頼む・取りやめる・見直した. A refusal leaves it with who asked, to be decided anew."""
    refuse_numbers({"words": ("ようす", words)})
    said = RoleDeed(deed)
    locked = _locked_role(role.pk)
    item = locked.decision.item
    wanted = next_role_state(locked.state, said)
    today = day_of(at)
    if said in (RoleDeed.DECLINE, RoleDeed.STOP) and not words.strip():
        raise Refused("わけを書いてください。", field="words")
    if due_on is not None and due_on < today:
        raise Refused("過ぎた日です。日を確かめてください。", field="due_on")
    if said == RoleDeed.ACCEPT:
        _accept(locked, item, by=by, at=at)
    elif said == RoleDeed.DECLINE:
        _decline(locked, by=by, at=at)
    elif said == RoleDeed.DONE:
        _done(locked, item, words, by=by, at=at)
    elif said == RoleDeed.GO_ON:
        if due_on is None or due_on <= today:
            raise Refused("次に確かめる日は、きょうより後の日にしてください。", field="due_on")
        _go_on(locked, item, due_on, by=by, at=at)
    elif said == RoleDeed.PASS:
        _ask(locked, item, office_id, worker_id, by=by, at=at)
        wanted = RoleState(locked.state)
    elif said == RoleDeed.STOP:
        _stop(locked, words, by=by, at=at)
    else:
        _review(locked, by=by, at=at)
    if locked.state != wanted:
        locked.state = wanted
        locked.save(update_fields=["state"])
    RoleNote.objects.create(role=locked, deed=said, words=words.strip()[:500], due_on=due_on, at=at, by=by)
    journal("meeting_role.said", locked, by=by, at=at, deed=said.value, state=locked.state)
    return locked


def _locked_role(role_id: int) -> DecisionRole:
    return (
        DecisionRole.objects.select_for_update(of=("self",))
        .select_related("decision__item__sitting__body", "decision__item__party")
        .get(pk=role_id)
    )


def open_promise_of(role: DecisionRole) -> Promise:
    """The promise that answers for a role now. Raises Refused when it has none: then it is over."""
    found = (
        Promise.objects.select_for_update()
        .filter(subject_kind=ROLE, subject_id=role.pk, is_open=True)
        .first()
    )
    if found is None:
        raise Refused("ほかの人が先に記録しました。画面を開き直して、いまのようすを確かめてください。")
    return found


def _promise(
    role: DecisionRole,
    item: Item,
    *,
    due_on: date,
    by: Worker,
    at: datetime,
    previous: Promise | None = None,
    what: str = "",
) -> Promise:
    return promise(
        PromiseKind.ROLE, (what or role.what)[:300], subject_kind=ROLE, subject_id=role.pk, party_id=item.party_id,
        office_id=role.office_id, worker_id=role.worker_id, due_on=due_on, by=by, at=at, previous=previous,
        ground=ground_of(item) or "01", facets=role.facets or REFERRAL_FACETS,
    )  # fmt: skip


def _open_role(role: DecisionRole, item: Item, *, at: datetime, by: Worker | None) -> None:
    """A narrow involvement of the office that answers, until the role is done and looked at again."""
    if item.party_id is None:
        return
    involve(
        item.party_id, role.office_id, ground=ground_of(item), facets=role.facets, reason_kind=ReasonKind.ROLE,
        reason_id=role.pk, at=at, by=by.pk if by else None,
    )  # fmt: skip


def _role_facets(item: Item, wish: RoleWish, at: datetime) -> tuple[str, ...]:
    if item.party_id is None:
        return ()
    consented = within(item, wish.office_id, at)
    if Mode(item.mode) in NEEDS_CONSENT and not consented:
        raise Refused(
            "この機関は、本人の同意の範囲に入っていません。同意を聞き直すか、別の機関を選んでください。",
            field="worker",
        )
    return facets_for(item.mode, wish.facets or REFERRAL_FACETS, giver=item.facets, consented=consented)


def _at_the_table(item: Item, worker_id: int, office_id: int) -> bool:
    """Whether somebody was chosen for the item, had acknowledged, and is there: then the yes was said there."""
    here = Attendance.objects.filter(
        sitting_id=item.sitting_id, presence=Presence.PRESENT, member__worker_id=worker_id
    ).exists()
    if item.mode == Mode.NO_PERSONS:
        return here
    chosen = opened_members(item.sitting.day).filter(
        item=item, member__worker_id=worker_id, member__office_id=office_id
    )
    return here and chosen.exists()


def _who_asks(item: Item, by: Worker, at: datetime) -> tuple[int, int]:
    """The body's own office answers until somebody has said yes: the secretary, else whoever is there."""
    office_id = item.sitting.body.office_id
    for worker_id in (item.sitting.secretary_id, by.pk):
        if may_hold_in(worker_id, office_id):
            return office_id, worker_id
    found = someone_in(office_id, besides=[], on=day_of(at))
    if found is None:
        raise Refused(
            "返事を待つあいだ受け持てる職員が、庶務の機関にいません。先に、機関の当番を決めてください。"
        )
    return office_id, found


def _answer_by(role: DecisionRole, at: datetime) -> date:
    return min(role.due_on, calendar_of(role.office_id).add(day_of(at), ANSWER_DAYS))


def _accept(role: DecisionRole, item: Item, *, by: Worker, at: datetime) -> None:
    if by.pk != role.asked_worker_id:
        raise Refused("頼まれた職員が答えます。")
    if role.asked_office_id is None or not may_hold_in(by.pk, role.asked_office_id):
        raise Refused("この機関では、いま受け持てません。")
    kept = open_promise_of(role)
    if item.party_id is not None and role.office_id != role.asked_office_id:
        end_involvement(ReasonKind.ROLE, role.pk, role.office_id, at=at, by=by.pk)
    role.office_id, role.worker_id = role.asked_office_id, by.pk
    role.asked_office, role.asked_worker, role.state = None, None, RoleState.OPEN
    role.save(update_fields=["office", "worker", "asked_office", "asked_worker", "state"])
    withdraw_promise(kept, by=by, at=at, reason="頼まれた機関が受けた")
    _promise(role, item, due_on=max(role.due_on, day_of(at)), by=by, at=at, previous=kept)
    _open_role(role, item, at=at, by=by)
    tell(
        {kept.worker_id} - {by.pk},
        "頼んだ役割を受けてもらえました。",
        f"/kaigi/role/{role.pk}/",
        kind="meeting",
        at=at,
    )


def _decline(role: DecisionRole, *, by: Worker, at: datetime) -> None:
    if by.pk != role.asked_worker_id:
        raise Refused("頼まれた職員が答えます。")
    kept = open_promise_of(role)
    role.asked_office, role.asked_worker, role.state = None, None, RoleState.OPEN
    role.save(update_fields=["asked_office", "asked_worker", "state"])
    tell(
        {kept.worker_id}, "頼んだ役割は受けられないとの返事でした。だれがするかを決め直してください。",
        f"/kaigi/role/{role.pk}/", kind="meeting", at=at,
    )  # fmt: skip


def _ask(
    role: DecisionRole, item: Item, office_id: int | None, worker_id: int | None, *, by: Worker, at: datetime
) -> None:
    """Ask somebody else. A colleague of the same office simply takes over; another office answers first (H4)."""
    if office_id is None or worker_id is None:
        raise Refused("だれに頼むかを選んでください。", field="worker")
    if not may_hold_in(worker_id, office_id):
        raise Refused("この職員は、その機関で受け持つ役割にありません。選び直してください。", field="worker")
    kept = open_promise_of(role)
    if (worker_id, office_id) == (kept.worker_id, kept.office_id):
        raise Refused("いま答えている職員です。別の職員を選んでください。", field="worker")
    if item.party_id is not None and office_id != kept.office_id:
        _check_may_be_asked(role, item, office_id, worker_id, at)
    if office_id == kept.office_id:
        pass_promise(kept, worker_id=worker_id, by=by, at=at, reason="役割の引き継ぎ")
        role.worker_id = worker_id
        role.save(update_fields=["worker"])
        return
    role.state, role.asked_office_id, role.asked_worker_id, role.asked_at = (
        RoleState.ASKED,
        office_id,
        worker_id,
        at,
    )
    role.save(update_fields=["state", "asked_office", "asked_worker", "asked_at"])
    tell(
        {worker_id}, "会議で決まった役割を頼まれています。受けるかどうかを答えてください。", f"/kaigi/role/{role.pk}/",
        kind="meeting", at=at,
    )  # fmt: skip


def _check_may_be_asked(role: DecisionRole, item: Item, office_id: int, worker_id: int, at: datetime) -> None:
    """Another office is asked about somebody only where it may know: chosen for the item, or within the consent."""
    chosen = item.members.filter(member__office_id=office_id, opened_at__isnull=False, closed_at__isnull=True)
    if Mode(item.mode) in NEEDS_CONSENT:
        if not within(item, office_id, at):
            raise Refused("この機関は、本人の同意の範囲に入っていません。", field="worker")
    elif not chosen.exists():
        raise Refused(
            "この議題に選ばれていない機関には、会議から頼めません。つなぎ（課題を送る）を使ってください。",
            field="worker",
        )


def _done(role: DecisionRole, item: Item, words: str, *, by: Worker, at: datetime) -> None:
    """Done: the secretary looks at it again on a day, and until then the role keeps its sight."""
    kept = open_promise_of(role)
    keep_promise(kept, by=by, at=at)
    role.settled_at, role.settled_by, role.settled_words = at, by, words.strip()[:300]
    role.state = RoleState.DONE
    role.save(update_fields=["settled_at", "settled_by", "settled_words", "state"])
    office_id, worker_id = _who_asks(item, by, at)
    promise(
        PromiseKind.ROLE, "会議で決まった役割の結果を見直す", subject_kind=ROLE, subject_id=role.pk,
        party_id=item.party_id, office_id=office_id, worker_id=worker_id,
        due_on=calendar_of(office_id).add(day_of(at), REVIEW_DAYS), by=by, at=at, previous=kept,
        ground=ground_of(item) or "01", facets=role.facets or REFERRAL_FACETS,
    )  # fmt: skip


def _go_on(role: DecisionRole, item: Item, due_on: date, *, by: Worker, at: datetime) -> None:
    kept = open_promise_of(role)
    keep_promise(kept, by=by, at=at)
    if role.state == RoleState.DONE:
        role.settled_at, role.settled_by, role.settled_words = None, None, ""
    elif (role.office_id, role.worker_id) != (kept.office_id, kept.worker_id):
        role.office_id, role.worker_id = kept.office_id, kept.worker_id
    role.due_on, role.state = due_on, RoleState.OPEN
    role.save(
        update_fields=["due_on", "office", "worker", "state", "settled_at", "settled_by", "settled_words"]
    )
    if not may_hold_in(role.worker_id, role.office_id):
        role.office_id, role.worker_id = _who_asks(item, by, at)
        role.save(update_fields=["office", "worker"])
    _promise(role, item, due_on=due_on, by=by, at=at, previous=kept)
    _open_role(role, item, at=at, by=by)


def _stop(role: DecisionRole, words: str, *, by: Worker | None, at: datetime) -> None:
    kept = open_promise_of(role)
    withdraw_promise(kept, by=by, at=at, reason="会議の役割を取りやめた")
    role.state = RoleState.STOPPED
    role.settled_at, role.settled_by, role.settled_words = at, by, words.strip()[:300]
    role.asked_office, role.asked_worker = None, None
    role.save(
        update_fields=["state", "settled_at", "settled_by", "settled_words", "asked_office", "asked_worker"]
    )
    end_involvement(ReasonKind.ROLE, role.pk, at=at, by=by.pk if by else None)


def stop_role(role_id: int, words: str, *, by: Worker | None, at: datetime) -> None:
    """Stop a role from a deed elsewhere (a consent was withdrawn)."""
    role = _locked_role(role_id)
    _stop(role, words, by=by, at=at)
    RoleNote.objects.create(role=role, deed=RoleDeed.STOP, words=words, at=at, by=by)
    journal("meeting_role.said", role, by=by, at=at, deed=RoleDeed.STOP.value, state=role.state)


def narrow_role(role_id: int, consented: frozenset[str], *, by: Worker | None, at: datetime) -> None:
    """Fewer facets were consented to: the role, and the promise that answers for it, see no more than that."""
    role = _locked_role(role_id)
    item = role.decision.item
    facets = [facet for facet in role.facets if facet in consented]
    if facets == role.facets or item.party_id is None:
        return
    role.facets = facets
    role.save(update_fields=["facets"])
    _open_role(role, item, at=at, by=by)
    kept = open_promise_of(role)
    involve(
        item.party_id, kept.office_id, ground=ground_of(item), facets=facets, reason_kind=ReasonKind.PROMISE,
        reason_id=kept.pk, at=at, by=by.pk if by else None,
    )  # fmt: skip


def _review(role: DecisionRole, *, by: Worker, at: datetime) -> None:
    keep_promise(open_promise_of(role), by=by, at=at)
    role.reviewed_at, role.reviewed_by, role.state = at, by, RoleState.REVIEWED
    role.save(update_fields=["reviewed_at", "reviewed_by", "state"])
    end_involvement(ReasonKind.ROLE, role.pk, at=at, by=by.pk)


def follow_the_office(office_id: int, to_office_id: int, *, at: datetime) -> int:
    """An office was closed and its promises passed: its roles, and what they open, go with them; how many."""
    rows = DecisionRole.objects.filter(
        office_id=office_id, state__in=[RoleState.ASKED, RoleState.OPEN, RoleState.DONE]
    ).order_by("id")
    count = 0
    for number in list(rows.values_list("pk", flat=True)):
        role = _locked_role(number)
        kept = open_promise_of(role)
        end_involvement(ReasonKind.ROLE, role.pk, office_id, at=at)
        role.office_id = to_office_id
        if kept.office_id == to_office_id and role.state != RoleState.DONE:
            role.worker_id = kept.worker_id
        else:
            role.worker_id = someone_in(to_office_id, besides=[], on=day_of(at)) or role.worker_id
        role.save(update_fields=["office", "worker"])
        _open_role(role, role.decision.item, at=at, by=None)
        count += 1
    asked = DecisionRole.objects.filter(asked_office_id=office_id, state=RoleState.ASKED).order_by("id")
    for role in asked:
        DecisionRole.objects.filter(pk=role.pk).update(
            state=RoleState.OPEN, asked_office=None, asked_worker=None
        )
    return count
