"""Suspected abuse and danger of self-harm: who was told, the same day (H15).

児童虐待防止法6条, 高齢者虐待防止法7条・21条, 障害者虐待防止法7条 make reporting a duty of whoever notices;
there is no waiting for proof. Not to report is possible too, as a reasoned judgment of two people.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tsunagi.holding.rules.kinds import STANDARD, HoldingSettings
from tsunagi.shared.labels import Labelled
from tsunagi.shared.refusal import Refused


class AbuseKind(Labelled):
    """What is suspected (虐待・自傷のおそれ)."""

    CHILD = "child", "児童虐待"
    ELDER = "elder", "高齢者虐待"
    DISABLED = "disabled", "障害者虐待"
    PARTNER = "partner", "配偶者等からの暴力"
    SELF_HARM = "self_harm", "自傷・自死のおそれ"


class ReportedTo(Labelled):
    """To whom the suspicion was reported, or who was asked (通告・通報・相談先)."""

    CHILD_GUIDANCE = "child_guidance", "児童相談所"
    CITY_CHILD_DESK = "city_child_desk", "市の児童虐待の窓口"
    CITY_ELDER_DESK = "city_elder_desk", "市・地域包括の高齢者虐待の窓口"
    CITY_DISABLED_DESK = "city_disabled_desk", "障害者虐待防止センター"
    PARTNER_VIOLENCE_CENTRE = "partner_violence_centre", "配偶者暴力相談支援センター"
    HEALTH_CENTRE = "health_centre", "保健所・精神保健の窓口"
    POLICE = "police", "警察"
    AMBULANCE = "ambulance", "救急"
    OTHER = "other", "その他"


class SafetyWord(Labelled):
    """What stands in the record about a suspicion."""

    SUSPECTED = "suspected", "おそれがある（まだ知らせていない）"
    REPORTED = "reported", "通告・通報・相談した"
    NOT_BY_TWO = "not_by_two", "二人で、知らせないと判断した"


def safety_open(*, suspected: bool, word: SafetyWord | None) -> bool:
    """Is a suspicion without a report and without a reasoned "not" by two? Then the row is falling (H15)."""
    return suspected and word in (None, SafetyWord.SUSPECTED)


def check_safety_word(
    word: SafetyWord,
    *,
    to_whom: str = "",
    at: datetime | None = None,
    reason: str = "",
    by: int | None = None,
    second_by: int | None = None,
) -> None:
    """A report says to whom and when; a "not" gives its reason and two people (H15)."""
    if word == SafetyWord.REPORTED and (not to_whom.strip() or at is None):
        raise Refused("通告・通報・相談した先と、その日時を書いてください。", field="to_whom")
    if word == SafetyWord.NOT_BY_TWO:
        if not reason.strip():
            raise Refused("知らせないと判断した理由を書いてください。", field="reason")
        if second_by is None or second_by == by:
            raise Refused(
                "知らせないという判断は二人で行います。もう一人の職員を選んでください。", field="second_by"
            )


def check_may_hand_over(*, safety_is_open: bool) -> None:
    """A concern with an unreported suspicion cannot be handed over (H15)."""
    if safety_is_open:
        raise Refused(
            "虐待や自傷のおそれが、まだどこにも知らされていません。"
            "通告・通報・相談を記録してから、つないでください。知らせないときは、二人で理由を残してください。"
        )


def safety_check_by(
    kind: AbuseKind, noticed_at: datetime, settings: HoldingSettings = STANDARD
) -> datetime | None:
    """By which hour somebody must have seen the child (48時間ルール, a setting); None for other kinds.

    The rule runs around the clock: no calendar moves it.
    """
    if kind != AbuseKind.CHILD:
        return None
    return noticed_at + timedelta(hours=settings.safety_check_hours)
