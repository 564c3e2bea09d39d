"""Reading dates as people write them."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta

from tsunagi.shared import my_number

from .eras import ERAS, REIWA, Era, gannen, last_day
from .partial import PARTS_OF_DECADE, NotADate, PartialDate
from .showing import show_partial

_YEARS = range(1850, 2118)
# Without `on`, how far a bare year may run into the last era before it could as well be something else.
_BARE_YEARS = 15
_BARE_YEARS_AHEAD = 2

HOW_TO_WRITE = "「R5.4.1」「令和5年4月1日」「2023-04-01」のように書いてください。分からないところは省けます。"

_ERA_WORDS = {word: era for era in ERAS for word in (era.name, era.name[0], era.letter)}
_ERA = "(?P<era>令和?|平成?|昭和?|大正?|明治?|R|H|S|T|M|西暦|AD)?[.\\s]*"
_SEP = "[年月./\\-,、・\\s]"
_WHOLE = re.compile(f"{_ERA}(?P<year>\\d{{1,4}}){_SEP}+(?P<month>\\d{{1,2}}){_SEP}+(?P<day>\\d{{1,4}})日?")
_MONTH = re.compile(f"{_ERA}(?P<year>\\d{{1,4}})(?P<sep>{_SEP}+)(?P<month>\\d{{1,2}})月?")
_YEAR = re.compile(f"{_ERA}(?P<year>\\d{{1,4}})(?P<unit>年度|年代|年|代)?")
_PACKED = re.compile(f"{_ERA}(?P<digits>\\d{{6,8}})")
_NO_YEAR = re.compile(r"\d{1,2}月\d{1,2}日?|\d{1,2}[./\-]\d{1,2}")
_AGE = re.compile(r"(?:満|数え)?(?P<years>\d{1,3})(?:歳|才|さい)(?:半|\d{1,2}[かヶケヵカ箇ヵか]月)?")
_AGES = re.compile(r"(?P<years>\d{1,2}0)[歳才]?代(?P<half>前半|半ば|後半)?")
_MONTHS_OLD = re.compile(r"(?:生後)?(?P<months>\d{1,2})[かヶケヵカ箇]月(?:児)?")
_UNKNOWN_WORDS = (
    "不詳|不明|未詳|未確認|未聴取|[分わ]からない|[分わ]からず|聞いていない|聞けていない|なし|無し|無"
)
_UNKNOWN = re.compile(f"(?:生?年月日|生年|年齢)?(?:{_UNKNOWN_WORDS}|[?\\-*〓]+)")
# A form printed 「令和　年　月　日」 and left as it was, or filled in part.
_BLANKS = re.compile(
    r"^(?:令和|平成|昭和|大正|明治|[RHSTM])?\s*年\s*月\s*日$|(?<=年)\s*月\s*日$|(?<=月)\s*日$"
)
_REST_UNKNOWN = re.compile(f"(?:の)?(?:月日|月|日|以下)?(?:は)?(?:{_UNKNOWN_WORDS})$")
_PARTS_UNKNOWN = re.compile(r"(?<=[年月./\-])\s*[?〓*]+[月日]?(?=$|[./\-?〓*\s])")
_ABOUT = re.compile(r"頃|ころ|ごろ|位|くらい|ぐらい|約|およそ|おおよそ|推定|前後|たぶん|多分|\?+")
_PART_OF_IT = re.compile(r"(?<=[\d年月])の?(?:上旬|中旬|下旬|初旬|初め|半ば|末|春|夏|秋|冬|前半|後半)$")
_CLOCK = re.compile(
    r"(?:T|\s*|(?<=日))\s*(?:(?:午前|午後|AM|PM)\s*\d{1,2}(?::\d{2}(?::\d{2})?|時(?:半|\d{1,2}分)?)?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:AM|PM)?|\d{1,2}時(?:半|\d{1,2}分(?:\d{1,2}秒)?)?)"
    r"\s*(?:Z|[+\-]\d{2}:?\d{2})?(?:頃|ころ|ごろ)?$"
)
_WEEKDAY_AFTER = re.compile(r"(?<=日)\s*[月火水木金土日]曜日?$|\s+[月火水木金土日](?:曜日?)?$")
_AFTERWORDS = re.compile(r"(?:生まれ|生れ|うまれ|生|付け|付|現在|時点)$")
_AGE_AFTER = re.compile(r"(?<=\S)\s+満?\d{1,3}[歳才]$")
_PARENTHESES = re.compile(r"[(\[〔【<]([^()\[\]〔〕【】<>]*)[)\]〕】>]")
_RELATIVE = re.compile(
    "昨年|去年|一昨年|今年|本年|来年|先月|今月|来月|先週|今週|来週|昨日|今日|本日|明日|年末|年始|先日|最近"
)
_KANJI_NUMBER = re.compile("[〇一二三四五六七八九十廿卅百]+")
_HYPHENS = str.maketrans(dict.fromkeys("‐‑‒–—―−ー", "-"))


def parse(text: str, *, on: date | None = None, default_era: str | None = "令和") -> PartialDate:
    """Read a date or an age as people write it.

    Whole (R5.4.1, 令和五年四月一日, H元.5.1, 2023-04-01 09:30, 20230401, R050401, 3230115 with the era as a
    number), partial (S23, 1948年3月, 昭和23年月日不詳), about (昭和23年頃), an age (53歳位, 60代: days of
    birth with `on`), 「不詳」, and both calendars side by side (令和5年4月1日（2023-04-01）). A bare year
    of one or two digits (5/4/1) is of `default_era` (name or letter; None: refused) as long as that is
    plausible: not more than two years after `on`, without `on` the first 15 years of 令和.
    Raises NotADate (a ValueError and a Refused) with a sentence.
    """
    words = unicodedata.normalize("NFKC", text).translate(_HYPHENS).strip().upper()
    if not words:
        raise NotADate("日付が空です。分からないときは「不詳」と書いてください。")
    words = _BLANKS.sub("", words).rstrip()
    if not words or _UNKNOWN.fullmatch(words):
        return PartialDate(text=text)
    words, asides = _without_parentheses(words)
    words, about = _without_manners(words)
    found = _read(_with_digits(words), on, default_era, text)
    found = replace(found, about=found.about or about, text=text)
    for aside in asides:
        found = _beside(found, aside, on, default_era)
    return found


def from_excel_serial(value: float, *, date1904: bool = False) -> PartialDate:
    """The day of an Excel serial number (days since 1900-01-00, or since 1904-01-01); hours are dropped.

    Excel believes that 1900-02-29 existed: days before it are one off, and the day itself is refused.
    Raises NotADate for what is no day between 1900 and 2117.
    """
    serial = int(value)
    if date1904:
        day = date(1904, 1, 1) + timedelta(days=serial) if 0 <= serial < 90_000 else None
    elif serial == 60:
        day = None
    else:
        day = date(1899, 12, 30 + (serial < 60)) + timedelta(days=serial) if 1 <= serial < 91_678 else None
    if day is None:
        raise NotADate(f"Excelの日付の番号 {serial} にあたる日はありません。元の表で日付を確かめてください。")
    return PartialDate(day.year, day.month, day.day, text=str(value))


def from_cell(value: object, *, on: date | None = None, default_era: str | None = "令和") -> PartialDate:
    """Read whatever a spreadsheet's cell holds: a date, a serial number, or text in any form `parse` reads.

    Raises NotADate as `parse` and `from_excel_serial` do.
    """
    if isinstance(value, datetime | date):
        return PartialDate(value.year, value.month, value.day, text=value.isoformat())
    if isinstance(value, float) and not value.is_integer():
        return from_excel_serial(value)
    written = unicodedata.normalize("NFKC", _as_written(value)).strip()
    if re.fullmatch(r"\d{5}(\.0)?", written):
        return from_excel_serial(float(written))
    return parse(written, on=on, default_era=default_era)


def _as_written(value: object) -> str:
    if value is None:
        return ""
    return str(int(value) if isinstance(value, float) else value)


def _without_parentheses(words: str) -> tuple[str, list[str]]:
    """What stands outside parentheses, and what stands inside."""
    asides = [aside.strip() for aside in _PARENTHESES.findall(words)]
    outside = _PARENTHESES.sub("", words).strip()
    if not outside and len(asides) == 1:
        return asides[0], []
    return outside, [aside for aside in asides if aside]


def _without_manners(words: str) -> tuple[str, bool]:
    """The bare date, and whether anything said 「頃」: hours, weekdays and polite endings are dropped."""
    words = _AGE_AFTER.sub("", words)
    words = _CLOCK.sub("", words).strip()
    words = _WEEKDAY_AFTER.sub("", words).strip()
    words = _REST_UNKNOWN.sub("", words).strip()
    for _ in range(2):
        words = _PARTS_UNKNOWN.sub("", words)
    words = words.rstrip("./- ")
    bare = _ABOUT.sub("", words).strip()
    bare = _AFTERWORDS.sub("", bare).strip()
    whole = _PART_OF_IT.sub("", bare).strip() if not _AGES.fullmatch(bare) else bare
    return whole, whole != _AFTERWORDS.sub("", words).strip()


def _with_digits(words: str) -> str:
    words = re.sub("元(?=年|[./\\-\\s]|$)", "1", words)
    return _KANJI_NUMBER.sub(lambda run: str(_kanji_number(run[0])), words)


def _kanji_number(run: str) -> int | str:
    run = run.replace("廿", "二十").replace("卅", "三十")
    digits = {kanji: str(value) for value, kanji in enumerate("〇一二三四五六七八九")}
    if not set(run) & set("十百"):
        return "".join(digits[kanji] for kanji in run)
    total = 0
    for unit, worth in (("百", 100), ("十", 10)):
        if unit in run:
            head, _, run = run.partition(unit)
            total += worth * (int("".join(digits.get(kanji, "0") for kanji in head)) if head else 1)
    return total + (int("".join(digits.get(kanji, "0") for kanji in run)) if run else 0)


def _read(words: str, on: date | None, default_era: str | None, text: str) -> PartialDate:
    """Read words that hold nothing but a date or an age."""
    if aged := _read_age(words, on):
        return aged
    if match := _WHOLE.fullmatch(words):
        if len(match["day"]) > 2:
            raise NotADate("年を先に、西暦は4けたで書いてください（例：2023-04-01）。")
        return _whole(match["era"], match["year"], int(match["month"]), int(match["day"]), on, default_era)
    if match := _PACKED.fullmatch(words):
        return _packed(match["era"], match["digits"], on, default_era)
    if _NO_YEAR.fullmatch(words):
        month, day = (int(part) for part in re.findall(r"\d+", words))
        if 1 <= month <= 12 and day > monthrange(2000, month)[1]:
            raise NotADate(f"{month}月{day}日という日はありません。年も付けて書いてください（例：R5.4.1）。")
        raise NotADate(f"年がありません。{HOW_TO_WRITE}")
    if match := _MONTH.fullmatch(words):
        return _whole(match["era"], match["year"], int(match["month"]), None, on, default_era)
    if (match := _YEAR.fullmatch(words)) and (match["era"] or len(match["year"]) == 4):
        return _years(match["era"], match["year"], match["unit"] or "年", on, default_era)
    if re.fullmatch(r"\d{1,3}年?", words):
        raise NotADate(
            f"「{words}」だけでは、年齢か年か分かりません。「53歳」「S53」「1978年」のように書いてください。"
        )
    if re.fullmatch(r"\d{5}", words):
        raise NotADate(
            f"「{words}」は日付として読めません（Excelの日付の番号かもしれません）。{HOW_TO_WRITE}"
        )
    if _RELATIVE.search(words):
        raise NotADate(f"「{_quoted(text)}」は、いつから見てのことか分かりません。{HOW_TO_WRITE}")
    raise NotADate(f"{_named(text)}日付として読めません。{HOW_TO_WRITE}")


def _quoted(text: str) -> str:
    short = " ".join(text.split())
    return short if len(short) <= 12 else f"{short[:12]}…"


def _named(text: str) -> str:
    # A cell in the wrong column may hold a telephone number or worse; a repair log must not repeat it.
    if my_number.find(text) or sum(letter.isdigit() for letter in text) > 8:
        return ""
    return f"「{_quoted(text)}」は"


def _read_age(words: str, on: date | None) -> PartialDate | None:
    if match := _AGE.fullmatch(words):
        youngest = oldest = int(match["years"])
    elif match := _AGES.fullmatch(words):
        part = next((ends for ends, words in PARTS_OF_DECADE.items() if words == match["half"]), (0, 9))
        youngest, oldest = (int(match["years"]) + years for years in part)
    elif match := _MONTHS_OLD.fullmatch(words):
        youngest = oldest = int(match["months"]) // 12
    else:
        return None
    if oldest > 130:
        raise NotADate(f"{youngest}歳という年齢は確かめが必要です。生年月日か年齢を確かめてください。")
    about = youngest != oldest
    if on is None:
        return PartialDate(about=about, ages=(youngest, oldest))
    span = (_birthday(on, -oldest - 1) + timedelta(days=1), _birthday(on, -youngest))
    return PartialDate(span[1].year, about=about, ages=(youngest, oldest), span=span)


def _birthday(day: date, years: int) -> date:
    """The same day so many years later; 2/29 becomes 2/28, on which such a year is complete."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def _whole(
    era_word: str | None,
    year: str,
    month: int,
    day: int | None,
    on: date | None,
    default_era: str | None,
) -> PartialDate:
    return _dated(_era_meant(era_word, year, on, default_era), int(year), month, day)


