"""`{% filters_bar "mine" asked %}`: the kept filters of a list, and the place to keep what it is filtered by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.template import Context

from tsunagi.workbench.queries import filters_of, list_link
from tsunagi.workbench.rules import asked_of

register = template.Library()


@register.inclusion_tag("workbench/_filters.html", takes_context=True)
def filters_bar(context: Context, place: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """`asked`: the parameters the list is filtered by now; what is not a code or a number is left out."""
    request = context["request"]
    chosen = asked_of(place, {name: str(value) for name, value in asked.items() if value})
    return {
        "place": place,
        "filters": filters_of(request.worker, place),
        "asked": chosen,
        "here": list_link(place, chosen),
        "whole": list_link(place, {}),
        "csrf_token": context.get("csrf_token"),
    }
