"""The recall list of a sitting's papers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.meetings.access import convened_sitting_for, copy_for
from tsunagi.meetings.actions import papers
from tsunagi.meetings.queries.papers import copies_of
from tsunagi.meetings.rules import Recall
from tsunagi.meetings.rules.papers import HowBack, recall_words
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import page


@reads
def copies(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Which copy is back, which is not, who was asked."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    rows = copies_of(request.worker, sitting)
    return page(
        request, "meetings/copies.html", sitting=sitting, rows=rows, words=recall_words(row.back for row in rows), here="meetings",
        hows=HowBack.choices(), recall=Recall.label_of(sitting.body.recall), hands_out=sitting.body.recall != Recall.NONE,
    )  # fmt: skip


@writes
def recall(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Close every copy and ask for those on paper."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    if request.method == "POST":
        count = papers.recall_copies(sitting, by=request.worker, at=request.now)
        messages.success(request, f"資料{count}部を閉じました。紙の分は返却を頼みました。")
    return redirect("meetings:copies", sitting.pk)


@writes
def copy(request: HttpRequest, copy_id: int) -> HttpResponse:
    """Ask one copy back, or write down what became of it."""
    found = copy_for(request.worker, copy_id, request.today)
    if request.method == "POST" and "ask" in request.POST:
        papers.ask_copy_back(found, by=request.worker, at=request.now)
        messages.success(request, "返却を頼んだと記録しました。")
    elif request.method == "POST":
        papers.settle_copy(found, request.POST.get("how", ""), by=request.worker, at=request.now)
        messages.success(request, "資料がどうなったかを記録しました。")
    return redirect("meetings:copies", found.sitting_id)
