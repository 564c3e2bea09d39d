"""What a code and a setting are, and what a city may decide for itself (values in, answers out)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class Origin(Labelled):
    """Who decided a code: the product's own edition, or the city."""

    SHIPPED = "shipped", "標準"
    CITY = "city", "市"


# The program does something else for each value of these: a city words them, and neither adds nor takes away.
FIXED_LISTS = frozenset({"decline_reasons", "gap_kinds", "waiting_for", "screening_results"})


@dataclass(frozen=True)
class CodeCard:
    """One version of one choice, as screens and imports read it."""

    list_key: str
    value: str
    label: str
    short: str
    version: int
    position: int
    national_report: bool
    attributes: Mapping[str, Any]
    valid_from: date | None = None
    retired_on: date | None = None
    origin: str = Origin.SHIPPED.value

    def in_force(self, on: date | None) -> bool:
        """Whether it is offered on a day; without a day, whether it has not been retired."""
        if on is None:
            return self.retired_on is None
        return (self.valid_from is None or self.valid_from <= on) and (
            self.retired_on is None or on < self.retired_on
        )

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way the choice is written in ledgers: label, short label and aliases."""
        return (self.label, self.short, *self.attributes.get("aliases", ()))


@dataclass(frozen=True)
class ListCard:
    """A code list with all its versions, newest version of a value last."""

    key: str
    label: str
    national_report: bool
    source: str
    codes: tuple[CodeCard, ...]


def version_of(codes: Iterable[CodeCard], value: str, on: date | None = None) -> CodeCard | None:
    """The version of `value` in force on a day.

    A day before the first version gets the first one, a day after the last gets the last: a ledger of years
    ago, or a retired code in an old record, still has its words.
    """
    versions = sorted((code for code in codes if code.value == value), key=lambda code: code.version)
    if not versions:
        return None
    if on is None:
        return versions[-1]
    return next((code for code in versions if code.retired_on is None or on < code.retired_on), versions[-1])


_MARKS = re.compile(r"[\s・,、，.．/／()（）「」『』\-ー－―]")


def folded(words: str) -> str:
    """Words as they are compared: width, case, spaces and small marks do not count."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", words)).casefold()


def spelling_index(codes: Iterable[CodeCard]) -> dict[str, str]:
    """folded spelling → value, of the codes in force; the first code in order wins a shared spelling."""
    index: dict[str, str] = {}
    for code in sorted(codes, key=lambda code: code.position):
        if code.retired_on is None:
            for spelling in code.spellings:
                index.setdefault(folded(spelling), code.value)
    index.pop("", None)
    return index


def check_code(*, value: str, label: str) -> None:
    """Refuse a code without words, or a value that does not survive files and addresses."""
    if not re.fullmatch(r"[a-z0-9_]{1,40}", value):
        raise Refused("値は半角の英小文字・数字・_で、40字までで付けてください。", field="value")
    if not label.strip():
        raise Refused("画面に出すことばが空です。ことばを入れてください。", field="label")
    if len(label) > 120:
        raise Refused("画面に出すことばは120字までにしてください。", field="label")


# Settings ----------------------------------------------------------------------------------------


class SpanUnit(Labelled):
    """What a length of time is counted in."""

    OPEN_DAYS = "bd", "開庁日"
    DAYS = "days", "日"


@dataclass(frozen=True)
class Span:
    """A length of time: `n` open days (bd) or `n` calendar days."""

    n: int
    unit: SpanUnit

    def __str__(self) -> str:
        return f"{self.n}{self.unit.label}"

    @property
    def as_json(self) -> dict[str, Any]:
        """As a setting stores it."""
        return {"n": self.n, "unit": self.unit.value}

    @property
    def calendar_days(self) -> int:
        """An upper bound in calendar days: open days at worst at half speed, plus the new year's closing."""
        return self.n if self.unit is SpanUnit.DAYS else self.n * 2 + 10


class SettingKind(Labelled):
    """What may stand in a setting."""

    TEXT = "text", "ことば"
    NUMBER = "number", "数"
    TIME = "time", "時刻"
    SPAN = "span", "期間"


Value = str | int | time | Span


@dataclass(frozen=True)
class SettingSpec:
    """One thing a city decides: its kind, its value as shipped (JSON), and the bounds of a number or span."""

    key: str
    label: str
    kind: SettingKind
    default: Any
    hint: str = ""
    at_least: int = 0
    at_most: int = 1000
    within: str = field(default="")  # a span that this one may not exceed, by key
    unit: str = ""  # the only unit in which this span is counted, where rules count in it


