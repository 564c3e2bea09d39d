"""A mypy plugin: what config's middleware puts on every request, so that views may say plain `HttpRequest`."""

from __future__ import annotations

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import ClassDefContext, Plugin
from mypy.types import AnyType, Type, TypeOfAny

REQUEST = "django.http.request.HttpRequest"
PUT_THERE = {"worker": None, "now": "datetime.datetime", "today": "datetime.date", "htmx": None}


def put_there(context: ClassDefContext) -> None:
    """Give HttpRequest the attributes of `tsunagi.config.middleware`."""
    info = context.cls.info
    for name, kind in PUT_THERE.items():
        if name in info.names:
            continue
        found: Type | None = context.api.named_type_or_none(kind) if kind else None
        variable = Var(name, found or AnyType(TypeOfAny.special_form))
        variable.info = info
        variable._fullname = f"{REQUEST}.{name}"
        variable.is_initialized_in_class = True
        info.names[name] = SymbolTableNode(MDEF, variable, plugin_generated=True)


class RequestPlugin(Plugin):
    """Knows one class."""

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        """Asked for every class mypy meets."""
        return put_there if fullname == REQUEST else None


def plugin(version: str) -> type[Plugin]:
    """What mypy asks for."""
    return RequestPlugin
