"""What a city still lacks before its desk can open (開設の点検): facts in, a checklist out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tsunagi.shared.labels import Labelled
from tsunagi.shared.wareki import fiscal_year, show_fiscal_year


class State(Labelled):
    """How a line of the checklist stands."""

    READY = "ready", "できています"
    MISSING = "missing", "開く前に要ります"
    ADVICE = "advice", "開いてからでもよい"


class Looked(Labelled):
    """What somebody says they looked at and left as it is. A calendar is looked at again each year."""

    CODE_LISTS = "code_lists", "コード表"
    SETTINGS = "settings", "設定"
    CALENDAR = "calendar", "市の暦"


@dataclass(frozen=True)
class Facts:
    """What stands, in numbers and names of offices."""

    city: str
    districts: int
    towns: int
    towns_without_district: int
    offices: int
    front_desks: int
    without_duty: tuple[str, ...]
    without_phone: tuple[str, ...]
    without_manager: tuple[str, ...]
    without_area: bool
    coordinators: int
    administrators: int
    auditors: int
    disclosure_officers: int
    measures_entered: bool
    without_post: int
    never_signed_in: int
    has_own_days: bool
    has_own_codes: bool
    has_own_settings: bool
    looked: frozenset[str]


@dataclass(frozen=True)
class Line:
    """One line: what it is, how it stands, what to do, the page that mends it and its words."""

    key: str
    title: str
    state: State
    what_to_do: str
    page: str = ""
    page_words: str = ""
    looked: str = ""


@dataclass(frozen=True)
class Checklist:
    """The whole checklist."""

    lines: tuple[Line, ...]

    @property
    def missing(self) -> tuple[Line, ...]:
        """What is needed before the desk opens."""
        return tuple(line for line in self.lines if line.state is State.MISSING)

    @property
    def advice(self) -> tuple[Line, ...]:
        """What may wait."""
        return tuple(line for line in self.lines if line.state is State.ADVICE)

    @property
    def ready(self) -> tuple[Line, ...]:
        """What is done."""
        return tuple(line for line in self.lines if line.state is State.READY)

    @property
    def may_open(self) -> bool:
        """Whether nothing that is needed is missing."""
        return not self.missing


def checklist(facts: Facts, *, on: date) -> Checklist:
    """Every line, in the order in which a city does them."""
    return Checklist((*_the_city(facts), *_the_offices(facts), *_the_people(facts), *_the_year(facts, on)))


def _line(
    key: str, title: str, done: bool, ready: str, missing: str, page: str, words: str, *, advice: bool = False
) -> Line:
    lacking = State.ADVICE if advice else State.MISSING
    return Line(key, title, State.READY if done else lacking, ready if done else missing, page, words)


def _names(names: tuple[str, ...]) -> str:
    return "、".join(names[:5]) + (f" ほか{len(names) - 5}" if len(names) > 5 else "")


def _the_city(facts: Facts) -> tuple[Line, ...]:
    return (
        _line(
            "city", "市区町村の名前とコード", bool(facts.city), f"{facts.city}として動きます。",
            "全国地方公共団体コードと名前を入れてください。紙や書き出しの見出しになります。", "setup:city", "市を登録する",
        ),
        _line(
            "districts", "小学校区", facts.districts > 0, f"{facts.districts}校区あります。",
            "小学校区をひとつ以上登録してください。地域の担当と集計のもとになります。", "setup:districts", "校区を登録する",
        ),
        _line(
            "towns", "町名と校区", facts.towns > 0 and facts.towns_without_district == 0,
            f"{facts.towns}の町が校区につながっています。",
            f"校区が決まっていない町が{facts.towns_without_district}あります。住所から校区を見つけられません。"
            if facts.towns else "町名を登録すると、住所から校区が分かります。",
            "setup:towns", "町名を登録する", advice=True,
        ),
    )  # fmt: skip


def _the_offices(facts: Facts) -> tuple[Line, ...]:
    return (
        _line(
            "front_desk", "総合相談の窓口", facts.front_desks > 0, f"窓口は{facts.front_desks}か所です。",
            "相談を受ける機関を登録し、「総合相談の窓口」の印をつけてください。機関には当番が要るので、先に職員を登録します。", "permissions:offices", "機関を見る",
        ),
        _line(
            "duty", "機関の当番", facts.offices > 0 and not facts.without_duty, "どの機関にも当番がいます。",
            f"当番のいない機関があります: {_names(facts.without_duty)}。当番を選んでください。"
            if facts.without_duty else "このシステムを使う機関がまだありません。機関を登録してください。",
            "permissions:offices", "機関を見る",
        ),
        _line(
            "phones", "機関の電話", not facts.without_phone, "どの機関にも電話があります。",
            f"電話のない機関があります: {_names(facts.without_phone)}。つなぐシートや連絡カードに出ます。",
            "permissions:offices", "機関を見る", advice=True,
        ),
        _line(
            "areas", "担当する校区", not facts.without_area, "校区を担当する機関が決まっています。",
            "担当する機関のない小学校区があります。", "setup:districts", "校区の担当を決める", advice=True,
        ),
    )  # fmt: skip


def _the_people(facts: Facts) -> tuple[Line, ...]:
    return (
        _line(
            "administrators", "ふたり目のシステム管理者", facts.administrators >= 2,
            f"システム管理者は{facts.administrators}人です。",
            f"システム管理者が{facts.administrators}人です。休みや異動のときにだれも職員を登録できなくならないよう、ふたりにしてください。",
            "permissions:workers", "職員を見る",
        ),
        _line(
            "coordinator", "くらし連携担当", facts.coordinators > 0, f"くらし連携担当は{facts.coordinators}人です。",
            "どこにも合わない相談を受ける「くらし連携担当」を、ひとり以上配属してください。断られた相談の行き先がありません。",
            "permissions:workers", "職員を見る",
        ),
        _line(
            "managers", "管理職", not facts.without_manager, "受け持つ機関には、どこにも管理職がいます。",
            f"管理職のいない機関があります: {_names(facts.without_manager)}。期限切れの知らせと引き継ぎは、当番が受けます。",
            "permissions:workers", "職員を見る", advice=True,
        ),
        _line(
            "auditor", "監査", facts.auditors > 0, "閲覧の記録を調べられる職員がいます。",
            "閲覧・操作の記録を調べる「監査」の職員がいません。「だれが見たのか」に答えられません。",
            "permissions:workers", "職員を見る", advice=True,
        ),
        _line(
            "measures_entered", "支援措置の連絡", facts.measures_entered, "市民課から来る支援措置を入れる機関が決まっています。",
            "市民課から来る支援措置を入れる機関が決まっていないか、その機関コードの機関がありません。設定「市民課から来る支援措置を入れる機関」を確かめてください。",
            "codes:settings", "設定を見る", advice=True,
        ),
        _line(
            "without_post", "配属のない職員", facts.without_post == 0, "どの職員にも配属があります。",
            f"配属のない職員が{facts.without_post}人います。配属するまで、何も見られません。",
            "permissions:workers", "職員を見る", advice=True,
        ),
        _line(
            "never_signed_in", "最初のサインイン", facts.never_signed_in == 0, "どの職員も、一度はサインインしました。",
            f"まだサインインしていない職員が{facts.never_signed_in}人います。仮のパスワードを手渡してください。",
            "permissions:workers", "職員を見る", advice=True,
        ),
    )  # fmt: skip


def _the_year(facts: Facts, on: date) -> tuple[Line, ...]:
    year = show_fiscal_year(fiscal_year(on))
    return (
        _looked(
            Looked.CALENDAR, f"{year}の休み", facts.has_own_days, facts,
            f"{year}の市の暦に、市独自の休みや休日開庁が入っています。",
            f"{year}の市独自の休み・休日開庁を入れるか、「ふだんどおり」と確かめてください。期限の日はこの暦で数えます。",
            "permissions:calendar", "暦を見る",
        ),
        _looked(
            Looked.CODE_LISTS, "選ぶことば(コード表)", facts.has_own_codes, facts,
            "市のことばに直してあります。",
            "お困りごとや情報源などの選択肢を見て、市のことばに直すか、「標準のまま使う」と確かめてください。",
            "codes:lists", "コード表を見る",
        ),
        _looked(
            Looked.SETTINGS, "設定", facts.has_own_settings, facts,
            "市の値があります。",
            "閉庁時刻や期限の日数を見て、市の値に直すか、「標準のまま使う」と確かめてください。",
            "codes:settings", "設定を見る",
        ),
    )  # fmt: skip


def _looked(
    what: Looked, title: str, done: bool, facts: Facts, ready: str, missing: str, page: str, words: str
) -> Line:
    if not done and what in facts.looked:
        return Line(what, title, State.READY, "標準のまま使うと確かめました。", page, words)
    state = State.READY if done else State.MISSING
    return Line(what, title, state, ready if done else missing, page, words, "" if done else str(what))
