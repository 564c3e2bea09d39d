"""A plan is agreed to, conferred on, decided, begun."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tsunagi.holding.actions import ConsentBeside
from tsunagi.plans import actions, forms
from tsunagi.plans.access import own_plan_for
from tsunagi.plans.queries import opened_to, sheet_of
from tsunagi.plans.rules import MeetingResult, PlanState
from tsunagi.shared.edges import writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound

from ._flow import consents_in, home, opened, run, step, tabs


@writes
def agree(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Record who agreed: from then on the plan stands as it was agreed."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)
    draft = opened(request, "agree", "プランの同意を記録する", plan_id)
    form = forms.ConsentForm(
        bound(request),
        initial={
            "draft": draft.id,
            "revision": plan.revision,
            "explained_on": request.today,
            "scope": plan.sharing[:300],
        },
    )
    consents = consents_in(request, plan.case)
    form.offer_consent(
        on=request.today, persons=[(row.person_id, row.name) for row in consents], **opened_to(plan)
    )
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        names = ("explained_on", "agreed_by", "way", "name", "scope", "kept_where", "words")
        wish, whose = (form.sharing_wish(), form.consent_person_id) if consents else (None, None)
        if wish is not None and whose is None:
            raise Refused("だれの同意かを選んでください。", field="consent_person")
        actions.record_consent(
            plan, revision=typed["revision"] or 0, by=request.worker,
            sharing=ConsentBeside(whose, wish) if wish is not None and whose is not None else None, at=request.now, **{name: typed[name] for name in names}
        )  # fmt: skip
        return home(plan_id), "同意を記録しました。ここからは書き換えず、直すときは訂正版をつくります。"

    return run(
        request, form, act, template="plans/agree.html", draft=draft, back=home(plan_id), plan=seen, consents=consents, **tabs(request, plan.case)
    )  # fmt: skip


@writes
def confer(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Send the plan to a meeting; then record what the meeting said."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)
    if plan.state != PlanState.CONFERRING:

        def send() -> tuple[str, str]:
            actions.confer(plan, by=request.worker, at=request.now)
            return home(plan_id), "会議協議待ちにしました。会議が終わったら、結果を書いてください。"

        return step(
            request, send, title="会議にかける", key="会議協議待ちにする", back=home(plan_id), plan=seen,
            lead="このプランを会議にかけます。結果が書かれるまで、プランは書き換えられません。", **tabs(request, plan.case),
        )  # fmt: skip
    draft = opened(request, "confer", "会議の結果を書く", plan_id)
    form = forms.ConferenceForm(bound(request), initial={"draft": draft.id, "held_on": request.today})
    draft.fill(form)

    def act() -> tuple[str, str]:
        names = ("held_on", "kind", "result", "words")
        told = actions.record_conference(
            plan, by=request.worker, at=request.now, **{name: form.cleaned_data[name] for name in names}
        )
        return home(plan_id), _AFTER[MeetingResult(told.result)]

    return run(
        request, form, act, template="plans/form.html", draft=draft, back=home(plan_id), plan=seen, title="会議の結果を書く",
        key="記録する", **tabs(request, plan.case),
    )  # fmt: skip


_AFTER = {
    MeetingResult.FIT: "会議の結果を記録しました。次は、市の決定を書きます。",
    MeetingResult.FIT_REVISED: "会議の結果を記録しました。直すところを書き換えてから、市の決定を書いてください。",
    MeetingResult.AGAIN: "再検討として、下書きに戻しました。",
}


@writes
def decide(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Record the city's decision; the plan may begin with it."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)
    draft = opened(request, "decide", "決定を書く", plan_id)
    form = forms.DecideForm(
        bound(request), initial={"draft": draft.id, "decided_on": request.today, "begin_now": seen.is_frozen}
    )
    if plan.state != PlanState.DRAFT:
        del form.fields["no_meeting"]
    if not seen.is_frozen:
        del form.fields["begin_now"]
    draft.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        actions.decide(
            plan, decided_on=typed["decided_on"], decided_by=typed["decided_by"], words=typed["words"],
            no_meeting=typed.get("no_meeting", ""), by=request.worker, at=request.now,
        )  # fmt: skip
        if typed.get("begin_now"):
            actions.begin(plan, by=request.worker, at=request.now)
            return home(plan_id), "決定を記録し、プランを始めました。役割はひとつずつ約束になりました。"
        return home(plan_id), "決定を記録しました。同意の記録がそろったら、プランを始められます。"

    return run(
        request, form, act, template="plans/form.html", draft=draft, back=home(plan_id), plan=seen, title="決定を書く",
        key="決定を記録する", **tabs(request, plan.case),
    )  # fmt: skip


@writes
def begin(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Bring a decided plan into force."""
    plan = own_plan_for(request.worker, plan_id)
    seen = sheet_of(request.worker, plan)

    def act() -> tuple[str, str]:
        actions.begin(plan, by=request.worker, at=request.now)
        return home(plan_id), "プランを始めました。役割はひとつずつ約束になりました。"

    return step(
        request, act, title="プランを始める", key="プランを始める", back=home(plan_id), plan=seen, lines=seen.roles,
        lead="次の役割が、ひとつずつ約束になり、答える職員の今日の画面に出ます。期日を過ぎると赤くなります。次のモニタリングの日も、約束になります。",
        **tabs(request, plan.case),
    )  # fmt: skip
