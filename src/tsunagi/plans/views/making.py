"""The plans of a file; one plan; how it is written, said simply, corrected and taken back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.plans import actions, forms
from tsunagi.plans.access import file_for, is_ours, own_file_for, own_plan_for, plan_for
from tsunagi.plans.queries import (
    PlanSheet,
    RoleCard,
    answering,
    events_of,
    follow_ups_of,
    monitorings_of,
    plan_sheet,
    plans_of,
    service_groups,
    sheet_of,
    strength_choices,
)
from tsunagi.plans.rules import Point, day_in_words, points
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, page

from ._flow import consents_in, home, index_of, opened, run, step, tabs, typed

DAYS = ("from_on", "until_on", "monitor_on")


@reads
def index(request: HttpRequest, case_id: int) -> HttpResponse:
    """The plans of a file: the one in force with its roles by colour, the one being made, the earlier ones."""
    case = file_for(request.worker, case_id)
    rows = plans_of(case)
    running = next((row for row in rows if row.is_running), None)
    return page(
        request, "plans/index.html", here="cases", ours=is_ours(request.worker, case), plans=rows,
        running=plan_sheet(request.worker, case, running.id, now=request.now) if running else None,
        prepared=next((row for row in rows if row.is_prepared), None),
        earlier=[row for row in rows if not row.is_prepared and not row.is_running],
        monitorings=monitorings_of(running.id)[:3] if running else (), events=events_of(request.worker, case),
        follow_ups=follow_ups_of(case, request.now), **tabs(request, case),
    )  # fmt: skip


@writes
def new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Begin the next plan: the first one empty, a re-plan with what the last one said."""
    case = own_file_for(request.worker, case_id)
    before = [row for row in plans_of(case) if row.is_running or row.state == "evaluated"]

    def act() -> tuple[str, str]:
        made = actions.new_plan(case, by=request.worker, at=request.now)
        return home(made.pk), "プランの下書きをつくりました。意向と目標から書けます。"

    lead = (
        f"{before[0].title}の意向・目標・続いている役割を写して、新しいプランの下書きをつくります。いまのプランは、新しいプランが始まるまで続きます。"
        if before
        else "プランの下書きをつくります。期間と次のモニタリングの日は、市の標準の日が入ります。あとから変えられます。"
    )
    return step(
        request,
        act,
        title="プランをつくる",
        lead=lead,
        key="下書きをつくる",
        back=index_of(case_id),
        **tabs(request, case),
    )


@reads
def detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    """One plan: everything it says, who agreed, what the meeting said, how it goes, what can be done next."""
    plan = plan_for(request.worker, plan_id)
    return page(
        request, "plans/detail.html", here="cases", plan=sheet_of(request.worker, plan, request.now),
        monitorings=monitorings_of(plan.pk), ours=is_ours(request.worker, plan.case),
        consents=consents_in(request, plan.case), **tabs(request, plan.case),
    )  # fmt: skip


