"""Changing lists and settings, on the database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.strictness import counted_queries
from tsunagi.accounts.models import Worker
from tsunagi.codes import actions, queries
from tsunagi.codes.models import Code, CodeList
from tsunagi.codes.rules import SETTINGS, Origin, Span, SpanUnit
from tsunagi.journal.models import Entry
from tsunagi.shared.refusal import Refused

AT = datetime(2026, 4, 1, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.fixture
def worker(db: None) -> Worker:
    """An administrator of code lists."""
    return Worker.objects.create(sign_in_name="codes-keeper", name="試験 花子")


def test_every_shipped_list_and_setting_is_in_a_migrated_database(db: None) -> None:
    assert {card["key"] for card in actions.shipped_lists()} == {card.key for card in queries.lists()}
    assert len(queries.choices("worries")) == 16
    assert queries.choices("worries")[14] == ("15", "食べるものがない")
    assert set(connection_settings()) == set(SETTINGS)


def connection_settings() -> list[str]:
    """The keys that are stored."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM codes_setting ORDER BY key")
        return [row[0] for row in cursor.fetchall()]


def test_loading_again_changes_nothing(db: None) -> None:
    assert actions.load_shipped() == actions.Loaded()


def test_a_change_of_words_is_a_new_version_and_old_records_keep_theirs(worker: Worker) -> None:
    actions.change_code("worries", "02", by=worker, at=AT, label="住まいのこと")
    assert queries.label_of("worries", "02") == "住まいのこと"
    assert queries.label_of("worries", "02", on=date(2026, 3, 31)) == "住まいについて"
    assert queries.label_of("worries", "02", on=date(2026, 4, 1)) == "住まいのこと"
    assert len(queries.choices("worries")) == 16
    assert Entry.objects.filter(action="code.changed").exists()


def test_a_code_may_change_twice_on_one_day(worker: Worker) -> None:
    actions.change_code("worries", "02", by=worker, at=AT, label="すまい")
    actions.change_code("worries", "02", by=worker, at=AT, label="住まい全般")
    assert queries.label_of("worries", "02", on=date(2026, 4, 1)) == "住まい全般"


def test_a_retired_code_is_not_offered_but_still_read(worker: Worker) -> None:
    actions.retire_code("contact_means", "fax", by=worker, at=AT)
    assert "fax" not in dict(queries.choices("contact_means"))
    assert "fax" in dict(queries.choices("contact_means", on=date(2026, 3, 31)))
    assert queries.label_of("contact_means", "fax") == "FAX"
    assert queries.find("contact_means", "ＦＡＸ") is None


def test_a_code_of_the_citys_own_is_offered_last(worker: Worker) -> None:
    actions.add_code("contact_means", "robot", "見守りロボット", by=worker, at=AT)
    assert queries.choices("contact_means")[-1] == ("robot", "見守りロボット")
    with pytest.raises(Refused, match="前に使われています"):
        actions.add_code("contact_means", "robot", "別のもの", by=worker, at=AT)


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (lambda worker: actions.add_code("nowhere", "a", "あ", by=worker, at=AT), "コード表はありません"),
        (
            lambda worker: actions.change_code("worries", "99", by=worker, at=AT, label="あ"),
            "いま使われていません",
        ),
        (lambda worker: actions.change_code("worries", "02", by=worker, at=AT, label=" "), "空です"),
        (lambda worker: actions.retire_code("worries", "02", by=worker, at=AT), "国へ報告する項目"),
    ],
    ids=["no such list", "no such code", "no words", "a national item"],
)
def test_a_deed_is_refused_with_what_to_do(worker: Worker, deed: Any, words: str) -> None:
    with pytest.raises(Refused, match=words):
        deed(worker)


def shipped_as(monkeypatch: pytest.MonkeyPatch, *codes: tuple[str, str]) -> None:
    """Let the product ship the list of contact means with these codes, in a later edition."""
    card = {"key": "contact_means", "label": "方法", "edition": "2027-04-01", "codes": []}
    card["codes"] = [{"value": value, "label": label} for value, label in codes]
    monkeypatch.setattr(actions, "shipped_lists", lambda: [card])


def test_an_upgrade_adds_changes_and_retires_but_leaves_the_citys_own(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.change_code("contact_means", "letter", by=worker, at=AT, label="お手紙")
    actions.add_code("contact_means", "robot", "見守りロボット", by=worker, at=AT)
    before = len(queries.choices("contact_means"))
    shipped_as(monkeypatch, ("phone", "お電話"), ("letter", "手紙"), ("pigeon", "伝書鳩"))
    loaded = actions.load_shipped()
    assert (loaded.added, loaded.changed, loaded.retired) == (1, 1, before - 3)
    offered = dict(queries.choices("contact_means"))
    assert offered == {"phone": "お電話", "letter": "お手紙", "robot": "見守りロボット", "pigeon": "伝書鳩"}
    assert queries.label_of("contact_means", "phone", on=date(2027, 3, 31)) == "電話"
    assert queries.label_of("contact_means", "fax") == "FAX"
    assert actions.load_shipped() == actions.Loaded()


def refused_by_the_database(deed: Any) -> bool:
    """Whether the database says no; the transaction goes on."""
    try:
        with transaction.atomic():
            deed()
    except DatabaseError:
        return True
    return False


def test_the_application_cannot_delete_or_rewrite_a_code(db: None) -> None:
    assert refused_by_the_database(lambda: Code.objects.filter(value="02").delete())
    assert refused_by_the_database(lambda: Code.objects.filter(value="02").update(label="x"))
    assert refused_by_the_database(lambda: CodeList.objects.filter(key="worries").delete())


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM codes_code WHERE value = '02'",
        "TRUNCATE codes_code",
        "DELETE FROM codes_codelist",
        "UPDATE codes_code SET label = 'x' WHERE value = '02'",
        "UPDATE codes_code SET value = '77' WHERE value = '02'",
    ],
)
def test_not_even_the_owner_deletes_or_rewrites_a_code(owner: psycopg.Connection, statement: str) -> None:
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation) as refusal:
        owner.execute(statement)
    assert refusal.value.diag.constraint_name in ("code_never_deleted", "code_never_rewritten")


