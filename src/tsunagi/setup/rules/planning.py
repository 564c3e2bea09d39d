"""What a file would change in what stands, and what about it cannot be: pure, so that a dry run is the real plan.

Nothing that stands is ever taken away because a file does not name it; it is listed as left standing.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tsunagi.codes.rules import (
    FIXED_LISTS,
    SETTINGS,
    CodeCard,
    ListCard,
    check_setting,
    folded,
    read_setting,
    version_of,
)
from tsunagi.places.rules import Basis, DistrictKind
from tsunagi.shared.refusal import Refused

from .reading import Document, Entry, Problem
from .schema import OFFICE, WORKER, Schema

EVERY_DISTRICT = {"すべて", "全部", "全校区", "全域"}
LONGEST_CLOSING = 92
_CALENDAR_NAMES = ("closed", "opened")


@dataclass(frozen=True)
class Step:
    """One deed: what kind of thing, which one, the line that says so, the values, and the sentence for people."""

    kind: str
    key: str
    line: int
    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    """What would be done, in order; what is wrong; what is left standing; what people should know."""

    steps: list[Step] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def wrong(self, line: int, sentence: str) -> None:
        """Remember a problem."""
        self.problems.append(Problem(line, sentence))


@dataclass(frozen=True)
class Standing:
    """What stands in the database: as a document, and what only a database knows."""

    document: Document
    lists: Mapping[str, ListCard] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    closed_offices: frozenset[str] = frozenset()
    left_workers: frozenset[str] = frozenset()


def plan(document: Document, standing: Standing) -> Plan:
    """Everything the file changes, in the order in which it can be done, or why it cannot."""
    made = Plan()
    _Planner(document, standing, made).everything()
    made.problems.sort()
    return made


def days_of(entry: Entry | None) -> dict[date, tuple[bool, str, int]]:
    """Day → (open?, why, line) of a calendar as a file says it. Raises Refused for days out of order."""
    found: dict[date, tuple[bool, str, int]] = {}
    if entry is None:
        return found
    for name in _CALENDAR_NAMES:
        for row in entry.get(name, []):
            first, last = row.get("day"), row.get("until") or row.get("day")
            for day in _stretch(first, last):
                found.setdefault(day, (name == "opened", row.get("label", ""), row.line))
    return found


def _stretch(first: date | None, last: date | None) -> Iterator[date]:
    if first is None or last is None:
        return
    for count in range(min((last - first).days, LONGEST_CLOSING) + 1):
        yield first + timedelta(days=count)


def kind_of(entry: Entry) -> str:
    """The kind of a district: said, or seen from its name."""
    said = entry.get("kind")
    if said:
        return str(said)
    is_junior = "中学校" in entry.get("name", "") or "中学校" in entry.get("school_name", "")
    return str(DistrictKind.JUNIOR_HIGH if is_junior else DistrictKind.ELEMENTARY)


def _like(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"「{close[0]}」のことですか。" if close else "名前を確かめてください。"


class _Planner:
    """Walks the sections in the order in which they are applied."""

    def __init__(self, document: Document, standing: Standing, made: Plan) -> None:
        self.file, self.standing, self.made = document, standing, made
        before = standing.document
        self.old_districts = {entry.get("name", ""): entry for entry in before.districts}
        self.old_towns = {entry.get("name", ""): entry for entry in before.towns}
        self.old_offices = {entry.get("code", ""): entry for entry in before.offices}
        self.old_workers = {entry.get("sign_in_name", ""): entry for entry in before.workers}
        self.offices = self.old_offices | self._once(document.offices, "code", "機関コード")
        self.workers = self.old_workers | self._once(document.workers, "sign_in_name", "サインイン名")
        self.districts = self.old_districts | self._once(document.districts, "name", "校区の名前")
        self._once(document.towns, "name", "町の名前")
        self._once(document.districts, "code", "校区コード")

    def everything(self) -> None:
        self._city()
        self._settings()
        self._districts()
        self._towns()
        self._new_workers()
        self._offices()
        self._postings()
        self._changed_workers()
        self._late_office_changes()
        self._calendars()
        self._code_lists()

    # -- small things ---------------------------------------------------------------------------------

    def _once(self, entries: list[Entry], name: str, what: str) -> dict[str, Entry]:
        seen: dict[str, Entry] = {}
        for entry in entries:
            key = entry.get(name)
            if not key:
                continue
            if key in seen:
                self.made.wrong(
                    entry.line_of(name),
                    f"{what}「{key}」が{seen[key].line_of(name)}行目にもあります。どちらかを直してください。",
                )
            else:
                seen[key] = entry
        return seen

    def _step(self, kind: str, key: str, line: int, sentence: str, /, **values: Any) -> None:
        self.made.steps.append(Step(kind, key, line, sentence, values))

    def _differences(self, entry: Entry, old: Entry, names: Iterable[str]) -> dict[str, Any]:
        return {
            name: entry.values[name]
            for name in names
            if name in entry.values and _plain(entry.values[name]) != _plain(old.get(name))
        }

    def _leave(self, section: str, what: str, old: Iterable[str], new: Iterable[str]) -> None:
        rest = sorted(set(old) - set(new))
        if section in self.file.said and rest:
            shown = "、".join(rest[:8]) + (f" ほか{len(rest) - 8}" if len(rest) > 8 else "")
            self.made.left.append(f"{what}: {shown}")

    # -- the city -------------------------------------------------------------------------------------

    def _city(self) -> None:
        entry, old = self.file.city, self.standing.document.city
        if entry is None:
            if old is None:
                self.made.wrong(1, "「市」がありません。市のコード・名前・都道府県を書いてください。")
            return
        if old is not None and entry.get("code") and old.get("code") != entry.get("code"):
            self.made.wrong(
                entry.line_of("code"),
                f"このデータベースは別の市(コード {old.get('code')})のものです。新しい市は、空のデータベースに開設してください。",
            )
            return
        changed = dict(entry.values) if old is None else self._differences(entry, old, entry.values)
        if changed:
            self._step(
                "city",
                entry.get("code", ""),
                entry.line,
                _sentence("市", entry.get("name", ""), old),
                **changed,
            )

    def _settings(self) -> None:
        entry = self.file.settings
        if entry is None:
            return
        after = {**self.standing.settings, **entry.values}
        for key, value in entry.values.items():
            spec = SETTINGS[key]
            for checked in [key, *(one.key for one in SETTINGS.values() if one.within == key)]:
                self._within(entry.line_of(key), checked, after)
            if self.standing.settings.get(key) != value:
                self._step("setting", key, entry.line_of(key), f"設定「{spec.label}」を変える", value=value)

    def _within(self, line: int, key: str, after: Mapping[str, Any]) -> None:
        spec = SETTINGS[key]
        if not spec.within:
            return
        limit = read_setting(SETTINGS[spec.within], after.get(spec.within, SETTINGS[spec.within].default))
        try:
            check_setting(spec, after.get(key, spec.default), limit=limit)  # type: ignore[arg-type]
        except Refused as refusal:
            self.made.wrong(line, refusal.sentence)

    # -- the map --------------------------------------------------------------------------------------

    def _districts(self) -> None:
        for entry in self.file.districts:
            name = entry.get("name")
            if not name:
                continue
            kind, old = kind_of(entry), self.old_districts.get(name)
            self._check_parents(entry, kind)
            said = dict(entry.values) | {"kind": kind}
            if old is None:
                self._step("district", name, entry.line, f"校区「{name}」を登録する", **_flat(said))
                continue
            changed = self._differences(Entry(entry.line, said), old, said)
            if "code" in changed:
                self.made.wrong(
                    entry.line_of("code"), f"校区コードはあとから変えられません(いま {old.get('code')})。"
                )
            elif changed:
                self._step(
                    "district", name, entry.line, f"校区「{name}」を変える", **_flat(changed | {"kind": kind})
                )
        self._leave("districts", "校区", self.old_districts, (e.get("name", "") for e in self.file.districts))

    def _check_parents(self, entry: Entry, kind: str) -> None:
        names = [(entry.get("parent"), entry.line_of("parent"))]
        names += [(row.get("name"), row.line) for row in entry.get("further", [])]
        for name, line in names:
            if not name:
                continue
            found = self.districts.get(name)
            if kind == DistrictKind.JUNIOR_HIGH:
                self.made.wrong(line, "中学校区には、進学先を書けません。行を消してください。")
            elif found is None:
                self.made.wrong(line, f"進学先「{name}」は校区にありません。{_like(name, self.districts)}")
            elif kind_of(found) != DistrictKind.JUNIOR_HIGH:
                self.made.wrong(line, f"進学先「{name}」は中学校区ではありません。中学校区を書いてください。")

    def _towns(self) -> None:
        for entry in self.file.towns:
            name = entry.get("name")
            if not name:
                continue
            self._check_district(entry, "district")
            for row in entry.get("ranges", []):
                self._check_district(row, "district")
                if not (row.get("koaza") or row.get("chome") or row.get("banchi")):
                    self.made.wrong(row.line, "範囲には、小字・丁目・番地のどれかを書いてください。")
            old = self.old_towns.get(name)
            if old is None:
                self._step("town", name, entry.line, f"町「{name}」を登録する", **_flat(entry.values))
            elif changed := self._differences(entry, old, entry.values):
                self._step("town", name, entry.line, f"町「{name}」を変える", **_flat(changed))
        self._leave("towns", "町", self.old_towns, (entry.get("name", "") for entry in self.file.towns))

    def _check_district(self, entry: Entry, name: str) -> None:
        wanted = entry.get(name)
        found = self.districts.get(wanted) if wanted else None
        if wanted and found is None:
            self.made.wrong(
                entry.line_of(name), f"校区「{wanted}」は校区にありません。{_like(wanted, self.districts)}"
            )
        elif found is not None and kind_of(found) != DistrictKind.ELEMENTARY:
            self.made.wrong(entry.line_of(name), f"「{wanted}」は中学校区です。小学校区を書いてください。")

    # -- workers and offices --------------------------------------------------------------------------

    def _new_workers(self) -> None:
        for entry in self.file.workers:
            name = entry.get("sign_in_name")
            if not name or name in self.old_workers:
                continue
            if name in self.standing.left_workers:
                self.made.wrong(
                    entry.line_of("sign_in_name"),
                    f"「{name}」は離任した職員のサインイン名です。別の名前にしてください。",
                )
            self._step("worker", name, entry.line, f"職員「{name}」を登録する", **_own(entry, WORKER))
        self._leave(
            "workers", "職員", self.old_workers, (e.get("sign_in_name", "") for e in self.file.workers)
        )

    def _changed_workers(self) -> None:
        for entry in self.file.workers:
            old = self.old_workers.get(entry.get("sign_in_name", ""))
            if old is None:
                continue
            changed = self._differences(entry, old, _own(entry, WORKER))
            if changed:
                name = entry.get("sign_in_name", "")
                self._step("changed_worker", name, entry.line, f"職員「{name}」の登録を変える", **changed)

    def _offices(self) -> None:
        for entry in self.file.offices:
            code = entry.get("code")
            if not code:
                continue
            self._check_office(entry, code)
            if code in self.standing.closed_offices:
                self.made.wrong(
                    entry.line_of("code"),
                    f"機関コード「{code}」は、閉じた機関のものです。別のコードにしてください。",
                )
            if code not in self.old_offices:
                self._step(
                    "office",
                    code,
                    entry.line,
                    f"機関「{entry.get('name', code)}」を開く",
                    **_own(entry, OFFICE),
                )
        self._leave(
            "offices", "機関", self.old_offices, (entry.get("code", "") for entry in self.file.offices)
        )

    def _check_office(self, entry: Entry, code: str) -> None:
        old = self.old_offices.get(code)
        signs_in = entry.get("signs_in", old.get("signs_in", True) if old else True)
        if old is not None and old.get("signs_in", True) != signs_in:
            self.made.wrong(
                entry.line_of("signs_in"),
                "「このシステムを使う」は、あとから変えられません。新しいコードで機関を開いてください。",
            )
        stand_in = entry.get("stand_in") or (old.get("stand_in") if old else "")
        if entry.get("stand_in"):
            found = self.offices.get(stand_in)
            if stand_in == code:
                self.made.wrong(entry.line_of("stand_in"), "代わりの機関には、別の機関を書いてください。")
            elif found is None:
                self.made.wrong(
                    entry.line_of("stand_in"),
                    f"代わりの機関「{stand_in}」は機関にありません。{_like(stand_in, self.offices)}",
                )
        if signs_in:
            self._check_duty(entry, old, code, stand_in)
        elif entry.get("duty"):
            self.made.wrong(
                entry.line_of("duty"),
                "このシステムを使わない機関に、当番は置けません。「当番」の行を消してください。",
            )
        elementary = [name for name, one in self.districts.items() if kind_of(one) == DistrictKind.ELEMENTARY]
        for area in entry.get("areas", []):
            if area not in EVERY_DISTRICT and area not in elementary:
                self.made.wrong(
                    entry.line_of("areas"), f"校区「{area}」は小学校区にありません。{_like(area, elementary)}"
                )

    def _check_duty(self, entry: Entry, old: Entry | None, code: str, stand_in: str) -> None:
        duty = entry.get("duty", old.get("duty") if old else "")
        line = entry.line_of("duty")
        if not duty:
            self.made.wrong(
                line,
                "このシステムを使う機関には当番が必要です。「当番: 職員のサインイン名」を書いてください。",
            )
        elif duty not in self.workers:
            self.made.wrong(line, f"当番「{duty}」は職員にいません。{_like(duty, self.workers)}")
        elif not {code, stand_in} & {row.get("office") for row in self._posts_of(duty)}:
            self.made.wrong(
                line,
                f"当番「{duty}」は、この機関に配属されていません。職員の「配属」に機関「{code}」を書き足してください。",
            )

    def _posts_of(self, name: str) -> list[Entry]:
        found: list[Entry] = []
        for workers in (self.workers, self.old_workers):
            if name in workers:
                found += workers[name].get("postings", [])
        return found

    def _postings(self) -> None:
        for entry in self.file.workers:
            name = entry.get("sign_in_name")
            if name:
                self._postings_of(entry, name)

    def _postings_of(self, entry: Entry, name: str) -> None:
        standing = self.old_workers.get(name)
        old = {_post_key(row): row for row in standing.get("postings", [])} if standing else {}
        rows: list[Entry] = entry.get("postings", [])
        if not rows and not old:
            self.made.notes.append(
                Problem(
                    entry.line,
                    f"職員「{name}」には配属がありません。配属するまで、だれの記録も見られません。",
                )
            )
        mains = [row for row in rows if row.get("is_main")]
        for row in mains[1:]:
            self.made.wrong(row.line_of("is_main"), "「主」を「はい」にできる配属は、ひとりにひとつです。")
        seen: set[tuple[str, str]] = set()
        for place, row in enumerate(rows):
            key = _post_key(row)
            if key in seen:
                self.made.wrong(row.line, "同じ機関・同じ役割の配属が2つあります。ひとつにしてください。")
            seen.add(key)
            self._check_posting(row)
            if key in old:
                self._same_posting(row, old[key])
                continue
            is_main = row.get("is_main", not mains and not old and place == 0)
            values = {"worker": name, **row.values, "is_main": is_main}
            where = self.offices.get(key[0])
            words = where.get("name", key[0]) if where else key[0]
            self._step("posting", name, row.line, f"職員「{name}」を「{words}」に配属する", **values)

    def _check_posting(self, row: Entry) -> None:
        office = row.get("office")
        if not office:
            return
        found = self.offices.get(office)
        if found is None:
            self.made.wrong(
                row.line_of("office"), f"機関「{office}」は機関にありません。{_like(office, self.offices)}"
            )
        elif not found.get("signs_in", True):
            self.made.wrong(
                row.line_of("office"), f"機関「{office}」はこのシステムを使わないので、職員を配属できません。"
            )
        since, until = row.get("since"), row.get("planned_until")
        if since and until and until < since:
            self.made.wrong(
                row.line_of("planned_until"),
                "終了予定が、開始の日より前になっています。日付を直してください。",
            )

    def _same_posting(self, row: Entry, old: Entry) -> None:
        for name in self._differences(row, old, ("since", "planned_until", "is_main", "is_secondment")):
            self.made.wrong(
                row.line_of(name),
                "いまある配属の開始・主・派遣・終了予定は、ファイルからは変えられません。画面で配属を終えてから、新しく配属してください。",
            )

    def _late_office_changes(self) -> None:
        """What of an office points at other rows: done when all of them stand."""
        for entry in self.file.offices:
            code = entry.get("code")
            if not code:
                continue
            old, name = self.old_offices.get(code), entry.get("name", code)
            changed: dict[str, Any] = {}
            if old is not None:
                changed = self._differences(entry, old, [*_own(entry, OFFICE), "duty", "stand_in"])
                changed.pop("signs_in", None)
            elif entry.get("stand_in"):
                changed = {"stand_in": entry.get("stand_in")}
            if changed:
                words = f"機関「{name}」を変える" if old else f"機関「{name}」の代わりの機関を決める"
                self._step("changed_office", code, entry.line, words, **changed)
            if "areas" in entry.values:
                wanted = self._areas(entry)
                if set(wanted) != set(old.get("areas", []) if old else []):
                    self._step(
                        "areas",
                        code,
                        entry.line_of("areas"),
                        f"機関「{name}」の担当する校区を決める",
                        names=wanted,
                    )

    def _areas(self, entry: Entry) -> list[str]:
        every = [name for name, one in self.districts.items() if kind_of(one) == DistrictKind.ELEMENTARY]
        said = entry.get("areas", [])
        return every if EVERY_DISTRICT & set(said) else [name for name in every if name in said]

    # -- calendars and code lists ---------------------------------------------------------------------

    def _calendars(self) -> None:
        self._calendar(self.file.calendar, self.standing.document.calendar, "", "市の暦")
        for entry in self.file.offices:
            code = entry.get("code", "")
            self._calendar(entry, self.old_offices.get(code), code, f"機関「{entry.get('name', code)}」の暦")

    def _calendar(self, entry: Entry | None, old: Entry | None, code: str, what: str) -> None:
        if entry is None:
            return
        for name in _CALENDAR_NAMES:
            for row in entry.get(name, []):
                first, last = row.get("day"), row.get("until")
                if first and last and last < first:
                    self.made.wrong(
                        row.line, "終わりの日が、始まりの日より前になっています。日付を直してください。"
                    )
                elif first and last and (last - first).days >= LONGEST_CLOSING:
                    self.made.wrong(
                        row.line, f"続けて書けるのは{LONGEST_CLOSING}日までです。分けて書いてください。"
                    )
        opened = {
            day
            for row in entry.get("opened", [])
            for day in _stretch(row.get("day"), row.get("until") or row.get("day"))
        }
        for row in entry.get("closed", []):
            both = [
                day for day in _stretch(row.get("day"), row.get("until") or row.get("day")) if day in opened
            ]
            if both:
                self.made.wrong(
                    row.line,
                    f"{both[0].isoformat()}が、閉じる日と開く日の両方にあります。どちらかを消してください。",
                )
        before = days_of(old)
        for day, (is_open, label, line) in sorted(days_of(entry).items()):
            if before.get(day, (None,))[:2] != (is_open, label):
                verb = "開く" if is_open else "閉じる"
                self._step(
                    "day",
                    code,
                    line,
                    f"{what}: {day.isoformat()}を{verb}",
                    day=day,
                    is_open=is_open,
                    label=label,
                )

    def _code_lists(self) -> None:
        by_word = {card.key: card for card in self.standing.lists.values()}
        by_word |= {folded(card.label): card for card in self.standing.lists.values()}
        seen: set[str] = set()
        for entry in self.file.code_lists:
            word = entry.get("list", "")
            card = by_word.get(word) or by_word.get(folded(word))
            if card is None:
                known = [one.label for one in self.standing.lists.values()]
                self.made.wrong(entry.line, f"コード表「{word}」はありません。{_like(word, known)}")
            elif card.key in seen:
                self.made.wrong(entry.line, f"コード表「{word}」が2つあります。ひとつにまとめてください。")
            else:
                seen.add(card.key)
                self._codes(entry, card)

    def _codes(self, entry: Entry, card: ListCard) -> None:
        self._once(entry.get("codes", []), "value", f"コード表「{card.label}」の値")
        for row in entry.get("codes", []):
            value = row.get("value")
            if not value:
                continue
            newest = version_of(card.codes, value)
            living = newest if newest is not None and newest.retired_on is None else None
            if row.get("retired"):
                self._retire(row, card, newest, living)
            elif living is None:
                self._add(row, card, newest)
            else:
                self._reword(row, card, living)

    def _retire(self, row: Entry, card: ListCard, newest: CodeCard | None, living: CodeCard | None) -> None:
        line, value = row.line_of("retired"), row.get("value")
        if newest is None:
            self.made.wrong(
                line, f"コード表「{card.label}」に「{value}」はありません。値を確かめてください。"
            )
        elif living is None:
            return  # it is not offered already
        elif living.national_report:
            self.made.wrong(line, "国へ報告する項目なので、外せません。「ことば」だけ変えられます。")
        elif card.key in FIXED_LISTS:
            self.made.wrong(
                line, "種類ごとに動きが決まっている表なので、外せません。「ことば」だけ変えられます。"
            )
        else:
            self._step(
                "retired_code",
                card.key,
                line,
                f"コード表「{card.label}」の「{living.label}」を使わない",
                value=value,
            )

    def _add(self, row: Entry, card: ListCard, newest: CodeCard | None) -> None:
        value = row.get("value")
        if newest is not None:
            self.made.wrong(
                row.line,
                f"「{value}」は、前に使わないことにした値です。意味が変わらないよう、別の値にしてください。",
            )
        elif card.key in FIXED_LISTS:
            self.made.wrong(
                row.line, f"「{card.label}」は種類ごとに動きが決まっている表なので、値を足せません。"
            )
        elif not row.get("label"):
            self.made.wrong(row.line, "新しい値には「ことば」(画面に出すことば)が必要です。")
        else:
            self._step(
                "code", card.key, row.line, f"コード表「{card.label}」に「{row.get('label')}」を足す",
                value=value, label=row.get("label"), attributes=_attributes(row, {}),
            )  # fmt: skip

    def _reword(self, row: Entry, card: ListCard, living: CodeCard) -> None:
        label = row.get("label") or living.label
        attributes = _attributes(row, dict(living.attributes))
        if label != living.label or attributes != dict(living.attributes):
            self._step(
                "changed_code", card.key, row.line, f"コード表「{card.label}」の「{living.label}」のことばを変える",
                value=row.get("value"), label=label, attributes=attributes,
            )  # fmt: skip


def _attributes(row: Entry, before: dict[str, Any]) -> dict[str, Any]:
    found = dict(before)
    for name in ("short", "aliases"):
        if name in row.values:
            if row.values[name]:
                found[name] = row.values[name]
            else:
                found.pop(name, None)
    return found


def _own(entry: Entry, schema: Schema) -> dict[str, Any]:
    """The values of a row that point at nothing else, besides who is on duty."""
    apart = {"stand_in", "areas", "closed", "opened", "postings"}
    return {
        key.name: entry.values[key.name]
        for key in schema.keys
        if key.name in entry.values and key.name not in apart
    }


def _post_key(row: Entry) -> tuple[str, str]:
    return row.get("office", ""), row.get("role", "")


def _plain(value: Any) -> Any:
    """A value as it is compared: entries by what they say, nothing and empty alike."""
    if isinstance(value, Entry):
        said = {name: _plain(one) for name, one in value.values.items()}
        return {
            name: one
            for name, one in said.items()
            if one not in (None, "", [], False) and (name, one) != ("basis", Basis.PUBLISHED)
        }
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return None if value in ("", None) else value


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with their entries as plain mappings: a step knows no lines of nested rows."""
    return {
        name: [dict(one.values) if isinstance(one, Entry) else one for one in value]
        if isinstance(value, list)
        else value
        for name, value in values.items()
    }


def _sentence(what: str, name: str, old: Entry | None) -> str:
    return f"{what}「{name}」を{'変える' if old is not None else '登録する'}"
