"""What a consultation becomes: concerns, a referral, or an end with its outcome (H10)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.codes.queries import label_of
from tsunagi.holding.rules import ConsultationOutcome
from tsunagi.intake import actions
from tsunagi.intake.access import desks_for, offered, own_consultation_for
from tsunagi.intake.forms import BatchForm, ConcernsForm, EndForm
from tsunagi.intake.queries import (
    TriageRow,
    choices_of_whose,
    open_concerns_of,
    others_for,
    record_of,
    triage_list,
)
from tsunagi.shared.edges import writes
from tsunagi.ui.pages import bound, page

from ._flow import colleagues, done, elsewhere, home, opened_sheet, run

MOST_ROWS = 12
VIOLENCE = "14"  # 「DV・虐待」 on the sheet of worries
SECOND_ASKED = (
    "もうひとりの確認を頼みました。同意があると、この相談は終わります。それまでは窓口が受け持ちます。"
)


@writes
def concerns(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """One or several concerns at once; 「行を増やす」 only shows the page again with one more."""
    found = own_consultation_for(request.worker, consultation_id)
    sheet = opened_sheet("concerns", "課題にする", request.path, str(consultation_id), request=request)
    form = _form(request, found, sheet)
    act = lambda: _make(request, found, form)  # noqa: E731
    answer = done(form, act, request=request, back=home(consultation_id))
    if answer is not None:
        return answer
    record = record_of(found, request.worker, request.now)
    context: dict[str, Any] = {
        "sheet": sheet,
        "record": record,
        "back": home(consultation_id),
        "refer": elsewhere("referrals:new"),
        "violence": VIOLENCE in found.worries,
    }
    return page(request, "intake/concerns.html", form=form, most=MOST_ROWS, **context)


def _form(request: HttpRequest, found: Any, sheet: Any) -> ConcernsForm:
    """The form as it was sent, as it was left in a draft, with one more row, or with somebody else to choose."""
    shown_again = "more" in request.POST or "search" in request.POST
    typed = request.POST if request.method == "POST" else sheet.data
    said = typed.get("rows", "")
    count = max(1, min(MOST_ROWS, (int(said) if said.isdigit() else 1) + ("more" in request.POST)))
    doubles = sorted(found.worries.items(), key=lambda line: line[1] != "double")
    first = {"description": "、".join(label_of("worries", code) for code, _ in doubles)}
    whose = choices_of_whose(request.worker, found)
    marks = {mark for mark, _ in whose}
    whose += [
        one
        for one in others_for(request.worker, typed.get("other", ""), on=request.today)
        if one[0] not in marks
    ]
    form = ConcernsForm(
        None if shown_again else bound(request), first=first, count=count, whose=whose,
        workers=colleagues(found.office_id, besides=request.worker.pk), offered=lambda mark: offered(request.worker, mark),
    )  # fmt: skip
    for part in (form, *form.lines):
        if shown_again:
            part.refill(request.POST)
        else:
            sheet.fill(part)
    return form


def _make(request: HttpRequest, found: Any, form: ConcernsForm) -> tuple[str, str]:
    opened = actions.make_concerns(
        found, form.wishes(), by=request.worker, at=request.now, as_unknown=form.begins_with_nobody
    )
    refer = elsewhere("referrals:new", query=f"?{'&'.join(f'concern={concern.pk}' for concern in opened)}")
    sentence = f"課題を{len(opened)}件つくりました。今日から受け持ちます。"
    if request.POST.get("then") == "refer" and refer:
        return refer, f"{sentence}つなぎ先を選んでください。相手が受けるまでは、こちらが受け持ちます。"
    return home(found.pk), sentence


@writes
def end(request: HttpRequest, consultation_id: int) -> HttpResponse:
    """End it with what it has become, and what that asks for; where two must agree the other is asked."""
    found = own_consultation_for(request.worker, consultation_id)
    sheet = opened_sheet("end", "相談を終える", request.path, str(consultation_id), request=request)
    workers = colleagues(found.office_id, besides=request.worker.pk)
    form = EndForm(bound(request), workers=workers, concerns=open_concerns_of(request.worker, found))
    sheet.fill(form)
    record = record_of(found, request.worker, request.now)
    return run(
        form, lambda: _end(request, found, form), request=request, back=home(consultation_id), template="intake/end.html",
        sheet=sheet, record=record,
    )  # fmt: skip


def _end(request: HttpRequest, found: Any, form: EndForm) -> tuple[str, str]:
    typed = form.cleaned_data
    words, became = typed["words"], [typed["became"]] if typed["became"] else []
    if typed["outcome"] == ConsultationOutcome.EXISTING_CONCERN and became:
        words = f"課題 #{became[0]} に加えた。{words}"
    asked = actions.end_consultation(
        found,
        outcome=typed["outcome"],
        words=words,
        became=became,
        second=typed["second"],
        by=request.worker,
        at=request.now,
    )
    return home(
        found.pk
    ), SECOND_ASKED if asked else f"「{ConsultationOutcome.label_of(typed['outcome'])}」で終えました。"


@writes
def batch(request: HttpRequest) -> HttpResponse:
    """間違い・営業・いたずら: several at once, in one sheet that another agrees to."""
    desks = desks_for(request.worker)
    rows = triage_list(request.worker, request.now, scope="open", sort="came").rows
    sheet = opened_sheet("batch", "相談ではないものを終える", request.path, request=request)
    workers = [one for office_id, _ in desks for one in colleagues(office_id, besides=request.worker.pk)]
    form = BatchForm(
        bound(request), workers=dict(workers).items(), rows=[(row.id, _line(row)) for row in rows]
    )
    sheet.fill(form)
    index = reverse("intake:index")
    return run(
        form, lambda: _end_batch(request, form), request=request, back=index, template="intake/batch.html", sheet=sheet
    )  # fmt: skip


def _line(row: TriageRow) -> str:
    return "　".join(
        part for part in (row.number, row.words or "（内容はまだ）", row.caller, row.means) if part
    )


def _end_batch(request: HttpRequest, form: BatchForm) -> tuple[str, str]:
    typed = form.cleaned_data
    chosen = [own_consultation_for(request.worker, pk) for pk in typed["consultations"]]
    actions.end_batch(chosen, words=typed["words"], second=typed["second"], by=request.worker, at=request.now)
    return reverse("intake:index"), f"{len(chosen)}件の確認を頼みました。同意があると、まとめて終わります。"
