"""The office that enters the measures of 市民課, one entry that names nobody here, an emergency that waits for its review."""

from __future__ import annotations

from datetime import datetime, timedelta

from tsunagi.accounts.models import Office
from tsunagi.accounts.queries import main_office_id
from tsunagi.codes.actions import decide
from tsunagi.people.actions import MeasureWish, enter_measure
from tsunagi.shared.days import day_of
from tsunagi.sharing.actions import break_glass

from .cast import Cast


def keep_guard(cast: Cast, at: datetime) -> None:
    """Settings a city makes, a measure from elsewhere, and a night call for somebody unknown."""
    desk = cast.workers["soudan"]
    office_id = main_office_id(desk)
    if office_id is None:
        return
    decide("protection.list_office", Office.objects.values_list("code", flat=True).get(pk=office_id))
    decide("demand.dead_rule", "長岡京市死者情報の取扱いに関する要綱(見本) 第5条")
    enter_measure(
        MeasureWish(
            day_of(at) - timedelta(days=4), "見本 さくら", kana="ミホン サクラ", birth="H2.3.3",
            measure_until_on=day_of(at) + timedelta(days=300), municipality="となりの市",
        ),
        office_id=office_id, by=desk, at=at - timedelta(hours=2),
    )  # fmt: skip
    break_glass(
        name="見本 さくら", birth="H2.3.3", phone="", reason="倒れているとの通報。持病と居場所を知りたい", by=desk,
        at=at - timedelta(minutes=4),
    )  # fmt: skip
