"""The ledger of demands: taken, looked at, decided, given, answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.paperwork.rules import Mask
from tsunagi.records import access, forms
from tsunagi.records.actions import demanding as deeds
from tsunagi.records.queries import demands
from tsunagi.records.rules.demands import NOT_SAID_SENTENCE
from tsunagi.records.rules.demands import answers_for as may_be_decided
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page

from ._flow import opened, run

FIELDS = (
    "requester", "requester_contact", "agent", "their_number", "about_name", "about_kana", "about_birth", "wanted", "identity", "powers", "child", "asks_as",
)  # fmt: skip


def _home(demand_id: int) -> str:
    return reverse("records:demand", args=[demand_id])


@reads
def ledger(request: Request) -> HttpResponse:
    """Every demand, the next day first."""
    access.require_disclose(request.worker)
    ended = request.GET.get("which") == "ended"
    return page(
        request,
        "records/demands.html",
        here="manage",
        rows=demands.ledger(request.worker, is_open=not ended),
        ended=ended,
    )


@writes
def new(request: Request) -> HttpResponse:
    """A demand as it came: the same page and the same answer whoever it is about."""
    access.require_disclose(request.worker)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        kind, came_on = str(typed.pop("kind")), typed.pop("came_on")
        made = deeds.take_demand(kind, came_on=came_on, by=request.worker, at=request.now, **typed)
        return "台帳に書きました。答える期限までに、決定とお返事を書きます。", _home(made.pk)

    return run(
        request, forms.DemandForm(bound(request)), act, back=reverse("records:demands"), template="records/demand_form.html",
        draft=opened(request, "demand", "請求・照会を書く"), title="請求・照会を書く", sentence=NOT_SAID_SENTENCE,
    )  # fmt: skip


@reads
def detail(request: Request, demand_id: int) -> HttpResponse:
    """One demand."""
    found = access.demand_for(request.worker, demand_id)
    return page(
        request, "records/demand.html", here="manage", demand=demands.demand_page(found, request.worker)
    )


@writes
def edit(request: Request, demand_id: int) -> HttpResponse:
    """Correct it."""
    found = access.demand_for(request.worker, demand_id)
    form = forms.EditDemandForm(
        bound(request), initial={name: getattr(found, name) for name in (*FIELDS, "revision")}
    )

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.write(
            found, revision=form.cleaned_data["revision"] or 0, by=request.worker, at=request.now, **typed
        )
        return "直しました。", _home(found.pk)

    return run(
        request, form, act, back=_home(found.pk), template="records/demand_form.html", draft=opened(request, "demand_edit", "請求を直す", str(found.pk)),
        title="請求・照会を直す", sentence="",
    )  # fmt: skip


@writes
def name_record(request: Request, demand_id: int) -> HttpResponse:
    """Say whose record is meant: of those that were found."""
    found = access.demand_for(request.worker, demand_id)
    parties = [
        (
            one.party_id,
            f"#{one.party_id}　{one.name}　{one.kana}　{one.birth}{'　（保護している方）' if one.protected else ''}",
        )
        for one in demands.demand_page(found, request.worker).candidates
    ]
    form = forms.RecordForm(bound(request), parties=parties)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.name_record(found, int(str(typed["party"] or 0)), by=request.worker, at=request.now)
        return "どの記録かを書きました。この請求が終わるまで、廃棄は止まります。", _home(found.pk)

    return run(
        request,
        form,
        act,
        back=_home(found.pk),
        title="どの記録かを確かめる",
        label="請求・照会",
        lead="名前・カナ・生年月日が、請求の書面と同じかを確かめてください。違うときは選ばずに戻ります。"
        if parties
        else "同じと思われる記録は見つかりませんでした。書き方を変えるとさがし直します。",
    )


@writes
def masks(request: Request, demand_id: int) -> HttpResponse:
    """Words to be blacked."""
    found = access.demand_for(request.worker, demand_id)
    here = reverse("records:masks", args=[found.pk])
    if request.method == "POST" and request.POST.get("remove", "").isdecimal():
        deeds.remove_mask(found, int(request.POST["remove"]), by=request.worker, at=request.now)
        messages.success(request, "外しました。")
        return redirect(here)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.add_mask(found, str(typed["words"]), str(typed["why"]), by=request.worker, at=request.now)
        return "消すことばに加えました。", here

    return run(
        request, forms.MaskForm(bound(request)), act, back=_home(found.pk), template="records/masks.html",
        draft=opened(request, "mask", "墨塗り", str(found.pk)), demand=demands.demand_page(found, request.worker),
    )  # fmt: skip


@writes
def extend(request: Request, demand_id: int) -> HttpResponse:
    """Answer later."""
    found = access.demand_for(request.worker, demand_id)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.extend(found, typed["due_on"], words=str(typed["words"]), by=request.worker, at=request.now)
        return "期限を延ばしました。請求した方に書面で伝えてください。", _home(found.pk)

    return run(
        request,
        forms.ExtendForm(bound(request)),
        act,
        back=_home(found.pk),
        title="期限を延ばす",
        label="請求・照会",
    )


@writes
def decide(request: Request, demand_id: int) -> HttpResponse:
    """Decide it."""
    found = access.demand_for(request.worker, demand_id)
    others = demands.second_choices(request.worker)
    form = forms.DecideForm(
        bound(request), answers=[(one.value, one.label) for one in may_be_decided(found.kind)], others=others
    )

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.decide(
            found, str(typed["answer"]), words=str(typed["words"]), document_number=str(typed["document_number"]),
            with_whom=demands.colleague(typed["with_whom"], others), by=request.worker, at=request.now,
        )  # fmt: skip
        return "決定を書きました。", _home(found.pk)

    return run(
        request, form, act, back=_home(found.pk), template="records/decide.html", draft=opened(request, "decide", "決定を書く", str(found.pk)),
        demand=demands.demand_page(found, request.worker),
    )  # fmt: skip


@writes
def package(request: Request, demand_id: int) -> HttpResponse:
    """What is given: looked at first (下見), then made, page by page."""
    found = access.demand_for(request.worker, demand_id)
    shown = demands.demand_page(found, request.worker)
    form = forms.PackageForm(
        bound(request), papers=demands.form_choices(), masks=Mask.choices(), initial={"mask": Mask.REAL}
    )
    if form.is_bound and form.is_valid():
        wish = deeds.Wish(form.cleaned_data["papers"], form.cleaned_data["mask"], form.cleaned_data["pages"])
        try:
            if "preview" in request.POST:
                return download(
                    f"shitami-{found.pk}.pdf",
                    deeds.preview(found, wish, by=request.worker, at=request.now),
                    "application/pdf",
                )
            row, pdf = deeds.make_package(found, wish, by=request.worker, at=request.now)
            return download(f"utsushi-{found.pk}-{row.pk}.pdf", pdf, "application/pdf")
        except Refused as refusal:
            name = "papers" if refusal.field == "forms" else refusal.field
            form.add_error(name if name in form.fields else None, str(refusal))
    return page(request, "records/package.html", here="manage", form=form, demand=shown, back=_home(found.pk))


@writes
def answer_demand(request: Request, demand_id: int) -> HttpResponse:
    """That whoever asked was answered."""
    found = access.demand_for(request.worker, demand_id)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.answer(found, typed["answered_on"], how=str(typed["how"]), by=request.worker, at=request.now)
        return "答えたことを書きました。", _home(found.pk)

    lead = demands.demand_page(found, request.worker).sentence
    return run(
        request,
        forms.AnswerForm(bound(request)),
        act,
        back=_home(found.pk),
        title="答えたことを書く",
        label="請求・照会",
        lead=lead,
    )


@writes
def withdraw(request: Request, demand_id: int) -> HttpResponse:
    """Whoever asked took it back."""
    found = access.demand_for(request.worker, demand_id)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        deeds.withdraw(found, str(typed["words"]), by=request.worker, at=request.now)
        return "取り下げを書きました。", _home(found.pk)

    return run(
        request,
        forms.WordsForm(bound(request)),
        act,
        back=_home(found.pk),
        title="取り下げを書く",
        label="請求・照会",
    )
