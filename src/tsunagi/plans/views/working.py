"""While a plan runs: its roles, its monitoring, 就労 and 増収, the end, the look after the end."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.accounts.queries import workers_of
from tsunagi.cases.access import may_open_case
from tsunagi.cases.queries import case_page
from tsunagi.codes import queries as codes
from tsunagi.people.rules import Facet
from tsunagi.plans import actions, forms
from tsunagi.plans.access import (
    event_for,
    file_for,
    follow_up_for,
    is_ours,
    may_say_of,
    monitoring_for,
    own_file_for,
    own_plan_for,
    role_for,
)
from tsunagi.plans.queries import (
    MonitoringCard,
    answering,
    events_of,
    facets_of,
    follow_ups_of,
    monitorings_of,
    persons_of,
    plan_sheet,
    role_card,
    sheet_of,
    standard_next,
)
from tsunagi.shared.edges import writes
from tsunagi.ui.pages import bound

from ._flow import home, index_of, opened, run, tabs


@writes
def role(request: HttpRequest, role_id: int) -> HttpResponse:
    """One row of the role table: who, what, until when; and what became of it."""
    found = role_for(request.worker, role_id)
    card = role_card(found, request.now)
    may_say = card.is_open and may_say_of(request.worker, found)
    sees_plan = Facet.PLAN in facets_of(request.worker, found.plan.case)
    back = index_of(found.plan.case_id) if sees_plan else "/"
    draft = opened(request, "role", "役割のようすを書く", role_id)
    form = forms.RoleDeedForm(
        bound(request) if may_say else None, workers=forms.who_choices(answering(found.plan.case)),
        initial={"draft": draft.id, "promise": card.promise_id},
    )  # fmt: skip
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        worker_id, office_id = form.who()
        actions.say_of_role(
            found, typed["deed"], words=typed["words"], due_on=typed["due_on"], worker_id=worker_id, office_id=office_id,
            known_promise=typed["promise"], by=request.worker, at=request.now,
        )  # fmt: skip
        return back, "役割のようすを記録しました。"

    return run(
        request, form, act, template="plans/role.html", draft=draft, back=back, role=card, may_say=may_say,
        sees_plan=sees_plan, plan_id=found.plan_id, **tabs(request, found.plan.case),
    )  # fmt: skip


@writes
def stop_roles(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Stop every row that is still open, with one reason: before the end, or when the family moved away."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan, request.now)
    draft = opened(request, "stop", "のこりの役割を取りやめる", plan_id)
    form = forms.ReasonForm(bound(request), initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        count = actions.stop_roles(
            plan, reason=form.cleaned_data["reason"], by=request.worker, at=request.now
        )
        return home(plan_id), f"{count}件の役割を取りやめました。"

    return run(
        request, form, act, template="plans/form.html", draft=draft, back=home(plan_id), plan=seen, lines=seen.open_roles,
        title="のこりの役割をまとめて取りやめる", key="取りやめる", **tabs(request, plan.case),
    )  # fmt: skip


@writes
def monitor(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Write how the plan goes, and decide."""
    return _monitor(request, plan_id, None)


@writes
def monitoring_correct(request: HttpRequest, plan_id: int, monitoring_id: int) -> HttpResponse:
    """Write an entry instead of one that was wrong; the wrong one stays, marked."""
    return _monitor(request, plan_id, monitoring_id)


def _monitor(request: HttpRequest, plan_id: int, monitoring_id: int | None) -> HttpResponse:
    plan = own_plan_for(request.worker, plan_id)
    wrong = monitoring_for(request.worker, plan, monitoring_id) if monitoring_id else None
    seen = sheet_of(request.worker, plan, request.now)
    draft = opened(request, "monitor", "モニタリングを書く", monitoring_id or plan_id)
    card = next((row for row in monitorings_of(plan_id) if wrong is not None and row.id == wrong.pk), None)
    start = (
        _as_written(card, seen)
        if card
        else {"on": request.today, "next_on": standard_next(plan, request.today)}
    )
    form = forms.MonitorForm(
        bound(request),
        plan=seen,
        changes=_changes(),
        initial=start | {"draft": draft.id, "revision": plan.revision},
    )
    draft.fill(form)

    def act() -> tuple[str, str]:
        entry = actions.record_monitoring(
            plan, form.wish(seen), revision=form.cleaned_data["revision"] or 0, corrects=wrong, by=request.worker,
            at=request.now,
        )  # fmt: skip
        return _after(plan.case_id, plan_id, entry.decision), _SAID[entry.decision]

    return run(
        request, form, act, template="plans/monitor.html", draft=draft, back=home(plan_id), plan=seen, wrong=card,
        goal_rows=[(goal, form[f"goal_{goal.id}"], form[f"goal_{goal.id}_reason"]) for goal in seen.goals],
        role_rows=[(row, form[f"role_{row.id}"]) for row in seen.roles], **tabs(request, plan.case),
    )  # fmt: skip


_SAID = {
    "continue": "モニタリングを記録しました。次の日も約束になりました。",
    "replan": "記録しました。新しいプランの下書きをつくれます。いまのプランは、それまで続きます。",
    "close": "記録しました。課題をひとつずつ終え、終結を記録してください。",
    "suspend": "中断として記録しました。次に見る日は約束になっています。",
}


def _after(case_id: int, plan_id: int, decision: str) -> str:
    if decision == "replan":
        return reverse("plans:new", args=[case_id])
    return reverse("plans:end", args=[case_id]) if decision == "close" else home(plan_id)


