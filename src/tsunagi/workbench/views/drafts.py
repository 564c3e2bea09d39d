"""Drafts that save themselves, and long runs with their progress."""

from __future__ import annotations

import uuid
from mimetypes import guess_type
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from tsunagi.shared.edges import Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import fragment, page
from tsunagi.workbench import actions, queries
from tsunagi.workbench.access import draft_for, file_of_run, run_for
from tsunagi.workbench.forms import AboutDraft
from tsunagi.workbench.rules import TooLong

GONE, CONFLICT, TOO_LONG, NOT_YOURS = 410, 409, 413, 404


@reads
def drafts(request: Request) -> HttpResponse:
    """What I began and did not finish."""
    return page(request, "workbench/drafts.html", drafts=queries.drafts_left(request.worker, at_most=200))


@writes
def draft(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """POST keeps what is typed (drafts.js, or the 下書き保存 button); GET leads back to the form."""
    if request.method != "POST":
        return redirect(queries.resume_url(draft_for(request.worker, draft_id).link, draft_id))
    try:
        kept = keep_typed(request, draft_id)
    except actions.AlreadyDone as done:
        return _told(request, GONE, draft_id, done.link)
    except actions.Overtaken:
        return _told(request, CONFLICT, draft_id)
    except TooLong:
        return _told(request, TOO_LONG, draft_id)
    except Refused:
        return _told(request, NOT_YOURS, draft_id)
    if "X-Draft" in request.headers:
        return JsonResponse({"draft": str(kept.pk), "seq": kept.seq, "saved_at": f"{request.now:%H:%M}"})
    told = actions.take_in(
        request.worker,
        request.FILES.getlist("files"),
        draft_id,
        at=request.now,
        without=request.POST.getlist("drop_file"),
    )
    for sentence in told:
        messages.warning(request, sentence)
    messages.success(request, "下書きを保存しました。")
    return redirect(queries.resume_url(kept.link, kept.pk))


def keep_typed(request: Request, draft_id: uuid.UUID) -> Any:
    """Store what the form says now, for `draft` and for buttons inside it that do something else."""
    said = about(request)
    return actions.keep(
        request.worker,
        draft_id,
        said.get("draft_kind", ""),
        said.get("draft_subject", ""),
        said.get("draft_title", ""),
        said.get("draft_link", ""),
        {name: [str(value) for value in values] for name, values in request.POST.lists()},
        said.get("seq"),
        request.now,
    )


def about(request: Request) -> dict[str, Any]:
    """What the hidden fields say of the form this draft belongs to."""
    form = AboutDraft(request.POST)
    form.is_valid()
    return form.cleaned_data


def _told(request: Request, status: int, draft_id: uuid.UUID, link: str = "") -> HttpResponse:
    """The status alone for drafts.js, which knows the words; a page for everybody else."""
    if "X-Draft" in request.headers:
        return JsonResponse({"draft": str(draft_id), "url": link}, status=status)
    return page(request, "workbench/not_kept.html", status=status, why=status, link=link)


@writes
def discard(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Throw one of my drafts away."""
    found = draft_for(request.worker, draft_id)
    if request.method == "POST":
        actions.discard(found)
        messages.success(request, "下書きを消しました。")
        return redirect("workbench:drafts")
    return redirect(queries.resume_url(found.link, found.pk))


@reads
def runs(request: Request) -> HttpResponse:
    """What I asked for, and how far it is."""
    return page(request, "workbench/runs.html", runs=queries.runs_of(request.worker))


@reads
def run(request: Request, run_id: int) -> HttpResponse:
    """One run: progress while it runs, its result afterwards."""
    found = run_for(request.worker, run_id)
    if request.headers.get("HX-Request") == "true":
        return fragment(request, "workbench/run.html#state", run=found, ended=queries.has_ended(found))
    return page(request, "workbench/run.html", run=found, ended=queries.has_ended(found))


@writes
def cancel(request: Request, run_id: int) -> HttpResponse:
    """Stop a run."""
    found = run_for(request.worker, run_id)
    if request.method == "POST":
        try:
            actions.ask_cancel(found, by=request.worker, at=request.now)
            messages.info(request, "中止を頼みました。区切りのよいところで止まり、何も保存されません。")
        except Refused as refusal:
            messages.warning(request, str(refusal))
    return redirect("workbench:run", found.pk)


@reads
def file(request: Request, run_id: int) -> HttpResponse:
    """What a run made."""
    name, content = file_of_run(request.worker, run_id)
    kind = guess_type(name)[0] or "application/octet-stream"
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer
