"""A table to take away says what it is, and its texts stay texts."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl
import pytest

from tests.factories import NOW, a_worker
from tsunagi.journal.models import Entry
from tsunagi.shared.edges import NoTrail, opened_trail
from tsunagi.workbench.actions import table_to_take_away


@pytest.mark.django_db
def test_the_cover_line_the_rows_and_the_journal() -> None:
    worker = a_worker(name="架空 花子")
    rows = [(1, "=1+1", date(2026, 6, 9), None), (2, "+81\x00-75", NOW, "@x")]
    with opened_trail(worker.pk, "task", NOW):
        content = table_to_take_away(
            ["番号", "ことば", "日", "メモ"],
            rows,
            kind="my_rows",
            title="受け持ち/一覧",
            filter_words="期限切れ",
            by=worker,
            at=NOW,
        )
    page = openpyxl.load_workbook(BytesIO(content)).active
    assert page is not None
    assert page["A1"].value == "取扱注意　架空 花子　2026-06-09 10:00　受け持ち/一覧　条件: 期限切れ"
    assert [cell.value for cell in page[2]] == ["番号", "ことば", "日", "メモ"]
    assert page["B3"].value == "=1+1"
    assert page["B3"].data_type == "s"
    assert page["B4"].value == "+81-75"
    entry = Entry.objects.get(action="table.taken_away")
    assert (entry.worker_id, entry.detail) == (worker.pk, {"kind": "my_rows", "rows": 2})


@pytest.mark.django_db
def test_without_a_trail_nothing_leaves() -> None:
    with pytest.raises(NoTrail):
        table_to_take_away([], [], kind="k", title="", filter_words="", by=a_worker(), at=NOW)
