"""Files: brought to a form while somebody types, to a record afterwards; opened, taken off; how the keeping stands."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header

from tsunagi.permissions.access import require_administrator
from tsunagi.shared.edges import Bytes, Elsewhere, Request, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, fragment, page
from tsunagi.workbench import access, actions, forms, queries

from .drafts import about

SCRIPT = "X-Files"
"""The page's script says so: it wants the list alone, and reads the answer's status."""


@writes
def draft_files(request: Request, draft_id: uuid.UUID) -> HttpResponse:
    """Keep files with a form that is being typed; the answer is the list of what was brought so far.

    Status 200 also when one of them is refused: the others stay.
    """
    told: list[str] = []
    if request.method == "POST":
        said = about(request)
        actions.claim(request.worker, draft_id)
        actions.begin_draft(
            request.worker, draft_id, said.get("draft_kind", ""), said.get("draft_subject", ""),
            said.get("draft_title", ""), said.get("draft_link", ""), request.now,
        )  # fmt: skip
        told = actions.bring_all(request.worker, request.FILES.getlist("files"), draft_id, at=request.now)
    files = queries.files_field(request.worker, draft_id)
    return fragment(request, "workbench/_kept_files.html", files=files, told=told)


@writes
def drop(request: Request, draft_id: uuid.UUID, attachment_id: int) -> HttpResponse:
    """The writer does not want to attach this one after all."""
    if request.method == "POST":
        actions.drop(access.pending_for(request.worker, draft_id, attachment_id))
    files = queries.files_field(request.worker, draft_id)
    return fragment(request, "workbench/_kept_files.html", files=files, told=[])


@writes
def of_record(request: Request, kind: str, subject_id: int) -> HttpResponse:
    """The files of one record, and a place to bring more (without a script, too)."""
    place = access.place_for(request.worker, kind, subject_id)
    told: list[str] = []
    if request.method == "POST":
        access.place_for(request.worker, kind, subject_id, add=True)
        told, count = _bring(request, kind, subject_id)
        if count or SCRIPT in request.headers:
            return _brought(request, kind, subject_id, told, count, place.link)
    box = queries.files_card(kind, subject_id, may_add=access.may_add(request.worker, kind, subject_id))
    return page(
        request, "workbench/files.html", status=422 if told else None, place=place, told=told, box=box
    )


def _bring(request: Request, kind: str, subject_id: int) -> tuple[list[str], int]:
    sent = request.FILES.getlist("files")
    if not sent:
        return ["ファイルが届いていません。ファイルを選んで、もう一度押してください。"], 0
    number = actions.new_draft_id()
    told = actions.bring_all(request.worker, sent, number, at=request.now)
    return told, actions.attach(request.worker, number, kind, subject_id, at=request.now)


def _brought(
    request: Request, kind: str, subject_id: int, told: list[str], count: int, link: str
) -> HttpResponse:
    if SCRIPT in request.headers:
        box = queries.files_card(kind, subject_id, may_add=True)
        return fragment(request, "workbench/_shown_files.html", shown=box.shown, may_add=True, told=told)
    for sentence in told:
        messages.warning(request, sentence)
    messages.success(request, f"{count}個のファイルを添付しました。")
    return redirect(link)


@reads
def open_file(request: Request, attachment_id: int) -> HttpResponse:
    """Give a file out: as a download, never run, never kept in a cache; who took it is in the journal."""
    found, _place = access.attachment_for(request.worker, attachment_id)
    if not queries.may_be_opened(found):
        raise Refused(
            "ウイルスの検査が終わるまで開けません。10分ほどたってから、もう一度お試しください。"
            if found.erased_at is None
            else "ウイルスが見つかったため、中身を消しました。もとのファイルを持っている人に知らせてください。"
        )
    pieces = actions.opened(found)
    access.note_opened(found)
    if request.method == "HEAD":
        pieces.close()
    answer = Bytes(pieces if request.method == "GET" else (), content_type=found.media_type)
    answer["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    answer["Content-Length"] = str(found.size)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer  # type: ignore[return-value]  # the edge lets this one stream


@writes
def remove(request: Request, attachment_id: int) -> HttpResponse:
    """Take a file off its record, with the reason."""
    number = request.POST.get("draft")
    actions.claim(request.worker, number)
    found, place = access.attachment_for(request.worker, attachment_id, add=True)
    form = forms.TakeOff(bound(request), initial={"draft": actions.new_draft_id()})
    if form.is_valid():
        try:
            actions.remove(found, reason=form.cleaned_data["reason"], by=request.worker, at=request.now)
            actions.consume(request.worker, form.cleaned_data["draft"], place.link, request.now)
            messages.success(request, "添付を外しました。だれも開けません。中身は30日後に消えます。")
            return redirect(place.link)
        except Elsewhere:
            raise
        except Refused as refusal:
            form.add_error("reason", str(refusal))
    return page(request, "workbench/remove_file.html", form=form, found=found, place=place)


@reads
def state(request: Request) -> HttpResponse:
    """How the keeping of files stands, for the administrator: numbers, the scanner, the place."""
    require_administrator(request.worker)
    peer = actions.scanner()
    version = peer.version() if peer else ""
    return page(
        request, "workbench/files_state.html", told=queries.files_state(), configured=peer is not None, version=version,
        most=f"{settings.ATTACHMENT_BYTES // 2**20}MB", place=settings.ATTACHMENTS, keys=settings.ATTACHMENT_KEYS,
        here=reverse("workbench:files_state"),
    )  # fmt: skip
