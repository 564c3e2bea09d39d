"""予定, 持ち出し簿, the night's password."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import office_ids, workers_of
from tsunagi.holding.access import held_concern_for
from tsunagi.people.access import address_withheld, party_for
from tsunagi.people.queries import reaching
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose
from tsunagi.shared.edges import leave_trail, reads, writes
from tsunagi.shared.refusal import Refused
from tsunagi.ui.pages import bound, download, page
from tsunagi.workbench.actions import AlreadyDone, claim, consume
from tsunagi.workbench.queries import Sheet, sheet

from . import actions, forms
from .access import appointment_for, night_office_for, taken_out_for
from .queries import (
    appointment_page,
    concerns_to_choose,
    key_changed_at,
    led_offices,
    may_go_along,
    night_lines,
    open_concerns_of,
    planned,
    promise_of,
    taken_out,
)
from .rules import HowReturned, readable

PDF = "application/pdf"
CALLED = {"worker_id": "worker", "at": "clock", "day": "day"}
WHOSE = (("mine", "わたしの予定"), ("office", "機関の予定"))


def _home(appointment_id: int) -> str:
    return reverse("diary:detail", args=[appointment_id])


def _sheet(kind: str, title: str, subject: str, request: HttpRequest) -> Sheet:
    number = request.POST.get("draft") or request.GET.get("draft")
    link = request.get_full_path()
    return sheet(request.worker, number, kind=f"diary.{kind}", title=title, link=link, subject=subject)


def _done(
    request: HttpRequest, form: Any, act: Callable[[], tuple[str, str]], back: str
) -> HttpResponse | None:
    """Do a form's deed once; None when the form is to be shown (again)."""
    if not (form.is_bound and form.is_valid()):
        return None
    number = form.cleaned_data.get("draft")
    try:
        claim(request.worker, number)
        link, sentence = act()
        consume(request.worker, number, link, request.now)
    except AlreadyDone as before:
        return redirect(before.result_link or back)
    except Refused as refusal:
        name = CALLED.get(refusal.field or "", refusal.field or "")
        form.add_error(name if name in form.fields else None, str(refusal))
        return None
    messages.success(request, sentence)
    return redirect(link)


@reads
def index(request: HttpRequest) -> HttpResponse:
    """Planned appointments: mine, or of my office; those that passed without a word stand first."""
    require(request.worker, Purpose.TODAY)
    whose = "office" if request.GET.get("whose") == "office" else "mine"
    rows = planned(request.worker, request.now, whose=whose)
    return page(
        request, "diary/index.html", whose=whose, whose_choices=WHOSE, passed=[row for row in rows if row.is_over],
        rows=[row for row in rows if not row.is_over],
    )  # fmt: skip


@writes
def new(request: HttpRequest) -> HttpResponse:
    """A new appointment for a concern (and what stands beside it), or for a party."""
    party_id, chosen = _about(request)
    rows = concerns_to_choose(request.worker, party_id)
    back = reverse("desk:person", args=[party_id])
    opened = _sheet("plan", "予定を入れる", str(party_id), request)
    colleagues = [(card.id, card.name) for card in workers_of(office_ids(request.worker))]
    form = forms.PlanForm(
        bound(request), concerns=rows, workers=dict(colleagues).items(), along=may_go_along(party_id),
        initial={"worker": request.worker.pk, "concerns": [str(chosen)] if chosen else [str(pk) for pk, _ in rows]},
    )  # fmt: skip
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        made = actions.plan(typed["kind"], typed["concerns"], form.wish(), by=request.worker, at=request.now)
        return _home(made.appointment.pk), " ".join(("予定を入れました。", *made.said))

    return _done(request, form, act, back) or page(
        request, "diary/new.html", form=form, sheet=opened, back=back, has_concerns=bool(rows), here="today"
    )


def _about(request: HttpRequest) -> tuple[int, int | None]:
    """Whose appointment it will be: by a concern this worker may act on, or by a party they may see."""
    asked = request.GET.get("concern", "")
    if asked.isdecimal():
        concern, _hold = held_concern_for(request.worker, int(asked))
        return concern.party_id, concern.pk
    party = request.GET.get("party", "")
    if not party.isdecimal():
        raise Http404
    return party_for(request.worker, int(party), on=request.today).pk, None


