"""白紙の相談受付票: numbered, printed, to be typed in later."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tsunagi.intake import actions
from tsunagi.intake.access import desks_for, sheets_for
from tsunagi.intake.forms import BlankSheetForm
from tsunagi.intake.queries.sheets import blank_values, sheets_of
from tsunagi.press.pdf import PDF, typeset
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, download, page

from ._flow import done, opened_sheet


@writes
def index(request: HttpRequest) -> HttpResponse:
    """The blanks our desks printed and which of them came back; print more."""
    desks = desks_for(request.worker)
    back = reverse("intake:sheets")
    sheet = opened_sheet("blank_sheet", "白紙の受付票", back, request=request)
    form = BlankSheetForm(bound(request), desks=desks, initial={"office": desks[0][0]})

    def act() -> tuple[str, str]:
        made = actions.issue_blank_sheets(
            office_id=form.cleaned_data["office"] or form.first_desk, count=form.cleaned_data["count"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return (
            back,
            f"{made[0].number}から{len(made)}枚の番号を取りました。「PDFを開く」から印刷してください。",
        )

    answer = done(form, act, request=request, back=back)
    return answer or page(
        request, "intake/sheets.html", form=form, sheet=sheet, batches=sheets_of([pk for pk, _ in desks])
    )


@reads
def paper(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The blanks that were printed together, as far as none of them came back yet."""
    rows = sheets_for(request.worker, sheet_id)
    made = typeset("intake/papers/blank.typ", blank_values(rows), at=request.now)
    return download(f"uketsuke-{rows[0].number}.pdf", made, PDF, inline=True)
