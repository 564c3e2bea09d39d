"""Loading a city from its folder, and writing published figures down."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from tsunagi.codes.actions import decide
from tsunagi.shared.refusal import Refused

from . import queries
from .models import City, DistrictRange, OfficeArea, Progression, PublishedFigure, SchoolDistrict, Town
from .rules import Basis, DistrictKind, FigureItem, check_city_code, read_count

T = TypeVar("T")


@dataclass(frozen=True)
class LoadedCity:
    """What a city's folder brought: rows now standing, by kind."""

    name: str
    districts: int
    towns: int
    ranges: int
    figures: int
    office_areas: int


@dataclass(frozen=True)
class _Line:
    """One line of a file, with words for what is wrong in it."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def refuse(self, column: str, what: str) -> Refused:
        return Refused(f"{self.file} の{self.number}行目「{column}」: {what}")

    def read(self, column: str, reader: Callable[[str], T]) -> T:
        """The cell as `reader` reads it; what it refuses is told with file, line and column."""
        try:
            return reader(self[column])
        except Refused as refusal:
            raise self.refuse(column, refusal.sentence) from None
        except ValueError:
            raise self.refuse(column, f"「{self[column]}」は読めません。書き方を確かめてください。") from None

    def number_of(self, column: str) -> int | None:
        return self.read(column, read_count) if self[column] else None

    def basis(self) -> Basis:
        return self.one_of("根拠", Basis) if self["根拠"] else Basis.PUBLISHED

    def one_of(self, column: str, kind: Any) -> Any:
        for member in kind:
            if self[column] == member.label:
                return member
        wanted = "・".join(member.label for member in kind)
        raise self.refuse(column, f"「{self[column]}」ではなく、{wanted}のどれかを入れてください。")


def folder_of(city: str | Path) -> AbstractContextManager[Path]:
    """The folder of a shipped city by name ("nagaokakyo"), or of a city's own path."""
    shipped: Traversable = resources.files("tsunagi.places") / "shipped" / str(city)
    return resources.as_file(shipped if "/" not in str(city) and shipped.is_dir() else Path(city))


@transaction.atomic
def load_city(city: str | Path) -> LoadedCity:
    """Read a city's folder into the database, as its owner.

    `city` is the name of a shipped folder or a path. Files: city.json, districts.csv, towns.csv, and, where
    the city has them, ranges.csv, office_areas.csv and figures.csv (地域・年齢別人口). CSV is UTF-8, with or
    without BOM. May be repeated: rows are matched by code or name, and what left the file leaves the map (a
    district only stops being active, because people's addresses point at it).

    Raises Refused with file, line and column of the first thing that cannot be read; then nothing is changed.
    """
    with folder_of(city) as folder:
        if not (folder / "city.json").is_file():
            raise Refused(f"「{city}」に city.json がありません。市のフォルダーの場所を確かめてください。")
        ours = _load_our_city(json.loads((folder / "city.json").read_text(encoding="utf-8-sig")))
        districts = _load_districts(ours, _lines(folder / "districts.csv"))
        towns = _load_towns(ours, districts, _lines(folder / "towns.csv"))
        loaded = LoadedCity(
            name=ours.name,
            districts=len(districts),
            towns=len(towns),
            ranges=_load_ranges(towns, districts, _lines(folder / "ranges.csv")),
            figures=_load_figures(ours, districts, _lines(folder / "figures.csv")),
            office_areas=_load_office_areas(districts, _lines(folder / "office_areas.csv")),
        )
    queries.forget()
    return loaded


def _lines(file: Path) -> list[_Line]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        _Line(file.name, number, {key: (value or "").strip() for key, value in row.items() if key})
        for number, row in enumerate(rows, start=2)
    ]


def _load_our_city(about: dict[str, Any]) -> City:
    check_city_code(about["code"])
    City.objects.filter(is_ours=True).exclude(code=about["code"]).update(is_ours=False)
    fields = {
        "prefecture": about["prefecture"],
        "name": about["name"],
        "kana": about.get("kana", ""),
        "area_km2": about.get("area_km2"),
        "is_ours": True,
    }
    ours, _ = City.objects.update_or_create(code=about["code"], defaults=fields)
    settings = {
        "city.name": about["name"],
        "city.prefecture": about["prefecture"],
        "city.code": about["code"],
    }
    for key, value in (settings | about.get("settings", {})).items():
        decide(key, value)
    return ours


