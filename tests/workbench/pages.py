"""Forms with drafts: two whose deed writes a row (one view catches AlreadyDone, one lets it pass), one for a browser."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound
from tsunagi.workbench import actions, queries


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


class Capture(forms.Form):
    words = forms.CharField(label="お話の内容", widget=forms.Textarea, required=False)


PAGE = """{% extends "ui/base.html" %}{% load ui %}{% block title %}受付{% endblock %}
{% block content %}<h1>受付</h1>
<form id="capture" method="post" action="/capture/" {% draft_attrs sheet.url sheet.seq %}>{% csrf_token %}
{% include "workbench/_draft.html" %}{% field form.words rows=6 %}
<div class="buttons">{% draft_bar sheet.url sheet.saved_at %}{% button "受け付ける" kind="primary" %}</div></form>
{% endblock %}"""


@writes
def capture(request: Any) -> HttpResponse:
    """A form as the product's forms are: it saves itself, and its deed finishes the draft."""
    given = request.POST.get("draft") or request.GET.get("draft")
    sheet = queries.sheet(request.worker, given, kind="capture", title="受付", link="/capture/")
    form = sheet.fill(Capture(bound(request)))
    if form.is_valid():
        actions.consume(request.worker, sheet.id, "/done/", request.now)
        return redirect("/done/")
    return HttpResponse(engines["django"].from_string(PAGE).render({"sheet": sheet, "form": form}, request))


@reads
def done(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        "<!doctype html><html lang='ja'><title>できました</title><p>受け付けました</p></html>"
    )


urlpatterns = [
    path("capture/", capture),
    path("done/", done),
    path("catches/", catches),
    path("lets_it_pass/", lets_it_pass),
    path("workbench/", include("tsunagi.workbench.urls")),
    path("notices/", include("tsunagi.notices.urls")),
    path("ui/", include("tsunagi.ui.urls")),
    path("accounts/", include("tsunagi.config.sign_in_urls")),
]
