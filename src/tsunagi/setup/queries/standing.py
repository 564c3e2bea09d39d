"""What stands in the database, in the shape of a city's file: for comparing with one, and for `--export`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from tsunagi.accounts.models import CalendarDay, Office, Posting, Worker
from tsunagi.codes.models import Setting
from tsunagi.codes.queries import lists
from tsunagi.codes.rules import SETTINGS, ListCard, Origin, version_of
from tsunagi.places.models import City, OfficeArea
from tsunagi.setup.rules.planning import Standing
from tsunagi.setup.rules.reading import Document, Entry
from tsunagi.setup.rules.schema import CITY_SETTINGS, OFFICE, OWN_SETTINGS, WORKER, Schema


def standing() -> Standing:
    """Everything a city's file can say, as it stands now."""
    stored = dict(Setting.objects.order_by("key").values_list("key", "value"))
    settings = {key: stored.get(key, spec.default) for key, spec in SETTINGS.items()}
    own = set(Setting.objects.filter(is_own=True).order_by("key").values_list("key", flat=True))
    ours = City.objects.filter(is_ours=True).first()
    calendars = _calendars()
    cards = lists()
    document = Document(
        city=_city(ours, settings) if ours else None,
        settings=Entry(0, {key: settings[key] for key in OWN_SETTINGS if key in own}),
        calendar=calendars.get(None, Entry(0)),
        districts=_districts(ours) if ours else [],
        towns=_towns(ours) if ours else [],
        offices=_offices(calendars),
        workers=_workers(),
        code_lists=_code_lists(cards),
    )
    return Standing(
        document,
        {card.key: card for card in cards},
        settings,
        frozenset(Office.objects.filter(is_active=False).order_by("code").values_list("code", flat=True)),
        frozenset(
            Worker.objects.filter(is_active=False)
            .order_by("sign_in_name")
            .values_list("sign_in_name", flat=True)
        ),
    )


def _said(**values: Any) -> Entry:
    """An entry of what is not empty: an empty value need not be written."""
    return Entry(0, {name: value for name, value in values.items() if value not in (None, "", [], False)})


def _city(ours: City, settings: dict[str, Any]) -> Entry:
    entry = _said(
        code=ours.code,
        name=ours.name,
        prefecture=ours.prefecture,
        kana=ours.kana,
        area_km2=str(ours.area_km2) if ours.area_km2 is not None else None,
    )
    apart = {"city.name", "city.prefecture", "city.code"}
    entry.values |= {key: settings[key] for key in CITY_SETTINGS if key not in apart and settings[key]}
    return entry


def _districts(ours: City) -> list[Entry]:
    rows = ours.districts.filter(is_active=True).select_related("parent")
    return [
        _said(
            name=row.name,
            kind=row.kind,
            code=row.code,
            kana=row.kana,
            school_name=row.school_name,
            parent=row.parent.name if row.parent else "",
            further=[
                _said(name=one.junior_high.name, part=one.part)
                for one in sorted(row.further.all(), key=lambda one: one.pk)
            ],
            basis=row.basis,
        )
        for row in rows.prefetch_related("further__junior_high").order_by("-kind", "position", "id")
    ]


def _towns(ours: City) -> list[Entry]:
    rows = ours.towns.select_related("district").prefetch_related("ranges__district")
    return [
        _said(
            name=row.name,
            kana=row.kana,
            postal_code=row.postal_code,
            has_chome=row.has_chome,
            district=row.district.name if row.district else "",
            has_exceptions=row.has_exceptions,
            basis=row.basis,
            note=row.note,
            ranges=[
                _said(
                    koaza=one.koaza,
                    chome=_bounds(one.chome_from, one.chome_to),
                    banchi=_bounds(one.banchi_from, one.banchi_to),
                    district=one.district.name,
                    basis=one.basis,
                    note=one.note,
                )
                for one in sorted(row.ranges.all(), key=lambda one: one.pk)
            ],
        )
        for row in rows.order_by("kana", "id")
    ]


