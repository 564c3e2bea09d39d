"""The offices open and the workers come to work. The only place that writes accounts for the demo."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from faker import Faker

from tsunagi.accounts.models import CalendarDay, Office, Posting, Worker
from tsunagi.accounts.rules import Role
from tsunagi.shared.days import day_of

from .cast import FORMER, OFFICES, OUTSIDE, PASSWORD, WORKERS, Cast

SINCE = date(2023, 4, 1)
TUESDAY_TO_SATURDAY = [1, 2, 3, 4, 5]


def found(at: datetime, rng: Random) -> Cast:
    """Open the offices of the slides with everybody who works there, and the agencies outside."""
    workers = _employ(at, rng)
    codes = {code: row for row in WORKERS if row.duty for code, _ in row.posts[:1]}
    offices = [
        Office(
            code=row.code,
            name=row.name,
            short_name=row.short,
            run_by=row.run_by,
            legal_kind=row.legal,
            field=row.field,
            is_front_desk=row.front,
            duty_worker=workers[codes[row.code].sign_in],
            phone=f"075-000-{row.extension}",
            fax=f"075-000-9{row.extension[1:]}",
            opening_hours=row.hours,
            closing_time=time(17, 0),
            open_weekdays=TUESDAY_TO_SATURDAY if row.code == "shakyo-seikatsu" else list(row.weekdays),
            contract_until=date(day_of(at).year + 1 + (day_of(at).month > 3), 3, 31)
            if row.run_by == "entrusted"
            else None,
        )
        for row in OFFICES
    ]
    offices += [
        Office(
            code=row.code,
            name=row.name,
            run_by=row.run_by,
            legal_kind=row.legal,
            field=row.field,
            signs_in=False,
            phone=f"075-000-{row.extension}",
            fax=f"075-000-9{row.extension[1:]}",
            opening_hours=row.hours,
        )
        for row in OUTSIDE
    ]
    Office.objects.bulk_create(offices)
    by_code = {office.code: office.pk for office in offices}
    Posting.objects.bulk_create(
        Posting(
            worker=workers[row.sign_in],
            office_id=by_code[code],
            role=role,
            since=SINCE,
            is_main=place == 0,
            is_secondment=row.seconded,
        )
        for row in WORKERS
        for place, (code, role) in enumerate(row.posts)
    )
    _days_off(at, by_code)
    return Cast(by_code, workers)


def part_of_former(cast: Cast, at: datetime) -> None:
    """Whoever left three weeks ago: no post any more, nothing held."""
    left = at - timedelta(days=20)
    former = cast.workers[FORMER]
    Posting.objects.create(
        worker=former, office_id=cast.offices["nandemo"], role=Role.COUNSELLOR, since=SINCE, ended_at=left
    )


def _employ(at: datetime, rng: Random) -> dict[str, Worker]:
    names = Faker("ja_JP")
    names.seed_instance(rng.randrange(10**6))
    hashed = make_password(PASSWORD)  # one for all: hashing each would take longer than everything else here
    made: dict[str, Worker] = {}
    taken: set[str] = set()
    for row in WORKERS:
        name, kana = _name(names, rng, taken)
        saturday = any(code == "shakyo-seikatsu" for code, _ in row.posts)
        made[row.sign_in] = Worker(
            sign_in_name=row.sign_in,
            password=hashed,
            name=name,
            kana=kana,
            professions=list(row.professions),
            employer=row.employer,
            weekdays=TUESDAY_TO_SATURDAY if saturday else list(row.weekdays),
            joined_on=SINCE,
            last_seen_at=at - timedelta(minutes=rng.randrange(20, 60 * 20)),
        )
    # One colleague has not signed in for a week and nobody recorded an absence: a finding for the manager.
    made["kokuho2"].last_seen_at = at - timedelta(days=12)
    made["houkatsu-nishi3"].last_seen_at = at - timedelta(days=9)
    name, kana = _name(names, rng, taken)
    made[FORMER] = Worker(
        sign_in_name=FORMER,
        password="!",  # noqa: S106 - cannot sign in
        name=name,
        kana=kana,
        is_active=False,
        left_on=day_of(at) - timedelta(days=20),
        joined_on=SINCE,
        last_seen_at=at - timedelta(days=20),
    )
    Worker.objects.bulk_create(made.values())
    return made


def _name(names: Faker, rng: Random, taken: set[str]) -> tuple[str, str]:
    while True:
        family, family_kana, _ = names.last_name_pair()
        given, given_kana, _ = names.first_name_pair()
        if family not in taken:
            taken.add(family)
            return f"{family} {given}", f"{family_kana} {given_kana}"
        if len(taken) > 45 and rng.random() < 0.3:  # the common names come again, as they do in a city hall
            return f"{family} {given}", f"{family_kana} {given_kana}"


def _days_off(at: datetime, by_code: dict[str, int]) -> None:
    """The council's houses close four days around the new year; one Saturday the desk opens."""
    year = day_of(at).year
    rows = [
        CalendarDay(office_id=by_code[code], day=day, is_open=False, label="年末年始の休館")
        for code in ("shakyo-kizuna", "shakyo-seikatsu")
        for first in (year - 1, year)
        for day in (date(first, 12, 28), date(first + 1, 1, 4))
    ]
    saturday = day_of(at) + timedelta(days=(5 - day_of(at).weekday()) % 7 + 14)
    rows.append(CalendarDay(office_id=by_code["nandemo"], day=saturday, is_open=True, label="休日相談の日"))
    CalendarDay.objects.bulk_create(rows)
