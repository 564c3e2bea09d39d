"""One plan, one look at it: for pages and for papers. None for whoever may not see plans of that party."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from tsunagi.assessment.access import Family
from tsunagi.cases.models import Case
from tsunagi.codes import queries as codes
from tsunagi.holding.models import Promise
from tsunagi.holding.queries import RowMaker, party_label
from tsunagi.holding.queries.rows import ByDay
from tsunagi.holding.rules import Lateness, Urgency
from tsunagi.people.access import sight_of
from tsunagi.people.queries import party_names
from tsunagi.people.rules import Facet, PartyKind
from tsunagi.permissions.rules import Purpose
from tsunagi.plans.models import FollowUp, Goal, GoalResult, Monitoring, Plan, Role, RoleNote, WorkEvent
from tsunagi.plans.rules import (
    AgreedBy,
    Attainment,
    ConsentWay,
    FollowUpResult,
    MeetingKind,
    MeetingResult,
    MonitorDecision,
    NoMeeting,
    PersonsView,
    PlanState,
    RoleDeed,
    RoleOwner,
    RoleState,
    Term,
    deeds_of,
    may_write,
)
from tsunagi.shared.days import day_of

from .cards import (
    ConferenceCard,
    ConsentCard,
    EventCard,
    FollowUpCard,
    GoalCard,
    GoalResultCard,
    MonitoringCard,
    MonitoringSheet,
    NextMonitoring,
    PlanCard,
    PlanSheet,
    RoleCard,
    RoleNoteCard,
    RoleResultCard,
    ServiceCard,
    number_words,
)
from .choices import service_groups, strength_choices

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


def facets_of(worker: Worker, case: Case) -> frozenset[str]:
    """How much of the file's party this worker sees; nothing where not at all."""
    sight = sight_of(worker, case.party_id, Purpose.READ_CASE)
    return sight.facets if sight else frozenset()


def plan_sheet(
    worker: Worker,
    case: Case,
    plan_id: int | None = None,
    *,
    now: datetime | None = None,
    family: Family | None = None,
) -> PlanSheet | None:
    """A plan of a file that came through a door: the one asked for; else the one in force, the one being made, the last.

    None without a plan, or where this worker may not see plans (facet プラン). With `now` the rows have their colours.
    `family` is the household as this worker sees it, where somebody has asked already.
    """
    if Facet.PLAN not in facets_of(worker, case):
        return None
    plan = _chosen(case, plan_id)
    return sheet_of(worker, plan, now, family) if plan else None


def sheet_of(
    worker: Worker, plan: Plan, now: datetime | None = None, family: Family | None = None
) -> PlanSheet:
    """One plan that came through its own door."""
    maker = RowMaker(now) if now else None
    conferences = tuple(
        ConferenceCard(
            row.held_on, MeetingKind(row.kind).label, row.result, MeetingResult(row.result).label, row.words
        )
        for row in plan.conferences.order_by("id")
    )
    chosen = set(plan.services)
    goals = _goals(plan, _strengths(worker, plan, now, family))
    return PlanSheet(
        id=plan.pk,
        case_id=plan.case_id,
        case_number=plan.case.number or str(plan.case_id),
        party_id=plan.case.party_id,
        party_label=party_label(plan.case.party),
        is_household=plan.case.party.kind == PartyKind.HOUSEHOLD,
        number=plan.number,
        number_label=number_words(plan.number),
        version=plan.version,
        state=plan.state,
        state_label=PlanState(plan.state).label,
        office=plan.office.label,
        worker=plan.worker.name,
        made_on=day_of(plan.made_at),
        wish_person=plan.wish_person,
        wish_family=plan.wish_family,
        situation=plan.situation,
        direction=plan.direction,
        goals=goals,
        roles=_roles(plan, {goal.id: goal.text for goal in goals}, maker),
        service_groups=tuple(
            (
                group,
                tuple(
                    ServiceCard(value, label, national, value in chosen) for value, label, national in rows
                ),
            )
            for group, rows in service_groups()
        ),
        services_words=plan.services_words,
        emergency=plan.emergency,
        sharing=plan.sharing,
        ending_sign=plan.ending_sign,
        from_on=plan.from_on,
        until_on=plan.until_on,
        monitor_on=plan.monitor_on,
        consents=_consents(plan),
        conferences=conferences,
        no_meeting=NoMeeting(plan.no_meeting).label if plan.no_meeting else "",
        decided_on=plan.decided_on,
        decided_by=plan.decided_by_words,
        decision_words=plan.decision_words,
        began_at=plan.began_at,
        ended_at=plan.ended_at,
        end_reason=plan.end_reason,
        is_frozen=plan.frozen_at is not None,
        plain_confirmed_at=plan.plain_confirmed_at,
        plain_confirmed_by=plan.plain_confirmed_by.name if plan.plain_confirmed_by else "",
        next_monitoring=_next_monitoring(plan, maker) if plan.state == PlanState.RUNNING else None,
        may_write=may_write(
            plan.state,
            agreed=plan.frozen_at is not None,
            result=conferences[-1].result if conferences else "",
        ),
        deeds=deeds_of(plan.state),
        revision=plan.revision,
        previous_id=plan.previous_id,
    )


