"""How a concern is held, until when at the longest, for whom, and how urgent it is (the three nouns).

Numbers are data, not code: a city changes them in its settings (`HoldingSettings`), the database checks the
generous bound of `calendar_bound_days`, and business days stay here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time

from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class HoldKind(Labelled):
    """How a concern is being held (受け持ちの種類)."""

    STOCKTAKING = "stocktaking", "棚卸し（移行分）"
    TRIAGE = "triage", "受付整理"
    ASSESSING = "assessing", "見立て"
    SUPPORTING = "supporting", "支援中"
    HANDING_OVER = "handing_over", "つなぎ中"
    FOLLOWING_THROUGH = "following_through", "見届け"
    COORDINATING = "coordinating", "多機関で調整中"
    REACHING_OUT = "reaching_out", "アウトリーチ中"
    PARTICIPATING = "participating", "参加支援中"
    WATCHING = "watching", "見守り"


class Standing(Labelled):
    """Where a concern stands when it is not simply held.

    LOOKING_BACK is stored as a WATCHING hold marked as a look-back (ふりかえり): the decision to close is
    taken and counted, and the row shows only in its month (H8).
    """

    NEW = "new", "まだ受け付けていない"
    LOOKING_BACK = "looking_back", "ふりかえり"
    CLOSED = "closed", "終結"


State = HoldKind | Standing


class Urgency(Labelled):
    """How soon the first action is promised; judged again at each contact (緊急度)."""

    HIGH = "high", "高"
    UNCLEAR = "unclear", "要見極め"
    MIDDLE = "middle", "中"
    LOW = "low", "低"


class Whose(Labelled):
    """Whose concern it is (だれの困りごとか)."""

    PERSON = "person", "本人"
    HOUSEHOLD = "household", "世帯"
    UNKNOWN = "unknown", "まだ分からない人"
    AROUND = "around", "周りの人"


class WaitingFor(Labelled):
    """What a holder waits for while the row stands under 待ち; the due day is the day we ask again."""

    DECISION = "decision", "審査結果"
    VACANCY = "vacancy", "空き"
    RELEASE = "release", "退院・出所"
    JUDGMENT = "judgment", "判決・審判"
    PERSONS_ANSWER = "persons_answer", "本人の返事"
    OTHER_OFFICE = "other_office", "他機関の返事"
    OTHER = "other", "その他"


class Unit(Labelled):
    """In what a span is counted."""

    BUSINESS_DAYS = "business_days", "開庁日"
    DAYS = "days", "日"


@dataclass(frozen=True)
class Span:
    """A length of time: `count` business days of the office, or calendar days."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count}{self.unit.label}"


def bd(count: int) -> Span:
    """`count` business days (開庁日)."""
    return Span(count, Unit.BUSINESS_DAYS)


def days(count: int) -> Span:
    """`count` calendar days."""
    return Span(count, Unit.DAYS)


@dataclass(frozen=True)
class KindRule:
    """When a kind of hold is due by itself, and how far away its due day may lie at the longest (H3)."""

    due: Span
    horizon: Span


# 100 and 190 days, because three and six calendar months are up to 92 and 184 days.
KINDS: Mapping[HoldKind, KindRule] = {
    HoldKind.STOCKTAKING: KindRule(due=bd(40), horizon=bd(60)),
    HoldKind.TRIAGE: KindRule(due=bd(3), horizon=bd(10)),
    HoldKind.ASSESSING: KindRule(due=bd(10), horizon=bd(30)),
    HoldKind.SUPPORTING: KindRule(due=days(30), horizon=days(100)),
    HoldKind.HANDING_OVER: KindRule(due=bd(5), horizon=bd(15)),
    HoldKind.FOLLOWING_THROUGH: KindRule(due=days(14), horizon=days(190)),
    HoldKind.COORDINATING: KindRule(due=bd(5), horizon=bd(20)),
    HoldKind.REACHING_OUT: KindRule(due=days(14), horizon=days(60)),
    HoldKind.PARTICIPATING: KindRule(due=days(30), horizon=days(100)),
    HoldKind.WATCHING: KindRule(due=days(60), horizon=days(190)),
}

