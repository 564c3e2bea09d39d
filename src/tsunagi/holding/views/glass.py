"""緊急に開く: alone, or — where the place is protected — by two; and the look afterwards whether it was right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.holding import actions, forms_consents
from tsunagi.holding.access import glass_for, may_be_second, own_glass_for, pair_for, require_second
from tsunagi.holding.queries.glass import pair_card, to_call
from tsunagi.people.queries import person_card, reaching
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import writes
from tsunagi.shared.refusal import Refused
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.rules import NOTHING_OPENS
from tsunagi.ui.pages import bound, fragment, page

from ._flow import new_draft, run


@writes
def glass_new(request: HttpRequest) -> HttpResponse:
    """緊急に開く: name, birth date or phone, and why. Whoever is meant, known or not, the answer is one page."""
    require(request.worker, Purpose.BREAK_GLASS)
    form = forms_consents.GlassForm(bound(request), initial={"draft": new_draft()})
    opened: list[int] = []

    def act(typed: dict[str, Any]) -> str:
        typed = {name: typed[name] for name in ("name", "birth", "phone", "reason")}
        opened.append(sharing.break_glass(**typed, by=request.worker, at=request.now).pk)
        return "記録しました。担当と管理職に知らせました。"

    answer = run(
        request,
        form,
        act,
        back=reverse("holding:glass_new"),
        template="holding/glass_new.html",
        here="lookup",
        may_be_second=may_be_second(request.worker),
    )
    return redirect("holding:glass", opened[0]) if opened and answer.status_code == 302 else answer


@writes
def glass(request: HttpRequest, glass_id: int) -> HttpResponse:
    """What was opened, as one card for who opened it; for the reviewer, why, and whether it was right."""
    found = glass_for(request.worker, glass_id)
    own = found.worker_id == request.worker.pk
    form = (
        None
        if own or found.reviewed_at or found.second_id == request.worker.pk
        else forms_consents.GlassReviewForm(bound(request), initial={"draft": new_draft()})
    )
    living = own and found.ended_at is None and request.today <= found.until_on
    card = person_card(request.worker, found.person, on=request.today) if living and found.person else None
    reach = reaching(request.worker, found.person.party, on=request.today) if card and found.person else None
    context = {
        "here": "lookup", "glass": found, "own": own, "card": card, "reach": reach, "nothing": NOTHING_OPENS,
        "may_ask_two": living and found.second_id is None and (card is None or card.protected),
    }  # fmt: skip
    if form is None:
        return page(request, "holding/glass.html", form=None, back="/", **context)

    def act(typed: dict[str, Any]) -> str:
        done = actions.review_glass(
            found, answer=typed["answer"], words=typed["words"], by=request.worker, at=request.now
        )
        if done.review == "not_right":
            return "記録しました。開いたものは閉じました。事故として届け出てください。"
        return "確かめました。"

    return run(
        request,
        form,
        act,
        back=reverse("holding:glass", args=[found.pk]),
        template="holding/glass.html",
        **context,
    )


@writes
def two(request: HttpRequest, glass_id: int) -> HttpResponse:
    """ふたりで開く, for who asks: a number to read out on the telephone, and whether it was confirmed."""
    found = own_glass_for(request.worker, glass_id)
    if request.method == "POST":
        return _asked(request, found)
    pair = pair_card(found, at=request.now)
    context: dict[str, Any] = {
        "here": "lookup", "glass": found, "pair": pair, "to_call": to_call(request.worker, found.office_id),
        "may_ask": found.second_id is None and found.ended_at is None and request.today <= found.until_on,
    }  # fmt: skip
    if request.headers.get("HX-Request") == "true":
        return fragment(request, "holding/glass_two.html#state", **context)
    return page(request, "holding/glass_two.html", **context)


def _asked(request: HttpRequest, found: Any) -> HttpResponse:
    here = redirect("holding:glass_two", found.pk)
    try:
        if "call_off" in request.POST:
            sharing.call_off_pair(found, by=request.worker, at=request.now)
            messages.success(request, "取りやめました。")
        else:
            sharing.ask_for_two(found, by=request.worker, at=request.now)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return here


@writes
def second(request: HttpRequest) -> HttpResponse:
    """ふたりで開く, for the 当番: the number that was read out. A wrong one is counted, so the answer is a page, not a refusal."""
    require_second(request.worker)
    form = forms_consents.PairCodeForm(bound(request))
    if form.is_bound and form.is_valid():
        pair, why_not = sharing.find_pair(form.cleaned_data["code"], by=request.worker, at=request.now)
        if pair is not None:
            return redirect("holding:glass_answer", pair.pk)
        messages.error(request, why_not)
        return redirect("holding:glass_second")
    return page(request, "holding/glass_second.html", here="lookup", form=form)


@writes
def answer(request: HttpRequest, pair_id: int) -> HttpResponse:
    """Who asks, for whom by name, and why: the second person agrees, or does not. Whether anybody was found they do not see."""
    found = pair_for(request.worker, pair_id)
    form = forms_consents.PairAnswerForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        agreed = typed["answer"] == "yes"
        sharing.answer_pair(found, agreed=agreed, by=request.worker, at=request.now)
        if not agreed:
            return "開かないと答えました。電話の相手に伝えてください。"
        return "確認しました。結果は、電話の相手の画面に出ます。あなたの名前も記録に残りました。"

    awaited = found.ended_at is None and found.until_at >= request.now
    return run(
        request, form, act, back=reverse("holding:glass_answer", args=[found.pk]),
        template="holding/glass_answer.html", here="lookup", pair=found, glass=found.glass, awaited=awaited,
    )  # fmt: skip
