"""Finding people: the list, the search page, and what appears while somebody types."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tsunagi.people.access import enters_measures
from tsunagi.people.queries import people_of
from tsunagi.permissions.access import require
from tsunagi.permissions.rules import Purpose, Reach
from tsunagi.places.queries import district_choices
from tsunagi.shared.edges import asks
from tsunagi.ui.pages import fragment, page
from tsunagi.workbench.queries import default_link
from tsunagi.workbench.rules import ListPlace

from ._flow import asked, found, take_url

SORTS = (("kana", "カナ順"), ("birth", "生年月日順"), ("-id", "新しい順"))


@asks
def index(request: HttpRequest) -> HttpResponse:
    """People the worker's offices are involved with; protected persons stand on no list."""
    require(request.worker, Purpose.READ_PERSON, Reach.INVOLVED)
    if (
        request.method == "GET"
        and not request.GET
        and (first := default_link(request.worker, ListPlace.PEOPLE))
    ):
        return redirect(first)
    typed = request.POST or request.GET
    wanted = {name: typed.get(name, "").strip() for name in ("district", "sort")} | {"q": asked(request)}
    district = int(wanted["district"]) if wanted["district"].isdigit() else None
    after = typed.get("after", "")
    found_people = people_of(
        request.worker,
        on=request.today,
        text=wanted["q"],
        district_id=district,
        sort=wanted["sort"],
        after=after,
    )
    kept = urlencode({name: value for name, value in wanted.items() if value and name != "q"})
    next_url = f"?{kept}&after={found_people.next}" if found_people.next else ""
    return page(
        request, "people/index.html", found=found_people, asked=wanted, sorts=SORTS, districts=district_choices(),
        enters_measures=enters_measures(request.worker), next_url=next_url, first_url=f"?{kept}" if after else "", after=after,
    )  # fmt: skip


@asks
def search(request: HttpRequest) -> HttpResponse:
    """One box for name, kana, birth date, phone, address. Works without JavaScript."""
    require(request.worker, Purpose.LOOK_UP, Reach.INVOLVED)
    return page(
        request,
        "people/search.html",
        cards=found(request),
        asked=asked(request),
        take_url=take_url(),
    )


@asks
def lookup(request: HttpRequest) -> HttpResponse:
    """What stands under the box while somebody types."""
    require(request.worker, Purpose.LOOK_UP, Reach.INVOLVED)
    return fragment(
        request,
        "people/_found.html",
        cards=found(request),
        asked=asked(request),
        take_url=take_url(),
    )