def monitoring_sheet(
    worker: Worker,
    case: Case,
    plan_id: int | None = None,
    monitoring_id: int | None = None,
    *,
    now: datetime | None = None,
    family: Family | None = None,
) -> MonitoringSheet | None:
    """How a plan of a file went: the entry asked for, else the last that stands; with events and looks after the end.

    None where `plan_sheet` is None.
    """
    plan = plan_sheet(worker, case, plan_id, now=now, family=family)
    if plan is None:
        return None
    entries = monitorings_of(plan.id)
    standing = [entry for entry in entries if not entry.is_corrected]
    asked = next((entry for entry in entries if entry.id == monitoring_id), None)
    entry = asked or (standing[0] if standing and monitoring_id is None else None)
    seen = set(entry.changes) if entry else set()
    return MonitoringSheet(
        plan=plan,
        entry=entry,
        entries=entries,
        events=events_of(worker, case),
        follow_ups=follow_ups_of(case, now),
        main_office=case.main_office,
        closed_on=case.closed_on,
        closing_words=case.closing_words,
        change_boxes=tuple(
            (code.value, code.label, code.value in seen) for code in codes.codes("seen_changes")
        ),
    )


def plans_of(case: Case) -> tuple[PlanCard, ...]:
    """Every plan and version of a file, the newest first."""
    rows = Plan.objects.filter(case=case).select_related("worker", "office").order_by("-number", "-version")
    looked = [
        pk
        for (pk,) in Monitoring.objects.filter(plan__case=case, corrected_by__isnull=True)
        .order_by("id")
        .values_list("plan_id")
    ]
    return tuple(
        PlanCard(
            row.pk, row.number, number_words(row.number), row.version, row.state, PlanState(row.state).label, row.made_at,
            row.worker.name, row.office.label, row.from_on, row.until_on, row.ended_at, row.end_reason,
            looked.count(row.pk),
        )
        for row in rows
    )  # fmt: skip


def monitorings_of(plan_id: int) -> tuple[MonitoringCard, ...]:
    """Every look at a plan, the newest first."""
    rows = (
        Monitoring.objects.filter(plan_id=plan_id)
        .select_related("office", "recorded_by")
        .prefetch_related("goal_results__goal", "role_results__role")
        .order_by("-on", "-id")
    )
    corrected = set(
        Monitoring.objects.filter(plan_id=plan_id, corrects__isnull=False)
        .order_by("id")
        .values_list("corrects_id", flat=True)
    )
    return tuple(_monitoring(row, row.pk in corrected) for row in rows)


def events_of(worker: Worker, case: Case) -> tuple[EventCard, ...]:
    """就労 and 増収 of a file, for those who see 就労・学校; how much only for those who see 経済."""
    facets = facets_of(worker, case)
    if Facet.WORK_SCHOOL not in facets:
        return ()
    rows = list(WorkEvent.objects.filter(case=case).select_related("recorded_by").order_by("-on", "-id"))
    names = party_names(worker, {row.person_id for row in rows if row.person_id})
    return tuple(
        EventCard(
            row.pk, row.on, row.kind, codes.label_of("work_events", row.kind), names.get(row.person_id or 0, ""),
            row.is_target, row.income_up, row.amount if Facet.MONEY in facets else None, row.words, row.recorded_at,
            row.recorded_by.name, row.taken_back_at, row.taken_back_reason,
        )
        for row in rows
    )  # fmt: skip


