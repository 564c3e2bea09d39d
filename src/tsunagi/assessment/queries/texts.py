"""The texts of these parties' assessments, for whoever must look through them (居場所の分かる記録)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse

from tsunagi.assessment.models import Answer, LifeEvent, Screening, Strength, Unknown

if TYPE_CHECKING:
    from tsunagi.accounts.models import Worker


@dataclass(frozen=True)
class WrittenText:
    """A text somebody wrote: in which file, when, who, and the page where it is put right."""

    case_id: int
    office_id: int
    kind: str
    at: datetime
    by: Worker
    words: tuple[str, ...]
    url: str


def texts_on(party_ids: Iterable[int]) -> Iterator[WrittenText]:
    """What stands now in the assessments, strengths and lives of these parties. It knows nobody: ask through a door."""
    parties = list(party_ids)
    answers = (
        Answer.objects.filter(sheet__assessment__case__party_id__in=parties)
        .order_by("sheet_id", "question", "view", "-id")
        .distinct("sheet_id", "question", "view")
        .select_related("by", "sheet__assessment__case")
    )
    for row in answers:
        case = row.sheet.assessment.case
        url = reverse("assessment:section", args=[case.pk, row.sheet.section, row.sheet.person_id or 0])
        yield WrittenText(
            case.pk, case.office_id, "アセスメント", row.at, row.by, (row.words,), f"{url}?view={row.view}"
        )
    for unknown in Unknown.objects.filter(sheet__assessment__case__party_id__in=parties).select_related(
        "by", "sheet__assessment__case"
    ):
        case = unknown.sheet.assessment.case
        said = (unknown.words, unknown.settled_words)
        url = reverse("assessment:index", args=[case.pk])
        yield WrittenText(case.pk, case.office_id, "アセスメント", unknown.at, unknown.by, said, url)
    for screening in Screening.objects.filter(assessment__case__party_id__in=parties).select_related(
        "by", "assessment__case"
    ):
        case = screening.assessment.case
        words = (screening.elsewhere, screening.reason_words, screening.urgent_words)
        url = reverse("assessment:screening", args=[case.pk])
        yield WrittenText(case.pk, case.office_id, "スクリーニング", screening.at, screening.by, words, url)
    for strength in Strength.objects.filter(party_id__in=parties).select_related("by", "case"):
        url = reverse("assessment:strength_edit", args=[strength.case_id, strength.pk])
        words = (strength.words, strength.evidence, strength.ended_words)
        yield WrittenText(
            strength.case_id, strength.case.office_id, "強み", strength.at, strength.by, words, url
        )
    for event in LifeEvent.objects.filter(person_id__in=parties, removed_at__isnull=True).select_related(
        "by", "case"
    ):
        url = reverse("assessment:life_edit", args=[event.case_id, event.pk])
        words = (event.words, event.detail, event.source_words)
        yield WrittenText(event.case_id, event.case.office_id, "生育歴", event.at, event.by, words, url)