def read_setting(spec: SettingSpec, stored: Any) -> Value:
    """The typed value of what is stored. Raises Refused when it is not of the setting's kind."""
    try:
        return _READERS[spec.kind](stored)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(f"「{spec.label}」には{_WANTED[spec.kind]}を入れてください。", field="value") from error


def check_setting(spec: SettingSpec, stored: Any, *, limit: Span | None = None) -> Value:
    """The typed value, or Refused when kind or size is wrong. `limit` is the span named by `spec.within`."""
    value = read_setting(spec, stored)
    number = value.n if isinstance(value, Span) else value
    if isinstance(number, int) and not spec.at_least <= number <= spec.at_most:
        raise Refused(
            f"「{spec.label}」は{spec.at_least}から{spec.at_most}までで入れてください。", field="value"
        )
    if spec.unit and isinstance(value, Span) and value.unit != spec.unit:
        raise Refused(
            f"「{spec.label}」は{SpanUnit(spec.unit).label}で数えます。{SpanUnit(spec.unit).label}を選んでください。",
            field="value",
        )
    if limit is not None and isinstance(value, Span) and not _fits(value, limit):
        raise Refused(f"「{spec.label}」は、いちばん先の日({limit})を超えられません。", field="value")
    return value


def _fits(value: Span, limit: Span) -> bool:
    return value.n <= limit.n if value.unit is limit.unit else value.calendar_days <= limit.calendar_days


def _text(stored: Any) -> str:
    if not isinstance(stored, str):
        raise TypeError
    return stored


def _number(stored: Any) -> int:
    if isinstance(stored, bool) or not isinstance(stored, int):
        raise TypeError
    return stored


def _span(stored: Any) -> Span:
    return Span(_number(stored["n"]), SpanUnit(stored["unit"]))


_READERS: dict[SettingKind, Callable[[Any], Value]] = {
    SettingKind.TEXT: _text,
    SettingKind.NUMBER: _number,
    SettingKind.TIME: lambda stored: time.fromisoformat(_text(stored)),
    SettingKind.SPAN: _span,
}
_WANTED = {
    SettingKind.TEXT: "ことば",
    SettingKind.NUMBER: "数",
    SettingKind.TIME: "時刻(17:00の形)",
    SettingKind.SPAN: "期間(日数と、開庁日か日か)",
}


def _open_days(n: int) -> dict[str, Any]:
    return Span(n, SpanUnit.OPEN_DAYS).as_json


def _days(n: int) -> dict[str, Any]:
    return Span(n, SpanUnit.DAYS).as_json


# kind of hold, its name, the next day by default, the farthest day (holding.md, "The three nouns").
_HOLDS = (
    ("stocktaking", "棚卸し(移行分)", _open_days(40), _open_days(60)),
    ("triage", "受付整理", _open_days(3), _open_days(10)),
    ("assessing", "見立て", _open_days(10), _open_days(30)),
    ("supporting", "支援中", _days(30), _days(100)),
    ("handing_over", "つなぎ中", _open_days(5), _open_days(15)),
    ("following_through", "見届け", _days(14), _days(190)),
    ("coordinating", "多機関で調整中(合意の前)", _open_days(5), _open_days(20)),
    ("coordinating_agreed", "多機関で調整中(合意の後)", _days(90), _days(100)),
    ("reaching_out", "アウトリーチ中", _days(14), _days(60)),
    ("participating", "参加支援中", _days(30), _days(100)),
    ("watching", "見守り", _days(60), _days(190)),
)
# The database keeps a generous bound of its own per kind: a city may shorten a horizon but not lengthen it.
_HORIZON_HINT = "これより先の日は入れられません。短くはできますが、標準より長くはできません。"


def _hold_specs() -> Iterable[SettingSpec]:
    for kind, name, due, horizon in _HOLDS:
        yield SettingSpec(
            f"hold.{kind}.due",
            f"{name}: 次に動く日",
            SettingKind.SPAN,
            due,
            "受け持ちを始めた日から数えます。",
            at_least=1,
            within=f"hold.{kind}.horizon",
        )
        yield SettingSpec(
            f"hold.{kind}.horizon",
            f"{name}: いちばん先の日",
            SettingKind.SPAN,
            horizon,
            _HORIZON_HINT,
            at_least=1,
            at_most=horizon["n"],
        )


