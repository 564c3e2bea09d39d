"""Reading an address and finding its school district."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.places.rules import (
    Basis,
    CityMap,
    DistrictCard,
    DistrictKind,
    Figures,
    RangeCard,
    TownCard,
    check_city_code,
    find_district,
    read_address,
    read_count,
    total,
)
from tsunagi.shared.refusal import Refused

EAST, WEST, NORTH, HIGH, OTHER_HIGH = 1, 2, 3, 11, 12


def a_district(number: int, name: str, kind: DistrictKind = DistrictKind.ELEMENTARY) -> DistrictCard:
    """A school district."""
    school = "小学校" if kind is DistrictKind.ELEMENTARY else "中学校"
    return DistrictCard(number, f"d{number}", kind, f"{name}{school}区", f"{name}{school}", Basis.PUBLISHED)


def a_town(name: str, district_id: int | None, *ranges: RangeCard, **changed: object) -> TownCard:
    """A town with the pieces that lie elsewhere."""
    a_town.count += 1  # type: ignore[attr-defined]
    fields = {
        "id": a_town.count,  # type: ignore[attr-defined]
        "name": name,
        "kana": "",
        "postal_code": "",
        "has_chome": False,
        "district_id": district_id,
        "has_exceptions": bool(ranges),
        "basis": Basis.PUBLISHED,
        "ranges": ranges,
    }
    return TownCard(**(fields | changed))  # type: ignore[arg-type]


a_town.count = 0  # type: ignore[attr-defined]

CITY = CityMap(
    prefecture="京都府",
    city="長岡京市",
    districts={
        EAST: a_district(EAST, "東"),
        WEST: a_district(WEST, "西"),
        NORTH: a_district(NORTH, "北"),
        HIGH: a_district(HIGH, "第一", DistrictKind.JUNIOR_HIGH),
        OTHER_HIGH: a_district(OTHER_HIGH, "第二", DistrictKind.JUNIOR_HIGH),
    },
    towns=(
        a_town("神足", EAST, RangeCard(WEST, chome=(3, 3)), has_chome=True, postal_code="6170833"),
        a_town("東神足", WEST, has_chome=True),
        a_town("高台", WEST, has_chome=True),
        a_town("高台西", NORTH),
        a_town("長岡", NORTH, has_chome=True),
        a_town("河陽が丘", WEST, has_chome=True),
        a_town("金ケ原", WEST),
        a_town("滝ノ町", EAST, has_chome=True),
        a_town(
            "勝竜寺",
            EAST,
            RangeCard(WEST, banchi=(30, 60)),
            RangeCard(NORTH, banchi=(40, 45)),
            RangeCard(NORTH, koaza="巡リ原"),
        ),
        a_town("粟生", NORTH, has_exceptions=True),
        a_town("友岡", EAST, RangeCard(WEST, koaza="川向イ"), has_chome=True),
        a_town("新開地", None),
    ),
    junior_highs={EAST: (HIGH, OTHER_HIGH), WEST: (HIGH,), NORTH: (OTHER_HIGH,)},
    offices={},
)


@pytest.mark.parametrize(
    ("typed", "town", "koaza", "chome", "banchi", "rest"),
    [
        ("京都府長岡京市神足2丁目25番14号", "神足", "", 2, 25, "14号"),
        ("長岡京市神足２-１７-６", "神足", "", 2, 17, "6"),
        ("神足2ー17ー6", "神足", "", 2, 17, "6"),
        ("神足二丁目十七番六号", "神足", "", 2, 17, "6号"),
        ("神足2の17の6", "神足", "", 2, 17, "6"),
        ("神足2丁目", "神足", "", 2, None, ""),
        ("神足2", "神足", "", 2, None, ""),
        ("神足", "神足", "", None, None, ""),
        ("〒617-0833 京都府 長岡京市 神足 2-17-6 ハイツ101", "神足", "", 2, 17, "6ハイツ101"),
        ("東神足3-7-3", "東神足", "", 3, 7, "3"),
        ("高台西12-5", "高台西", "", None, 12, "5"),
        ("高台1-12-5", "高台", "", 1, 12, "5"),
        ("長岡京市長岡2-2-1", "長岡", "", 2, 2, "1"),
        ("長岡京長岡2-2-1", "長岡", "", 2, 2, "1"),
        ("河陽ヶ丘1-2-3", "河陽が丘", "", 1, 2, "3"),
        ("金ヶ原大原12", "金ケ原", "大原", None, 12, ""),
        ("滝の町1丁目3番", "滝ノ町", "", 1, 3, ""),
        ("大字勝龍寺41番地の2", "勝竜寺", "", None, 41, "2"),
        ("勝竜寺字巡リ原7", "勝竜寺", "巡り原", None, 7, ""),
    ],
)
def test_an_address_is_read_however_it_is_written(
    typed: str, town: str, koaza: str, chome: int | None, banchi: int | None, rest: str
) -> None:
    parts = read_address(typed, CITY)
    assert parts.town is not None
    assert (parts.town.name, parts.chome, parts.banchi, parts.rest) == (town, chome, banchi, rest)
    if koaza != "巡り原":
        assert parts.koaza == koaza


@pytest.mark.parametrize(
    ("typed", "name", "certain", "why"),
    [
        ("神足1-2-3", "東小学校区", True, "丁目・番地から"),
        ("神足3-2-3", "西小学校区", True, "丁目・番地から"),
        ("神足", "東小学校区", False, "丁目が分かると"),
        ("東神足", "西小学校区", True, "町名(東神足)から"),
        ("勝竜寺10", "東小学校区", True, "番地から"),
        ("勝竜寺30番地", "西小学校区", True, "番地から"),
        ("勝竜寺41", "北小学校区", True, "番地から"),
        ("勝竜寺60-1", "西小学校区", True, "番地から"),
        ("勝竜寺61", "東小学校区", True, "番地から"),
        ("勝竜寺", "東小学校区", False, "番地が分かると"),
        ("勝竜寺巡リ原7", "北小学校区", True, "番地から"),
        ("友岡川向イ3", "西小学校区", True, "番地から"),
        ("友岡2-17-6", "東小学校区", True, "番地から"),
        ("粟生西条3", "北小学校区", False, "一部が別の校区"),
        ("617-0833", "東小学校区", False, "郵便番号の町"),
        ("新開地3", None, False, "まだ登録されていません"),
        ("", None, False, "まだ入っていません"),
        ("どこか橋のたもと", None, False, "町名が分かりません"),
        ("駅前のバス停", None, False, "町名が分かりません"),
        ("大阪府高槻市神足3-1", None, True, "外の住所"),
        ("京都市西京区大原野1-2", None, True, "外の住所"),
        ("向日市寺戸町1-2", None, True, "外の住所"),
        ("新潟県長岡市神足1", None, True, "外の住所"),
        ("長岡市神足1", None, True, "外の住所"),
        ("京都府乙訓郡大山崎町円明寺1", None, True, "外の住所"),
    ],
)
def test_the_district_of_an_address_comes_with_its_reason(
    typed: str, name: str | None, certain: bool, why: str
) -> None:
    answer = find_district(typed, CITY)
    assert (answer.district.name if answer.district else None, answer.certain) == (name, certain), answer.why
    assert why in answer.why


@given(
    st.builds(
        "".join,
        st.lists(
            st.sampled_from(
                [*"神足東高台西長岡京市府県区郡十二〇3９-ー番号の字", "丁目", "大字", "〒617", "勝竜寺", " "]
            )
            | st.text(max_size=3),
            max_size=12,
        ),
    )
)
def test_whatever_is_typed_an_answer_comes(typed: str) -> None:
    answer = find_district(typed, CITY)
    assert answer.why.endswith("。")
    assert answer.district is None or answer.town is not None


def test_an_elementary_district_may_split_to_two_junior_highs() -> None:
    assert [card.name for card in find_district("神足1-2-3", CITY).junior_highs] == [
        "第一中学校区",
        "第二中学校区",
    ]


def test_two_pieces_that_contradict_each_other_are_not_certain() -> None:
    torn = a_town("境", EAST, RangeCard(EAST, chome=(1, 2)), RangeCard(WEST, chome=(2, 3)), has_chome=True)
    city = CityMap("京都府", "長岡京市", CITY.districts, (torn,), {}, {})
    assert find_district("境1-1", city).certain
    assert not find_district("境2-1", city).certain


def test_figures_are_summed_before_they_are_divided() -> None:
    rows = [Figures(100, 40, 60, 30, 10, 45), Figures(300, 150, 150, 60, 40, 130)]
    city = total(rows)
    assert city == Figures(400, 190, 210, 90, 50, 175)
    assert city.ageing_rate == Decimal("22.5")
    assert Figures(0, 0, 0, 0, 0, 0).ageing_rate == Decimal("0.0")


@pytest.mark.parametrize(("cell", "value"), [("9,479", 9479), ("４５８７", 4587), (" 12 ", 12), ("0", 0)])
def test_a_count_is_read_as_published_files_write_it(cell: str, value: int) -> None:
    assert read_count(cell) == value


@pytest.mark.parametrize("cell", ["", "-", "約900", "12.5"])
def test_what_is_no_count_is_refused_with_its_words(cell: str) -> None:
    with pytest.raises(Refused, match="数として読めません"):
        read_count(cell)


@pytest.mark.parametrize("code", ["262099", "131016", "011002", "271004", "261009"])
def test_a_city_code_carries_its_check_digit(code: str) -> None:
    check_city_code(code)


@pytest.mark.parametrize("code", ["262090", "26209", "26209九", "２６２０９９", ""])
def test_a_wrong_city_code_is_refused(code: str) -> None:
    with pytest.raises(Refused):
        check_city_code(code)


def test_a_district_has_a_short_name() -> None:
    assert CITY.districts[EAST].short == "東小"
    assert CITY.districts[HIGH].short == "第一中"
