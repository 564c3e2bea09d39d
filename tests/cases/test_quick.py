"""One line read as an entry: rules without a database; then the screen, and how many keys it takes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

import pytest
from django.db import connection

from tests.factories import NOW, TODAY, TOKYO, a_concern, a_person, a_worker
from tsunagi.accounts.models import Worker
from tsunagi.cases.actions import open_case
from tsunagi.cases.models import Case, Note
from tsunagi.cases.rules import LONGEST_LINE, NoteKind, read_line
from tsunagi.shared.refusal import Refused


def at(hour: int, minute: int = 0, *, month: int = 6, day: int = 9, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (
            "訪問 9:00 30分 母:玄関で話せた",
            {
                "kind": NoteKind.VISIT,
                "happened_at": at(9),
                "minutes": 30,
                "partner": "母",
                "facts": "玄関で話せた",
            },
        ),
        ("訪問　９：００　３０分　母：玄関で話せた", {"happened_at": at(9), "minutes": 30, "partner": "母"}),
        ("30分 9時半 電話 話せた", {"kind": NoteKind.PHONE, "happened_at": at(9, 30), "minutes": 30}),
        ("電話 午前9時15分 話せた", {"happened_at": at(9, 15)}),
        (
            "面談 きのう 14:00-15:10 本人:来所",
            {"happened_at": at(14, day=8), "minutes": 70, "partner": "本人"},
        ),
        ("訪問 6/1 不在", {"happened_at": at(12, day=1), "timed": False, "facts": "不在"}),
        ("訪問 6月1日 8:00 不在", {"happened_at": at(8, day=1)}),
        ("訪問 12/28 不在", {"happened_at": at(12, month=12, day=28, year=2025)}),
        ("訪問 2025/12/28 不在", {"happened_at": at(12, month=12, day=28, year=2025)}),
        ("会議 1時間半 包括と", {"kind": NoteKind.CONFERENCE, "minutes": 90, "facts": "包括と"}),
        ("不在。手紙を入れた", {"kind": None, "facts": "不在。手紙を入れた", "partner": ""}),
        (
            "訪問 母:話せた 見立て:疲れている 方針:来週電話 次:6/16 電話",
            {"facts": "話せた", "judgement": "疲れている", "policy": "来週電話", "next_step": "6/16 電話"},
        ),
        ("電話 見立て:様子見", {"facts": "", "judgement": "様子見", "partner": ""}),
        ("13/45 30 あれこれ", {"kind": None, "facts": "13/45 30 あれこれ"}),
        ("https://example.jp/ を見た", {"partner": "", "facts": "https://example.jp/ を見た"}),
        ("25:00 おかしな時刻", {"timed": False, "facts": "25:00 おかしな時刻", "partner": ""}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_line_is_read_as(line: str, read: dict[str, Any]) -> None:
    found = read_line(line, now=NOW)
    assert {name: getattr(found, name) for name in read} == read


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("  ", "ひとこと"),
        ("訪問 14:00 30分", "何があったか"),
        ("あ" * (LONGEST_LINE + 1), "一行で書けるのは"),
    ],
    ids=["blank", "hours alone", "a page"],
)
def test_a_line_is_refused(line: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        read_line(line, now=NOW)


def test_no_hour_means_now_today_and_noon_on_another_day() -> None:
    assert read_line("訪問 不在", now=NOW).happened_at == NOW
    assert read_line("訪問 きのう 不在", now=NOW).happened_at.time() == time(12)


@pytest.fixture
def worker() -> Worker:
    return a_worker()


@pytest.fixture
def case(worker: Worker) -> Case:
    concern = a_concern(held_by=worker, of=a_person("森田 ハル"))
    opened = open_case(concern.party_id, by=worker, at=NOW, concern_ids=[concern.pk])
    connection.check_constraints()
    return opened


@pytest.mark.django_db
@pytest.mark.visits("cases:quick", "cases:quick_help")
def test_it_is_shown_as_read_before_it_is_saved(
    three_people: Callable[..., Any],
    client_of: Callable[..., Any],
    set_clock: Callable[..., Any],
    case: Case,
    worker: Worker,
) -> None:
    set_clock(NOW)
    stranger = a_worker()
    three_people(f"/cases/{case.pk}/quick/", allowed=worker, stranger=stranger)
    three_people(f"/cases/{case.pk}/quick/help/", allowed=worker, stranger=stranger)
    client, address = client_of(worker), f"/cases/{case.pk}/quick/"
    line, draft = "訪問 9:00 30分 母:玄関で話せた", "7a52f4b0-6d43-4a55-9b0b-2f8de4e8f101"
    shown = client.post(address, {"line": line, "draft": draft})
    assert shown.status_code == 200
    assert "このように読み取りました" in shown.content.decode()
    assert not Note.objects.exists()
    # A line that was changed is read again, not saved.
    changed = client.post(address, {"line": f"{line}。", "shown": line, "draft": draft})
    assert changed.status_code == 200
    assert not Note.objects.exists()
    for _twice in range(2):
        saved = client.post(address, {"line": line, "shown": line, "draft": draft})
        assert saved.headers["Location"] == f"/cases/{case.pk}/"
    note = Note.objects.get()
    assert (note.kind, note.minutes, note.partner, note.facts) == ("visit", 30, "母", "玄関で話せた")
    assert note.happened_at.astimezone(TOKYO).date() == TODAY
    for refused in ("", "訪問 14:00", "訪問 23:00 まだ来ていない", "個人番号 123456789018"):
        answer = client.post(address, {"line": refused, "shown": refused})
        assert answer.status_code == 422, refused
    assert (
        "まだ来ていない"
        in client.post(address, {"line": "訪問 23:00 話", "shown": "訪問 23:00 話"}).content.decode()
    )
