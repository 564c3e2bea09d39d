"""Loading a city from its folder, writing published figures down, and the single deeds of whoever keeps the map."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from tsunagi.accounts.models import Worker
from tsunagi.codes.actions import decide
from tsunagi.journal.actions import record
from tsunagi.shared.my_number import refuse_my_number
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


# -- single deeds: by a city's file, or by its administrator at a screen --------------------------------


@transaction.atomic
def name_city(fields: Mapping[str, Any], *, by: Worker | None, at: datetime) -> City:
    """Say which municipality this is (code, name, prefecture, kana, area_km2). Its code never changes.

    Raises Refused for a code that is none, or when the database already belongs to another municipality.
    """
    ours = City.objects.select_for_update().filter(is_ours=True).first()
    values = dict(fields)
    code = values.pop("code", ours.code if ours else "")
    check_city_code(code)
    if ours is not None and ours.code != code:
        raise Refused(
            "このデータベースは別の市のものです。新しい市は、空のデータベースに開設してください。", "code"
        )
    city, _ = City.objects.update_or_create(code=code, defaults=values | {"is_ours": True})
    for key, value in (
        ("city.name", city.name),
        ("city.prefecture", city.prefecture),
        ("city.code", city.code),
    ):
        decide(key, value)
    record("city.named", subject_kind="city", subject_id=city.pk, by=_id(by), at=at)
    queries.forget()
    return city


@transaction.atomic
def set_district(
    name: str, fields: Mapping[str, Any], *, by: Worker | None, at: datetime, district_id: int | None = None
) -> SchoolDistrict:
    """Add a school district, or change the one of this name (or number): kind, code, kana, school, where children go on.

    `parent` is a junior high district's name, `further` a list of {"name", "part"}. What is not said stays.
    """
    ours = _our_city()
    values = dict(fields)
    found = ours.districts.select_for_update(of=("self",))
    row = found.filter(pk=district_id).first() if district_id else found.filter(name=name).first()
    kind = values.pop("kind", row.kind if row else DistrictKind.ELEMENTARY)
    if not name.strip():
        raise Refused("校区の名前を入れてください。", field="name")
    if found.filter(name=name, kind=kind).exclude(pk=row.pk if row else 0).exists():
        raise Refused("同じ名前の校区が、すでにあります。", field="name")
    parent, further = values.pop("parent", None), values.pop("further", None)
    if kind == DistrictKind.JUNIOR_HIGH and (parent or further):
        raise Refused("中学校区には、進学先を入れられません。", field="parent")
    if row is None:
        last = ours.districts.order_by("-position").first()
        code = values.pop("code", "") or _next_code(ours, kind)
        row = SchoolDistrict(city=ours, code=code, position=last.position + 1 if last else 1)
    row.name, row.kind, row.is_active = name, kind, values.pop("is_active", True)
    for key in ("kana", "school_name", "basis"):
        if key in values:
            refuse_my_number(values[key], "校区", key)
            setattr(row, key, values[key])
    if parent is not None:
        row.parent = _junior_high(ours, parent) if parent else None
    row.save()
    if further is not None:
        row.further.all().delete()
        Progression.objects.bulk_create(
            Progression(elementary=row, junior_high=_junior_high(ours, one["name"]), part=one.get("part", ""))
            for one in further
        )
    record("district.changed", subject_kind="district", subject_id=row.pk, by=_id(by), at=at)
    queries.forget()
    return row


@transaction.atomic
def add_district(fields: Mapping[str, Any], *, by: Worker, at: datetime) -> SchoolDistrict:
    """Add a district as its page says it: also `offices`, the codes of those that serve it. Refused when it is there."""
    values = dict(fields)
    name, offices = values.pop("name"), values.pop("offices", ())
    if _our_city().districts.filter(name=name).exists():
        raise Refused("同じ名前の校区が、すでにあります。", field="name")
    row = set_district(name, values, by=by, at=at)
    _serve(row, offices, by=by, at=at)
    return row


@transaction.atomic
def change_district(
    district_id: int, fields: Mapping[str, Any], *, by: Worker, at: datetime
) -> SchoolDistrict:
    """Change a district as its page says it, and who serves it."""
    values = dict(fields)
    name, offices = values.pop("name"), values.pop("offices", ())
    row = set_district(name, values, by=by, at=at, district_id=district_id)
    _serve(row, offices, by=by, at=at)
    return row


def _serve(row: SchoolDistrict, offices: Iterable[str], *, by: Worker, at: datetime) -> None:
    """These offices, and no others, serve the district."""
    if row.kind == DistrictKind.JUNIOR_HIGH and list(offices):
        raise Refused("担当する機関は、小学校区に決めます。中学校区では選ばないでください。", field="offices")
    wanted, there = set(offices), set(row.office_areas.values_list("office_code", flat=True))
    if wanted == there:
        return
    row.office_areas.exclude(office_code__in=wanted).delete()
    OfficeArea.objects.bulk_create(
        OfficeArea(office_code=code, district=row) for code in sorted(wanted - there)
    )
    record(
        "district.served",
        subject_kind="district",
        subject_id=row.pk,
        by=by.pk,
        at=at,
        detail={"offices": len(wanted)},
    )
    queries.forget()


@transaction.atomic
def set_town(
    name: str,
    fields: Mapping[str, Any],
    *,
    by: Worker | None,
    at: datetime,
    town_id: int | None = None,
    is_new: bool = False,
) -> Town:
    """Add a town, or change the one of this name (or number). `district` is an elementary district's name.

    `ranges`, when said, are the whole list of parts that lie elsewhere: {"koaza", "chome", "banchi", "district", …}.
    """
    ours = _our_city()
    values = dict(fields)
    found = ours.towns.select_for_update(of=("self",))
    row = found.filter(pk=town_id).first() if town_id else found.filter(name=name).first()
    if not name.strip():
        raise Refused("町の名前を入れてください。", field="name")
    if (is_new and row is not None) or found.filter(name=name).exclude(pk=row.pk if row else 0).exists():
        raise Refused("この町名は、すでにあります。", field="name")
    row = row or Town(city=ours)
    row.name = name
    for key in ("kana", "postal_code", "has_chome", "has_exceptions", "basis", "note"):
        if key in values:
            if isinstance(values[key], str):
                refuse_my_number(values[key], "町", key)
            setattr(row, key, values[key])
    if "district" in values:
        row.district = _elementary(ours, values["district"]) if values["district"] else None
    row.save()
    if "ranges" in values:
        row.ranges.all().delete()
        DistrictRange.objects.bulk_create(_range(row, ours, one) for one in values["ranges"])
    record("town.changed", subject_kind="town", subject_id=row.pk, by=_id(by), at=at)
    queries.forget()
    return row


@transaction.atomic
def set_office_areas(office_code: str, names: Iterable[str], *, by: Worker | None, at: datetime) -> int:
    """Say which elementary districts an office serves (担当区域), all of them at once; how many."""
    ours = _our_city()
    OfficeArea.objects.filter(office_code=office_code).delete()
    rows = [
        OfficeArea(office_code=office_code, district=_elementary(ours, name)) for name in dict.fromkeys(names)
    ]
    OfficeArea.objects.bulk_create(rows)
    record(
        "office.areas_set",
        subject_kind="office",
        subject_id=None,
        by=_id(by),
        at=at,
        detail={"districts": len(rows)},
    )
    queries.forget()
    return len(rows)


def _our_city() -> City:
    ours = City.objects.filter(is_ours=True).first()
    if ours is None:
        raise Refused("市がまだ登録されていません。先に市の名前とコードを入れてください。")
    return ours


def _junior_high(ours: City, name: str) -> SchoolDistrict:
    row = ours.districts.filter(name=name, kind=DistrictKind.JUNIOR_HIGH).first()
    if row is None:
        raise Refused(f"中学校区「{name}」は登録にありません。先に登録してください。", field="parent")
    return row


def _elementary(ours: City, name: str) -> SchoolDistrict:
    row = ours.districts.filter(name=name, kind=DistrictKind.ELEMENTARY).first()
    if row is None:
        raise Refused(f"小学校区「{name}」は登録にありません。先に登録してください。", field="district")
    return row


def _next_code(ours: City, kind: str) -> str:
    """262099-e11: the first free number behind the city's code."""
    letter = "j" if kind == DistrictKind.JUNIOR_HIGH else "e"
    taken = set(SchoolDistrict.objects.values_list("code", flat=True))
    return next(
        code for number in range(1, 1000) if (code := f"{ours.code}-{letter}{number:02d}") not in taken
    )


def _range(town: Town, ours: City, one: Mapping[str, Any]) -> DistrictRange:
    chome, banchi = one.get("chome") or (None, None), one.get("banchi") or (None, None)
    return DistrictRange(
        town=town,
        koaza=one.get("koaza", ""),
        chome_from=chome[0],
        chome_to=chome[1],
        banchi_from=banchi[0],
        banchi_to=banchi[1],
        district=_elementary(ours, one["district"]),
        basis=one.get("basis", Basis.PUBLISHED),
        note=one.get("note", ""),
    )


def _id(by: Worker | None) -> int | None:
    return by.pk if by is not None else None
