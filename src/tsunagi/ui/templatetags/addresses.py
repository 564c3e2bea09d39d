"""`{% url %}` that remembers: a page asks for the same hundred addresses every time, and Django seeks each anew.

What an address is follows from its name and its numbers alone, as long as the process runs; it never depends on who
asks. 今日 of a busy worker spent a seventh of its time on it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.html import conditional_escape

register = template.Library()


class KeptURLNode(URLNode):
    """Django's node, asked once for each name and its arguments."""

    def render(self, context: Context) -> str:
        """The address, or "" set under the name of `as` when there is none."""
        name = self.view_name.resolve(context)
        args = tuple(value.resolve(context) for value in self.args)
        named = tuple((key, value.resolve(context)) for key, value in self.kwargs.items())
        try:
            address = _address(name, args, named, get_script_prefix(), get_urlconf() or settings.ROOT_URLCONF)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            address = ""
        if self.asvar:
            context[self.asvar] = address
            return ""
        return conditional_escape(address) if context.autoescape else address


@lru_cache(maxsize=8192)
def _address(
    name: str, args: tuple[Any, ...], named: tuple[tuple[str, Any], ...], prefix: str, urlconf: str
) -> str:
    return reverse(name, urlconf=urlconf, args=args, kwargs=dict(named))


@register.tag("url")
def url(parser: Parser, token: Token) -> KeptURLNode:
    """As Django's own, see there."""
    node = django_url(parser, token)
    return KeptURLNode(node.view_name, node.args, node.kwargs, node.asvar)