def _bounds(first: int | None, last: int | None) -> tuple[int, int] | None:
    return None if first is None or last is None else (first, last)


def _own(row: Any, schema: Schema, apart: set[str]) -> dict[str, Any]:
    return {key.name: getattr(row, key.name) for key in schema.keys if key.name not in apart}


def _offices(calendars: dict[int | None, Entry]) -> list[Entry]:
    areas: dict[str, list[str]] = {}
    served = OfficeArea.objects.select_related("district").order_by("district__position", "district_id")
    for area in served:
        areas.setdefault(area.office_code, []).append(area.district.name)
    apart = {"duty", "stand_in", "areas", "closed", "opened"}
    found = []
    rows = Office.objects.filter(is_active=True).select_related("duty_worker", "stand_in_office")
    for row in rows.order_by("code"):
        entry = _said(
            **_own(row, OFFICE, apart | {"signs_in"}),
            duty=row.duty_worker.sign_in_name if row.duty_worker and row.signs_in else "",
            stand_in=row.stand_in_office.code if row.stand_in_office else "",
            areas=areas.get(row.code, []),
        )
        entry.values["signs_in"] = row.signs_in
        if row.pk in calendars:
            entry.values |= calendars[row.pk].values
        found.append(entry)
    return found


def _workers() -> list[Entry]:
    posts: dict[int, list[Entry]] = {}
    rows = Posting.objects.filter(ended_at__isnull=True, office__is_active=True).select_related("office")
    for row in rows.order_by("-is_main", "id"):
        entry = _said(
            office=row.office.code,
            role=row.role,
            since=row.since,
            is_secondment=row.is_secondment,
            planned_until=row.planned_until,
        )
        entry.values["is_main"] = row.is_main
        posts.setdefault(row.worker_id, []).append(entry)
    return [
        _said(**_own(row, WORKER, {"postings"}), postings=posts.get(row.pk, []))
        for row in Worker.objects.filter(is_active=True).order_by("id")
    ]


def _calendars() -> dict[int | None, Entry]:
    """Calendars by office (None: the city), days in a row with the same reason as one line."""
    days: dict[tuple[int | None, bool], list[tuple[date, str]]] = {}
    for whose, day, is_open, label in CalendarDay.objects.order_by("day", "id").values_list(
        "office_id", "day", "is_open", "label"
    ):
        days.setdefault((whose, is_open), []).append((day, label))
    found: dict[int | None, Entry] = {}
    for (office_id, is_open), rows in days.items():
        entry = found.setdefault(office_id, Entry(0))
        entry.values["opened" if is_open else "closed"] = list(_in_a_row(rows))
    return found


LONGEST_LINE = 90


def _in_a_row(rows: Iterable[tuple[date, str]]) -> Iterable[Entry]:
    stretches: list[tuple[date, date, str]] = []
    for day, label in rows:
        if stretches:
            first, last, why = stretches[-1]
            if label == why and day == last + timedelta(days=1) and (day - first).days < LONGEST_LINE:
                stretches[-1] = (first, day, why)
                continue
        stretches.append((day, day, label))
    for first, last, label in stretches:
        yield _said(day=first, until=last if last != first else None, label=label)


def _code_lists(cards: list[ListCard]) -> list[Entry]:
    """What the city decided of its own: words it changed, choices it added, choices it no longer offers."""
    found = []
    for card in cards:
        codes = []
        for value in dict.fromkeys(code.value for code in card.codes):
            newest = version_of(card.codes, value)
            if newest is None:
                continue
            if newest.retired_on is not None and (newest.origin == Origin.SHIPPED or newest.version > 1):
                codes.append(_said(value=value, retired=True))
            elif newest.retired_on is None and newest.origin == Origin.CITY:
                codes.append(
                    _said(
                        value=value,
                        label=newest.label,
                        short=newest.attributes.get("short"),
                        aliases=list(newest.attributes.get("aliases", ())),
                    )
                )
        if codes:
            found.append(_said(list=card.label, codes=codes))
    return found
