"""統合: who may be one person written down twice; two records side by side; joining them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.people import actions, forms, queries
from tsunagi.people.access import person_for
from tsunagi.people.queries import person_card, safe_contact_of
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import bound, page

from ._flow import asked, choosable, found, home, opened_sheet, run, sent


@reads
def duplicates(request: HttpRequest) -> HttpResponse:
    """同じ人かもしれない: pairs among the persons this worker's offices are involved with."""
    require(request.worker, Purpose.WRITE_PERSON, Reach.INVOLVED)
    return page(request, "people/duplicates.html", pairs=queries.duplicates(request.worker, on=request.today))


@writes
def choose(request: HttpRequest, party_id: int) -> HttpResponse:
    """Look for the other record of this person."""
    person = person_for(request.worker, party_id, Purpose.WRITE_PERSON, on=request.today)
    cards = found(request)
    form = forms.ChosenPerson(sent(request), persons=choosable(cards, besides=person.pk))
    if form.is_bound and form.is_valid():
        return redirect("people:merge", person.pk, form.cleaned_data["person"])
    return page(
        request, "people/choose.html", form=form, title="同じ方の別の記録", button="ならべて見る", back=home(person.pk),
        cards=cards, asked=asked(request), sheet=None,
    )  # fmt: skip


@writes
def merge(request: HttpRequest, party_id: int, other_id: int) -> HttpResponse:
    """Two records side by side: join them, or say that they are two people. What it does is said before it is done."""
    one, other = _both(request, party_id, other_id)
    if request.method == "POST" and "not_same" in request.POST:
        actions.say_not_same(one, other, by=request.worker, at=request.now)
        messages.success(request, "別の人として覚えました。もう候補には出ません。")
        return redirect("people:duplicates")
    cards = [
        (person_card(request.worker, person, on=request.today), safe_contact_of(request.worker, person))
        for person in (one, other)
    ]
    protected = any(card.protected for card, _way in cards)
    offices = [] if protected else queries.offices_of_one(one.pk, other.pk)
    sheet = opened_sheet("merge", "統合", request.path, request=request)
    form = forms.MergeForm(bound(request), offices=offices)
    sheet.fill(form)
    reasons = queries.why_alike(one.pk, other.pk)

    def act() -> tuple[str, str]:
        typed = form.said()
        made = actions.merge_persons(
            one, other, by=request.worker, at=request.now, reason=typed["reason"], evidence=reasons,
            letting_see=typed.get("letting_see", ()),
        )  # fmt: skip
        return home(made.kept_id), "ひとりの方としてまとめました。間違いのときは、この画面から元に戻せます。"

    return run(
        form, act, request=request, template="people/merge.html", sheet=sheet, back=home(one.pk), cards=cards, reasons=reasons,
        protected=protected, offices=offices,
    )  # fmt: skip


def _both(request: HttpRequest, party_id: int, other_id: int) -> tuple[Any, Any]:
    """Both records, each through its own door. One that was joined already has no page of its own here."""
    one, other = (
        person_for(request.worker, pk, Purpose.WRITE_PERSON, on=request.today) for pk in (party_id, other_id)
    )
    if one.pk == other.pk:
        raise Http404
    return one, other
