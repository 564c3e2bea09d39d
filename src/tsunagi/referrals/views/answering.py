"""What either side does with a referral."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.accounts.queries import workers_of
from tsunagi.referrals import actions, forms
from tsunagi.referrals.access import (
    received_referral_for,
    referral_for,
    reporting_referral_for,
    sent_referral_for,
)
from tsunagi.referrals.queries import offered_rows
from tsunagi.shared.edges import writes
from tsunagi.ui.pages import bound

from ._flow import home, new_draft, run


@writes
def seen(request: HttpRequest, referral_id: int) -> HttpResponse:
    """The receiver says it was opened: one key, so that the sender need not ask."""
    referral = received_referral_for(request.worker, referral_id)
    if request.method == "POST":
        actions.note_seen(referral, by=request.worker, at=request.now)
    return redirect(home(referral_id))


@writes
def accept(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Accept all or some (H4)."""
    referral = received_referral_for(request.worker, referral_id)
    rows = offered_rows(referral)
    workers = [(card.id, card.name) for card in workers_of([referral.to_office_id])]
    form = forms.AcceptForm(
        bound(request), concerns=rows, workers=workers,
        initial={"draft": new_draft(), "concerns": [str(pk) for pk, _ in rows], "worker": request.worker.pk},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.accept(
            referral, concern_ids=typed["concerns"], worker_id=typed["worker"], kind=typed["kind"],
            due_on=typed["due_on"], words=typed["words"], by=request.worker, at=request.now,
        )  # fmt: skip
        return "受けました。ここから、こちらの機関が受け持ちます。", home(referral_id)

    return run(request, form, act, back=home(referral_id), title="つなぎを受ける")


@writes
def decline(request: HttpRequest, referral_id: int) -> HttpResponse:
    """受けられない (H5)."""
    referral = received_referral_for(request.worker, referral_id)
    form = forms.DeclineForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.decline(
            referral, reason=typed["decline_reason"], words=typed["words"], by=request.worker, at=request.now
        )
        return "受けられないことを返しました。課題は送った機関に戻りました。", home(referral_id)

    return run(request, form, act, back=home(referral_id), title="受けられない", at={"reason": "words"})


@writes
def consider(request: HttpRequest, referral_id: int) -> HttpResponse:
    """検討中, with a day."""
    referral = received_referral_for(request.worker, referral_id)
    form = forms.ConsiderForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.consider(
            referral, until=typed["until"], words=typed["words"], by=request.worker, at=request.now
        )
        return "検討中と返しました。それまでは、送った機関が受け持ちます。", home(referral_id)

    return run(request, form, act, back=home(referral_id), title="検討する")


@writes
def message(request: HttpRequest, referral_id: int) -> HttpResponse:
    """Ask back, or answer."""
    referral = referral_for(request.worker, referral_id)
    form = forms.WordsForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.write_message(referral, words=typed["words"], by=request.worker, at=request.now)
        return "やりとりを送りました。", home(referral_id)

    return run(request, form, act, back=home(referral_id), title="聞き返す・答える")


@writes
def oral(request: HttpRequest, referral_id: int) -> HttpResponse:
    """口頭受諾 (H4)."""
    referral = sent_referral_for(request.worker, referral_id)
    form = forms.OralForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        until = actions.confirm_oral(
            referral, who=typed["who"], said_on=typed["said_on"], by=request.worker, at=request.now
        )
        return (
            f"口頭の返事を記録しました。{until:%Y-%m-%d}まで緑のままです。先方が「受ける」を押すと移ります。",
            home(referral_id),
        )

    return run(request, form, act, back=home(referral_id), title="口頭で受けてもらった")


@writes
def withdraw(request: HttpRequest, referral_id: int) -> HttpResponse:
    """The sender takes it back."""
    referral = sent_referral_for(request.worker, referral_id)
    form = forms.WordsForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.withdraw(referral, reason=typed["words"], by=request.worker, at=request.now)
        return "つなぎを取り下げました。課題は前の受け持ち方に戻りました。", home(referral_id)

    return run(request, form, act, back=home(referral_id), title="取り下げる", at={"reason": "words"})


@writes
def outside(request: HttpRequest, referral_id: int) -> HttpResponse:
    """What an office without an account answered: a yes turns the hold into 見届け."""
    referral = sent_referral_for(request.worker, referral_id)
    form = forms.OutsideForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        values = {name: value for name, value in typed.items() if name != "draft"}
        actions.record_outside_answer(referral, by=request.worker, at=request.now, **values)
        yes = "返事を記録しました。つながったと分かるまで「見届け」として受け持ちます。"
        no = "受けられないとの返事を記録しました。次の手を決めてください。"
        return yes if typed["accepted"] else no, home(referral_id)

    at = {"decline_reason": "reason", "reason": "words"}
    return run(request, form, act, back=home(referral_id), title="先方の返事を記録する", at=at)


@writes
def first_contact(request: HttpRequest, referral_id: int) -> HttpResponse:
    """はじめて会えた."""
    referral = reporting_referral_for(request.worker, referral_id)
    form = forms.MetForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.note_first_contact(
            referral, met_at=form.met_at(request.now), by=request.worker, at=request.now
        )
        return "はじめて会えたことを知らせました。", home(referral_id)

    return run(request, form, act, back=home(referral_id), title="はじめて会えた")


@writes
def result(request: HttpRequest, referral_id: int) -> HttpResponse:
    """結果を知らせる."""
    referral = reporting_referral_for(request.worker, referral_id)
    form = forms.ResultForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.report_result(
            referral, result=typed["result"], words=typed["words"], by=request.worker, at=request.now
        )
        return "結果を知らせました。", home(referral_id)

    return run(request, form, act, back=home(referral_id), title="結果を知らせる")