def _changes() -> list[tuple[str, str]]:
    return [
        (code.value, f"{code.label}＊" if code.national_report else code.label)
        for code in codes.codes("seen_changes")
    ]


def _as_written(card: MonitoringCard, plan: Any) -> dict[str, Any]:
    """The wrong entry, as the form starts with it."""
    same = (
        "on",
        "persons_words",
        "opinion",
        "left_over",
        "decision",
        "decision_words",
        "is_evaluation",
        "changes",
    )
    start: dict[str, Any] = {name: getattr(card, name) for name in same} | {"persons_view": card.persons_view}
    by_goal = {result.goal_id: result for result in card.goals}
    for goal in plan.goals:
        if goal.id in by_goal:
            start |= {
                f"goal_{goal.id}": by_goal[goal.id].attainment,
                f"goal_{goal.id}_reason": by_goal[goal.id].reason,
            }
    start |= {f"role_{result.role_id}": result.words for result in card.roles}
    return start


@writes
def events(request: HttpRequest, case_id: int) -> HttpResponse:
    """就労 and 増収 of the family: what there is, and one more."""
    case = file_for(request.worker, case_id)
    ours = is_ours(request.worker, case)
    facets = facets_of(request.worker, case)
    draft = opened(request, "event", "就労・増収を記録する", case_id)
    persons = persons_of(request.worker, case)
    form = forms.EventForm(
        bound(request) if ours else None, kinds=codes.choices("work_events"), persons=persons,
        money=Facet.MONEY in facets,
        initial={"draft": draft.id, "on": request.today, "person": persons[0][0] if len(persons) == 1 else None},
    )  # fmt: skip
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        actions.record_event(
            own_file_for(request.worker, case_id), on=typed["on"], kind=typed["kind"], person_id=typed["person"],
            is_target=typed["is_target"], income_up=typed["income_up"], amount=typed.get("amount"), words=typed["words"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return reverse("plans:events", args=[case_id]), "記録しました。統計に数えられます。"

    return run(
        request, form, act, template="plans/events.html", draft=draft, back=index_of(case_id), ours=ours,
        events=events_of(request.worker, case), sees_work=Facet.WORK_SCHOOL in facets, **tabs(request, case),
    )  # fmt: skip


@writes
def event_back(request: HttpRequest, case_id: int, event_id: int) -> HttpResponse:
    """Take back an event that was written by mistake."""
    case, event = event_for(request.worker, case_id, event_id)
    back = reverse("plans:events", args=[case_id])
    draft = opened(request, "event_back", "就労・増収の記録を取り消す", event_id)
    form = forms.ReasonForm(bound(request), initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        actions.take_back_event(event, reason=form.cleaned_data["reason"], by=request.worker, at=request.now)
        return back, "取り消しました。記録は残り、統計には数えません。"

    return run(
        request, form, act, template="plans/form.html", draft=draft, back=back, title="就労・増収の記録を取り消す",
        key="取り消す", plan=None, **tabs(request, case),
    )  # fmt: skip


@writes
def end(request: HttpRequest, case_id: int) -> HttpResponse:
    """終結: what still stands in the way, who stays reachable, when somebody looks again."""
    case = own_file_for(request.worker, case_id)
    draft = opened(request, "end", "終結を記録する", case_id)
    workers = [(card.id, card.name) for card in workers_of([case.office_id])]
    form = forms.EndForm(
        bound(request), workers=dict(workers).items(), initial={"draft": draft.id, "worker": case.worker_id}
    )
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        closed = actions.end_case(
            case, main_office=typed["main_office"], no_main_reason=typed["no_main_reason"], words=typed["words"],
            looks=form.looks(), worker_id=typed["worker"], by=request.worker, at=request.now,
        )  # fmt: skip
        can_see = may_open_case(request.worker, closed.pk)
        return index_of(case_id) if can_see else reverse("cases:index"), "支援を終結しました。"

    seen = plan_sheet(request.worker, case, now=request.now)
    concerns = case_page(request.worker, case, request.now).rows
    return run(
        request, form, act, template="plans/end.html", draft=draft, back=index_of(case_id), plan=seen,
        held=[row for row in concerns if not row.look_back],
        looking_back=[row for row in concerns if row.look_back],
        left=seen.open_roles if seen and seen.is_running else (), **tabs(request, case),
    )  # fmt: skip


@writes
def follow_up(request: HttpRequest, follow_up_id: int) -> HttpResponse:
    """How it is some time after the end."""
    found = follow_up_for(request.worker, follow_up_id)
    case = found.case
    card = next(row for row in follow_ups_of(case, request.now) if row.id == follow_up_id)
    draft = opened(request, "follow_up", "フォローアップを書く", follow_up_id)
    form = forms.FollowUpForm(
        bound(request) if card.is_open else None, initial={"draft": draft.id, "done_on": request.today}
    )
    draft.fill(form)

    def act() -> tuple[str, str]:
        names = ("result", "words", "done_on", "next_on")
        another = actions.write_follow_up(
            found, by=request.worker, at=request.now, **{name: form.cleaned_data[name] for name in names}
        )
        said = "記録しました。次に見る日も約束になりました。" if another else "記録しました。"
        return "/", said

    return run(
        request, form, act, template="plans/follow_up.html", draft=draft, back="/", look=card,
        opens_case=may_open_case(request.worker, case.pk), **tabs(request, case),
    )  # fmt: skip
