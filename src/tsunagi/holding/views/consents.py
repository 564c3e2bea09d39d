"""同意: what a person answered, to whom it opens, taking it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.accounts.queries import main_office_id, offices
from tsunagi.holding import actions, forms_consents
from tsunagi.holding.access import (
    consent_for,
    consent_office_for,
    consent_paper_for,
    consents_person_for,
)
from tsunagi.holding.queries.consents import resting_holds
from tsunagi.people.queries import name_of
from tsunagi.shared.edges import reads, writes
from tsunagi.shared.refusal import Refused, Stale
from tsunagi.sharing import actions as sharing
from tsunagi.sharing.queries import ConsentCard, consent_card, consent_state, consents_of, explanations
from tsunagi.ui.pages import bound, page
from tsunagi.workbench.actions import attach
from tsunagi.workbench.queries import files_card

from ._flow import colleagues, new_draft, opened_draft, run


def _home(person_id: int) -> str:
    return reverse("holding:consents", args=[person_id])


def _offices(besides: int | None = None) -> list[tuple[int, str]]:
    return [(row.pk, row.label) for row in offices() if row.pk != besides]


@writes
def consents(request: HttpRequest, person_id: int) -> HttpResponse:
    """How it stands with this person's consent, and everything they ever answered. POST: looked at again, or all withdrawn."""
    person = consents_person_for(request.worker, person_id, on=request.today)
    if request.method == "POST":
        number = request.POST.get("looked_at", "")
        if number.isdigit():
            sharing.look_again(
                consent_for(request.worker, int(number), on=request.today), by=request.worker, at=request.now
            )
            messages.success(request, "見直しました。次は1年後です。")
        return redirect(_home(person.pk))
    return page(
        request, "holding/consents.html", here="people", person=name_of(person.party), person_id=person.pk,
        state=consent_state(person.pk, on=request.today), cards=consents_of(person.pk, on=request.today),
        back=reverse("desk:person", args=[person.pk]),
    )  # fmt: skip


@reads
def consent(request: HttpRequest, consent_id: int) -> HttpResponse:
    """One consent with its paper."""
    found = consent_for(request.worker, consent_id, on=request.today)
    return page(
        request, "holding/consent.html", here="people", card=consent_card(found, on=request.today),
        person=name_of(found.person.party), back=_home(found.person_id),
        files=files_card("consent", found.pk, may_add=False),
    )  # fmt: skip


@writes
def consent_new(request: HttpRequest, person_id: int) -> HttpResponse:
    """説明して、答えを記録する. Saves itself while typing; one tick is the standard consent."""
    person = consents_person_for(request.worker, person_id, on=request.today)
    office_id = main_office_id(request.worker)
    draft = opened_draft(request, "holding.consent", "同意の記録", request.get_full_path(), str(person.pk))
    texts = explanations(on=request.today)
    form = forms_consents.ConsentForm(
        bound(request), offices=_offices(office_id), workers=colleagues(office_id or 0, besides=request.worker.pk),
        explanations=[(row.id, row.label) for row in texts],
        initial={
            "draft": draft.id, "state": "given_all", "preset": "standard", "explained_on": request.today,
            "given_by": "person", "explanation_id": texts[0].id if texts else None,
        },
    )  # fmt: skip
    draft.fill(form)

    def act(typed: dict[str, Any]) -> str:
        row = actions.give_consent(
            person.pk, form.wish(), office_id=office_id or 0, by=request.worker, at=request.now
        )
        attach(request.worker, typed.get("draft"), "consent", row.pk, at=request.now)
        return "記録しました。"

    return run(
        request, form, act, back=_home(person.pk), template="holding/consent_new.html", sheet=draft, here="people",
        person=name_of(person.party), explanation=texts[0] if texts else None,
    )  # fmt: skip


@writes
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """同意を取り消す: at once; each hold that rests on it goes back, or stays on another ground with the reason."""
    found = consent_for(request.worker, consent_id, on=request.today)
    card = consent_card(found, on=request.today)
    form = _withdraw_form(found, card, bound(request), request)

    def act(typed: dict[str, Any]) -> str:
        _take_back(found, form, typed, request)
        return "取り消しました。機関には、止めることを知らせました。"

    context: dict[str, Any] = {
        "here": "people",
        "card": card,
        "person": name_of(found.person.party),
        "back": _home(found.person_id),
    }
    try:
        return run(request, form, act, template="holding/consent_withdraw.html", **context)
    except _Changed as changed:
        fresh = _withdraw_form(found, card, None, request)
        return page(
            request, "holding/consent_withdraw.html", status=409, form=fresh, stale=str(changed), **context
        )