def _load_districts(ours: City, lines: list[_Line]) -> dict[str, SchoolDistrict]:
    rows = [
        SchoolDistrict(
            city=ours,
            code=line["校区コード"],
            kind=line.one_of("種類", DistrictKind),
            name=line["校区名"],
            kana=line["カナ"],
            school_name=line["学校名"],
            position=number,
            basis=line.basis(),
            is_active=True,
        )
        for number, line in enumerate(lines, start=1)
    ]
    SchoolDistrict.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["city", "kind", "name", "kana", "school_name", "position", "basis", "is_active"],
    )
    ours.districts.exclude(code__in=[row.code for row in rows]).update(is_active=False)
    known = {row.name: row for row in ours.districts.filter(is_active=True)}
    _load_progressions(known, lines)
    return {name: row for name, row in known.items() if row.kind == DistrictKind.ELEMENTARY}


def _load_progressions(known: dict[str, SchoolDistrict], lines: list[_Line]) -> None:
    further = []
    for line in lines:
        district = known[line["校区名"]]
        district.parent = _named(known, line, "主な進学先") if line["主な進学先"] else None
        if line["分かれる進学先"]:
            junior_high = _named(known, line, "分かれる進学先")
            further.append(
                Progression(
                    elementary=district,
                    junior_high=junior_high,
                    part=line["分かれる部分"],
                    basis=line.basis(),
                )
            )
    SchoolDistrict.objects.bulk_update(known.values(), ["parent"])
    Progression.objects.filter(elementary__in=known.values()).delete()
    Progression.objects.bulk_create(further)


def _named(known: dict[str, T], line: _Line, column: str) -> T:
    try:
        return known[line[column]]
    except KeyError:
        raise line.refuse(column, f"「{line[column]}」は登録にありません。名前を確かめてください。") from None


def _load_towns(ours: City, districts: dict[str, SchoolDistrict], lines: list[_Line]) -> dict[str, Town]:
    rows = [
        Town(
            city=ours,
            name=line["町名"],
            kana=line["カナ"],
            postal_code=line["郵便番号"].replace("-", ""),
            has_chome=bool(line["丁目あり"]),
            district=_named(districts, line, "小学校区") if line["小学校区"] else None,
            has_exceptions=bool(line["一部除く"]),
            basis=line.basis(),
            note=line["覚え書き"],
        )
        for line in lines
    ]
    Town.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["city", "name"],
        update_fields=["kana", "postal_code", "has_chome", "district", "has_exceptions", "basis", "note"],
    )
    ours.towns.exclude(name__in=[row.name for row in rows]).delete()
    return {row.name: row for row in ours.towns.all()}


def _load_ranges(towns: dict[str, Town], districts: dict[str, SchoolDistrict], lines: list[_Line]) -> int:
    rows = [
        DistrictRange(
            town=_named(towns, line, "町名"),
            koaza=line["小字"],
            chome_from=line.number_of("丁目から"),
            chome_to=line.number_of("丁目まで"),
            banchi_from=line.number_of("番地から"),
            banchi_to=line.number_of("番地まで"),
            district=_named(districts, line, "小学校区"),
            basis=line.basis(),
            note=line["覚え書き"],
        )
        for line in lines
    ]
    DistrictRange.objects.filter(town__in=towns.values()).delete()
    return len(DistrictRange.objects.bulk_create(rows))


def _load_office_areas(districts: dict[str, SchoolDistrict], lines: list[_Line]) -> int:
    rows = [
        OfficeArea(
            office_code=line["機関コード"], district=_named(districts, line, "小学校区"), basis=line.basis()
        )
        for line in lines
    ]
    OfficeArea.objects.filter(district__in=districts.values()).delete()
    return len(OfficeArea.objects.bulk_create(rows))


_COLUMNS = {item.label: item for item in FigureItem}


def _load_figures(ours: City, districts: dict[str, SchoolDistrict], lines: list[_Line]) -> int:
    rows = []
    for line in lines:
        if line["地域コード"] != ours.code:
            raise line.refuse(
                "地域コード", f"「{line['地域コード']}」は{ours.name}の番号({ours.code})ではありません。"
            )
        district = _named(districts, line, "地域名")
        day = line.read("調査年月日", date.fromisoformat)
        rows += [
            PublishedFigure(
                district=district,
                as_of=day,
                item=item,
                value=line.read(column, read_count),
                source=line["備考"] or "地域・年齢別人口",
            )
            for column, item in _COLUMNS.items()
        ]
    _store_figures(rows)
    return len(rows)


def _store_figures(rows: Iterable[PublishedFigure]) -> None:
    PublishedFigure.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["district", "as_of", "item"],
        update_fields=["value", "source"],
    )