def _packed(era_word: str | None, digits: str, on: date | None, default_era: str | None) -> PartialDate:
    """Digits without separators: 20230401, R050401, 3230115 (1 明治 … 5 令和), 202304, 050401."""
    is_western = era_word in (None, "西暦", "AD")
    if is_western and len(digits) == 8:
        return _dated(None, int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if era_word is None and len(digits) == 7 and digits[0] in "12345":
        era = ERAS[int(digits[0]) - 1]
        return _dated(era, int(digits[1:3]), int(digits[3:5]), int(digits[5:]))
    if len(digits) == 6 and is_western and digits[:2] in ("18", "19", "20") and 1 <= int(digits[4:]) <= 12:
        return _dated(None, int(digits[:4]), int(digits[4:]), None)
    if len(digits) == 6:
        return _whole(era_word, digits[:2], int(digits[2:4]), int(digits[4:]), on, default_era)
    raise NotADate(f"数字の並びを日付として読めません。{HOW_TO_WRITE}")


def _years(
    era_word: str | None, year: str, unit: str, on: date | None, default_era: str | None
) -> PartialDate:
    found = _dated(_era_meant(era_word, year, on, default_era), int(year), None, None)
    assert found.year is not None
    if unit == "年度":
        return PartialDate(
            found.year,
            repaired=found.repaired,
            span=(date(found.year, 4, 1), date(found.year + 1, 3, 31)),
        )
    if unit in ("年代", "代"):
        return PartialDate(
            found.year,
            about=True,
            repaired=found.repaired,
            span=(date(found.year, 1, 1), date(found.year + 9, 12, 31)),
        )
    return found


def _era_meant(era_word: str | None, year: str, on: date | None, default_era: str | None) -> Era | None:
    """The era a year is counted in, None for 西暦."""
    if era_word in ("西暦", "AD") or (era_word is None and len(year) == 4):
        return None
    if era_word is not None:
        return _ERA_WORDS[era_word]
    era = _ERA_WORDS.get((default_era or "").upper())
    if era is None or len(year) > 2 or not _is_plausible(era, int(year), on):
        example = "「R5.4.1」「S23.1.15」「2023-04-01」のように書いてください。"
        raise NotADate(f"「{year}年」が元号か西暦か分かりません。{example}")
    return era


def _is_plausible(era: Era, year: int, on: date | None) -> bool:
    if era is not REIWA:
        return 1 <= year <= last_day(era).year - era.first.year + 1
    if on is None:
        return 1 <= year <= _BARE_YEARS
    return 1 <= year <= max(1, on.year + _BARE_YEARS_AHEAD - era.first.year + 1)


def _dated(era: Era | None, year: int, month: int | None, day: int | None) -> PartialDate:
    """Build it, refusing what does not exist; a day outside its era is read in the era of that day."""
    if era is not None:
        if not 1 <= year <= 99:
            raise NotADate(f"{era.name}{year}年という年はありません。元号と年を確かめてください。")
        western = era.first.year + year - 1
    else:
        western = year
    said = f"{era.name}{gannen(year)}年" if era else f"{western}年"
    if western not in _YEARS:
        raise NotADate(f"{said}は離れすぎています。年を確かめて、西暦は4けたで書いてください。")
    if month is not None and month > 12:
        hint = (
            f"{day}月{month}日のことなら、月を先に書いてください。"
            if day and day <= 12 and month <= 31
            else ""
        )
        raise NotADate(f"{month}月はありません。{hint or '月を確かめてください。'}")
    # Registers write 00 for a month or a day that nobody knows.
    month, day = month or None, day or None
    if month is None and day is not None:
        raise NotADate("0月はありません。月を確かめてください。")
    if month is not None and day is not None and day > (last := monthrange(western, month)[1]):
        raise NotADate(f"{said}{month}月は{last}日までです。{day}日はありません。日を確かめてください。")
    found = PartialDate(western, month, day)
    return found if era is None else _in_its_era(found, era, said)


def _in_its_era(found: PartialDate, era: Era, said: str) -> PartialDate:
    earliest, latest = found.earliest, found.latest
    assert earliest is not None
    assert latest is not None
    if latest >= era.first and earliest <= last_day(era):
        # 昭和64年 was a week long, 平成31年 four months.
        within = (max(earliest, era.first), min(latest, last_day(era)))
        return found if within == (earliest, latest) else replace(found, span=within)
    rest = said + (f"{found.month}月" if found.month else "") + (f"{found.day}日" if found.day else "")
    unit = "日" if found.day else "月" if found.month else "年"
    return replace(found, repaired=f"{rest}という{unit}はないので、{show_partial(found)}と読みました。")


def _beside(found: PartialDate, aside: str, on: date | None, default_era: str | None) -> PartialDate:
    """The date, with what stands in parentheses beside it taken in; another day than the date is refused."""
    if not _ABOUT.sub("", aside).strip():
        return replace(found, about=True)
    try:
        other = parse(aside, on=on, default_era=default_era)
    except NotADate:
        return found
    if other.ages or other.year is None:
        return found
    if found.ages:
        return replace(other, text=found.text)
    pairs = ((found.year, other.year), (found.month, other.month), (found.day, other.day))
    if any(one is not None and two is not None and one != two for one, two in pairs):
        raise NotADate("和暦と西暦が合っていません。確かめて、正しいほうだけを書いてください。")
    return replace(found, about=found.about or other.about)