def _withdraw_form(
    found: Any, card: ConsentCard, data: Any, request: HttpRequest
) -> forms_consents.WithdrawForm:
    """The form over what stands now; after somebody was quicker, with the words that were typed."""
    living = [(row.office_id, row.office) for row in card.living_offices]
    typed = {name: request.POST[name] for name in ("what", "words") if name in request.POST}
    return forms_consents.WithdrawForm(
        data,
        offices=living,
        # Without 基本 nobody knows whose anything is: that would be the whole.
        facets=[row for row in zip(card.facets, card.facet_labels, strict=True) if row[0] != "basic"],
        resting=resting_holds(found.person_id, found.office_id, [pk for pk, _ in living], on=request.today),
        initial={"draft": new_draft(), "revision": found.revision} | typed,
    )


def _take_back(
    found: Any, form: forms_consents.WithdrawForm, typed: dict[str, Any], request: HttpRequest
) -> None:
    what = typed["what"]
    keep = {
        row.hold_id: actions.Keep(
            typed[f"ground_{row.hold_id}"], typed[f"reason_{row.hold_id}"], typed[f"decision_{row.hold_id}"]
        )
        for row in form.resting
        if typed.get(f"ground_{row.hold_id}")
    }
    try:
        actions.withdraw_consent(
            found, by=request.worker, at=request.now, words=typed["words"], keep=keep, revision=typed["revision"],
            office_ids=[int(pk) for pk in typed["offices"]] if what == "offices" else None, facets=_dropped(typed),
        )  # fmt: skip
    except Stale as stale:
        raise _Changed(str(stale)) from stale


class _Changed(Exception):
    """Somebody was quicker: the page shows what stands now, and keeps what was typed."""


def _dropped(typed: dict[str, Any]) -> list[str]:
    if typed["what"] != "facets":
        return []
    if not typed["facets"]:
        raise Refused("取り消す項目を、ひとつ以上選んでください。", field="facets")
    return list(typed["facets"])


@writes
def add_office(request: HttpRequest, consent_id: int) -> HttpResponse:
    """One more office under the standard preset; the person is told."""
    found = consent_for(request.worker, consent_id, on=request.today)
    form = forms_consents.AddOfficeForm(
        bound(request), offices=_offices(found.office_id), initial={"draft": new_draft()}
    )

    def act(typed: dict[str, Any]) -> str:
        actions.add_to_consent(
            found,
            typed["office"],
            why=typed["why"],
            told_on=typed["told_on"],
            by=request.worker,
            at=request.now,
        )
        return (
            "機関を加えました。"
            if typed["told_on"]
            else "機関を加えました。本人に伝えることが、約束になりました。"
        )

    return run(
        request, form, act, back=_home(found.person_id), title="機関を加える", concern=None, here="people",
        words="「標準」の同意では、支援に必要な機関を加えられます。加えたことと、いつ伝えたかを、本人に約束しています。",
    )  # fmt: skip


@writes
def told(request: HttpRequest, row_id: int) -> HttpResponse:
    """The person was told of the office that was added."""
    row = consent_office_for(request.worker, row_id, on=request.today)
    form = forms_consents.ToldForm(bound(request), initial={"draft": new_draft(), "told_on": request.today})

    def act(typed: dict[str, Any]) -> str:
        actions.note_person_told(row, told_on=typed["told_on"], by=request.worker, at=request.now)
        return "本人に伝えたことを記録しました。"

    return run(
        request, form, act, back=_home(row.consent.person_id), title="増えた機関を本人に伝えた", concern=None,
        here="people", words=f"{row.office.label}を加えたことを、本人に伝えた日を入れます。",
    )  # fmt: skip


@writes
def paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """What an office is to stop and to give back after a withdrawal; either side writes the answer down."""
    row = consent_paper_for(request.worker, paper_id, on=request.today)
    form = forms_consents.PaperForm(bound(request), initial={"draft": new_draft()})

    def act(typed: dict[str, Any]) -> str:
        actions.record_paper(
            row, answer=typed["answer"], words=typed["words"], by=request.worker, at=request.now
        )
        return "記録しました。ありがとうございました。"

    return run(
        request, form, act, back=reverse("holding:consent_paper", args=[row.pk]), template="holding/consent_paper.html",
        here="people", paper=row, person=name_of(row.consent.person.party),
        card=consent_card(row.consent, on=request.today),
    )  # fmt: skip