@writes
def edit(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Write the words, days, services and goals of a draft; it keeps itself while typing."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)
    draft = opened(request, "plan", f"{seen.title}を書く", plan_id)
    groups = service_groups()
    start = {name: getattr(plan, name) for name in (*actions.LABELS, *DAYS)}
    start |= {f"services_{place}": plan.services for place in range(len(groups))}
    form = forms.PlanForm(
        bound(request), groups=groups, initial=start | {"draft": draft.id, "revision": plan.revision}
    )
    draft.fill(form)
    rows = forms.rows_of(
        forms.GoalForm, "goals", data=typed(request, draft), stored=[forms.goal_initial(goal) for goal in seen.goals],
        blank=2 if seen.goals else 3, strengths=strength_choices(request.worker, plan.case, on=request.today),
    )  # fmt: skip

    def act() -> tuple[str, str]:
        actions.write_plan(
            plan, form.wish(), [row.wish() for row in rows], revision=form.cleaned_data["revision"] or 0, by=request.worker,
            at=request.now,
        )  # fmt: skip
        return _next(request, plan.pk), "プランを保存しました。"

    return run(
        request, form, act, template="plans/edit.html", draft=draft, back=home(plan_id),
        rows=rows, plan=seen, **tabs(request, plan.case),
    )  # fmt: skip


def _next(request: HttpRequest, plan_id: int) -> str:
    """Where the key that was pressed leads: on to the role table, or back to the plan."""
    return reverse("plans:roles", args=[plan_id]) if "to-roles" in request.POST else home(plan_id)


@writes
def roles(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Write the role table of a draft: who, what, how often, by when, how we know; each row with a worker who answers."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)
    draft = opened(request, "roles", f"{seen.title}の役割を書く", plan_id)
    form = forms.Form(bound(request), initial={"draft": draft.id, "revision": plan.revision})
    rows = forms.rows_of(
        forms.RoleForm, "roles", data=typed(request, draft), stored=[forms.role_initial(role) for role in seen.roles],
        workers=forms.who_choices(answering(plan.case)), goals=[(goal.id, goal.text) for goal in seen.goals],
    )  # fmt: skip

    def act() -> tuple[str, str]:
        actions.write_roles(
            plan, [row.wish() for row in rows], revision=form.cleaned_data["revision"] or 0, by=request.worker,
            at=request.now,
        )  # fmt: skip
        return home(plan_id), "役割を保存しました。プランが始まると、一行ずつが約束になります。"

    return run(
        request, form, act, template="plans/roles.html", draft=draft, back=home(plan_id), rows=rows, plan=seen,
        **tabs(request, plan.case),
    )  # fmt: skip


@writes
def plain(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The やさしい日本語: the program offers a first draft and points; a person writes and confirms."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)
    draft = opened(request, "plain", f"{seen.title}のやさしい日本語", plan_id)
    start: dict[str, object] = {"draft": draft.id, "revision": plan.revision}
    start |= {f"goal_{goal.id}": actions.offered_plain(goal.text, goal.plain) for goal in seen.goals}
    start |= {f"role_{role.id}": actions.offered_plain(_role_words(role), role.plain) for role in seen.roles}
    form = forms.PlainForm(bound(request), plan=seen, initial=start)
    draft.fill(form)

    def act() -> tuple[str, str]:
        done = actions.write_plain(
            plan, form.texts("goal"), form.texts("role"), confirmed=form.cleaned_data["confirmed"],
            revision=form.cleaned_data["revision"] or 0, by=request.worker, at=request.now,
        )  # fmt: skip
        sentence = (
            "確かめたことばとして保存しました。"
            if done.plain_confirmed_at
            else "保存しました。確かめるまでは下書きです。"
        )
        return reverse("plans:read", args=[plan_id]), sentence

    return run(
        request, form, act, template="plans/plain.html", draft=draft, back=home(plan_id), plan=seen,
        pieces=_pieces(form, seen), **tabs(request, plan.case),
    )  # fmt: skip


def _role_words(role: RoleCard) -> str:
    return "、".join(part for part in (role.often, role.what) if part)


def _pieces(form: forms.PlainForm, plan: PlanSheet) -> list[tuple[str, Any, tuple[Point, ...]]]:
    """(the words it is for, the field, what to look at again)."""
    return [
        (
            f"{'目標' if name.startswith('goal') else '役割'}：{words}",
            form[name],
            points(str(form[name].value() or "")),
        )
        for name, words in forms.PlainForm.rows(plan)
    ]


@reads
def read(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The plan in やさしい日本語, to be shown to the person and printed on A4."""
    plan = plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan, request.now)
    days = {
        name: day_in_words(value) if value else ""
        for name, value in (
            ("from_on", seen.from_on),
            ("until_on", seen.until_on),
            ("next_on", seen.next_monitoring.due_on if seen.next_monitoring else seen.monitor_on),
        )
    }
    rows = [(role, day_in_words(role.due_on)) for role in seen.roles if role.state in ("prepared", "open")]
    return page(
        request, "plans/read.html", here="cases", plan=seen, days=days, rows=rows, ours=is_ours(request.worker, plan.case),
        **tabs(request, plan.case),
    )  # fmt: skip


@writes
def correct(request: HttpRequest, plan_id: int) -> HttpResponse:
    """A new version of a plan that was agreed to."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)

    def act() -> tuple[str, str]:
        made = actions.correct_plan(plan, by=request.worker, at=request.now)
        return reverse(
            "plans:edit", args=[made.pk]
        ), "訂正版の下書きをつくりました。直すところを書き換えてください。"

    lead = "いまの版を写して、次の版の下書きをつくります。前の版は、そのまま残ります。直したあと、もう一度、本人の同意をもらいます。"
    if seen.is_running:
        lead += "訂正版が始まるまで、いまの版の役割と約束は続きます。"
    return step(
        request, act, title="訂正版をつくる", lead=lead, key="訂正版をつくる", back=home(plan_id), plan=seen,
        **tabs(request, plan.case),
    )  # fmt: skip


@writes
def withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Take back a plan that was not begun."""
    plan = own_plan_for(request.worker, plan_id)
    draft = opened(request, "withdraw", "プランを取り下げる", plan_id)
    form = forms.ReasonForm(bound(request), initial={"draft": draft.id, "revision": plan.revision})

    def act() -> tuple[str, str]:
        actions.withdraw_plan(
            plan, reason=form.cleaned_data["reason"], revision=form.cleaned_data["revision"] or 0, by=request.worker,
            at=request.now,
        )  # fmt: skip
        return index_of(plan.case_id), "プランを取り下げました。書いたことは残っています。"

    return run(
        request, form, act, template="plans/form.html", draft=draft, back=home(plan_id), title="プランを取り下げる",
        key="取り下げる", plan=sheet_of(request.worker, plan), **tabs(request, plan.case),
    )  # fmt: skip
