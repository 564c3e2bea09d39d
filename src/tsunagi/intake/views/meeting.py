"""所内会議: one sheet a week that settles new consultations, second persons, extensions, endings and 棚卸し together."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.intake import actions
from tsunagi.intake.access import desks_for, meeting_for
from tsunagi.intake.forms_meeting import Conclusion, MeetingLine, Number, WholeSheet
from tsunagi.intake.queries import meeting as shown
from tsunagi.intake.rules import week_of
from tsunagi.press.pdf import PDF, typeset
from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page
from tsunagi.workbench.actions import claim, consume, keep
from tsunagi.workbench.queries import Sheet

from ._flow import colleagues, done, opened_sheet

_KEY = re.compile(r"([cst]\d{1,15}|b\d{1,15})-answer")
KIND, TITLE = "meeting", "所内会議"


@dataclass(frozen=True)
class _At:
    """Which sheet: the office, its week, and the address it has."""

    office_id: int
    office: str
    week_on: date
    base: str


@writes
def index(request: HttpRequest) -> HttpResponse:
    """This week's sheet of an office: everything open, decided row by row in one go."""
    where = _where(request)
    sheet = opened_sheet(KIND, TITLE, where.base, str(where.office_id), request=request)
    if request.method == "POST":
        return _decide(request, where, sheet)
    meeting = shown.meeting_of(where.office_id, where.week_on)
    if meeting is not None and meeting.concluded_at is not None:
        return redirect("intake:meeting_detail", meeting.pk)
    sections = shown.sections_of(request.worker, where.office_id, where.week_on, request.now)
    _seen(where, sections)
    lines = _lines(where, sections, sheet)
    staff = colleagues(where.office_id)
    return page(
        request, "intake/meeting.html", where=where, desks=desks_for(request.worker), sheet=sheet, lines=lines,
        whole=sheet.fill(WholeSheet(colleagues=colleagues(where.office_id, besides=request.worker.pk))),
        stale=_stale(sheet, meeting, sections), decided=shown.decided_of(request.worker, meeting) if meeting else [],
        total=sum(len(section.rows) + section.more for section in sections), meetings=shown.meetings_of(where.office_id),
        conclusion=_conclusion(request, where, staff), carried=len(shown.left_before(where.office_id, where.week_on)),
    )  # fmt: skip


@writes
def conclude(request: HttpRequest) -> HttpResponse:
    """The end of the sitting: who sat, the day, 文書番号."""
    where = _where(request)
    form = _conclusion(request, where, colleagues(where.office_id))
    draft = opened_sheet(f"{KIND}.end", "所内会議を終える", where.base, str(where.office_id), request=request)

    def act() -> tuple[str, str]:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "draft"}
        ended = actions.conclude_meeting(
            where.office_id, where.week_on, by=request.worker, at=request.now, **typed
        )
        left = f"見なかった{len(ended.left)}件は、次の紙のはじめに並びます。" if ended.left else ""
        return reverse("intake:meeting_detail", args=[ended.pk]), f"所内会議を終えました。{left}"

    answer = done(form, act, request=request, back=where.base)
    return answer or page(
        request, "intake/meeting_conclude.html", form=draft.fill(form), sheet=draft, where=where
    )