def _text_spec(key: str, label: str, default: str = "", hint: str = "") -> SettingSpec:
    return SettingSpec(key, label, SettingKind.TEXT, default, hint)


def _number_spec(
    key: str, label: str, default: int, hint: str = "", least: int = 0, most: int = 1000
) -> SettingSpec:
    return SettingSpec(key, label, SettingKind.NUMBER, default, hint, at_least=least, at_most=most)


def _span_spec(
    key: str, label: str, default: dict[str, Any], hint: str = "", least: int = 0, *, most: int = 1000
) -> SettingSpec:
    """A span that keeps the unit it was shipped with: the rules count in it."""
    return SettingSpec(
        key, label, SettingKind.SPAN, default, hint, at_least=least, at_most=most, unit=default["unit"]
    )


# What the papers say that a city needs before it signs (records): the city's own words.
_PAPER_TEXTS = (
    ("papers.head", "紙: 実施機関の長(職名)", "例: 長岡京市長"),
    ("papers.officer", "紙: 個人情報保護管理者(職名)", "例: 健康福祉部長"),
    ("papers.section", "紙: 所管課", "例: 福祉総務課"),
    ("papers.start_on", "紙: ファイルの利用を始めた日", "例: 令和8年4月1日"),
    ("papers.count", "紙: 本人の数(おおよそ)", "75条の個人情報ファイル簿は千人以上のときに要ります。"),
    ("papers.disclosure_desk", "紙: 開示請求の窓口", "例: 総務課 市民相談担当"),
    ("papers.recipients", "紙: 経常的な提供先", "例: 社会福祉協議会(委託)、地域包括支援センター(委託)"),
    (
        "papers.purpose",
        "紙: 利用目的",
        "例: 重層的支援体制整備事業における相談支援、参加支援及び地域づくりに向けた支援のため",
    ),
    ("papers.contractor", "紙: 委託先の名前", "例: 社会福祉法人○○市社会福祉協議会"),
    (
        "papers.contract",
        "紙: 委託契約の名前と期間",
        "例: 包括的相談支援事業業務委託 令和8年4月1日から令和9年3月31日まで",
    ),
    ("papers.meeting_rule", "紙: 支援会議の設置要綱", "例: ○○市支援会議設置要綱"),
    ("papers.records_rule", "紙: 文書管理規程", "例: ○○市文書管理規程 別表第2"),
    ("papers.security_rule", "紙: 安全管理の規程", "例: ○○市個人情報の安全管理に関する規程"),
)

