"""設定 under 管理: seen and changed by whoever administers the city; a change counts from the next deed on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_worker, an_office
from tsunagi.accounts.models import Worker
from tsunagi.accounts.rules import Role
from tsunagi.codes.actions import set_setting
from tsunagi.codes.models import Setting
from tsunagi.codes.queries import span
from tsunagi.holding import actions
from tsunagi.holding.models import Hold
from tsunagi.holding.queries import RowMaker, city_settings, holds
from tsunagi.holding.rules import STANDARD
from tsunagi.shared.edges import opened_trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _office_hours(set_clock: Any) -> Any:
    set_clock(NOW)
    with opened_trail(None, "test"):
        yield


@pytest.fixture
def administrator() -> Worker:
    return a_worker(role=Role.SYSTEM_ADMINISTRATOR)


@pytest.mark.visits("codes:settings", "codes:setting")
def test_settings_are_for_the_administrator(three_people: Any, administrator: Worker) -> None:
    counsellor = a_worker()
    page = three_people(
        reverse("codes:settings"), allowed=administrator, stranger=counsellor
    ).content.decode()
    assert "手が回らなかったときに延ばす日数" in page
    address = reverse("codes:setting", args=["hold.could_not"])
    assert "3開庁日" in three_people(address, allowed=administrator, stranger=counsellor).content.decode()


def test_a_changed_number_counts_from_the_next_deed_on(client_of: Any, administrator: Worker) -> None:
    me = client_of(administrator)
    address = reverse("codes:setting", args=["hold.could_not"])
    revision = me.get(address).context["card"].revision
    assert me.post(address, {"value": "1", "revision": revision}).status_code == 302
    assert span("hold.could_not").n == 1
    holder = a_worker(an_office())
    concern = a_concern(held_by=holder)
    before = Hold.objects.get(concern=concern, closed_at=None).due_on
    done = actions.could_not(concern.pk, by=holder, at=NOW)
    assert done.due_on == before + timedelta(days=3 if before.weekday() == 4 else 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_entry WHERE action = 'setting.changed' AND worker_id = %s",
            [administrator.pk],
        )
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("hold.could_not", "", "数を入れてください"),
        ("hold.could_not", "0", "1から"),
        ("absence.needs_acting", "9", "1から5まで"),
        ("hold.triage.due", "99", "超えられません"),
        ("calendar.closing_time", "夕方", "時刻"),
    ],
    ids=["empty", "nought", "longer than the law", "beyond the horizon", "no hour"],
)
def test_what_cannot_be_is_refused_and_stays_typed(
    client_of: Any, administrator: Worker, key: str, value: str, words: str
) -> None:
    address = reverse("codes:setting", args=[key])
    me = client_of(administrator)
    revision = me.get(address).context["card"].revision
    answer = me.post(address, {"value": value, "revision": revision})
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors)
    assert Setting.objects.get(key=key).revision == revision
    assert me.get(reverse("codes:setting", args=["no.such"])).status_code == 404


def test_two_administrators_change_one_setting_and_see_both(client_of: Any, administrator: Worker) -> None:
    other = a_worker(role=Role.SYSTEM_ADMINISTRATOR)
    address = reverse("codes:setting", args=["lateness.falling"])
    revision = client_of(other).get(address).context["card"].revision
    set_setting("lateness.falling", {"n": 3, "unit": "bd"}, by=administrator, at=NOW)
    answer = client_of(other).post(address, {"value": "4", "revision": revision})
    assert answer.status_code == 409
    assert answer.context["differences"][0][1:] == ("3開庁日", "4開庁日")
    assert span("lateness.falling").n == 3


def test_the_colour_follows_the_citys_number(administrator: Worker) -> None:
    holder = a_worker(an_office())
    concern = a_concern(held_by=holder)
    hold = Hold.objects.get(concern=concern)
    later = NOW + timedelta(days=(hold.due_on - TODAY).days + 4)
    row = RowMaker(later).of_hold(holds(Hold.objects.filter(pk=hold.pk)).get())
    assert row.lateness == "red"
    set_setting("lateness.falling", {"n": 1, "unit": "bd"}, by=administrator, at=NOW)
    row = RowMaker(later).of_hold(holds(Hold.objects.filter(pk=hold.pk)).get())
    assert row.lateness == "falling"


def test_what_is_shipped_is_what_the_rules_say() -> None:
    shipped = city_settings()
    for name in STANDARD.__dataclass_fields__:
        if name != "kinds":
            assert getattr(shipped, name) == getattr(STANDARD, name), name
