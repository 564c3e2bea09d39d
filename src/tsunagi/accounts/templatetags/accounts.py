"""`{% load accounts %}`: whether the city has a sign-on of its own."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def has_sign_on() -> bool:
    """Whether the page before the door offers the city's own sign-on."""
    return bool(settings.SIGN_ON["issuer"])
