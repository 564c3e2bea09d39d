"""The texts of these parties' plans, for whoever must look through them (居場所の分かる記録)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import reverse

from tsunagi.assessment.queries import WrittenText
from tsunagi.plans.models import FollowUp, Goal, Monitoring, Plan, Role, WorkEvent

_WORDS = (
    "wish_person", "wish_family", "situation", "direction", "services_words", "emergency", "sharing", "ending_sign",
    "decision_words", "end_reason",
)  # fmt: skip


def plan_texts_on(party_ids: Iterable[int]) -> Iterator[WrittenText]:
    """What stands in the plans of these parties, in how they went, and after the end. It knows nobody: ask through a door."""
    parties = list(party_ids)
    for plan in Plan.objects.filter(case__party_id__in=parties).select_related("worker", "case"):
        rows = [f"{goal.text} {goal.plain}" for goal in Goal.objects.filter(plan=plan)]
        for role in Role.objects.filter(plan=plan).prefetch_related("notes"):
            said = (role.what, role.owner_words, role.how_known, role.plain, role.settled_words)
            rows.append(" ".join((*said, *(note.words for note in role.notes.all()))))
        words = (*(getattr(plan, name) for name in _WORDS), *rows, *_beside(plan))
        url = reverse("plans:detail", args=[plan.pk])
        yield WrittenText(plan.case_id, plan.case.office_id, "プラン", plan.made_at, plan.worker, words, url)
    looks = Monitoring.objects.filter(plan__case__party_id__in=parties).select_related(
        "recorded_by", "plan__case"
    )
    for look in looks.prefetch_related("goal_results", "role_results"):
        words = (
            look.persons_words, look.opinion, look.left_over, look.decision_words,
            *(result.reason for result in look.goal_results.all()), *(result.words for result in look.role_results.all()),
        )  # fmt: skip
        url, case = reverse("plans:detail", args=[look.plan_id]), look.plan.case
        yield WrittenText(
            case.pk, case.office_id, "モニタリング", look.recorded_at, look.recorded_by, words, url
        )
    for event in WorkEvent.objects.filter(case__party_id__in=parties).select_related("recorded_by", "case"):
        url = reverse("plans:events", args=[event.case_id])
        words = (event.words, event.taken_back_reason)
        yield WrittenText(
            event.case_id,
            event.case.office_id,
            "就労・増収",
            event.recorded_at,
            event.recorded_by,
            words,
            url,
        )
    for after in FollowUp.objects.filter(case__party_id__in=parties).select_related(
        "made_by", "done_by", "case"
    ):
        url, writer = reverse("plans:follow_up", args=[after.pk]), after.done_by or after.made_by
        at = after.done_at or after.made_at
        words = (after.what, after.words)
        yield WrittenText(after.case_id, after.case.office_id, "フォローアップ", at, writer, words, url)


def _beside(plan: Plan) -> list[str]:
    said = [" ".join((row.name, row.scope, row.words)) for row in plan.consents.order_by("id")]
    return said + [row.words for row in plan.conferences.order_by("id")]
