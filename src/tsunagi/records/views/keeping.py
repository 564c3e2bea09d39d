"""保存期間・廃棄の停止・廃棄: for whoever decides about keeping; and the way in for everybody."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.records import access, forms
from tsunagi.records.actions import keeping as deeds
from tsunagi.records.queries import accidents, demands, keeping, voices
from tsunagi.records.rules.keeping import RecordKind, year_end
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from ._flow import opened, run


@reads
def index(request: Request) -> HttpResponse:
    """What waits here for this worker, and how to report."""
    access.require_somebody(request.worker)
    worker = request.worker
    since = year_end(request.today).replace(year=year_end(request.today).year - 1)
    return page(
        request, "records/index.html", here="manage", may_retain=access.may_retain(worker), may_disclose=access.may_disclose(worker),
        leads=access.leads(worker), may_papers=access.may_retain(worker) or access.leads(worker) or reach_of(worker, Purpose.ADMINISTER) >= Reach.CITY,
        may_audit=reach_of(worker, Purpose.JOURNAL) > Reach.NONE, demands=demands.ledger(worker, at_most=10) if access.may_disclose(worker) else (),
        incidents=accidents.incident_rows(worker), voices=voices.voice_rows(worker),
        topics=voices.topics_counted(since) if access.leads(worker) else (),
    )  # fmt: skip


@reads
def rules(request: Request) -> HttpResponse:
    """How long each kind is kept, and by which article."""
    access.require_retain(request.worker)
    return page(request, "records/rules.html", here="manage", cards=keeping.rule_cards())


@writes
def rule(request: Request, kind: str) -> HttpResponse:
    """One kind's rule."""
    access.require_retain(request.worker)
    if kind not in RecordKind.values():
        raise Http404
    now = keeping.rule_of(kind)
    form = forms.RuleForm(
        bound(request),
        initial={"years": now.years, "begins": now.begins, "article": now.article, "note": now.note},
    )
    back = reverse("records:rules")
    title = f"{RecordKind.label_of(kind)}の保存期間"

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.set_rule(kind, **typed, by=request.worker, at=request.now)
        return "保存期間を決めました。前の決まりも残っています。", back

    return run(
        request,
        form,
        act,
        back=back,
        draft=opened(request, "rule", title, kind),
        title=title,
        label="保存期間",
    )


@writes
def holds(request: Request) -> HttpResponse:
    """Stops that stand, and a new one."""
    access.require_retain(request.worker)
    back = reverse("records:holds")

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.set_hold(
            int(str(typed["party"] or 0)),
            reason=str(typed["reason"]),
            words=str(typed["words"]),
            by=request.worker,
            at=request.now,
        )
        return "廃棄を止めました。解くまで、この方の記録は廃棄されません。", back

    return run(
        request, forms.HoldForm(bound(request)), act, back=reverse("records:index"), template="records/holds.html",
        draft=opened(request, "hold", "廃棄を止める"), standing=keeping.hold_cards(), ended=keeping.hold_cards(released=True),
    )  # fmt: skip


@writes
def release(request: Request, hold_id: int) -> HttpResponse:
    """Let go of a stop."""
    found = access.hold_for(request.worker, hold_id)
    back = reverse("records:holds")

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.release_hold(found, words=str(typed["words"]), by=request.worker, at=request.now)
        return "停止を解きました。", back

    return run(
        request, forms.ReleaseForm(bound(request)), act, back=back, title="停止を解く", label="廃棄の停止"
    )


@writes
def due(request: Request) -> HttpResponse:
    """What is due, never by itself: one proposes, another agrees, a job at night carries it out."""
    access.require_retain(request.worker)
    found = keeping.due_now(request.today)
    shown = found[: keeping.SHOWN]
    form = forms.ProposeForm(
        bound(request), items=[(one.key, one.what_label) for one in shown if not one.held]
    )

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        made = deeds.propose(
            form.cleaned_data["items"],
            words=str(typed["words"]),
            document_number=str(typed["document_number"]),
            by=request.worker,
            at=request.now,
        )
        return "廃棄を起案しました。別の人が確かめると、夜の作業で廃棄されます。", reverse(
            "records:disposal", args=[made.pk]
        )

    rows = [(one, keeping.held_words(one.held)) for one in shown]
    chosen = request.POST.getlist("items")
    return run(
        request, form, act, back=reverse("records:index"), template="records/due.html", rows=rows, total=len(found), chosen=chosen,
        cards=keeping.disposal_cards(),
    )  # fmt: skip


@writes
def disposal(request: Request, disposal_id: int) -> HttpResponse:
    """One disposal: agree to it, take it back, its certificate."""
    found = access.disposal_for(request.worker, disposal_id)
    if request.method == "POST":
        try:
            if "take_back" in request.POST:
                deeds.take_back(found, by=request.worker, at=request.now)
                messages.success(request, "廃棄を取り下げました。記録は残っています。")
            else:
                deeds.agree(found, by=request.worker, at=request.now)
                messages.success(
                    request, "確かめました。夜の作業で廃棄され、証明が閲覧・操作の記録に残ります。"
                )
            return redirect("records:disposal", found.pk)
        except Refused as refusal:
            messages.error(request, str(refusal))
    card = keeping.disposal_card(found)
    return page(
        request, "records/disposal.html", here="manage", card=card, items=keeping.item_cards(found),
        mine=card.proposed_by_id == request.worker.pk, unset=keeping.unset_kinds(keeping.kinds_of(found)) if not card.agreed_at else (),
    )  # fmt: skip


@writes
def take_out(request: Request, disposal_id: int, item_id: int) -> HttpResponse:
    """Take one line out."""
    found = access.item_for(request.worker, disposal_id, item_id)
    back = reverse("records:disposal", args=[disposal_id])
    if request.method == "POST":
        deeds.take_out(found, by=request.worker, at=request.now)
        messages.success(request, "この行を外しました。記録は残っています。")
        return redirect(back)
    return page(request, "records/take_out.html", here="manage", back=back)
