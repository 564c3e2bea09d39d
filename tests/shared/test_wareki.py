"""和暦 and 西暦: one table per way of writing, and the laws that hold for all days."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsunagi.shared.refusal import Refused
from tsunagi.shared.wareki import (
    ERAS,
    NotADate,
    PartialDate,
    age_on,
    fiscal_year,
    from_cell,
    from_excel_serial,
    parse,
    reached_on,
    school_grade,
    school_year,
    show,
    show_fiscal_year,
    show_partial,
    show_short,
)

ON = date(2023, 4, 1)

any_day = st.dates(min_value=date(1873, 1, 1), max_value=date(2117, 12, 31))
births = st.dates(min_value=date(1900, 1, 1), max_value=date(2030, 12, 31))


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("R5.4.1", 2023, 4, 1),
        ("Ｒ５．４．１", 2023, 4, 1),
        ("r5.4.1", 2023, 4, 1),
        ("R 5. 4. 1", 2023, 4, 1),
        ("R05-04-01", 2023, 4, 1),
        ("R050401", 2023, 4, 1),
        ("令和5年4月1日", 2023, 4, 1),
        ("令和５年４月１日（土）", 2023, 4, 1),
        ("令和５年４月１日　土曜日", 2023, 4, 1),
        ("令和五年四月一日", 2023, 4, 1),
        ("二〇二三年四月一日", 2023, 4, 1),
        ("㋿5年4月1日", 2023, 4, 1),
        ("令5/4/1", 2023, 4, 1),
        ("5/4/1", 2023, 4, 1),
        ("5年4月1日", 2023, 4, 1),
        ("050401", 2023, 4, 1),
        ("2023-04-01", 2023, 4, 1),
        ("2023−04−01", 2023, 4, 1),
        ("２０２３／４／１", 2023, 4, 1),
        ("西暦2023年4月1日", 2023, 4, 1),
        ("20230401", 2023, 4, 1),
        ("5050401", 2023, 4, 1),
        ("2023-04-01 09:30", 2023, 4, 1),
        ("2023/4/1 9:05:00", 2023, 4, 1),
        ("2023-04-01T09:30:00+09:00", 2023, 4, 1),
        ("令和5年4月1日 午前9時", 2023, 4, 1),
        ("令和5年4月1日9時30分頃", 2023, 4, 1),
        ("令和5年4月1日（2023-04-01）", 2023, 4, 1),
        ("令和5年（2023年）4月1日", 2023, 4, 1),
        ("2023年(令和5年)4月1日", 2023, 4, 1),
        ("令和5年4月1日現在", 2023, 4, 1),
        ("S23.1.15", 1948, 1, 15),
        ("昭和23年1月15日生", 1948, 1, 15),
        ("3230115", 1948, 1, 15),
        ("S45.1.5\n(53歳)", 1970, 1, 5),
        ("29歳（H6.3.11生）", 1994, 3, 11),
        ("昭28/3/29", 1953, 3, 29),
        ("昭和64年1月7日", 1989, 1, 7),
        ("平成元年1月8日", 1989, 1, 8),
        ("H元.5.1", 1989, 5, 1),
        ("H31.4.30", 2019, 4, 30),
        ("令和元年5月1日", 2019, 5, 1),
        ("平成三十一年四月三十日", 2019, 4, 30),
        ("大正15年12月25日", 1926, 12, 25),
        ("昭和元年12月25日", 1926, 12, 25),
        ("明治45年7月30日", 1912, 7, 30),
        ("T13.6.21", 1924, 6, 21),
        ("1990/1/16", 1990, 1, 16),
        ("1945.10.11.", 1945, 10, 11),
        ("R6.2.29", 2024, 2, 29),
        ("S23", 1948, None, None),
        ("1948年", 1948, None, None),
        ("1948年生まれ", 1948, None, None),
        ("平成7年(1995)", 1995, None, None),
        ("昭和23年月日不詳", 1948, None, None),
        ("昭和23年（月日不詳）", 1948, None, None),
        ("昭和23年00月00日", 1948, None, None),
        ("19480000", 1948, None, None),
        ("S23.?.?", 1948, None, None),
        ("S23.3.?", 1948, 3, None),
        ("昭和23年　月　日", 1948, None, None),
        ("昭和23年3月　日", 1948, 3, None),
        ("昭和23年3月日不詳", 1948, 3, None),
        ("1948/03/00", 1948, 3, None),
        ("R5.4", 2023, 4, None),
        ("2023年4月", 2023, 4, None),
        ("202304", 2023, 4, None),
        ("大正 十三年 六月", 1924, 6, None),
    ],
)
def test_a_date_is_read(text, year, month, day):
    found = parse(text, on=ON)
    assert (found.year, found.month, found.day) == (year, month, day)
    assert not found.about
    assert found.repaired == ""
    assert found.text == text
    assert found.exact == (date(year, month, day) if month and day else None)


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("昭和23年頃", 1948, None),
        ("S23ごろ", 1948, None),
        ("S23?", 1948, None),
        ("約1948年", 1948, None),
        ("昭和23年(推定)", 1948, None),
        ("昭和48年頃生まれ", 1973, None),
        ("昭和23年1月頃", 1948, 1),
        ("令和5年4月上旬", 2023, 4),
        ("令和5年末", 2023, None),
    ],
)
def test_about_is_kept(text, year, month):
    found = parse(text)
    assert found.about
    assert (found.year, found.month, found.exact) == (year, month, None)


@pytest.mark.parametrize(
    ("text", "ages", "about", "first", "last"),
    [
        ("53歳", (53, 53), False, date(1969, 4, 2), date(1970, 4, 1)),
        ("53歳位", (53, 53), True, date(1969, 4, 2), date(1970, 4, 1)),
        ("５３才くらい", (53, 53), True, date(1969, 4, 2), date(1970, 4, 1)),
        ("五十三歳", (53, 53), False, date(1969, 4, 2), date(1970, 4, 1)),
        ("約40歳", (40, 40), True, date(1982, 4, 2), date(1983, 4, 1)),
        ("4歳位", (4, 4), True, date(2018, 4, 2), date(2019, 4, 1)),
        ("1歳半", (1, 1), False, date(2021, 4, 2), date(2022, 4, 1)),
        ("生後3か月", (0, 0), False, date(2022, 4, 2), date(2023, 4, 1)),
        ("60代", (60, 69), True, date(1953, 4, 2), date(1963, 4, 1)),
        ("70歳代前半", (70, 74), True, date(1948, 4, 2), date(1953, 4, 1)),
    ],
)
def test_an_age_becomes_days_of_birth(text, ages, about, first, last):
    found = parse(text, on=ON)
    assert (found.ages, found.about, found.exact) == (ages, about, None)
    assert (found.earliest, found.latest) == (first, last)
    assert age_on(first, ON) == ages[1]
    assert age_on(last, ON) == ages[0]
    assert age_on(first - timedelta(days=1), ON) == ages[1] + 1


def test_an_age_without_the_day_it_was_told_has_no_days():
    found = parse("53歳位")
    assert (found.ages, found.about, found.year, found.earliest) == ((53, 53), True, None, None)
    assert not found.unknown


@pytest.mark.parametrize(
    "text", ["不詳", "不明", "令和　年　月　日", "生年月日不詳", "分からない", "?", "−", "ー", "未確認"]
)
def test_nobody_knows(text):
    found = parse(text)
    assert found.unknown
    assert (found.earliest, found.latest, found.exact) == (None, None, None)
    assert show_partial(found) == "不詳"


@pytest.mark.parametrize(
    ("text", "day", "true_era"),
    [
        ("昭和64年1月8日", date(1989, 1, 8), "平成元年1月8日"),
        ("昭和65年3月1日", date(1990, 3, 1), "平成2年3月1日"),
        ("S65.3.1", date(1990, 3, 1), "平成2年3月1日"),
        ("平成元年1月1日", date(1989, 1, 1), "昭和64年1月1日"),
        ("平成31年5月1日", date(2019, 5, 1), "令和元年5月1日"),
        ("平成35年3月31日", date(2023, 3, 31), "令和5年3月31日"),
        ("R1.4.30", date(2019, 4, 30), "平成31年4月30日"),
        ("大正16年1月1日", date(1927, 1, 1), "昭和2年1月1日"),
    ],
)
def test_a_day_outside_its_era_is_read_and_flagged(text, day, true_era):
    found = parse(text)
    assert found.exact == day
    assert true_era in found.repaired


def test_a_year_told_in_an_era_is_as_long_as_the_era():
    assert (parse("昭和64年").earliest, parse("昭和64年").latest) == (date(1989, 1, 1), date(1989, 1, 7))
    assert parse("平成31年").latest == date(2019, 4, 30)
    assert parse("令和元年").earliest == date(2019, 5, 1)
    assert (parse("2019年").earliest, parse("2019年").latest) == (date(2019, 1, 1), date(2019, 12, 31))


def test_a_year_outside_its_era_is_flagged_and_the_last_year_is_not():
    assert parse("昭和65年").repaired == "昭和65年という年はないので、平成2年（1990年）と読みました。"
    assert parse("昭和64年").repaired == ""
    assert parse("平成31年").repaired == ""
    assert "平成31年3月" in parse("令和元年3月").repaired


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("R5.13.4", "13月はありません。4月13日のことなら"),
        ("R5.14.40", "14月はありません。月を確かめて"),
        ("R5.0.1", "0月はありません"),
        ("令和5年2月30日", "令和5年2月は28日までです"),
        ("S62.2.29", "昭和62年2月は28日まで"),
        ("2023-02-29", "2023年2月は28日まで"),
        ("令和元年11月31日", "令和元年11月は30日まで"),
        ("R0.1.1", "令和0年という年はありません"),
        ("3023-01-01", "3023年は離れすぎています"),
        ("0023/1/1", "離れすぎています"),
        ("令和4年4月1日（2023-04-01）", "和暦と西暦が合っていません"),
        ("23/4/1", "元号か西暦か分かりません"),
        ("4/1", "年がありません"),
        ("4月1日", "年がありません"),
        ("2/30", "2月30日という日はありません"),
        ("4/1/2023", "年を先に"),
        ("53", "年齢か年か分かりません"),
        ("45017", "Excelの日付の番号かもしれません"),
        ("昨年末", "いつから見てのことか分かりません"),
        ("150歳", "150歳という年齢は確かめが必要"),
        ("", "日付が空です"),
        ("高齢", "「高齢」は日付として読めません"),
        ("令和5年4月1日〜4月30日", "日付として読めません"),
        ("090-1234-5678", "日付として読めません"),
    ],
)
def test_what_cannot_be_a_date_is_refused_with_the_reason(text, words):
    with pytest.raises(NotADate, match=words) as refused:
        parse(text, on=ON)
    assert isinstance(refused.value, ValueError)
    assert isinstance(refused.value, Refused)


def test_the_refusal_does_not_repeat_a_number_from_a_wrong_column():
    for text in ("090-1234-5678", "123456789018", "1234 5678 9018 です"):
        with pytest.raises(NotADate) as refused:
            parse(text)
        assert "5678" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "on", "default_era", "day"),
    [
        ("28/3/29", None, "昭和", date(1953, 3, 29)),
        ("28/3/29", None, "S", date(1953, 3, 29)),
        ("7/4/1", date(2023, 4, 1), "令和", date(2025, 4, 1)),
        ("12/4/1", date(2030, 4, 1), "令和", date(2030, 4, 1)),
        ("15/4/1", None, "令和", date(2033, 4, 1)),
    ],
)
def test_a_bare_year_is_of_the_default_era(text, on, default_era, day):
    assert parse(text, on=on, default_era=default_era).exact == day


@pytest.mark.parametrize(
    ("text", "on", "default_era"),
    [("8/4/1", ON, "令和"), ("16/4/1", None, "令和"), ("65/4/1", None, "昭和"), ("5/4/1", None, None)],
)
def test_a_bare_year_that_is_not_plausible_is_asked_about(text, on, default_era):
    with pytest.raises(NotADate, match="元号か西暦か"):
        parse(text, on=on, default_era=default_era)


@pytest.mark.parametrize(
    ("text", "first", "last", "shown"),
    [
        ("令和5年度", date(2023, 4, 1), date(2024, 3, 31), "令和5年度"),
        ("平成31年度", date(2019, 4, 1), date(2020, 3, 31), "平成31年度"),
        ("昭和20年代", date(1945, 1, 1), date(1954, 12, 31), "昭和20年代（1945〜1954年）"),
        ("1940年代", date(1940, 1, 1), date(1949, 12, 31), "1940年代"),
    ],
)
def test_a_stretch_of_years(text, first, last, shown):
    found = parse(text)
    assert (found.earliest, found.latest, found.exact) == (first, last, None)
    assert show_partial(found) == shown
    assert parse(shown) == found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("R5.4.1", "令和5年4月1日（2023-04-01）"),
        ("S23", "昭和23年（1948年）"),
        ("昭和23年頃", "昭和23年頃（1948年頃）"),
        ("S23.3", "昭和23年3月（1948-03）"),
        ("1989年", "1989年"),
        ("昭和64年", "昭和64年（1989年）"),
        ("平成31年", "平成31年（2019年）"),
        ("令和元年", "令和元年（2019年）"),
        ("平成元年1月", "平成元年1月（1989-01）"),
        ("53歳位", "53歳くらい（1969〜1970年生まれ）"),
        ("70代前半", "70代前半（1948〜1953年生まれ）"),
    ],
)
def test_what_is_known_is_shown_and_read_back(text, shown):
    found = parse(text, on=ON)
    assert show_partial(found) == shown
    assert parse(shown, on=ON) == found


@pytest.mark.parametrize(
    ("day", "shown", "short"),
    [
        (date(2023, 4, 1), "令和5年4月1日（2023-04-01）", "R5.4.1"),
        (date(2019, 5, 1), "令和元年5月1日（2019-05-01）", "R1.5.1"),
        (date(2019, 4, 30), "平成31年4月30日（2019-04-30）", "H31.4.30"),
        (date(1989, 1, 8), "平成元年1月8日（1989-01-08）", "H1.1.8"),
        (date(1989, 1, 7), "昭和64年1月7日（1989-01-07）", "S64.1.7"),
        (date(1926, 12, 25), "昭和元年12月25日（1926-12-25）", "S1.12.25"),
        (date(1873, 1, 1), "明治6年1月1日（1873-01-01）", "M6.1.1"),
        (date(1870, 5, 1), "1870年5月1日", "1870.5.1"),
    ],
)
def test_a_day_is_shown_in_both_calendars(day, shown, short):
    assert show(day) == shown
    assert show_short(day) == short


@given(any_day)
def test_what_is_shown_is_read_back(day):
    in_numbers = f"{day.year}/{day.month}/{day.day}"
    for written in (show(day), show_short(day), day.isoformat(), f"{day:%Y%m%d}", in_numbers):
        found = parse(written)
        assert found.exact == day
        assert found.repaired == ""


@given(any_day)
def test_each_era_begins_where_the_last_one_ends(day):
    for era in ERAS:
        year = day.year - era.first.year + 1
        if not 1 <= year <= 99:
            continue
        found = parse(f"{era.name}{year}年{day.month}月{day.day}日")
        assert found.exact == day
        if not found.repaired:
            assert era.first <= day


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        found = parse(text, on=ON)
    except NotADate as refused:
        sentence = str(refused)
    else:
        assert isinstance(found, PartialDate)
        sentence = found.repaired
    assert sentence == "" or sentence.endswith("。")


@given(st.text(st.sampled_from("令和平成昭大明RHSTM元年月日0123456789.-/ 頃歳代?()（）不詳:T"), max_size=14))
def test_nearly_dates_are_read_or_refused_too(text):
    try:
        found = parse(text, on=ON)
    except NotADate:
        return
    assert (found.earliest is None) == (found.latest is None)
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
    show_partial(found)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (45017, date(2023, 4, 1)),
        (45017.5, date(2023, 4, 1)),
        (1, date(1900, 1, 1)),
        (59, date(1900, 2, 28)),
        (61, date(1900, 3, 1)),
        (36526, date(2000, 1, 1)),
    ],
)
def test_an_excel_serial_number_is_a_day(value, day):
    assert from_excel_serial(value).exact == day


@pytest.mark.parametrize("value", [60, 0, -5, 10_000_000])
def test_a_serial_number_without_a_day_is_refused(value):
    with pytest.raises(NotADate, match="Excel"):
        from_excel_serial(value)


def test_the_other_excel_counts_from_1904():
    assert from_excel_serial(43555, date1904=True).exact == date(2023, 4, 1)


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (datetime(2023, 4, 1, 9, 30), date(2023, 4, 1)),  # noqa: DTZ001
        (date(2023, 4, 1), date(2023, 4, 1)),
        (45017, date(2023, 4, 1)),
        (45017.0, date(2023, 4, 1)),
        ("45017", date(2023, 4, 1)),
        (20230401, date(2023, 4, 1)),
        ("令5/4/1", date(2023, 4, 1)),
    ],
)
def test_a_cell_is_read_whatever_it_holds(value, day):
    assert from_cell(value).exact == day


def test_a_cell_that_holds_no_day_is_refused():
    for value in (None, "", 53, "終結"):
        with pytest.raises(NotADate):
            from_cell(value)


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        (date(1958, 4, 2), date(2023, 4, 1), 64),
        (date(1958, 4, 2), date(2023, 4, 2), 65),
        (date(2000, 2, 29), date(2023, 2, 28), 22),
        (date(2000, 2, 29), date(2023, 3, 1), 23),
        (date(2000, 2, 29), date(2024, 2, 29), 24),
        (date(2023, 4, 1), date(2023, 4, 1), 0),
        (date(2023, 6, 1), date(2023, 4, 1), -1),
    ],
)
def test_the_age_of_a_day(birth, on, age):
    assert age_on(birth, on) == age


@given(birth=births, age=st.integers(1, 110))
def test_an_age_is_reached_the_day_before_it_is_held(birth, age):
    reached = reached_on(birth, age)
    assert age_on(birth, reached) == age - 1
    assert age_on(birth, reached + timedelta(days=1)) == age


@pytest.mark.parametrize(
    ("birth", "on", "grade"),
    [
        (date(2016, 4, 2), date(2023, 4, 1), "小学1年生"),
        (date(2016, 4, 1), date(2023, 4, 1), "小学2年生"),
        (date(2016, 4, 2), date(2023, 3, 31), "年長児相当"),
        (date(2017, 4, 1), date(2023, 4, 1), "小学1年生"),
        (date(2017, 4, 2), date(2023, 4, 1), "年長児相当"),
        (date(2010, 4, 2), date(2023, 4, 1), "中学1年生"),
        (date(2010, 4, 1), date(2023, 4, 1), "中学2年生"),
        (date(2008, 3, 3), date(2023, 4, 1), "高校1年生相当"),
        (date(2005, 4, 1), date(2023, 4, 1), ""),
        (date(2005, 4, 2), date(2023, 4, 1), "高校3年生相当"),
        (date(2020, 4, 1), date(2023, 4, 1), "年少児相当"),
        (date(2022, 4, 1), date(2023, 4, 1), ""),
    ],
)
def test_the_grade_by_age(birth, on, grade):
    assert school_grade(birth, on) == grade


@given(births, st.integers(0, 400))
def test_school_begins_after_six_is_reached(birth, later):
    firsts = [date(year, 4, 1) for year in (birth.year + 6, birth.year + 7)]
    begins = next(first for first in firsts if first > reached_on(birth, 6))
    on = begins + timedelta(days=later)
    assert school_year(birth, begins) == 1
    assert school_year(birth, begins - timedelta(days=1)) == 0
    assert school_year(birth, on) == fiscal_year(on) - begins.year + 1


@pytest.mark.parametrize(
    ("day", "year", "shown"),
    [
        (date(2024, 3, 31), 2023, "令和5年度"),
        (date(2024, 4, 1), 2024, "令和6年度"),
        (date(2019, 5, 1), 2019, "平成31年度"),
    ],
)
def test_the_fiscal_year_runs_from_april(day, year, shown):
    assert fiscal_year(day) == year
    assert show_fiscal_year(year) == shown
