"""The family's file on the screen."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.holding.actions import Stale, write_secret
from tsunagi.people.access import party_for
from tsunagi.people.queries import name_of
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.sharing.queries import guarded_of
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import AlreadyDone, attach, claim, consume, take_in
from tsunagi.workbench.queries import files_field, sheet

from . import actions, forms
from .access import case_for, note_for, own_case_for
from .queries import case_page, cases_of, chosen_concerns, concern_choices, my_concern_choices

SHOWS = (
    ("open", "支援中"),
    ("mine", "わたしが担う"),
    ("office", "自分の機関"),
    ("closed", "終結"),
    ("all", "すべて"),
)


@reads
def index(request: HttpRequest) -> HttpResponse:
    """Files this worker may see."""
    require(request.worker, Purpose.READ_CASE)
    show, before = request.GET.get("show", "open"), request.GET.get("before", "")
    found = cases_of(request.worker, show=show, before=int(before) if before.isdigit() else None)
    more = f"?show={show}&before={found.next_before}" if found.next_before else ""
    return page(request, "cases/index.html", found=found, show=show, shows=SHOWS, next_url=more)


@reads
def detail(request: HttpRequest, case_id: int) -> HttpResponse:
    """One file."""
    case = case_for(request.worker, case_id)
    secrets = guarded_of(request.worker, "case", case.pk)
    return page(
        request, "cases/detail.html", case=case_page(request.worker, case, request.now), secrets=secrets
    )


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
    """The file on A4."""
    case = case_for(request.worker, case_id)
    return page(request, "cases/paper.html", case=case_page(request.worker, case, request.now))


@writes
def new(request: HttpRequest) -> HttpResponse:
    """Open a file on a person or household."""
    asked = request.GET.get("party", "")
    party = party_for(request.worker, int(asked) if asked.isdigit() else 0, Purpose.WRITE_CASE)
    choices = concern_choices(request.worker, party.pk)
    form = forms.OpenForm(
        bound(request),
        concerns=choices,
        initial={"draft": _draft(), "concerns": [str(pk) for pk, _ in choices]},
    )

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        case = actions.open_case(
            party.pk, title=typed["title"], concern_ids=typed["concerns"], by=request.worker, at=request.now
        )
        return "支援を始めました。", _home(case.pk)

    return _run(
        request,
        form,
        act,
        title="支援を始める",
        label=name_of(party),
        back=reverse("desk:person", args=[party.pk]),
    )


@writes
def note_new(request: HttpRequest, case_id: int) -> HttpResponse:
    """Write an entry; it saves itself while typing."""
    case = own_case_for(request.worker, case_id)
    link = reverse("cases:note_new", args=[case_id])
    draft = sheet(
        request.worker, request.POST.get("draft") or request.GET.get("draft"), kind="cases.note", title="支援の記録",
        link=link, subject=str(case_id),
    )  # fmt: skip
    form = draft.fill(
        forms.NoteForm(
            bound(request), concerns=my_concern_choices(request.worker, case), initial={"draft": draft.id}
        )
    )

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        values = _note(form, typed, request.now)
        note = actions.write_note(case, by=request.worker, at=request.now, **values)
        attach(request.worker, typed.get("draft"), "note", note.pk, at=request.now)
        return "記録しました。", _home(case_id)

    return _run(
        request, form, act, template="cases/note.html", title="記録を書く", back=_home(case_id), sheet=draft
    )


@writes
def note_edit(request: HttpRequest, case_id: int, note_id: int) -> HttpResponse:
    """Correct an entry; the older words stay."""
    note = note_for(request.worker, case_id, note_id)
    start = {name: getattr(note, name) for name in actions.WRITTEN if name != "happened_at"}
    start |= {"day": note.happened_at.date(), "clock": note.happened_at.time(), "revision": note.revision}
    form = forms.CorrectForm(bound(request), initial=start | {"draft": _draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        values = _note(form, typed, request.now)
        actions.correct_note(
            note, revision=typed["revision"], why=typed["why"], by=request.worker, at=request.now, **values
        )
        return "訂正しました。前の記録も残っています。", _home(case_id)

    return _run(
        request,
        form,
        act,
        template="cases/note.html",
        title="記録を訂正する",
        back=_home(case_id),
        theirs=note,
    )


@writes
def concerns(request: HttpRequest, case_id: int) -> HttpResponse:
    """Which concerns the file works on."""
    case = own_case_for(request.worker, case_id)
    form = forms.ConcernsForm(
        bound(request), concerns=concern_choices(request.worker, case.party_id),
        initial={"draft": _draft(), "concerns": [str(pk) for pk in chosen_concerns(case)]},
    )  # fmt: skip

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.choose_concerns(case, typed["concerns"], by=request.worker, at=request.now)
        return "取り組む課題を決めました。", _home(case_id)

    return _run(request, form, act, title="取り組む課題", back=_home(case_id))


@writes
def close(request: HttpRequest, case_id: int) -> HttpResponse:
    """終結 (H9)."""
    case = own_case_for(request.worker, case_id)
    form = forms.CloseForm(bound(request), initial={"draft": _draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.close_case(
            case, main_office=typed["main_office"], no_main_reason=typed["no_main_reason"], words=typed["words"],
            by=request.worker, at=request.now,
        )  # fmt: skip
        return "支援を終結しました。", _home(case_id)

    return _run(request, form, act, title="支援を終結する", back=_home(case_id))


@writes
def reopen(request: HttpRequest, case_id: int) -> HttpResponse:
    """再開."""
    case = own_case_for(request.worker, case_id)
    form = forms.WordsForm(bound(request), initial={"draft": _draft()})

    def act(typed: dict[str, Any]) -> tuple[str, str]:
        actions.reopen_case(case, why=typed["words"], by=request.worker, at=request.now)
        return "支援を再開しました。", _home(case_id)

    return _run(request, form, act, title="支援を再開する", back=_home(case_id))


def _note(form: Any, typed: dict[str, Any], now: Any) -> dict[str, Any]:
    apart = ("draft", "day", "clock", "revision", "why")
    return {name: value for name, value in typed.items() if name not in apart} | {
        "happened_at": form.happened_at(now)
    }


def _draft() -> str:
    return str(uuid.uuid4())


def _home(case_id: int) -> str:
    return reverse("cases:detail", args=[case_id])


def _run(
    request: HttpRequest,
    form: Any,
    act: Callable[[dict[str, Any]], tuple[str, str]],
    *,
    back: str,
    template: str = "cases/deed.html",
    **context: Any,
) -> HttpResponse:
    status = None
    if form.is_bound:
        sent, unwanted = request.FILES.getlist("files"), request.POST.getlist("drop_file")
        for told in take_in(request.worker, sent, form.data.get("draft"), at=request.now, without=unwanted):  # type: ignore[attr-defined]
            form.add_error(None, told)
    if form.is_bound and form.is_valid():
        draft = form.cleaned_data.get("draft")
        try:
            claim(request.worker, draft)  # type: ignore[attr-defined]
            sentence, link = act(form.cleaned_data)
            consume(request.worker, draft, link, request.now)  # type: ignore[attr-defined]
            messages.success(request, sentence)
            return redirect(link)
        except AlreadyDone as done:
            return redirect(done.result_link or back)
        except Stale as stale:
            status, context["stale"] = 409, str(stale)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context.setdefault("stale", "")
    context.setdefault("theirs", None)
    context.setdefault("sheet", None)
    brings = context["sheet"] is not None
    context["files"] = files_field(request.worker, context["sheet"].id) if brings else None  # type: ignore[attr-defined]
    context.setdefault("label", "支援")
    return page(request, template, status=status, form=form, back=back, **context)
