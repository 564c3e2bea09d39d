"""An Excel of five cells per referral, for agencies that work with Excel: out, and back in with a preview."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.press.sheets import XLSX
from tsunagi.referrals import forms_beyond
from tsunagi.referrals.access import sent_referral_for
from tsunagi.referrals.actions.replies import Reply, take_in_reply
from tsunagi.referrals.queries.answer_books import BookRow, answer_book, read_answer_book, signed, unsigned
from tsunagi.referrals.queries.beyond import agencies_waiting
from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import download, page
from tsunagi.workbench.actions import claim, consume

from ._flow import new_draft


@writes
def index(request: HttpRequest) -> HttpResponse:
    """Agencies with open answers, each with its book; and the place to read one back. The POST shows what it would do."""
    require(request.worker, Purpose.REFER)
    sent = request.method == "POST"
    form = forms_beyond.BookForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        try:
            rows = read_answer_book(request.worker, form.cleaned_data["book"].read(), on=request.today)
            return page(
                request, "referrals/book_preview.html", rows=rows, count=sum(not row.why_not for row in rows),
                take_in=forms_beyond.TakeInForm(
                    initial={"rows": signed(request.worker, rows), "draft": new_draft()}
                ),
            )  # fmt: skip
        except Refused as refusal:
            form.add_error("book", str(refusal))
    return page(request, "referrals/books.html", form=form, agencies=agencies_waiting(request.worker))


@reads
def book(request: HttpRequest, office_id: int) -> HttpResponse:
    """The book for one agency."""
    require(request.worker, Purpose.REFER)
    made = answer_book(request.worker, office_id, at=request.now)
    leave_trail("referral.book_taken", subject_kind="office", subject_id=office_id, purpose=Purpose.REFER)
    return download(f"henshin-{office_id}-{request.now:%Y%m%d}.xlsx", made, XLSX)


@writes
def take_in(request: HttpRequest) -> HttpResponse:
    """Take in what the preview showed; rows that moved on meanwhile are told and change nothing."""
    require(request.worker, Purpose.REFER)
    form = forms_beyond.TakeInForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect("referrals:books")
    rows = unsigned(request.worker, form.cleaned_data["rows"])
    claim(request.worker, form.cleaned_data["draft"])
    done = 0
    for row in rows:
        try:
            with transaction.atomic():
                _take_in(request, row)
            done += 1
        except Refused as refusal:
            messages.warning(request, f"{row.line}行目({row.number})は変えませんでした。{refusal}")
    consume(request.worker, form.cleaned_data["draft"], "/tsunagi/?box=out&show=all", request.now)
    messages.success(request, f"{done}件の返事を記録しました。")
    return redirect("/tsunagi/?box=out&show=all")


def _take_in(request: HttpRequest, row: BookRow) -> None:
    referral = sent_referral_for(request.worker, row.referral_id or 0)
    reply = Reply(
        accepted=row.accepted,
        reason=row.reason,
        who=row.who,
        met_on=date.fromisoformat(row.met_on) if row.met_on else None,
        next_on=date.fromisoformat(row.next_on) if row.next_on else None,
    )
    take_in_reply(referral, reply, channel="excel", by=request.worker, at=request.now)
