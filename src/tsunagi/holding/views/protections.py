"""Deciding on a protection, ending it, and showing a protected address: always two people."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import offices, workers_of
from tsunagi.codes import queries as codes
from tsunagi.holding import actions, forms
from tsunagi.holding.access import protection_for
from tsunagi.holding.queries import waiting_words
from tsunagi.people.actions import ProtectionWish, hide_address_again
from tsunagi.people.queries import lived_with, protection_page
from tsunagi.people.rules import ProtectionCategory
from tsunagi.shared.edges import writes
from tsunagi.ui.pages import bound, page

from ._flow import SECOND_ASKED, new_draft, run


def _page(protection_id: int) -> str:
    return reverse("holding:protection", args=[protection_id])


@writes
def detail(request: HttpRequest, protection_id: int) -> HttpResponse:
    """A protection: why, until when, who is covered, who sees the address, and what may be done by two."""
    found = protection_for(request.worker, protection_id)
    if request.method == "POST":
        if "keep" in request.POST and actions.keep_on_protecting(found, by=request.worker, at=request.now):
            messages.success(request, "終えるのをやめました。保護は続いています。")
        grant = request.POST.get("hide", "")
        if grant.isdigit():
            hide_address_again(int(grant), by=request.worker, at=request.now)
            messages.success(request, "住所を見せるのをやめました。")
        return redirect(_page(protection_id))
    return page(
        request, "holding/protection.html", protection=protection_page(request.worker, found, on=request.today),
        waiting=waiting_words("protection", protection_id), here="people",
    )  # fmt: skip


@writes
def decide(request: HttpRequest, protection_id: int) -> HttpResponse:
    """続ける: how, until when, against whom, who is covered. A second person agrees, then it is so."""
    found = protection_for(request.worker, protection_id)
    members = lived_with(request.worker, found.person, on=request.today)
    names = (
        "category", "reason", "from_on", "measure_until_on", "municipality", "other_party_id", "other_party_name",
        "other_party_relation",
    )  # fmt: skip
    initial: dict[str, Any] = {name: getattr(found, name) for name in names} | {"draft": new_draft()}
    if found.category == ProtectionCategory.PROVISIONAL:
        initial["category"] = ProtectionCategory.OTHER
    initial["covering"] = [pk for pk, _ in protection_page(request.worker, found, on=request.today).covers]
    form = forms.DecideProtectionForm(bound(request), members=members, initial=initial)

    def act(typed: dict[str, Any]) -> str:
        said: dict[str, Any] = {name: typed.get(name) for name in names}
        wish = ProtectionWish(**said)
        actions.ask_to_decide(
            found, wish, covering=typed.get("covering", ()), by=request.worker, at=request.now
        )
        return SECOND_ASKED

    return run(
        request, form, act, back=_page(protection_id), title="保護を続ける", concern=None, here="people",
        words="もうひとりが同意すると決まります。期限を過ぎても、保護はふたりで終えるまで続きます。",
    )  # fmt: skip


@writes
def end(request: HttpRequest, protection_id: int) -> HttpResponse:
    """終える: the person was asked, and a second person agrees."""
    found = protection_for(request.worker, protection_id)
    form = forms.EndProtectionForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.ask_to_end(
            found,
            person_asked_on=typed["person_asked_on"],
            words=typed["words"],
            by=request.worker,
            at=request.now,
        )
        return SECOND_ASKED

    return run(
        request, form, act, back=_page(protection_id), title="保護を終える", concern=None, here="people",
        words="本人に確かめてから、ふたりで終えます。決めてからも{days}日は見えないままで、その間はひとりで取り消せます。前の住所は、本人に確かめてから、また使います。".format(
            days=codes.span("protection.cooling").n
        ),
    )  # fmt: skip


@writes
def show(request: HttpRequest, protection_id: int) -> HttpResponse:
    """A protected address for one named worker and a few days, on two people's word."""
    found = protection_for(request.worker, protection_id)
    everybody = {
        card.id: f"{card.name}({card.office})"
        for card in workers_of([office.pk for office in offices(signing_in=True)])
    }
    form = forms.ShowAddressForm(bound(request), workers=everybody.items(), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.ask_to_show(
            found, worker_id=typed["worker"] or 0, reason=typed["reason"],
            until_on=typed["until_on"] or request.today, by=request.worker, at=request.now,
        )  # fmt: skip
        return SECOND_ASKED

    return run(
        request, form, act, back=_page(protection_id), title="住所を見せる", concern=None, here="people",
        words="名を挙げた職員だけに、決めた日まで見えます。開いたことは記録に残ります。",
    )  # fmt: skip
