"""Strengths and lives on the screen."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from tsunagi.assessment import actions, forms, queries
from tsunagi.assessment.access import (
    file_for,
    life_event_for,
    life_kinds,
    strength_for,
)
from tsunagi.assessment.rules import View, Whose
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.queries import sheet as draft_sheet

from ._flow import HERE, draft_id, history_page, run


@reads
def history(request: HttpRequest, case_id: int) -> HttpResponse:
    """Strengths, and the lives of the people of the household."""
    case, family = file_for(request.worker, case_id, on=request.today)
    strengths = queries.strengths_of(request.worker, case, on=request.today, family=family)
    return page(
        request, "assessment/history.html", head=queries.head_of(request.worker, case),
        groups=[(whose.label, [card for card in strengths if card.whose == whose]) for whose in Whose],
        strengths=strengths, lives=queries.history_of(request.worker, case, on=request.today, family=family), here=HERE,
    )  # fmt: skip


@writes
def strength_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write down a strength."""
    case, family = file_for(request.worker, case_id, on=request.today, write=True)
    draft = draft_sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="assessment.strength", title="強み",
        link=request.path, subject=str(case_id),
    )  # fmt: skip
    start = {"draft": draft.id, "whose": Whose.PERSON.value, "told_by": View.SUPPORTER.value}
    subjects = queries.strength_subjects(family, case)
    form = draft.fill(forms.StrengthForm(bound(request), subjects=subjects, initial=start))

    def act(_typed: dict[str, Any]) -> tuple[str, str]:
        actions.add_strength(case, form.wish(), by=request.worker, at=request.now)  # type: ignore[attr-defined]
        return "強みを書きました。", history_page(case_id)

    return run(
        request, form, act, case=case, title="強みを書く", template="assessment/strength.html", sheet=draft,
        back=history_page(case_id),
    )  # fmt: skip


@writes
def strength_edit(request: HttpRequest, case_id: int, strength_id: int) -> HttpResponse:
    """Put a strength right, or say that it ended."""
    found, family = strength_for(request.worker, case_id, strength_id, on=request.today)
    case, _family = file_for(request.worker, case_id, on=request.today, write=True)
    names = ("whose", "words", "evidence", "told_by", "ended_on", "ended_words", "revision")
    start = {name: getattr(found, name) for name in names} | {
        "party": found.party_id, "since": found.since_text, "draft": draft_id(),
    }  # fmt: skip
    subjects = queries.strength_subjects(family, case)
    form = forms.StrengthEditForm(bound(request), subjects=subjects, initial=start)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.correct_strength(
            found, form.wish(), revision=typed["revision"], by=request.worker, at=request.now
        )
        return "直しました。前の記録も残っています。", history_page(case_id)

    both = [("強み", found.words, "words"), ("そう思う場面", found.evidence, "evidence")]
    return run(
        request, form, act, case=case, title="強みを直す", template="assessment/strength.html", back=history_page(case_id),
        theirs=found, both=both,
    )  # fmt: skip


@writes
def life_new(request: HttpRequest, case_id: int, person_id: int) -> HttpResponse:
    """Write down something of a person's life."""
    case, family = file_for(request.worker, case_id, on=request.today, write=True)
    kinds = life_kinds(family, person_id)
    if not kinds:
        raise Http404
    draft = draft_sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="assessment.life", title="生育歴",
        link=request.path, subject=f"{case_id}.{person_id}",
    )  # fmt: skip
    start = {"draft": draft.id, "since": request.GET.get("since", "")[:40]}
    form = draft.fill(forms.LifeForm(bound(request), kinds=kinds, initial=start))

    def act(_typed: dict[str, Any]) -> tuple[str, str]:
        actions.add_life_event(case, person_id, form.wish(), by=request.worker, at=request.now)  # type: ignore[attr-defined]
        return "生育歴に書きました。", f"{history_page(case_id)}#life-{person_id}"

    return run(
        request, form, act, case=case, title="できごとを書く", template="assessment/life.html", sheet=draft,
        back=history_page(case_id), kin=family.member(person_id),
    )  # fmt: skip


@writes
def life_edit(request: HttpRequest, case_id: int, event_id: int) -> HttpResponse:
    """Put a life event right; the older words stay."""
    found, family = life_event_for(request.worker, case_id, event_id, on=request.today)
    case, _family = file_for(request.worker, case_id, on=request.today, write=True)
    names = ("kind", "words", "detail", "goes_on", "source", "source_words", "revision")
    start = {name: getattr(found, name) for name in names} | {
        "since": found.since_text, "until": found.until_text, "draft": draft_id(),
    }  # fmt: skip
    kinds = life_kinds(family, found.person_id)
    form = forms.LifeEditForm(bound(request), kinds=kinds, initial=start)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.correct_life_event(
            found, form.wish(), revision=typed["revision"], by=request.worker, at=request.now
        )
        return "直しました。前の記録も残っています。", f"{history_page(case_id)}#life-{found.person_id}"

    both = [
        ("できごと", found.words, "words"),
        ("いつ", found.since_text, "since"),
        ("くわしく", found.detail, "detail"),
    ]
    return run(
        request, form, act, case=case, title="できごとを直す", template="assessment/life.html", back=history_page(case_id),
        kin=family.member(found.person_id), theirs=found, both=both,
    )  # fmt: skip


@writes
def life_remove(request: HttpRequest, case_id: int, event_id: int) -> HttpResponse:
    """Take a life event out because it was wrong."""
    found, _family = life_event_for(request.worker, case_id, event_id, on=request.today)
    case, _ = file_for(request.worker, case_id, on=request.today, write=True)
    form = forms.RemoveForm(bound(request), initial={"draft": draft_id()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.remove_life_event(found, why=typed["why"], by=request.worker, at=request.now)
        return "取り消しました。記録は残っています。", f"{history_page(case_id)}#life-{found.person_id}"

    return run(
        request,
        form,
        act,
        case=case,
        title="できごとを取り消す",
        lead=found.words,
        back=history_page(case_id),
    )
