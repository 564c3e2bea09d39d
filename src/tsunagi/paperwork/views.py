"""帳票: the forms of one file, blanks, copies, and many at once."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from tsunagi.accounts.queries import office_ids
from tsunagi.cases.access import case_for
from tsunagi.meetings.access import convened_sitting_for, minutes_for, sitting_for
from tsunagi.meetings.access import own_copy_for as own_meeting_copy_for
from tsunagi.meetings.queries.minutes import minutes_card, readable_items
from tsunagi.meetings.queries.papers import shares
from tsunagi.meetings.rules.papers import copy_code
from tsunagi.press.pdf import PDF
from tsunagi.press.sheets import XLSX
from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.jobs import enqueue
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import sheet

from . import actions, forms
from .access import own_copy_for, printed_for, require_forms
from .queries import (
    File,
    Paper,
    blank_paper,
    case_to_print_choices,
    copy_paper,
    form_cards,
    made,
    may_open,
    printed_cards,
)
from .queries.leaving import ground_choices, receivers
from .queries.sittings import giroku_paper, packet_rows, shidai_paper
from .rules import BY_CODE, Format, HowBack, copy_number, form_of

TYPES = {Format.PDF: PDF, Format.XLSX: XLSX}
WHICH = (("mine", "わたしが担当"), ("office", "わたしの機関"))


@writes
def index(request: HttpRequest, case_id: int) -> HttpResponse:
    """The forms of one file with what is missing on each; printing one gives the copy its number."""
    case = case_for(request.worker, case_id)
    link = reverse("paperwork:index", args=[case_id])
    draft = sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="paperwork.print", title="帳票を印刷する",
        link=link, subject=str(case_id),
    )  # fmt: skip
    form = draft.fill(
        forms.PrintForm(
            bound(request),
            initial={"draft": draft.id},
            receivers=receivers(office_ids(request.worker)),
            grounds=ground_choices(request.today),
        )
    )
    if form.is_bound and form.is_valid():
        try:
            return redirect(_printed(request, case, form.cleaned_data))
        except AlreadyDone as before:
            return redirect(before.result_link or link)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    known = File(request.worker, case, request.now)
    return page(
        request, "paperwork/index.html", case=case, form=form, sheet=draft, cards=form_cards(known),
        copies=printed_cards(request.worker, case, request.now), hows=HowBack.choices(),
    )  # fmt: skip


def _printed(request: HttpRequest, case: Any, typed: dict[str, Any]) -> str:
    """Print once, whatever is pressed twice; the address of the copy."""
    claim(request.worker, typed["draft"])
    row, _paper = actions.print_form(
        case, form_of(typed["form"]), mask=typed["mask"], fmt=typed["fmt"], for_whom=typed["for_whom"],
        document_number=typed["document_number"], by=request.worker, at=request.now,
        **{name: typed[name] for name in ("to", "ground", "ground_why", "decision")},
    )  # fmt: skip
    link = reverse("paperwork:file", args=[case.pk, row.pk])
    consume(request.worker, typed["draft"], link, request.now)
    return link


@reads
def file(request: HttpRequest, case_id: int, printed_id: int) -> HttpResponse:
    """The copy itself, for whoever printed it, on its day."""
    case, row = own_copy_for(request.worker, case_id, printed_id)
    if not may_open(row, request.worker, request.now):
        raise Refused(
            "この紙は印刷した日だけ開けます。もう一度要るときは、帳票の画面から印刷してください。新しい番号が付きます。"
        )
    leave_trail(
        "paper.opened", subject_kind="case", subject_id=case.pk, detail={"copy": row.pk, "form": row.form}
    )
    return _file(copy_paper(request.worker, case, row), row.format, copy_number(row.pk))


@reads
def blank(request: HttpRequest, code: str, fmt: str) -> HttpResponse:
    """A form to be filled by hand: it names nobody."""
    require_forms(request.worker)
    if code not in BY_CODE or fmt not in Format.values():
        raise Http404
    form = form_of(code)
    actions.note_blank(form, fmt)
    return _file(blank_paper(form, request.now), fmt, "hakushi")


def _file(paper: Paper, fmt: str, name: str) -> HttpResponse:
    return download(
        f"{paper.form.code}-{name}.{fmt}", made(paper, fmt), TYPES[Format(fmt)], inline=fmt == Format.PDF
    )


@writes
def copy(request: HttpRequest, case_id: int, printed_id: int) -> HttpResponse:
    """What became of a copy, or ask for it to come back."""
    case, row = printed_for(request.worker, case_id, printed_id)
    form = forms.CopyForm(bound(request))
    if form.is_bound and form.is_valid():
        try:
            if form.cleaned_data["ask"]:
                actions.ask_back(row, by=request.worker, at=request.now)
                messages.success(request, f"{copy_number(row.pk)} の返却を頼んだと記録しました。")
            else:
                actions.settle(row, form.cleaned_data["how"], by=request.worker, at=request.now)
                messages.success(request, f"{copy_number(row.pk)} がどうなったかを記録しました。")
            return redirect("paperwork:index", case.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    card = next(card for card in printed_cards(request.worker, case, request.now, only=row.pk))
    return page(request, "paperwork/copy.html", case=case, card=card, form=form, hows=HowBack.choices())


@writes
def many(request: HttpRequest) -> HttpResponse:
    """One form of up to two hundred files, made by a job that can be left, watched and stopped."""
    require_forms(request.worker)
    which = "office" if request.GET.get("which") == "office" else "mine"
    choices = case_to_print_choices(request.worker, which)
    link = f"{reverse('paperwork:many')}?{urlencode({'which': which})}"
    draft = sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="paperwork.many", title="帳票をまとめて印刷する",
        link=link, subject=which,
    )  # fmt: skip
    form = draft.fill(
        forms.ManyForm(
            bound(request),
            cases=choices,
            initial={"draft": draft.id, "cases": [str(pk) for pk, _ in choices]},
        )
    )
    if form.is_bound and form.is_valid():
        try:
            return redirect(_started(request, form.cleaned_data))
        except AlreadyDone as before:
            return redirect(before.result_link or link)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(
        request,
        "paperwork/many.html",
        form=form,
        sheet=draft,
        which=which,
        which_choices=WHICH,
        count=len(choices),
    )


def _started(request: HttpRequest, typed: dict[str, Any]) -> str:
    """Ask for the run and enqueue its job, once; the address where it is watched."""
    claim(request.worker, typed["draft"])
    form = form_of(typed["form"])
    run = actions.ask_for_many(
        form,
        mask=typed["mask"],
        count=len(typed["cases"]),
        for_whom=typed["for_whom"],
        by=request.worker,
        at=request.now,
    )
    enqueue(
        "paperwork.print_many", run_id=run.pk, form=form.code, mask=typed["mask"], fmt=typed["fmt"],
        together=typed["together"] == "one", case_ids=typed["cases"], for_whom=typed["for_whom"],
    )  # fmt: skip
    link = reverse("workbench:run", args=[run.pk])
    consume(request.worker, typed["draft"], link, request.now)
    return link


# -- papers of a sitting ----------------------------------------------------------------------------------------------


@writes
def packets(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """Who gets which copy; a job makes them, each with its number and its name across every page."""
    sitting = convened_sitting_for(request.worker, sitting_id, request.today)
    wanted = shares(sitting, request.today)
    if request.method == "POST":
        run = actions.ask_for_packets(sitting, wanted, by=request.worker, at=request.now)
        enqueue("paperwork.make_packets", run_id=run.pk, sitting_id=sitting.pk)
        return redirect("workbench:run", run.pk)
    return page(
        request, "paperwork/packets.html", sitting=sitting, rows=packet_rows(sitting, wanted), here="meetings"
    )


@reads
def copy_file(request: HttpRequest, copy_id: int) -> HttpResponse:
    """A member's own copy on the screen; a recalled one answers with a sentence."""
    found = own_meeting_copy_for(request.worker, copy_id, request.today)
    made_of = actions.open_copy(found, request.now)
    name = f"shiryo-{copy_code(found.sitting_id, found.number)}.pdf"
    return download(name, made_of, PDF, inline=True)


@reads
def giroku(request: HttpRequest, minutes_id: int) -> HttpResponse:
    """The 議事録 as a PDF, as far as this reader was chosen."""
    found = minutes_for(request.worker, minutes_id, request.today)
    seen = readable_items(request.worker, found.sitting, request.today)
    paper = giroku_paper(minutes_card(found, seen), request.now, request.worker.name)
    return download(f"giroku-{found.pk}.pdf", made(paper, Format.PDF), PDF, inline=True)


@reads
def shidai(request: HttpRequest, sitting_id: int) -> HttpResponse:
    """The 次第 as a PDF: items by number and kind."""
    sitting = sitting_for(request.worker, sitting_id, request.today)
    return download(
        f"shidai-{sitting.pk}.pdf", made(shidai_paper(sitting, request.now), Format.PDF), PDF, inline=True
    )