_ALL = (
    # The city
    _text_spec("city.name", "市区町村名", "", "紙や画面の見出しに出ます。"),
    _text_spec("city.prefecture", "都道府県名"),
    _text_spec("city.code", "全国地方公共団体コード", "", "検査数字を含む6桁です。"),
    _text_spec("city.area_code", "市外局番", "", "局番のない電話番号に補います。"),
    _text_spec("city.postal_code", "市役所の郵便番号"),
    _text_spec("city.address", "市役所の所在地"),
    _text_spec("city.phone", "市役所の電話"),
    _text_spec("city.project_name", "事業の名前", "重層的支援体制整備事業"),
    _text_spec("city.desk_name", "総合相談の窓口の名前", "福祉総合相談窓口"),
    _text_spec("city.coordination_name", "多機関協働の担当の名前", "多機関協働担当"),
    # The calendar
    SettingSpec("calendar.opening_time", "開庁時刻", SettingKind.TIME, "08:30"),
    SettingSpec(
        "calendar.closing_time",
        "閉庁時刻",
        SettingKind.TIME,
        "17:00",
        "これより後に来た緊急度「高」は、夜の引き継ぎ先を書くまで「こぼれそう」になります。",
    ),
    _number_spec(
        "calendar.long_closing", "休み前の点検をする連休の日数", 3, "閉庁日がこれ以上続く前に出ます。", 2, 10
    ),
    # Holds
    *_hold_specs(),
    _span_spec("hold.oral_yes", "口頭受諾で待つ日数", _open_days(3), least=1),
    _span_spec("hold.name_holder", "当番が受けてから担当を決めるまで", _open_days(2), least=1),
    _span_spec("hold.after_decline", "断られてから、次を決めるまで", _open_days(5), least=1),
    _span_spec("hold.first_contact", "つなぎを受けてから、はじめて会うまで", _open_days(5), least=1),
    _span_spec("hold.word_back", "知らせてくれた人に、受け止めたと返すまで", _open_days(5), least=1),
    _span_spec("hold.offer_again", "本人辞退のあと、もう一度声をかけるまで", _days(90), least=1, most=180),
    _span_spec("hold.could_not", "手が回らなかったときに延ばす日数", _open_days(3), least=1),
    _span_spec("hold.look_back", "終結後のふりかえり", _days(90), least=1, most=180),
    _span_spec("hold.rethink_after", "様子が分からないまま見立て直しまで", _days(90), least=1),
    _number_spec("hold.rethink_contacts", "様子が分からない連絡が続いたら見立て直す回数", 4, "", 2, 20),
    _number_spec(
        "hold.extensions_alone",
        "ひとりで延ばせる回数",
        2,
        "会えないまま延ばす3回目からは別の人の同意が要ります。",
        0,
        5,
    ),
    # Urgency
    _span_spec("urgency.middle", "緊急度「中」の最初の動きまで", _open_days(5), least=1),
    _span_spec("urgency.high_review", "緊急度「高」が続いたら管理職が見るまで", _open_days(5), least=1),
    # Lateness
    _span_spec("lateness.falling", "期日を過ぎてから「こぼれそう」まで", _open_days(5), least=1),
    _span_spec("lateness.falling_high", "緊急度「高」が「こぼれそう」まで", _open_days(1), least=1),
    _span_spec("lateness.to_coordination", "管理職からくらし連携担当へ上がるまで", _open_days(3), least=1),
    _span_spec("lateness.reached_out", "声をかけたあと自分の画面で休む日数", _open_days(3), least=1),
    _number_spec("lateness.heaviest", "網に並べる重いものの数", 10, "", 3, 50),
    # Spreading
    _span_spec("spread.stocktaking", "移行分をならす期間", _open_days(40), least=1),
    _span_spec("spread.leaver", "引き継ぎをならす期間", _open_days(10), least=1),
    _number_spec("spread.leaver_rows", "これより多い引き継ぎはならす", 10, "", 1, 200),
    _number_spec(
        "spread.successor_first_day", "後任の期日は、着任から何日目以降か", 3, "勤務日で数えます。", 1, 10
    ),
    _number_spec(
        "spread.load",
        "後任の受け持ちが多すぎると知らせる件数",
        60,
        "引き継ぎ表で、渡したあとの件数がこれを超える人に印が付きます。",
        10,
        500,
    ),
    _number_spec("spread.batch", "棚卸しで一度に確かめる件数", 50, "", 1, 50),
    # People and sharing
    _span_spec(
        "absence.needs_acting",
        "代行を決める不在の長さ",
        _open_days(5),
        "これより長い不在では代行が要ります。短くはできますが、長くはできません。",
        1,
        most=5,
    ),
    _span_spec("absence.not_signed_in", "使っていないと管理職に見せるまで", _open_days(5), least=1),
    _number_spec("danger.hours", "虐待・自傷の疑いで安全を確かめるまでの時間", 48, "時間で数えます。", 1, 72),
    _number_spec("consent.age", "自分で同意できる年齢", 16, "", 12, 18),
    _span_spec("protection.decide", "仮保護をふたりで決めるまで", _open_days(5), least=1),
    _number_spec("protection.remind_first", "支援措置の期限の知らせ(1回目)", 45, "期限の何日前か。", 1, 90),
    _number_spec("protection.remind_last", "支援措置の期限の知らせ(2回目)", 30, "期限の何日前か。", 1, 90),
    _text_spec(
        "protection.list_office",
        "市民課から来る支援措置を入れる機関(機関コード)",
        "",
        "この機関の職員に「支援措置の連絡を入れる」が開きます。例: shimin。空なら、どの機関にも開きません。",
    ),
    _span_spec(
        "protection.list_days",
        "支援措置の連絡が来てから入れるまで",
        _open_days(1),
        "過ぎて入れると、その機関の管理職に知らせます。",
        0,
        most=10,
    ),
    _span_spec(
        "protection.cooling",
        "保護を終えると決めてから、終わるまで",
        _days(14),
        "この間は居場所を伏せたままにします。関わる職員なら、ひとりで取り消せます。0にすると、すぐ終わります。",
        0,
        most=90,
    ),
    _span_spec("break_glass.review", "緊急に開いたあとの確かめまで", _open_days(3), least=1),
    _span_spec(
        "break_glass.open", "緊急に開いておく日数", _days(2), "その日を入れて数えません。", 0, most=14
    ),
    _number_spec(
        "break_glass.pair_minutes",
        "ふたりで開く番号の有効な分数",
        10,
        "緊急のとき、電話で読み上げた番号を、当番がこの分数のうちに入れると開きます。",
        3,
        30,
    ),
    _number_spec(
        "enquiry.first_tier",
        "見出しの札を見せる範囲(心当たり照会)",
        2,
        "2は総合相談の窓口と多機関協働の担当、1は多機関協働の担当だけ、0はだれにも見せません。個人情報ファイル簿に書いた範囲に合わせてください。",
        0,
        2,
    ),
    _number_spec(
        "people.shared_from",
        "多くの人が使う番号・住所とみなす人数",
        12,
        "同じ電話や住所をこの人数が持つと、施設や大家さんのものとみなし、同じ方かどうかの手がかりにしません。大きな集合住宅の多い市では増やしてください。",
        4,
        200,
    ),
    _number_spec(
        "protection.grant_only",
        "保護した方の住所を、ふたりで認めた職員だけに見せる",
        0,
        "0は課題や支援を受け持つ機関に見せます。1にすると、受け持つ機関にも、ふたりで認めた職員にだけ見せます。",
        0,
        1,
    ),
    _span_spec("enquiry.answer", "心当たり照会に答えるまで", _open_days(2), least=1),
    _number_spec("cliff.months", "制度の切れ目を前もって知らせる月数", 6, "", 1, 24),
    # Plans
    _number_spec("plan.period_months", "プランの期間（月）", 6, "プランごとに変えられます。", 1, 12),
    _number_spec(
        "plan.monitoring_months", "モニタリングの間隔（月）", 3, "プランごとに、日で変えられます。", 1, 6
    ),
    # Papers
    _number_spec(
        "meeting.paper_level",
        "会議の資料の秘匿の程度（その方を知らない構成員に）",
        0,
        "0はイニシャル・番号、1は関係と年代だけ、2は実名。自分の仕事で、または同意で知っている機関の構成員には実名で出ます。オブザーバーは関係と年代だけです。",
        0,
        2,
    ),
    _number_spec(
        "paper.by_number",
        "持ち出す紙に、名前のかわりに番号を印刷する",
        0,
        "1にすると、今日の一覧と今日の訪問に名前が出ません。番号は画面の人のページにあります。",
        0,
        1,
    ),
    _number_spec("paper.night_kept", "停電の日の紙を残す夜の数", 7, "古いものから消します。", 1, 31),
    _number_spec(
        "genogram.notation",
        "ジェノグラムの記号",
        0,
        "0は日本の実務(死亡は×)、1は日本の実務(死亡は黒塗り)、2はマクゴールドリックの記号です。",
        0,
        2,
    ),
    # Demands, incidents, complaints (records)
    _number_spec(
        "demand.days", "請求・照会に答えるまでの日数", 30, "法の期限は30日です。短くできます。", 1, 60
    ),
    _number_spec(
        "demand.same_day",
        "あるかないかを答えないときに、お返事するまでの日数",
        14,
        "記録があってもなくても、同じ日数で同じお返事をします。早い返事は、ないことを知らせてしまいます。",
        1,
        30,
    ),
    _text_spec(
        "demand.dead_rule",
        "死者情報の要綱(名前と条)",
        "",
        "例: ○○市死者情報の取扱いに関する要綱 第5条。空のあいだは、亡くなった方の記録を遺族などに渡す決定はできません。だれが求められるかは、コード表「死者情報を求められる方」で決めます。",
    ),
    _span_spec("voice.days", "苦情・要望に答えるまで", _open_days(10), least=1),
    _number_spec("incident.look_back", "事故のふりかえりまでの日数", 60, "", 7, 180),
    # Papers a city signs
    *(_text_spec(key, label, "", hint) for key, label, hint in _PAPER_TEXTS),
    # Work at the screen
    _span_spec("draft.kept", "触らない下書きを残す日数", _days(30), least=1),
    _number_spec("export.without_reason", "わけを書かずに書き出せる人数", 50, "", 1, 200),
)
SETTINGS: dict[str, SettingSpec] = {spec.key: spec for spec in _ALL}


def spec_of(key: str) -> SettingSpec:
    """The specification of a setting. KeyError: the key is a word of the program, not of a person."""
    return SETTINGS[key]
