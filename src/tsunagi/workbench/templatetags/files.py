"""`{% load files %}`: the files of one of many records, `contact_files|of:line.contact_id`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def of(found: Mapping[int, Sequence[Any]], number: int | None) -> Sequence[Any]:
    """What belongs to this number."""
    return found.get(number or 0, ())
