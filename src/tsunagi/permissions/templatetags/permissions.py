"""`{% load permissions %}`: the tabs of 管理 that a worker may open, and the signs of the table."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse

from tsunagi.permissions.printing import sign
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach

register = template.Library()

_TABS = (
    ("開設の点検", ("setup:ready", "city"), Purpose.ADMINISTER, Reach.CITY),
    ("機関", ("offices", "office", "new_office", "edit_office"), Purpose.ADMINISTER, Reach.CITY),
    (
        "職員",
        (
            "workers",
            "worker",
            "new_worker",
            "edit_worker",
            "post",
            "end_posting",
            "reset_factor",
            "bind_sign_on",
        ),
        Purpose.ADMINISTER,
        Reach.CITY,
    ),
    ("申し出", ("proposals", "proposal"), Purpose.ADMINISTER, Reach.CITY),
    ("暦", ("calendar", "office_calendar"), Purpose.ADMINISTER, Reach.CITY),
    (
        "地域",
        ("setup:districts", "new_district", "district", "towns", "new_town", "town"),
        Purpose.ADMINISTER,
        Reach.CITY,
    ),
    ("コード表", ("codes:lists", "list", "code"), Purpose.ADMINISTER, Reach.CITY),
    ("設定", ("codes:settings", "setting"), Purpose.ADMINISTER, Reach.CITY),
    ("包みの鍵", ("referrals:keys", "compare_key", "end_key"), Purpose.ADMINISTER, Reach.CITY),
    ("メール", ("notices:mail_state",), Purpose.ADMINISTER, Reach.CITY),
    ("添付", ("workbench:files_state",), Purpose.ADMINISTER, Reach.CITY),
    ("見直し", ("setup:reviews", "begin_reviews", "review", "hand_review"), Purpose.REVIEW, Reach.OFFICE),
    ("保存・請求・事故", ("records:index",), Purpose.ANSWER_FOR, Reach.OFFICE),
    ("書類", ("records:papers",), Purpose.ADMINISTER, Reach.CITY),
    ("記録", ("journal",), Purpose.JOURNAL, Reach.NUMBERS),
)


def _address(name: str) -> str:
    """A page of 管理 by its name; one that another module keeps says which."""
    return reverse(name if ":" in name else f"permissions:{name}")


def _bare(names: tuple[str, ...]) -> set[str]:
    return {name.rpartition(":")[2] for name in names}


@register.inclusion_tag("ui/parts/tabs.html", takes_context=True)
def manage_tabs(context: Context) -> dict[str, Any]:
    """The tabs of 管理; the permission table is everybody's."""
    request = context["request"]
    here = request.resolver_match.url_name
    items = [
        {"label": label, "url": _address(names[0]), "current": here in _bare(names), "count": None}
        for label, names, purpose, reach in _TABS
        if reach_of(request.worker, purpose) >= reach
    ]
    items.append(
        {"label": "権限表", "url": reverse("permissions:table"), "current": here == "table", "count": None}
    )
    return {"items": items, "label": "管理の中"}


@register.filter
def reach_sign(reach: Reach) -> str:
    """The letter that stands for a reach in the table."""
    return sign(reach)
