"""The municipality, its school districts and its towns."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse

from tsunagi.permissions.access import require_administrator
from tsunagi.places import actions
from tsunagi.setup.access import district_for, town_for
from tsunagi.setup.forms import CityForm, DistrictForm, TownForm
from tsunagi.setup.queries import city_now, district_now, district_rows, town_now, town_rows
from tsunagi.shared.edges import Request, reads, writes
from tsunagi.ui.pages import answer, bound, page


@writes
def city(request: Request) -> HttpResponse:
    """Say which municipality this is."""
    require_administrator(request.worker)
    now = city_now()
    form = CityForm(bound(request), now=now)

    def deed() -> tuple[str, str]:
        form.check_fresh()
        made = actions.name_city(form.values(), by=request.worker, at=request.now)
        return f"{made.name}を登録しました。", reverse("setup:ready")

    return answer(request, form, deed, "setup/city.html", now=now)


@reads
def districts(request: Request) -> HttpResponse:
    """All school districts, with who serves them."""
    require_administrator(request.worker)
    return page(request, "setup/districts.html", districts=district_rows())


@writes
def new_district(request: Request) -> HttpResponse:
    """Add a school district."""
    require_administrator(request.worker)
    form = DistrictForm(bound(request))

    def deed() -> tuple[str, str]:
        actions.add_district(form.values(), by=request.worker, at=request.now)
        return f"{form.cleaned_data['name']}を登録しました。", reverse("setup:districts")

    return answer(request, form, deed, "setup/district.html", district=None)


@writes
def edit_district(request: Request, district_id: int) -> HttpResponse:
    """Change a school district, and which offices serve it."""
    found = district_for(request.worker, district_id)
    form = DistrictForm(bound(request), now=district_now(found))

    def deed() -> tuple[str, str]:
        form.check_fresh()
        actions.change_district(found.pk, form.values(), by=request.worker, at=request.now)
        return f"{form.cleaned_data['name']}を変えました。", reverse("setup:districts")

    return answer(request, form, deed, "setup/district.html", district=found)


@reads
def towns(request: Request) -> HttpResponse:
    """All towns with their districts."""
    require_administrator(request.worker)
    return page(request, "setup/towns.html", towns=town_rows())


@writes
def new_town(request: Request) -> HttpResponse:
    """Add a town."""
    require_administrator(request.worker)
    form = TownForm(bound(request))

    def deed() -> tuple[str, str]:
        actions.set_town(
            form.cleaned_data["name"], form.values(), by=request.worker, at=request.now, is_new=True
        )
        return f"{form.cleaned_data['name']}を登録しました。", reverse("setup:towns")

    return answer(request, form, deed, "setup/town.html", town=None)


@writes
def edit_town(request: Request, town_id: int) -> HttpResponse:
    """Change a town, and which parts of it lie in another district."""
    found = town_for(request.worker, town_id)
    form = TownForm(bound(request), now=town_now(found))

    def deed() -> tuple[str, str]:
        form.check_fresh()
        values, name = form.values(), form.cleaned_data["name"]
        actions.set_town(name, values, by=request.worker, at=request.now, town_id=found.pk)
        return f"{name}を変えました。", reverse("setup:towns")

    return answer(request, form, deed, "setup/town.html", town=found)
