"""開設の点検, the map and the code lists on screens: for system administrators only."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, a_worker, an_office
from tsunagi.accounts.models import Posting, Worker
from tsunagi.accounts.rules import Role
from tsunagi.codes import queries as codes
from tsunagi.config.opening import example
from tsunagi.places.models import City, OfficeArea, SchoolDistrict, Town
from tsunagi.places.queries import district_of
from tsunagi.setup.actions import open_city
from tsunagi.setup.models import Look
from tsunagi.setup.queries import district_now, readiness, town_now
from tsunagi.setup.rules.reading import read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_installation(db: None) -> None:
    City.objects.update(is_ours=False)


@pytest.fixture
def admin() -> Worker:
    return a_worker(an_office("情報係", field="other"), Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def stranger() -> Worker:
    return a_worker()


@pytest.fixture
def town_hall() -> None:
    """A city from the example."""
    assert open_city(read(example().encode()).document, at=NOW).plan.problems == []


# -- the checklist --------------------------------------------------------------------------------------


@pytest.mark.visits("setup:ready")
def test_the_checklist_says_what_is_missing_and_leads_there(
    three_people: Any, admin: Worker, stranger: Worker
) -> None:
    text = three_people(reverse("setup:ready"), allowed=admin, stranger=stranger).text
    for words in (
        "まだ窓口を開けません",
        "市を登録する",
        "ふたり目のシステム管理者",
        "くらし連携担当",
        "標準のまま使う",
    ):
        assert words in text
    assert reverse("setup:city") in text
    assert "そろっています" not in text


def test_a_city_from_the_example_may_open(
    client_of: Any, admin: Worker, town_hall: None, set_clock: Any
) -> None:
    set_clock("2026-11-26 09:00")
    assert "そろっています" in client_of(admin).get(reverse("setup:ready")).text


@pytest.mark.visits("setup:looked")
def test_whoever_looked_and_kept_the_standard_says_so_once_a_year_for_the_calendar(
    client: Any, client_of: Any, admin: Worker, stranger: Worker, set_clock: Any
) -> None:
    set_clock("2026-06-09 10:00")
    url = reverse("setup:looked")
    assert client.get(url).status_code == 302
    assert client_of(stranger).get(url).status_code == 404
    assert client_of(stranger).post(url, {"what": "calendar"}).status_code == 404
    assert not Look.objects.exists()
    for what in ("calendar", "code_lists", "settings"):
        client_of(admin).post(url, {"what": what})
    client_of(admin).post(url, {"what": "everything"})
    assert Look.objects.count() == 3
    ready = {line.key for line in readiness(on=TODAY).ready}
    assert {"calendar", "code_lists"} <= ready
    assert "calendar" in {line.key for line in readiness(on=TODAY.replace(year=2027)).missing}


@pytest.mark.parametrize(
    ("broken", "key"),
    [
        (lambda: Worker.objects.filter(sign_in_name="yamamoto").update(is_active=False), "administrators"),
        (lambda: Posting.objects.filter(role="coordinator").update(role="outreach_worker"), "coordinator"),
    ],
    ids=["the second administrator left", "the coordinator left"],
)
def test_the_checklist_notices_what_is_lost_again(town_hall: None, broken: Any, key: str) -> None:
    assert key not in {line.key for line in readiness(on=TODAY).missing}
    broken()
    assert key in {line.key for line in readiness(on=TODAY).missing}


# -- the map --------------------------------------------------------------------------------------------


@pytest.mark.visits("setup:city")
def test_the_city_is_named_and_its_code_is_checked(
    three_people: Any, client_of: Any, admin: Worker, stranger: Worker
) -> None:
    url = reverse("setup:city")
    three_people(url, allowed=admin, stranger=stranger)
    wrong = client_of(admin).post(url, {"code": "999998", "name": "みどり町", "prefecture": "架空県"})
    assert wrong.status_code == 422
    assert "検査数字" in wrong.text
    right = {"code": "９９９９９７", "name": "みどり町", "prefecture": "架空県", "area_km2": "58.2"}
    assert client_of(admin).post(url, right).status_code == 302
    assert codes.city_name() == "みどり町"
    other = client_of(admin).post(url, right | {"code": "262099"})
    assert other.status_code in (409, 422)
    assert City.objects.get(is_ours=True).code == "999997"


@pytest.mark.visits("setup:districts", "setup:new_district", "setup:district")
def test_districts_are_added_and_changed(
    three_people: Any, client_of: Any, admin: Worker, stranger: Worker, town_hall: None
) -> None:
    assert "中央小学校区" in three_people(reverse("setup:districts"), allowed=admin, stranger=stranger).text
    url = reverse("setup:new_district")
    three_people(url, allowed=admin, stranger=stranger)
    new = {"name": "北小学校区", "kind": "elementary", "parent": "みどり中学校区", "offices": ["marugoto"]}
    assert client_of(admin).post(url, new).status_code == 302
    north = SchoolDistrict.objects.get(name="北小学校区")
    assert north.code == "999997-e03"
    assert OfficeArea.objects.get(district=north).office_code == "marugoto"
    again = client_of(admin).post(url, new)
    assert again.status_code == 422
    assert "すでにあります" in again.text

    page = reverse("setup:district", args=[north.pk])
    three_people(page, allowed=admin, stranger=stranger)
    now = district_now(north)
    changed = {**now.values, "revision": now.revision, "school_name": "北小学校", "offices": ["kenkou"]}
    assert client_of(admin).post(page, changed).status_code == 302
    north.refresh_from_db()
    assert north.school_name == "北小学校"
    assert OfficeArea.objects.get(district=north).office_code == "kenkou"
    stale = client_of(admin).post(page, changed | {"kana": "キタ"})
    assert stale.status_code == 409
    assert "北小学校" in stale.text
    junior = SchoolDistrict.objects.get(name="みどり中学校区")
    refused = client_of(admin).post(
        reverse("setup:district", args=[junior.pk]),
        {
            "name": junior.name,
            "kind": "junior_high",
            "offices": ["kenkou"],
            "revision": district_now(junior).revision,
        },
    )
    assert "小学校区に決めます" in refused.text
    assert client_of(admin).get(reverse("setup:district", args=[0])).status_code == 404


@pytest.mark.visits("setup:towns", "setup:new_town", "setup:town")
def test_towns_and_their_parts_are_added_and_changed(
    three_people: Any, client_of: Any, admin: Worker, stranger: Worker, town_hall: None
) -> None:
    assert "中央" in three_people(reverse("setup:towns"), allowed=admin, stranger=stranger).text
    url = reverse("setup:new_town")
    three_people(url, allowed=admin, stranger=stranger)
    typed = {
        "name": "北町",
        "district": "中央小学校区",
        "postal_code": "９９９－０００９",
        "parts": "1-2丁目＝川西小学校区",
    }
    wrong = client_of(admin).post(url, typed | {"parts": "1-2丁目=東小学校区"})
    assert wrong.status_code == 422
    assert "「東小学校区」は登録にありません" in wrong.text
    assert "東小学校区" in wrong.text  # what was typed stands in the form
    assert client_of(admin).post(url, typed | {"has_chome": "on"}).status_code == 302
    found = district_of("架空県みどり町北町2丁目3番")
    assert found.district is not None
    assert found.district.name == "川西小学校区"
    assert client_of(admin).post(url, typed).status_code == 422

    town = Town.objects.get(name="北町")
    page = reverse("setup:town", args=[town.pk])
    three_people(page, allowed=admin, stranger=stranger)
    now = town_now(town)
    changed = {**now.values, "has_chome": "on", "revision": now.revision, "kana": "キタマチ"}
    del changed["has_exceptions"]
    pk = town.ranges.get().pk
    assert client_of(admin).post(page, changed).status_code == 302
    assert town.ranges.get().pk == pk  # parts that were not touched are not written anew
    assert client_of(admin).post(page, changed).status_code == 302  # a double click is done once
    assert client_of(admin).post(page, changed | {"kana": "キタ"}).status_code == 409
    town.refresh_from_db()
    assert town.kana == "キタマチ"
    refused = client_of(admin).post(page, {"name": "123456789018", "revision": town_now(town).revision})
    assert refused.status_code in (302, 409, 422)


def test_the_lists_of_the_map_cost_the_same_for_many_rows(
    client_of: Any, admin: Worker, town_hall: None, queries: Any
) -> None:
    for name in ("setup:districts", "setup:towns"):
        client_of(admin).get(reverse(name))
        with queries() as few:
            client_of(admin).get(reverse(name))
        ours = City.objects.get(is_ours=True)
        for number in range(20):
            SchoolDistrict.objects.create(
                city=ours, code=f"{name[6]}{number}", kind="elementary", name=f"{name}{number}"
            )
            Town.objects.create(city=ours, name=f"{name}町{number}")
        with queries() as many:
            client_of(admin).get(reverse(name))
        assert few.shape == many.shape


# -- code lists -----------------------------------------------------------------------------------------


@pytest.mark.visits("codes:lists", "codes:list")
def test_a_city_adds_a_choice_of_its_own(
    three_people: Any, client_of: Any, admin: Worker, stranger: Worker
) -> None:
    assert "情報源" in three_people(reverse("codes:lists"), allowed=admin, stranger=stranger).text
    url = reverse("codes:list", args=["contact_means"])
    three_people(url, allowed=admin, stranger=stranger)
    assert client_of(admin).post(url, {"value": "やくば", "label": "役場"}).status_code == 422
    assert client_of(admin).post(url, {"value": "yakuba", "label": "役場の窓口"}).status_code == 302
    assert codes.label_of("contact_means", "yakuba") == "役場の窓口"
    assert client_of(admin).get(reverse("codes:list", args=["nothing"])).status_code == 404
    fixed = reverse("codes:list", args=["gap_kinds"])
    assert "動きが決まっています" in client_of(admin).get(fixed).text
    assert client_of(admin).post(fixed, {"value": "own", "label": "市のもの"}).status_code == 422


@pytest.mark.visits("codes:code", "codes:retire")
def test_words_change_by_version_and_two_administrators_see_both(
    three_people: Any, client: Any, client_of: Any, admin: Worker, stranger: Worker
) -> None:
    url = reverse("codes:code", args=["contact_means", "fax"])
    three_people(url, allowed=admin, stranger=stranger)
    before = codes.code_of("contact_means", "fax")
    assert before is not None
    typed = {
        "label": "ファクス(市の番号)",
        "short": "ファクス",
        "aliases": "FAX、ふぁくす",
        "revision": before.version,
    }
    assert client_of(admin).post(url, typed).status_code == 302
    after = codes.code_of("contact_means", "fax")
    assert after is not None
    assert (after.label, after.version) == ("ファクス(市の番号)", before.version + 1)
    assert codes.find("contact_means", "ふぁくす") == "fax"
    stale = client_of(admin).post(url, typed | {"label": "べつのことば"})
    assert stale.status_code == 409
    assert "ファクス(市の番号)" in stale.text
    assert "べつのことば" in stale.text

    gone = reverse("codes:retire", args=["contact_means", "fax"])
    assert client.get(gone).status_code == 302
    assert client_of(stranger).post(gone).status_code == 404
    assert client_of(admin).post(gone).status_code == 302
    assert client_of(admin).get(url).status_code == 404
    assert (
        "使わないことにしたもの" in client_of(admin).get(reverse("codes:list", args=["contact_means"])).text
    )
    national = reverse("codes:retire", args=["worries", "02"])
    assert "国へ報告する項目" in client_of(admin).post(national, follow=True).text
    assert codes.code_of("worries", "02").retired_on is None  # type: ignore[union-attr]