def follow_ups_of(case: Case, now: datetime | None = None) -> tuple[FollowUpCard, ...]:
    """The looks after the end of a file, in the order of their days."""
    rows = list(FollowUp.objects.filter(case=case).select_related("done_by").order_by("due_on", "id"))
    kept = _open_promises("follow_up", [row.pk for row in rows])
    maker = RowMaker(now) if now else None
    return tuple(
        FollowUpCard(
            row.pk, row.due_on, row.what, row.done_at is None, kept[row.pk].worker.name if row.pk in kept else "",
            row.done_on, FollowUpResult(row.result).label if row.result else "", row.words,
            row.done_by.name if row.done_by else "",
            _colour(maker, kept.get(row.pk)),
        )
        for row in rows
    )  # fmt: skip


def role_card(role: Role, now: datetime) -> RoleCard:
    """One row that came through its own door."""
    goals = {role.goal.pk: role.goal.text} if role.goal else {}
    return _role_cards([role], goals, RowMaker(now))[0]


# -- pieces -----------------------------------------------------------------------------------------------------------


def _chosen(case: Case, plan_id: int | None) -> Plan | None:
    rows = Plan.objects.filter(case=case).select_related(
        "office",
        "worker",
        "plain_confirmed_by",
        "case__party__person",
        "case__party__household",
        "case__party__unknown",
    )
    if plan_id is not None:
        return rows.filter(pk=plan_id).first()
    found = list(rows.order_by("-number", "-version"))
    first = {PlanState.RUNNING.value: 0, "draft": 1, "conferring": 1, "decided": 1, "evaluated": 2}
    return min(found, key=lambda row: first.get(row.state, 3)) if found else None


def _strengths(worker: Worker, plan: Plan, now: datetime | None, family: Family | None) -> dict[int, str]:
    """The strengths the goals point at, as far as this worker may see them."""
    if not plan.goals.filter(strength_id__isnull=False).exists():
        return {}
    return dict(strength_choices(worker, plan.case, on=day_of(now or plan.made_at), family=family))


def _goals(plan: Plan, strengths: dict[int, str]) -> tuple[GoalCard, ...]:
    rows = list(plan.goals.order_by("term", "position", "id"))
    last: dict[int, GoalResult] = {}
    for result in (
        GoalResult.objects.filter(goal__plan=plan, monitoring__corrected_by__isnull=True)
        .select_related("monitoring")
        .order_by("monitoring__on", "id")
    ):
        last[result.goal_id] = result
    return tuple(_goal(row, last.get(row.pk), strengths.get(row.strength_id or 0, "")) for row in rows)


def _goal(row: Goal, last: GoalResult | None, strength: str) -> GoalCard:
    return GoalCard(
        row.pk, row.term, Term(row.term).label, row.text, row.plain, row.strength_id, strength,
        last.attainment if last else "", Attainment(last.attainment).label if last else "", last.reason if last else "",
    )  # fmt: skip


def _roles(plan: Plan, goals: dict[int, str], maker: RowMaker | None) -> tuple[RoleCard, ...]:
    rows = list(plan.roles.select_related("office", "worker", "settled_by").order_by("position", "id"))
    return _role_cards(rows, goals, maker)


def _role_cards(rows: list[Role], goals: dict[int, str], maker: RowMaker | None) -> tuple[RoleCard, ...]:
    ids = [row.pk for row in rows]
    kept = _open_promises("plan_role", ids)
    notes: dict[int, list[RoleNoteCard]] = {}
    for note in RoleNote.objects.filter(role_id__in=ids).select_related("worker", "by").order_by("-id"):
        notes.setdefault(note.role_id, []).append(
            RoleNoteCard(
                RoleDeed(note.deed).label, note.words, note.due_on, note.worker.name if note.worker else "", note.at,
                note.by.name,
            )
        )  # fmt: skip
    return tuple(
        _role(row, goals.get(row.goal_id or 0, ""), kept.get(row.pk), notes.get(row.pk, ()), maker)
        for row in rows
    )


