"""A city opens from its file: by deeds, all of it or nothing, and the same file again changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db import DatabaseError, connection, transaction

from tests.factories import NOW, TODAY, a_concern, a_worker
from tsunagi.accounts.actions import register_worker
from tsunagi.accounts.models import CalendarDay, Office, Posting, Worker
from tsunagi.codes import queries as codes
from tsunagi.config.opening import example, exported
from tsunagi.demo import loading
from tsunagi.demo.cast import PASSWORD as KNOWN
from tsunagi.journal.models import Entry
from tsunagi.places.models import City, OfficeArea, SchoolDistrict, Town
from tsunagi.places.queries import district_of
from tsunagi.setup.actions import Opened, mark_demo, open_city
from tsunagi.setup.models import Mark
from tsunagi.setup.queries import (
    held_the_demo_city,
    readiness,
    standing,
    what_forbids_demo,
    what_forbids_serving,
)
from tsunagi.setup.rules.planning import plan
from tsunagi.setup.rules.reading import read
from tsunagi.shared.refusal import Refused

pytestmark = pytest.mark.django_db
EXAMPLE = example()


@pytest.fixture(autouse=True)
def _empty_installation(db: None) -> None:
    """The template of the tests knows the city of the slides: here no city stands yet."""
    City.objects.update(is_ours=False)


def opened(text: str = EXAMPLE, at: datetime = NOW) -> Opened:
    reading = read(text.encode())
    assert reading.problems == []
    return open_city(reading.document, at=at)


def test_a_town_of_five_thousand_opens_from_the_example() -> None:
    done = opened()
    assert done.plan.problems == []
    assert len(done.passwords) == 8
    assert Office.objects.get(code="marugoto").duty_worker == Worker.objects.get(sign_in_name="sato")
    assert Office.objects.get(code="kenkou").stand_in_office == Office.objects.get(code="marugoto")
    assert Posting.objects.filter(worker__sign_in_name="suzuki", ended_at=None).count() == 2
    assert Posting.objects.get(worker__sign_in_name="suzuki", is_main=True).office.code == "tsunagari"
    assert codes.city_name() == "みどり町"
    assert codes.text("city.area_code") == "0790"
    assert codes.label_of("contact_means", "yakuba_madoguchi") == "役場の窓口"
    assert CalendarDay.objects.filter(office__code="houkatsu").count() == 8
    answer = district_of("架空県みどり町中央4丁目2番")
    assert answer.district is not None
    assert answer.district.name == "川西小学校区"
    assert OfficeArea.objects.filter(office_code="marugoto").count() == 2
    assert authenticate(None, username="watanabe", password=done.passwords["watanabe"]) is not None
    assert readiness(on=TODAY).may_open
    # Two years later nobody has said which days are closed.
    assert [line.key for line in readiness(on=date(2028, 6, 9)).missing] == ["calendar"]


def test_every_deed_is_in_the_journal_without_a_name() -> None:
    opened()
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {
        "office.opened", "worker.registered", "posting.begun", "calendar.set", "code.added", "district.changed",
        "town.changed", "city.named", "setup.opened", "setting.changed",
    } <= actions  # fmt: skip
    assert "佐藤" not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_the_same_file_again_does_nothing_and_what_was_exported_is_what_stands() -> None:
    opened()
    lines = Entry.objects.count()
    assert opened().plan.steps == []
    written = exported()
    assert opened(written).plan.steps == []
    assert exported() == written
    assert Entry.objects.count() == lines


def test_what_is_exported_opens_the_same_city_in_an_empty_database() -> None:
    with transaction.atomic():
        opened()
        written = exported()
        transaction.set_rollback(True)
    codes.forget()
    assert not Worker.objects.exists()
    opened(written)
    assert exported() == written


def test_a_change_in_the_file_is_the_only_thing_that_is_done() -> None:
    opened()
    revision = Office.objects.get(code="tsunagari").revision
    text = EXAMPLE.replace("0790-00-0102", "0790-00-0199").replace("鈴木 みのり", "鈴木 みのる")
    done = opened(text)
    assert [(step.kind, step.key) for step in done.plan.steps] == [
        ("changed_worker", "suzuki"),
        ("changed_office", "tsunagari"),
    ]
    assert done.passwords == {}
    assert Office.objects.get(code="tsunagari").phone == "0790-00-0199"
    assert Office.objects.get(code="tsunagari").revision == revision + 1


def test_the_duty_worker_changes_to_somebody_posted_by_the_same_file() -> None:
    opened()
    text = EXAMPLE.replace("当番: tanaka", "当番: nakata") + (
        "職員:\n  - サインイン名: nakata\n    氏名: 中田 かける\n    配属:\n      - 機関: gakkou\n        役割: 関係課職員\n"
    )
    # One section said twice is a mistake; the file says workers once.
    assert read(text.encode()).problems
    text = EXAMPLE.replace("当番: tanaka", "当番: nakata").replace(
        "コード表:",
        "  - サインイン名: nakata\n    氏名: 中田 かける\n    配属:\n      - 機関: gakkou\n        役割: 関係課職員\n\nコード表:",
        1,
    )
    done = opened(text)
    assert list(done.passwords) == ["nakata"]
    assert Office.objects.get(code="gakkou").duty_worker == Worker.objects.get(sign_in_name="nakata")


def test_an_office_of_one_may_be_served_by_its_stand_in() -> None:
    text = EXAMPLE.replace("当番: takahashi", "当番: sato")
    opened(text)
    assert not Posting.objects.filter(office__code="kenkou", worker__sign_in_name="sato").exists()
    connection.check_constraints()


def test_what_left_the_file_stays_with_those_who_hold() -> None:
    opened()
    sato = Worker.objects.get(sign_in_name="sato")
    a_concern(held_by=sato)
    text = EXAMPLE.replace(
        "  - 名前: 山手\n    カナ: ヤマテ\n    郵便番号: 999-0003\n    校区: 中央小学校区\n", ""
    )
    done = opened(text)
    assert done.plan.steps == []
    assert done.plan.left == ["町: 山手"]
    assert Town.objects.filter(name="山手").exists()


def test_settings_that_bound_one_another_change_together() -> None:
    opened()
    done = opened("設定:\n  '受付整理: いちばん先の日': 2開庁日\n  '受付整理: 次に動く日': 1開庁日\n")
    assert len(done.plan.steps) == 2
    assert codes.hold_horizon("triage").n == 2
    opened("設定:\n  '受付整理: 次に動く日': 8開庁日\n  '受付整理: いちばん先の日': 9開庁日\n")
    assert codes.hold_due("triage").n == 8


def test_a_refusal_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def no(*_: Any, **__: Any) -> None:
        raise Refused("いまはできません。")

    monkeypatch.setattr("tsunagi.codes.actions.add_code", no)
    with pytest.raises(Refused, match=r"\d+行目.*いまはできません"):
        opened()
    assert not Worker.objects.exists()
    assert not City.objects.filter(is_ours=True).exists()


def test_a_plan_with_a_mistake_does_nothing() -> None:
    reading = read(EXAMPLE.replace("当番: sato ", "当番: nobody ").encode())
    done = open_city(reading.document, at=NOW)
    assert done.plan.problems
    assert not Worker.objects.exists()


def test_a_worker_who_left_does_not_come_back_by_a_file() -> None:
    opened()
    Worker.objects.filter(sign_in_name="yamamoto").update(sign_in_name="yamamoto-old")
    worker = a_worker()
    Worker.objects.filter(pk=worker.pk).update(sign_in_name="mukashi", is_active=False)
    text = EXAMPLE.replace("サインイン名: yamamoto", "サインイン名: mukashi")
    assert "離任した職員" in str(plan(read(text.encode()).document, standing()).problems[0])


# -- the guard against demo sign-ins --------------------------------------------------------------------


def test_a_real_city_is_served_as_such_and_never_as_a_demo() -> None:
    opened()
    assert what_forbids_serving(demo=False) == ""
    assert "練習用の設定" in what_forbids_serving(demo=True)


def test_the_demo_is_never_served_as_a_real_city_and_no_file_opens_one_in_it() -> None:
    mark_demo(at=NOW)
    assert held_the_demo_city()
    told = what_forbids_serving(demo=False)
    assert "tsunagi serve --demo" in told
    assert "tsunagi setup" in told
    assert what_forbids_serving(demo=True) == ""
    with pytest.raises(Refused, match="架空の市"):
        opened()


def test_the_demo_does_not_come_into_a_real_city() -> None:
    a_worker()
    assert "すでに市か職員" in what_forbids_demo()
    with pytest.raises(Refused, match="入れられません"):
        loading.load(size="small", at=NOW)
    with pytest.raises(Refused, match="入れられません"):
        mark_demo(at=NOW)
    assert not Mark.objects.exists()


def test_another_municipality_s_map_keeps_the_demo_out_too() -> None:
    opened("市:\n  コード: 999997\n  名前: みどり町\n  都道府県: 架空県\n")
    assert what_forbids_demo()


def test_the_application_cannot_take_a_mark_away() -> None:
    mark_demo(at=NOW)
    for deed in (Mark.objects.all().delete, lambda: Mark.objects.update(name="x")):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    assert held_the_demo_city()


def test_districts_that_people_live_in_are_never_taken_away() -> None:
    opened()
    with pytest.raises(DatabaseError), transaction.atomic():
        SchoolDistrict.objects.all().delete()


# -- the password everybody knows -----------------------------------------------------------------------


def test_the_demo_s_password_opens_nothing_and_nobody_may_choose_it_outside_the_demo(
    settings: Any, client: Any
) -> None:
    worker = a_worker()
    worker.set_password(KNOWN)  # as if rows had been copied out of a demo
    worker.save()
    signing_in = {"login": worker.sign_in_name, "password": KNOWN}
    assert authenticate(None, username=worker.sign_in_name, password=KNOWN) is None
    refused = client.post("/accounts/login/", signing_in)
    assert refused.status_code in (200, 422)
    with pytest.raises(Refused, match="デモで公開されている"):
        register_worker("atarashii", {"name": "架空 花子"}, by=None, at=NOW, password=KNOWN)
    settings.DEMO = True
    assert authenticate(None, username=worker.sign_in_name, password=KNOWN) == worker
    assert client.post("/accounts/login/", signing_in).status_code == 302