@writes
def detail(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A sheet as it was: what was decided, who sat, what was not reached; 文書番号 may be written later."""
    found = meeting_for(request.worker, meeting_id)
    sheet = opened_sheet(f"{KIND}.number", "文書番号", request.path, str(meeting_id), request=request)
    form = sheet.fill(
        Number(bound(request), initial={"document_number": found.document_number, "revision": found.revision})
    )

    def act() -> tuple[str, str]:
        actions.number_meeting(
            found, document_number=form.cleaned_data["document_number"], revision=form.cleaned_data["revision"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return request.path, "文書番号を書きました。"

    answer = done(form, act, request=request, back=request.path)
    return answer or page(
        request, "intake/meeting_detail.html", meeting=found, form=form, sheet=sheet,
        decided=shown.decided_of(request.worker, found), sat=shown.sat_names(found),
        this_week=found.week_on == week_of(request.today), back=_address(found.office_id),
        meetings=shown.meetings_of(found.office_id),
    )  # fmt: skip


@writes
def go_on(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """続きを開く: the sheet of this week is open again."""
    found = meeting_for(request.worker, meeting_id)
    if request.method == "POST":
        try:
            actions.go_on_with(found, by=request.worker, at=request.now)
        except Refused as refusal:
            messages.warning(request, str(refusal))
            return redirect("intake:meeting_detail", found.pk)
        messages.success(request, "続きを開きました。終わったら、もう一度「会議を終える」を押してください。")
        return redirect(_address(found.office_id))
    return redirect("intake:meeting_detail", found.pk)


@reads
def paper(request: HttpRequest) -> HttpResponse:
    """This week's sheet on A4, for the table."""
    where = _where(request)
    sections = shown.sections_of(request.worker, where.office_id, where.week_on, request.now)
    _seen(where, sections)
    meeting = shown.meeting_of(where.office_id, where.week_on)
    return _printed(request, where.office, where.office_id, where.week_on, meeting, sections)


@reads
def paper_of(request: HttpRequest, meeting_id: int) -> HttpResponse:
    """A sheet as it was decided, on A4."""
    found = meeting_for(request.worker, meeting_id)
    return _printed(request, found.office.label, found.office_id, found.week_on, found, ())


# -- pieces --------------------------------------------------------------------------------------------


def _printed(
    request: HttpRequest, office: str, office_id: int, week_on: date, meeting: Any, sections: Any
) -> HttpResponse:
    leave_trail("meeting.printed", subject_kind="office", subject_id=office_id, detail={"week": f"{week_on}"})
    values = shown.paper_values(request.worker, office, week_on, meeting, sections)
    return download(
        f"shonai-kaigi-{week_on}.pdf", typeset("intake/papers/meeting.typ", values, at=request.now), PDF
    )


def _address(office_id: int) -> str:
    return f"{reverse('intake:meeting')}?{urlencode({'office': office_id})}"


def _where(request: HttpRequest) -> _At:
    desks = dict(desks_for(request.worker))
    said = request.GET.get("office", "")
    office_id = int(said) if said.isdecimal() and int(said) in desks else next(iter(desks))
    return _At(office_id, desks[office_id], week_of(request.today), _address(office_id))


def _seen(where: _At, sections: Any) -> None:
    leave_trail(
        "meeting.rows_seen",
        subject_kind="office",
        subject_id=where.office_id,
        detail={"rows": [row.key for section in sections for row in section.rows]},
    )


def _lines(where: _At, sections: Any, sheet: Sheet) -> list[tuple[Any, list[tuple[Any, Any, str]]]]:
    """Each section with its rows, each row with its form and what it was refused with before."""
    staff = colleagues(where.office_id)
    return [
        (
            section,
            [
                (
                    row,
                    sheet.fill(MeetingLine(key=row.key, colleagues=staff, initial={"mark": row.mark})),
                    sheet.data.get(f"refused-{row.key}", ""),
                )
                for row in section.rows
            ],
        )
        for section in sections
        if section.rows or section.more
    ]


def _stale(sheet: Sheet, meeting: Any, sections: Any) -> list[tuple[str, str, str]]:
    """Rows that were answered here and are open no more: (row, what happened, what was typed)."""
    here = {row.key for section in sections for row in section.rows}
    gone = [key for key in _answered(sheet.data) if key not in here]
    known = shown.decided_meanwhile(meeting, gone)
    return [
        (
            key,
            known.get(key) or sheet.data.get(f"refused-{key}", "") or actions.GONE_WORDS,
            sheet.data.get(f"{key}-words", ""),
        )
        for key in gone
    ]


def _answered(data: Any) -> list[str]:
    named = ((_KEY.fullmatch(name), value) for name, value in data.items())
    return [found[1] for found, value in named if found and value]


def _decide(request: HttpRequest, where: _At, sheet: Sheet) -> HttpResponse:
    claim(request.worker, sheet.id)
    whole = WholeSheet(request.POST, colleagues=colleagues(where.office_id, besides=request.worker.pk))
    second = whole.cleaned_data.get("second") if whole.is_valid() else None
    answers, refused = _read(request, where)
    decided = actions.decide_rows(
        where.office_id, where.week_on, answers, second=second, by=request.worker, at=request.now
    )
    refused |= decided.refused
    link = _kept(request, where, refused) if refused else where.base
    consume(request.worker, sheet.id, link, request.now)
    _tell(request, decided.done, len(refused))
    return HttpResponseRedirect(link)


def _read(request: HttpRequest, where: _At) -> tuple[list[Any], dict[str, str]]:
    staff = colleagues(where.office_id)
    answers, refused = [], {}
    for key in _answered(request.POST):
        form = MeetingLine(request.POST, key=key, colleagues=staff)
        if form.is_valid():
            answers.append(form.answered())
        else:
            refused[key] = " ".join(str(error) for errors in form.errors.values() for error in errors)
    return answers, refused


def _kept(request: HttpRequest, where: _At, refused: dict[str, str]) -> str:
    """What was typed at the refused rows goes on in a fresh draft, each with its own refusal. Nothing is lost."""
    body = {
        name: [str(value) for value in values]
        for name, values in request.POST.lists()
        if name.partition("-")[0] in refused or name == "second"
    }
    body |= {f"refused-{key}": [sentence] for key, sentence in refused.items()}
    number = uuid.uuid4()
    keep(request.worker, number, KIND, str(where.office_id), TITLE, where.base, body, None, request.now)
    return f"{where.base}&{urlencode({'draft': number})}"


def _tell(request: HttpRequest, count: int, refused: int) -> None:
    if count:
        messages.success(request, f"{count}件を決めました。")
    if refused:
        messages.warning(request, f"{refused}件は、まだ決まっていません。行の赤い言葉を見てください。")
    if not (count or refused):
        messages.info(request, "決めた行がありません。決める行の答えを選んでください。")


def _conclusion(request: HttpRequest, where: _At, staff: Any) -> Conclusion:
    return Conclusion(
        bound(request) if request.path == reverse("intake:meeting_conclude") else None,
        colleagues=staff,
        initial={"held_on": request.today, "sat": [request.worker.pk]},
        auto_id="end_%s",
    )
