"""Offices, and the calendars of the city and of each office."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts import actions
from tsunagi.accounts.actions.proposals import check_opening
from tsunagi.accounts.queries import calendar_days, office_cards, postings_of, weekday_words
from tsunagi.accounts.rules import Field, LegalKind, RunBy
from tsunagi.permissions.access import calendar_day_for, office_for, require_administrator
from tsunagi.permissions.forms import CalendarDayForm, NewOfficeForm, OfficeFilter, OfficeForm
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.ui.pages import answer, bound, page


@reads
def offices(request: Request) -> HttpResponse:
    """All offices."""
    require_administrator(request.worker)
    form = OfficeFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    return page(request, "permissions/offices.html", filter=form, offices=office_cards(**asked))


@writes
def new_office(request: Request) -> HttpResponse:
    """Open an office."""
    require_administrator(request.worker)
    form = NewOfficeForm(bound(request))

    def deed() -> tuple[str, str]:
        check_opening(form.values().get("duty_worker_id"), by=request.worker)
        made = actions.open_office(
            form.cleaned_data["code"],
            form.values(),
            signs_in=form.cleaned_data["signs_in"],
            by=request.worker,
            at=request.now,
        )
        return f"{made.label}を登録しました。", reverse("permissions:office", args=[made.pk])

    return answer(request, form, deed, "permissions/office_form.html", office=None)


@reads
def office(request: Request, office_id: int) -> HttpResponse:
    """One office: data, who works there, its calendar."""
    found = office_for(request.worker, office_id)
    return page(
        request,
        "permissions/office.html",
        office=found,
        duty_worker=found.duty_worker.name if found.duty_worker else "",
        stand_in_office=found.stand_in_office.label if found.stand_in_office else "",
        run_by=RunBy.label_of(found.run_by),
        legal_kind=LegalKind.label_of(found.legal_kind),
        field=Field.label_of(found.field),
        weekdays=weekday_words(found.open_weekdays),
        postings=postings_of(office_id=found.pk),
        days=calendar_days(found.pk, from_on=request.today),
    )


@writes
def edit_office(request: Request, office_id: int) -> HttpResponse:
    """Change an office's data and duty worker."""
    found = office_for(request.worker, office_id)
    form = OfficeForm(bound(request), office=found)

    def deed() -> tuple[str, str]:
        revision = form.cleaned_data["revision"] or 0
        actions.change_office(found, form.values(), revision=revision, by=request.worker, at=request.now)
        return f"{found.label}を変えました。", reverse("permissions:office", args=[found.pk])

    return answer(request, form, deed, "permissions/office_form.html", office=found)


@writes
def city_calendar(request: Request) -> HttpResponse:
    """The days on which the whole city differs from the ordinary week."""
    require_administrator(request.worker)
    return _calendar(request, None)


@writes
def office_calendar(request: Request, office_id: int) -> HttpResponse:
    """The days on which an office differs from the city."""
    return _calendar(request, office_for(request.worker, office_id))


def _calendar(request: Request, whose: Any) -> HttpResponse:
    form = CalendarDayForm(bound(request))

    def deed() -> tuple[str, str]:
        day, until, opens, label = (form.cleaned_data[name] for name in ("day", "until", "opens", "label"))
        count = actions.set_calendar_days(
            whose, day, until or day, is_open=opens, label=label, by=request.worker, at=request.now
        )
        days = f"{day:%Y-%m-%d}" if count == 1 else f"{day:%Y-%m-%d}から{count}日間"
        return f"{days}を{'開く' if opens else '閉じる'}日にしました。", request.path

    days = calendar_days(whose.pk if whose else None, from_on=request.today)
    return answer(request, form, deed, "permissions/calendar.html", office=whose, days=days)


@writes
def remove_day(request: Request, day_id: int) -> HttpResponse:
    """Make a day an ordinary day again."""
    row = calendar_day_for(request.worker, day_id)
    if request.method == "POST":
        actions.remove_calendar_day(row, by=request.worker, at=request.now)
        messages.success(request, f"{row.day:%Y-%m-%d}をふだんの日に戻しました。")
    if row.office_id:
        return redirect("permissions:office_calendar", row.office_id)
    return redirect("permissions:calendar")
