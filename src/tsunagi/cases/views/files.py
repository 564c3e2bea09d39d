"""The family's file on the screen: lists, one file, its entries, its ways."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.cases import actions, forms
from tsunagi.cases.access import case_for, jotting_for, note_for, own_case_for
from tsunagi.cases.queries import (
    CaseAsked,
    case_page,
    cases_of,
    chosen_concerns,
    concern_choices,
    filled,
    list_workers,
    my_concern_choices,
    note_workers,
    templates_for,
)
from tsunagi.cases.rules import JOTTING_SENTENCE, Consent, ListOrder, PlanDays, Stage, stages_by_hand
from tsunagi.guardianship.queries import signers_of
from tsunagi.holding.actions import write_secret
from tsunagi.people.access import party_for
from tsunagi.people.queries import name_of
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import asks, leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.queries import guarded_of
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, attach, claim, consume, take_in
from tsunagi.workbench.queries import sheet

from ._flow import draft_id, home, opened, run

SHOWS = (
    ("open", "支援中"),
    ("mine", "わたしが担う"),
    ("office", "自分の機関"),
    ("closed", "終結"),
    ("all", "すべて"),
)


@reads
def index(request: HttpRequest) -> HttpResponse:
    """Files this worker may see: filter, sort, total, a page at a time."""
    require(request.worker, Purpose.READ_CASE)
    asked = _asked(request)
    before = request.GET.get("before", "")
    found = cases_of(
        request.worker, asked=asked, before=int(before) if before.isdecimal() else None, on=request.today
    )
    leave_trail(
        "case.listed", subject_kind="list", subject_id=None, purpose=Purpose.READ_CASE,
        detail={"show": asked.show, "shown": [card.id for card in found.cards]},
    )  # fmt: skip
    kept = {
        "show": asked.show, "stage": asked.stage, "worker": asked.worker_id or "", "plan": asked.plan, "order": asked.order,
    }  # fmt: skip
    more = f"?{urlencode(kept | {'before': found.next_before})}" if found.next_before else ""
    return page(
        request, "cases/index.html", found=found, asked=asked, shows=SHOWS, stages=Stage.choices(), next_url=more,
        plans=PlanDays.choices(), orders=ListOrder.choices(), workers=list_workers(request.worker),
        first_url=f"?{urlencode(kept)}" if before else "",
    )  # fmt: skip


def _asked(request: HttpRequest) -> CaseAsked:
    asked = request.GET
    worker = asked.get("worker", "")
    return CaseAsked(
        show=asked.get("show", "open"),
        stage=asked.get("stage", ""),
        worker_id=int(worker) if worker.isdecimal() else None,
        plan=asked.get("plan", ""),
        order=asked.get("order", ListOrder.NEW.value),
    )


@asks
def detail(request: HttpRequest, case_id: int) -> HttpResponse:
    """One file, its entries a page at a time. What is searched for is posted: words do not stand in addresses."""
    case = case_for(request.worker, case_id)
    secrets = guarded_of(request.worker, "case", case.pk)
    asked = forms.NoteAskedForm(request.POST or request.GET, workers=note_workers(case))
    shown = case_page(request.worker, case, request.now, asked=asked.asked())
    return page(
        request, "cases/detail.html", case=shown, secrets=secrets, asked=asked, jotting_sentence=JOTTING_SENTENCE,
        narrowed=asked.asked().narrowed, before=asked.asked().before, quick=forms.QuickForm(initial={"draft": draft_id()}),
    )  # fmt: skip


@writes
def secret(request: HttpRequest, case_id: int) -> HttpResponse:
    """A fact under a special secret beside a file: with a door, or its writer's alone until the next business day."""
    case = case_for(request.worker, case_id)
    back = reverse("cases:detail", args=[case_id])
    draft = sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="cases.secret",
        title="特別な秘密", link=request.path,
    )  # fmt: skip
    form = forms.SecretForm(bound(request))
    draft.fill(form)
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            claim(request.worker, typed["draft"])
            write_secret(
                "case", case.pk, secret=typed["secret"], words=typed["words"], wish=form.wish(), by=request.worker,
                at=request.now,
            )  # fmt: skip
            consume(request.worker, typed["draft"], back, request.now)
            messages.success(
                request, "記録しました。" if typed["door"] else "あなただけが読めるように、預かりました。"
            )
            return redirect(back)
        except AlreadyDone as before:
            return redirect(before.result_link or back)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    return page(
        request,
        "intake/secret.html",
        form=form,
        sheet=draft,
        back=back,
        text=None,
        slip_url=reverse("intake:slip_new"),
    )


@reads
def paper(request: HttpRequest, case_id: int) -> HttpResponse:
    """The file on A4: every entry, with the person's own words; no supervision, no jottings."""
    case = case_for(request.worker, case_id)
    return page(request, "cases/paper.html", case=case_page(request.worker, case, request.now, on_paper=True))


@writes
def new(request: HttpRequest) -> HttpResponse:
    """Open a file on a person or household."""
    asked = request.GET.get("party", "")
    party = party_for(request.worker, int(asked) if asked.isdigit() else 0, Purpose.WRITE_CASE)
    choices = concern_choices(request.worker, party.pk)
    form = forms.OpenForm(
        bound(request),
        concerns=choices,
        initial={"draft": draft_id(), "concerns": [str(pk) for pk, _ in choices]},
    )

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        case = actions.open_case(
            party.pk, title=typed["title"], concern_ids=typed["concerns"], by=request.worker, at=request.now
        )
        return "支援を始めました。", home(case.pk)

    return run(
        request,
        form,
        act,
        title="支援を始める",
        label=name_of(party),
        back=reverse("desk:person", args=[party.pk]),
    )


