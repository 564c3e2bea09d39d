"""What a consultation must have become before its desk lets go (H10); stocktaking (H11)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tsunagi.holding.rules.due import first_due
from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings, HoldKind, Urgency
from tsunagi.shared.days import Calendar
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused

LARGEST_BATCH = 50


class ConsultationOutcome(Labelled):
    """What became of a consultation (相談の結果)."""

    INFORMATION_GIVEN = "information_given", "情報提供で終了"
    NEW_CONCERN = "new_concern", "新しい課題にした"
    EXISTING_CONCERN = "existing_concern", "今ある課題に加えた"
    REFERRED = "referred", "つないだ"
    TOLD_THOSE_INVOLVED = "told_those_involved", "既に関わっている機関へ伝えた"
    COULD_NOT_REACH = "could_not_reach", "連絡がつかなかった"
    WITHDRAWN = "withdrawn", "取り下げ"
    NOT_A_CONSULTATION = "not_a_consultation", "相談ではない（間違い・営業・いたずら）"
    CHECKED_ON_IMPORT = "checked_on_import", "移行時に確認"


class StocktakingAnswer(Labelled):
    """What a worker found when looking at an imported row (棚卸しの答え)."""

    GOING_ON = "going_on", "続いている"
    OVER = "over", "終わっていた"
    UNKNOWN = "unknown", "分からない"
    REFERRED_WITHOUT_RESULT = "referred_without_result", "つないだが結果が分からない"


@dataclass(frozen=True)
class ConsultationRule:
    """What an outcome of a consultation asks for: a text, something it has become, a second person."""

    asks: str = ""
    becomes: bool = False
    second_person: bool = False
    in_batches: bool = False


CONSULTATION_OUTCOMES: Mapping[ConsultationOutcome, ConsultationRule] = {
    ConsultationOutcome.INFORMATION_GIVEN: ConsultationRule(
        asks="何を伝えたか（渡した資料、案内した窓口など）を書いてください。"
    ),
    ConsultationOutcome.NEW_CONCERN: ConsultationRule(becomes=True),
    ConsultationOutcome.EXISTING_CONCERN: ConsultationRule(becomes=True),
    ConsultationOutcome.REFERRED: ConsultationRule(becomes=True),
    ConsultationOutcome.TOLD_THOSE_INVOLVED: ConsultationRule(
        asks="どの機関のだれに、いつ伝えたかを書いてください。"
    ),
    ConsultationOutcome.COULD_NOT_REACH: ConsultationRule(
        asks="いつ、どのように連絡を試みたかを書いてください。", second_person=True
    ),
    ConsultationOutcome.WITHDRAWN: ConsultationRule(asks="だれが、なぜ取り下げたかを書いてください。"),
    ConsultationOutcome.NOT_A_CONSULTATION: ConsultationRule(
        asks="間違い・営業・いたずらのどれかを書いてください。", second_person=True, in_batches=True
    ),
    ConsultationOutcome.CHECKED_ON_IMPORT: ConsultationRule(
        asks="もとの台帳のどの記載で終わっていたと分かるかを書いてください。",
        second_person=True,
        in_batches=True,
    ),
}


def check_consultation_outcome(
    outcome: ConsultationOutcome | None,
    *,
    words: str = "",
    became: Collection[int] = (),
    second_agreed: bool = False,
) -> None:
    """A consultation stays with its desk until it has become something (H10).

    `became`: the concerns or referrals it became; `words`: what was given, to whom it was told, the tries.
    """
    if outcome is None:
        raise Refused(
            "この相談がどうなったかを選んでください。決まるまでは窓口が受け持ちます。", field="outcome"
        )
    rule = CONSULTATION_OUTCOMES[outcome]
    if rule.becomes and not became:
        raise Refused(f"「{outcome.label}」のときは、その課題かつなぎを選んでください。", field="became")
    if rule.asks and not words.strip():
        raise Refused(rule.asks, field="words")
    if rule.second_person and not second_agreed:
        raise Refused(
            f"「{outcome.label}」で終えるには、もう一人の同意が要ります。同僚か管理職に頼んでください。",
            field="second_agreed",
        )


def check_batch(outcome: ConsultationOutcome | StocktakingAnswer, count: int, *, second_agreed: bool) -> None:
    """Several rows at once: only such outcomes, at most fifty, agreed by two (H10, H11)."""
    batched = (
        CONSULTATION_OUTCOMES[outcome].in_batches
        if isinstance(outcome, ConsultationOutcome)
        else outcome == StocktakingAnswer.OVER
    )
    if count > 1 and not batched:
        raise Refused(f"「{outcome.label}」は、まとめては選べません。一件ずつ見て選んでください。")
    if not 1 <= count <= LARGEST_BATCH:
        raise Refused(f"一度にまとめられるのは{LARGEST_BATCH}件までです。選び直してください。")
    if not second_agreed:
        raise Refused("まとめて終えるには、もう一人の同意が要ります。同僚か管理職に頼んでください。")


def consultation_due(
    urgency: Urgency,
    *,
    came_at: datetime,
    on: date,
    calendar: Calendar,
    settings: HoldingSettings = STANDARD,
) -> date:
    """By which day the desk must have sorted out a consultation; counts from the hour it came (H10)."""
    return first_due(HoldKind.TRIAGE, urgency, on=on, came_at=came_at, calendar=calendar, settings=settings)


def word_back_due(on: date, calendar: Calendar, settings: HoldingSettings = STANDARD) -> date:
    """By which day whoever told us of someone else hears 「受け止めました」, if they want it (H10)."""
    return calendar.add(on, settings.word_back.count)


def kinds_for(answer: StocktakingAnswer) -> tuple[HoldKind, ...]:
    """How a concern may be held after stocktaking; none means it is closed as 「移行時に確認」 (H11)."""
    return {
        StocktakingAnswer.GOING_ON: GOING_ON_AS,
        StocktakingAnswer.UNKNOWN: (HoldKind.TRIAGE,),
        StocktakingAnswer.REFERRED_WITHOUT_RESULT: (HoldKind.FOLLOWING_THROUGH,),
        StocktakingAnswer.OVER: (),
    }[answer]


GOING_ON_AS = (
    HoldKind.SUPPORTING,
    HoldKind.ASSESSING,
    HoldKind.TRIAGE,
    HoldKind.REACHING_OUT,
    HoldKind.PARTICIPATING,
    HoldKind.WATCHING,
    HoldKind.COORDINATING,
)
