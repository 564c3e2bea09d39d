"""Papers say what they were given, never run it, and show or name every letter."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError

from tsunagi.press import letters
from tsunagi.press.pdf import joined, locked, text_of, typeset
from tsunagi.press.sheets import Column, workbook

AT = datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
SAMPLE = "press/papers/sample.typ"


def printed(**values):
    return typeset(SAMPLE, {"title": "見本", "number": "T-12", **values}, at=AT)


def test_what_was_given_can_be_read_back():
    text = text_of(printed(name="渡邊　花子", lines="一行目\n二行目"))
    for words in ("見本", "T-12", "渡邊", "花子", "一行目", "二行目"):
        assert words in text


def test_nothing_typed_is_run():
    nasty = '#panic("x") \\ $ * _ #import "/config/settings.py" <label> @ref "quoted"'
    assert '#panic("x")' in text_of(printed(name=nasty))


def test_a_letter_no_font_has_is_marked_and_named():
    lost = letters.missing("髙﨑\U0002f9f4\U0001fae8")
    assert "\U0001fae8" in lost
    assert "髙" not in lost
    text = text_of(printed(name="\U0001fae8田"))
    assert letters.GETA in text
    assert "U+1FAE8" in text


@pytest.mark.parametrize(
    "text", ["葛󠄀城", "カ゛", "a\u200bb", "改\n行"], ids=["ivs", "marks", "zero width", "line"]
)
def test_what_has_no_shape_of_its_own_is_not_missing(text):
    assert letters.missing(text) == []


def test_the_same_values_at_the_same_moment_give_the_same_paper():
    assert printed(name="花子") == printed(name="花子")


def test_a_paper_can_be_read_by_a_screen_reader():
    assert typeset(SAMPLE, {"title": "見本", "name": "花子"}, at=AT, accessible=True).startswith(b"%PDF")


def test_a_locked_paper_opens_with_its_password_only():
    safe = locked(printed(name="花子"), "合言葉-1234")
    with pytest.raises(FileNotDecryptedError):
        PdfReader(BytesIO(safe)).pages[0].extract_text()
    assert "花子" in text_of(safe, "合言葉-1234")
    assert "花子".encode() not in safe
    with pytest.raises(ValueError, match="password"):
        locked(printed(), "")


def test_papers_are_joined_in_order():
    whole = PdfReader(BytesIO(joined([printed(name="一"), printed(name="二")])))
    assert len(whole.pages) == 2
    assert "二" in whole.pages[1].extract_text()


@pytest.mark.parametrize("name", ["../../etc/passwd.typ", "press/papers/none.typ", "press/letters.py"])
def test_only_our_own_papers_are_set(name):
    with pytest.raises(ValueError, match="no such paper"):
        typeset(name, {}, at=AT)


def test_a_sheet_is_laid_out_for_a4_and_runs_no_formula():
    made = workbook(
        "つなぎ", "取扱注意", [Column("名前"), Column("ようす", 40, wrap=True)], [["=1+1", "\x00長い話"]]
    )
    page = load_workbook(BytesIO(made)).active
    assert (page["A3"].value, page["A3"].data_type, page["B3"].value) == ("=1+1", "s", "長い話")
    assert (page["A1"].value, page["A2"].value) == ("取扱注意", "名前")
    assert page.page_setup.paperSize == 9