def test_a_retired_code_stays_retired(worker: Worker) -> None:
    actions.retire_code("contact_means", "fax", by=worker, at=AT)
    assert refused_by_the_database(lambda: Code.objects.filter(value="fax").update(retired_on=None))


def test_a_setting_is_decided_by_the_city_and_read_in_its_kind(worker: Worker) -> None:
    setting = actions.set_setting("hold.triage.due", {"n": 2, "unit": "bd"}, by=worker, at=AT)
    assert queries.hold_due("triage") == Span(2, SpanUnit.OPEN_DAYS)
    assert (setting.is_own, setting.revision) == (True, 2)
    assert Entry.objects.get(action="setting.changed").detail == {"key": "hold.triage.due"}
    assert actions.load_shipped() == actions.Loaded()
    assert queries.hold_due("triage") == Span(2, SpanUnit.OPEN_DAYS)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("hold.triage.due", {"n": 11, "unit": "bd"}, "いちばん先の日"),
        ("hold.supporting.horizon", {"n": 20, "unit": "days"}, "いちばん先の日"),
        ("hold.supporting.horizon", {"n": 101, "unit": "days"}, "1から100まで"),
        ("calendar.closing_time", "夕方", "時刻"),
        ("no.such", 1, "設定はありません"),
    ],
)
def test_a_setting_is_refused_when(worker: Worker, key: str, value: object, words: str) -> None:
    with pytest.raises(Refused, match=words):
        actions.set_setting(key, value, by=worker, at=AT)


def test_words_of_a_ledger_find_their_code(db: None) -> None:
    assert queries.find("worries", "ひきこもり・不登校") == "13"
    assert queries.find("worries", "ＤＶ・虐待") == "14"
    assert queries.find("relations", "長男") == "child"
    assert queries.find("relations", "ご主人") == "spouse"
    assert queries.find("sexes", "男") == "male"
    assert queries.find("information_sources", "ケアマネ") == "care_manager"
    assert queries.find("worries", "宇宙") is None


def test_words_of_several_codes_come_in_the_order_of_the_list(db: None) -> None:
    assert queries.labels_of("worries", ["15", "02", "zz", "02"]) == [
        "住まいについて",
        "食べるものがない",
        "zz",
    ]
    assert queries.short_label_of("worries", "04") == "家賃・ローン"
    assert queries.label_of("worries", "") == ""


def test_an_unknown_list_or_setting_is_a_fault_of_the_program(db: None) -> None:
    with pytest.raises(LookupError):
        queries.choices("nowhere")
    with pytest.raises(KeyError):
        queries.setting("no.such")
    with pytest.raises(TypeError):
        queries.number("city.name")


def test_asking_often_costs_one_statement_known_or_not(db: None) -> None:
    def ask() -> int:
        with transaction.atomic(), counted_queries() as seen:
            for value, _ in queries.choices("worries"):
                queries.label_of("worries", value)
            queries.closing_time()
        return seen.count

    queries._kept._kept.content = None
    assert [ask(), ask(), ask()] == [1, 1, 1]


class Halt(Exception):
    """Ends a transaction."""


def decide_and_halt(worker: Worker) -> None:
    """Change a setting, see the change, and fail."""
    with transaction.atomic():
        actions.set_setting("consent.age", 15, by=worker, at=AT)
        assert queries.number("consent.age") == 15
        raise Halt


def test_what_is_rolled_back_is_forgotten(worker: Worker) -> None:
    assert queries.number("consent.age") == 16
    with pytest.raises(Halt):
        decide_and_halt(worker)
    assert queries.number("consent.age") == 16


def test_a_change_by_another_process_is_seen_by_the_next_transaction(
    fresh_database: None, owner: psycopg.Connection
) -> None:
    with transaction.atomic():
        assert queries.number("consent.age") == 16
        owner.execute("UPDATE codes_setting SET value = '14' WHERE key = 'consent.age'")
        assert queries.number("consent.age") == 16, "a transaction sees one state"
    with transaction.atomic():
        assert queries.number("consent.age") == 14
    owner.execute("UPDATE codes_setting SET value = '15' WHERE key = 'consent.age'")
    assert queries.number("consent.age") == 15, "outside a transaction every question looks"


def test_codes_of_the_product_and_of_the_city_are_told_apart(worker: Worker) -> None:
    code = actions.add_code("contact_means", "robot", "見守りロボット", by=worker, at=AT)
    assert code.origin == Origin.CITY
    shipped = queries.code_of("contact_means", "phone")
    assert shipped is not None
    assert shipped.origin == Origin.SHIPPED
