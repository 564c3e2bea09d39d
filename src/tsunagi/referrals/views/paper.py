"""Beyond the system on paper: print the sheet, type the 返信票 back in by its number."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.press.pdf import PDF, typeset
from tsunagi.referrals import forms_beyond
from tsunagi.referrals.access import referral_for, sent_referral_for
from tsunagi.referrals.actions.replies import Reply, take_in_reply
from tsunagi.referrals.queries import referral_page
from tsunagi.referrals.queries.beyond import (
    link_card,
    referral_by_reply_number,
    sheet_values,
    why_no_answer_is_taken,
)
from tsunagi.referrals.queries.packages import has_partner_key
from tsunagi.referrals.rules import reply_number
from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page
from tsunagi.workbench.actions import attach

from ._flow import home, opened_draft, run


@reads
def paper(request: HttpRequest, referral_id: int) -> HttpResponse:
    """The ways this sheet can leave the system, and the sheet as it would be read."""
    referral = referral_for(request.worker, referral_id)
    sheet = referral_page(request.worker, referral, on=request.today)
    return page(
        request, "referrals/paper.html", sheet=sheet, reply_number=reply_number(referral.number or ""),
        links_on=settings.ANSWER_LINKS, packs=has_partner_key(referral.to_office_id),
        link=link_card(referral.pk, request.now) if sheet.is_sender else None,
    )  # fmt: skip


@reads
def sheet_pdf(request: HttpRequest, referral_id: int) -> HttpResponse:
    """The つなぐシート with its 返信票 as a PDF; who printed what is in the journal."""
    referral = referral_for(request.worker, referral_id)
    values = sheet_values(request.worker, referral, on=request.today)
    made = typeset("referrals/papers/sheet.typ", values, at=request.now, accessible=False)
    leave_trail(
        "referral.printed", subject_kind="referral", subject_id=referral.pk, purpose=Purpose.REFER,
        ground=referral.ground,
    )  # fmt: skip
    return download(f"tsunagu-{values['reply_number']}.pdf", made, PDF, inline=True)


@reads
def reminder_pdf(request: HttpRequest, referral_id: int) -> HttpResponse:
    """A letter that asks for the answer, with a fresh 返信票. It names nobody."""
    referral = sent_referral_for(request.worker, referral_id)
    told = why_no_answer_is_taken(referral)
    if told:
        raise Refused(told)
    values = sheet_values(request.worker, referral, on=request.today)
    made = typeset("referrals/papers/reminder.typ", values, at=request.now)
    leave_trail("referral.reminder_printed", subject_kind="referral", subject_id=referral.pk)
    return download(f"saisoku-{values['reply_number']}.pdf", made, PDF, inline=True)


@writes
def reply_find(request: HttpRequest) -> HttpResponse:
    """返信票を入力: by its number. Nothing is stored; the POST only leads on (a number never stands in an address)."""
    require(request.worker, Purpose.REFER)
    form = forms_beyond.NumberForm(bound(request))
    if form.is_valid():
        try:
            found = referral_by_reply_number(request.worker, form.cleaned_data["number"])
            return redirect("referrals:reply", found)
        except Refused as refusal:
            form.add_error("number", str(refusal))
    return page(request, "referrals/reply_find.html", form=form)


@writes
def reply(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Type one 返信票 in, or record what came by the link."""
    referral = sent_referral_for(request.worker, referral_id)
    told = why_no_answer_is_taken(referral)
    if told and request.method != "POST":
        messages.warning(request, told)
        return redirect(home(referral_id))
    link = link_card(referral_id, request.now)
    came = link.answer if link and link.answer else None
    draft = opened_draft(request, "referrals.reply", "返信票", request.path, str(referral_id))
    form = forms_beyond.ReplyForm(bound(request), initial={"draft": draft.id, **(came or {})})
    draft.fill(form)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        take_in_reply(
            referral,
            Reply(**form.reply()),
            channel="link" if came else "paper",
            by=request.worker,
            at=request.now,
        )
        attach(request.worker, draft.id, "answer", referral_id, at=request.now)
        return _said(form.reply()), home(referral_id)

    return run(
        request, form, act, back=reverse("referrals:reply_find"), template="referrals/reply.html",
        at={"accepted": "answer", "decline_reason": "reason", "due_on": "next_on", "at": "met_on"},
        sheet=referral_page(request.worker, referral, on=request.today), came=came,
        reply_number=reply_number(referral.number or ""), draft=draft,
    )  # fmt: skip


def _said(typed: dict[str, Any]) -> str:
    if typed["accepted"] is False:
        return "受けられないとの返事を記録しました。課題は手元に戻っています。次の手を決めてください。"
    if typed["met_on"]:
        return "会えたことを記録しました。任せてよければ、課題の「終える」から「他機関が主担当で継続」を選べます。"
    return "返事を記録しました。会えたと分かるまで「見届け」として受け持ちます。"
