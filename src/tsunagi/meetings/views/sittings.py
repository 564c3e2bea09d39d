"""A sitting: its agenda, who is there, the order of its items, what the work proposes for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.meetings import actions, forms, queries
from tsunagi.meetings.access import bodies_of, convened_body_for, convened_sitting_for, prepares, sitting_for
from tsunagi.meetings.rules import costs_of_moving, in_order, running_order
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from ._flow import opened, run


def _home(sitting_id: int) -> str:
    return reverse("meetings:sitting", args=[sitting_id])


@reads
def sitting(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """A sitting with its agenda: whole and by number for who prepares it, one's own items for members."""
    found = sitting_for(request.worker, sitting_id, request.today)
    return page(
        request, "meetings/sitting.html", sitting=queries.sitting_page(request.worker, found, request.now),
        waiting=queries.unacknowledged(request.worker, request.today),
    )  # fmt: skip


def _others(request: HttpRequest, body_id: int) -> list[tuple[int, str]]:
    rows = bodies_of(request.worker, request.today).filter(ended_at__isnull=True).exclude(pk=body_id)
    return list(rows.order_by("name", "id").values_list("pk", "name"))


@writes
def sitting_new(request: HttpRequest, body_id: int) -> HttpResponse:
    """One more sitting: planned, or at once."""
    body = convened_body_for(request.worker, body_id, request.today)
    draft = opened(request, "sitting_new", "会議を開く", body_id)
    form = forms.SittingForm(
        bound(request), joint=_others(request, body_id),
        initial={"draft": draft.id, "begins": body.begins, "place": body.place, "how": "together", "day": request.today},
    )  # fmt: skip
    draft.fill(form)

    def act() -> tuple[str, str]:
        made = actions.new_sitting(body, form.wish(), by=request.worker, at=request.now)
        said = "召集しました。構成員に知らせました。" if made.is_ad_hoc else "会議を予定に入れました。"
        return _home(made.pk), said

    return run(
        request, form, act, draft=draft, title=f"「{body.name}」を開く", key="予定に入れる",
        back=reverse("meetings:body", args=[body_id]),
    )  # fmt: skip


