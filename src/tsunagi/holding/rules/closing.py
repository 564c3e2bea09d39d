"""How a concern ends, whose word it is, and what stays (H8); when a case ends (H9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from tsunagi.holding.rules.closing_words import (
    ClosingOutcome,
    GapRule,
    LookBack,
    NoKeyPerson,
    PersonSays,
    WordOf,
)
from tsunagi.holding.rules.due import day_after
from tsunagi.holding.rules.gaps import GapKind
from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings, HoldKind, Standing, State
from tsunagi.shared.days import Calendar
from tsunagi.shared.refusal import Refused


@dataclass(frozen=True)
class OutcomeRule:
    """One line of the table in H8. `asks` names the fields of `ClosingWish` that must be filled."""

    second_person: bool = False
    look_back: LookBack = LookBack.NONE
    gap: GapRule = GapRule.NO
    asks: tuple[str, ...] = ("word_of", "told_return")
    follow_through_first: bool = False
    short_retention: bool = False
    past_safety: bool = False


OUTCOMES: Mapping[ClosingOutcome, OutcomeRule] = {
    ClosingOutcome.RESOLVED: OutcomeRule(asks=("word_of", "told_return", "person_says")),
    ClosingOutcome.AGREED_PAUSE: OutcomeRule(gap=GapRule.MAY, asks=("word_of", "told_return", "card")),
    ClosingOutcome.CARRIED_ON_ELSEWHERE: OutcomeRule(
        follow_through_first=True, asks=("word_of", "told_return", "heard_from", "heard_on", "key_office")
    ),
    ClosingOutcome.DECLINED_BY_PERSON: OutcomeRule(
        second_person=True,
        look_back=LookBack.OFFER,
        asks=("word_of", "told_return", "capacity_and_danger", "offer_on"),
    ),
    ClosingOutcome.CONTACT_LOST: OutcomeRule(
        second_person=True, look_back=LookBack.WATCHING, asks=("word_of", "told_return", "tries")
    ),
    ClosingOutcome.NO_SERVICE: OutcomeRule(
        second_person=True, look_back=LookBack.WATCHING, gap=GapRule.ALWAYS
    ),
    ClosingOutcome.NOTHING_FOUND: OutcomeRule(
        second_person=True, asks=("word_of", "reason"), short_retention=True
    ),
    ClosingOutcome.MOVED_AWAY: OutcomeRule(asks=("word_of", "told_return", "next_municipality")),
    ClosingOutcome.DIED: OutcomeRule(asks=("word_of", "died_on", "left_behind"), past_safety=True),
    ClosingOutcome.JOINED: OutcomeRule(asks=("into",), past_safety=True),
    ClosingOutcome.ENTERED_BY_MISTAKE: OutcomeRule(asks=("reason",), past_safety=True),
    ClosingOutcome.CHECKED_ON_IMPORT: OutcomeRule(second_person=True, asks=("reason",)),
}

_SENTENCES: Mapping[str, str] = {
    "word_of": "だれの判断・言葉で終えるか（本人・家族・支援者）を選んでください。",
    "told_return": (
        "また相談できることを、本人にどう伝えたかを書いてください。伝えられないときは、そのわけを書いてください。"
    ),
    "person_says": "「本人はどう言っているか」を選んでください。聞けていなければ、そう選んでください。",
    "card": "名前と電話の入ったカードを渡したかどうか、渡さないときはそのわけを書いてください。",
    "heard_from": "つながったことを、だれから聞いたかを書いてください。",
    "heard_on": "つながったことを、いつ聞いたかを入れてください。",
    "key_office": "これから主担当になる機関を書いてください。",
    "capacity_and_danger": "本人の判断する力と、今ある危険について、見たことを書いてください。",
    "offer_on": "もう一度声をかける日（手紙・電話など）を決めてください。",
    "tries": "いつ、どのように連絡を試みたかを書いてください。",
    "reason": "そう判断したわけを書いてください。",
    "next_municipality": "転出先へどの根拠で引き継いだか、引き継がないときはそのわけを書いてください。",
    "died_on": "亡くなった日を入れてください。",
    "left_behind": "世帯に残された方がいるか、だれかを書いてください。いなければ「なし」と書いてください。",
    "into": "どの課題にまとめるかを選んでください。",
}


@dataclass(frozen=True)
class ClosingWish:
    """What a worker enters to close. `second_agreed`: another person, or a 所内会議, has agreed."""

    outcome: ClosingOutcome
    word_of: WordOf | None = None
    told_return: str = ""
    person_says: PersonSays | None = None
    card: str = ""
    heard_from: str = ""
    heard_on: date | None = None
    key_office: str = ""
    capacity_and_danger: str = ""
    offer_on: date | None = None
    tries: str = ""
    reason: str = ""
    next_municipality: str = ""
    persons_own_word: bool = False
    died_on: date | None = None
    left_behind: str = ""
    into: int | None = None
    gap: GapKind | None = None
    look_back_on: date | None = None
    second_agreed: bool = False


@dataclass(frozen=True)
class ClosingDecision:
    """How it is closed. `outcome` may differ from the wish (解決 without the person's yes is a 区切り).

    `decided_on` is the end for statistics. With `look_back_on` the concern goes on as a WATCHING look-back
    until that day; with `offer_on` a promise to offer again is made.
    """

    outcome: ClosingOutcome
    decided_on: date
    look_back_on: date | None = None
    offer_on: date | None = None
    gap: GapKind | None = None
    short_retention: bool = False

    @property
    def next(self) -> Standing:
        """Where the concern stands afterwards."""
        return Standing.LOOKING_BACK if self.look_back_on else Standing.CLOSED


def outcome_of(wish: ClosingWish) -> ClosingOutcome:
    """解決 by the worker's word alone is 区切り: the person said no, or was not asked (H8)."""
    unsure = (PersonSays.NO, PersonSays.NOT_ASKED)
    if wish.outcome == ClosingOutcome.RESOLVED and wish.person_says in unsure:
        return ClosingOutcome.AGREED_PAUSE
    return wish.outcome


def check_closing(
    wish: ClosingWish,
    *,
    kind: State,
    safety_is_open: bool = False,
    protected: bool = False,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
) -> ClosingDecision:
    """Decide how a concern closes, or say what is still missing (H8)."""
    outcome = outcome_of(wish)
    rule = OUTCOMES[outcome]
    if safety_is_open and not rule.past_safety:
        raise Refused(
            "虐待や自傷のおそれが、まだどこにも知らされていません。通告・通報・相談を記録してから終結してください。"
        )
    if rule.follow_through_first and kind != HoldKind.FOLLOWING_THROUGH:
        raise Refused(
            "「他機関が主担当で継続」で終えるのは、見届けのあとです。"
            "つなぐか見届けに入り、つながったことを聞いてから終えてください。"
        )
    for asked in rule.asks:
        if getattr(wish, asked) in (None, ""):
            raise Refused(_SENTENCES[asked], field=asked)
    _check_days(wish, on=on)
    if protected and outcome == ClosingOutcome.MOVED_AWAY and not wish.persons_own_word:
        raise Refused(
            "住所を守っている方です。転出先への引き継ぎは、本人の言葉を確かめてからにしてください。",
            field="persons_own_word",
        )
    if rule.gap == GapRule.ALWAYS and wish.gap is None:
        raise Refused(
            "使えるものがなかったことを「はざま」として残します。種類を選んでください。"
            "使えるものができたとき、この課題が戻ってきます。",
            field="gap",
        )
    if rule.second_person and not wish.second_agreed:
        raise Refused(
            f"「{outcome.label}」で終えるには、もう一人の同意が要ります。"
            "同僚か管理職に頼むか、所内会議にかけてください。",
            field="second_agreed",
        )
    looks_back = rule.look_back == LookBack.WATCHING
    return ClosingDecision(
        outcome=outcome,
        decided_on=on,
        look_back_on=(wish.look_back_on or day_after(settings.look_back, on, calendar))
        if looks_back
        else None,
        offer_on=wish.offer_on if rule.look_back == LookBack.OFFER else None,
        gap=wish.gap if rule.gap != GapRule.NO else None,
        short_retention=rule.short_retention,
    )


def _check_days(wish: ClosingWish, *, on: date) -> None:
    for name in ("died_on", "heard_on"):
        day = getattr(wish, name)
        if day is not None and day > on:
            raise Refused("先の日付になっています。日付を直してください。", field=name)
    for name in ("offer_on", "look_back_on"):
        day = getattr(wish, name)
        if day is not None and not 0 < (day - on).days <= LONGEST_LOOK_BACK_DAYS:
            raise Refused("あすから半年以内の日を選んでください。", field=name)


# A look-back is a WATCHING hold, whose horizon is 190 days.
LONGEST_LOOK_BACK_DAYS = 190


def check_case_closing(
    concerns: Collection[State], *, key_person: str = "", why_none: NoKeyPerson | None = None
) -> None:
    """A case closes when each concern is closed or looks back, and a 主担当 stays reachable (H9)."""
    still_held = [state for state in concerns if state not in (Standing.CLOSED, Standing.LOOKING_BACK)]
    if still_held:
        raise Refused(
            f"終わっていない課題が{len(still_held)}件あります。一つずつ終えるか、つないでから支援を終結してください。"
        )
    if not key_person.strip() and why_none is None:
        raise Refused(
            "これから連絡のつく主担当を書くか、いないわけ（死亡・転出先に引継ぎ・心配なし）を選んでください。",
            field="key_person",
        )


EVERY_TENTH = 10


def shown_to_manager(number_of_resolved: int) -> bool:
    """Every tenth 解決 is shown to the manager, to learn, not to blame (H8). Counted per office, from 1."""
    return number_of_resolved > 0 and number_of_resolved % EVERY_TENTH == 0
