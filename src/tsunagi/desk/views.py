"""The desk's pages: 今日, everything I hold, the page of a person or household, the search box."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tsunagi.holding.actions import ask_writers_to_mend
from tsunagi.holding.rules import HoldKind, Urgency
from tsunagi.people.access import address_withheld, party_for, person_for
from tsunagi.people.queries import is_protected, name_of
from tsunagi.permissions.access import require
from tsunagi.permissions.queries import reach_of
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.shared.edges import reads, writes
from tsunagi.ui.pages import page
from tsunagi.workbench.queries import default_link
from tsunagi.workbench.rules import ListPlace

from .queries import Asked, mine_of, party_page, places_named, today_of, words_of_place
from .queries.mine import SHOWS, SORTS


@reads
def today(request: HttpRequest) -> HttpResponse:
    """今日. Whoever works with no household sees what their own roles open."""
    if reach_of(request.worker, Purpose.TODAY) is Reach.NONE:
        return page(request, "desk/elsewhere.html")
    return page(request, "desk/today.html", today=today_of(request.worker, request.now))


@reads
def mine(request: HttpRequest) -> HttpResponse:
    """Everything I answer for, with filter and sort."""
    require(request.worker, Purpose.TODAY)
    if not request.GET and (first := default_link(request.worker, ListPlace.MINE)):
        return redirect(first)
    asked, after = Asked.of(request.GET), request.GET.get("after", "")
    rows, total, more = mine_of(request.worker, request.now, asked, after)
    here = f"?{urlencode(asked.chosen or {'all': 1})}"
    return page(
        request, "desk/mine.html", rows=rows, total=total, asked=asked, chosen=asked.chosen, shows=SHOWS, sorts=SORTS,
        kinds=HoldKind.choices(blank="すべて"), urgencies=Urgency.choices(blank="すべて"),
        next_url=f"{here}&after={more}" if more else "", first_url=here if after else "",
    )  # fmt: skip


@reads
def person(request: HttpRequest, party_id: int) -> HttpResponse:
    """The page of a person, a household, or someone not yet known."""
    party = party_for(request.worker, party_id, on=request.today)
    if party.pk != party_id:
        return redirect("desk:person", party.pk)
    card = party_page(request.worker, party, request.now)
    first = card.rows[0].concern_id if card.rows and card.holds_here else None
    contact_url = f"{reverse('holding:contact')}?concern={first}" if first else ""
    return page(request, "desk/person.html", party=card, contact_url=contact_url, here="people")


@writes
def places(request: HttpRequest, party_id: int) -> HttpResponse:
    """居場所の分かる記録: which texts still name a protected person's place, to be mended by whoever wrote them."""
    person = person_for(request.worker, party_id, Purpose.PROTECT)
    if not is_protected(person.pk) or address_withheld(request.worker, person.pk, on=request.today):
        raise Http404
    more = request.POST.get("more", "")[:200]
    found = places_named(request.worker, person.pk, words_of_place(person.pk, more))
    if request.method == "POST" and "mend" in request.POST:
        rows = [(row.subject_kind, row.subject_id, row.writer_id, row.office_id) for row in found]
        count = ask_writers_to_mend(person.pk, rows, by=request.worker, at=request.now)
        messages.success(
            request, f"書いた人に頼みました（{count}件）。次の開庁日までに、それぞれの今日の画面に出ます。"
        )
        return redirect("desk:person", person.pk)
    return page(
        request, "desk/places.html", rows=found, more=more, name=name_of(person.party), party_id=person.pk
    )
