"""コード表 and 設定: what a city decides for itself, under 管理."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from tsunagi.permissions.access import require_administrator
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.ui.pages import bound, page

from . import actions, queries
from .forms import CodeForm, NewCodeForm, SettingForm


@reads
def settings(request: Request) -> HttpResponse:
    """All settings by subject: what is in force, and what was shipped."""
    require_administrator(request.worker)
    return page(request, "codes/settings.html", groups=queries.setting_groups())


@writes
def setting(request: Request, key: str) -> HttpResponse:
    """Change one setting; somebody else's change meanwhile is answered 409 with both values."""
    require_administrator(request.worker)
    card = queries.setting_card(key)
    if card is None:
        raise Http404
    form = SettingForm(bound(request), card=card)
    differences: tuple[tuple[str, str, str], ...] = ()
    if form.is_valid():
        try:
            actions.set_setting(
                key, form.stored(), revision=form.cleaned_data["revision"], by=request.worker, at=request.now
            )
            messages.success(request, f"「{card.label}」を変えました。いまから効きます。")
            return redirect("codes:settings")
        except Stale as stale:
            differences = stale.differences
            form.add_error(None, str(stale))
        except Refused as refusal:
            form.add_error("value", str(refusal))
    return page(
        request,
        "codes/setting.html",
        status=409 if differences else None,
        form=form,
        card=card,
        differences=differences,
    )


@reads
def lists(request: Request) -> HttpResponse:
    """All code lists."""
    require_administrator(request.worker)
    return page(request, "codes/lists.html", lists=queries.list_rows())


@writes
def code_list(request: Request, key: str) -> HttpResponse:
    """One list; a choice of the city's own is added here."""
    require_administrator(request.worker)
    card = queries.list_page(key)
    if card is None:
        raise Http404
    form = NewCodeForm(bound(request))
    if form.is_valid():
        try:
            actions.add_code(key, by=request.worker, at=request.now, **form.cleaned_data)
            messages.success(request, f"「{form.cleaned_data['label']}」を足しました。いまから選べます。")
            return redirect("codes:list", key)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(request, "codes/list.html", card=card, form=form)


@writes
def code(request: Request, key: str, value: str) -> HttpResponse:
    """Other words for one choice; somebody else's change meanwhile is answered 409 with both."""
    require_administrator(request.worker)
    card, found = queries.code_page(key, value)
    if card is None or found is None:
        raise Http404
    form = CodeForm(bound(request), code=found)
    differences: tuple[tuple[str, str, str], ...] = ()
    if form.is_valid():
        try:
            label, known = form.cleaned_data["label"], form.cleaned_data["revision"]
            actions.reword_code(
                key, value, label, form.attributes(), version=known or 0, by=request.worker, at=request.now
            )
            messages.success(request, f"「{label}」に変えました。いまから効きます。")
            return redirect("codes:list", key)
        except Stale as stale:
            differences = stale.differences
            form.add_error(None, str(stale))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    status = 409 if differences else None
    return page(
        request, "codes/code.html", status=status, card=card, code=found, form=form, differences=differences
    )


@writes
def retire(request: Request, key: str, value: str) -> HttpResponse:
    """Offer a choice no longer."""
    require_administrator(request.worker)
    if request.method == "POST":
        try:
            actions.retire_code(key, value, by=request.worker, at=request.now)
            messages.success(request, "今日から選べないことにしました。")
        except Refused as refusal:
            messages.warning(request, str(refusal))
    return redirect("codes:list", key)
