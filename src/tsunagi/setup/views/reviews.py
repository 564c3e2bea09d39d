"""権限の見直し: begin it, answer posting by posting, take the sheet away for signature, end it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.permissions.access import require, require_administrator
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.press.pdf import PDF
from tsunagi.press.sheets import XLSX
from tsunagi.setup import actions
from tsunagi.setup.access import review_for
from tsunagi.setup.forms import AnswerForm, BeginForm, HandForm
from tsunagi.setup.queries import posting_lines, review_card, review_cards, reviews_summary
from tsunagi.setup.queries.sheets import review_pdf, review_xlsx
from tsunagi.setup.rules.reviews import usual_due
from tsunagi.shared.edges import Request, leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import answer, bound, download, page


@reads
def index(request: Request) -> HttpResponse:
    """The reviews this worker may see; for administrators also the button that begins them."""
    reach = require(request.worker, Purpose.REVIEW, Reach.OFFICE)
    leads_all = reach is Reach.CITY
    return page(
        request,
        "setup/reviews.html",
        reviews=review_cards(request.worker, on=request.today),
        summary=reviews_summary(on=request.today) if leads_all else None,
    )


@writes
def begin(request: Request) -> HttpResponse:
    """Begin this fiscal year's review in every office."""
    require_administrator(request.worker)
    form = BeginForm(bound(request), initial={"due_on": usual_due(request.today)})

    def deed() -> tuple[str, str]:
        made = actions.begin_reviews(due_on=form.cleaned_data["due_on"], by=request.worker, at=request.now)
        return f"{len(made)}機関の見直しを始めました。", reverse("setup:reviews")

    return answer(request, form, deed, "setup/begin.html", summary=reviews_summary(on=request.today))


@writes
def review(request: Request, review_id: int) -> HttpResponse:
    """One office: every worker with what they may see; each is confirmed, or marked to end with a reason."""
    found = review_for(request.worker, review_id)
    form = AnswerForm(bound(request))
    if form.is_valid():
        try:
            given = form.cleaned_data
            actions.answer(
                found, given["posting"], given["verdict"], given["reason"], by=request.worker, at=request.now
            )
            messages.success(request, "答えを記録しました。")
            return redirect("setup:review", found.pk)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(request, "setup/review.html", form=form, **_shown(request, found))


def _shown(request: Request, found: Any) -> dict[str, Any]:
    return {
        "review": review_card(found, on=request.today),
        "lines": posting_lines(found, request.worker),
        "closed_by": found.closed_by.name if found.closed_by else "",
        "administers": reach_of(request.worker, Purpose.ADMINISTER) is Reach.CITY,
        "may_close": found.reviewer_id == request.worker.pk
        or reach_of(request.worker, Purpose.REVIEW) is Reach.CITY,
    }


@writes
def hand(request: Request, review_id: int) -> HttpResponse:
    """Another worker reviews, or until another day."""
    found = review_for(request.worker, review_id)
    require_administrator(request.worker)
    form = HandForm(bound(request), review=found)

    def deed() -> tuple[str, str]:
        given = form.cleaned_data
        actions.hand_review(found, given["reviewer"], given["due_on"], by=request.worker, at=request.now)
        return "見直す人と期限を変えました。", reverse("setup:review", args=[found.pk])

    return answer(request, form, deed, "setup/hand.html", review=review_card(found, on=request.today))


@writes
def close(request: Request, review_id: int) -> HttpResponse:
    """End the review."""
    found = review_for(request.worker, review_id)
    if request.method == "POST":
        try:
            actions.close_review(found, by=request.worker, at=request.now)
            messages.success(request, "見直しを終えました。紙にして署名をもらってください。")
        except Refused as refusal:
            messages.warning(request, str(refusal))
    return redirect("setup:review", found.pk)


@reads
def sheet(request: Request, review_id: int, kind: str) -> HttpResponse:
    """The review as a paper or an Excel for signature."""
    found = review_for(request.worker, review_id)
    makers = {"pdf": (review_pdf, PDF), "xlsx": (review_xlsx, XLSX)}
    if kind not in makers:
        raise Http404
    make, content_type = makers[kind]
    leave_trail("review.printed", subject_kind="review", subject_id=found.pk, purpose=Purpose.REVIEW)
    made = make(found, request.worker, at=request.now)
    return download(f"kengen-minaoshi-{found.pk}.{kind}", made, content_type)
