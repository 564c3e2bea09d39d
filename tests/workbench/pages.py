"""Two forms whose deed writes a row: one view catches AlreadyDone, one lets it pass."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import include, path

from tsunagi.shared.edges import writes
from tsunagi.workbench import actions


def _deed(request: Any) -> HttpResponse:
    words = request.POST["words"]
    actions.keep(request.worker, uuid.uuid4(), "deed", "", words, "", {}, 1, request.now)
    actions.consume(request.worker, request.POST["draft"], f"/result/{words}/", request.now)
    return redirect(f"/result/{words}/")


@writes
def catches(request: HttpRequest) -> HttpResponse:
    try:
        return _deed(request)
    except actions.AlreadyDone as done:
        return redirect(done.result_link)


@writes
def lets_it_pass(request: HttpRequest) -> HttpResponse:
    return _deed(request)


urlpatterns = [
    path("catches/", catches),
    path("lets_it_pass/", lets_it_pass),
    path("work/", include("tsunagi.workbench.urls")),
    path("accounts/", include("allauth.account.urls")),
]