def _role(
    row: Role, goal: str, kept: Promise | None, notes: Iterable[RoleNoteCard], maker: RowMaker | None
) -> RoleCard:
    coloured = _by_day(maker, kept)
    kind = RoleOwner(row.owner_kind)
    worker, office = (kept.worker, kept.office) if kept else (row.worker, row.office)
    return RoleCard(
        id=row.pk,
        goal_id=row.goal_id,
        goal=goal,
        owner_kind=row.owner_kind,
        owner=_owner(kind, row.owner_words, worker.name),
        owner_words=row.owner_words,
        worker_id=worker.pk,
        worker=worker.name,
        office_id=office.pk,
        office=office.label,
        acting=kept.acting.name if kept and kept.acting else "",
        what=row.what,
        often=row.often,
        due_on=kept.due_on if kept else row.due_on,
        agreed_due_on=row.due_on,
        how_known=row.how_known,
        plain=row.plain,
        state=row.state,
        state_label=RoleState(row.state).label,
        settled_at=row.settled_at,
        settled_by=row.settled_by.name if row.settled_by else "",
        settled_words=row.settled_words,
        promise_id=kept.pk if kept else None,
        lateness=coloured.colour if coloured else None,
        days_late=coloured.days_late if coloured else 0,
        notes=tuple(notes),
    )


def _owner(kind: RoleOwner, words: str, worker: str) -> str:
    """Who does it, in words: the worker, 本人, 「家族 母」, 「○○病院の相談員」."""
    if kind == RoleOwner.WORKER:
        return worker
    return words if kind == RoleOwner.OUTSIDE else " ".join(filter(None, (kind.label, words)))


def _open_promises(subject_kind: str, ids: list[int]) -> dict[int, Promise]:
    rows = Promise.objects.filter(subject_kind=subject_kind, subject_id__in=ids, is_open=True).select_related(
        "worker", "office", "acting"
    )
    return {row.subject_id: row for row in rows.order_by("id")}


def _by_day(maker: RowMaker | None, kept: Promise | None) -> ByDay | None:
    """What follows from the day of a promise for whoever answers; None where nobody asked for colours."""
    if maker is None or kept is None:
        return None
    return maker.by_day(kept.office_id, kept.worker_id, kept.due_on, Urgency(kept.urgency))


def _colour(maker: RowMaker | None, kept: Promise | None) -> Lateness | None:
    found = _by_day(maker, kept)
    return found.colour if found else None


def _next_monitoring(plan: Plan, maker: RowMaker | None) -> NextMonitoring | None:
    kept = _open_promises("plan", [plan.pk]).get(plan.pk)
    if kept is None:
        return None
    coloured = _by_day(maker, kept)
    return NextMonitoring(
        kept.due_on, kept.worker.name, kept.office.label, kept.acting.name if kept.acting else "",
        coloured.colour if coloured else None, coloured.days_late if coloured else 0,
    )  # fmt: skip


def _consents(plan: Plan) -> tuple[ConsentCard, ...]:
    return tuple(
        ConsentCard(
            row.explained_on, AgreedBy(row.agreed_by).label, row.name, ConsentWay(row.way).label, row.scope, row.kept_where,
            row.words, row.recorded_at, row.recorded_by.name,
        )
        for row in plan.consents.select_related("recorded_by").order_by("id")
    )  # fmt: skip


def _monitoring(row: Monitoring, is_corrected: bool) -> MonitoringCard:
    return MonitoringCard(
        id=row.pk,
        on=row.on,
        is_evaluation=row.is_evaluation,
        persons_view=row.persons_view,
        persons_view_label=PersonsView(row.persons_view).label,
        persons_words=row.persons_words,
        opinion=row.opinion,
        left_over=row.left_over,
        changes=tuple(row.changes),
        change_labels=tuple(codes.labels_of("seen_changes", row.changes)),
        decision=row.decision,
        decision_label=MonitorDecision(row.decision).label,
        decision_words=row.decision_words,
        next_on=row.next_on,
        office=row.office.label,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by.name,
        goals=tuple(
            GoalResultCard(
                result.goal_id, Term(result.goal.term).label, result.goal.text, result.attainment, Attainment(result.attainment).label,
                result.reason,
            )
            for result in row.goal_results.all()
        ),
        roles=tuple(
            RoleResultCard(result.role_id, result.role.what, RoleState(result.state).label, result.due_on, result.words)
            for result in row.role_results.all()
        ),
        is_corrected=is_corrected,
        corrects_id=row.corrects_id,
    )  # fmt: skip
