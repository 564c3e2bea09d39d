"""How long what is kept (保存期間), and when a disposal may be decided and carried out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class RecordKind(Labelled):
    """Kinds of record with a period of their own. Every module's moments name one of these."""

    PERSON = "person", "人・世帯の基本情報"
    CONSULTATION = "consultation", "相談の記録"
    CONCERN = "concern", "課題・受け持ち・連絡の記録"
    CASE = "case", "支援(ケース記録・経過)"
    ASSESSMENT = "assessment", "アセスメント"
    PLAN = "plan", "プラン・モニタリング・評価"
    REFERRAL = "referral", "つなぎ(つなぐシート)"
    GUARDIANSHIP = "guardianship", "成年後見・市長申立て"
    MEETING = "meeting", "会議(資料・議事録)"
    SHARING = "sharing", "同意・情報提供・照会"
    PROTECTION = "protection", "保護・DV等支援措置"
    DEMAND = "demand", "開示などの請求・照会"
    INCIDENT = "incident", "事故"
    COMPLAINT = "complaint", "苦情・要望"
    LEDGER = "ledger", "取り込んだ台帳のファイル"
    MESSAGE = "message", "伝言"


class Begins(Labelled):
    """From which event the years are counted (起算)."""

    ENDED = "ended", "終結した日"
    YEAR_END = "year_end", "終結した年度の末日"
    DEATH = "death", "亡くなった日(亡くなっていないときは終結した年度の末日)"


@dataclass(frozen=True)
class Rule:
    """One kind's rule. `years` None: 常用 (never disposed of). `article`: of the city's 文書管理規程; "" is unset."""

    kind: str
    years: int | None
    begins: str
    article: str = ""
    note: str = ""

    @property
    def is_set(self) -> bool:
        """Whether the city has said by which article."""
        return bool(self.article.strip())

    @property
    def words(self) -> str:
        """「5年(終結した年度の末日から)」."""
        if self.years is None:
            return "常用(廃棄しません)"
        return f"{self.years}年({Begins.label_of(self.begins)}から)"


SHIPPED: dict[str, Rule] = {
    kind.value: Rule(kind.value, years, begins)
    for kind, years, begins in (
        (RecordKind.PERSON, 5, Begins.YEAR_END),
        (RecordKind.CONSULTATION, 5, Begins.YEAR_END),
        (RecordKind.CONCERN, 5, Begins.YEAR_END),
        (RecordKind.CASE, 5, Begins.YEAR_END),
        (RecordKind.ASSESSMENT, 5, Begins.YEAR_END),
        (RecordKind.PLAN, 5, Begins.YEAR_END),
        (RecordKind.REFERRAL, 5, Begins.YEAR_END),
        (RecordKind.GUARDIANSHIP, 10, Begins.DEATH),
        (RecordKind.MEETING, 5, Begins.YEAR_END),
        (RecordKind.SHARING, 5, Begins.YEAR_END),
        (RecordKind.PROTECTION, 5, Begins.YEAR_END),
        (RecordKind.DEMAND, 5, Begins.YEAR_END),
        (RecordKind.INCIDENT, 5, Begins.YEAR_END),
        (RecordKind.COMPLAINT, 5, Begins.YEAR_END),
        (RecordKind.LEDGER, 1, Begins.YEAR_END),
        (RecordKind.MESSAGE, 1, Begins.YEAR_END),
    )
}
"""What is proposed; a city writes its own years and the article. Nothing is disposed of under a rule without one."""

LONGEST = 100


def check_rule(*, years: int | None, begins: str, article: str) -> None:
    """Raise Refused for a rule that cannot be followed."""
    if years is not None and not 1 <= years <= LONGEST:
        raise Refused("年数は1から100までで入れてください。常用にするときは空けてください。", field="years")
    if begins not in Begins.values():
        raise Refused("どこから数えるかを選んでください。", field="begins")
    if not article.strip():
        raise Refused(
            "文書管理規程などの条を書いてください(例:文書管理規程 別表第2 第3号)。条のない決まりでは廃棄できません。",
            field="article",
        )


def year_end(day: date) -> date:
    """The last day of the fiscal year (年度) a day lies in."""
    return date(day.year if day <= date(day.year, 3, 31) else day.year + 1, 3, 31)


def years_after(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 28."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def kept_until(rule: Rule, ended_on: date, died_on: date | None = None) -> date | None:
    """The last day a record is kept; None when it is never disposed of."""
    if rule.years is None:
        return None
    begins = year_end(ended_on) if rule.begins != Begins.ENDED else ended_on
    if rule.begins == Begins.DEATH and died_on is not None:
        begins = max(died_on, ended_on)
    return years_after(begins, rule.years)


@dataclass(frozen=True)
class Run:
    """One kind of record of one party: when its work ended, whether anything still goes on."""

    kind: str
    ended_on: date | None
    goes_on: bool


@dataclass(frozen=True)
class Verdict:
    """Whether a party's records are due, from which day, by the rule of which kind. `why_not` is a code, "" when due."""

    due_on: date | None
    kind: str = ""
    why_not: str = ""


def verdict(runs: Iterable[Run], rules: Mapping[str, Rule], *, died_on: date | None, on: date) -> Verdict:
    """All kinds of a party go together, when the longest period has run out; never while anything goes on."""
    latest: tuple[date, str] | None = None
    for run in runs:
        if run.goes_on:
            return Verdict(None, run.kind, "goes_on")
        if run.ended_on is None:
            continue
        until = kept_until(rules[run.kind], run.ended_on, died_on)
        if until is None:
            return Verdict(None, run.kind, "never")
        if latest is None or until > latest[0]:
            latest = (until, run.kind)
    if latest is None:
        return Verdict(None, "", "nothing")
    due_on = latest[0] + timedelta(days=1)
    return Verdict(due_on, latest[1], "" if due_on <= on else "not_yet")


class HoldReason(Labelled):
    """Why something may not be disposed of (廃棄の停止)."""

    COURT = "court", "裁判・調停"
    INVESTIGATION = "investigation", "捜査・検察"
    AUDIT = "audit", "監査・議会の調査"
    CLAIM = "claim", "審査請求・損害賠償"
    WISH = "wish", "本人・家族の申出"
    OTHER = "other", "その他"


class ItemState(Labelled):
    """What became of one line of a disposal."""

    WAITING = "waiting", "待っています"
    DONE = "done", "廃棄しました"
    HELD = "held", "止まっていたので廃棄しませんでした"
    NOT_DUE = "not_due", "新しい記録ができたので廃棄しませんでした"
    TAKEN_OUT = "taken_out", "外しました"


def check_agreeing(
    *, proposed_by: int, by: int, agreed: bool, taken_back: bool, unset: Iterable[str]
) -> None:
    """Raise Refused unless this other person may agree to a disposal now."""
    if taken_back:
        raise Refused("この廃棄は取り下げられています。画面を開き直してください。")
    if agreed:
        raise Refused("この廃棄は、もう二人目が確かめています。画面を開き直してください。")
    if proposed_by == by:
        raise Refused("廃棄は二人で決めます。起案した人とは別の人が確かめてください。")
    missing = list(unset)
    if missing:
        raise Refused(
            f"文書管理規程の条が書かれていない種類があります({'・'.join(missing)})。「保存期間」で条を書いてからにしてください。"
        )
