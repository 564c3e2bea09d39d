"""Loading a city's folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tsunagi.codes import queries as codes
from tsunagi.places import queries
from tsunagi.places.actions import LoadedCity, folder_of, load_city
from tsunagi.places.models import City, DistrictRange, PublishedFigure, SchoolDistrict
from tsunagi.shared.refusal import Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped city that a test may spoil."""
    with folder_of("nagaokakyo") as shipped:
        shutil.copytree(shipped, tmp_path / "city")
    return tmp_path / "city"


def replace(file: Path, old: str, new: str) -> None:
    """Change the first place where `old` stands."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_loading_twice_is_loading_once(as_owner: None) -> None:
    first = load_city("nagaokakyo")
    numbers = set(SchoolDistrict.objects.values_list("pk", flat=True))
    assert load_city("nagaokakyo") == first
    assert first == LoadedCity("長岡京市", districts=10, towns=43, ranges=14, figures=60, office_areas=40)
    assert set(SchoolDistrict.objects.values_list("pk", flat=True)) == numbers
    assert (DistrictRange.objects.count(), PublishedFigure.objects.count()) == (14, 60)


def test_another_city_is_only_another_folder(as_owner: None, tmp_path: Path) -> None:
    load_city("nagaokakyo")
    about = {
        "code": "131016",
        "prefecture": "東京都",
        "name": "千代田区",
        "settings": {"city.area_code": "03"},
    }
    (tmp_path / "city.json").write_text(json.dumps(about), encoding="utf-8")
    (tmp_path / "districts.csv").write_text(
        "校区コード,種類,校区名,学校名\n131016-e01,小学校区,見本小学校区,見本小学校\n", encoding="utf-8"
    )
    (tmp_path / "towns.csv").write_text(
        "町名,カナ,小学校区\n見本町,ミホンチョウ,見本小学校区\n", encoding="utf-8"
    )
    loaded = load_city(tmp_path)
    assert loaded == LoadedCity("千代田区", districts=1, towns=1, ranges=0, figures=0, office_areas=0)
    assert City.objects.get(is_ours=True).name == "千代田区"
    assert (codes.city_name(), codes.area_code()) == ("千代田区", "03")
    answer = queries.district_of("東京都千代田区見本町1-1")
    assert answer.district is not None
    assert answer.district.name == "見本小学校区"
    assert [town.name for town in queries.towns()] == ["見本町"]


def test_what_left_the_file_leaves_the_map_but_a_district_only_rests(as_owner: None, folder: Path) -> None:
    load_city(folder)
    for name in ("towns.csv", "districts.csv", "ranges.csv", "office_areas.csv", "figures.csv"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines(keepends=True)
        (folder / name).write_text(
            "".join(line for line in lines if "長岡第十小学校区" not in line), encoding="utf-8"
        )
    load_city(folder)
    assert len(queries.districts()) == 9
    assert not SchoolDistrict.objects.get(name="長岡第十小学校区").is_active
    assert queries.district_of("井ノ内1").town is None


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        (
            "towns.csv",
            "神足小学校区",
            "神足北小学校区",
            r"towns\.csv の\d+行目「小学校区」: 「神足北小学校区」は登録にありません",
        ),
        (
            "ranges.csv",
            "調子,,1,2",
            "調子,,一丁目,2",
            r"ranges\.csv の3行目「丁目から」: 「一丁目」は数として読めません",
        ),
        (
            "figures.csv",
            "2023-04-01",
            "R5.4.1",
            r"figures\.csv の2行目「調査年月日」: 「R5\.4\.1」は読めません",
        ),
        ("figures.csv", '"9,479"', "およそ9千", r"figures\.csv の2行目「総人口」"),
        ("figures.csv", "262099", "262081", "長岡京市の番号"),
        ("districts.csv", "中学校区,長岡", "高校区,長岡", "小学校区・中学校区のどれか"),
        ("city.json", "262099", "262090", "検査数字が合いません"),
        ("city.json", '"17:00"', '"五時"', "時刻"),
    ],
    ids=["district", "number", "date", "count", "other city", "kind", "check digit", "setting"],
)
def test_a_fault_is_told_with_file_line_and_column_and_nothing_is_changed(
    as_owner: None, folder: Path, file: str, old: str, new: str, words: str
) -> None:
    replace(folder / file, old, new)
    with pytest.raises(Refused, match=words):
        load_city(folder)
    assert not City.objects.exists()
    assert codes.city_name() == ""


def test_a_folder_without_a_city_is_refused(as_owner: None, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"city\.json がありません"):
        load_city(tmp_path)
