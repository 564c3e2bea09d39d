"""What may stand in a city's opening file (開設ファイル): every key, how it is read, and how it is written back.

All values arrive as text: YAML would make 075 the number 61, 8:30 the number 510 and `no` a false. What is not said
in the file is not said at all: it leaves standing what stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from tsunagi.accounts.rules import (
    WEEKDAYS,
    Field,
    LegalKind,
    Role,
    RunBy,
    check_office_code,
    check_sign_in_name,
)
from tsunagi.codes.rules import SETTINGS, SettingKind, SettingSpec, Span, SpanUnit, check_setting
from tsunagi.places.rules import Basis, DistrictKind, check_city_code
from tsunagi.shared import wareki
from tsunagi.shared.labels import Labelled
from tsunagi.shared.my_number import refuse_my_number
from tsunagi.shared.refusal import Refused

Read = Callable[[str], Any]
Show = Callable[[Any], str]


@dataclass(frozen=True)
class Key:
    """A key of a mapping: its Japanese word, its name in the program, how its value is read and written.

    `many` is the schema of a list of mappings below it; `texts` says that it is a list of texts.
    """

    word: str
    name: str
    read: Read = str
    show: Show = str
    needed: bool = False
    also: tuple[str, ...] = ()
    many: Schema | None = None
    texts: bool = False
    separators: str = "、,，"

    @property
    def words(self) -> tuple[str, ...]:
        """Every way the key may be written."""
        return (self.word, *self.also)


@dataclass(frozen=True)
class Schema:
    """The keys of one kind of mapping. `short` is the key a bare text stands for (`- 2026-08-13`)."""

    what: str
    keys: tuple[Key, ...]
    short: str = ""
    by_word: Mapping[str, Key] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_word", {word: key for key in self.keys for word in key.words})

    def key(self, name: str) -> Key:
        """The key by its name in the program. KeyError: there is none."""
        return next(key for key in self.keys if key.name == name)


# -- how single values are read -------------------------------------------------------------------------


def half(text: str) -> str:
    """Full-width letters and digits as half-width ones, without space at the ends."""
    return unicodedata.normalize("NFKC", text).strip()


EMPTY = {"", "~", "null", "なし", "無し", "未定"}


def named(value: str) -> str:
    """A name that points at something else in the file; nothing at all where there is none."""
    found = half(value)
    return "" if found.lower() in EMPTY else found


def text(longest: int, label: str = "") -> Read:
    """A text of so many letters."""

    def read(value: str) -> str:
        found = " ".join(value.split())
        if len(found) > longest:
            raise Refused(f"{longest}字までにしてください(いま{len(found)}字です)。")
        refuse_my_number(found, label or "この値")
        return found

    return read


def one_line(pattern: str, wanted: str, longest: int = 100) -> Read:
    """A text of half-width letters that must look so."""

    def read(value: str) -> str:
        found = half(value)
        if found and (len(found) > longest or not re.fullmatch(pattern, found)):
            raise Refused(f"「{value}」は{wanted}の形ではありません。")
        refuse_my_number(found, wanted)
        return found

    return read


_HYPHENS = re.compile(r"[‐‑‒–—―−ー－ｰ]")


def phone(value: str) -> str:
    """A telephone number, digits and hyphens as they are written on a card; an outside zero is never lost."""
    found = _HYPHENS.sub("-", half(value))
    if not found:
        return ""
    if not re.fullmatch(r"[0-9+()\- ]{2,40}(内線.{1,12})?", found):
        raise Refused(f"「{value}」は電話番号として読めません。例: 075-000-0101")
    refuse_my_number(found, "電話")
    return found


def postal_code(value: str) -> str:
    """Seven digits, with or without a hyphen."""
    found = _HYPHENS.sub("", half(value)).replace("-", "").lstrip("〒").strip()
    if found and not re.fullmatch(r"[0-9]{7}", found):
        raise Refused(f"「{value}」は郵便番号の形(7桁)ではありません。例: 617-0826")
    return found


def shown_postal_code(value: str) -> str:
    """617-0826 for 6170826."""
    return f"{value[:3]}-{value[3:]}" if value else ""


_YES = {"はい", "yes", "y", "true", "on", "1", "○", "◯", "〇", "有", "あり", "する", "使う"}
_NO = {"いいえ", "no", "n", "false", "off", "0", "×", "無", "なし", "しない", "使わない", ""}


def flag(value: str) -> bool:
    """はい or いいえ; yes, no, ○, × too."""
    # ○ and 〇 are other letters after NFKC in some hands: compared as written first.
    for found in (value.strip(), half(value).lower()):
        if found in _YES:
            return True
        if found in _NO:
            return False
    raise Refused(f"「{value}」は「はい」か「いいえ」で書いてください。")


def shown_flag(value: bool) -> str:
    """はい or いいえ."""
    return "はい" if value else "いいえ"


def day(value: str) -> date | None:
    """A whole day, 和暦 or 西暦."""
    if half(value).lower() in EMPTY:
        return None
    try:
        found = wareki.parse(value.strip()).exact
    except wareki.NotADate as refusal:
        raise Refused(f"「{value}」は日付として読めません。{refusal}") from None
    if found is None:
        raise Refused(f"「{value}」は、年・月・日まで書いてください。例: 2027-04-01")
    return found


def shown_day(value: date | None) -> str:
    """2027-04-01."""
    return value.isoformat() if value else ""


def a_time(value: str) -> time | None:
    """An hour of the day: 17:15, 17時15分."""
    found = half(value).replace("時", ":").replace("分", "").rstrip(":")
    if found.lower() in EMPTY:
        return None
    match = re.fullmatch(r"([0-9]{1,2})(?::([0-9]{1,2}))?(?::00)?", found)
    if match is None or int(match[1]) > 23 or int(match[2] or 0) > 59:
        raise Refused(f"「{value}」は時刻として読めません。例: 17:15")
    return time(int(match[1]), int(match[2] or 0))


def shown_time(value: time | None) -> str:
    """17:15."""
    return f"{value:%H:%M}" if value else ""


def weekdays(value: str) -> list[int]:
    """月火水木金, 月〜金 or 毎日, as numbers (Monday is 0)."""
    found = half(value).replace("曜日", "").replace("曜", "")
    if found == "毎日":
        return list(range(7))
    between = re.fullmatch(r"([月火水木金土日])[~〜\-から]+([月火水木金土日])", found)
    if between:
        first, last = WEEKDAYS.index(between[1]), WEEKDAYS.index(between[2])
        return sorted((first + step) % 7 for step in range((last - first) % 7 + 1))
    letters = [letter for letter in found if letter not in "・、,/ "]
    if not letters or any(letter not in WEEKDAYS for letter in letters):
        raise Refused(f"「{value}」は曜日として読めません。例: 月火水木金")
    return sorted({WEEKDAYS.index(letter) for letter in letters})


def shown_weekdays(value: Iterable[int]) -> str:
    """月火水木金."""
    return "".join(WEEKDAYS[number] for number in sorted(value))


def one_of(kind: type[Labelled]) -> Read:
    """One of a closed list, by its label or its value."""

    def read(value: str) -> str:
        wanted = half(value)
        for member in kind:
            if wanted in (half(member.label), member.value):
                return str(member.value)
        words = "、".join(member.label for member in kind)
        raise Refused(f"「{value}」はありません。次のどれかを書いてください: {words}")

    return read


def labels(kind: type[Labelled]) -> Show:
    """The label of a stored value."""
    return kind.label_of


def checked(check: Callable[[str], None]) -> Read:
    """A half-width text that a rule of its own module checks."""

    def read(value: str) -> str:
        found = half(value)
        check(found)
        return found

    return read


def number(value: str) -> int | None:
    """A number."""
    found = half(value).replace(",", "")
    if found.lower() in EMPTY:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", found):
        raise Refused(f"「{value}」は数として読めません。数字で書いてください。")
    return int(found)


def area(value: str) -> str | None:
    """Square kilometres."""
    found = half(value).replace("km2", "").replace("km²", "").strip()
    if found.lower() in EMPTY:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,2})?", found):
        raise Refused(f"「{value}」は面積として読めません。例: 19.17")
    return f"{float(found):.2f}"


def bounds(value: str) -> tuple[int, int] | None:
    """A range of numbers: 3, 1-4, 1〜4丁目."""
    found = _HYPHENS.sub("-", half(value)).replace("丁目", "").replace("番地", "").replace("番", "")
    found = found.replace("~", "-").replace("〜", "-").replace("から", "-").replace("まで", "")
    if found.lower() in EMPTY:
        return None
    match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", found)
    if match is None or (match[2] and int(match[2]) < int(match[1])):
        raise Refused(f"「{value}」は範囲として読めません。例: 1-4")
    return int(match[1]), int(match[2] or match[1])


def shown_bounds(value: tuple[int, int] | None) -> str:
    """1-4, or 3 where both ends are the same."""
    if value is None:
        return ""
    return str(value[0]) if value[0] == value[1] else f"{value[0]}-{value[1]}"


_E_MAIL = r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9\-]+(\.[A-Za-z0-9\-]+)+"
_CODE_VALUE = r"[a-z0-9_]{1,40}"

# -- settings: written by their labels ------------------------------------------------------------------

CITY_SETTINGS = {key: spec for key, spec in SETTINGS.items() if key.startswith("city.")}
OWN_SETTINGS = {key: spec for key, spec in SETTINGS.items() if key not in CITY_SETTINGS}


def setting_reader(spec: SettingSpec) -> Read:
    """The value as settings are stored (JSON), from the words of a file: 3開庁日, 30日, 17:15, 10."""

    def read(value: str) -> Any:
        stored: Any = " ".join(value.split())
        if spec.kind is SettingKind.NUMBER:
            stored = number(value)
        elif spec.kind is SettingKind.TIME:
            stored = shown_time(a_time(value))
        elif spec.kind is SettingKind.SPAN:
            stored = _span(value, spec)
        elif spec.key in _TEXT_SETTINGS:
            stored = _TEXT_SETTINGS[spec.key](value)
        check_setting(spec, stored)
        return stored

    return read


def _span(value: str, spec: SettingSpec) -> dict[str, Any]:
    match = re.fullmatch(r"([0-9]{1,4})\s*(開庁日|営業日|日)?(?:間)?", half(value))
    if match is None:
        raise Refused(f"「{value}」は期間として読めません。例: 5開庁日、30日")
    unit = {"開庁日": "bd", "営業日": "bd", "日": "days"}.get(match[2] or "", spec.default["unit"])
    return {"n": int(match[1]), "unit": unit}


_TEXT_SETTINGS: dict[str, Read] = {
    "city.postal_code": lambda value: shown_postal_code(postal_code(value)),
    "city.phone": phone,
    "city.area_code": one_line(r"0[0-9]{1,4}", "市外局番"),
}


def shown_setting(value: Any) -> str:
    """A stored setting as the file says it."""
    if isinstance(value, dict):
        return str(Span(value["n"], SpanUnit(value["unit"])))
    return str(value)


def _settings(specs: Mapping[str, SettingSpec]) -> tuple[Key, ...]:
    return tuple(
        Key(spec.label, key, setting_reader(spec), shown_setting, also=(key,)) for key, spec in specs.items()
    )


# -- the file -------------------------------------------------------------------------------------------

_CITY_WORDS = {
    "city.area_code": "市外局番",
    "city.postal_code": "郵便番号",
    "city.address": "所在地",
    "city.phone": "電話",
    "city.project_name": "事業の名前",
    "city.desk_name": "総合相談の窓口の名前",
    "city.coordination_name": "多機関協働の担当の名前",
}
CITY = Schema(
    "市",
    (
        Key("コード", "code", checked(check_city_code), needed=True, also=("全国地方公共団体コード",)),
        Key("名前", "name", text(40), needed=True, also=("市区町村名",)),
        Key("都道府県", "prefecture", text(10), needed=True),
        Key("カナ", "kana", text(60)),
        Key("面積", "area_km2", area, lambda value: value or ""),
        *(
            Key(word, key, setting_reader(SETTINGS[key]), shown_setting, also=(SETTINGS[key].label,))
            for key, word in _CITY_WORDS.items()
        ),
    ),
)
SETTING = Schema("設定", _settings(OWN_SETTINGS))
FURTHER = Schema(
    "分かれる進学先",
    (Key("校区", "name", text(40), needed=True), Key("どの部分", "part", text(120))),
    short="校区",
)
DISTRICT = Schema(
    "校区",
    (
        Key("名前", "name", text(40), needed=True, also=("校区名",)),
        Key("種類", "kind", one_of(DistrictKind), labels(DistrictKind)),
        Key("コード", "code", one_line(r"[A-Za-z0-9_\-]{1,20}", "校区コード", 20), also=("校区コード",)),
        Key("カナ", "kana", text(60)),
        Key("学校名", "school_name", text(60)),
        Key("主な進学先", "parent", text(40)),
        Key("分かれる進学先", "further", many=FURTHER),
        Key("根拠", "basis", one_of(Basis), labels(Basis)),
    ),
    short="名前",
)
RANGE = Schema(
    "範囲",
    (
        Key("小字", "koaza", text(40)),
        Key("丁目", "chome", bounds, shown_bounds),
        Key("番地", "banchi", bounds, shown_bounds),
        Key("校区", "district", text(40), needed=True, also=("小学校区",)),
        Key("根拠", "basis", one_of(Basis), labels(Basis)),
        Key("覚え書き", "note", text(200)),
    ),
)
TOWN = Schema(
    "町",
    (
        Key("名前", "name", text(40), needed=True, also=("町名",)),
        Key("カナ", "kana", text(60)),
        Key("郵便番号", "postal_code", postal_code, shown_postal_code),
        Key("丁目あり", "has_chome", flag, shown_flag),
        Key("校区", "district", text(40), also=("小学校区",)),
        Key("一部除く", "has_exceptions", flag, shown_flag),
        Key("根拠", "basis", one_of(Basis), labels(Basis)),
        Key("覚え書き", "note", text(200)),
        Key("範囲", "ranges", many=RANGE),
    ),
    short="名前",
)
CALENDAR_DAY = Schema(
    "日",
    (
        Key("日", "day", day, shown_day, needed=True, also=("から",)),
        Key("まで", "until", day, shown_day),
        Key("わけ", "label", text(60)),
    ),
    short="日",
)
CALENDAR = Schema(
    "暦",
    (
        Key("閉じる日", "closed", many=CALENDAR_DAY, also=("休み", "閉庁日")),
        Key("開く日", "opened", many=CALENDAR_DAY, also=("開庁日",)),
    ),
)
OFFICE = Schema(
    "機関",
    (
        Key("コード", "code", checked(check_office_code), needed=True, also=("機関コード",)),
        Key("名前", "name", text(100), needed=True, also=("機関名",)),
        Key("略称", "short_name", text(30)),
        Key("運営", "run_by", one_of(RunBy), labels(RunBy), needed=True),
        Key("法上の種類", "legal_kind", one_of(LegalKind), labels(LegalKind), needed=True),
        Key("分野", "field", one_of(Field), labels(Field), needed=True),
        Key("総合相談の窓口", "is_front_desk", flag, shown_flag),
        Key("このシステムを使う", "signs_in", flag, shown_flag),
        Key("当番", "duty", named),
        Key("代わりの機関", "stand_in", named),
        Key("電話", "phone", phone),
        Key("FAX", "fax", phone, also=("ファクス", "ファックス")),
        Key("所在地", "address", text(200, "所在地")),
        Key("受付時間", "opening_hours", text(100)),
        Key("閉庁時刻", "closing_time", a_time, shown_time),
        Key("開庁の曜日", "open_weekdays", weekdays, shown_weekdays),
        Key("委託の終わり", "contract_until", day, shown_day),
        Key("担当する校区", "areas", text(40), texts=True),
        Key("閉じる日", "closed", many=CALENDAR_DAY, also=("休み", "閉庁日")),
        Key("開く日", "opened", many=CALENDAR_DAY, also=("開庁日",)),
    ),
)
POSTING = Schema(
    "配属",
    (
        Key("機関", "office", half, needed=True, also=("機関コード",)),
        Key("役割", "role", one_of(Role), labels(Role), needed=True),
        Key("開始", "since", day, shown_day),
        Key("主", "is_main", flag, shown_flag, also=("主な所属",)),
        Key("派遣", "is_secondment", flag, shown_flag, also=("派遣・出向",)),
        Key("終了予定", "planned_until", day, shown_day),
    ),
)
WORKER = Schema(
    "職員",
    (
        Key("サインイン名", "sign_in_name", checked(check_sign_in_name), needed=True),
        Key("氏名", "name", text(100, "氏名"), needed=True, also=("名前",)),
        Key("カナ", "kana", text(100)),
        Key("メール", "email", one_line(_E_MAIL, "メールアドレス", 254)),
        Key("電話", "phone", phone),
        Key("資格・職種", "professions", text(40), texts=True, also=("資格", "職種")),
        Key("雇用元", "employer", text(100)),
        Key("勤務の曜日", "weekdays", weekdays, shown_weekdays),
        Key("着任日", "joined_on", day, shown_day),
        Key("配属", "postings", many=POSTING),
    ),
)
CODE = Schema(
    "コード",
    (
        Key("値", "value", one_line(_CODE_VALUE, "値(半角の英小文字・数字・_)"), needed=True),
        Key("ことば", "label", text(120), also=("表示",)),
        Key("略", "short", text(40)),
        Key("別の書き方", "aliases", text(60), texts=True),
        Key("使わない", "retired", flag, shown_flag),
    ),
)
CODE_LIST = Schema(
    "コード表",
    (Key("表", "list", text(60), needed=True), Key("コード", "codes", many=CODE)),
)

SECTIONS: tuple[tuple[str, str, Schema, bool], ...] = (
    # word, name, schema of (one of) it, is it a list
    ("市", "city", CITY, False),
    ("設定", "settings", SETTING, False),
    ("校区", "districts", DISTRICT, True),
    ("町", "towns", TOWN, True),
    ("暦", "calendar", CALENDAR, False),
    ("機関", "offices", OFFICE, True),
    ("職員", "workers", WORKER, True),
    ("コード表", "code_lists", CODE_LIST, True),
)
SECTION_BY_WORD = {word: (name, schema, is_list) for word, name, schema, is_list in SECTIONS}


def every_word() -> frozenset[str]:
    """All words that are keys somewhere in the file."""
    found = set(SECTION_BY_WORD)

    def walk(schema: Schema) -> None:
        for key in schema.keys:
            found.update(key.words)
            if key.many is not None:
                walk(key.many)

    for _, _, schema, _ in SECTIONS:
        walk(schema)
    return frozenset(found)
