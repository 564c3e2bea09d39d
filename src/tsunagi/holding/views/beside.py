"""What stands beside the holds: second persons, promises, messages, gaps."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.accounts.queries import offices, workers_of
from tsunagi.holding import actions, forms
from tsunagi.holding.access import gap_for, promise_for, row_for, second_word_for, worker_for
from tsunagi.holding.queries import gaps_by_kind, gaps_of, promise_page, second_page
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, page

from ._flow import colleagues, new_draft, run


@writes
def second(request: HttpRequest, word_id: int) -> HttpResponse:
    """The second person reads what is asked, and answers."""
    word = second_word_for(request.worker, word_id)
    form = forms.AnswerForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.answer_second(
            word, agreed=typed["agreed"], words=typed["words"], by=request.worker, at=request.now
        )
        return (
            "同意しました。すぐに反映されました。"
            if typed["agreed"]
            else "同意しないことを、頼んだ人に返しました。"
        )

    return run(
        request, form, act, back=reverse("holding:second", args=[word_id]), template="holding/second.html",
        asked=second_page(word), may_answer=word.answered_at is None and word.asked_by_id != request.worker.pk,
    )  # fmt: skip


@writes
def promise(request: HttpRequest, promise_id: int) -> HttpResponse:
    """A promise: what was promised, and the key that says it is done."""
    kept = promise_for(request.worker, promise_id)
    form = forms.Form(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.keep_plain_promise(kept, by=request.worker, at=request.now)
        return "果たした約束として記録しました。"

    return run(
        request, form, act, back=reverse("holding:promise", args=[promise_id]), template="holding/promise.html",
        promise=promise_page(kept, request.now), coordination_url=reverse("holding:coordination", args=[promise_id]),
    )  # fmt: skip


@writes
def coordination(request: HttpRequest, promise_id: int) -> HttpResponse:
    """くらし連携担当 accepts a request that cannot be declined, by naming a worker (H5)."""
    asked = promise_for(request.worker, promise_id)
    form = forms.TakeCoordinationForm(
        bound(request),
        workers=colleagues(asked.office_id),
        initial={"draft": new_draft(), "worker": request.worker.pk},
    )

    def act(typed: dict[str, Any]) -> str:
        actions.take_coordination(asked, worker_id=typed["worker"], by=request.worker, at=request.now)
        return "受けました。ここから、くらし連携担当が受け持ちます。"

    return run(
        request, form, act, back=reverse("holding:concern", args=[asked.subject_id]), title="行き先のない課題を受ける",
        words="この依頼は断れません。受け持つ職員を決めるまでは、送った機関が受け持ちます。", concern=None,
    )  # fmt: skip


@writes
def message(request: HttpRequest) -> HttpResponse:
    """Leave a message for anybody, without seeing any case (伝言)."""
    require(request.worker, Purpose.MESSAGE)
    everybody = [
        (card.id, f"{card.name}({card.office})")
        for card in workers_of([office.pk for office in offices(signing_in=True)], holding_only=False)
    ]
    form = forms.MessageForm(
        bound(request),
        workers=dict(everybody).items(),
        initial={"draft": new_draft(), "for_worker": request.GET.get("for")},
    )

    def act(typed: dict[str, Any]) -> str:
        addressee = worker_for(typed["for_worker"])
        left = actions.leave_message(
            addressee, caller=typed["caller"], number=typed["number"], words=typed["words"],
            came_at=form.happened_at(request.now), by=request.worker, at=request.now,
        )  # fmt: skip
        acting = f"不在のため、代行の{left.acting.name}さんの今日にも出ます。" if left.acting else ""
        return f"{addressee.name}さんに伝言を残しました。{acting}"

    return run(request, form, act, back="/", title="伝言を残す", concern=None)


@writes
def reached_out(request: HttpRequest, row_kind: str, row_id: int) -> HttpResponse:
    """声をかけた: the row rests on this worker's board for three open days (H7)."""
    row_for(request.worker, row_kind, row_id)
    form = forms.Form(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        until = actions.reach_out_to_holder(row_kind, row_id, by=request.worker, at=request.now)
        return f"声をかけたことを記録しました。あなたの網では{until:%Y-%m-%d}まで休みます。件数からは消えません。"

    return run(
        request, form, act, back=reverse("safety_net:index"), title="声をかけた", concern=None,
        words="受け持っている人に声をかけたことを記録します。",
    )  # fmt: skip


@reads
def gaps(request: HttpRequest) -> HttpResponse:
    """はざま: what was needed and did not exist, by kind and district."""
    require(request.worker, Purpose.GAPS)
    solved = request.GET.get("solved") == "1"
    return page(
        request,
        "holding/gaps.html",
        rows=gaps_of(request.worker, solved=solved),
        by_kind=gaps_by_kind(),
        solved=solved,
    )


@writes
def solve_gap(request: HttpRequest, gap_id: int) -> HttpResponse:
    """Something now fits: those it failed come back as rows."""
    found = gap_for(request.worker, gap_id)
    form = forms.SolveGapForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        count = actions.solve_gap(found, words=typed["solved_words"], by=request.worker, at=request.now)
        return f"「できた」に移しました。以前これで終えた{count}件に、「使えるものができました」が届きます。"

    return run(request, form, act, back=reverse("holding:gaps"), title="使えるものができた", concern=None)
