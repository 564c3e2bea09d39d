"""The facts of the checklist, counted; and the checklist."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from tsunagi.accounts.models import CalendarDay, Office, Posting, Worker
from tsunagi.accounts.rules import HOLDING_ROLES, Role
from tsunagi.codes.models import Code, Setting
from tsunagi.codes.queries import city_name, text
from tsunagi.codes.rules import Origin
from tsunagi.places.models import City, OfficeArea, SchoolDistrict, Town
from tsunagi.places.rules import DistrictKind
from tsunagi.setup.models import Look
from tsunagi.setup.rules.readiness import Checklist, Facts, Looked, checklist
from tsunagi.shared.wareki import fiscal_year


def readiness(*, on: date) -> Checklist:
    """What the city has and lacks on this day."""
    return checklist(_facts(on), on=on)


def _facts(on: date) -> Facts:
    first, last = year_of(on)
    living = Posting.objects.filter(
        ended_at__isnull=True, worker__is_active=True, office__is_active=True, office__signs_in=True
    )
    offices = Office.objects.filter(is_active=True, signs_in=True).order_by("code")
    here = living.filter(office=OuterRef("pk"))
    elementary = SchoolDistrict.objects.filter(
        city__is_ours=True, is_active=True, kind=DistrictKind.ELEMENTARY
    )
    towns = Town.objects.filter(city__is_ours=True)
    served = OfficeArea.objects.filter(district=OuterRef("pk"))
    people = Worker.objects.filter(is_active=True)
    return Facts(
        city=city_name() if City.objects.filter(is_ours=True).exists() else "",
        districts=elementary.count(),
        towns=towns.count(),
        towns_without_district=towns.filter(district__isnull=True).count(),
        offices=offices.count(),
        front_desks=offices.filter(is_front_desk=True).count(),
        without_duty=_labels(offices.exclude(duty_worker__is_active=True)),
        without_phone=_labels(offices.filter(phone="")),
        without_manager=_labels(
            offices.filter(Exists(here.filter(role__in=HOLDING_ROLES))).exclude(
                Exists(here.filter(role=Role.MANAGER))
            )
        ),
        without_area=elementary.filter(~Exists(served)).exists(),
        coordinators=_how_many(Role.COORDINATOR),
        administrators=_how_many(Role.SYSTEM_ADMINISTRATOR),
        auditors=_how_many(Role.AUDITOR),
        disclosure_officers=_how_many(Role.DISCLOSURE_OFFICER),
        measures_entered=offices.filter(code=text("protection.list_office") or "-").exists(),
        without_post=people.filter(~Exists(living.filter(worker=OuterRef("pk")))).count(),
        never_signed_in=people.filter(last_seen_at__isnull=True).count(),
        has_own_days=CalendarDay.objects.filter(office__isnull=True, day__gte=first, day__lte=last).exists(),
        has_own_codes=Code.objects.filter(origin=Origin.CITY).exists(),
        has_own_settings=Setting.objects.filter(is_own=True).exclude(key__startswith="city.").exists(),
        looked=_looked(first),
    )


def year_of(on: date) -> tuple[date, date]:
    """First and last day of the fiscal year a day lies in (4月1日から3月31日)."""
    year = fiscal_year(on)
    return date(year, 4, 1), date(year + 1, 3, 31)


def _how_many(role: str) -> int:
    return (
        Posting.objects.filter(
            role=role,
            ended_at__isnull=True,
            worker__is_active=True,
            office__is_active=True,
            office__signs_in=True,
        )
        .values("worker")
        .distinct()
        .count()
    )


def _labels(offices: object) -> tuple[str, ...]:
    return tuple(office.label for office in offices)  # type: ignore[attr-defined]


def _looked(first: date) -> frozenset[str]:
    """What was looked at; a calendar only counts when somebody looked at it in this fiscal year."""
    found = set(Look.objects.order_by("what").values_list("what", flat=True))
    if not Look.objects.filter(what=Looked.CALENDAR, at__date__gte=first).exists():
        found.discard(Looked.CALENDAR)
    return frozenset(found)
