"""受付の一覧."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.holding.rules import Urgency
from tsunagi.intake.access import desks_for
from tsunagi.intake.queries import triage_counts, triage_list
from tsunagi.shared.edges import leave_trail, reads
from tsunagi.ui.pages import page
from tsunagi.workbench.queries import DraftCard, default_link, drafts_left
from tsunagi.workbench.rules import ListPlace

SCOPES = {"open": "窓口の全部", "mine": "自分の", "ended": "終わった相談", "imported": "移行分"}
SORTS = {"due": "急ぐ順", "came": "新しい順"}


@reads
def index(request: HttpRequest) -> HttpResponse:
    """What my desks hold until it has become something."""
    desks = desks_for(request.worker)
    if not request.GET and (first := default_link(request.worker, ListPlace.TRIAGE)):
        return redirect(first)
    asked = {
        "scope": _one_of(request.GET.get("scope", ""), SCOPES, "open"),
        "sort": _one_of(request.GET.get("sort", ""), SORTS, "due"),
        "urgency": _one_of(request.GET.get("urgency", ""), Urgency.values(), ""),
    }
    found = triage_list(request.worker, request.now, after=request.GET.get("after", ""), **asked)
    leave_trail(
        "triage.seen", subject_kind="office", subject_id=None, detail={"rows": [row.id for row in found.rows]}
    )
    counts = triage_counts(request.worker, request.today)
    return page(
        request, "intake/index.html", found=found, counts=counts, several_desks=len(desks) > 1, tabs=_tabs(asked["scope"], counts), asked=asked, sorts=SORTS.items(),
        urgencies=Urgency.choices(blank="すべて"), scope_label=SCOPES[asked["scope"]], drafts=_drafts(request),
        next_url=_address(asked | {"after": found.next}) if found.next else "",
        first_url=_address(asked) if request.GET.get("after") else "",
    )  # fmt: skip


def _one_of(said: str, known: Iterable[str], otherwise: str) -> str:
    return said if said in known else otherwise


def _address(asked: dict[str, str]) -> str:
    return f"{reverse('intake:index')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _tabs(scope: str, counts: object) -> list[tuple[str, str, bool, int | None]]:
    figures = {"open": "open", "mine": "mine", "imported": "stocktaking"}
    return [
        (
            label,
            _address({"scope": key}),
            key == scope,
            getattr(counts, figures[key]) if key in figures else None,
        )
        for key, label in SCOPES.items()
    ]


def _drafts(request: HttpRequest) -> list[DraftCard]:
    """The consultations I began and did not finish."""
    mine = reverse("intake:index")
    return [draft for draft in drafts_left(request.worker) if draft.link.startswith(mine)]
