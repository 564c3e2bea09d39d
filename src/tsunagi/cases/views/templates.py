"""Templates for common notes: the city's, an office's, one's own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.cases import actions, forms
from tsunagi.cases.access import require_templates, template_for
from tsunagi.cases.queries import template_kinds, templates_for
from tsunagi.cases.rules import PLACEHOLDERS
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, page

from ._flow import opened, run

PLACES = tuple((f"{{{name}}}", words) for name, words in PLACEHOLDERS.items())


@reads
def templates(request: HttpRequest) -> HttpResponse:
    """The templates this worker may use."""
    require_templates(request.worker)
    return page(
        request,
        "cases/templates.html",
        cards=templates_for(request.worker),
        may_add=bool(template_kinds(request.worker)),
    )


@writes
def template_new(request: HttpRequest) -> HttpResponse:
    """A new template."""
    require_templates(request.worker)
    draft = opened(request, "template", "定型")
    form = draft.fill(forms.TemplateForm(bound(request), whose=template_kinds(request.worker)))

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.write_template(typed["of"], _wish(typed), by=request.worker, at=request.now)
        return "定型を作りました。", reverse("cases:templates")

    return run(
        request, form, act, template="cases/template.html", title="定型を作る", back=reverse("cases:templates"), sheet=draft,
        no_files=True, places=PLACES,
    )  # fmt: skip


@writes
def template_edit(request: HttpRequest, template_id: int) -> HttpResponse:
    """Change a template, or take it out of use. Entries that were written with it stay as they are."""
    found = template_for(request.worker, template_id)
    if "retire" in request.POST:
        actions.retire_template(found, by=request.worker, at=request.now)
        messages.success(request, "この定型を、使わないことにしました。書いた記録はそのまま残ります。")
        return redirect("cases:templates")
    draft = opened(request, "template", "定型", str(template_id))
    boxes = ("name", "kind", "facts", "judgement", "policy", "next_step", "revision")
    form = draft.fill(
        forms.TemplateForm(bound(request), initial={name: getattr(found, name) for name in boxes})
    )

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.change_template(
            found, _wish(typed), revision=typed["revision"] or 0, by=request.worker, at=request.now
        )
        return "定型を直しました。", reverse("cases:templates")

    return run(
        request, form, act, template="cases/template.html", title="定型を直す", back=reverse("cases:templates"), sheet=draft,
        no_files=True, places=PLACES, theirs=found,
    )  # fmt: skip


def _wish(typed: dict[str, Any]) -> actions.TemplateWish:
    boxes = ("name", "kind", "facts", "judgement", "policy", "next_step")
    return actions.TemplateWish(**{name: typed[name] for name in boxes})