@writes
def sitting_edit(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Another day, hour, place or way."""
    found = convened_sitting_for(request.worker, sitting_id, request.today)
    draft = opened(request, "sitting", "会議の日時・場所", sitting_id)
    joint = list(found.joint.order_by("id").values_list("body_id", flat=True))
    form = forms.SittingForm(
        bound(request), changing=True, joint=_others(request, found.body_id),
        initial={"draft": draft.id, "revision": found.revision, "day": found.day, "begins": found.begins,
                 "place": found.place, "how": found.how, "joint": joint},
    )  # fmt: skip
    draft.fill(form)

    def act() -> tuple[str, str]:
        actions.change_sitting(
            found, form.wish(), revision=form.cleaned_data["revision"] or 0, by=request.worker, at=request.now
        )
        return _home(sitting_id), "会議の日時・場所を変えました。"

    return run(
        request,
        form,
        act,
        draft=draft,
        title="会議の日時・場所",
        back=_home(sitting_id),
        stored_revision=found.revision,
    )


def _step(
    request: HttpRequest, sitting_id: int, kind: str, deed: Callable[..., Any], said: str, *, title: str, key: str, lead: str
) -> HttpResponse:  # fmt: skip
    found = convened_sitting_for(request.worker, sitting_id, request.today)
    draft = opened(request, kind, title, sitting_id)
    form = forms.PlainForm(bound(request), initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        deed(found, by=request.worker, at=request.now)
        return _home(sitting_id), said

    return run(request, form, act, draft=draft, title=title, key=key, lead=lead, back=_home(sitting_id))


@writes
def sitting_call(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Call the members, and ask for items."""
    return _step(
        request, sitting_id, "call", actions.call_sitting, "召集し、議題を募集しました。", title="召集して、議題を募集する",
        key="召集する", lead="構成員みなにお知らせが届きます。お知らせに、お名前や議題は載りません。",
    )  # fmt: skip


@writes
def sitting_open(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Begin."""
    return _step(
        request, sitting_id, "open", actions.open_sitting, "会議を始めました。", title="会議を始める", key="始める",
        lead="守秘義務の確認がまだの方がいても、会議は始められます。その方には、議題が開きません。",
    )  # fmt: skip


@writes
def sitting_finish(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """End."""
    return _step(
        request, sitting_id, "finish", actions.end_sitting, "会議を終えました。欠席した方に知らせました。", title="会議を終える",
        key="終える", lead="「これから」のままの方は欠席になり、結果を確かめるようお知らせが届きます。",
    )  # fmt: skip


@writes
def sitting_cancel(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Call it off."""
    found = convened_sitting_for(request.worker, sitting_id, request.today)
    draft = opened(request, "cancel", "会議を取りやめる", sitting_id)
    form = forms.ReasonForm(bound(request), initial={"draft": draft.id})
    draft.fill(form)

    def act() -> tuple[str, str]:
        actions.cancel_sitting(found, reason=form.cleaned_data["reason"], by=request.worker, at=request.now)
        return _home(sitting_id), "会議を取りやめました。"

    return run(
        request, form, act, draft=draft, title="会議を取りやめる", key="取りやめる", back=_home(sitting_id)
    )


@writes
def attendance(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Who is there."""
    found = convened_sitting_for(request.worker, sitting_id, request.today)
    draft = opened(request, "attendance", "出欠", sitting_id)
    members = queries.present_at(found, request.today)
    form = forms.PresenceForm(bound(request), members=members, initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        actions.record_attendance(found, form.presence(), by=request.worker, at=request.now)
        return _home(sitting_id), "出欠を記録しました。"

    return run(
        request, form, act, draft=draft, title="出欠", key="記録する", back=_home(sitting_id), inline=True,
        lead="" if members else "構成員がまだいません。",
    )  # fmt: skip


@writes
def told(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Note who of the absent was told what came of it."""
    found = convened_sitting_for(request.worker, sitting_id, request.today)
    draft = opened(request, "told", "欠席した方に結果を伝えた", sitting_id)
    absent = [
        (row.member_id, f"{row.name}（{row.office}）")
        for row in queries.present_at(found, request.today)
        if row.presence == "absent" and row.told_at is None
    ]
    form = forms.ToldForm(bound(request), members=absent, initial={"draft": draft.id})

    def act() -> tuple[str, str]:
        count = actions.tell_absent(found, form.cleaned_data["members"], by=request.worker, at=request.now)
        return _home(sitting_id), f"{count}人に結果を伝えたことを記録しました。"

    return run(
        request, form, act, draft=draft, title="欠席した方に結果を伝えた", key="記録する", back=_home(sitting_id),
        lead="" if absent else "まだ伝えていない欠席の方はいません。",
    )  # fmt: skip


@writes
def order(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The order of the items: the computed one with one key, or by hand with what that costs."""
    found = convened_sitting_for(request.worker, sitting_id, request.today)
    draft = opened(request, "order", "議題の順", sitting_id)
    seen = queries.sitting_page(request.worker, found, request.now)
    form = forms.OrderForm(
        bound(request), items=seen.items, initial={"draft": draft.id, "revision": found.revision}
    )
    slots = queries.slots(found)
    best = in_order(slots, running_order(slots))
    computed = "computed" in request.POST

    def act() -> tuple[str, str]:
        revision = form.cleaned_data["revision"] or 0
        if computed:
            actions.use_running_order(found, revision=revision, by=request.worker, at=request.now)
            return _home(sitting_id), "待ち時間がいちばん短くなる順にしました。"
        after = actions.order_items(found, form.order(), revision=revision, by=request.worker, at=request.now)
        costs = queries.cost_words(costs_of_moving(slots, in_order(slots, after)))
        return _home(sitting_id), "議題の順を変えました。" + "".join(costs)

    names = {row.id: row.label for row in seen.items}
    return run(
        request, form, act, draft=draft, title="議題の順", key="この順にする", back=_home(sitting_id),
        template="meetings/order.html", now_costs=seen.coming, best=[names.get(slot.id, "") for slot in best],
        best_costs=queries.coming_to(found, best), stored_revision=found.revision,
    )  # fmt: skip


@writes
def gather(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """What the work itself proposes: one tick each."""
    found = sitting_for(request.worker, sitting_id, request.today)
    draft = opened(request, "gather", "議題の候補", sitting_id)
    modes = list(dict.fromkeys(mode for body in actions.bodies_at(found) for mode in body.modes))
    rows = {row.key: row for row in queries.suggestions(request.worker, found, modes, request.now)}
    form = forms.GatherForm(
        bound(request),
        keys=[key for key, row in rows.items() if not row.why_not],
        initial={"draft": draft.id},
    )

    def act() -> tuple[str, str]:
        chosen = [rows[key] for key in form.cleaned_data["chosen"]]
        if not chosen:
            raise Refused("提案するものに印を付けてください。", field="chosen")
        for row in chosen:
            wish = actions.ItemWish(
                mode=row.mode, kind=row.kind, party_id=row.party_id, case_id=row.case_id, plan_id=row.plan_id,
                concern_id=row.concern_id, gap_id=row.gap_id, source=row.source.value, title=row.label if row.gap_id else "",
                facets=actions.PLAN_FACETS if row.plan_id else actions.SMALLEST,
            )  # fmt: skip
            actions.propose(found, wish, by=request.worker, at=request.now)
        return _home(sitting_id), f"{len(chosen)}件を提案しました。"

    return run(
        request, form, act, draft=draft, title="議題の候補", key="印の付いたものを提案する", back=_home(sitting_id),
        template="meetings/gather.html", suggested=list(rows.values()),
        proposed=queries.proposed_for(request.worker, found, request.now),
        convened=prepares(request.worker, found, request.today),
    )  # fmt: skip
