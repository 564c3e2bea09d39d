"""Minutes: drafted, agreed, corrected beside, read by members as far as they were chosen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.meetings.access import convened_sitting_for, minutes_for, part_for, prepares, sitting_for
from tsunagi.meetings.actions import minutes as deeds
from tsunagi.meetings.queries.minutes import minutes_of
from tsunagi.meetings.queries.papers import my_copies
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.ui.pages import page


@reads
def minutes(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Every version a member may read; a member sees the items they were chosen for."""
    sitting = sitting_for(request.worker, sitting_id, request.today)
    return _page(request, sitting)


def _page(request: HttpRequest, sitting: Any, *, status: int | None = None, **more: Any) -> HttpResponse:
    rows = minutes_of(request.worker, sitting, request.today)
    draft = next((row for row in rows if not row.is_agreed), None)
    return page(
        request, "meetings/minutes.html", status=status, sitting=sitting, rows=rows, draft=draft, here="meetings", my_copies=my_copies(request.worker, sitting),
        leads=prepares(request.worker, sitting, request.today), **({"differences": (), "stale_part": 0, "typed": ""} | more),
    )  # fmt: skip


@writes
def draft(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Make the draft, bring it up to date, or begin a correction beside what was agreed."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    if request.method == "POST":
        deeds.draft_minutes(sitting, reason=request.POST.get("reason", ""), by=request.worker, at=request.now)
        messages.success(request, "いまの記録から下書きをつくりました。")
    return redirect("meetings:minutes", sitting.pk)


@writes
def words(request: HttpRequest, part_id: int) -> HttpResponse:
    """The secretary's own words to a part; two secretaries are shown both texts."""
    part = part_for(request.worker, part_id, request.today)
    typed, revision = request.POST.get("words", ""), request.POST.get("revision", "")
    if request.method == "POST":
        try:
            deeds.write_words(
                part, typed, revision=int(revision) if revision.isdigit() and len(revision) < 9 else 0, by=request.worker, at=request.now
            )  # fmt: skip
        except Stale as stale:
            part.refresh_from_db()
            return _page(
                request,
                part.minutes.sitting,
                status=409,
                differences=stale.differences,
                stale_part=part.pk,
                typed=typed,
            )
        messages.success(request, "補足を保存しました。")
    return redirect(f"{reverse('meetings:minutes', args=[part.minutes.sitting_id])}#part-{part.pk}")


@writes
def agree(request: HttpRequest, minutes_id: int) -> HttpResponse:
    """Agree the minutes: frozen and hashed from now on."""
    found = minutes_for(request.worker, minutes_id, request.today)
    if not prepares(request.worker, found.sitting, request.today):
        raise Refused("議事録を確定できるのは、会議の事務局です。")
    if request.method == "POST":
        deeds.agree_minutes(found, by=request.worker, at=request.now)
        messages.success(request, "議事録を確定しました。構成員に知らせました。")
    return redirect("meetings:minutes", found.sitting_id)
