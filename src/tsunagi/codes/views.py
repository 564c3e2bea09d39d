"""設定: what a city decides for itself, under 管理."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.rules import Stale
from tsunagi.permissions.access import require_administrator
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page

from . import actions, queries
from .forms import SettingForm


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
