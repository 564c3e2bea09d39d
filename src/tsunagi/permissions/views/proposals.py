"""What one administrator proposes and another agrees to: roles, a lost device, a name at the sign-on; sessions ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.actions import proposals as deeds
from tsunagi.accounts.actions.sessions import end_sessions_of
from tsunagi.accounts.queries.proposals import proposal_card, proposal_cards
from tsunagi.accounts.rules.proposals import ProposalAnswer
from tsunagi.permissions.access import (
    office_for,
    posting_for,
    proposal_for,
    require_administrator,
    worker_for,
)
from tsunagi.permissions.forms import PostingForm, ReasonForm, SignOnForm
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import answer, bound, page

_WAITS = "申し出を出しました。別のシステム管理者が認めると行われます。"


@reads
def proposals(request: Request) -> HttpResponse:
    """What waits for a second yes, and what became of the earlier ones."""
    require_administrator(request.worker)
    return page(
        request,
        "permissions/proposals.html",
        waiting=proposal_cards(waiting=True),
        answered=proposal_cards(waiting=False),
        me=request.worker.pk,
        one_administrator=settings.ONE_ADMINISTRATOR,
    )


@writes
def proposal(request: Request, proposal_id: int) -> HttpResponse:
    """One proposal: who, what, why; and my answer to it."""
    found = proposal_for(request.worker, proposal_id)
    given = {"agree": deeds.agree, "decline": deeds.decline, "withdraw": deeds.withdraw}
    words = {"agree": "認めて、行いました。", "decline": "認めませんでした。", "withdraw": "取り下げました。"}
    said = request.POST.get("answer", "")
    refused = ""
    if request.method == "POST" and said in given:
        try:
            given[said](found, by=request.worker, at=request.now)
            messages.success(request, words[said])
            return redirect("permissions:proposals")
        except Refused as refusal:
            refused = str(refusal)
    return page(
        request,
        "permissions/proposal.html",
        status=409 if refused else None,
        refused=refused,
        one=proposal_card(found),
        is_mine=found.asked_by_id == request.worker.pk,
        is_about_me=found.worker_id == request.worker.pk,
        ends_mine=found.worker_id == request.worker.pk and found.kind == "end_role",
    )


@writes
def post(request: Request, worker_id: int) -> HttpResponse:
    """Propose a post for a worker."""
    found = worker_for(request.worker, worker_id)
    form = PostingForm(bound(request), initial={"since": request.today, "is_main": True})

    def deed() -> Any:
        given = dict(form.cleaned_data)
        where, role, since = (given.pop(name) for name in ("office", "role", "since"))
        office = office_for(request.worker, where)
        return deeds.propose_role(
            found, office, role, since=since or request.today, by=request.worker, at=request.now, **given
        )

    return _proposed(request, form, found, deed, "配属しました。", "permissions/posting_form.html")


@writes
def end_posting(request: Request, posting_id: int) -> HttpResponse:
    """Propose to end a post of somebody who holds nothing there."""
    row = posting_for(request.worker, posting_id)
    form = ReasonForm(bound(request))

    def deed() -> Any:
        return deeds.propose_ending(
            row, reason=form.cleaned_data["reason"], by=request.worker, at=request.now
        )

    return _proposed(
        request, form, row.worker, deed, "配属を終えました。", "permissions/end_posting.html", posting=row
    )


@writes
def reset_factor(request: Request, worker_id: int) -> HttpResponse:
    """Propose that a worker whose device is lost may register a second factor anew."""
    found = worker_for(request.worker, worker_id)
    form = ReasonForm(bound(request))

    def deed() -> Any:
        return deeds.propose_reset(
            found, reason=form.cleaned_data["reason"], by=request.worker, at=request.now
        )

    done = "二つ目の確認を消しました。次のサインインのときに登録し直してもらってください。"
    return _proposed(request, form, found, deed, done, "permissions/reset_factor.html")


@writes
def bind_sign_on(request: Request, worker_id: int) -> HttpResponse:
    """Propose to bind a worker to a name at the city's sign-on. Absent where the city has none."""
    found = worker_for(request.worker, worker_id)
    if not settings.SIGN_ON["issuer"]:
        raise Http404
    form = SignOnForm(bound(request))

    def deed() -> Any:
        return deeds.propose_sign_on(found, **form.cleaned_data, by=request.worker, at=request.now)

    return _proposed(request, form, found, deed, "結びました。", "permissions/bind_sign_on.html")


@writes
def end_sessions(request: Request, worker_id: int) -> HttpResponse:
    """End all of a worker's sessions at once."""
    found = worker_for(request.worker, worker_id)
    if request.method == "POST":
        try:
            ended = end_sessions_of(found, by=request.worker, at=request.now)
            messages.success(request, f"{found.name}さんのサインインを{ended}か所終えました。")
        except Refused as refusal:
            messages.warning(request, str(refusal))
    return redirect("permissions:worker", found.pk)


def _proposed(
    request: Request,
    form: Any,
    whom: Any,
    deed: Callable[[], Any],
    done: str,
    template: str,
    **context: Any,
) -> HttpResponse:
    """Propose what the form says; whether it was done at once or waits is told, and the worker's page shown."""

    def told() -> tuple[str, str]:
        row = deed()
        words = f"{whom.name}さん:{done}" if row.answer == ProposalAnswer.ALONE else _WAITS
        return words, reverse("permissions:worker", args=[whom.pk])

    return answer(request, form, told, template, worker=whom, **context)
