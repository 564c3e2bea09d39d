"""台帳を取り込む: bring a file, see how it is read, take it in, see what became of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.intake import actions
from tsunagi.intake.access import consultation_for, import_desks_for, import_for, proposal_for
from tsunagi.intake.forms_import import Upload
from tsunagi.intake.queries import imports as shown
from tsunagi.intake.queries.stocktaking import left_of
from tsunagi.intake.rules import ImportState
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.jobs import enqueue
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import XLSX, start_run

READ_AT_ONCE = 400_000  # bytes; larger files are read by a job, with progress
TOO_LARGE = 413


@writes
def index(request: HttpRequest) -> HttpResponse:
    """Bring a ledger; those brought before."""
    desks = import_desks_for(request.worker)
    form = Upload(bound(request), request.FILES or None, desks=desks)
    if form.is_bound and form.is_valid():
        try:
            return redirect(_bring(request, form))
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else "file", str(refusal))
    ids = [office_id for office_id, _name in desks]
    cards, total, after = shown.imports_of(ids, after=_number(request.GET.get("after")))
    return page(
        request, "intake/import.html", status=TOO_LARGE if form.too_large else None, form=form, cards=cards, total=total,
        left=left_of(ids), proposals=shown.proposals_left(ids), first_url=request.path if request.GET.get("after") else "",
        next_url=f"{request.path}?after={after}" if after else "",
    )  # fmt: skip


def _bring(request: HttpRequest, form: Upload) -> str:
    found, office_id = form.cleaned_data["file"], form.cleaned_data["office"]
    run = actions.bring(found.read(), found.name, office_id=office_id, by=request.worker, at=request.now)
    return _read(request, run, found.size)


def _read(request: HttpRequest, run: Any, size: int) -> str:
    """Read a file at once, or by a job when it is large; where to go."""
    if size <= READ_AT_ONCE:
        actions.look_at(run, at=request.now)
        return reverse("intake:import_detail", args=[run.pk])
    long = start_run("intake.read", "台帳を読む", worker=request.worker, at=request.now, total=run.rows_read)
    enqueue("intake.read_import", run_id=long.pk, import_id=run.pk)
    return reverse("workbench:run", args=[long.pk])


@writes
def detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """How a ledger is read before it is taken in (POST: read again, take in, drop); afterwards what became of it."""
    run = import_for(request.worker, import_id)
    refusal = ""
    if request.method == "POST":
        try:
            return redirect(_DEEDS.get(request.POST.get("do", ""), _columns)(request, run))
        except Refused as refused:
            refusal = str(refused)
    template = "intake/import_preview.html" if run.state == ImportState.PREVIEW else "intake/import_done.html"
    return page(request, template, status=422 if refusal else None, refusal=refusal, run=run, **_told(run))


def _told(run: Any) -> dict[str, Any]:
    columns = shown.columns_shown(run)
    return {
        "columns": columns, "unsure": sum(column.unsure for column in columns), "meanings": shown.meanings(),
        "repairs": shown.repair_counts(run.summary), "endings": shown.endings_of(run.summary),
        "rejects": shown.rejects_of(run) or run.summary.get("rejects", []), "proposals": shown.proposals_left([run.office_id]),
        "left": left_of([run.office_id]), "state_label": ImportState.label_of(run.state),
    }  # fmt: skip


def _columns(request: HttpRequest, run: Any) -> str:
    chosen = {
        int(name[4:]): str(value)
        for name, value in request.POST.items()
        if name.startswith("col_") and name[4:].isdigit()
    }
    actions.correct_columns(run, chosen, by=request.worker, at=request.now)
    messages.success(request, "列の読み方を直して、読み直しました。まだ何も取り込んでいません。")
    return _read(request, run, shown.file_size_of(run))


def _start(request: HttpRequest, run: Any) -> str:
    long = start_run(
        "intake.import",
        f"台帳の取り込み({run.office.label})",
        worker=request.worker,
        at=request.now,
        total=run.rows_read,
    )
    actions.start_import(run, long_run_id=long.pk, by=request.worker, at=request.now)
    enqueue("intake.run_import", run_id=long.pk, import_id=run.pk)
    return reverse("workbench:run", args=[long.pk])


def _drop(request: HttpRequest, run: Any) -> str:
    actions.drop_import(run, by=request.worker, at=request.now)
    messages.success(request, "取り込みをやめました。ファイルは残していません。")
    return reverse("intake:import")


_DEEDS = {"columns": _columns, "start": _start, "drop": _drop}


@reads
def repairs(request: HttpRequest, import_id: int) -> HttpResponse:
    """What the reading changed, line by line."""
    run, kind = import_for(request.worker, import_id), request.GET.get("kind", "")
    rows, total, after = shown.repairs_of(run, kind=kind, after=_number(request.GET.get("after")))
    return page(
        request, "intake/import_repairs.html", run=run, rows=rows, total=total, kind=kind,
        kinds=shown.repair_counts(run.summary), next_url=f"{request.path}?kind={kind}&after={after}" if after else "",
        first_url=f"{request.path}?kind={kind}" if request.GET.get("after") else "",
    )  # fmt: skip


@reads
def rejects(request: HttpRequest, import_id: int) -> HttpResponse:
    """The rows that could not be stored, as Excel to put right and bring again."""
    run = import_for(request.worker, import_id)
    answer = HttpResponse(shown.rejects_book(run), content_type=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="torikomenakatta-gyo-{run.pk}.xlsx"'
    return answer


@writes
def same(request: HttpRequest) -> HttpResponse:
    """「同じ方かもしれない」: a worker decides, never the matcher. One key for each candidate."""
    ids = [office_id for office_id, _name in import_desks_for(request.worker)]
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, _decide(request))
            return redirect("intake:import_same")
        except Refused as refused:
            refusal = str(refused)
    rows = shown.proposals_of(ids)
    return page(
        request, "intake/import_same.html", status=422 if refusal else None, refusal=refusal, rows=rows,
        total=shown.proposals_left(ids),
    )  # fmt: skip


def _decide(request: HttpRequest) -> str:
    if number := _number(request.POST.get("same")):
        actions.decide_same(proposal_for(request.worker, number), by=request.worker, at=request.now)
        return "同じ方として結びました。"
    found = consultation_for(request.worker, _number(request.POST.get("none")))
    actions.decide_none(found, by=request.worker, at=request.now)
    return "別の方として、新しく書きました。"


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 16 else 0