@reads
def detail(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """One appointment: when, where, who, how the person may be reached, and what became of it."""
    found = appointment_for(request.worker, appointment_id)
    withheld = address_withheld(request.worker, found.party_id, on=request.today)
    return page(
        request, "diary/detail.html", appointment=appointment_page(found, request.now, withheld=withheld), here="today",
        reach=reaching(request.worker, found.party, on=request.today), person_url=reverse("desk:person", args=[found.party_id]),
    )  # fmt: skip


@writes
def move(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Another day, other hours, another place, other people."""
    found = _claimed(request, appointment_id)
    opened = _sheet("move", "予定を動かす", str(found.pk), request)
    kept = promise_of(found)
    form = forms.MoveForm(
        bound(request), workers=[(card.id, card.name) for card in workers_of([kept.office_id])] if kept else (),
        along=may_go_along(found.party_id),
        initial={
            "day": found.day, "begins": _hour(found.begins), "ends": _hour(found.ends), "at_home": found.at_home,
            "place": _place(request, found), "note": found.note, "second": found.second_id, "revision": found.revision,
            "worker": kept.worker_id if kept else None,
        },
    )  # fmt: skip
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        moved = actions.move(
            found,
            form.wish(),
            revision=typed["revision"] or 0,
            reason=typed["reason"],
            by=request.worker,
            at=request.now,
        )
        return _home(found.pk), " ".join(("予定を動かしました。", *moved.said))

    return _done(request, form, act, _home(found.pk)) or page(
        request, "diary/move.html", form=form, sheet=opened, back=_home(found.pk), here="today"
    )


@writes
def cancel(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Take it out of the diary."""
    found = _claimed(request, appointment_id)
    opened = _sheet("cancel", "予定を取りやめる", str(found.pk), request)
    form = forms.CancelForm(bound(request), initial={"revision": found.revision})
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = form.cleaned_data
        actions.cancel(
            found, reason=typed["reason"], revision=typed["revision"] or 0, by=request.worker, at=request.now
        )
        return reverse("desk:today"), "予定を取りやめました。課題の「次に動く日」は、そのまま残っています。"

    return _done(request, form, act, _home(found.pk)) or page(
        request, "diary/cancel.html", form=form, sheet=opened, back=_home(found.pk), here="today"
    )


@writes
def happened(request: HttpRequest, appointment_id: int) -> HttpResponse:
    """Say what became of it: the contact is recorded once for all its concerns."""
    found = _claimed(request, appointment_id)
    opened = _sheet("happened", "予定のようすを書く", str(found.pk), request)
    form = forms.HappenedForm(bound(request), initial={"revision": found.revision})
    opened.fill(form)

    def act() -> tuple[str, str]:
        typed = {name: value for name, value in form.cleaned_data.items() if name != "draft"}
        revision = typed.pop("revision") or 0
        recorded = actions.happened(found, **typed, revision=revision, by=request.worker, at=request.now)
        said = (
            ("連絡を記録し、予定を済みにしました。", *recorded.hints)
            if recorded
            else ("予定を済みにしました。",)
        )
        return reverse("desk:today"), " ".join(said)

    return _done(request, form, act, _home(found.pk)) or page(
        request, "diary/happened.html", form=form, sheet=opened, back=_home(found.pk), here="today",
        concerns=open_concerns_of(found, request.worker),
        appointment=appointment_page(found, request.now, withheld=True),
    )  # fmt: skip


def _claimed(request: HttpRequest, appointment_id: int) -> Any:
    """The appointment; a form sent twice is led to its first result even when the deed closed this door."""
    if request.method == "POST":
        claim(request.worker, request.POST.get("draft"))
    return appointment_for(request.worker, appointment_id)


def _hour(value: Any) -> str:
    return f"{value:%H:%M}" if value else ""


def _place(request: HttpRequest, found: Any) -> str:
    """The place as the form starts with it: never where the person's place is not for who moves it."""
    return "" if address_withheld(request.worker, found.party_id, on=request.today) else found.place


# -- 持ち出し簿 ---------------------------------------------------------------------------------------------------------


@reads
def taken(request: HttpRequest) -> HttpResponse:
    """持ち出し簿: what I printed to carry outside; a manager sees their office's."""
    require(request.worker, Purpose.TODAY)
    return page(
        request, "diary/taken.html", rows=taken_out(request.worker, request.today), leads=led_offices(request.worker),
        hows=HowReturned.choices(), here="today",
    )  # fmt: skip


@writes
def back(request: HttpRequest, taken_id: int) -> HttpResponse:
    """A paper is back."""
    found = taken_out_for(request.worker, taken_id)
    form = forms.BackForm(bound(request))
    if form.is_valid():
        actions.bring_back(found, how=form.cleaned_data["how"], by=request.worker, at=request.now)
        messages.success(request, "持ち出し簿に書きました。")
        return redirect("diary:taken")
    return page(request, "diary/back.html", form=form, taken=found, here="today")


# -- the papers of the night ---------------------------------------------------------------------------------------------


@reads
def nights(request: HttpRequest, office_id: int) -> HttpResponse:
    """The papers of the last nights, and the password they are locked with (for the manager who keeps it)."""
    office = night_office_for(request.worker, office_id)
    return _nights(request, office)


@writes
def night_key(request: HttpRequest, office_id: int) -> HttpResponse:
    """Show the password once, or set another one."""
    office = night_office_for(request.worker, office_id)
    form = forms.NightKeyForm(bound(request))
    if "show" in request.POST:
        password = actions.show_night_password(office, by=request.worker, at=request.now)
        return _nights(request, office, password=readable(password))
    if form.is_bound and form.is_valid():
        try:
            actions.change_night_password(
                office, form.cleaned_data["password"], by=request.worker, at=request.now
            )
            messages.success(
                request,
                "パスワードを変えました。次の夜の紙から効きます。前の夜の紙は、前のパスワードのままです。",
            )
            return redirect("diary:nights", office.pk)
        except Refused as refusal:
            form.add_error("password", str(refusal))
    return _nights(request, office, form=form)


def _nights(request: HttpRequest, office: Any, *, password: str = "", form: Any = None) -> HttpResponse:
    answer = page(
        request, "diary/nights.html", office=office, rows=night_lines([office.pk]), password=password,
        form=form or forms.NightKeyForm(), changed_at=key_changed_at(office.pk), here="net",
    )  # fmt: skip
    answer["Cache-Control"] = "no-store"
    return answer


@reads
def night_file(request: HttpRequest, office_id: int, night: str) -> HttpResponse:
    """The locked paper of a night, to be laid on a disk of the office's own."""
    office = night_office_for(request.worker, office_id)
    line = next(
        (row for row in night_lines([office.pk]) if row.there and row.night_on.isoformat() == night), None
    )
    file = actions.night_file(office.pk, line.night_on) if line else None
    if file is None or not file.is_file():
        raise Http404
    leave_trail("night_paper.taken", subject_kind="office", subject_id=office.pk, purpose=Purpose.HAND_OVER)
    return download(f"tsunagi-{night}.pdf", file.read_bytes(), PDF)
