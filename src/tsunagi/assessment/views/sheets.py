"""The assessment on the screen: its sections, the screening, the difference, what the household shows."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import workers_of
from tsunagi.assessment import actions, forms, queries
from tsunagi.assessment.access import (
    assessment_for,
    file_for,
    open_assessment,
    section_for,
    unknown_for,
)
from tsunagi.assessment.rules import ENDING, Outcome, Section, Verdict, View
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import sheet as draft_sheet

from ._flow import HERE, draft_id, home, run


@reads
def index(request: HttpRequest, case_id: int) -> HttpResponse:
    """The sections with how far they are, what is not known, where views differ, the screening, and the patterns."""
    case, family = file_for(request.worker, case_id, on=request.today)
    sheet = queries.sheet_of(
        request.worker, case, on=request.today, number=_number(request), family=family, with_choices=False
    )
    return page(
        request, "assessment/index.html", head=queries.head_of(request.worker, case), sheet=sheet,
        rounds=queries.rounds_of(case), rows=[(section, sheet.of(section.value)) for section in Section if sheet.of(section.value)],
        patterns=queries.patterns_of(case, family, on=request.today), here=HERE,
    )  # fmt: skip


@reads
def whole(request: HttpRequest, case_id: int) -> HttpResponse:
    """Everything that was answered, to be read and printed."""
    case, family = file_for(request.worker, case_id, on=request.today)
    sheet = queries.sheet_of(
        request.worker, case, on=request.today, number=_number(request), family=family, with_choices=False
    )
    return page(
        request, "assessment/whole.html", head=queries.head_of(request.worker, case), sheet=sheet,
        rows=[(one, begun) for one in Section if (begun := [part for part in sheet.of(one.value) if part.touched_at])],
        rounds=queries.rounds_of(case), here=HERE,
    )  # fmt: skip


@reads
def difference(request: HttpRequest, case_id: int, number: int) -> HttpResponse:
    """What is not as it was at the assessment before."""
    case, family = file_for(request.worker, case_id, on=request.today)
    assessment = assessment_for(case, number)
    changed = queries.difference_of(request.worker, case, on=request.today, number=number, family=family)
    return page(
        request, "assessment/difference.html", head=queries.head_of(request.worker, case), assessment=assessment,
        changed=changed, rounds=queries.rounds_of(case), here=HERE,
    )  # fmt: skip


@writes
def begin(request: HttpRequest, case_id: int) -> HttpResponse:
    """Begin the assessment, or the next one."""
    case, _family = file_for(request.worker, case_id, on=request.today, write=True)
    rounds = queries.rounds_of(case)
    form = forms.BeginForm(bound(request), initial={"draft": draft_id()})

    def act(_typed: dict[str, Any]) -> tuple[str, str]:
        actions.begin_assessment(case, by=request.worker, at=request.now)
        return "アセスメントを始めました。どの項目からでも書けます。", home(case_id)

    title = "アセスメントをやり直す" if rounds else "アセスメントを始める"
    return run(request, form, act, case=case, title=title, template="assessment/begin.html", rounds=rounds)


@writes
def section(request: HttpRequest, case_id: int, section: str, person_id: int) -> HttpResponse:
    """One section of the household (0) or of a person, in one view; it saves itself while typing."""
    case, family, wanted = section_for(request.worker, case_id, section, person_id or None, on=request.today)
    assessment = open_assessment(case)
    if assessment is None:
        return redirect("assessment:begin", case_id)
    view = _view(request)
    found = queries.section_page(family, assessment, wanted, person_id or None, view)
    link = f"{reverse('assessment:section', args=[case_id, wanted.value, person_id])}?view={view.value}"
    draft = draft_sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="assessment.section",
        title=f"アセスメント {wanted.label}", link=link, subject=f"{case_id}.{wanted.value}.{person_id}.{view.value}",
    )  # fmt: skip
    form = draft.fill(
        _section_form(bound(request), found, view, family.facets_of(person_id or None), case, draft.id)
    )
    return _write_section(
        request,
        form,
        (case, family, assessment),
        found,
        step=(wanted, person_id or None, view),
        draft=draft,
        link=link,
    )


@writes
def unknown(request: HttpRequest, case_id: int, unknown_id: int) -> HttpResponse:
    """What was not known is found out."""
    found = unknown_for(request.worker, case_id, unknown_id, on=request.today)
    case, _family = file_for(request.worker, case_id, on=request.today, write=True)
    form = forms.WordsForm(bound(request), initial={"draft": draft_id()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.settle_unknown(found, words=typed["words"], by=request.worker, at=request.now)
        return "分かったことを書きました。", home(case_id)

    return run(request, form, act, case=case, title="分かったことを書く", lead=found.words)


@writes
def screening(request: HttpRequest, case_id: int) -> HttpResponse:
    """スクリーニング: result, day, reason; the stage follows, a closing does not."""
    case, _family = file_for(request.worker, case_id, on=request.today, write=True)
    assessment = open_assessment(case)
    if assessment is None and (rounds := queries.rounds_of(case)):
        assessment = assessment_for(case, rounds[0].number)
    if assessment is None:
        return redirect("assessment:begin", case_id)
    draft = draft_sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="assessment.screening",
        title="スクリーニング", link=request.path, subject=str(case_id),
    )  # fmt: skip
    form = draft.fill(forms.ScreeningForm(bound(request), initial={"draft": draft.id}))

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.screen(assessment, form.wish(request.today), by=request.worker, at=request.now)  # type: ignore[attr-defined]
        if Outcome(typed["outcome"]) in ENDING:
            return "記録しました。支援を終えるときは、「終結する」から終わりの記録をしてください。", home(
                case_id
            )
        return "スクリーニングを記録しました。", home(case_id)

    return run(
        request,
        form,
        act,
        case=case,
        title="スクリーニング",
        template="assessment/screening.html",
        sheet=draft,
    )


@writes
def finish(request: HttpRequest, case_id: int) -> HttpResponse:
    """Put the assessment together on a day."""
    case, family = file_for(request.worker, case_id, on=request.today, write=True)
    assessment = open_assessment(case)
    if assessment is None:
        raise Http404
    sheet = queries.sheet_of(request.worker, case, on=request.today, family=family, with_choices=False)
    form = forms.FinishForm(bound(request), initial={"draft": draft_id()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.finish_assessment(
            assessment, on=typed["on"] or request.today, by=request.worker, at=request.now
        )
        return "アセスメントをまとめました。", home(case_id)

    return run(
        request,
        form,
        act,
        case=case,
        title="アセスメントをまとめる",
        template="assessment/finish.html",
        sheet_card=sheet,
    )


@writes
def pattern(request: HttpRequest, case_id: int, pattern: str) -> HttpResponse:
    """A word about what the household shows."""
    case, family = file_for(request.worker, case_id, on=request.today, write=True)
    persons = request.GET.get("persons", "")
    found = queries.pattern_found(case, family, pattern, persons, on=request.today)
    cards = queries.patterns_of(case, family, on=request.today)
    card = next((one for one in cards if (one.pattern, one.persons) == (pattern, persons)), None)
    if found is None or card is None:
        raise Http404
    form = forms.PatternForm(bound(request), initial={"draft": draft_id()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.answer_pattern(
            case, found, Verdict(typed["verdict"]), reason=typed["reason"], until_on=typed["until_on"], by=request.worker,
            at=request.now,
        )  # fmt: skip
        return "答えを残しました。もとの記録が変わると、もう一度たずねます。", f"{home(case_id)}#patterns"

    return run(
        request,
        form,
        act,
        case=case,
        title=f"世帯の形：{card.label}",
        template="assessment/pattern.html",
        card=card,
    )


# -- pieces


def _section_form(data: Any, found: Any, view: View, facets: Any, case: Any, draft: Any) -> Any:
    finders = (
        [(card.id, card.name) for card in workers_of([case.office_id])] if view is View.SUPPORTER else []
    )
    start = {"draft": draft, "revision": found.revision, "complete": found.part.state == "complete"}
    return forms.SectionForm(
        data,
        asked=found.asked,
        view=view,
        facets=facets,
        answers=found.answers,
        finders=finders,
        initial=start,
    )


def _write_section(
    request: HttpRequest, form: Any, where: tuple[Any, Any, Any], found: Any, *, step: tuple[Section, Any, View],
    draft: Any, link: str,
) -> HttpResponse:  # fmt: skip
    case, family, assessment = where
    wanted, person_id, view = step
    following = queries.step_after(family, wanted, person_id)
    status, clashes = None, []
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            claim(request.worker, typed["draft"])  # type: ignore[attr-defined]
            actions.write_section(
                assessment, wanted, person_id, view, form.answers(), revision=typed["revision"],
                facets=family.facets_of(person_id), complete=typed.get("complete"), not_known=form.not_known(),
                by=request.worker, at=request.now,  # type: ignore[attr-defined]
            )  # fmt: skip
            goal = _goal(request, case.pk, wanted, person_id, following)
            consume(request.worker, typed["draft"], goal, request.now)  # type: ignore[attr-defined]
            messages.success(request, f"「{wanted.label}」を保存しました。")
            return redirect(goal)
        except AlreadyDone as done:
            return redirect(done.result_link or home(case.pk))
        except actions.BothWrote as both:
            status, clashes = 409, _both_sides(found, form, both.questions)
            form = _over_theirs(request, form, where, step, found, draft.id)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(
        request, "assessment/section.html", status=status, form=form, found=found, asked=_asked(form, found),
        head=queries.head_of(request.worker, case), section=wanted, person_id=person_id or 0,  # type: ignore[attr-defined]
        subjects=[(number or 0, family.label_of(number), number == person_id) for number in family.subjects(wanted)],
        kin=family.member(person_id), view=view, views=list(View), following=following, clashes=clashes, sheet=draft,
        steps=queries.walk(family), stale=actions.BOTH_WROTE if clashes else "", here=HERE,
    )  # fmt: skip


def _asked(form: Any, found: Any) -> list[tuple[Any, Any, Any]]:
    """Each question with its field and what others said."""
    return [(question, form[question.key], found.others.get(question.key, ())) for question in form.asked]


def _both_sides(found: Any, form: Any, keys: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """(label, theirs, mine) of each answer that two people gave differently."""
    typed, sides = form.answers(), []
    asked = {question.key: question for question in form.asked}
    for key in keys:
        question = asked.get(key)
        label = str(form.fields[key].label)
        theirs, mine = found.answers.get(key), typed[key]
        if question is None:
            sides.append((label, theirs.words if theirs else "", mine.words))
        else:
            sides.append(
                (
                    label,
                    queries.in_words(question, theirs) if theirs else "",
                    queries.in_words(question, mine),
                )
            )
    return sides


def _over_theirs(
    request: HttpRequest,
    form: Any,
    where: tuple[Any, Any, Any],
    step: tuple[Section, Any, View],
    found: Any,
    draft: Any,
) -> Any:
    """The form again: what this worker typed stays, what they had not touched is as it is now, and it may be sent."""
    case, family, assessment = where
    wanted, person_id, view = step
    fresh = queries.mine_over_theirs(
        family, assessment, wanted, person_id, view, form.answers(), form.cleaned_data["revision"]
    )
    data = request.POST.copy()
    for key, given in fresh.items():
        data.setlist(key, list(given.values) or [given.words])
    data["revision"] = str(found.revision)
    again = _section_form(data, found, view, family.facets_of(person_id), case, draft)
    again.is_valid()
    return again


def _goal(request: HttpRequest, case_id: int, wanted: Section, person_id: Any, following: Any) -> str:
    """Where to after saving: the next page, the list, or the same section in another view."""
    go = request.POST.get("go", "next")
    if go in View.values():
        return f"{reverse('assessment:section', args=[case_id, wanted.value, person_id or 0])}?view={go}"
    if go == "next" and following is not None:
        return reverse("assessment:section", args=[case_id, following.section, following.person_id or 0])
    return home(case_id)


def _view(request: HttpRequest) -> View:
    asked = request.POST.get("view") or request.GET.get("view") or ""
    return View(asked) if asked in View.values() else View.SUPPORTER


def _number(request: HttpRequest) -> int | None:
    asked = request.GET.get("n", "")
    return int(asked) if asked.isdecimal() and len(asked) < 5 and int(asked) > 0 else None
