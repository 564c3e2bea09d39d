"""What I was told."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.permissions.access import require_administrator
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import page

from . import actions, forms, queries
from .access import notice_for
from .forms import Filter, Seen


@reads
def index(request: Request) -> HttpResponse:
    """The list, newest first."""
    form = Filter(request.GET or {"show": "all"})
    asked = form.cleaned_data if form.is_valid() else {}
    show, before = asked.get("show") or "all", asked.get("before")
    found = queries.notices_of(request.worker, only_unread=show == "unread", before=before)
    first = f"{reverse('notices:index')}?{urlencode({'show': show})}"
    next_url = f"{first}&before={found.next_before}" if found.next_before else ""
    return page(
        request,
        "notices/index.html",
        found=found,
        filter=form,
        first_url=first if before else "",
        next_url=next_url,
    )


@writes
def open_notice(request: Request, notice_id: int) -> HttpResponse:
    """Mark one as read and go where it leads."""
    notice = notice_for(request.worker, notice_id)
    if request.method == "POST":
        actions.read(notice, request.now)
        return redirect(notice.link or "notices:index")
    return redirect("notices:index")


@writes
def read_all(request: Request) -> HttpResponse:
    """Mark everything on the screen as read."""
    form = Seen(request.POST)
    if request.method == "POST" and form.is_valid():
        count = actions.read_all(request.worker, request.now, up_to=form.cleaned_data["up_to"])
        messages.success(request, f"お知らせ{count}件を読んだことにしました。")
    return redirect("notices:index")


@writes
def mail(request: Request) -> HttpResponse:
    """How I hear by letter that something waits: the address, its code, what and how often."""
    card = queries.mail_card(request.worker)
    do = request.POST.get("do", "")
    address = forms.Address(
        request.POST if do == "address" else None, initial={"address": card.address or request.worker.email}
    )
    code = forms.Code(request.POST if do == "code" else None)
    choices = forms.Choices(request.POST if do == "choices" else None, initial=card.choices)
    said = ""
    if do and card.is_on:
        try:
            said = _mail_deed(request, do, address, code, choices)
        except Refused as refusal:
            address.add_error("address", str(refusal)) if address.is_bound else messages.warning(
                request, str(refusal)
            )
    if said:
        messages.success(request, said)
        return redirect("notices:mail")
    # 200 for a wrong code: a refusal would be rolled back, and the try must count.
    wrong = 422 if address.errors or choices.errors else 200
    return page(
        request,
        "notices/mail.html",
        status=wrong,
        card=card,
        address_form=address,
        code_form=code,
        choices_form=choices,
    )


def _mail_deed(
    request: Request, do: str, address: forms.Address, code: forms.Code, choices: forms.Choices
) -> str:
    """Do what was pressed; the sentence to show, empty when something stands in the way."""
    worker, at = request.worker, request.now
    if do == "address" and address.is_valid():
        actions.ask_address(worker, address.cleaned_data["address"], at=at)
        return "確認の番号を送ります。届いたら、下に入れてください。"
    if do == "again":
        actions.look_again(worker, at=at)
        return "番号をもう一度送ります。前の番号は使えません。"
    if do == "code" and code.is_valid():
        wrong = actions.confirm(worker, code.cleaned_data["code"], at=at)
        if wrong:
            code.add_error("code", wrong)
        return "" if wrong else "アドレスを確かめました。これからメールでも知らせます。"
    if do == "choices" and choices.is_valid():
        actions.choose(worker, choices.cleaned_data, at=at)
        return "受け取り方を変えました。"
    if do == "forget":
        actions.forget_address(worker, at=at)
        return "アドレスを消しました。メールでは知らせません。"
    return ""


@reads
def mail_state(request: Request) -> HttpResponse:
    """How the sending of letters stands, for the administrator."""
    require_administrator(request.worker)
    return page(request, "notices/mail_state.html", told=queries.mail_state(request.now))