# Once the role table is agreed the due day is the plan's next review, three months where none is written.
COORDINATING_AGREED = KindRule(due=days(90), horizon=days(100))


@dataclass(frozen=True)
class HoldingSettings:
    """The city's own numbers (settings). Every one has the default of holding.md.

    `kinds` overrides single kinds; a default may not lie beyond its horizon, and no horizon beyond the one
    the database checks: `Refused` says which kind.
    """

    kinds: Mapping[HoldKind, KindRule] = field(default_factory=dict)
    closing_time: time = time(17, 0)
    look_back: Span = Span(90, Unit.DAYS)
    offer_again: Span = Span(90, Unit.DAYS)
    could_not: Span = Span(3, Unit.BUSINESS_DAYS)
    oral_yes: Span = Span(3, Unit.BUSINESS_DAYS)
    rest: Span = Span(3, Unit.BUSINESS_DAYS)
    after_decline: Span = Span(5, Unit.BUSINESS_DAYS)
    name_holder: Span = Span(2, Unit.BUSINESS_DAYS)
    first_contact: Span = Span(5, Unit.BUSINESS_DAYS)
    word_back: Span = Span(5, Unit.BUSINESS_DAYS)
    safety_check_hours: int = 48
    middle_first: Span = Span(5, Unit.BUSINESS_DAYS)
    high_review: Span = Span(5, Unit.BUSINESS_DAYS)
    falling: Span = Span(5, Unit.BUSINESS_DAYS)
    falling_high: Span = Span(1, Unit.BUSINESS_DAYS)
    to_coordination: Span = Span(3, Unit.BUSINESS_DAYS)
    closed_days_ahead: int = 3
    extensions_alone: int = 2
    rethink_contacts: int = 4
    rethink_after: Span = Span(90, Unit.DAYS)
    absence_alone: Span = Span(5, Unit.BUSINESS_DAYS)
    not_signed_in: Span = Span(5, Unit.BUSINESS_DAYS)
    spread_over: Span = Span(10, Unit.BUSINESS_DAYS)
    spread_more_than: int = 10
    successor_first_day: int = 3
    load_shown_from: int = 60

    def __post_init__(self) -> None:
        for kind, rule in self.kinds.items():
            if _calendar_days(rule.horizon) > calendar_bound_days(kind):
                raise Refused(
                    f"「{kind.label}」の最長の期日が長すぎます。{KINDS[kind].horizon}までにしてください。"
                )
            if _calendar_days(rule.due) > _calendar_days(rule.horizon):
                raise Refused(f"「{kind.label}」の期日が最長の期日を超えています。短くしてください。")

    def __hash__(self) -> int:
        return hash(tuple((kind, self.kinds[kind]) for kind in HoldKind if kind in self.kinds))

    def rule_for(self, kind: HoldKind, *, agreed: bool = False) -> KindRule:
        """The rule of a kind in this city; `agreed`: the role table of a coordination is agreed."""
        if kind == HoldKind.COORDINATING and agreed:
            return COORDINATING_AGREED
        return self.kinds.get(kind, KINDS[kind])


def _calendar_days(span: Span) -> int:
    if span.unit is Unit.DAYS:
        return span.count
    # Two calendar days per business day and three weeks besides: longer than any New Year or Golden Week.
    return span.count * 2 + 21


def calendar_bound_days(kind: HoldKind) -> int:
    """The generous bound the database checks, in calendar days after the hold was opened (H3)."""
    bound = _calendar_days(KINDS[kind].horizon)
    return max(bound, _calendar_days(COORDINATING_AGREED.horizon)) if kind == HoldKind.COORDINATING else bound


STANDARD = HoldingSettings()
