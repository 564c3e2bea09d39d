"""What every test is strict about: template variables, ordered lists, the markup of every page, queries."""

from __future__ import annotations

import contextlib
import html.parser
import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.base import Node
from django.template.defaulttags import ForNode
from django.test import Client
from django.urls import Resolver404

from tsunagi.config.modules import PACKAGE


def is_own(origin: Any) -> bool:
    """Whether a template is ours (a library's templates have their own manners)."""
    name = getattr(origin, "name", None)
    return isinstance(name, str) and Path(name).is_relative_to(PACKAGE)


class UndefinedVariable(str):
    """Django's `string_if_invalid`: an undefined variable in one of our own templates fails the test."""

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: Any) -> str:  # type: ignore[override]
        origin = _origin_of_the_node_being_rendered()
        if is_own(origin):
            raise AssertionError(f"{origin.name}: undefined template variable {variable}")
        return ""

    def __bool__(self) -> bool:
        return True


def _origin_of_the_node_being_rendered() -> Any:
    frame = inspect.currentframe()
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return node.origin
        frame = frame.f_back
    return None


_render_for = ForNode.render


def _render_ordered(self: ForNode, context: Any) -> str:
    if is_own(getattr(self, "origin", None)):
        values = self.sequence.resolve(context, ignore_failures=True)
        if isinstance(values, QuerySet) and not values.ordered:
            raise AssertionError(f"{self.origin.name}: the list {self.sequence.token!r} is not ordered")
    return _render_for(self, context)


def forbid_unordered_lists() -> None:
    """From here on a `{% for %}` over an unordered queryset fails."""
    ForNode.render = _render_ordered  # type: ignore[method-assign]


# -- pages ------------------------------------------------------------------------------------------------


class _Markup(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.form: str | None = None
        self.has_token = False
        self.ids: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name, value in attrs:
            if name.startswith("on"):
                self.wrong.append(f"inline handler {name} on <{tag}>")
            if name == "style":
                self.wrong.append(f"inline style on <{tag}>")
            if name in ("href", "src", "action") and (value or "").strip().lower().startswith("javascript:"):
                self.wrong.append(f"javascript: address on <{tag}>")
            if name in ("src", "href", "action") and re.match(r"(https?:)?//", value or "") and tag != "a":
                self.wrong.append(f"<{tag}> asks another server: {value}")
        if tag == "script" and "src" not in values and values.get("type") != "application/json":
            self.wrong.append("inline <script>")
        if tag == "style":
            self.wrong.append("inline <style>")
        if values.get("id"):
            if values["id"] in self.ids:
                self.wrong.append(f"id {values['id']!r} twice")
            self.ids.add(str(values["id"]))
        if tag == "form" and (values.get("method") or "").lower() == "post":
            self.form, self.has_token = values.get("action") or "", False
        if tag == "input" and values.get("name") == "csrfmiddlewaretoken":
            self.has_token = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.form is not None:
            if not self.has_token:
                self.wrong.append(f"the form to {self.form!r} has no CSRF token")
            self.form = None


def faults_of(text: str) -> list[str]:
    """What is wrong with a page's markup: inline code or style, unrendered template, missing token, ..."""
    markup = _Markup()
    markup.feed(text)
    faults = list(markup.wrong)
    for sign in ("{{", "{%"):
        if sign in text:
            faults.append(
                f"unrendered {sign!r} near {text[max(0, text.index(sign) - 40) : text.index(sign) + 40]!r}"
            )
    return faults


@dataclass(frozen=True)
class Visit:
    """One request of the strict client: which page, by whom (None = anonymous), and what came back."""

    url_name: str
    worker_id: int | None
    status: int


visits: list[Visit] = []
"""The visits of the test that runs."""
promised: tuple[str, ...] = ()
"""The URL names of its `visits` mark; what is visited for it is visited by everybody (tests/matrix)."""


class StrictClient(Client):
    """Django's client with the CSRF check on; it refuses pages with inline code, styles or unrendered `{{`.

    `post` brings a valid token by itself: that every form *carries* one is checked on every page it receives.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(enforce_csrf_checks=True, **kwargs)

    def request(self, **request: Any) -> Any:
        """Ask, and look at what comes back; what a `visits` mark promises is asked by everybody else too."""
        if promised and request.get("REQUEST_METHOD") == "POST":
            _everybody().before_post(self, request, promised)
        looks = bool(promised) and request.get("REQUEST_METHOD", "GET") == "GET"
        with _everybody().watched() if looks else contextlib.nullcontext() as seen:
            response = super().request(**request)
        with contextlib.suppress(Resolver404):
            name = response.resolver_match.view_name
            worker = (
                self.session.get("_auth_user_id") if settings.SESSION_COOKIE_NAME in self.cookies else None
            )
            visits.append(Visit(name, int(worker) if worker else None, response.status_code))
        check_page(response)
        if looks:
            _everybody().after_get(self, request, promised, response, seen)
        return response

    def post(self, path: str, data: Any = None, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        """POST with a valid CSRF token."""
        return super().post(
            path, data, *args, **(kwargs | {"headers": self._token() | (kwargs.get("headers") or {})})
        )

    def _token(self) -> dict[str, str]:
        from django.middleware.csrf import _get_new_csrf_string

        if settings.CSRF_COOKIE_NAME not in self.cookies:
            self.cookies[settings.CSRF_COOKIE_NAME] = _get_new_csrf_string()
        return {"X-CSRFToken": self.cookies[settings.CSRF_COOKIE_NAME].value}

    def htmx(self, method: str, path: str, data: Any = None, **headers: str) -> Any:
        """The same request as htmx sends it."""
        ask = self.post if method.lower() == "post" else self.get
        return ask(path, data, headers={"HX-Request": "true"} | headers)


def _everybody() -> Any:
    """The matrix, which needs the models; this file is read before they are."""
    from tests.matrix import everybody

    return everybody


def check_page(response: HttpResponse) -> None:
    """Fail for an HTML answer that is not as our pages are."""
    if response.headers.get("Content-Type", "").startswith("text/html") and not response.streaming:
        faults = faults_of(response.content.decode())
        if faults:
            path = getattr(response, "request", {}).get("PATH_INFO", "")
            raise AssertionError(f"{path}: {'; '.join(faults)}")


# -- queries ----------------------------------------------------------------------------------------------


@dataclass
class Queries:
    """The queries of a block, without the edges' own statements and savepoints."""

    statements: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.statements)

    @property
    def tables(self) -> list[str]:
        """The tables asked, sorted, each once."""
        words = (
            re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "?([a-z_][a-z0-9_]*)"?', text) for text in self.statements
        )
        return sorted({table for found in words for table in found})

    @property
    def shape(self) -> tuple[int, list[str]]:
        """What must be the same for 2 and for 20 rows."""
        return self.count, self.tables


_OWN = ("SELECT set_config(", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "SET CONSTRAINTS")


@contextlib.contextmanager
def counted_queries() -> Iterator[Queries]:
    """Collect the queries of a block: `with counted_queries() as two: client.get(url)`."""
    seen = Queries()

    def note(execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        text = statement if isinstance(statement, str) else str(statement)
        if not text.startswith(_OWN):
            seen.statements.append(text)
        return execute(statement, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
