"""`{% load notices %}{% mail_trouble %}`: that a worker's letters do not arrive, on their own 今日."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from tsunagi.notices.queries import mail_is_broken

register = template.Library()


@register.inclusion_tag("notices/_mail_trouble.html", takes_context=True)
def mail_trouble(context: Context) -> dict[str, Any]:
    """A banner while this worker's address is switched off."""
    return {"broken": mail_is_broken(context["request"].worker)}
