"""The tabs of one file: its own pages and those of the modules above, as far as they are there."""

from __future__ import annotations

from django import template
from django.urls import NoReverseMatch, reverse

register = template.Library()

# Key, words, URL name, and whether the page is of the file or of whose file it is.
TABS = (
    ("notes", "経過", "cases:detail", "case"),
    ("assessment", "アセスメント", "assessment:index", "case"),
    ("history", "強み・生育歴", "assessment:history", "case"),
    ("plans", "プラン", "plans:index", "case"),
    ("genogram", "図", "genogram:picture", "party"),
    ("guardianship", "権利擁護", "guardianship:index", "party"),
    ("paperwork", "帳票", "paperwork:index", "case"),
)


@register.inclusion_tag("ui/parts/tabs.html")
def case_tabs(case_id: int, party_id: int, current: str) -> dict[str, object]:
    """The tabs of a file, the one with key `current` marked."""
    items = []
    for key, label, name, of in TABS:
        try:
            url = reverse(name, args=[case_id if of == "case" else party_id])
            # A page of a person does not know which file led there: it is told, to lead back.
            url += "" if of == "case" else f"?case={case_id}"
        except NoReverseMatch:
            continue
        items.append({"label": label, "url": url, "current": key == current, "count": None})
    return {"items": items, "label": "この支援のページ"}
