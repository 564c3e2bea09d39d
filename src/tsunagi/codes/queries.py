"""What everybody may ask of code lists and settings: kept in the process, checked once per transaction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Generic, TypeVar

from django.db import connection

from .models import Setting
from .rules import (
    FIXED_LISTS,
    SETTINGS,
    CodeCard,
    ListCard,
    Origin,
    SettingKind,
    Span,
    SpanUnit,
    Value,
    folded,
    read_setting,
    spec_of,
    spelling_index,
    version_of,
)

T = TypeVar("T")


class Remembered(Generic[T]):
    """A small, seldom changed part of the database, kept per thread.

    `get()` sends one statement per transaction: it compares the stamp (`codes_stamp`, rewritten by triggers
    with every change) and brings the content only when the stamp is another one. So a change made by any
    process is seen by the next request, a request costs the same number of statements whether the content was
    known or not, and asking in a loop costs nothing. What a transaction rolls back is forgotten with it.

    `content` is SQL that yields one JSON value (a scalar sub-select); `build` makes the kept object from it.
    """

    def __init__(self, stamp: str, content: str, build: Callable[[Any], T]) -> None:
        self._statement = (
            f"SELECT stamp::text, CASE WHEN stamp::text = %s THEN NULL ELSE ({content}) END"
            " FROM codes_stamp WHERE name = %s"
        )
        self._stamp = stamp
        self._build = build
        self._kept = threading.local()

    def get(self) -> T:
        """The content as this transaction may see it."""
        kept: T | None = getattr(self._kept, "content", None)
        if kept is not None and self._checked_in_this_transaction():
            return kept
        known = getattr(self._kept, "stamp", None) if kept is not None else None
        with connection.cursor() as cursor:
            cursor.execute(self._statement, [known or "", self._stamp])
            stamp, content = cursor.fetchone()
        if kept is None or stamp != known:
            kept = self._build(content)
            self._kept.content, self._kept.stamp = kept, stamp
        self._leave_mark()
        return kept

    def forget(self) -> None:
        """Look again at the next question: this transaction has just changed the content itself."""
        self._kept.mark = None

    def _checked_in_this_transaction(self) -> bool:
        mark: _Mark | None = getattr(self._kept, "mark", None)
        return (
            mark is not None
            and mark.savepoints == tuple(connection.savepoint_ids)
            and any(callback is mark for _, callback, *_ in connection.run_on_commit)
        )

    def _leave_mark(self) -> None:
        # Django drops on-commit callbacks when a transaction ends and when a savepoint is rolled back:
        # exactly the moments after which what was read can no longer be trusted.
        self._kept.mark = None
        if connection.in_atomic_block:
            mark = _Mark(tuple(connection.savepoint_ids))
            connection.on_commit(mark)
            self._kept.mark = mark


@dataclass(frozen=True, eq=False)
class _Mark:
    """Stands among the on-commit callbacks while a transaction lives; does nothing.

    It counts at its own depth of savepoints only: in tests a request is a savepoint, and what the test asked
    before must not change how many statements the request sends.
    """

    savepoints: tuple[Any, ...]

    def __call__(self) -> None:
        return None


@dataclass(frozen=True)
class _Kept:
    lists: dict[str, ListCard]
    by_value: dict[str, dict[str, tuple[CodeCard, ...]]]
    spellings: dict[str, dict[str, str]]
    settings: dict[str, Any]


_CONTENT = """
    SELECT json_build_object(
        'settings', (SELECT coalesce(json_object_agg(key, value), '{}') FROM codes_setting),
        'lists', (SELECT coalesce(json_agg(json_build_array(l.key, l.label, l.national_report, l.source,
            (SELECT coalesce(json_agg(json_build_array(c.value, c.label, c.version, c.position,
                c.national_report, c.attributes, c.valid_from, c.retired_on, c.origin)
                ORDER BY c.position, c.value, c.version), '[]')
             FROM codes_code c WHERE c.list_id = l.id)) ORDER BY l.key), '[]') FROM codes_codelist l))
