"""Small views that only the tests of the edges have."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path

from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.refusal import Refused

tries: list[str] = []
"""What the views were asked, in order; emptied by the tests."""


def ask(statement: str, parameters: Any = ()) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone() if cursor.description else None


def look() -> None:
    leave_trail("case.seen", subject_kind="case", subject_id=12, purpose="read", ground="01")


@reads
def settings_of_the_transaction(request: HttpRequest) -> HttpResponse:
    row = ask(
        "SELECT current_setting('tsunagi.worker'), current_setting('transaction_read_only'), current_user"
    )
    return HttpResponse("|".join(row))


@reads
def looks(request: HttpRequest) -> HttpResponse:
    look()
    return HttpResponse("<p>seen")


@reads
def looks_and_finds_nothing(request: HttpRequest) -> HttpResponse:
    look()
    raise Http404


@reads
def looks_and_fails(request: HttpRequest) -> HttpResponse:
    look()
    raise ZeroDivisionError


@reads
def writes_in_a_read(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="never")
    return HttpResponse("written")


@writes
def makes_a_group(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return HttpResponse("form")
    look()
    Group.objects.create(name=request.POST["name"])
    return HttpResponse("made", status=int(request.POST.get("status", 200)))


@writes
def refuses_after_writing(request: HttpRequest) -> HttpResponse:
    look()
    Group.objects.create(name="half")
    raise Refused("返事待ちのつなぎが2件あります。結果を記録してください。")


@writes
def breaks_a_law_in_sql(request: HttpRequest) -> HttpResponse:
    ask(
        "DO $$ BEGIN RAISE EXCEPTION 'law' USING ERRCODE = '23514', CONSTRAINT = 'test_law',"
        " DETAIL = 'Failing row contains (山田花子)'; END $$"
    )
    return HttpResponse("broken")


@writes
def breaks_something_without_words(request: HttpRequest) -> HttpResponse:
    ask("INSERT INTO auth_group (name) VALUES (%s), (NULL)", [request.POST["name"]])
    return HttpResponse("broken")


@writes
def breaks_a_deferred_law(request: HttpRequest) -> HttpResponse:
    ask("INSERT INTO auth_permission (name, codename, content_type_id) VALUES ('x', 'x', -1)")
    return HttpResponse("broken")


@reads
def streams(request: HttpRequest) -> Any:
    return StreamingHttpResponse(iter(["a"]))


@reads
def renders_late(request: HttpRequest) -> Any:
    return TemplateResponse(request, "errors/error.html", {})


def _stumble(state: str) -> None:
    tries.append(state)
    if len(tries) == 1:
        ask(f"DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '{state}'; END $$")


@reads
def reads_through_a_deadlock(request: HttpRequest) -> HttpResponse:
    look()
    _stumble("40P01")
    return HttpResponse("read")


@writes
def writes_through_a_serialization_failure(request: HttpRequest) -> HttpResponse:
    _stumble("40001")
    return HttpResponse("written")


def _lose_the_connection() -> None:
    from tests import harness

    row = ask("SELECT pg_backend_pid()")
    tries.append("lost")
    if len(tries) == 1:
        with harness.CLUSTER.connect("postgres", "postgres") as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 5000)", [row[0]])
        ask("SELECT 1")


@reads
def reads_through_a_lost_connection(request: HttpRequest) -> HttpResponse:
    _lose_the_connection()
    return HttpResponse("read")


@writes
def writes_through_a_lost_connection(request: HttpRequest) -> HttpResponse:
    _lose_the_connection()
    return HttpResponse("written")


@login_not_required
@reads
def open_to_all(request: HttpRequest) -> HttpResponse:
    return HttpResponse("open")


def dies(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


_views = [value for value in list(globals().values()) if hasattr(value, "edge")] + [dies]
urlpatterns = [
    *(path(f"{view.__name__}/", view, name=view.__name__) for view in _views),
    path("accounts/", include("allauth.account.urls")),
]
handler404 = "tsunagi.config.errors.page_not_found"
handler500 = "tsunagi.config.errors.server_error"
