"""The map as its pages show it, and what stands of a row together with a number that changes when it does."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from tsunagi.accounts.models import Office
from tsunagi.places.models import City, OfficeArea, SchoolDistrict, Town
from tsunagi.places.rules import Basis, DistrictKind
from tsunagi.setup.rules.schema import shown_bounds


@dataclass(frozen=True)
class Now:
    """The values a form shows. `revision` is another number as soon as any of them is another."""

    values: dict[str, Any]

    @property
    def revision(self) -> int:
        """A check sum of the values; rows of the map keep no revision."""
        return zlib.crc32(repr(sorted(self.values.items())).encode()) & 0x7FFFFFFF


@dataclass(frozen=True)
class DistrictRow:
    """A school district on the list."""

    id: int
    name: str
    kind: str
    school_name: str
    parent: str
    basis: str
    towns: int
    offices: str


@dataclass(frozen=True)
class TownRow:
    """A town on the list."""

    id: int
    name: str
    kana: str
    postal_code: str
    district: str
    parts: tuple[str, ...]


def city_now() -> Now | None:
    """The municipality as it stands; None while there is none."""
    ours = City.objects.filter(is_ours=True).first()
    if ours is None:
        return None
    area = str(ours.area_km2) if ours.area_km2 is not None else ""
    return Now(
        {
            "code": ours.code,
            "name": ours.name,
            "prefecture": ours.prefecture,
            "kana": ours.kana,
            "area_km2": area,
        }
    )


def district_rows() -> list[DistrictRow]:
    """All living districts, junior highs last, with how many towns and who serves them."""
    labels = {row.code: row.label for row in Office.objects.filter(is_active=True).order_by("code")}
    served: dict[int, list[str]] = {}
    for district_id, code in OfficeArea.objects.order_by("office_code").values_list(
        "district_id", "office_code"
    ):
        served.setdefault(district_id, []).append(labels.get(code, code))
    towns: dict[int, int] = {}
    for district_id in (
        Town.objects.filter(district__isnull=False).values_list("district_id", flat=True).order_by("id")
    ):
        towns[district_id or 0] = towns.get(district_id or 0, 0) + 1
    rows = SchoolDistrict.objects.filter(city__is_ours=True, is_active=True).select_related("parent")
    return [
        DistrictRow(
            row.pk,
            row.name,
            DistrictKind.label_of(row.kind),
            row.school_name,
            row.parent.name if row.parent else "",
            Basis.label_of(row.basis),
            towns.get(row.pk, 0),
            "、".join(served.get(row.pk, ())),
        )
        for row in rows.order_by("kind", "position", "id")
    ]


def district_now(row: SchoolDistrict) -> Now:
    """What stands of a district."""
    codes = OfficeArea.objects.filter(district=row).order_by("office_code")
    return Now(
        {
            "name": row.name,
            "kind": row.kind,
            "kana": row.kana,
            "school_name": row.school_name,
            "parent": row.parent.name if row.parent else "",
            "basis": row.basis,
            "offices": list(codes.values_list("office_code", flat=True)),
        }
    )


def town_rows() -> list[TownRow]:
    """All towns by kana."""
    rows = Town.objects.filter(city__is_ours=True).select_related("district")
    return [
        TownRow(
            row.pk,
            row.name,
            row.kana,
            f"{row.postal_code[:3]}-{row.postal_code[3:]}" if row.postal_code else "",
            row.district.name if row.district else "",
            tuple(_parts(row)),
        )
        for row in rows.prefetch_related("ranges__district").order_by("kana", "id")
    ]


def town_now(row: Town) -> Now:
    """What stands of a town."""
    return Now(
        {
            "name": row.name,
            "kana": row.kana,
            "postal_code": row.postal_code,
            "has_chome": row.has_chome,
            "district": row.district.name if row.district else "",
            "has_exceptions": row.has_exceptions,
            "parts": "\n".join(_parts(row)),
            "note": row.note,
        }
    )


def _parts(row: Town) -> list[str]:
    """The parts of a town that lie elsewhere, as lines of its form."""
    found = []
    for one in sorted(row.ranges.all(), key=lambda one: one.pk):
        words = [one.koaza]
        if one.chome_from is not None and one.chome_to is not None:
            words.append(f"{shown_bounds((one.chome_from, one.chome_to))}丁目")
        elif one.banchi_from is not None and one.banchi_to is not None:
            words.append(f"{shown_bounds((one.banchi_from, one.banchi_to))}番地")
        found.append(f"{' '.join(word for word in words if word)}={one.district.name}")
    return found


def junior_high_names() -> list[str]:
    """The names of the junior high districts."""
    return _names(DistrictKind.JUNIOR_HIGH)


def elementary_names() -> list[str]:
    """The names of the elementary districts."""
    return _names(DistrictKind.ELEMENTARY)


def _names(kind: str) -> list[str]:
    rows = SchoolDistrict.objects.filter(city__is_ours=True, is_active=True, kind=kind)
    return list(rows.order_by("position", "id").values_list("name", flat=True))