"""


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _build(content: dict[str, Any]) -> _Kept:
    lists: dict[str, ListCard] = {}
    for key, label, national, source, rows in content["lists"]:
        codes = tuple(
            CodeCard(
                list_key=key,
                value=value,
                label=words,
                short=attributes.get("short") or words,
                version=version,
                position=position,
                national_report=reported,
                attributes=attributes,
                valid_from=_day(valid_from),
                retired_on=_day(retired_on),
                origin=origin,
            )
            for value, words, version, position, reported, attributes, valid_from, retired_on, origin in rows
        )
        lists[key] = ListCard(key, label, national, source, codes)
    by_value: dict[str, dict[str, tuple[CodeCard, ...]]] = {key: {} for key in lists}
    for key, card in lists.items():
        for code in card.codes:
            by_value[key][code.value] = (*by_value[key].get(code.value, ()), code)
    spellings = {key: spelling_index(card.codes) for key, card in lists.items()}
    return _Kept(lists, by_value, spellings, content["settings"])


_kept = Remembered("codes", _CONTENT, _build)


def _list(list_key: str) -> ListCard:
    try:
        return _kept.get().lists[list_key]
    except KeyError:
        raise LookupError(
            f"There is no code list {list_key!r}; the shipped ones come with load_shipped()."
        ) from None


def lists() -> list[ListCard]:
    """Every code list, by key."""
    return list(_kept.get().lists.values())


def codes(list_key: str, *, on: date | None = None) -> tuple[CodeCard, ...]:
    """The codes a worker may choose, in order: of a day, or those not retired. LookupError: no such list."""
    return tuple(code for code in _list(list_key).codes if code.in_force(on))


def choices(list_key: str, *, on: date | None = None) -> list[tuple[str, str]]:
    """(value, label) for a form field, in order. LookupError: no such list."""
    return [(code.value, code.label) for code in codes(list_key, on=on)]


def code_of(list_key: str, value: str, *, on: date | None = None) -> CodeCard | None:
    """The version of a code in force on a day (the newest, when no day is given); also of retired codes."""
    _list(list_key)
    return version_of(_kept.get().by_value[list_key].get(value, ()), value, on)


def label_of(list_key: str, value: str, *, on: date | None = None) -> str:
    """The words of a code; an unknown value shows as itself, an empty one as an empty text."""
    code = code_of(list_key, value, on=on) if value else None
    return code.label if code else value


def short_label_of(list_key: str, value: str) -> str:
    """The short words of a code, for tables and tags."""
    code = code_of(list_key, value) if value else None
    return code.short if code else value


def labels_of(list_key: str, values: Iterable[str]) -> list[str]:
    """The words of several codes, in the order of the list; unknown values last, as themselves."""
    wanted = list(dict.fromkeys(values))
    order = {code.value: index for index, code in enumerate(_list(list_key).codes)}
    return [
        label_of(list_key, value) for value in sorted(wanted, key=lambda value: order.get(value, len(order)))
    ]


def find(list_key: str, words: str) -> str | None:
    """The value whose label, short label or alias is written so (width, spaces and marks apart), or None."""
    _list(list_key)
    return _kept.get().spellings[list_key].get(folded(words))


def setting(key: str) -> Value:
    """The typed value: str, int, time or Span. KeyError: no such setting."""
    spec = spec_of(key)
    return read_setting(spec, _kept.get().settings.get(key, spec.default))


def _of(kind: type[T], key: str) -> T:
    value = setting(key)
    if not isinstance(value, kind):
        raise TypeError(f"The setting {key} is a {type(value).__name__}.")
    return value


def text(key: str) -> str:
    """A setting that is words."""
    return _of(str, key)


def number(key: str) -> int:
    """A setting that is a number."""
    return _of(int, key)


def span(key: str) -> Span:
    """A setting that is a length of time."""
    return _of(Span, key)


def city_name() -> str:
    """The municipality's name (長岡京市); empty until a city is loaded."""
    return text("city.name")


def city_code() -> str:
    """全国地方公共団体コード with its check digit, six digits (262099)."""
    return text("city.code")


def area_code() -> str:
    """The area code a local number is completed with (075)."""
    return text("city.area_code")


def closing_time() -> time:
    """When the city hall closes (17:00)."""
    return _of(time, "calendar.closing_time")


def hold_due(kind: str) -> Span:
    """How far the first due day of a kind of hold lies, by default. KeyError: no such kind."""
    return span(f"hold.{kind}.due")


def hold_horizon(kind: str) -> Span:
    """The farthest due day of a kind of hold. KeyError: no such kind."""
    return span(f"hold.{kind}.horizon")


