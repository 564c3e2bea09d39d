"""Papers a city needs before it signs."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from tsunagi.records import access
from tsunagi.records.queries import papers as asked
from tsunagi.records.rules.papers import BY_CODE
from tsunagi.shared.edges import Request, reads
from tsunagi.ui.pages import download, page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@reads
def papers(request: Request) -> HttpResponse:
    """Every paper: what is still missing, where it is set, what must be checked."""
    access.require_papers(request.worker)
    return page(request, "records/papers.html", here="manage", cards=asked.cards())


@reads
def paper(request: Request, code: str, ending: str) -> HttpResponse:
    """One paper as PDF or Excel."""
    access.require_papers(request.worker)
    if code not in BY_CODE or ending not in ("pdf", "xlsx"):
        raise Http404
    found = BY_CODE[code]
    if ending == "pdf":
        return download(f"{code}.pdf", asked.as_pdf(found, request.now), "application/pdf")
    return download(f"{code}.xlsx", asked.as_xlsx(found, request.now), XLSX)