@writes
def note_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write an entry; it saves itself while typing. `?template=` and `?jotting=` fill what is still empty."""
    case = own_case_for(request.worker, case_id)
    draft = opened(request, "note", "支援の記録", str(case_id))
    start = _start(request, case)
    asks = "use_template" in request.POST
    form = forms.NoteForm(
        None if asks else bound(request),
        concerns=my_concern_choices(request.worker, case),
        initial={"draft": draft.id, "jotting": start.pop("jotting", None)},
    )
    forms.as_typed(form, request.POST) if asks else draft.fill(form)
    told = _keep_files(request, draft) if asks else []
    forms.fill_empty(form, start)

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        values = _note(form, typed, request.now)
        note = actions.write_note(case, by=request.worker, at=request.now, **values)
        attach(request.worker, typed.get("draft"), "note", note.pk, at=request.now)
        return "記録しました。", home(case_id)

    return run(
        request, form, act, template="cases/note.html", title="記録を書く", back=home(case_id), sheet=draft, told=told,
        templates=templates_for(request.worker),
    )  # fmt: skip


def _start(request: HttpRequest, case: Any) -> dict[str, Any]:
    """What a template or a jotting puts into an empty form."""
    asked, jotting = (
        request.POST.get("template") or request.GET.get("template", ""),
        request.GET.get("jotting", ""),
    )
    start: dict[str, Any] = {}
    if asked.isdecimal() and (request.method == "GET" or "use_template" in request.POST):
        start |= filled(request.worker, case, int(asked), request.now) or {}
    if request.method == "GET" and jotting.isdecimal():
        found = jotting_for(request.worker, case.pk, int(jotting), on=request.today)
        start |= {"facts": found.words, "jotting": found.pk}
    return start


def _keep_files(request: HttpRequest, draft: Any) -> list[str]:
    sent, unwanted = request.FILES.getlist("files"), request.POST.getlist("drop_file")
    return list(take_in(request.worker, sent, str(draft.id), at=request.now, without=unwanted))


@writes
def note_edit(request: HttpRequest, case_id: int, note_id: int) -> HttpResponse:
    """Correct an entry; the older words stay."""
    note = note_for(request.worker, case_id, note_id)
    start = {name: getattr(note, name) for name in actions.WRITTEN if name != "happened_at"}
    start |= {"day": note.happened_at.date(), "clock": note.happened_at.time(), "revision": note.revision}
    form = forms.CorrectForm(bound(request), initial=start | {"draft": draft_id()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        values = _note(form, typed, request.now)
        actions.correct_note(
            note, revision=typed["revision"], why=typed["why"], by=request.worker, at=request.now, **values
        )
        return "訂正しました。前の記録も残っています。", home(case_id)

    return run(
        request,
        form,
        act,
        template="cases/note.html",
        title="記録を訂正する",
        back=home(case_id),
        theirs=note,
    )


@writes
def concerns(request: HttpRequest, case_id: int) -> HttpResponse:
    """Which concerns the file works on."""
    case = own_case_for(request.worker, case_id)
    form = forms.ConcernsForm(
        bound(request), concerns=concern_choices(request.worker, case.party_id),
        initial={"draft": draft_id(), "concerns": [str(pk) for pk in chosen_concerns(case)]},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.choose_concerns(case, typed["concerns"], by=request.worker, at=request.now)
        return "取り組む課題を決めました。", home(case_id)

    return run(request, form, act, title="取り組む課題", back=home(case_id))


@writes
def stage(request: HttpRequest, case_id: int) -> HttpResponse:
    """How far the work has come, and how it stands with the consent."""
    case = own_case_for(request.worker, case_id)
    form = forms.StageForm(
        bound(request), stages=stages_by_hand(Stage(case.stage)), now_at=Stage(case.stage),
        initial={"draft": draft_id(), "stage": case.stage, "consent": case.consent, "consent_on": case.consent_on},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        by_now = {"by": request.worker, "at": request.now}
        actions.set_consent(case, Consent(typed["consent"]), on=typed["consent_on"], **by_now)
        changed = actions.set_stage(case, Stage(typed["stage"]), **by_now)
        return f"「{Stage(changed.stage).label}」にしました。", home(case_id)

    signers = signers_of(request.worker, case.party_id, request.today)
    return run(
        request, form, act, template="cases/stage.html", title="段階を変える", back=home(case_id), signers=signers
    )  # fmt: skip


@writes
def close(request: HttpRequest, case_id: int) -> HttpResponse:
    """終結 (H9)."""
    case = own_case_for(request.worker, case_id)
    form = forms.CloseForm(bound(request), initial={"draft": draft_id()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.close_case(
            case, main_office=typed["main_office"], no_main_reason=typed["no_main_reason"], words=typed["words"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return "支援を終結しました。", home(case_id)

    return run(request, form, act, title="支援を終結する", back=home(case_id))


@writes
def reopen(request: HttpRequest, case_id: int) -> HttpResponse:
    """再開."""
    case = own_case_for(request.worker, case_id)
    form = forms.WordsForm(bound(request), initial={"draft": draft_id()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.reopen_case(case, why=typed["words"], by=request.worker, at=request.now)
        return "支援を再開しました。", home(case_id)

    return run(request, form, act, title="支援を再開する", back=home(case_id))


def _note(form: Any, typed: dict[str, Any], now: Any) -> dict[str, Any]:
    apart = ("draft", "day", "clock", "revision", "why", "jotting")
    values = {name: value for name, value in typed.items() if name not in apart}
    if "jotting" in typed:
        values["jotting_id"] = typed["jotting"]
    return values | {"happened_at": form.happened_at(now)}