@dataclass(frozen=True)
class SettingCard:
    """A setting as the screen shows it: what is in force, what was shipped, and between what it may be."""

    key: str
    label: str
    hint: str
    kind: SettingKind
    shown: str
    shipped: str
    typed: str | int
    unit: str
    unit_key: str
    bounds: str
    is_own: bool
    revision: int


@dataclass(frozen=True)
class SettingGroup:
    """Settings of one subject."""

    label: str
    settings: tuple[SettingCard, ...]


_GROUPS = {
    "city": "市",
    "calendar": "暦と時刻",
    "hold": "受け持ち",
    "urgency": "緊急度",
    "lateness": "遅れ",
    "spread": "引き継ぎ・棚卸し",
    "absence": "不在",
    "danger": "虐待・自傷の疑い",
    "protection": "保護",
    "consent": "同意",
    "break_glass": "緊急の閲覧",
    "enquiry": "心当たり照会",
    "cliff": "制度の切れ目",
    "plan": "プラン",
    "draft": "下書き",
    "export": "書き出し",
}


def setting_groups() -> list[SettingGroup]:
    """Every setting, by subject."""
    found: dict[str, list[SettingCard]] = {}
    stored = {row.key: row for row in Setting.objects.order_by("key")}
    for key in SETTINGS:
        found.setdefault(key.partition(".")[0], []).append(_setting_card(key, stored.get(key)))
    return [SettingGroup(_GROUPS.get(name, name), tuple(cards)) for name, cards in found.items()]


def setting_card(key: str) -> SettingCard | None:
    """One setting, or None when there is none of that name."""
    return _setting_card(key, Setting.objects.filter(key=key).first()) if key in SETTINGS else None


def _setting_card(key: str, row: Setting | None) -> SettingCard:
    spec = SETTINGS[key]
    value, shipped = setting(key), read_setting(spec, spec.default)
    counted = spec.kind in (SettingKind.NUMBER, SettingKind.SPAN)
    return SettingCard(
        key=key,
        label=spec.label,
        hint=spec.hint,
        kind=spec.kind,
        shown=_in_words(value),
        shipped=_in_words(shipped),
        typed=value.n if isinstance(value, Span) else value if isinstance(value, int) else _in_words(value),
        unit=SpanUnit(value.unit).label if isinstance(value, Span) else "",
        unit_key=value.unit.value if isinstance(value, Span) else "",
        bounds=f"{spec.at_least}から{spec.at_most}まで。" if counted else "",
        is_own=row is not None and row.is_own,
        revision=row.revision if row is not None else 0,
    )


def _in_words(value: Value) -> str:
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)


@dataclass(frozen=True)
class ListRow:
    """A code list on the page of all lists."""

    key: str
    label: str
    national_report: bool
    source: str
    offered: int
    own: int


@dataclass(frozen=True)
class ListPage:
    """A code list on its page: what is offered, what no longer is. `fixed`: only its words may change."""

    key: str
    label: str
    fixed: bool
    offered: tuple[CodeCard, ...]
    retired: tuple[CodeCard, ...]


def list_rows() -> list[ListRow]:
    """Every code list by its name."""
    found = []
    for card in lists():
        living = [code for code in card.codes if code.retired_on is None]
        own = sum(code.origin == Origin.CITY for code in living)
        found.append(ListRow(card.key, card.label, card.national_report, card.source, len(living), own))
    return sorted(found, key=lambda row: row.label)


def list_page(key: str) -> ListPage | None:
    """One code list, or None when there is none of that key."""
    card = _kept.get().lists.get(key)
    if card is None:
        return None
    values = dict.fromkeys(code.value for code in card.codes)
    newest = [code for value in values if (code := version_of(card.codes, value)) is not None]
    return ListPage(
        card.key,
        card.label,
        card.key in FIXED_LISTS,
        tuple(code for code in newest if code.retired_on is None),
        tuple(code for code in newest if code.retired_on is not None),
    )


def code_page(key: str, value: str) -> tuple[ListPage | None, CodeCard | None]:
    """One choice that is offered, with its list; None where there is none."""
    card = list_page(key)
    offered = card.offered if card else ()
    return card, next((code for code in offered if code.value == value), None)


def forget() -> None:
    """Look again: this transaction changed a code or a setting."""
    _kept.forget()
