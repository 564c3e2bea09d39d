"""Who may be asked, and who an event may be about."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tsunagi.accounts.models import Posting
from tsunagi.accounts.queries import calendar_of
from tsunagi.accounts.rules import HOLDING_ROLES
from tsunagi.assessment.access import Family
from tsunagi.assessment.queries import strengths_of
from tsunagi.codes import queries as codes
from tsunagi.holding.queries import parties_together
from tsunagi.people.access import closed_to, seen_among
from tsunagi.people.models import Involvement
from tsunagi.people.queries import members_of, party_names
from tsunagi.plans.rules import add_months

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker
    from tsunagi.cases.models import Case
    from tsunagi.plans.models import Plan

GROUPS = (("multi", "重層の事業"), ("poverty", "困窮者支援の事業"), ("existing", "ほかの制度"))


def answering(case: Case) -> list[tuple[int, int, str]]:
    """Who may answer for a role: (worker, office, words). Workers of the file's office, and of offices that are with this
    family already; nobody else learns of it by a plan (a new office comes by つなぎ)."""
    with_them = Involvement.objects.filter(
        party_id__in=parties_together(case.party_id), ended_at__isnull=True
    ).values_list("office_id", flat=True)
    offices = {case.office_id, *with_them.order_by()}
    rows = (
        Posting.objects.filter(
            office_id__in=offices, ended_at__isnull=True, role__in=HOLDING_ROLES, worker__is_active=True,
            office__is_active=True, office__signs_in=True,
        )
        .select_related("worker", "office")
        .order_by("office__code", "worker__kana", "worker_id", "id")
    )  # fmt: skip
    found: dict[tuple[int, int], str] = {}
    for row in sorted(rows, key=lambda row: row.office_id != case.office_id):
        key = (row.worker_id, row.office_id)
        if key not in found and case.party_id not in closed_to(row.worker):
            found[key] = f"{row.worker.name}（{row.office.label}）"
    return [(worker, office, words) for (worker, office), words in found.items()]


def opened_to(plan: Plan) -> dict[str, Any]:
    """The offices of a plan's role table beside the file's own, all ticked: those who tell each other by it."""
    rows = (
        plan.roles.exclude(office_id=plan.case.office_id)
        .order_by("office__code", "office_id")
        .select_related("office")
    )
    offices = {row.office_id: row.office.label for row in rows}
    return {"offices": list(offices.items()), "ticked": list(offices)}


def persons_of(worker: Worker, case: Case) -> list[tuple[int, str]]:
    """Whom an event may be about: the person, or those of the household whom this worker may see."""
    ids = [*members_of(case.party_id)] or [case.party_id]
    seen = seen_among(worker, ids)
    names = party_names(worker, seen)
    return [(pk, names[pk]) for pk in ids if pk in seen]


def service_groups() -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """利用する事業 by group: (group, [(value, words, whether the country asks)])."""
    rows = codes.codes("plan_services")
    return [
        (
            words,
            [
                (code.value, code.label, code.national_report)
                for code in rows
                if code.attributes.get("group") == key
            ],
        )
        for key, words in GROUPS
    ]


def strength_choices(
    worker: Worker, case: Case, *, on: date, family: Family | None = None
) -> list[tuple[int, str]]:
    """The strengths a goal may rest on, as far as this worker may see them: (number, whose and what)."""
    return [
        (card.id, f"{card.subject}：{card.words}" if card.subject else card.words)
        for card in strengths_of(worker, case, on=on, family=family)
    ]


def standard_next(plan: Plan, on: date) -> date:
    """When the city looks at a plan again by itself, within the plan's period where that lies ahead."""
    day = calendar_of(plan.office_id).on_or_after(add_months(on, codes.number("plan.monitoring_months")))
    return min(day, plan.until_on) if plan.until_on and plan.until_on > on else day
