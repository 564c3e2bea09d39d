"""What the templates of the assessment ask of its cards."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tsunagi.assessment.queries import AssessmentSheet, PartCard, QuestionCard
from tsunagi.assessment.queries.patterns import BasisCard
from tsunagi.assessment.rules import PAGE_OF, Ask, Section

register = template.Library()


@register.simple_tag
def different(sheet: AssessmentSheet) -> list[tuple[PartCard, QuestionCard]]:
    """`{% different sheet as rows %}`: the questions that those who were heard see differently."""
    return [(part, question) for part in sheet.parts for question in part.different]


@register.simple_tag
def not_known(sheet: AssessmentSheet) -> list[tuple[PartCard, QuestionCard]]:
    """`{% not_known sheet as rows %}`: the questions answered with 「まだ分からない」."""
    return [(part, question) for part in sheet.parts for question in part.not_known]


@register.simple_tag
def section_lead(section: str) -> str:
    """`{% section_lead section %}`: the sentence under the name of a section."""
    return PAGE_OF[Section(section)].lead


@register.filter
def is_one(ask: str) -> bool:
    """`{{ question.ask|is_one }}`: whether one of the choices is chosen."""
    return ask == Ask.ONE


@register.filter
def is_empty(value: Any) -> bool:
    """`{{ field.value|is_empty }}`: whether nothing was answered yet."""
    return value in (None, "", [], ())


@register.simple_tag
def basis_link(case_id: int, one: BasisCard) -> SafeString:
    """`{% basis_link head.id one %}`: a record a pattern rests on, as a link to where it stands."""
    if one.kind == "answer":
        address = f"{reverse('assessment:whole', args=[case_id])}#{one.section}-{one.number}"
    elif one.kind == "life":
        address = reverse("assessment:history", args=[case_id])
    elif one.kind == "concern":
        address = reverse("holding:concern", args=[one.number])
    else:
        address = reverse("desk:person", args=[one.number])
    return format_html('<a href="{}">{}</a>', address, one.words)
